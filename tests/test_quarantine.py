"""Practice records that may hold personal data wait, unseen, until a curator has read and cleared these very texts."""

import sqlite3
from contextlib import closing
from datetime import date

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.tokens import Scope
from ingest.curate import SetValues, curate
from ingest.ledger import Dataset
from ingest.pipeline import Options
from ingest.quarantine import clear, look, waiting
from language.hashing import HashEncoder
from language.model import Model
from ontology import turtle
from ontology.errors import Conflict, InvalidParameter, StaleEdit, UnknownEntity
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.model import Report
from ontology.namespaces import KS, SKOS
from tests.ingesting import Place, place
from tests.serving import bearer, services_of, serving
from tests.test_cli import Kesher

TODAY = date(2026, 5, 1)
RECORD = Iri(f"{DEFAULT_BASE}id/practice/note")
CURATOR = "https://example.org/agent/curator"
NAMED = "Mr Cohen filmed his lesson, and Noa solved it at the board."
CLEAN = "The teacher filmed a lesson, and a pupil solved it at the board."
NOTE = "---\nconsent: public\nanonymisation: full\n{more}---\n# A lesson on ratio\n\n{text}\n"
EPISODE = f"""
@prefix ks: <{KS._NS}> . @prefix prov: <http://www.w3.org/ns/prov#> . @prefix skos: <{SKOS._NS}> .
<{RECORD}> a ks:PracticeRecord ; ks:consent "public" ; ks:anonymisation "full" ; skos:prefLabel "A lesson"@en ;
    prov:wasGeneratedBy <http://e.org/episode> ; ks:observation "All could be seen."@en .
<http://e.org/episode> a ks:TeachingEpisode ; ks:setting "{{setting}}"@en .
<http://e.org/tool> a ks:Tool ; skos:related <{RECORD}> ; skos:prefLabel "A tool"@en .
"""


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def take(here: Place, text: str, more: str = "", name: str = "note.md") -> Report:
    return here.take(name, NOTE.format(text=text, more=more), today=TODAY)


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


def public(here: Place) -> str:
    return " ".join(map(str, here.graph.quads()))


def cleared(here: Place) -> None:
    clear(here.writer, RECORD, seen=look(here.writer, RECORD, TODAY).text, agent=CURATOR, today=TODAY)


# --- held ---


def test_a_public_record_with_a_name_in_it_waits_and_the_report_says_so_without_the_name(here):
    report = take(here, NAMED)
    assert codes(report) == ["W200"]
    problem = report.problems[0]
    assert (problem.file, problem.place) == ("note.md", RECORD)
    assert "name" in problem.message
    assert "description" in problem.message
    assert "kesher clear" in problem.remedy
    assert "Cohen" not in str(report)
    assert "Noa" not in str(report)
    assert report.committed == 1
    assert "note" not in public(here)
    assert str(ox.Triple(ox.NamedNode(RECORD), ox.NamedNode(KS.status), ox.NamedNode(KS.Quarantined))) in here.said(
        "source/note.md", Dataset.PRIVATE
    )


def test_a_dry_run_says_what_would_wait(here):
    report = here.take("note.md", NOTE.format(text=NAMED, more=""), today=TODAY, dry_run=True)
    assert codes(report) == ["W200"]
    assert not list(here.private.quads())


def test_a_clean_record_is_shown_and_a_private_one_is_not_searched(here):
    assert codes(take(here, CLEAN)) == []
    assert "A lesson on ratio" in public(here)
    report = here.take("other.md", NOTE.format(text=NAMED, more="").replace("public", "school"), today=TODAY)
    assert codes(report) == []
    assert not waiting(here.writer, TODAY)


def test_the_records_that_ship_would_be_shown(here):
    for name, text in turtle.starter().items():
        report = here.take(f"{name}.ttl", text, today=TODAY, dry_run=True)
        assert not [it for it in report.problems if it.code.startswith("W17")], name


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("consent_expires: 2026-04-30\n", "W201"),
        ("consent_expires: sometime\n", "W201"),
        ("consent_expires: 9999-12-31-garbage\n", "W201"),
        ("consent_withdrawn: 2026-01-01\n", "W202"),
        ("guardian_consent: no\n", "W203"),
        ("ks:anonymisation: none\n", "W204"),
    ],
)
def test_public_consent_that_does_not_hold_today_keeps_a_record_private_and_says_why(here, more, code):
    report = take(here, CLEAN, more)
    assert codes(report) == [code]
    assert report.problems[0].remedy
    assert "note" not in public(here)
    assert not waiting(here.writer, TODAY), "only personal data is for a curator to clear"


