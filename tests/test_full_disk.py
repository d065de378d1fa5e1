"""A full disk, several writers, and clocks that jump."""

import errno
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pyoxigraph as ox
import pytest

import ingest.catalog
import ingest.ledger
from api.tokens import Scope
from ingest.agreement import disagreements
from tests.ingesting import AGENT, Place, place
from tests.serving import bearer, services_of, serving
from tests.test_backup import record

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("part", ["apply", "keep", "acknowledge"])
def test_a_full_disk_is_507_reads_go_on_and_it_recovers(tmp_path, monkeypatch, part):
    with serving(tmp_path) as client:
        services, admin = services_of(client), bearer(client, Scope.ADMIN)
        target = services.graph if part == "apply" else services.ledger
        send = {"headers": admin | {"Content-Type": "text/turtle"}, "params": {"graph": "http://e.org/g"}}
        with monkeypatch.context() as patch:
            patch.setattr(target, part, lambda *_, **__: (_ for _ in ()).throw(FULL))
            answer = client.put("/graphs", content="<http://e.org/a> <http://e.org/p> 1 .", **send)
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (507, "disk-full")
            assert client.get("/api/v1/search", params={"q": "clock"}).status_code == 200
        assert client.put("/graphs", content="<http://e.org/a> <http://e.org/p> 2 .", **send).status_code in {201, 204}
        graph = ox.NamedNode("http://e.org/g")
        assert [it.object.value for it in services.graph.quads(graph=graph)] == ["2"]
        assert not list(disagreements(services.writer))


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of 24 MB, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]
    mounted = subprocess.run(mount, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system")
    yield disk
    subprocess.run(["/bin/umount", "--lazy", disk], check=True)


def test_a_disk_that_is_really_full_loses_nothing_and_takes_writes_again(small_disk):
    acknowledged, refused = set(), 0
    with place(small_disk / "data") as here:
        (small_disk / "ballast").write_bytes(bytes(8 << 20))
        while refused < 5:
            number = len(acknowledged) + 1
            if _written(here, number, 1500):
                acknowledged.add(number)
            else:
                refused += 1
            assert list(here.graph.quads(graph=here.writer.graph("source/1"))), "reads go on"
        (small_disk / "ballast").unlink()
        for number in range(1000, 1010):
            assert _written(here, number, 5), "it recovers by itself"
            acknowledged.add(number)
    with place(small_disk / "data") as here:
        assert not list(disagreements(here.writer))
        assert all(list(here.graph.quads(graph=here.writer.graph(f"source/{it}"))) for it in acknowledged)


def _written(here: Place, number: int, statements: int) -> bool:
    """True when a record was acknowledged, false when the disk was full."""
    subject, predicate = ox.NamedNode(f"http://e.org/{number}"), ox.NamedNode("http://e.org/p")
    triples = [ox.Triple(subject, predicate, ox.Literal(f"{number} {it}")) for it in range(statements)]
    try:
        here.writer.replace(f"source/{number}", triples, door="test", agent=AGENT)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


def test_two_writers_at_once_one_of_them_is_told(tmp_path):
    with serving(tmp_path) as client:
        admin = bearer(client, Scope.ADMIN)
        address, barrier, answers = "/api/v1/entities/tool/video-lm", threading.Barrier(4), []
        tag = client.get(address).headers["ETag"]

        def edit(number: int) -> None:
            edits = [{"predicate": "skos:note", "lang": "en", "values": [f"note {number}"]}]
            barrier.wait()
            answers.append(client.patch(address, json={"edits": edits}, headers=admin | {"If-Match": tag}).status_code)

        threads = [threading.Thread(target=edit, args=(number,)) for number in range(4)]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        assert sorted(answers) == [200, 412, 412, 412]
        assert not list(disagreements(services_of(client).writer))


class Jumping(datetime):
    """A clock that somebody sets."""

    shift = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + cls.shift


@pytest.mark.parametrize("jump", [timedelta(days=-4000), timedelta(days=4000)])
def test_a_clock_that_jumps_changes_no_order(tmp_path, monkeypatch, jump):
    with place(tmp_path) as here:
        here.writer.replace("source/1", record(1), door="test", agent=AGENT)
        for module in (ingest.ledger, ingest.catalog):
            monkeypatch.setattr(module, "datetime", Jumping)
        monkeypatch.setattr(Jumping, "shift", jump)
        here.writer.replace("source/2", record(2), door="test", agent=AGENT)
        monkeypatch.setattr(Jumping, "shift", timedelta())
        here.writer.replace("source/3", record(3), door="test", agent=AGENT)
        assert [it.sequence for it in here.ledger.changes_since(0)] == [1, 2, 3]
    with place(tmp_path) as here:
        assert here.ledger.last == here.writer.catalog().sequence == 3
        assert not list(disagreements(here.writer))
        rows = here.ledger._rows("select at from writes order by sequence")
        years = [datetime.fromisoformat(at).year for (at,) in rows]
        assert years == [datetime.now(UTC).year, (datetime.now(UTC) + jump).year, datetime.now(UTC).year]
