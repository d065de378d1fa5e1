"""From paths to sources: which files are read, what each is called, and which graph it becomes.

A graph belongs to one file. Two files that would become the same graph are told apart with --source, because the second
would silently replace the first; a file that has been read before keeps the name that it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from unicodedata import normalize
from urllib.parse import quote

from ingest.formats import format_of
from ingest.ledger import Ledger
from ontology.model import Problem

_SIDECARS = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes:
        path: Where it lies.
        name: How messages and the catalogue call it: its path below what was asked for.
        graph: Name of the graph that it becomes.
        origin: What tells it from other files: its absolute path, or `upload:name`. For the ledger only.
    """

    path: Path
    name: str
    graph: str
    origin: str


def source_graph(name: str) -> str:
    """Name of the graph for a source name; folders stay, letters of every script stay, all else is escaped."""
    parts = PurePosixPath(normalize("NFC", name).replace("\\", "/")).parts
    kept = "/".join(part for part in parts if part not in {"/", ".", ".."})
    return "source/" + re.sub(r"[^\w./~-]", lambda found: quote(found[0], safe="", errors="replace"), kept or "unnamed")


def locate(paths: Iterable[Path], named: str | None, ledger: Ledger) -> tuple[list[Source], list[Problem]]:
    """The files below some paths, each once, and what keeps others from being read.

    Args:
        paths: Files and folders; hidden files are left out.
        named: Name for a single file, or folder name above the files of a folder; None to keep their own.
        ledger: Knows which file became which graph before.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source in _found(paths, named, ledger):
        if isinstance(source, Problem):
            problems.append(source)
        elif source.origin not in sources:
            owner = next((it.origin for it in sources.values() if it.graph == source.graph), "")
            if (owner and owner != source.origin) or _belongs_to_another(source, ledger):
                problems.append(_claimed(source))
            else:
                sources[source.origin] = source
    return list(sources.values()), problems


def _found(paths: Iterable[Path], named: str | None, ledger: Ledger) -> Iterator[Source | Problem]:
    for path in paths:
        if not path.is_dir():
            yield _source(path, path.name, named, ledger)
            continue
        for file in sorted(it for it in path.rglob("*") if it.is_file()):
            below = file.relative_to(path)
            if any(part.startswith(".") for part in below.parts) or file.suffix.lower() in _SIDECARS:
                continue
            name = below.as_posix()
            if format_of(file.name) is None:
                yield Problem(
                    "W103", name, "file", f"No reader takes {file.suffix or 'a file without suffix'}; left out"
                )
            else:
                yield _source(file, name, named and f"{named}/{name}", ledger)


def _source(path: Path, name: str, named: str | None, ledger: Ledger) -> Source:
    origin = str(path.resolve())
    graph = source_graph(named) if named else ledger.graph_of(origin) or source_graph(name)
    return Source(path, name, graph, origin)


def _belongs_to_another(source: Source, ledger: Ledger) -> bool:
    """True when the graph came from another file that is still there; a file that has moved keeps its graph."""
    owner = ledger.origin_of(source.graph)
    gone = owner.startswith("/") and not Path(owner).exists()
    return bool(owner) and owner != source.origin and not gone


def _claimed(source: Source) -> Problem:
    message = f"Another file already is the source {source.graph.removeprefix('source/')!r}; this one was not read"
    return Problem("E106", source.name, "file", message, "Give it a name of its own with --source.")
