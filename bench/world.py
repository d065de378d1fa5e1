"""The knowledge that the comparisons run on: the starter, in a folder of its own, behind the real services."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.services import Services, open_services
from api.settings import Settings, load_settings
from ingest.starter import load_starter

#: Needs in a user's words; what they find does not matter here, only what finding it costs.
NEEDS = (
    "how can I help colleagues see what pupils are thinking during a lesson",
    "a protocol for looking at student work together",
    "giving feedback after observing a lesson without judging",
    "diagnostic questions about forces and motion",
    "reading test results with the team",
    "supporting a beginning teacher in the first year",
    "argumentation in the chemistry laboratory",
    "evidence that professional learning communities change teaching",
    "rehearsing a difficult conversation with a parent",
    "planning a lesson together and observing it",
    "mixed ability classes in mathematics",
    "which dilemmas do facilitators of video discussions meet",
)


def shared() -> Path:
    """The folder of shared real open data: the setting, else `shared` beside the checkout.

    Raises:
        SystemExit: it is not there.
    """
    folder = load_settings().shared or Path(__file__).parents[2] / "shared"
    if not (folder / "data").is_dir():
        sys.exit(f"{folder} has no data: set KESHER_SHARED to the folder of shared real data.")
    return folder


@contextmanager
def starter(folder: Path) -> Iterator[Services]:
    """Services over the starter knowledge, wholly indexed."""
    with open_services(Settings(data=folder / "knowledge")) as services:
        load_starter(services.writer)
        services.search.catch_up()
        yield services


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its port on 127.0.0.1, and its process."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def megabytes(self) -> float:
        """Memory that it takes, proportional set size in MiB; 0 where the system does not tell."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup")
        found = re.search(r"^Pss:\s+(\d+) kB", rollup.read_text(), re.MULTILINE) if rollup.exists() else None
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def server(data: Path) -> Iterator[httpx.Client]:
    """A client, which keeps its connection, of `kesher serve` on a data folder."""
    with kesher(data) as running, httpx.Client(base_url=running.url, timeout=30) as client:
        yield client


@contextmanager
def kesher(data: Path, **settings: object) -> Iterator[Server]:
    """`kesher serve` on a data folder, in a process of its own; settings by their names."""
    environment = {"KESHER_DATA": str(data)} | {f"KESHER_{name.upper()}": str(it) for name, it in settings.items()}
    with _running(lambda port: [_program("kesher"), "serve", "--port", str(port)], "/health/ready", environment) as it:
        yield it


@contextmanager
def oxigraph(location: Path) -> Iterator[Server]:
    """`oxigraph serve-read-only` on a store, the default graph being the union of all, as ours is."""
    command = [_program("oxigraph"), "serve-read-only", "--union-default-graph", "--location", str(location)]
    with _running(lambda port: [*command, "--bind", f"127.0.0.1:{port}"], "/query?query=ASK%7B%7D", {}) as it:
        yield it


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@contextmanager
def _running(command: Callable[[int], list[str]], ready: str, environment: Mapping[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command(port), env=os.environ | environment, stdout=quiet, stderr=quiet)
    try:
        started = Server(port, process.pid)
        _wait(started, ready)
        yield started
    finally:
        process.terminate()
        process.wait(30)


def _wait(started: Server, ready: str) -> None:
    for _ in range(6000):
        try:
            if httpx.get(started.url + ready, timeout=30).is_success:
                return
        except httpx.TransportError:  # it does not listen yet
            pass
        time.sleep(0.02)
    raise RuntimeError(f"{started.url} is not ready after two minutes")


@contextmanager
def trivial() -> Iterator[Server]:
    """A server that does nothing (`bench.trivial`)."""
    with _running(lambda port: [sys.executable, "-m", "bench.trivial", str(port)], "/", {}) as it:
        yield it
