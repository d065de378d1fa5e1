"""The model of an index that was made before the settings named another."""

from __future__ import annotations

from pathlib import Path

import structlog

from language.model import Model, find_model
from ontology.errors import KesherError
from search.generations import Generation

log = structlog.get_logger("kesher.search")


def source_of(model: str) -> str:
    """What finds a model again from whatever folder Kesher is started in."""
    return str(Path(model).resolve()) if Path(model).is_dir() else model


def former_model(generation: Generation | None, wanted: str) -> Model | None:
    """The model of the index that serves, where that is another than is wanted.

    Args:
        generation: The index that serves.
        wanted: Name of the model of the settings.

    Returns:
        None where the index is of the model wanted, and where its own model is gone or has changed, which is logged.
    """
    if generation is None or generation.model == wanted:
        return None
    for source in filter(None, (generation.source, generation.model.partition("@")[0])):
        try:
            if (found := find_model(source)).name == generation.model:
                return found
        except KesherError:  # it is not here, or not the one that was pinned
            continue
    log.warning(
        "the former model is not here: words alone are compared until its index is replaced", model=generation.model
    )
    return None
