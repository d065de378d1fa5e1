"""Reading in a cage: what other programs packed and parsers unpack is read in a process that can be ended.

Whatever a file does to its parser, this process stays up, and the file is answered: within ten seconds and half a
gigabyte, without network, without any other file.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from graph.frames import Header, wait_readable
from graph.process import Worker
from ingest.formats import OFFICE, Format
from ingest.item_lines import items_of
from ingest.readers import READERS
from ingest.record import Context, Document, Item
from ontology.errors import KesherError, NoWorker, QueryMemoryLimit, QueryTimeout, QueryTooComplex, UnreadableFile

#: Formats that are read in a cage. RDF/XML is not: large vocabularies need more time, and a scan goes before it.
CAGED = OFFICE | {it for it in Format if it.name in {"PDF", "HTML", "JATS", "OAI"}}

SECONDS = 10.0
MEMORY = 512 << 20
_START_S = 30.0
_MOST_ITEMS = 256 << 20  # bytes of them that are taken in here
_NO_ITEMS = (ValueError, KeyError, TypeError, AttributeError, SyntaxError)


class ReadingWorker(Worker):
    """One process of `ingest.caged_worker`. For one thread at a time; `kill` it in the end, whatever happened."""

    MODULE = "ingest.caged_worker"

    def confine(self, memory: int) -> None:
        """Shut the process off, for good, and let it have `memory` bytes.

        Raises:
            NoWorker: it did not start.
        """
        try:
            self.read_whole(self.put({"memory": memory}), time.monotonic() + _START_S)
        except (TimeoutError, KesherError) as error:
            raise NoWorker("A reading worker did not start.", remedy="The log has the reason.") from error

    def ask(self, request: Header, body: bytes, seconds: float) -> tuple[Header, bytes]:
        """Put a request (see `ingest.caged_worker`) and return its reply.

        Raises:
            TimeoutError: it took longer than it may.
            QueryMemoryLimit: it needed, or sent, more than it may.
            KesherError: the process ended.
        """
        deadline, number = time.monotonic() + seconds, secrets.token_hex(8)
        reply = self.put({**request, "seconds": seconds, "number": number}, body)
        while not reply.whole:
            wait_readable(self.fileno(), deadline)
            self.read(reply)
            if reply.missing > _MOST_ITEMS:
                raise QueryMemoryLimit("The reader has found more than can be taken in.")
            if reply.missing < 0 or (reply.header is not None and reply.header.get("number") != number):
                raise NoWorker("The reading worker said what it was not asked.")
        return reply.header or {}, reply.take()


class Caged:
    """The readers, those of risky formats in one process after another: a new one where the last one was ended.

    Args:
        seconds: Wall-clock limit for one file.
        memory: Bytes that the process may have.
    """

    WORKER = ReadingWorker

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._worker: ReadingWorker | None = None

    def read(self, format: Format, document: Document, context: Context) -> Iterator[Item]:
        """What a document says, read in the cage if its format is one of `CAGED`.

        Raises:
            UnreadableFile: its reader refuses it; E117 it takes too long; E118 it takes too much memory; E119 its
                reader has failed.
            NoWorker: no process can be started.
        """
        if format not in CAGED:
            yield from READERS[format](document, context)
            return
        header, lines = self._asked(format, document, context)
        if "unreadable" in header:
            raise UnreadableFile(**header["unreadable"])
        if "broken" in header:
            raise _failed(f"The reader of {format} files fails on this one ({header['broken']})")
        try:
            yield from list(items_of(lines))
        except _NO_ITEMS as error:
            raise _failed(f"The reader of {format} files was misled by this one") from error

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def _asked(self, format: Format, document: Document, context: Context) -> tuple[Header, bytes]:
        text = document.text.encode("utf-8", "surrogatepass")
        mapping = [context.mapping.name, context.mapping.text] if context.mapping else None
        request = {"format": format.value, "name": document.name, "base": context.base, "graph": context.graph}
        worker = self._ready()
        try:
            return worker.ask(
                {**request, "mapping": mapping, "text": len(text)}, text + document.content, self._seconds
            )
        except (TimeoutError, QueryTimeout):
            self.close()
            raise _too_slow(self._seconds) from None
        except QueryMemoryLimit:
            self.close()
            raise _too_large(self._memory) from None
        except (NoWorker, QueryTooComplex):
            self.close()
            raise _failed(f"The reader of {format} files breaks down over this one") from None
        except BaseException:
            self.close()  # out of step
            raise

    def _ready(self) -> ReadingWorker:
        if self._worker is not None and (self._worker.ended or not self._worker.usable):
            self.close()
        if self._worker is None:
            worker = self.WORKER()
            try:
                worker.confine(self._memory)
            except BaseException:
                worker.kill()
                raise
            self._worker = worker
        return self._worker

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _too_slow(seconds: float) -> UnreadableFile:
    message = f"Reading the file took more than {seconds:g} s, and was stopped"
    return UnreadableFile(message, place="file", problem="E117", remedy="Split it, or save it again as plain text.")


def _too_large(memory: int) -> UnreadableFile:
    message = f"Reading the file took more than {memory >> 20} MB of memory, and was stopped"
    return UnreadableFile(message, place="file", problem="E118", remedy="Split it, or save it again as plain text.")


def _failed(message: str) -> UnreadableFile:
    remedy = "The file may be damaged: open it, and save it again."
    return UnreadableFile(message, place="file", problem="E119", remedy=remedy)
