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


def write_frame(descriptor: int, header: Header, body: bytes = b"") -> None:
    """Write one frame.

    Raises:
        BrokenPipeError: nobody reads the other end.
    """
    head = json.dumps(header).encode()
    rest = memoryview(b"".join((_LENGTHS.pack(len(head), len(body)), head, body)))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_frame(descriptor: int, deadline: float | None = None) -> tuple[Header, bytes]:
    """Read one frame, waiting until `deadline` (seconds of time.monotonic; None: for ever).

    Raises:
        EOFError: the other end closed, or sent no frame.
        TimeoutError: the deadline passed.
    """
    head_length, body_length = _LENGTHS.unpack(_read(descriptor, _LENGTHS.size, deadline))
    if head_length + body_length > _LONGEST:
        raise EOFError
    head = _read(descriptor, head_length, deadline)
    return json.loads(head), _read(descriptor, body_length, deadline)


def _read(descriptor: int, length: int, deadline: float | None) -> bytes:
    chunks = []
    while length:
        if deadline is not None:
            _wait(descriptor, deadline)
        if not (chunk := os.read(descriptor, length)):
            raise EOFError
        chunks.append(chunk)
        length -= len(chunk)
    return b"".join(chunks)


def _wait(descriptor: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    remaining = deadline - time.monotonic()
    if remaining <= 0 or not poll.poll(remaining * 1000):
        raise TimeoutError
