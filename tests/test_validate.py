"""The starter knowledge has the shape it should, and each rule of the shapes catches what it is there for."""

from functools import cache

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.errors import BadInput
from ontology.kinds import DEFAULT_BASE
from ontology.model import LANGUAGES
from ontology.namespaces import DCTERMS, PREFIXES, RDF, SH, SKOS
from ontology.validate import Severity, Violation, validate
from tests.broken import BROKEN, KNOWN, SOURCE, TOOL

EXAMPLE = "https://example.org/"
HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + f"@prefix : <{EXAMPLE}> .\n"


def parse(text: str) -> list[ox.Quad]:
    return list(ox.parse(HEADER + text, format=ox.RdfFormat.TURTLE))


@cache
def broken() -> list[Violation]:
    """Everything broken at once: the cases do not touch each other, and one run is fast."""
    text = "".join(f":{name} {said} .\n" for name, (said, _) in BROKEN.items())
    return validate(parse(text), context=parse(KNOWN))


@cache
def starter() -> list[Violation]:
    return validate(it for text in turtle.starter().values() for it in ox.parse(text, format=ox.RdfFormat.TURTLE))


def test_nothing_in_the_starter_knowledge_is_wrong():
    assert [it for it in starter() if it.severity is Severity.VIOLATION] == []


def test_the_one_source_whose_authors_are_unknown_is_warned_of():
    assert [(it.focus, it.path) for it in starter()] == [
        (f"{DEFAULT_BASE}id/source/epsbs2019coord", str(DCTERMS.creator))
    ]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_and_told_in_three_languages(name: str):
    found = [it for it in broken() if it.focus == EXAMPLE + name]
    assert found
    path = BROKEN[name][1]
    if path is not None:
        prefix, _, local = path.partition(":")
        assert (PREFIXES[prefix] + local if path else None) in {it.path for it in found}
    for violation in found:
        assert tuple(it.lang for it in violation.messages) == LANGUAGES
        assert violation.message("ar") == violation.messages[2].text


def test_every_message_of_the_shapes_is_met_by_some_broken_entry():
    shapes = ox.parse(turtle.shapes(), format=ox.RdfFormat.TURTLE)
    messages = {it.object.value for it in shapes if it.predicate == ox.NamedNode(SH.message)}
    assert messages == {text.text for it in broken() for text in it.messages}


def test_what_is_known_already_is_not_judged():
    context = KNOWN + ":role ks:requires :nothing ."
    assert validate(parse(f":tool {TOOL} ; ks:develops :competency ."), context=parse(context)) == []


def test_a_link_is_judged_by_what_is_known():
    tool = parse(f":tool {TOOL} ; ks:develops :competency .")
    assert [it.value for it in validate(tool)] == [f"{EXAMPLE}competency"]
    assert validate(tool, context=parse(KNOWN)) == []


def test_a_subclass_counts_as_its_class():
    kind = parse(':kind a ks:Misconception ; skos:prefLabel "k"@en .')
    assert validate(parse(f":tool {TOOL} ; ks:toolKind :kind ."), context=kind) == []


def test_what_must_be_mended_comes_first():
    severities = [it.severity for it in broken()]
    assert severities == sorted(severities, key=list(Severity).index)
    assert set(severities) == {Severity.VIOLATION, Severity.WARNING}


def test_a_verified_doi_may_be_a_link():
    said = (
        'bibo:doi "10.1000/1" ; foaf:page <https://doi.org/10.1000/1> ; ks:verification "doi_seen_with_matching_work"'
    )
    assert validate(parse(f":source {SOURCE} ; {said} .")) == []


def test_triples_and_quads_are_judged_alike():
    quads = parse(":concept a skos:Concept .")
    assert validate(quads) == validate(it.triple for it in quads)
    assert validate(quads) == validate(ox.Quad(*it.triple, ox.NamedNode(f"{EXAMPLE}graph")) for it in quads)


def test_nothing_at_all_is_well():
    assert validate([]) == []


def test_a_statement_about_a_statement_is_refused():
    inner = ox.Triple(ox.NamedNode(EXAMPLE), ox.NamedNode(RDF.type), ox.NamedNode(SKOS.Concept))
    with pytest.raises(BadInput, match="statement about a statement"):
        validate([ox.Triple(ox.NamedNode(EXAMPLE), ox.NamedNode(RDF.value), inner)])
