"""From paths to sources: which files are read, what each is called, and which graph it becomes.

A graph belongs to one file. Two files that would become the same graph are told apart with --source, because the second
would silently replace the first; a file that has been read before keeps the name that it had.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from unicodedata import normalize
from urllib.parse import quote

from ingest.formats import format_of
from ingest.ledger import Ledger
from ontology.model import Problem

#: What follows the name of a file in the name of the YAML that says what its columns mean, or what it is about.
BESIDE = ".mapping.yaml"
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


def mapping_beside(source: Source) -> Path | None:
    """The YAML that lies beside a file; None where none does."""
    path = source.path.with_suffix(BESIDE)
    return path if path.is_file() else None


def locate(paths: Iterable[Path], named: str | None, ledger: Ledger) -> tuple[list[Source], list[Problem]]:
    """The files below some paths, each once, and what keeps others from being read.

    Args:
        paths: Files and folders; hidden files are left out.
        named: Name for a single file, or folder name above the files of a folder; None to keep their own.
        ledger: Knows which file became which graph before.
    """
    return _told_apart(_found(paths, named, ledger), ledger)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody has sent: where it is kept, and its name there where it came from."""

    path: Path
    name: str


def locate_sent(
    files: Collection[Sent], named: str | None, agent: str, ledger: Ledger
) -> tuple[list[Source], list[Problem]]:
    """Like `locate`, for files that somebody has sent; a source belongs to whoever brought it.

    Args:
        files: The files, each under another name.
        named: Name for a single file, or folder name above several; None to keep their own.
        agent: Who sends them.
        ledger: Knows which file became which graph before.
    """

    def source_of(sent: Sent) -> Source:
        origin = f"upload:{agent} {sent.name}"
        wanted = named and (named if len(files) == 1 else f"{named}/{sent.name}")
        graph = source_graph(wanted) if wanted else ledger.graph_of(origin) or source_graph(sent.name)
        return Source(sent.path, sent.name, graph, origin)

    return _told_apart(map(source_of, files), ledger)


def files_below(path: Path) -> Iterator[tuple[Path, str] | Problem]:
    """The files of a folder that readers take, with their names below it, and what is left out; or the one file."""
    if not path.is_dir():
        yield path, path.name
        return
    for file in sorted(it for it in path.rglob("*") if it.is_file()):
        below = file.relative_to(path)
        if any(part.startswith(".") for part in below.parts) or file.suffix.lower() in _SIDECARS:
            continue
        name = below.as_posix()
        if format_of(file.name) is None:
            yield Problem("W103", name, "file", f"No reader takes {file.suffix or 'a file without suffix'}; left out")
        else:
            yield file, name


def _told_apart(found: Iterable[Source | Problem], ledger: Ledger) -> tuple[list[Source], list[Problem]]:
    """Sources of different names, each once, and problems."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source in found:
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
        for found in files_below(path):
            if isinstance(found, Problem):
                yield found
            else:
                file, name = found
                yield _source(file, name, named and (f"{named}/{name}" if path.is_dir() else named), ledger)


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
