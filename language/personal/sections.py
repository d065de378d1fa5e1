"""Word lists with headings, as they ship in `language/lexicon`: `[heading]`, then words; `#` begins a comment line."""

from __future__ import annotations

from collections.abc import Mapping, Set
from importlib.resources import files
from types import MappingProxyType

from language.folding import fold
from ontology.errors import Misconfigured


def folded(text: str) -> frozenset[str]:
    """The folded words of a text, without quotes inside."""
    return frozenset(fold(text).replace("'", "").split())


def sections(name: str, headings: Set[str]) -> Mapping[str, frozenset[str]]:
    """Heading -> folded words of one file; none where nothing stands below a heading.

    Raises:
        Misconfigured: the headings of the file are not these, or words stand before the first; names the file.
    """
    found: dict[str, set[str]] = {}
    heading = ""
    for number, line in enumerate((files("language") / "lexicon" / name).read_text("utf-8").splitlines(), 1):
        if line.startswith("["):
            heading = line.strip("[]")
            found.setdefault(heading, set())
        elif line and not line.startswith("#"):
            if not heading:
                raise Misconfigured(f"{name}, line {number}: words before the first heading.")
            found[heading] |= folded(line)
    if headings != found.keys():
        raise Misconfigured(f"{name}: only one side has the headings {sorted(headings ^ found.keys())}.")
    return MappingProxyType({heading: frozenset(words) for heading, words in found.items()})
