"""The linker over what is public in the graph: read by search, compared by the encoder of the service."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from api.intake import Progress, silent
from api.services import Services
from language.lexicons import Lexicons
from language.link_model import LinkModel
from language.linking import Linker, linker_over
from ontology.kinds import Kind
from search.entities import read_entities

#: The kinds that a text may be about; not what is written about them, nor who writes.
LINKED = frozenset({
    Kind.ROLE, Kind.COMPETENCY, Kind.STANDARD, Kind.TOOL, Kind.CLAIM, Kind.MISCONCEPTION, Kind.SUBJECT, Kind.CONCEPT
})  # fmt: skip
#: What decisions have taught, in the data folder.
_TAUGHT = "link-model.json"


def taught_file(data: Path) -> Path:
    """Where a data folder keeps what decisions have taught."""
    return data / _TAUGHT


def open_linker(services: Services, kinds: Collection[Kind] = LINKED, progress: Progress = silent) -> Linker:
    """A linker over the public entities of these kinds as they are now, with what decisions have taught.

    The first call encodes their texts; later ones find them in the cache of vectors. It is made anew when the graph
    has changed.

    Raises:
        UnreadableFile: what decisions have taught cannot be read.
    """
    data = services.settings.data
    entities = (it for it in read_entities(services.graph) if it.kind in kinds)
    return linker_over(entities, services.search.load(), Lexicons(data), LinkModel.read(taught_file(data)), progress)
