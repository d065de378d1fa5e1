"""JSON from strangers: control characters inside strings, keys given twice, nesting without end."""

from __future__ import annotations

import json
from collections import Counter
from typing import TypeAlias, cast

from ontology.errors import UnreadableFile
from ontology.interchange.outcome import Tally

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def load_json(text: str, tally: Tally) -> Json:
    """The value of a JSON text; W157 for each key that stands twice in one object (the last one holds).

    Raises:
        UnreadableFile: E111 it does not parse; E115 it is nested too deep.
    """

    def build(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        built = dict(pairs)
        if len(built) < len(pairs):
            twice = sorted(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
            tally.note(
                "W157", f"object with {', '.join(twice)}", "A key stands twice in one object; the last one holds"
            )
        return built

    try:
        return cast("Json", json.loads(text, strict=False, object_pairs_hook=build))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadableFile(f"This is not JSON: {error.msg}", place=place, problem="E111") from error
    except ValueError as error:  # a number of more digits than Python turns into one
        raise UnreadableFile(
            f"A number in this JSON is far too long: {error}", place="document", problem="E111"
        ) from error
    except RecursionError as error:
        raise UnreadableFile("The JSON is nested too deep", place="document", problem="E115") from error