def test_a_record_that_does_not_hide_its_persons_is_private(here):
    report = here.take("note.md", NOTE.format(text=CLEAN, more="").replace("anonymisation: full\n", ""), today=TODAY)
    assert codes(report) == ["W204"]
    assert "note" not in public(here)


def test_consent_holds_on_its_last_day_and_with_the_guardians(here):
    assert codes(take(here, CLEAN, "consent_expires: 2026-05-01\nguardian_consent: yes\n")) == []
    assert "A lesson on ratio" in public(here)


def test_a_record_goes_with_its_episode_whichever_of_them_holds_the_name(here):
    report = here.take("v.ttl", EPISODE.format(setting="In the class of Mrs Haddad"), today=TODAY)
    assert codes(report) == ["W200"]
    assert "setting" in report.problems[0].message
    assert "episode" not in public(here)
    assert str(RECORD) not in public(here)
    assert "A tool" in public(here)


def test_what_another_file_adds_is_looked_at_too_and_the_record_waits_with_it(here):
    take(here, CLEAN)
    added = f"<{RECORD}> <{SKOS.note}> 'Told by Rachel Levi' ; <{SKOS.related}> <http://e.org/other> ."
    for _ in range(2):
        assert codes(here.take("more.ttl", added, today=TODAY)) == ["W200"]
        assert "Rachel" not in public(here)
        assert str(RECORD) not in public(here)
    cleared(here)
    assert codes(here.take("more.ttl", added, today=TODAY)) == []
    assert "Rachel" in public(here)
    assert "A lesson on ratio" in public(here)


def test_consent_withdrawn_in_another_file_takes_the_record_away(here):
    take(here, CLEAN)
    text = f'<{RECORD}> <{KS.consentWithdrawn}> "2026-04-01"^^<http://www.w3.org/2001/XMLSchema#date> .'
    assert codes(here.take("consents.ttl", text, today=TODAY)) == ["W202"]
    assert str(RECORD) not in public(here)
    assert codes(take(here, CLEAN + " And more.")) == ["W202"]
    assert str(RECORD) not in public(here)


def test_a_file_cannot_clear_itself_or_hide_the_mark(here):
    take(here, NAMED)
    text = look(here.writer, RECORD, TODAY).text
    report = take(here, NAMED, f'ks:clearedText: "{text}"\n')
    assert codes(report) == ["W200", "W205"]
    assert "curator" in report.problems[1].message
    assert "note" not in public(here)
    assert text not in " ".join(here.said("source/note.md", Dataset.PRIVATE))
    edit = SetValues(Iri(str(KS.clearedText)), (ox.Literal(text),))
    with pytest.raises(InvalidParameter, match="seen it"):
        curate(here.writer, RECORD, [edit], agent=CURATOR, dataset=Dataset.PRIVATE)
    status = SetValues(Iri(str(KS.status)), (ox.NamedNode(KS.Illustrative),))
    curate(here.writer, RECORD, [status], agent=CURATOR, dataset=Dataset.PRIVATE)
    assert [it.iri for it in waiting(here.writer, TODAY)] == [RECORD]


def test_a_name_in_the_address_is_told_apart(here):
    report = take(here, CLEAN, name="rachel-levi.md")
    assert codes(report) == ["W200"]
    assert "address" in report.problems[0].message


# --- cleared ---


def test_a_curator_sees_what_was_found_and_lets_the_record_out_as_a_whole(here):
    here.take("v.ttl", EPISODE.format(setting="In the class of Mrs Haddad"), today=TODAY)
    found = look(here.writer, RECORD, TODAY)
    assert [(it.term, it.kind.value) for it in found.findings] == [("setting", "name")]
    assert "Haddad" in found.findings[0].excerpt
    cleared(here)
    assert not list(here.private.quads(None, None, None, here.writer.graph("source/v.ttl")))
    for said in ("Haddad", str(RECORD), "http://e.org/episode", "All could be seen", str(SKOS.related)):
        assert said in public(here)
    assert "Quarantined" not in public(here)
    assert here.objects("practice/note", KS.clearedText) == {f'"{found.text}"'}
    assert not waiting(here.writer, TODAY)


def test_clearing_is_a_write_of_the_curator_under_a_number(here):
    take(here, NAMED)
    last = here.ledger.last
    cleared(here)
    with closing(sqlite3.connect(here.folder / "ledger.sqlite")) as ledger:
        rows = ledger.execute("select door, agent from writes where sequence > ? and acknowledged", (last,)).fetchall()
    assert set(rows) == {("clearance", CURATOR), ("consent", CURATOR)}


