"""A generator of load in a process of its own, cheap and the same for every server: a line of JSON in, one out.

In:  {"port": number, "targets": [path with query, ...], "accept": media ranges, "clients": number}
Out: {"seconds": of the whole, "each": [seconds of one request, ...], "bytes": of all bodies}

Each client keeps one connection and asks for the next target when it has the whole answer to the last one.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch of requests took, in seconds."""

    seconds: float
    each: list[float]
    bytes: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.each) / self.seconds

    @property
    def p50(self) -> float:
        """Median of one request."""
        return median(self.each)

    @property
    def p95(self) -> float:
        """95th percentile of one request."""
        return quantiles(self.each, n=20)[-1]


class Asker:
    """The parent's hold on the generator."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, port: int, targets: Sequence[str], accept: str, clients: int = 1) -> Batch:
        """Ask for every target; an answer that is not 200 ends the generator, and raises here."""
        wanted = {"port": port, "targets": targets, "accept": accept, "clients": clients}
        if not (self._process.stdin and self._process.stdout):
            raise RuntimeError("the generator has no pipes")
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._process.stdin.flush()
        return Batch(**json.loads(self._process.stdout.readline()))


@contextmanager
def asker() -> Iterator[Asker]:
    """A generator, until it is no longer needed."""
    process = subprocess.Popen([sys.executable, "-m", "bench.asking"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Asker(process)
    finally:
        process.kill()
        process.wait()


class _Client(asyncio.Protocol):
    def __init__(self, waiting: deque[bytes], each: list[float]) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self.bytes = 0
        self._waiting = waiting
        self._each = each

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # a socket has both ways
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._rest is None:
            head, end, self._buffer = self._buffer.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            self._begin(head.lower())
        if self._is_whole():
            self._each.append(time.perf_counter() - self._start)
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))

    def _ask(self) -> None:
        self._buffer, self._rest = b"", None
        if not self._waiting:
            self.done.set_result(self.bytes)
            self._transport.close()
            return
        self._start = time.perf_counter()
        self._transport.write(self._waiting.popleft())

    def _begin(self, head: bytes) -> None:
        if b" 200 " not in head[:16]:
            raise RuntimeError(f"{head!r} {self._buffer!r}")
        self._chunked = b"transfer-encoding: chunked" in head
        self._rest = 0 if self._chunked else int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        self._last = False

    def _is_whole(self) -> bool:
        """Take what has come of the body; True when that was the last of it."""
        while True:
            taken = min(len(self._buffer), self._rest or 0)
            self._buffer, self._rest = self._buffer[taken:], (self._rest or 0) - taken
            self.bytes += taken
            if self._rest:
                return False
            if not self._chunked or self._last:
                return True
            size, end, after = self._buffer.lstrip(b"\r\n").partition(b"\r\n")
            if not end:
                return False
            self._buffer, self._rest = after, int(size, 16)
            self._last = not self._rest
            self._rest += 2  # the end of line after a chunk


async def _answer(wanted: dict[str, object]) -> dict[str, object]:
    targets, accept, port = wanted["targets"], wanted["accept"], wanted["port"]
    if not isinstance(targets, list) or not isinstance(port, int):
        raise TypeError("see the head of bench/asking.py")
    waiting = deque(f"GET {it} HTTP/1.1\r\nHost: bench\r\nAccept: {accept}\r\n\r\n".encode() for it in targets)
    each: list[float] = []
    clients = [_Client(waiting, each) for _ in range(int(str(wanted["clients"])))]
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: sys.exit(str(context.get("exception"))))
    start = time.perf_counter()
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)
    read = sum(await asyncio.gather(*(client.done for client in clients)))
    return {"seconds": time.perf_counter() - start, "each": each, "bytes": read}


def main() -> None:
    """Answer lines until there are none."""
    for line in sys.stdin.buffer:
        print(json.dumps(uvloop.run(_answer(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
