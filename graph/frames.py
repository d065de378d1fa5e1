"""Frames on a pipe: how the cage and its workers speak.

A frame is two lengths (unsigned 32-bit integers, big-endian), a header of the first length (a JSON object in UTF-8)
and a body of the second (bytes, as they are).
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any, TypeAlias

Header: TypeAlias = Mapping[str, Any]

_LENGTHS = struct.Struct(">II")
#: A frame that says it is longer than this is not one of ours.
_LONGEST = 1 << 30
_CHUNK = 1 << 18
_PATIENCE_S = 5.0


class Incoming:
    """One frame on its way in. It never waits: whoever waits calls `feed` with what came.

    Attributes:
        header: None until all of it is here.
        body: What is here of the body and was not taken yet.
        missing: Bytes of the body that are still to come.
    """

    def __init__(self) -> None:
        self.header: Header | None = None
        self.body = bytearray()
        self.missing = 0

    def feed(self, chunk: bytes) -> None:
        """Take in the next bytes of the frame.

        Raises:
            EOFError: there are none, or they are no frame.
        """
        if not chunk:
            raise EOFError
        self.body += chunk
        if self.header is None:
            self._read_header()
        else:
            self.missing -= len(chunk)

    def take(self) -> bytes:
        """What is here of the body; it is then gone from here."""
        taken, self.body = bytes(self.body), bytearray()
        return taken

    @property
    def whole(self) -> bool:
        """True when nothing is still to come."""
        return self.header is not None and not self.missing

    def _read_header(self) -> None:
        if len(self.body) < _LENGTHS.size:
            return
        head, body = _LENGTHS.unpack_from(self.body)
        if head + body > _LONGEST:
            raise EOFError
        start = _LENGTHS.size + head
        if len(self.body) >= start:
            self.header = json.loads(self.body[_LENGTHS.size : start])
            del self.body[:start]
            self.missing = body - len(self.body)


def write_frame(descriptor: int, header: Header, body: bytes = b"") -> None:
    """Write one frame.

    Raises:
        BrokenPipeError: nobody reads the other end.
    """
    head = json.dumps(header).encode()
    rest = memoryview(b"".join((_LENGTHS.pack(len(head), len(body)), head, body)))
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:  # an event loop that has waited for this end lets nobody wait in a write any more
            _wait_writable(descriptor)


def _wait_writable(descriptor: int) -> None:
    """Return when more can be written: at once, where the other end is about to read.

    Raises:
        BrokenPipeError: nobody reads.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    if not poll.poll(_PATIENCE_S * 1000):
        raise BrokenPipeError


def read_frame(descriptor: int, deadline: float | None = None) -> tuple[Header, bytes]:
    """Read one frame, waiting until `deadline` (seconds of time.monotonic; None: for ever).

    Raises:
        EOFError: the other end closed, or sent no frame.
        TimeoutError: the deadline passed.
    """
    frame = Incoming()
    while not frame.whole:
        if deadline is not None:
            wait_readable(descriptor, deadline)
        frame.feed(os.read(descriptor, _CHUNK))
    return frame.header or {}, frame.take()


def read_some(descriptor: int) -> bytes:
    """What is there to be read, at most a quarter of a megabyte; waits for the first byte of it."""
    return os.read(descriptor, _CHUNK)


def wait_readable(descriptor: int, deadline: float) -> None:
    """Return when there is something to be read.

    Raises:
        TimeoutError: the deadline (seconds of time.monotonic) passed.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    remaining = deadline - time.monotonic()
    if remaining <= 0 or not poll.poll(remaining * 1000):
        raise TimeoutError
