"""SKOS vocabularies of others, cleaned, and vocabularies of ours as any SKOS tool wants them."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.readers.rdf import read_turtle
from ingest.record import Context, Document
from ontology.interchange.outcome import Count, Mapped
from ontology.interchange.skos import is_vocabulary, read_skos, skos_view, write_skos
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import DCTERMS, KS, RDF, SKOS
from tests.mutating import codes, is_balanced
from tests.starting import store

HEADER = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://example.org/> .
"""
X = "https://example.org/"
PLAIN = (str(SKOS), str(DCTERMS), str(RDF))

#: Concepts (schemes among them) and links of each file, and its warnings.
FILES = {
    "didacticPlanningTools.ttl": (241, 720, ["W153"]),
    "oeh-discipline.ttl": (71, 226, []),
    "oeh-eventType.ttl": (118, 348, ["W153"]),
    "oeh-intendedEndUserRole.ttl": (8, 22, []),
    "oeh-toolType.ttl": (72, 285, ["W169"]),
    "physh_skos_compat.ttl": (3944, 12364, []),
}


def read(turtle: str, name: str = "vocabulary.ttl") -> Mapped:
    (stated,) = read_turtle(Document(name, HEADER + turtle), Context(DEFAULT_BASE, f"source/{name}"))
    return read_skos(stated.triples, name)


def parsed(turtle: str) -> set[ox.Triple]:
    return {it.triple for it in ox.parse(turtle, ox.RdfFormat.TURTLE, base_iri=DEFAULT_BASE)}


def values(triples: Mapped | set[ox.Triple], subject: str, predicate: str) -> set[str]:
    node, wanted = ox.NamedNode(X + subject), ox.NamedNode(predicate)
    found = triples.triples if isinstance(triples, Mapped) else triples
    return {str(it.object) for it in found if it.subject == node and it.predicate == wanted}


@pytest.mark.parametrize("name", FILES)
def test_a_real_vocabulary_loses_nothing_and_comes_back_as_plain_skos(shared: Path, name):
    text = (shared / "data/frameworks/skos" / name).read_text("utf-8")
    concepts, links, warnings = FILES[name]
    mapped = read(text, name)
    assert mapped.read == mapped.kept == Count(concepts, links)
    assert codes(mapped) == warnings
    given = parsed(text)
    assert given <= mapped.triples
    assert {it.predicate for it in mapped.triples - given} <= {ox.NamedNode(SKOS.prefLabel)}
    written = parsed(write_skos(mapped.triples))
    assert written == skos_view(mapped.triples) == skos_view(written)
    plain = {it for it in given if it.predicate.value.removeprefix(str(SKOS)) in SKOS}
    assert plain <= written
    assert all(it.predicate.value.startswith(PLAIN) for it in written)


def test_a_misspelt_term_of_skos_is_named_and_kept(shared: Path):
    text = (shared / "data/frameworks/skos/oeh-toolType.ttl").read_text("utf-8")
    (problem,) = read(text).problems
    assert problem.place == f"{SKOS}relatedMatch:"


def test_homonyms_are_two_concepts():
    mapped = read("".join(f':{it} a skos:Concept ; skos:prefLabel "Curriculum"@en . ' for it in "ab"))
    assert mapped.kept.concepts == 2
    assert not mapped.problems


def test_a_competency_stays_one_and_a_concept_does_not_become_one():
    mapped = read(f':a a skos:Concept ; skos:prefLabel "A"@en . :b a <{KS.Competency}> ; skos:prefLabel "B"@en .')
    assert values(mapped, "a", str(RDF.type)) == {f"<{SKOS.Concept}>"}
    assert values(mapped, "b", str(RDF.type)) == {f"<{KS.Competency}>"}


def test_yesterdays_language_tags_are_renewed():
    mapped = read(':a a skos:Concept ; skos:prefLabel "שבר"@iw, "Fraction"@en-US .')
    assert values(mapped, "a", str(SKOS.prefLabel)) == {'"שבר"@he', '"Fraction"@en-us'}
    assert codes(mapped) == ["W156"]


def test_a_second_preferred_name_becomes_an_alternative():
    mapped = read(':a a skos:Concept ; skos:prefLabel "One"@en, "Two"@en, "Eins"@de .')
    assert values(mapped, "a", str(SKOS.prefLabel)) == {'"One"@en', '"Eins"@de'}
    assert values(mapped, "a", str(SKOS.altLabel)) == {'"Two"@en'}
    assert codes(mapped) == ["W168"]


def test_a_thing_without_a_name_takes_its_title_or_is_named():
    mapped = read(
        ':s a skos:ConceptScheme ; dcterms:title "Scheme"@en .'
        ' :a a skos:Concept ; rdfs:label "A"@en . :b a skos:Concept .'
    )
    assert values(mapped, "s", str(SKOS.prefLabel)) == {'"Scheme"@en'}
    assert values(mapped, "a", str(SKOS.prefLabel)) == {'"A"@en'}
    assert [(it.code, it.place) for it in mapped.problems] == [("W167", X + "a"), ("W167", X + "b")]


def test_a_circle_is_cut_from_whichever_end_it_is_told():
    named = "".join(f':{it} a skos:Concept ; skos:prefLabel "{it}"@en . ' for it in "abc")
    mapped = read(f"{named} :a skos:broader :b . :b skos:broader :c . :a skos:narrower :c .")
    assert codes(mapped) == ["E163"]
    assert (mapped.kept.links, mapped.dropped.links) == (2, 1)
    assert is_balanced(mapped, Count(concepts=3, links=3))
    itself = read(':a a skos:Concept ; skos:prefLabel "A"@en ; skos:broader :a .')
    assert (codes(itself), itself.dropped) == (["E163"], Count(links=1))


