"""`kesher ingest --url`: what a running server makes of the files, told as if they had been read here."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from fastapi.testclient import TestClient

from api.cli.terminal import quiet_logs
from api.services import open_services
from api.settings import load_settings
from api.tokens import Scope
from tests import test_cli
from tests.live import serving_live
from tests.serving import services_of
from tests.uploading import followed, sent, tool, tools

SAMPLES = test_cli.SAMPLES
kesher = test_cli.kesher  # the fixture


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[str, TestClient]]:
    quiet_logs()  # its log would stand among the answers
    with serving_live(tmp_path_factory.mktemp("served"), job_queue_client=2) as it:
        yield it


@pytest.fixture
def server(served, tmp_path) -> tuple[str, Path]:
    """A server, and a file with a token for it."""
    url, client = served
    token = tmp_path / "token"
    token.write_text(services_of(client).tokens.create("Dana", [Scope.INGEST], 1) + "\n")
    return url, token


def test_the_account_is_the_same_as_without_a_server(kesher, server, tmp_path):
    url, token = server
    test_cli.fill(tmp_path / "kesher")
    there = ["--url", url, "--token-file", str(token)]
    samples = tmp_path / "samples"
    shutil.copytree(SAMPLES, samples, ignore=shutil.ignore_patterns("*.pdf", "*.docx", "*.html"))
    (samples / "broken.ttl").write_text("<a> <b> ")
    (samples / "odd.exe").write_text("x")
    for more in (["--dry-run"], [], []):
        here = kesher.json("ingest", str(samples), *more)
        sent = kesher.json("ingest", str(samples), *more, *there)
        assert list(sent) == list(here)
        assert {it: sent[it] for it in sent if it not in {"problems", "difference"}} == {
            it: here[it] for it in here if it not in {"problems", "difference"}
        }
        assert sorted(map(str, sent["problems"])) == sorted(map(str, here["problems"]))
        assert sorted(map(str, sent.get("difference", {}).values())) == sorted(
            map(str, here.get("difference", {}).values())
        )
    assert kesher("ingest", str(samples), *there) == kesher("ingest", str(samples))


def test_exit_codes_are_the_same(kesher, server, tmp_path):
    url, token = server
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b> ")
    empty = tmp_path / "empty.ttl"
    empty.write_bytes(b"")
    for file in (broken, empty):
        here = kesher.json("ingest", str(file), code=1)
        assert kesher.json("ingest", str(file), "--url", url, "--token-file", str(token), code=1) == here
    kesher("ingest", str(broken), "--url", url, code=1)
    assert "needs a token" in kesher.said
    wrong = tmp_path / "wrong"
    wrong.write_text("ksh_no_such")
    kesher("ingest", str(broken), "--url", url, "--token-file", str(wrong), code=1)
    assert "token is not valid" in kesher.said
    kesher("ingest", str(broken), "--url", "http://127.0.0.1:9", "--token-file", str(token), code=1)
    assert "No Kesher server answers" in kesher.said


def test_the_token_may_stand_in_the_environment_and_is_never_printed(kesher, server, tmp_path, monkeypatch):
    url, token = server
    monkeypatch.setenv("KESHER_TOKEN", token.read_text().strip())
    (tmp_path / "a.ttl").write_bytes(tool("env", "Env"))
    assert kesher.json("ingest", str(tmp_path / "a.ttl"), "--url", url)["committed"] == 1
    assert token.read_text().strip() not in kesher("config") + kesher("config", "--json") + kesher.err


def test_a_busy_server_is_waited_for(kesher, server, served, tmp_path, monkeypatch):
    url, token = server
    client, headers = served[1], {"Authorization": f"Bearer {token.read_text().strip()}"}
    (tmp_path / "busy.ttl").write_bytes(tool("busy", "Busy"))
    waited, lock = [], services_of(client).writer._lock

    def waiting(seconds: float) -> None:
        if not waited:
            lock.release()
        waited.append(seconds)
        sleep(0.05)

    monkeypatch.setattr("api.cli.sending.time.sleep", waiting)
    lock.acquire()
    jobs = [sent(client, {"busy-0.ttl": tool("busy-0", "Busy")}, headers)]
    while client.get(jobs[0].headers["Location"], headers=headers).json()["state"] == "queued":
        pass
    jobs += [sent(client, {f"busy-{it}.ttl": tool(f"busy-{it}", "Busy")}, headers) for it in (1, 2)]
    assert kesher.json("ingest", str(tmp_path / "busy.ttl"), "--url", url, "--token-file", str(token))["committed"] == 1
    assert waited[0] == 5
    assert [followed(client, it, headers)["state"] for it in jobs] == ["done"] * 3


def test_many_files_go_in_several_jobs(kesher, server, tmp_path, monkeypatch):
    url, token = server
    folder = tmp_path / "many"
    folder.mkdir()
    for it in range(7):
        (folder / f"{it}.ttl").write_bytes(tools(it * 10, 10))
    monkeypatch.setattr("api.cli.sending._TOGETHER", 3)
    report = kesher.json("ingest", str(folder), "--source", "many", "--url", url, "--token-file", str(token))
    assert (report["read"], report["committed"]) == (70, 70)
    found = kesher("sparql", "SELECT ?g { GRAPH ?g { <https://w3id.org/kesher/id/tool/made-0> a ?c } }", "--url", url)
    assert "source/many/0.ttl" in found


def test_long_reports_are_fetched_whole(kesher, server, tmp_path):
    url, token = server
    mapping = tmp_path / "all.yaml"
    mapping.write_text("kind: tool\nid: slug\nlanguage: en\ncolumns:\n  title: label\n")
    files = [tmp_path / f"long-{it}.csv" for it in range(3)]
    for it in files:
        it.write_text("slug,title\n" + "\n".join(f"row-{it},A,B" for it in range(490)))
    for more in ([], ["--dry-run"]):
        asked = ["ingest", *map(str, files), "--mapping", str(mapping), *more]
        sent = kesher.json(*asked, "--url", url, "--token-file", str(token), code=1)
        assert len(sent["problems"]) == 1470
        assert sent == kesher.json(*asked, code=1)


def test_a_folder_that_a_server_has_open_says_how_to_reach_it(kesher, tmp_path):
    with open_services(load_settings(), command="kesher serve", url="http://127.0.0.1:8123"):
        kesher("ingest", str(SAMPLES), code=1)
        assert "--url http://127.0.0.1:8123" in kesher.said
        assert "ingest" in kesher.said
