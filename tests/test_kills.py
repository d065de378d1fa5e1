"""kill -9, at every named point of a write and at random moments of a server: nothing acknowledged is ever lost."""

import http.client
import json
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from api.backup import backups
from api.services import Services, open_services
from api.settings import Settings
from api.tokens import Scope
from language.hashing import HashEncoder
from tests.forked import forked, start
from tests.killing import AGENT, PARTS, POINTS, die_at, serve, subject, turtle

TIMES = 5


def held(services: Services) -> dict[int, int]:
    """How many of its parts each record in the public graph has."""
    found = Counter[int]()
    for part in range(PARTS):
        quads = services.graph.quads(predicate=ox.NamedNode(f"http://e.org/p{part}"))
        found.update({int(it.object.value) for it in quads})
    return dict(found)


def faults(services: Services) -> list[object]:
    """Every way in which ledger, graphs and index differ, once the index has caught up."""
    services.search.catch_up()
    behind = services.ledger.last - services.search.watermark
    return [*services.agreement.look(), *services.search.disagreements(), *[behind] * bool(behind)]


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_a_named_point_loses_nothing(tmp_path, point):
    folder = tmp_path / "data"
    for number in range(1, TIMES + 1):
        assert forked(die_at, str(folder), point, number) == -signal.SIGKILL
        with open_services(Settings(data=folder), command="test", encoder=HashEncoder) as services:
            found = held(services)
            assert set(range(1, number + 1)) <= found.keys()
            assert set(found.values()) == {PARTS}
            assert not faults(services)
            assert len([it for it in (folder / "index").iterdir() if it.is_dir() and "_" not in it.name]) == 1
    for path, manifest in [*backups(folder / "backups"), *backups(tmp_path / "safe")]:
        manifest.expect(path)


@dataclass
class Loop:
    """A server that is killed again and again while others write to it.

    Attributes:
        acknowledged: Numbers of the records whose writing was answered, or told by the ingestion.
        lost, torn, mismatched: What must stay empty.
    """

    folder: Path
    acknowledged: set[int] = field(default_factory=set)
    curated: int = 0
    lost: set[int] = field(default_factory=set)
    torn: set[int] = field(default_factory=set)
    mismatched: list[object] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    token: str = ""

    def prepare(self) -> None:
        with open_services(Settings(data=self.folder / "data"), command="test", encoder=HashEncoder) as services:
            self.token = services.tokens.create("Dana Levi", [Scope.ADMIN], 1)
            triples = [it.triple for it in ox.parse(turtle(0), ox.RdfFormat.TURTLE)]
            services.writer.replace("source/0", triples, door="test", agent=AGENT)

    def round(self, chance: random.Random) -> None:
        """One life of the server, ended at a random moment, and what was left of it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        told, stopping = self.folder / "told", Event()
        told.write_text("")
        process = start(serve, str(self.folder), port, str(told), 1_000_000 + next(self.numbers) * 10_000)
        writers = [
            Thread(target=self._write, args=(it, port, stopping)) for it in (self._update, self._put, self._curate)
        ]
        try:
            self._await(port)
            for it in writers:
                it.start()
            time.sleep(chance.uniform(0.2, 1.8))
        finally:
            process.kill()
            stopping.set()
            for it in writers:
                it.join()
            process.join()
        ingested = {int(it) for it in told.read_text().split("\n")[:-1]}
        self.answered["ingest"] += len(ingested)
        self.acknowledged |= ingested
        self._look()

    def _look(self) -> None:
        with open_services(Settings(data=self.folder / "data"), command="test", encoder=HashEncoder) as services:
            found = held(services)
            self.lost |= self.acknowledged - found.keys()
            self.torn |= {number for number, parts in found.items() if parts != PARTS}
            said = {it.object.value for it in services.graph.quads(ox.NamedNode(subject(0))) if "curated" in str(it)}
            numbers = {int(it.rpartition(" ")[2]) for it in said}
            if len(said) not in {0, 2} or len(numbers) > 1:
                self.torn.add(0)
            if max(numbers, default=0) < self.curated:
                self.lost.add(0)
            self.mismatched += faults(services)

    def _await(self, port: int) -> None:
        for _ in range(600):
            with suppress(OSError):
                if self._send(port, "GET", "/health/live", "", {}) == 200:
                    return
            time.sleep(0.02)
        raise AssertionError("the server did not start")

    def _write(self, one: Callable[[int, int], bool], port: int, stopping: Event) -> None:
        while not stopping.is_set():
            with suppress(OSError, http.client.HTTPException):
                if one(port, next(self.numbers)):
                    self.answered[one.__name__.strip("_")] += 1

    def _update(self, port: int, number: int) -> bool:
        text = f"INSERT DATA {{ GRAPH <http://e.org/updates> {{ {turtle(number)} }} }}"
        return self._noted(
            number, self._send(port, "POST", "/sparql/update", text, {"Content-Type": "application/sparql-update"})
        )

    def _put(self, port: int, number: int) -> bool:
        target = f"/graphs?graph={quote(f'http://e.org/graph/{number}')}"
        return self._noted(number, self._send(port, "PUT", target, turtle(number), {"Content-Type": "text/turtle"}))

    def _curate(self, port: int, number: int) -> bool:
        notes = ("skos:note", "skos:scopeNote")
        said = [{"predicate": it, "lang": "en", "values": [f"curated {it} {number}"]} for it in notes]
        headers = {"Content-Type": "application/json", "If-Match": "*"}
        status = self._send(port, "PATCH", "/api/v1/entities/tool/t0", json.dumps({"edits": said}), headers)
        if done := status == 200:
            self.curated = max(self.curated, number)
        return done

    def _noted(self, number: int, status: int) -> bool:
        if done := status in {200, 201, 204}:
            self.acknowledged.add(number)
        return done

    def _send(self, port: int, method: str, target: str, body: str, headers: dict[str, str]) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request(
                method, target, body.encode() or None, headers | {"Authorization": f"Bearer {self.token}"}
            )
            answer = connection.getresponse()
            answer.read()
            return answer.status


def killed(folder: Path, times: int) -> Loop:
    """A loop of so many kills."""
    loop, chance = Loop(folder), random.Random(11)  # noqa: S311 - the same moments every time, as far as it goes
    loop.prepare()
    for _ in range(times):
        loop.round(chance)
    return loop


def expect_nothing_lost(loop: Loop) -> None:
    assert not loop.lost
    assert not loop.torn
    assert not loop.mismatched
    assert set(loop.answered) == {"update", "put", "curate", "ingest"}, "each door was written through"


def test_a_server_that_is_killed_at_random_loses_nothing(tmp_path):
    expect_nothing_lost(killed(tmp_path, 20))


@pytest.mark.soak
def test_a_server_that_is_killed_two_hundred_times_loses_nothing(tmp_path, counted):
    loop = killed(tmp_path, 200)
    answered = ", ".join(f"{number} by {door}" for door, number in sorted(loop.answered.items()))
    counted(
        f"200 kills at random: {sum(loop.answered.values())} acknowledged ({answered}); "
        f"{len(loop.lost)} lost, {len(loop.torn)} half-written, {len(loop.mismatched)} mismatches"
    )
    expect_nothing_lost(loop)
