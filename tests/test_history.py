"""The history of an entry: who changed it when, what changed, and what is not kept."""

import sqlite3
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as some

from api.tokens import Scope
from ingest.curate import SetValues, Undo, curate
from ingest.draft import subjects
from ingest.overlay import stated
from ingest.turns import MOST, said_at, said_of
from ontology.errors import NotFound
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.namespaces import KS, SKOS
from tests.ingesting import AGENT, Place, place
from tests.serving import bearer, serving

CLUB = Iri(f"{DEFAULT_BASE}id/tool/club")
LABEL, NOTE, GRADE = Iri(str(SKOS.prefLabel)), Iri(str(SKOS.note)), Iri(str(KS.researchGrade))
HEAD = "@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
TURTLE = HEAD + '<https://w3id.org/kesher/id/tool/club> a ks:Tool ; skos:prefLabel "Club"@en ; ks:researchGrade 2 .'


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("history")) as made:
        yield made


def test_each_version_has_its_agent_its_time_and_its_difference(client):
    path, who = "/api/v1/entities/concept/walrus", bearer(client, Scope.REVIEW)
    client.put(path, json={"labels": {"en": "Walrus", "he": "ניבתן"}}, headers=who)
    for asked in ({"status": "published"}, {"labels": {"en": "Sea walrus"}}, {"status": "retired"}):
        assert client.patch(path, json=asked, headers=who | {"If-Match": "*"}).status_code == 200
    shown = client.get(f"{path}/history").json()
    assert shown["iri"] == client.get(path).json()["iri"]
    newest, edited, first = shown["versions"]
    assert {it["agent"] for it in shown["versions"]} == {f"{DEFAULT_BASE}agent/dana-levi"}
    assert newest["ended"] >= edited["ended"] >= first["ended"]
    assert (edited["activity"], edited["removed"], edited["added"], first["removed"]) == ("curation", 1, 1, None)
    drafted = client.get(f"{path}/history", headers=who).json()["versions"]
    assert [it["activity"] for it in drafted].count("draft") == 2
    difference = client.get(f"{path}/difference", params={"from": first["version"], "to": edited["version"]}).json()
    assert [(it["term"], it["lang"], it["value"]) for it in difference["removed"]] == [
        ("skos:prefLabel", "en", "Walrus")
    ]
    assert [(it["lang"], it["value"]) for it in difference["added"]] == [("en", "Sea walrus")]
    assert [it["version"] for it in difference["versions"]] == [edited["version"]]
    last = client.get(f"{path}/difference").json()
    assert {it["value"].rpartition("#")[2] for it in last["added"]} == {"Retired"}
    born = client.get(f"{path}/difference?from=0&to={first['version']}").json()
    assert (born["removed"], {it["value"] for it in born["added"]} >= {"Walrus", "ניבתן"}) == ([], True)


def test_what_a_large_file_brought_has_no_earlier_version(client):
    path, who = "/api/v1/entities/tool/rtop", bearer(client, Scope.REVIEW)
    client.patch(path, json={"labels": {"en": "Another"}}, headers=who | {"If-Match": "*"})
    edited = client.get(f"{path}/history").json()["versions"][0]
    assert (edited["activity"], edited["removed"], edited["added"]) == ("curation", 1, 1)
    assert client.get(f"{path}/difference?from={edited['version'] - 1}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?from=9&to=3", 422),
        ("?from=-1", 422),
        ("?from=x", 422),
        ("?to=1000000000000000000", 422),
        ("?from=5&to=5", 200),
    ],
)
def test_versions_that_are_none(client, asked, status):
    client.put(
        "/api/v1/entities/concept/seal", json={"labels": {"en": "Seal"}, "status": "published"},
        headers=bearer(client, Scope.REVIEW) | {"If-None-Match": "*"},
    )  # fmt: skip
    assert client.get(f"/api/v1/entities/concept/seal/difference{asked}").status_code == status


def test_nobody_learns_the_history_of_what_they_may_not_see(client):
    for path in ("/api/v1/entities/practice/quiet-class", "/api/v1/entities/tool/none"):
        assert client.get(f"{path}/history").status_code == 404
        assert client.get(f"{path}/difference").status_code == 404


# --- what the ledger keeps ---


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def acts(here: Place):
    return here.ledger.acts_on(CLUB, "", drafts=False)


def text(word: str) -> ox.Literal:
    return ox.Literal(word, language="en")


def test_a_large_write_is_told_and_not_kept(here):
    here.take("a.ttl", TURTLE)
    many = HEAD + "".join(f"<urn:x:{number}> a ks:Tool .\n" for number in range(MOST + 1))
    here.take("big.ttl", TURTLE.replace("researchGrade 2", "fieldGrade 1") + many.removeprefix(HEAD))
    assert [bool(it.turn) for it in acts(here)] == [True, False]
    with pytest.raises(NotFound, match="is not kept"):
        said_at(here.graph, CLUB, DEFAULT_BASE, acts(here), 0)


