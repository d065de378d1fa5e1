"""Harvesting over real HTTP: repositories that behave, lie, hang, and talk nonsense."""

import threading

import pyoxigraph as ox
import pytest

from ingest.harvesting import repository as asking
from ingest.harvesting.harvest import Wanted, harvest
from ingest.harvesting.repository import Limits
from ingest.pipeline import Options
from ontology.errors import InvalidParameter
from ontology.model import Report
from ontology.namespaces import DCTERMS
from tests.ingesting import AGENT, place
from tests.repositories import Asked, Reply, error, page, record, repository, title, xml


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


@pytest.fixture
def server():
    with repository() as found:
        yield found


@pytest.fixture
def bring(here, server):
    def bring(**wanted: object) -> Report:
        asked = Wanted(**{"address": server.address, "source": "repo", **wanted})
        report = harvest(asked, here.folder / "harvests", here.writer, Options(agent=AGENT))
        assert report.read == report.committed + report.skipped + report.failed
        return report

    return bring


def counts(report: Report) -> tuple[int, int, int]:
    return report.committed, report.skipped, report.failed


def codes(report: Report) -> list[str]:
    return [it.code for it in report.problems if not it.code.startswith("W22")]


def pages(*answers: Reply):
    """Answers in their order, each under the token before it."""
    return lambda asked: answers[int(asked.get("resumptionToken", "t0")[1:])]


def titles(here) -> set[str]:
    found = here.graph.quads(None, ox.NamedNode(DCTERMS.title))
    return {it.object.value for it in found if it.graph_name != here.writer.graph("catalog")}


def test_every_page_is_taken_and_the_next_harvest_asks_for_what_changed(bring, here, server):
    server.answer = pages(page(record(1), record(2), token="t1"), page(record(3)))
    assert counts(bring()) == (3, 0, 0)
    assert len(titles(here)) == 3
    assert [it.get("resumptionToken") for it in server.asked] == [None, None, "t1"]
    assert server.asked[1] == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    server.answer = lambda _asked: error("noRecordsMatch")
    last = here.ledger.last
    assert counts(bring()) == (0, 0, 0)
    assert server.asked[-1]["from"] == "2026-01-02T03:04:05Z"
    assert here.ledger.last == last


def test_set_dates_and_prefix_are_asked_for(bring, server):
    server.answer = pages(page(record(1)))
    bring(set="math", since="2020-01-01", until="2021-01-01")
    asked = {"set": "math", "from": "2020-01-01", "until": "2021-01-01"}
    assert server.asked[-1] == {"verb": "ListRecords", "metadataPrefix": "oai_dc", **asked}


def test_a_record_that_comes_again_replaces_what_it_said_and_one_that_did_not_change_is_skipped(bring, here, server):
    server.answer = pages(page(record(1), record(2, "What was said before, of lessons")))
    bring()
    server.answer = pages(page(record(1), record(2, "What is said of lessons now")))
    assert counts(bring()) == (1, 1, 0)
    assert "What is said of lessons now" in titles(here)
    assert "What was said before, of lessons" not in titles(here)
    assert len(titles(here)) == 2


def test_a_record_that_is_deleted_there_is_withdrawn_here(bring, here, server):
    server.answer = pages(page(record(1)), page(record(2)))
    bring()
    server.answer = pages(page(record(1, deleted=True)))
    report = bring()
    assert codes(report) == ["W217"]
    assert titles(here) == set()
    assert here.said("source/repo/000001") == set()


def test_what_was_cut_off_goes_on_with_its_token(bring, here, server):
    server.answer = lambda asked: page(record(1), token="t1") if "resumptionToken" not in asked else (500, {}, b"")
    report = bring()
    assert counts(report) == (1, 0, 1)
    assert codes(report) == ["E144"]
    server.answer = pages(page(record(9)), page(record(2)))
    assert counts(bring()) == (1, 0, 0)
    assert [it.get("resumptionToken") for it in server.asked if it["verb"] == "ListRecords"] == [None, "t1", "t1"]
    assert len(titles(here)) == 2


def test_a_token_that_the_repository_has_forgotten_begins_again(bring, server):
    server.answer = lambda asked: page(record(1), token="t1") if "resumptionToken" not in asked else (500, {}, b"")
    bring()
    server.answer = lambda asked: (
        error("badResumptionToken") if "resumptionToken" in asked else page(record(1), record(2))
    )
    report = bring()
    assert counts(report) == (1, 1, 0)


def test_a_token_that_is_refused_at_once_is_told(bring, server):
    server.answer = lambda asked: error("badResumptionToken") if asked.get("resumptionToken") else page(token="t1")
    report = bring()
    assert codes(report) == ["E148"]