def test_the_same_text_again_stays_shown_and_a_changed_one_waits_again(here):
    take(here, NAMED)
    cleared(here)
    again = take(here, NAMED)
    assert (codes(again), again.changed_triples) == ([], 0)
    assert "Cohen" in public(here)
    assert codes(take(here, NAMED + " So did David.")) == ["W200"]
    assert "Cohen" not in public(here)
    assert str(RECORD) not in public(here)
    cleared(here)
    assert "David" in public(here)
    assert codes(take(here, NAMED)) == [], "what was cleared once is cleared"


def test_a_text_that_was_mended_is_shown_without_a_clearance(here):
    take(here, NAMED)
    assert codes(take(here, CLEAN)) == []
    assert "A lesson on ratio" in public(here)
    assert not waiting(here.writer, TODAY)
    assert not here.said("source/note.md", Dataset.PRIVATE)


def test_what_has_changed_since_it_was_read_is_not_cleared(here):
    take(here, NAMED)
    seen = look(here.writer, RECORD, TODAY).text
    take(here, NAMED + " So did David.")
    with pytest.raises(StaleEdit):
        clear(here.writer, RECORD, seen=seen, agent=CURATOR, today=TODAY)
    assert "Cohen" not in public(here)


def test_clearance_does_not_stand_for_consent(here):
    take(here, NAMED, "consent_expires: 2026-05-31\n")
    seen = look(here.writer, RECORD, TODAY).text
    with pytest.raises(Conflict, match="expired"):
        clear(here.writer, RECORD, seen=seen, agent=CURATOR, today=date(2026, 6, 1))
    assert "Cohen" not in public(here)


def test_only_what_waits_can_be_cleared(here):
    take(here, CLEAN)
    with pytest.raises(UnknownEntity):
        clear(here.writer, RECORD, seen="0" * 64, agent=CURATOR, today=TODAY)
    with pytest.raises(UnknownEntity):
        look(here.writer, Iri(f"{DEFAULT_BASE}id/practice/nothing"), TODAY)


def test_withdrawn_after_clearance_is_private_with_its_clearance(here):
    take(here, NAMED)
    cleared(here)
    here.take("note.md", NOTE.format(text=NAMED, more="").replace("public", "author"), today=TODAY)
    assert str(RECORD) not in public(here)
    assert "note" not in public(here)
    assert codes(take(here, NAMED)) == []
    assert "Cohen" in public(here)


def test_what_a_curator_wrote_in_private_is_looked_at_before_it_is_shown(here):
    here.take("note.md", NOTE.format(text=CLEAN, more="").replace("public", "school"), today=TODAY)
    label = SetValues(Iri(str(SKOS.prefLabel)), (ox.Literal("Told by Rachel Levi", language="en"),), "en")
    curate(here.writer, RECORD, [label], agent=CURATOR, dataset=Dataset.PRIVATE)
    assert codes(take(here, CLEAN)) == ["W200"]
    assert "Rachel" not in public(here)
    cleared(here)
    assert "Rachel" in public(here)
    assert codes(take(here, CLEAN)) == []


# --- through the doors ---

