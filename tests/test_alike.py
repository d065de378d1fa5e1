"""One of several things that no shape can tell apart is judged for all: the verdict is that of each by itself."""

import pyoxigraph as ox
import pytest

from ontology.alike import groups
from ontology.namespaces import DCTERMS
from ontology.validate import validate
from tests.broken import BROKEN, KNOWN, SOURCE
from tests.test_validate import EXAMPLE, parse


def told(said: str) -> list[tuple[str, str | None, str | None]]:
    return sorted((it.focus, it.path or "", it.value or "") for it in validate(parse(said), context=parse(KNOWN)))


@pytest.mark.parametrize("name", BROKEN)
def test_twins_of_what_is_broken_are_told_as_it_is(name: str):
    said = BROKEN[name][0]
    alone = told(f":a {said} .")
    assert alone
    twin = [tuple(f"{EXAMPLE}b" if text == f"{EXAMPLE}a" else text for text in it) for it in alone]
    assert told(f":a {said} . :b {said} .") == sorted(alone + twin)


def test_works_that_differ_in_their_words_only_are_looked_at_once():
    works = parse(
        "".join(f':w{it} {SOURCE} ; dcterms:title "Work {it}"@en ; bibo:doi "10.1/{it}" .' for it in range(9))
    )
    assert [len(it) for it in groups(works, {it.subject for it in works})] == [9]


@pytest.mark.parametrize(
    "more",
    [
        'bibo:doi "https://doi.org/10.1/x"',
        'dcterms:issued "1999"^^xsd:gYear',
        "ks:verification ks:Tool",
        'skos:prefLabel "Another"@en',
        'skos:prefLabel "אחר"@he',
        "foaf:page <https://doi.org/10.1/x>",
    ],
)
def test_whatever_a_shape_can_see_parts_them(more: str):
    works = parse(f":a {SOURCE} . :b {SOURCE} ; {more} .")
    assert len(groups(works, {it.subject for it in works})) == 2


def test_what_no_shape_names_makes_no_difference():
    works = parse(f':a {SOURCE} . :b {SOURCE} ; dcterms:abstract "Long"@en .')
    assert len(groups(works, {it.subject for it in works})) == 1


def test_a_node_without_a_name_is_like_no_other():
    works = [ox.Triple(ox.BlankNode(), *it) for it in [(ox.NamedNode(DCTERMS.title), ox.Literal("x"))] * 2]
    assert len(groups(works, {it.subject for it in works})) == 2
