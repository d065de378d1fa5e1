"""Releases: terms are retired and never lost, addresses are described for ever, and knowledge is brought up to date."""

from importlib.resources import files

import pyoxigraph as ox
import pytest

from ingest.ledger import Dataset
from ingest.renewal import renew, renewals
from ontology import release, turtle
from ontology.errors import NotFound
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.namespaces import KS
from ontology.release import Turn, changes, present, retired, schema_of, versions
from tests.ingesting import AGENT, place

OLD_NOTES = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix c: <https://w3id.org/kesher/id/competency/> .
c:new-1 a ks:Competency ; skos:prefLabel "one"@en ; ks:level 2 .
c:new-2 a ks:Competency ; skos:prefLabel "two"@en ; ks:depth 1 .
"""
LEVEL, DEPTH = Iri(str(KS.level)), Iri(str(KS.depth))


def test_the_releases_are_in_order_and_the_last_is_the_present_one():
    assert versions()[0] == "0.1.0"
    assert versions()[-1] == present() == "0.2.0"


@pytest.mark.parametrize("version", versions())
def test_the_schema_of_a_release_says_which_it_is(version: str):
    found = {str(it.object) for it in ox.parse(schema_of(version), format=ox.RdfFormat.TURTLE)}
    assert f"<https://w3id.org/kesher/schema/{version}>" in found


@pytest.mark.parametrize("version", ["0.0.1", "", "../schema", "0.1"])
def test_an_unknown_release_is_named_and_the_known_ones_listed(version: str):
    with pytest.raises(NotFound) as caught:
        schema_of(version)
    assert "0.1.0" in caught.value.remedy


def test_no_release_ever_loses_a_term():
    for before, after in zip(versions(), versions()[1:], strict=False):
        old, new = (_terms(schema_of(it)) for it in (before, after))
        assert old <= new, f"{after} lost {sorted(old - new)}"


def test_the_changelog_of_terms_tells_what_came_what_went_and_what_changed():
    told = changes(schema_of("0.1.0"), schema_of("0.2.0"))
    by_turn = {turn: {it.term.removeprefix(str(KS)) for it in told if it.turn is turn} for turn in Turn}
    assert by_turn[Turn.ADDED] >= {"StandardItem", "Credential", "Link", "depth"}
    assert by_turn[Turn.RETIRED] == {"level"}
    assert by_turn[Turn.CHANGED] >= {"JobDefinition", "Accreditation"}
    assert "requires" not in by_turn[Turn.CHANGED]
    assert [it.successor for it in told if it.turn is Turn.RETIRED] == [DEPTH]
    assert changes(turtle.schema(), turtle.schema()) == ()


def test_every_entity_that_was_published_is_still_described():
    statements = [it for text in turtle.starter().values() for it in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    described = {it.subject.value for it in statements}
    for version in versions()[:-1]:
        lines = (files("ontology") / "releases" / f"{version}.ids").read_text("utf-8").splitlines()
        published = {f"{DEFAULT_BASE}id/{line}" for line in lines if not line.startswith("#")}
        assert len(published) > 800
        assert published <= described


def test_knowledge_in_retired_terms_is_renewed_after_a_look_at_the_difference(tmp_path):
    with place(tmp_path) as here:
        here.writer.replace("source/old.ttl", _old_triples(), door="test", agent=AGENT)
        (difference,) = renewals(here.writer, retired())
        assert (difference.dataset, difference.graph) == (Dataset.PUBLIC, "source/old.ttl")
        assert (difference.before.predicate.value, difference.after.predicate.value) == (LEVEL, DEPTH)
        assert any("schema#level" in it for it in here.said("source/old.ttl"))  # looking changes nothing
        assert renew(here.writer, retired(), agent=AGENT) == [difference]
        assert here.objects("competency/new-1", DEPTH) == {str(ox.Literal(2))}
        assert renewals(here.writer, retired()) == []


def test_a_renewed_graph_is_what_its_file_gives_today(tmp_path):
    with place(tmp_path) as here:
        source = here.file("old.ttl", OLD_NOTES)
        report = here.ingest(source)
        assert [it.code for it in report.problems] == ["W158"]
        assert str(DEPTH) in report.problems[0].message
        assert not any("schema#level" in it for it in here.said("source/old.ttl"))
        assert here.ingest(source).changed_triples == 0


def test_a_retired_term_has_a_successor_that_is_not_retired():
    for term, successor in retired().items():
        assert term.startswith(str(KS))
        assert successor not in retired()
        assert successor in _terms(turtle.schema())
    assert release.retired() == {LEVEL: DEPTH}


def _old_triples() -> list[ox.Triple]:
    return [it.triple for it in ox.parse(OLD_NOTES, format=ox.RdfFormat.TURTLE)]


def _terms(schema: str) -> set[str]:
    subjects = {it.subject.value for it in ox.parse(schema, format=ox.RdfFormat.TURTLE)}
    return {it for it in subjects if it.startswith(str(KS))}
