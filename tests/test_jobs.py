"""The queue of jobs: bounded, fair, cancelled in time, taken up again, and never in the way of a search."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.jobs.book import JobBook
from api.jobs.job import Asked, Job, State
from api.jobs.queue import MOST_STARTS
from api.jobs.spool import Spool
from api.services import open_services
from api.settings import Settings
from api.tokens import Scope
from ingest.pipeline import Options
from language.hashing import HashEncoder
from ontology.errors import DiskLow
from ontology.kinds import Iri
from ontology.model import Report
from tests.serving import services_of
from tests.uploading import followed, form, sent, spooled, tool, tools


@pytest.fixture
def client(tmp_path) -> Iterator[TestClient]:
    bounds = {"job_queue": 6, "job_queue_client": 4, "max_upload_mb": 1}
    with open_services(Settings(data=tmp_path / "kesher", **bounds), encoder=HashEncoder) as services:
        (tmp_path / "club.ttl").write_bytes(tool("club", "Video club"))
        services.ingest([tmp_path / "club.ttl"], Options(agent=services.agent))
        yield TestClient(create_app(services), raise_server_exceptions=False)


def holder(client, name: str, *scopes: Scope) -> dict[str, str]:
    return {"Authorization": f"Bearer {services_of(client).tokens.create(name, [Scope.INGEST, *scopes], 1)}"}


@contextmanager
def nothing_is_written(client) -> Iterator[None]:
    """While this lasts, a job that has read a file waits for the writer."""
    with services_of(client).writer._lock:
        yield


def state(client, answer, headers) -> str:
    return client.get(answer.headers["Location"], headers=headers).json()["state"]


def wait_for(client, answer, headers, wanted: str) -> None:
    while state(client, answer, headers) != wanted:
        pass


def test_a_flood_is_told_to_wait_and_others_still_get_in(client, tmp_path):
    dana, noa, rami = (holder(client, it) for it in ("Dana", "Noa", "Rami"))
    with nothing_is_written(client):
        first = sent(client, {"first.ttl": tool("first", "First")}, dana)
        wait_for(client, first, dana, "reading")
        flood = [sent(client, {f"{it}.ttl": tool(f"flood-{it}", f"Flood {it}")}, dana) for it in range(30)]
        taken = [it for it in flood if it.status_code == 202]
        refused = [it for it in flood if it.status_code == 429]
        assert (len(taken), len(refused)) == (4, 26)
        assert all(int(it.headers["Retry-After"]) > 0 for it in refused)
        assert {it.json()["type"].rpartition("/")[2] for it in refused} == {"too-many-jobs"}
        others = [sent(client, {f"n{it}.ttl": tool(f"noa-{it}", f"Noa {it}")}, noa) for it in range(2)]
        full = sent(client, {"r.ttl": tool("rami", "Rami")}, rami)
        assert [it.status_code for it in others] == [202, 202]
        assert (full.status_code, full.json()["type"].rpartition("/")[2]) == (503, "queue-full")
        assert int(full.headers["Retry-After"]) > 0
        assert [client.get(it.headers["Location"], headers=dana).json()["before"] for it in taken] == [0, 1, 2, 3]
        assert client.get("/api/v1/search", params={"q": "video club"}).json()["hits"]
    jobs = [followed(client, it, dana) for it in taken] + [followed(client, it, noa) for it in others]
    assert {it["state"] for it in jobs} == {"done"}
    order = [it["by"] for it in sorted(jobs, key=lambda it: it["started"])]
    assert order == ["Noa", "Dana", "Noa", "Dana", "Dana", "Dana"]
    assert spooled(tmp_path) == []
    assert sent(client, {"r.ttl": tool("rami", "Rami")}, rami).status_code == 202


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_reads_at_its_next_record(client, tmp_path):
    dana = holder(client, "Dana")
    with nothing_is_written(client):
        reading = sent(client, {"reading.ttl": tools(0, 50)}, dana)
        wait_for(client, reading, dana, "reading")
        waiting = sent(client, {"waiting.ttl": tools(50, 5)}, dana)
        assert client.delete(waiting.headers["Location"], headers=dana).json()["state"] == "cancelled"
        assert client.delete(reading.headers["Location"], headers=dana).status_code == 202
    for answer in (reading, waiting):
        job = followed(client, answer, dana)
        assert (job["state"], job["report"]["committed"]) == ("cancelled", 0)
    assert client.get("/api/v1/entities/tool/made-0").status_code == 404
    assert spooled(tmp_path) == []
    late = client.delete(reading.headers["Location"], headers=dana)
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "conflict")


def test_what_is_written_in_part_is_not_cancelled(client, monkeypatch):
    dana, services = holder(client, "Dana"), services_of(client)
    files = {f"{it}.ttl": tool(f"part-{it}", f"Part {it}") for it in range(2)}
    refused = []

    def too_late(*_: object) -> int:
        (job,) = services.jobs.book.interrupted()
        refused.append(client.delete(f"/api/v1/jobs/{job.id}", headers=dana).status_code)
        return 7 if len(refused) == 1 else 0

    monkeypatch.setattr(services.search, "catch_up", too_late)
    job = followed(client, sent(client, files, dana), dana)
    assert set(refused) == {409}
    assert (job["state"], job["report"]["committed"], job["report"]["encoded"]) == ("done", 2, 7)


def test_an_upload_that_is_too_large_leaves_nothing(client, tmp_path):
    dana = holder(client, "Dana")
    answer = sent(client, {"large.ttl": bytes(3 << 20)}, dana)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    body, own = form({"large.ttl": bytes(3 << 20)})
    in_pieces = client.post("/api/v1/ingest", content=iter([body[:100], body[100:]]), headers=own | dana)
    assert in_pieces.status_code == 413
    assert spooled(tmp_path) == []
    job = sent(client, {"a.ttl": tools(0, 10), "little.ttl": b"#" * ((1 << 20) + 1)}, dana)
    problems = followed(client, job, dana)["report"]["problems"]
    assert [it["file"] for it in problems if it["code"] == "E102"] == ["little.ttl"]


def test_a_disk_without_room_is_told_before_anything_is_kept(tmp_path):
    spool = Spool(tmp_path / "uploads", 1 << 62)
    with pytest.raises(DiskLow), spool.receiving("x", 1):
        pass
    assert not (tmp_path / "uploads").exists()
    with open_services(Settings(data=tmp_path / "kesher", disk_reserve_mb=1 << 40), encoder=HashEncoder) as services:
        answer = sent(TestClient(create_app(services)), {"a.ttl": tool("a", "A")})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (507, "disk-low")
        assert answer.headers["Retry-After"]


def test_what_fails_inside_ends_that_job_and_tells_nobody_how(client, monkeypatch):
    dana, services = holder(client, "Dana"), services_of(client)

    def broken(*_: object) -> int:
        raise RuntimeError("/srv/secret")

    with monkeypatch.context() as patch:
        patch.setattr(services.search, "catch_up", broken)
        job = followed(client, sent(client, {"a.ttl": tool("inside", "Inside")}, dana), dana)
    assert (job["state"], job["fault"]["code"], job["report"]["committed"]) == ("failed", "internal-error", 1)
    assert "secret" not in str(job)
    assert followed(client, sent(client, {"b.ttl": tool("after", "After")}, dana), dana)["state"] == "done"


def left_behind(book: JobBook, spool: Spool, files: int, begun: int) -> Job:
    """A job as a process leaves it that is killed while it runs for the nth time; its first file was done."""
    job = Job(
        uuid4().hex, Iri("https://example.org/agent/x"), "X", Asked(),
        tuple(f"left-{it}.ttl" for it in range(files)), datetime.now(UTC),
    )  # fmt: skip
    with spool.receiving(job.id, 0) as folder:
        for it in range(files):
            (folder / str(it)).write_bytes(tool(f"left-{it}", f"Left {it}"))
    book.add(job)
    for it in range(begun):
        if it:
            book.wait_again(job.id, counted=True)
        assert book.begin(job.id)
    if begun:
        book.account(job.id, Report(read=1, committed=1, changed_triples=2), ((), ()), 1)
        book.enter(job.id, State.COMMITTING)
    return job


def test_what_an_earlier_process_left_is_taken_up(tmp_path):
    with open_services(Settings(data=tmp_path), encoder=HashEncoder) as services:
        book, spool = services.jobs.book, services.jobs.spool
        waiting, running, hopeless = (left_behind(book, spool, 3, it) for it in (0, 1, MOST_STARTS))
        with spool.receiving("cut-off", 0) as folder:
            (folder / "0").write_bytes(b"half")
        services.jobs.start()
        jobs = {}
        while not all(it.state.ended for it in jobs.values()) or not jobs:
            jobs = {it.id: book.get(it.id) for it in (waiting, running, hopeless)}
        told = [(it.state, it.starts, it.report.read) for it in jobs.values()]
        assert told == [("done", 1, 3), ("done", 2, 3), ("failed", MOST_STARTS, 1)]
        assert jobs[hopeless.id].fault.code == "interrupted"
    assert list((tmp_path / "uploads").iterdir()) == []


def test_closing_puts_the_job_back_and_the_next_process_ends_it(tmp_path):
    with open_services(Settings(data=tmp_path), encoder=HashEncoder) as services:
        queue = services.jobs
        job = left_behind(queue.book, queue.spool, 3, 0)
        with services.writer._lock:
            queue.start()
            while queue.book.get(job.id).state is not State.READING:
                pass
            closing = Thread(target=queue.close)
            closing.start()
            while not queue._running[1]._halted:
                pass
        closing.join()
        left = queue.book.get(job.id)
        assert (left.state, left.starts, left.report.read) == (State.QUEUED, 0, 0)
    with open_services(Settings(data=tmp_path), encoder=HashEncoder) as services:
        services.jobs.start()
        while not services.jobs.book.get(job.id).state.ended:
            pass
        assert services.jobs.book.get(job.id).report.read == 3
        assert services.jobs.book.get(job.id).state is State.DONE
