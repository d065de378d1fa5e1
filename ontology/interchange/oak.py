"""Oak National Academy's curriculum: lessons, what they teach, and the misconceptions they meet.

Oak's own statements (vocabulary `curric:`, ontology 0.1) stay as they are. Each of its misconceptions becomes a
`ks:Misconception` under its own IRI: statement as name, with its correction, its subject, the file that it comes from
(whose licence that file states) and notes on where in the English school it is taught.

That place stays a note. By age, England's year 7 (11 to 12) is grade 6 of Israel; by stage, key stage 3 is lower
secondary school, grades 7 to 9. No pair of numbers is both, so `ks:gradeMin` and `ks:gradeMax` are left to a curator.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from ontology.interchange.facts import Statement
from ontology.interchange.hierarchy import reached
from ontology.interchange.naming import OTHER, PREFERRED, named
from ontology.interchange.outcome import Mapped, Tally
from ontology.interchange.turtle_text import dump_turtle, mended
from ontology.kinds import Kind, entity_iri
from ontology.namespaces import DCTERMS, KS, OWL, PROV, RDF, SKOS

CURRIC = "https://w3id.org/uk/oak/curriculum/ontology/"

_TYPE, _ONTOLOGY, _LICENCE = ox.NamedNode(RDF.type), ox.NamedNode(OWL.Ontology), ox.NamedNode(DCTERMS.license)
_THEIRS, _OURS = ox.NamedNode(f"{CURRIC}Misconception"), ox.NamedNode(KS.Misconception)
_STATEMENT, _ANSWER = ox.NamedNode(f"{CURRIC}statement"), ox.NamedNode(f"{CURRIC}correction")
_CORRECTION, _SUBJECT, _NOTE, _FROM = map(ox.NamedNode, (KS.correction, KS.subject, SKOS.note, PROV.wasDerivedFrom))
_ADDED = {PREFERRED, OTHER, _CORRECTION, _SUBJECT, _NOTE, _FROM}

#: From a programme down to the misconceptions of its lessons.
_DOWN = {
    ox.NamedNode(CURRIC + name)
    for name in (
        *("hasUnitVariantInclusion", "includesUnitVariant", "hasLessonInclusion", "includesLesson"),
        "hasMisconception",
    )
}
_YEAR = ox.NamedNode(f"{CURRIC}coversYearGroup")
_YEAR_NAME = re.compile(r"year-group-(\d+)$")
_FILE_NAME = re.compile(r"/(mathematics|science)-key-stage-(\d)$")


def is_curriculum(triples: Iterable[ox.Triple]) -> bool:
    """Whether a file speaks in Oak's vocabulary, of classes or with properties that are Oak's."""
    terms = (it.object if it.predicate == _TYPE else it.predicate for it in triples)
    return any(isinstance(it, ox.NamedNode) and it.value.startswith(CURRIC) for it in terms)


def read_oak(triples: Iterable[ox.Triple], base: str, file: str) -> Mapped:
    """Everything the file states, and what Kesher says of its misconceptions.

    Concepts are the things with a class, links the statements between two things. W195 names a misconception without
    a correction, W196 one without a statement, W197 a file without a licence.

    Args:
        triples: What the file states, in its order, without nameless nodes.
        base: Base IRI of this installation.
        file: Name for problems.
    """
    tally = Tally(file, base)
    given = list(mended(triples, tally))
    for _ in {subject for subject, predicate, _ in given if predicate == _TYPE}:
        tally.keep_concept()
    for _, predicate, value in given:
        if predicate != _TYPE and isinstance(value, ox.NamedNode):
            tally.keep_link()
    if not any(predicate == _LICENCE for _, predicate, _ in given):
        tally.note("W197", "document", "The file states no licence", "Oak's is the Open Government Licence 3.0.")
    return tally.outcome(ox.Triple(*it) for it in (*given, *_added(given, base, tally)))


def write_oak(triples: Iterable[ox.Triple]) -> str:
    """Oak's own statements as Turtle, without what `read_oak` added to them."""
    triples = set(triples)
    theirs = {it.subject for it in triples if it.predicate == _TYPE and it.object == _THEIRS}
    own = (it for it in triples if not (it.subject in theirs and (it.predicate in _ADDED or it.object == _OURS)))
    return dump_turtle(own, {"curric": CURRIC, "oakcurric": "https://w3id.org/uk/oak/curriculum/oakcurriculum/"})


def _added(given: Sequence[Statement], base: str, tally: Tally) -> Iterator[Statement]:
    """What Kesher says of each misconception."""
    statements, corrections, years = _texts(given, _STATEMENT), _texts(given, _ANSWER), _years(given)
    of_the_file = list(_of_the_file(given, base))
    for subject in (subject for subject, predicate, value in given if predicate == _TYPE and value == _THEIRS):
        if not corrections.get(subject):
            tally.note("W195", subject.value, "This misconception has no correction", "Add curric:correction.")
        if not statements.get(subject):
            tally.note("W196", subject.value, "This misconception has no statement; it stays in Oak's words only")
            continue
        yield subject, _TYPE, _OURS
        yield from ((subject, predicate, it) for predicate, it in named(statements[subject], subject.value, tally))
        yield from ((subject, _CORRECTION, it) for it in corrections.get(subject, ()))
        yield from ((subject, predicate, value) for predicate, value in of_the_file)
        yield from ((subject, _NOTE, _taught(year)) for year in years.get(subject, ()))


def _texts(given: Sequence[Statement], wanted: ox.NamedNode) -> Mapping[ox.NamedNode, list[ox.Literal]]:
    """The values of one property, each on one line, in English where the file names no language: Oak writes English."""
    found: dict[ox.NamedNode, list[ox.Literal]] = defaultdict(list)
    for subject, predicate, value in given:
        if predicate == wanted and isinstance(value, ox.Literal) and value.value.strip():
            found[subject].append(ox.Literal(" ".join(value.value.split()), language=value.language or "en"))
    return found


def _of_the_file(given: Sequence[Statement], base: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """What holds for every misconception of the file: where it comes from, its subject and its key stage."""
    for subject, predicate, value in given:
        if predicate == _TYPE and value == _ONTOLOGY:
            yield _FROM, subject
            if found := _FILE_NAME.search(subject.value):
                taught, stage = found.groups()
                yield _SUBJECT, ox.NamedNode(entity_iri(base, Kind.SUBJECT, taught))
                yield _NOTE, ox.Literal(f"England, {taught}, key stage {stage}.", language="en")


def _taught(year: int) -> ox.Literal:
    """In year n pupils are n + 4 when it begins and n + 5 when it ends."""
    return ox.Literal(f"Taught in England in year {year} (ages {year + 4} to {year + 5}).", language="en")


def _years(given: Sequence[Statement]) -> Mapping[ox.NamedNode, set[int]]:
    """The years in which each thing is taught, found by going down from the programmes."""
    below: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    programmes: list[tuple[ox.NamedNode, int]] = []
    for subject, predicate, value in given:
        if predicate in _DOWN and isinstance(value, ox.NamedNode):
            below[subject].append(value)
        elif predicate == _YEAR and (year := _YEAR_NAME.search(value.value)):
            programmes.append((subject, int(year[1])))
    years: dict[ox.NamedNode, set[int]] = defaultdict(set)
    for thing, number in reached(programmes, lambda it: [(under, it[1]) for under in below.get(it[0], ())]):
        years[thing].add(number)
    return years
