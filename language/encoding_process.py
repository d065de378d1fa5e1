"""The parent's hold on the process that encodes documents (`language.encoding_worker`)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np

from language.encoder import Matrix
from ontology.errors import Misconfigured, NotReady

_MODULE = "language.encoding_worker"


class EncodingProcess:
    """Documents are encoded in a process of its own, which starts with the first order and ends when it has none.

    So the process that serves or commands never imports torch, its searches do not wait for a lock that encoding
    holds, and what encoding takes of memory is given back. One order at a time.

    Args:
        model: Name or folder of the model, as for `find_model`.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._ordering = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def export(self, folder: Path) -> None:
        """Export the model into a folder.

        Raises:
            Misconfigured: the model cannot be loaded, or the folder not be written.
            NotReady: the process ended before it was done.
        """
        self._order({"export": str(folder)})

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, as of `Encoder.encode_documents`. Raises what `export` does."""
        return self._order({"texts": list(texts)})

    def close(self) -> None:
        """End the process; the next order starts another."""
        with self._ordering:
            self._end()

    def _order(self, order: dict[str, Any]) -> Matrix:
        """The answer to an order. A process that has ended, of itself or by force, is replaced once."""
        line = json.dumps({"model": self._model, **order}).encode() + b"\n"
        with self._ordering:
            try:
                return _exchange(self._running(), line)
            except (BrokenPipeError, EOFError):
                self._end()
            try:
                return _exchange(self._running(), line)
            except (BrokenPipeError, EOFError) as error:
                self._end()
                raise NotReady(
                    "The process that encodes documents ended before it was done; it may lack memory.",
                    remedy="Try again, or give the machine more memory.",
                ) from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and a module of ours
                [sys.executable, "-I", "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C in the terminal is for the parent
            )
            self._finish = finalize(self, _end, self._process)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._finish()
            self._process = None


def _exchange(process: subprocess.Popen[bytes], line: bytes) -> Matrix:
    """Give one order and wait for what comes of it; an empty matrix for an order that asks for none.

    Raises:
        Misconfigured: the order cannot be carried out.
        BrokenPipeError, EOFError: the process is no more.
    """
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    process.stdin.write(line)
    process.stdin.flush()
    head = process.stdout.readline()
    if not head:
        raise EOFError
    told = json.loads(head)
    if "error" in told:
        raise Misconfigured(told["error"], remedy=told["remedy"])
    rows, columns = told.get("rows", 0), told.get("columns", 0)
    body = process.stdout.read(4 * rows * columns)
    if len(body) < 4 * rows * columns:
        raise EOFError
    return np.frombuffer(body, dtype="<f4").reshape(rows, columns).astype(np.float32)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # it holds nothing that it must put away: an export appears whole or not at all
    process.communicate()
