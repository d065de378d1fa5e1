"""The reading worker with readers that do what a hostile file may bring a parser to do. Run as a module."""

import ctypes
import os
import socket
import tempfile
from pathlib import Path

from ingest import caged_worker
from ingest.formats import Format
from ingest.readers import READERS
from ontology.model import Problem

KEPT = []


def told(message):
    return Problem("W199", "file", "here", str(message))


def tried(action):
    try:
        return told(f"done: {action()}")
    except OSError as error:
        return told(type(error).__name__)


def network():
    return socket.create_connection(("127.0.0.1", 9), timeout=1)


def swell():
    while True:
        KEPT.append(bytearray(1 << 24))


def turn():
    while True:
        pass


#: Asked for before the process is confined, for finding it writes there.
SCRATCH = Path(tempfile.gettempdir(), "misread")
DEEDS = {
    "turn": turn,
    "swell": swell,
    "crash": lambda: ctypes.string_at(0),
    "leave": lambda: os._exit(0),
    "stumble": lambda: KEPT.index("nothing"),
    "babble": lambda: os.write(1, b"\x00\x00\x00\x02\x00\x00\x00\x04{}oops"),
    "flood": lambda: os.write(1, b"\x00\x00\x00\x02\x3f\xff\xff\x00{}"),
}
TRIES = {
    "network": network,
    "program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - it must not come about
    "read": lambda: Path("/etc/passwd").read_text(),
    "checkout": (Path(__file__).parents[1] / "pyproject.toml").read_text,
    "write": lambda: SCRATCH.write_text("x"),
    "list": lambda: os.listdir("/"),  # noqa: PTH208 - what a parser would call
}


def misread(document, context):
    deed = document.text.strip()
    if deed in TRIES:
        yield tried(TRIES[deed])
    elif deed in DEEDS:
        yield told(DEEDS[deed]())
    else:
        yield told(deed)


if __name__ == "__main__":
    caged_worker.main({**READERS, Format.HTML: misread})
