"""What stands in public is judged again: by the day, and by rules that were not there when it came in."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from types import FrameType

import pyoxigraph as ox
import pytest

from ingest.ledger import Dataset
from ingest.sweep import shown_in_vain, sweep
from ontology.namespaces import DCTERMS
from tests.ingesting import AGENT, Place, place

RECORD = "<https://w3id.org/kesher/id/practice/old>"
SAID = f"""
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
{RECORD} a ks:PracticeRecord ; skos:prefLabel "A quiet class"@en ; ks:consent "public" ; ks:anonymisation "full" ;
    ks:observation "%s"@en %s .
<https://w3id.org/kesher/id/tool/card> a ks:Tool ; skos:prefLabel "Card"@en .
"""
NAMED = "Ms Cohen of Herzl School, 052-3456789, asked her pupils."
CLEAN = "The teacher asked the pupils to compare two answers."
TODAY, LATER = date(2026, 11, 27), date(2027, 11, 27)


def calls(act: Callable[[], object]) -> int:
    """Calls of functions that something takes, which every run of it repeats."""
    made = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return made


@pytest.fixture
def here(tmp_path) -> Iterator[Place]:
    with place(tmp_path) as opened:
        yield opened


def public(here: Place) -> str:
    return "\n".join(here.said("source/old.ttl"))


def before_detectors(here: Place, text: str) -> None:
    """The record as an earlier version of the program left it: everybody sees it."""
    triples = [it.triple for it in ox.parse(SAID % (text, ""), format=ox.RdfFormat.TURTLE)]
    here.writer.replace("source/old.ttl", triples, door="ingest", agent=AGENT)


def test_a_record_that_came_before_the_detectors_is_told_and_then_hidden(here):
    before_detectors(here, NAMED)
    assert [it.code for it in shown_in_vain(here.writer, TODAY)] == ["W200"]
    assert "Cohen" in public(here)  # telling changes nothing
    assert [it.code for it in sweep(here.writer, TODAY, agent=AGENT)] == ["W200"]
    assert "Cohen" not in public(here)
    assert "Card" in public(here)
    assert any("Cohen" in it for it in here.said("source/old.ttl", Dataset.PRIVATE))
    assert shown_in_vain(here.writer, TODAY) == []


def test_a_record_without_personal_data_stays(here):
    before_detectors(here, CLEAN)
    assert sweep(here.writer, TODAY, agent=AGENT) == []
    assert "quiet class" in public(here)


def test_consent_that_runs_out_hides_a_record_that_was_shown(here):
    expires = '; ks:consentExpires "2027-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'
    here.take("old.ttl", SAID % (CLEAN, expires), today=TODAY)
    assert "quiet class" in public(here)
    assert sweep(here.writer, TODAY, agent=AGENT) == []
    assert [it.code for it in sweep(here.writer, LATER, agent=AGENT)] == ["W201"]
    assert "quiet class" not in public(here)


def test_ingesting_the_same_file_after_the_sweep_changes_nothing_more(here):
    before_detectors(here, NAMED)
    sweep(here.writer, TODAY, agent=AGENT)
    here.take("old.ttl", SAID % (NAMED, ""), today=TODAY)
    assert "Cohen" not in public(here)
    assert here.take("old.ttl", SAID % (NAMED, ""), today=TODAY).changed_triples == 0


COMPANIONS = (
    SAID.replace("%s .", "%s ; <http://purl.org/dc/terms/contributor> <https://example.org/c> .")
    + """
<https://example.org/c> a ks:Contributor ; skos:prefLabel "%s"@en .
"""
)


def test_a_contributor_who_gives_herself_away_holds_the_record_and_is_hidden_with_it(here):
    report = here.take("old.ttl", COMPANIONS % (CLEAN, "", "Dana Cohen, 052-3456789"), today=TODAY)
    assert [it.code for it in report.problems] == ["W200"]
    assert "Dana" not in "\n".join(here.everything())
    assert here.take("old.ttl", COMPANIONS % (CLEAN, "", "A coordinator in the north"), today=TODAY).problems == ()
    assert "coordinator in the north" in "\n".join(here.everything())


def test_consent_is_public_only_in_so_many_letters(here):
    here.take("old.ttl", (SAID % (CLEAN, "")).replace('"public"', '"Public"'), today=TODAY)
    assert "quiet class" not in public(here)


def part_before_parts(here: Place) -> None:
    """Something with a name in it that belongs to the record, as an earlier version of the program left it."""
    text = f"<https://example.org/e> <{DCTERMS.isPartOf}> {RECORD} ; <{DCTERMS.title}> '{NAMED}' ."
    triples = [it.triple for it in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    here.writer.replace("source/part.ttl", triples, door="ingest", agent=AGENT)


def test_a_part_of_a_private_record_that_was_left_behind_is_told_and_then_hidden(here):
    here.take("old.ttl", (SAID % (CLEAN, "")).replace('"public"', '"team"'), today=TODAY)
    part_before_parts(here)
    assert [it.code for it in shown_in_vain(here.writer, TODAY)] == ["W206"]
    assert [it.code for it in sweep(here.writer, TODAY, agent=AGENT)] == ["W206"]
    assert not {it for it in here.everything() if "Cohen" in it or RECORD in it}
    assert shown_in_vain(here.writer, TODAY) == []


def test_a_name_in_a_part_that_another_file_describes_hides_both(here):
    before_detectors(here, CLEAN)
    part_before_parts(here)
    assert [it.code for it in shown_in_vain(here.writer, TODAY)] == ["W200"]
    sweep(here.writer, TODAY, agent=AGENT)
    assert not {it for it in here.everything() if "Cohen" in it or RECORD in it}
    assert "Card" in public(here)
    assert shown_in_vain(here.writer, TODAY) == []


def test_twice_the_records_that_share_a_part_cost_no_more_than_twice_the_calls(here):
    record = "<https://example.org/r{0}> a <https://w3id.org/kesher/schema#PracticeRecord> ;"
    text = record + " <http://purl.org/dc/terms/contributor> <https://example.org/c> ."
    name = "<https://example.org/c> <http://xmlns.com/foaf/0.1/name> 'A' ."

    def steps(count: int) -> int:
        return calls(lambda: here.take("v.ttl", "\n".join([name, *map(text.format, range(count))]), dry_run=True))

    steps(10)
    assert steps(200) <= 2.2 * steps(100)
