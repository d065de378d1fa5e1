"""Oak's curriculum comes in with its misconceptions as ours, and goes out as it was."""

from collections import Counter

import pyoxigraph as ox
import pytest

from ingest.readers.rdf import read_turtle
from ingest.record import Context, Document
from ontology.interchange.oak import CURRIC, is_curriculum, read_oak, write_oak
from ontology.interchange.outcome import Count, Mapped
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import DCTERMS, KS, PROV, RDF, SKOS

THINGS = "https://w3id.org/uk/oak/curriculum/oakcurriculum/"
HEAD = f"""
@prefix curric: <{CURRIC}> . @prefix oak: <{THINGS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
oak:science-key-stage-3 a owl:Ontology ; dcterms:license <https://example.org/licence> .
"""
WHOLE = (
    HEAD + 'oak:m1 a curric:Misconception ; curric:statement "Heavy things\\n  sink."@en ; curric:correction "No."@en .'
)
FILES = {"mathematics-key-stage-3": 390, "mathematics-key-stage-4": 354, "science-key-stage-3": 283}


def mapped(text: str) -> Mapped:
    (stated,) = read_turtle(Document("oak.ttl", text), Context(DEFAULT_BASE, "source/oak.ttl"))
    assert is_curriculum(stated.triples)
    return read_oak(stated.triples, DEFAULT_BASE, "oak.ttl")


def values(of: Mapped, subject: str, predicate: str) -> list[str]:
    node, wanted = ox.NamedNode(THINGS + subject), ox.NamedNode(predicate)
    return sorted(str(it.object) for it in of.triples if it.subject == node and it.predicate == wanted)


def ours(of: Mapped) -> set[str]:
    return {it.subject.value for it in of.triples if it.object == ox.NamedNode(KS.Misconception)}


@pytest.fixture(scope="module")
def texts(shared) -> dict[str, str]:
    return {name: (shared / f"data/frameworks/oak/{name}.ttl").read_text("utf-8") for name in FILES}


@pytest.fixture(scope="module")
def real(texts) -> dict[str, Mapped]:
    return {name: mapped(text) for name, text in texts.items()}


def canonical(text: str) -> ox.Dataset:
    """What Turtle states, with nodes without a name named alike: equal for isomorphic graphs."""
    stated = ox.Dataset(ox.parse(text, ox.RdfFormat.TURTLE))
    stated.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return stated


@pytest.mark.parametrize("name", FILES)
def test_the_real_files_go_out_as_they_came_in(texts, real, name):
    assert canonical(write_oak(real[name].triples)) == canonical(texts[name])


def test_every_misconception_of_the_real_files_comes_in_with_its_correction(real):
    assert {name: len(ours(it)) for name, it in real.items()} == FILES
    assert len(set().union(*map(ours, real.values()))) == 1014  # 13 stand in both files of mathematics
    for it in real.values():
        corrected = {one.subject.value for one in it.triples if one.predicate == ox.NamedNode(KS.correction)}
        named = {one.subject.value for one in it.triples if one.predicate == ox.NamedNode(SKOS.prefLabel)}
        assert corrected == named == ours(it)


def test_nothing_of_the_real_files_is_dropped_and_every_thing_and_link_is_counted(texts, real):
    for name, it in real.items():
        stated = list(canonical(texts[name]))
        things = {one.subject for one in stated if one.predicate == ox.NamedNode(RDF.type)}
        links = [one for one in stated if isinstance(one.object, ox.NamedNode) and one.predicate.value != str(RDF.type)]
        assert it.read == it.kept == Count(len(things), len(links))
        assert (it.dropped, it.problems) == (Count(), ())


def test_a_misconception_says_where_in_the_english_school_it_is_taught_and_no_grade(real):
    place = "misconception-pupils-think-constant-force-trolley"
    assert values(real["science-key-stage-3"], place, SKOS.note) == [
        '"England, science, key stage 3."@en',
        '"Taught in England in year 8 (ages 12 to 13)."@en',
    ]
    grades = {ox.NamedNode(KS.gradeMin), ox.NamedNode(KS.gradeMax)}
    assert not any(it.predicate in grades for one in real.values() for it in one.triples)


def test_the_licence_of_a_misconception_is_found_through_the_file_it_comes_from(real):
    for name, it in real.items():
        sources = Counter(one.object.value for one in it.triples if one.predicate == ox.NamedNode(PROV.wasDerivedFrom))
        assert sources == {THINGS + name: FILES[name]}
        assert values(it, name, DCTERMS.license) == [
            "<http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/>"
        ]


def test_a_statement_becomes_a_name_on_one_line_and_stays_as_it_was_in_oaks_own_words():
    found = mapped(WHOLE)
    assert values(found, "m1", SKOS.prefLabel) == ['"Heavy things sink."@en']
    assert values(found, "m1", f"{CURRIC}statement") == ['"Heavy things\\n  sink."@en']
    assert values(found, "m1", KS.subject) == [f"<{DEFAULT_BASE}id/subject/science>"]


def test_a_second_statement_is_another_name():
    found = mapped(WHOLE.replace('sink."@en', 'sink."@en , "Light things float."@en'))
    assert len(values(found, "m1", SKOS.prefLabel)) == len(values(found, "m1", SKOS.altLabel)) == 1


def test_a_misconception_without_a_correction_or_a_statement_is_kept_and_named():
    text = HEAD + 'oak:m1 a curric:Misconception ; curric:statement "x"@en . oak:m2 a curric:Misconception .'
    found = mapped(text)
    assert [(it.code, it.place) for it in found.problems] == [
        ("W195", f"{THINGS}m1"),
        ("W195", f"{THINGS}m2"),
        ("W196", f"{THINGS}m2"),
    ]
    assert ours(found) == {f"{THINGS}m1"}
    assert found.kept.concepts == 3
    assert canonical(write_oak(found.triples)) == canonical(text)


def test_a_file_without_a_licence_says_so():
    assert [it.code for it in mapped(WHOLE.replace("dcterms:license", "dcterms:rights")).problems] == ["W197"]


def test_nodes_without_a_name_get_the_same_one_each_time_and_lose_it_on_the_way_out():
    text = WHOLE + 'oak:lesson a curric:Lesson ; curric:hasKeyword [ curric:label "force" ; curric:near [] ] .'
    first, second = mapped(text), mapped(text)
    assert first.triples == second.triples
    assert not any(isinstance(it.object, ox.BlankNode) for it in first.triples)
    assert canonical(write_oak(first.triples)) == canonical(text)


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ("oak:m1 a curric:Misconception .", True),
        ("oak:m1 curric:statement 'x' .", True),
        ("oak:m1 owl:sameAs oak:m2 .", False),
    ],
)
def test_oaks_files_are_known_by_the_words_that_they_use(turtle, expected):
    assert is_curriculum([it.triple for it in ox.parse(HEAD + turtle, ox.RdfFormat.TURTLE)]) is expected


def test_text_that_was_encoded_twice_is_repaired_with_a_word():
    found = mapped(WHOLE.replace("No.", "No â€“ it floats."))
    assert values(found, "m1", KS.correction) == ['"No – it floats."@en']
    assert [it.code for it in found.problems] == ["W154"]
