"""The service in a process of its own on a loopback port, as `kesher serve` runs it, with the hash encoder."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

from api.cli.serve import run
from api.services import open_services
from api.settings import Settings, load_settings
from api.tokens import Scope
from language.hashing import HashEncoder


@dataclass(frozen=True)
class Reply:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Live:
    """A service that runs, and how to speak to it."""

    port: int
    process: subprocess.Popen
    token: str

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> Reply:
        """One request on a connection of its own; `content_type` becomes Content-Type."""
        named = {name.replace("_", "-"): it for name, it in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, target, body or None, named)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): it for name, it in answer.getheaders()}, answer.read())

    def query(self, text: str, accept: str = "application/sparql-results+json, text/turtle") -> Reply:
        form = urlencode({"query": text}).encode()
        return self.send("POST", "/sparql", form, content_type="application/x-www-form-urlencoded", accept=accept)

    def raw(self, sent: bytes, patience: float) -> bytes:
        """Send bytes as they are: all that comes back, once the other side closes or nothing comes any more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(sent)
            connection.settimeout(patience)
            received = b""
            with suppress(TimeoutError):
                while chunk := connection.recv(65536):
                    received += chunk
            return received


@contextmanager
def live(folder: Path, triples: Iterable[ox.Triple] = (), **settings: object) -> Iterator[Live]:
    """A service over a folder with the schema and these triples; settings by their names, such as sparql_timeout_s."""
    chosen = Settings(data=folder / "kesher")
    with open_services(chosen, encoder=HashEncoder) as services:
        services.writer.replace("source/test", triples, door="test", agent=services.agent)
        token = services.tokens.create("Dana Levi", [Scope.ADMIN], 1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"data": chosen.data, "port": port, **settings}
    environment = os.environ | {f"KESHER_{name.upper()}": str(it) for name, it in given.items()}
    log = (folder / "log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", "tests.separate"], env=environment, stdout=log, stderr=log)
    try:
        yield _ready(Live(port, process, token))
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            log.close()


def _ready(started: Live) -> Live:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and started.lives:
        try:
            if started.send("GET", "/health/live").status == 200:
                return started
        except OSError:  # it does not listen yet
            time.sleep(0.1)
    raise AssertionError("the service did not start")


if __name__ == "__main__":
    with open_services(load_settings(), encoder=HashEncoder) as opened:
        run(opened)
