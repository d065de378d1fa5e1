"""The account of one file: what its records say, which of them failed, and what its owner should know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.belonging import closure
from ingest.describe import describe, iri_of
from ingest.mojibake import mended_record
from ingest.record import Context, Item, Node, Record, Statements
from ontology.errors import UnreadableFile
from ontology.kinds import Iri, is_genid
from ontology.model import Problem

_MOST_PROBLEMS = 500


@dataclass(slots=True)
class Account:
    """What one file came to.

    Attributes:
        taken: Records that were taken. For an RDF document: the named things that it describes; for a format that
            is mapped (CASE, SSSOM...): the things and links that its mapping counts.
        links: Where records link to: address of a thing of this installation, and the place that says so.
        places: Where in the file each record stands, by its address.
        unknown: What records link to and nothing describes; the report says so.
        failing: Things of an RDF document of which a text was refused, with the nodes without a name that belong to
            them. What else it says of them counts when privacy is judged, and is not written.
    """

    file: str
    taken: int = 0
    failed: int = 0
    triples: set[ox.Triple] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    links: dict[Iri, str] = field(default_factory=dict)
    places: dict[Iri, str] = field(default_factory=dict)
    unknown: set[Iri] = field(default_factory=set)
    failing: set[Node] = field(default_factory=set)

    @property
    def subjects(self) -> set[Node]:
        """What the records taken are about."""
        return {triple.subject for triple in self.triples} - self.failing

    def told(self) -> tuple[Problem, ...]:
        """The problems, or the first of very many."""
        if len(self.problems) <= _MOST_PROBLEMS:
            return tuple(self.problems)
        message = f"And {len(self.problems) - _MOST_PROBLEMS} more problems"
        return (*self.problems[:_MOST_PROBLEMS], Problem("W199", self.file, "file", message))


def account_of(items: Iterable[Item], context: Context, file: str) -> Account:
    """Everything a reader yields, described and counted.

    Raises:
        UnreadableFile: the reader finds, at whatever point, that the file cannot be taken.
    """
    account = Account(file)
    for item in items:
        if isinstance(item, Problem):
            account.problems.append(item)
            account.failed += item.code.startswith("E")
        else:
            _take(account, item, context)
    return account


def unreadable(error: UnreadableFile, file: str) -> Account:
    """The account of a file that failed as a whole."""
    problem = Problem(error.problem, file, error.place, error.message, error.remedy)
    return Account(file, failed=1, problems=[problem])


def warn_of_unknown_links(account: Account, is_known: Callable[[Iri], bool]) -> None:
    """A warning for each link to a thing that neither this file nor the knowledge describes."""
    own = account.subjects if account.links else set()
    for iri, place in account.links.items():
        if ox.NamedNode(iri) not in own and not is_known(iri):
            account.unknown.add(iri)
            message = f"Nothing is known of {iri}; the link was kept"
            account.problems.append(Problem("W153", account.file, place, message, "Look for a misspelt slug."))


def expect_whole_records(account: Account, hidden: Collection[Node], private: GraphStore) -> None:
    """A practice record goes as a whole: none may be left where it stands while its parts are written.

    Raises:
        UnreadableFile: E150 a text of one is too long.
    """
    for it in account.failing:
        if it in hidden or (isinstance(it, ox.NamedNode) and any(private.quads(it))):
            message = "A text of a practice record, or of its parts, is too long; nothing of the file was taken"
            place = it.value if isinstance(it, ox.NamedNode) else "document"
            raise UnreadableFile(message, place=place, problem="E150", remedy="Shorten it.")


def _take(account: Account, item: Record | Statements, context: Context) -> None:
    if isinstance(item, Statements):
        account.problems += item.problems
        account.failed += item.failed
    else:
        item, repairs = mended_record(item, account.file)
        account.problems += repairs
    outcome = list(describe(item, context, account.file))
    problems = [it for it in outcome if isinstance(it, Problem)]
    account.problems += problems
    refused = [it.place for it in problems if it.code.startswith("E")]
    triples = [it for it in outcome if isinstance(it, ox.Triple)]
    failing = (
        _failing(triples, set(map(ox.NamedNode, refused)), context.base) if isinstance(item, Statements) else set()
    )
    failed = sum(not is_genid(it.value, context.base) for it in failing if isinstance(it, ox.NamedNode))
    if refused and (isinstance(item, Record) or failed >= _size(item, context)):
        account.failed += _size(item, context)
        return
    account.failing |= failing
    account.failed += failed
    account.taken += _size(item, context) - failed
    account.triples.update(triples)
    if isinstance(item, Record):
        _note_twice(account, item, context)
        here = f"{context.base}id/"
        linked = (it.object.value for it in triples if isinstance(it.object, ox.NamedNode))
        account.links.update((Iri(iri), item.place) for iri in linked if iri.startswith(here))


def _failing(triples: list[ox.Triple], refused: set[ox.NamedNode], base: str) -> set[Node]:
    """Things of which a text was refused, with the nodes without a name through which they are described."""
    beside: defaultdict[Node, set[Node]] = defaultdict(set)
    for it in triples if refused else ():
        if isinstance(it.object, ox.NamedNode) and is_genid(it.object.value, base):
            beside[it.object].add(it.subject)
            beside[it.subject].add(it.object)
    return closure(refused, lambda node: beside[node])


def _note_twice(account: Account, record: Record, context: Context) -> None:
    iri = iri_of(record, context)
    if iri in account.places:
        message = f"This describes the same thing as {account.places[iri]}; both were taken, as one"
        problem = Problem("W107", account.file, record.place, message, "Give each its own id if they are two things.")
        account.problems.append(problem)
    account.places.setdefault(iri, record.place)


def _size(item: Record | Statements, context: Context) -> int:
    if isinstance(item, Record):
        return 1
    if item.taken is not None:
        return item.taken
    named = {it.subject for it in item.triples if isinstance(it.subject, ox.NamedNode)}
    return max(1, sum(not is_genid(subject.value, context.base) for subject in named))
