"""The vocabulary and the code agree on every term, and every term speaks three languages."""

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.kinds import CLASS_OF, Kind, kind_of
from ontology.model import LANGUAGES
from ontology.namespaces import KS, OWL, RDF, RDFS, SH, SKOS

SCHEMA = list(ox.parse(turtle.schema(), format=ox.RdfFormat.TURTLE))
ONTOLOGY = "https://w3id.org/kesher/schema"
TERMS = sorted(f"{KS}{name}" for name in KS.__annotations__ if not name.startswith("_"))


def objects(subject: str, predicate: str) -> list[ox.NamedNode | ox.Literal]:
    return [it.object for it in SCHEMA if it.subject.value == subject and it.predicate == ox.NamedNode(predicate)]


def test_the_schema_has_exactly_the_terms_of_the_code():
    assert sorted({it.subject.value for it in SCHEMA} - {ONTOLOGY}) == TERMS


@pytest.mark.parametrize("predicate", [RDFS.label, RDFS.comment])
@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_described_once_in_each_language(term: str, predicate: str):
    texts = objects(term, predicate)
    assert sorted(it.language for it in texts) == sorted(LANGUAGES)
    assert all(it.value.strip() for it in texts)


def test_hebrew_and_arabic_are_in_their_own_scripts():
    scripts = {"he": ("\u05d0", "\u05ea"), "ar": ("\u0621", "\u064a")}
    for statement in SCHEMA:
        if isinstance(statement.object, ox.Literal) and statement.object.language in scripts:
            first, last = scripts[statement.object.language]
            assert any(first <= letter <= last for letter in statement.object.value), statement


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_a_class_a_property_or_a_status(term: str):
    kinds = {str(OWL.Class), str(OWL.ObjectProperty), str(OWL.DatatypeProperty), str(KS.Status)}
    found = {it.value for it in objects(term, RDF.type)}
    assert len(found) == 1
    assert found <= kinds
    local = term.removeprefix(str(KS))
    assert local[0].isupper() == bool(found & {str(OWL.Class), str(KS.Status)})


def test_a_reference_to_an_own_term_is_to_one_that_exists():
    own = {
        it.object.value for it in SCHEMA if isinstance(it.object, ox.NamedNode) and it.object.value.startswith(str(KS))
    }
    assert own <= set(TERMS)


def test_a_property_of_links_never_ranges_over_literals():
    for term in TERMS:
        ranges = {it.value for it in objects(term, RDFS.range)}
        literal = {
            it for it in ranges if it.startswith("http://www.w3.org/2001/XMLSchema#") or it.endswith("langString")
        }
        assert (ox.NamedNode(OWL.DatatypeProperty) in objects(term, RDF.type)) == bool(literal)


def test_every_kind_of_its_own_has_a_class_in_the_schema():
    for cls in CLASS_OF.values():
        if cls.startswith(str(KS)):
            assert objects(cls, RDF.type) == [ox.NamedNode(OWL.Class)]


def test_a_kind_is_known_by_its_class_the_most_specific_first():
    assert {kind_of({str(cls)}) for cls in CLASS_OF.values()} == set(Kind)
    assert kind_of({str(SKOS.Concept), str(KS.Competency)}) is Kind.COMPETENCY
    assert kind_of({str(OWL.Class)}) is None


def test_every_class_has_a_shape():
    shapes = ox.parse(turtle.shapes(), format=ox.RdfFormat.TURTLE)
    shaped = {it.object.value for it in shapes if it.predicate == ox.NamedNode(SH.targetClass)}
    classes = {term for term in TERMS if ox.NamedNode(OWL.Class) in objects(term, RDF.type)}
    assert sorted(classes - shaped) == []


def test_every_own_term_says_why_it_is_our_own():
    for term in TERMS:
        assert len(objects(term, SKOS.editorialNote)) == 1, term


def test_the_schema_says_its_version():
    assert objects(ONTOLOGY, OWL.versionIRI) == [ox.NamedNode("https://w3id.org/kesher/schema/0.2.0")]
    assert objects(ONTOLOGY, OWL.versionInfo) == [ox.Literal("0.2.0")]


def test_a_misspelt_term_raises():
    with pytest.raises(AttributeError):
        _ = KS.requries
