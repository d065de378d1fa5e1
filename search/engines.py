"""The makes of index that can be had here: Qdrant Edge or numpy in a folder, a collection on a Qdrant server."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from search.exact import ExactIndex
from search.generations import Engine, Generations
from search.index import VectorIndex

if TYPE_CHECKING:
    from search.cluster import ClusterIndex
    from search.edge import EdgeIndex

EDGE, EXACT, CLUSTER = "edge", "exact", "cluster"


def engines(qdrant_url: str | None = None) -> Mapping[str, Engine]:
    """Name -> engine, of those that can be had: Edge where its library is installed, a server where there is one."""
    made: dict[str, Engine] = {EXACT: _Exact()}
    if find_spec("qdrant_edge"):
        made[EDGE] = _Edge()
    if qdrant_url:
        made[CLUSTER] = _Cluster(qdrant_url)
    return made


def generations(folder: Path, made_by: str, qdrant_url: str | None) -> Generations:
    """The indexes of a service.

    Args:
        folder: Where they are, or where it says which collections are.
        made_by: Engine of new ones where there is no server: edge or exact.
        qdrant_url: Of a Qdrant server.
    """
    return Generations(folder, engines(qdrant_url), CLUSTER if qdrant_url else made_by)


class _Folder:
    """Everything that such an index keeps is in its folder."""

    def remove(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)


class _Exact(_Folder):
    def open(self, folder: Path, model: str, dimension: int) -> VectorIndex:
        return ExactIndex(folder, model, dimension)


class _Edge(_Folder):
    def open(self, folder: Path, model: str, dimension: int) -> VectorIndex:
        made: type[EdgeIndex] = import_module("search.edge").EdgeIndex  # a library that not every machine may have
        return made(folder, model, dimension)


class _Cluster:
    """The folder only says that there is a collection of its name."""

    def __init__(self, url: str) -> None:
        self._url = url

    def open(self, folder: Path, model: str, dimension: int) -> VectorIndex:
        return self._made()(self._url, model, dimension, folder.name)

    def remove(self, folder: Path) -> None:
        self._made().remove(self._url, folder.name)
        shutil.rmtree(folder, ignore_errors=True)

    def _made(self) -> type[ClusterIndex]:
        made: type[ClusterIndex] = import_module(
            "search.cluster"
        ).ClusterIndex  # it takes as long to import as all else
        return made
