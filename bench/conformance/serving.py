"""The services that are tested, each started anew on a folder of its own."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import structlog
import uvicorn

from api.app import create_app
from api.services import open_services
from api.settings import Settings
from api.tokens import Scope
from bench.conformance.service import Doors, Service

_PATIENCE_S = 60
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it


@contextmanager
def kesher(root: Path) -> Iterator[Service]:
    """Our app over a new data folder, on a socket; whoever asks it is an administrator."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with _folder() as folder, _quiet():
        chosen = {"data": folder / "kesher", "base_iri": f"{url}/", "port": port, "sparql_timeout_s": 30}
        settings = Settings(**chosen, sparql_strict=True)
        with open_services(settings, command="conformance") as services:
            token = services.tokens.create("W3C", [Scope.ADMIN], 1)
            with _served(create_app(services), port), httpx.Client(base_url=url, timeout=60) as client:
                client.headers["Authorization"] = f"Bearer {token}"
                yield Service(root, client, Doors("/sparql", "/sparql/update", "/graphs"), own=f"{url}/graph/")


@contextmanager
def oxigraph_serve(root: Path) -> Iterator[Service]:
    """`oxigraph serve`, from the PyPI package `oxigraph`, in memory.

    Raises:
        RuntimeError: it is not installed, or not ready within a minute.
    """
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        raise RuntimeError("the report needs `oxigraph serve`: pip install oxigraph")
    port = _free_port()
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        # Its 404 to HEAD has a body, which would be read as the beginning of the next response on a kept connection.
        once = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=once) as client:
            _await(client)
            yield Service(root, client, Doors("/query", "/update", "/store"))
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is thrown away; in memory where the system has a place for that, for hundreds of writes wait."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the log of more than a thousand requests; what goes wrong inside is still told."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _served(app: object, port: int) -> Iterator[None]:
    """Serve an app with the options of `kesher serve`, in a thread."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, proxy_headers=False, server_header=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        if not thread.is_alive():
            raise RuntimeError("the server ended before it began to serve")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _await(client: httpx.Client) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        try:
            client.get("/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing answered within {_PATIENCE_S} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
