"""Uploads to a service in a process of its own: killed while it works, cut off by the client, asked meanwhile."""

import json
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.separate import Live, live
from tests.uploading import PATH, form, spooled, tools


def send(service: Live, files: dict[str, bytes]) -> str:
    """The address of the job."""
    body, headers = form(files)
    answer = service.send(
        "POST", PATH, body, content_type=headers["Content-Type"], authorization=f"Bearer {service.token}"
    )
    assert answer.status == 202, answer.body
    return answer.headers["location"]


def job_at(service: Live, path: str) -> dict:
    return service.send("GET", path, authorization=f"Bearer {service.token}").json()


def ended(service: Live, path: str) -> dict:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if (job := job_at(service, path))["ended"]:
            return job
        time.sleep(0.05)
    raise AssertionError(json.dumps(job)[:500])


def assert_emptied(folder: Path) -> None:
    """The files of a job go right after it has ended."""
    deadline = time.monotonic() + 10
    while spooled(folder) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert spooled(folder) == []


def known_tools(service: Live) -> int:
    counted = "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a <https://w3id.org/kesher/schema#Tool> }"
    return int(service.query(counted).json()["results"]["bindings"][0]["n"]["value"])


def test_what_was_taken_in_is_ingested_although_the_server_is_killed(tmp_path):
    files = [{f"{job}-{it}.ttl": tools(job * 1000 + it * 100, 100) for it in range(4)} for job in range(3)]
    with live(tmp_path) as service:
        jobs = [send(service, it) for it in files]
        while job_at(service, jobs[0])["state"] == "queued":
            pass
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
    with live(tmp_path) as service:
        told = [ended(service, it) for it in jobs]
        assert [it["state"] for it in told] == ["done"] * 3
        for it in told:
            report = it["report"]
            assert report["read"] == 400 == report["committed"] + report["skipped"] + report["failed"]
            assert report["failed"] == 0
        assert known_tools(service) == 1200
        assert_emptied(tmp_path)


def test_an_upload_that_is_cut_off_leaves_nothing(tmp_path):
    body, headers = form({"cut.ttl": tools(0, 20_000)})
    with live(tmp_path) as service:
        head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.token}\r\n"
        head += f"Content-Type: {headers['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
            connection.sendall(head.encode() + body[: len(body) // 2])
            while not spooled(tmp_path):
                time.sleep(0.01)
        while spooled(tmp_path):
            time.sleep(0.01)
        everything = service.send("GET", "/api/v1/jobs?all=true", authorization=f"Bearer {service.token}").json()
        assert everything["jobs"] == []
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
            connection.sendall(head.encode() + body[: len(body) // 2])
            while not spooled(tmp_path):
                time.sleep(0.01)
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
        assert spooled(tmp_path)
    with live(tmp_path) as service:
        while spooled(tmp_path):
            time.sleep(0.01)
        assert job_at(service, "/api/v1/jobs")["jobs"] == []


def test_searches_are_answered_while_a_job_runs(tmp_path):
    with live(tmp_path) as service:
        job = send(service, {f"{it}.ttl": tools(it * 500, 500) for it in range(4)})
        answers, records = [], set()
        while not (now := job_at(service, job))["ended"]:
            records.add(now["progress"]["records"])
            answers.append(service.send("GET", "/api/v1/search?q=made+tool+1"))
            answers.append(service.query("ASK {}"))
        assert answers
        assert {it.status for it in answers} == {200}
        assert now["report"]["committed"] == 2000
        assert len(records) > 1


@pytest.mark.soak
def test_a_kill_at_any_moment_loses_no_record_and_counts_none_twice(tmp_path):
    moment, jobs = random.Random(7), []  # noqa: S311 - moments, not secrets
    for turn in range(12):
        with live(tmp_path) as service:
            jobs.append(send(service, {f"{turn}-{it}.ttl": tools(turn * 1000 + it * 100, 100) for it in range(4)}))
            time.sleep(moment.uniform(0, 2))
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
    with live(tmp_path) as service:
        for it in (ended(service, path) for path in jobs):
            report = it["report"]
            assert report["read"] == report["committed"] + report["skipped"]
            assert it["state"] == "done" or it["fault"]["code"] == "interrupted"
            assert report["read"] == 400 or it["fault"]
        whole = sum(job_at(service, it)["state"] == "done" for it in jobs)
        assert known_tools(service) >= 400 * whole
        assert_emptied(tmp_path)
