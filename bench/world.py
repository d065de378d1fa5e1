"""The knowledge that the comparisons run on: the starter, in a folder of its own, behind the real services."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.services import Services, open_services
from api.settings import Settings
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


@contextmanager
def starter(folder: Path) -> Iterator[Services]:
    """Services over the starter knowledge, wholly indexed."""
    with open_services(Settings(data=folder / "knowledge")) as services:
        load_starter(services.writer)
        services.search.catch_up()
        yield services


@contextmanager
def server(data: Path) -> Iterator[httpx.Client]:
    """`kesher serve` on a data folder, in a process of its own; a client that keeps its connection.

    Raises:
        RuntimeError: it is not ready within a minute.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("kesher")), "serve", "--port", str(port)]
    environment = os.environ | {"KESHER_DATA": str(data)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client)
            yield client
    finally:
        process.terminate()
        process.wait(30)


def _wait(client: httpx.Client) -> None:
    for _ in range(120):
        try:
            if client.get("/health/ready").is_success:
                return
        except httpx.TransportError:  # it does not listen yet
            pass
        time.sleep(0.5)
    raise RuntimeError("kesher serve is not ready after a minute")
