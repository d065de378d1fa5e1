"""SPARQL endpoints for tests: the real one that `oxigraph serve` is, and servers that hang, lie or break off."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest

OXIGRAPH = Path(sys.executable).with_name("oxigraph")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Oxigraph:
    """A server of its own over a folder, that may be killed and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        if not OXIGRAPH.is_file():
            pytest.skip("needs the server of the package `oxigraph` (the extra `test` brings it)")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [OXIGRAPH, "serve", "--location", folder, "--bind", f"127.0.0.1:{self.port}", *options]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def query_url(self) -> str:
        return f"{self.url}/query"

    @property
    def update_url(self) -> str:
        return f"{self.url}/update"

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(400):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.02)
        raise TimeoutError("oxigraph serve did not start")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Oxigraph]:
    server = Oxigraph(folder, *options)
    try:
        yield server
    finally:
        server.kill()


class Asked(BaseHTTPRequestHandler):
    """One request to a server that a test makes up; `server.answer` writes what it likes."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(
            SimpleNamespace(command=self.command, path=self.path, headers=self.headers, body=self.body)
        )
        try:
            self.server.answer(self)
        except OSError:
            self.close_connection = True

    do_GET = do_POST  # noqa: N815 - the name by which http.server finds it

    def say(self, body: bytes, media_type: str = "application/sparql-results+json", status: int = 200,
            **headers: str) -> None:  # fmt: skip
        """A whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self, media_type: str = "application/sparql-results+json") -> None:
        """The head of an answer in chunks, which may never end."""
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, body: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))

    def wait(self) -> None:
        """Until the test is over."""
        self.server.over.wait(60)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@contextmanager
def fake(answer: Callable[[Asked], None]) -> Iterator[ThreadingHTTPServer]:
    """A server that answers every request so; its `url`, and the requests it has `seen`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.daemon_threads = True
    server.answer, server.seen, server.over = answer, [], Event()
    server.url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
