"""YAML as mappings and front matter use it: words only, nothing guessed, nothing overwritten, nothing multiplied.

Every scalar stays the text that its author wrote (`no` is Norwegian, not false; `2024-13-01` is not an error here), and
a key that stands twice is refused instead of losing the first. Anchors and aliases are refused, because a few hundred
letters of them stand for gigabytes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeAlias

import yaml

from ontology.errors import UnreadableFile

Yaml: TypeAlias = "str | list[Yaml] | Mapping[str, Yaml]"

_MOST_CHARACTERS = 65_536


class _Words(yaml.BaseLoader):
    """The loader that makes strings, lists and mappings only, and minds anchors, aliases and repeated keys."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML's parser has no types
        if getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not taken", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be one word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(text: str, *, code: str, name: str, first_line: int = 1) -> Mapping[str, Yaml]:
    """The mapping that a YAML text is; an empty text is an empty mapping.

    Args:
        text: The YAML.
        code: Code of the problem if it is none.
        name: File it stands in, for messages.
        first_line: Line of the file on which the text begins.

    Raises:
        UnreadableFile: it does not parse, has an anchor or alias, is no mapping, or is longer than 65,536 characters.
    """
    remedy = "Write one `key: value` a line; put values with a colon or # in quotes."
    if len(text) > _MOST_CHARACTERS:
        message = f"The YAML of {name} is longer than {_MOST_CHARACTERS} characters"
        raise UnreadableFile(message, place=f"line {first_line}", problem=code)
    try:
        content = yaml.load(text, _Words)  # noqa: S506 - derived from BaseLoader, which constructs strings only
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        raise UnreadableFile(
            f"The YAML does not parse: {error.problem}", place=f"line {line}", problem=code, remedy=remedy
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        problem = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UnreadableFile(
            f"The YAML of {name} does not parse: {problem}", place=f"line {first_line}", problem=code, remedy=remedy
        ) from error
    if content in (None, ""):
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise UnreadableFile(
            f"The YAML of {name} is not a list of `key: value`", place=f"line {first_line}", problem=code, remedy=remedy
        )
    return content
