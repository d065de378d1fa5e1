"""SKOS from strangers, cleaned (W3C Recommendation 2009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.interchange.hierarchy import untangle
from ontology.interchange.naming import named, spoken
from ontology.interchange.outcome import Mapped, Tally
from ontology.interchange.turtle_text import Statement, load_turtle
from ontology.namespaces import DCTERMS, RDF, RDFS, SKOS

_TYPE, _SCHEME = map(ox.NamedNode, (RDF.type, SKOS.ConceptScheme))
_NAME, _BROADER, _NARROWER = map(ox.NamedNode, (SKOS.prefLabel, SKOS.broader, SKOS.narrower))
_NAMED = {*map(ox.NamedNode, (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection))}
_STAND_INS = tuple(map(ox.NamedNode, (DCTERMS.title, RDFS.label)))


def read_skos(text: str, base: str, file: str) -> Mapped:
    """Everything that a SKOS vocabulary says, as it says it.

    Repaired, each with a warning that names the place: language tags of yesterday (`iw`), texts that were encoded
    twice, second preferred names (W168), addresses that differ from a thing described here by `http` for `https` only
    (W171), and things without a name (W167), which take their title for one. A link that would close a circle is left
    out (E163). Links to what the file does not describe stay (W153 where they go up the tree), and so do terms that
    SKOS does not have (W169). Two things may have one name.

    Concepts are the things with a class, links the statements between two things.

    Args:
        text: Turtle; addresses may be relative (W165).
        base: Base IRI, for addresses that the file leaves relative.
        file: Name for problems.

    Raises:
        UnreadableFile: E111 it is not Turtle; E113 it states nothing; E114 a triple stands inside a triple.
    """
    tally = Tally(file)
    given = load_turtle(text, base, tally)
    if not _stands_alone(text):
        tally.note("W165", "document", f"Addresses are relative; they were resolved against {base}")
    return tally.outcome([ox.Triple(*it) for it in _Cleaning(given, tally).statements()])


def _stands_alone(text: str) -> bool:
    """Whether every address in the text is absolute without help."""
    try:
        for _ in ox.parse(text, ox.RdfFormat.TURTLE):
            pass
    except SyntaxError:
        return False
    return True


@dataclass(slots=True)
class _Cleaning:
    """The statements of one vocabulary on their way to clean ones."""

    given: list[Statement]
    tally: Tally
    described: dict[ox.NamedNode, set[ox.NamedNode | ox.Literal]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def statements(self) -> Iterator[Statement]:
        """What stays, and what was repaired."""
        for subject, predicate, value in self.given:
            if predicate == _TYPE:
                self.described.setdefault(subject, set()).add(value)
        turned = [(subject, predicate, self._turned(value)) for subject, predicate, value in self.given]
        closing = self._closing(turned)
        texts: dict[ox.NamedNode, dict[ox.NamedNode, list[ox.Literal]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in turned:
            self._look(predicate)
            if isinstance(value, ox.Literal):
                text = self._tagged(value, subject)
                texts[subject][predicate].append(text)
                if predicate != _NAME:
                    yield subject, predicate, text
            elif predicate == _TYPE or self._is_kept(subject, predicate, value, closing):
                yield subject, predicate, value
        for subject in self.described:
            self.tally.keep_concept()
            names = self._names(subject, texts[subject])
            yield from ((subject, *it) for it in named(names, subject.value, self.tally))

    def _turned(self, value: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
        """A link to what the file describes, where it differs by http for https only."""
        if isinstance(value, ox.Literal) or value in self.described:
            return value
        scheme, colon, rest = value.value.partition("://")
        other = {"http": "https", "https": "http"}.get(scheme)
        if other and (twin := ox.NamedNode(f"{other}{colon}{rest}")) in self.described:
            self.tally.note("W171", value.value, f"The file describes {twin.value}; the link was turned to that")
            return twin
        return value

    def _tagged(self, literal: ox.Literal, subject: ox.NamedNode) -> ox.Literal:
        return spoken(literal.value, literal.language, subject.value, self.tally) if literal.language else literal

    def _look(self, predicate: ox.NamedNode) -> None:
        """A warning for what is no SKOS term, once each."""
        term = predicate.value
        if term.startswith(str(SKOS)) and term.removeprefix(str(SKOS)) not in SKOS and term not in self.unknown:
            self.unknown.add(term)
            self.tally.note("W169", term, "SKOS has no such term; what it says was kept", "Look for a misspelt name.")

    def _closing(self, statements: Iterable[Statement]) -> set[tuple[str, str]]:
        """The links of the tree, child and parent, that would close a circle."""
        parents: dict[str, list[str]] = defaultdict(list)
        for edge in filter(None, map(_edge, statements)):
            parents[edge[0]].append(edge[1])
        unique = {child: list(dict.fromkeys(named_)) for child, named_ in parents.items()}
        return set(untangle(unique, {parent for named_ in unique.values() for parent in named_}).closing)

    def _is_kept(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode, closing: set[tuple[str, str]]
    ) -> bool:
        edge = _edge((subject, predicate, value))
        if edge in closing:
            message = f"{edge[0]} under {edge[1]} would close a circle; the link was left out"
            self.tally.drop_link("E163", subject.value, message, "Take one link of the circle out of the file.")
            return False
        self.tally.keep_link()
        if edge and value not in self.described:
            self.tally.note("W153", subject.value, f"The file does not describe {value.value}; the link was kept")
        return True

    def _names(self, subject: ox.NamedNode, texts: Mapping[ox.NamedNode, list[ox.Literal]]) -> Sequence[ox.Literal]:
        """The names of a thing, or its title where it has none, as schemes often do."""
        classes = self.described[subject]
        if _NAME in texts or classes.isdisjoint(_NAMED):
            return texts.get(_NAME, ())
        title = next((texts[it] for it in _STAND_INS if it in texts), ())
        if not title:
            self.tally.note("W167", subject.value, "This has no name (skos:prefLabel) and no title", "Give it a name.")
        elif _SCHEME not in classes:
            self.tally.note("W167", subject.value, f"This has no name; {title[0].value[:60]!r} was taken for one")
        return title


def _edge(statement: Statement) -> tuple[str, str] | None:
    """Child and parent, where a statement says that one stands under the other."""
    subject, predicate, value = statement
    if predicate == _BROADER:
        return subject.value, value.value
    return (value.value, subject.value) if predicate == _NARROWER else None
