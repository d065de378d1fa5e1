"""A reading worker: a process that reads files in which much can go wrong, and may die over one without harm.

It is started by `ingest.caged` as `python -m ingest.caged_worker` and answers frames (`graph.frames`). The first frame
shuts it off from the network, from other programs and from every file but its own modules, and limits its memory:

    {"memory": bytes that it may have, what it has now included}    ->  {}

    {"format", "name", "base", "graph", "mapping": [name, text] | null, "text": bytes of the text, "seconds": limit,
     "number": what the reply repeats}
    and the text and the content of a document    ->  {} and its items (`ingest.item_lines`), or
        {"unreadable": {"message", "place", "problem", "remedy"}}: what its reader refuses
        {"broken": name of an exception}: its reader has failed, as none should
"""

from __future__ import annotations

import os
import re
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

from graph.confinement import leave_network, limit_memory, limit_processor_time, peak_memory
from graph.frames import Header, read_frame, write_frame
from graph.landlock import read_only_below
from ingest.formats import Format
from ingest.item_lines import line_of
from ingest.readers import READERS
from ingest.readers.interchange import Reader
from ingest.record import Context, Document
from ontology.errors import UnreadableFile

_INPUT, _OUTPUT = range(2)
_MOST_COMPLAINT = 65_536  # bytes of standard error, which is a file
_NO_MEMORY = re.compile("^unknown error|out of memory|memory allocation failed", re.IGNORECASE)
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo")
_ROOMS = ("graph", "ingest", "language", "ontology")


def main(readers: Mapping[Format, Reader] = READERS) -> None:
    """Serve the frames on standard input until it ends, or until memory does."""
    try:
        opening, _ = read_frame(_INPUT)
        _confine(opening["memory"])
        write_frame(_OUTPUT, {})
        while True:
            request, body = read_frame(_INPUT)
            limit_processor_time(request["seconds"])
            header, items = _reply(readers, request, body)
            write_frame(_OUTPUT, {**header, "number": request["number"]}, items)
    except (EOFError, ConnectionError):
        return
    except MemoryError:
        os.abort()  # as Rust does when it cannot allocate


def _confine(memory: int) -> None:
    leave_network()
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_COMPLAINT, _MOST_COMPLAINT))
    limit_memory(memory - peak_memory())
    read_only_below(_own_modules())


def _own_modules() -> list[str]:
    """Folders of this program and its libraries; not the one around a checkout, which may hold anything."""
    around = Path(__file__).parents[1]
    rooms = [str(around / room) for room in _ROOMS]
    installed = [it for it in sys.path if it and (Path(it) != around or it.endswith("-packages"))]
    return [*_LIBRARIES, *rooms, *installed]


def _reply(readers: Mapping[Format, Reader], request: Header, body: bytes) -> tuple[Header, bytes]:
    try:
        reader, cut = readers[Format(request["format"])], request["text"]
        document = Document(request["name"], body[:cut].decode("utf-8", "surrogatepass"), body[cut:])
        mapping = Document(*request["mapping"]) if request["mapping"] else None
        context = Context(request["base"], request["graph"], mapping)
        return {}, b"".join(map(line_of, reader(document, context)))
    except UnreadableFile as error:
        if _NO_MEMORY.search(str(error.__cause__)):  # lxml tells of it as of an error of syntax, which it cannot name
            raise MemoryError from error
        told = {"message": error.message, "place": error.place, "problem": error.problem, "remedy": error.remedy}
        return {"unreadable": told}, b""
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - libraries raise anything over a broken file, and it must be told
        return {"broken": type(error).__name__}, b""


if __name__ == "__main__":
    main()