def test_an_entry_that_goes_takes_what_was_said_of_it_out_of_the_ledger(here):
    here.take("a.ttl", TURTLE)
    curate(here.writer, CLUB, [SetValues(NOTE, (text("Octopus secret"),), "en")], agent=AGENT)
    curate(here.writer, CLUB, [SetValues(NOTE, (text("Another"),), "en")], agent=AGENT)
    assert "Octopus" in str(here.ledger._rows("select removed, added from turns"))
    curate(here.writer, CLUB, [Undo(NOTE, "en")], agent=AGENT)
    here.writer.replace("source/a.ttl", [], door="test", agent=AGENT)
    assert here.ledger._rows("select * from turns") == []
    assert [it.door for it in acts(here)] == ["ingest", "curation", "curation", "curation", "test"]
    here.writer.flush()  # what a write changed is kept for a while, to make it again after a kill
    here.ledger._rows("pragma wal_checkpoint(truncate)")
    assert b"Octopus" not in b"".join(it.read_bytes() for it in here.folder.glob("ledger.sqlite*"))


def test_of_practice_records_nothing_is_kept(here):
    record = "---\nid: club\nconsent: public\nanonymisation: full\n---\n# A lesson\n\nOctopus text.\n"
    here.take("note.md", record)
    here.take("note.md", record.replace("Octopus text", "Squid text"))
    assert "topus" not in str(here.ledger._rows("select * from turns"))
    iri = Iri(f"{DEFAULT_BASE}id/practice/club")
    assert [it.turn for it in here.ledger.acts_on(iri, "", drafts=False)] == [None, None]


def test_a_ledger_of_before_gets_its_table(tmp_path):
    with place(tmp_path) as found:
        found.take("a.ttl", TURTLE)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as database:
        database.execute("drop table turns")
    database.close()
    with place(tmp_path) as found:
        assert [it.turn for it in acts(found)] == [None]


# --- random edits x random re-ingests ---

WORDS = some.sampled_from(["Club", "Video club", "מועדון", "نادٍ", "x"])
SLOTS = some.sampled_from([(LABEL, "en"), (LABEL, "he"), (NOTE, "en"), (NOTE, "")])
EDITS = some.builds(
    lambda slot, words: (slot, None if words is None else tuple(sorted(words))),
    SLOTS,
    some.one_of(some.none(), some.sets(WORDS, max_size=2)),
)
FILES = some.builds(
    lambda name, said: (name, sorted(said)),
    some.sampled_from(["a.ttl", "b.ttl"]),
    some.sets(some.tuples(SLOTS, WORDS), max_size=4),
)


def literal(lang: str, word: str) -> ox.Literal:
    return ox.Literal(word, language=lang) if lang else ox.Literal(word)


def turtle(said: list[tuple[tuple[Iri, str], str]]) -> str:
    lines = [f"<{CLUB}> <{slot[0]}> {literal(slot[1], word)} ." for slot, word in said]
    return "\n".join([HEAD, f"<{CLUB}> a ks:Tool .", *lines])


@settings(max_examples=20, deadline=None)
@given(steps=some.lists(some.one_of(EDITS, FILES), min_size=1, max_size=9))
def test_what_hands_wrote_stays_whatever_files_say_and_what_it_replaced_stays_visible(steps, tmp_path_factory):
    by_hand: dict[tuple[Iri, str], tuple[str, ...]] = {}
    files: dict[str, list[tuple[tuple[Iri, str], str]]] = {"a.ttl": []}
    states: list[tuple[int, frozenset[str]]] = []
    with place(tmp_path_factory.mktemp("overlay")) as here:
        here.take("a.ttl", turtle([]))
        for what, words in steps:
            if isinstance(what, str):
                files[what] = words
                here.take(what, turtle(words))
            elif words is None:
                by_hand.pop(what, None)
                curate(here.writer, CLUB, [Undo(*what)], agent=AGENT)
            else:
                by_hand[what] = words
                values = tuple(literal(what[1], it) for it in words)
                curate(here.writer, CLUB, [SetValues(what[0], values, what[1])], agent=AGENT)
            expect_overlay(here, by_hand, files)
            states.append((here.ledger.last, frozenset(map(str, said_of(here.graph, CLUB, DEFAULT_BASE)))))
        for sequence, said in states:  # every version can be had again
            assert frozenset(map(str, said_at(here.graph, CLUB, DEFAULT_BASE, acts(here), sequence))) == said


def expect_overlay(here: Place, by_hand, files) -> None:
    stood = {(slot, word) for said in files.values() for slot, word in said}
    expected = {(slot, word) for slot, words in by_hand.items() for word in words}
    expected |= {(slot, word) for slot, word in stood if slot not in by_hand}
    quads = [it for it in said_of(here.graph, CLUB, DEFAULT_BASE) if it.predicate.value in {LABEL, NOTE}]
    found = {((Iri(it.predicate.value), it.object.language or ""), it.object.value) for it in quads}
    assert found == expected
    aside = set(stated(here.graph.quads(graph=here.writer.overlay.overridden)))
    assert {it.object.value for it in aside} == {word for slot, word in stood if slot in by_hand}
    assert subjects(aside) <= {CLUB}