def test_a_missing_parent_is_named_and_its_link_kept():
    mapped = read(':a a skos:Concept ; skos:prefLabel "A"@en ; skos:broader :elsewhere .')
    assert [(it.code, it.place) for it in mapped.problems] == [("W153", X + "a")]
    assert values(mapped, "a", str(SKOS.broader)) == {f"<{X}elsewhere>"}


def test_http_for_https_is_turned_to_what_the_file_describes():
    mapped = read(
        ':a a skos:Concept ; skos:prefLabel "A"@en ; skos:inScheme <http://example.org/s> .'
        ' :s a skos:ConceptScheme ; skos:prefLabel "S"@en .'
    )
    assert values(mapped, "a", str(SKOS.inScheme)) == {f"<{X}s>"}
    assert codes(mapped) == ["W171"]


def test_texts_are_repaired_with_a_word():
    broken = "It’s".encode().decode("cp1252")
    mapped = read(f':a a skos:Concept ; skos:prefLabel "{broken}"@en ; skos:note "be\\u0007ep"@en .')
    assert values(mapped, "a", str(SKOS.prefLabel)) == {'"It’s"@en'}
    assert sorted(codes(mapped)) == ["W150", "W154"]


def test_a_name_of_what_has_no_class_is_kept():
    mapped = read(':s a skos:ConceptScheme ; skos:prefLabel "S"@en . :a skos:prefLabel "A"@en, "Again"@en .')
    assert values(mapped, "a", str(SKOS.prefLabel)) | values(mapped, "a", str(SKOS.altLabel)) == {
        '"A"@en',
        '"Again"@en',
    }
    assert mapped.kept.concepts == 1


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        (":s a skos:ConceptScheme .", True),
        (":s a skos:ConceptScheme . :a a <http://www.w3.org/2002/07/owl#Class> .", True),
        (":s skos:related skos:ConceptScheme .", False),
        (":a a skos:Concept .", False),
        (f":s a skos:ConceptScheme . :a a <{KS.Competency}> .", False),
    ],
)
def test_a_vocabulary_is_known_by_its_scheme_and_has_nothing_of_ours(turtle, expected):
    (stated,) = read_turtle(Document("v.ttl", HEADER + turtle), Context(DEFAULT_BASE, "source/v.ttl"))
    assert is_vocabulary(stated.triples) is expected


def test_our_framework_goes_out_as_a_scheme_with_both_directions():
    framework = f"{DEFAULT_BASE}id/framework/kesher-competencies"
    own = {quad.triple for quad in store()}
    view = parsed(write_skos(own, framework))
    assert all(it.predicate.value.startswith(PLAIN) for it in view)

    def links(predicate: object) -> set[tuple[str, str]]:
        return {(it.subject.value, it.object.value) for it in view if it.predicate.value == str(predicate)}

    concepts = {it.subject.value for it in view if it.object == ox.NamedNode(SKOS.Concept)}
    competencies = {it.subject.value for it in own if it.object == ox.NamedNode(KS.Competency)}
    assert concepts == competencies
    assert (framework, str(SKOS.ConceptScheme)) in links(RDF.type)
    assert {(up, down) for down, up in links(SKOS.broader)} == links(SKOS.narrower)
    assert {(top, scheme) for scheme, top in links(SKOS.hasTopConcept)} == links(SKOS.topConceptOf)
    tops = competencies - {down for down, _ in links(SKOS.broader)}
    assert {top for top, _ in links(SKOS.topConceptOf)} == tops
    assert len(tops) == 12


def test_what_is_illustrative_says_so_in_skos_too():
    turtle = f':a a <{KS.Competency}> ; skos:prefLabel "A"@en ; <{KS.status}> <{KS.Illustrative}> .'
    view = parsed(write_skos(read(turtle).triples))
    assert values(view, "a", str(SKOS.editorialNote)) == {'"Status: illustrative."@en'}


def test_a_collection_goes_with_the_scheme_of_its_members():
    mapped = read(
        ':s a skos:ConceptScheme ; skos:prefLabel "S"@en .'
        ' :a a skos:Concept ; skos:prefLabel "A"@en ; skos:inScheme :s .'
        ' :c a skos:OrderedCollection ; skos:prefLabel "C"@en ; skos:memberList ( :a ) ; skos:member :a .'
        ' :t a skos:ConceptScheme ; skos:prefLabel "T"@en .'
    )
    view = skos_view(mapped.triples, X + "s")
    assert values(set(view), "c", str(SKOS.member)) == {f"<{X}a>"}
    assert ox.NamedNode(RDF.rest) in {it.predicate for it in view}
    assert not values(set(view), "t", str(SKOS.prefLabel))


def test_a_name_that_is_too_long_takes_out_its_own_concept_only():
    named = '{} a skos:Concept ; skos:prefLabel "{}"@en ; skos:inScheme :s .\n'
    mapped = read(
        ':s a skos:ConceptScheme ; skos:prefLabel "S"@en .\n'
        + named.format(":a", "x" * 70_000)
        + named.format(":b", "B")
    )
    assert (mapped.kept, mapped.dropped) == (Count(concepts=2, links=1), Count(concepts=1))
    assert [(it.code, it.place) for it in mapped.problems] == [("E150", X + "a")]
    assert {it.subject.value for it in mapped.triples} == {X + "s", X + "b"}