def test_a_busy_repository_is_waited_for(bring, server, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(asking.Repository.__init__, "__kwdefaults__", {"pause": waited.append})
    busy = [(503, {"Retry-After": "7"}, b""), page(record(1))]
    server.answer = lambda _asked: busy.pop(0)
    assert counts(bring()) == (1, 0, 0)
    assert waited == [7.0]
    server.answer = lambda _asked: (503, {"Retry-After": "86400"}, b"")
    assert codes(bring()) == ["E144"]


def test_what_was_kept_and_not_read_is_read_by_the_next_run(bring, here, server, monkeypatch):
    server.answer = pages(page(record(1)))
    monkeypatch.setattr("ingest.harvesting.harvest.ingest_sources", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bring()
    monkeypatch.undo()
    server.answer = lambda _asked: error("noRecordsMatch")
    assert counts(bring()) == (1, 0, 0)
    assert len(titles(here)) == 1


@pytest.mark.parametrize(
    "location", ["http://localhost:1/oai", "file:///etc/passwd", "//192.0.2.1/oai", "http://[", ""]
)
def test_a_redirect_leads_to_no_other_server(bring, server, location: str):
    server.answer = lambda _asked: (302, {"Location": location}, b"")
    assert codes(bring()) == ["E145"]


def test_a_redirect_on_the_same_server_is_followed_but_not_for_ever(bring, server):
    server.answer = lambda asked: page(record(1)) if "moved" in asked else (302, {"Location": "/oai?moved=1"}, b"")
    assert counts(bring()) == (1, 0, 0)
    server.answer = lambda _asked: (302, {"Location": "/oai"}, b"")
    assert codes(bring()) == ["E145"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "E111"),
        (b"\x00\xff\xfe garbage", "E147"),
        (b"<html><body>Not found</body></html>", "E147"),
        (b"<OAI-PMH", "E111"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH>&a;</OAI-PMH>', "E110"),
        (b"<a>" * 5000 + b"</a>" * 5000, "E115"),
        (b"{}", "E111"),
    ],
)
def test_garbage_is_refused_and_writes_nothing(bring, here, server, body: bytes, code: str):
    server.answer = lambda _asked: (200, {}, body)
    before = here.everything()
    assert codes(bring()) == [code]
    assert here.everything() == before


def test_an_answer_that_is_too_long_or_packed_is_cut_off(bring, server):
    server.answer = lambda _asked: (200, {}, b"x" * 5000)
    assert codes(bring(limits=Limits(answer_bytes=4000))) == ["E146"]
    server.answer = lambda _asked: (200, {"Content-Encoding": "gzip"}, b"x")
    assert codes(bring()) == ["E147"]


def test_a_repository_that_hangs_is_left(bring, server):
    over = threading.Event()

    def hang(_asked: Asked) -> Reply:
        over.wait(30)
        return page(record(1))

    server.answer = hang
    report = bring(limits=Limits(silence_s=0.2))
    over.set()
    assert codes(report) == ["E146"]


def test_a_repository_without_end_is_left(bring, here, server):
    numbers = iter(range(10_000))
    server.answer = lambda _asked: page(record(next(numbers)), token=f"t{next(numbers)}")
    report = bring(limits=Limits(pages=5))
    assert codes(report) == ["E148"]
    assert len(titles(here)) == 5


def test_a_repository_that_is_not_there_is_told(bring):
    assert codes(bring(address="http://127.0.0.1:9/oai")) == ["E143"]


def test_a_clock_that_is_ahead_loses_nothing(bring, server):
    body = f"<ListRecords>{record(1)}</ListRecords>"
    server.answer = lambda _asked: xml(body, date="2999-01-01T00:00:00Z")
    bring()
    bring()
    assert server.asked[-1]["from"] < "2999"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://me:secret@127.0.0.1/", "http://192.0.2.1/", "nothing"]
)
def test_other_addresses_are_not_asked(bring, address: str):
    with pytest.raises(InvalidParameter):
        bring(address=address)


def test_a_name_belongs_to_one_repository(bring, server):
    server.answer = pages(page(record(1)))
    bring()
    with pytest.raises(InvalidParameter, match="another harvest"):
        bring(set="math")


def test_a_page_with_a_broken_record_gives_the_others(bring, here, server):
    server.answer = pages(page(record(1), "<record><header><identifier>x</identifier></header></record>"))
    report = bring()
    assert counts(report) == (1, 0, 1)
    assert [(it.code, it.file, it.place) for it in report.problems if it.code.startswith("E")] == [
        ("E135", "repo/000001.xml", "record 2 (x)")
    ]
    assert titles(here) == {title(1)}
