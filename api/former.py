"""The model of an index that was made before the settings named another."""

from __future__ import annotations

from pathlib import Path

from language.transformer import find_model
from ontology.errors import KesherError
from search.generations import Generation


def source_of(model: str) -> str:
    """What finds a model again from whatever folder Kesher is started in."""
    return str(Path(model).resolve()) if Path(model).is_dir() else model


def former_model(generation: Generation) -> str | None:
    """What `load_transformer` takes for the model of an index; None where it is gone or has changed."""
    for source in filter(None, (generation.source, generation.model.partition("@")[0])):
        try:
            if find_model(source).name == generation.model:
                return source
        except KesherError:  # it is not here, or not the one that was pinned
            continue
    return None