CANARY = "Zebulonia"
#: How it is asked for: an answer repeats the question, and nothing else may have the canary in it.
ASKED = CANARY.lower()
CANARY_NOTE = NOTE.format(text=f"Mr {CANARY} filmed it; ring 052-0001234.", more="")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A server with the canary in quarantine, for tests that only read."""
    with serving(tmp_path_factory.mktemp("quarantine")) as client:
        bring(client, CANARY_NOTE)
        yield client


@pytest.fixture
def own(tmp_path):
    """The same for one test that writes."""
    with serving(tmp_path) as client:
        bring(client, CANARY_NOTE)
        yield client


def bring(client: TestClient, text: str) -> None:
    services = services_of(client)
    path = services.settings.data.parent / "note.md"
    path.write_text(text, encoding="utf-8")
    services.ingest([path], Options(agent=services.agent))


CLEAR = "/api/v1/entities/practice/note/clear"
DOORS = [
    f"/api/v1/search?q={ASKED}", "/api/v1/search?q=a lesson on ratio&kind=practice", f"/api/v1/suggest?q={ASKED}",
    "/api/v1/suggest?q=A lesson on", "/api/v1/entities/practice/note", "/api/v1/entities/practice/note/similar",
    f"/api/v1/entities?iri={RECORD}", "/id/practice/note", "/page/practice/note", f"/search?q={ASKED}", "/", "/metrics",
    "/health/ready", f"/sparql?query=ASK {{ <{RECORD}> ?p ?o }}", f"/sparql?query=DESCRIBE <{RECORD}>",
    "/sparql?query=SELECT * { GRAPH ?g { ?s ?p ?o FILTER(contains(str(?o), 'ebulon')) } }",
    "/sparql?query=SELECT ?g { GRAPH ?g { } FILTER(contains(str(?g), 'note')) }", "/api/v1/quarantine",
    "/api/v1/export?format=turtle", "/api/v1/export?format=csv", f"/api/v1/export?framework={RECORD}",
    f"/api/v1/questions/entity-facts?entity={RECORD}", "/api/v1/questions/labels-by-kind",
]  # fmt: skip


@pytest.mark.parametrize("path", DOORS)
def test_a_quarantined_record_is_behind_no_public_door(client, path):
    answer = client.get(path, headers={"Accept": "*/*"})
    assert answer.status_code < 500
    for trace in (CANARY, "052-0001234", "A lesson on ratio", "note.md"):
        assert trace not in answer.text
    if "ASK" in path:
        assert "true" not in answer.text


def test_nothing_of_a_quarantined_record_is_in_the_files_that_queries_and_search_read(client):
    services = services_of(client)
    client.get("/sparql?query=ASK { ?s ?p ?o }")
    for folder in ("graph", "index", "snapshots"):
        files = [it for it in (services.settings.data / folder).rglob("*") if it.is_file()]
        assert files or folder == "snapshots"
        assert not [it.name for it in files if CANARY.encode() in it.read_bytes()]


@pytest.mark.parametrize(
    ("scopes", "status"),
    [([], 401), ([Scope.REVIEW], 403), ([Scope.READ_PRIVATE], 403), ([Scope.ADMIN], 403),
     ([Scope.REVIEW, Scope.READ_PRIVATE], 200)],
)  # fmt: skip
def test_only_a_curator_who_may_read_private_records_sees_what_waits(client, scopes, status):
    headers = bearer(client, *scopes) if scopes else {}
    assert client.get("/api/v1/quarantine", headers=headers).status_code == status
    answer = client.post(CLEAR, json={}, headers=headers)
    assert answer.status_code == status
    assert (CANARY in answer.text) == (status == 200)


def test_a_curator_reads_then_clears_and_everybody_finds_it(own):
    curator = bearer(own, Scope.REVIEW, Scope.READ_PRIVATE)
    listed = own.get("/api/v1/quarantine", headers=curator).json()["waiting"]
    assert [(it["iri"], it["kinds"]) for it in listed] == [(RECORD, ["name", "phone"])]
    shown = own.post(CLEAR, json={}, headers=curator)
    assert shown.headers["Cache-Control"] == "no-store"
    assert not shown.json()["cleared"]
    assert own.get("/api/v1/entities/practice/note").status_code == 404
    answer = own.post(CLEAR, json={"text": shown.json()["text"]}, headers=curator)
    assert (answer.status_code, answer.json()["cleared"]) == (200, True)
    assert own.get("/api/v1/entities/practice/note").json()["statuses"] == ["unverified"]
    hits = own.get(f"/api/v1/search?q={ASKED}").json()["hits"]
    assert RECORD in [it["iri"] for it in hits]
    assert own.post(CLEAR, json={}, headers=curator).status_code == 404


def test_a_text_that_changed_after_it_was_shown_is_not_cleared(own):
    curator = bearer(own, Scope.REVIEW, Scope.READ_PRIVATE)
    shown = own.post(CLEAR, json={}, headers=curator).json()
    bring(own, CANARY_NOTE.replace("filmed it", "filmed it with Noa"))
    assert own.post(CLEAR, json={"text": shown["text"]}, headers=curator).status_code == 412
    assert own.post(CLEAR, json={"text": "yes"}, headers=curator).status_code == 422
    assert own.get("/api/v1/entities/practice/note").status_code == 404


def test_the_command_line_lists_shows_and_clears(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("KESHER_DATA", str(tmp_path / "kesher"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("api.searching.find_model", lambda _: Model("hash@256", tmp_path, frozenset({"en"})))
    monkeypatch.setattr("api.searching.open_encoder", lambda *_: HashEncoder())
    kesher = Kesher(monkeypatch, capsys)
    note = tmp_path / "note.md"
    note.write_text(CANARY_NOTE, encoding="utf-8")
    report = kesher.json("ingest", str(note))
    assert [it["code"] for it in report["problems"]] == ["W200"]
    assert CANARY not in str(report)
    listed = kesher("clear")
    assert str(RECORD) in listed
    assert CANARY not in listed, "the list says which kinds, not what"
    assert CANARY in kesher("clear", "note")
    assert not kesher.json("clear", "practice/note")["cleared"]
    assert "Cleared" in kesher("clear", RECORD, "--yes")
    assert "Nothing is in quarantine" in kesher("clear")
    assert "not in quarantine" in kesher.json("clear", "note", code=1)["error"]["message"]
