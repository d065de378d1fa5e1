"""Word lists with headings, as they ship in `language/lexicon`: `[heading]`, then words; `#` begins a comment line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from language.folding import fold
from ontology.errors import Misconfigured


def folded(text: str) -> frozenset[str]:
    """The folded words of a text, without quotes inside."""
    return frozenset(fold(text).replace("'", "").split())


@cache
def sections(name: str) -> Mapping[str, frozenset[str]]:
    """Heading -> folded words of one file.

    Raises:
        Misconfigured: words stand before the first heading; names the file and the line.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    heading = ""
    for number, line in enumerate((files("language") / "lexicon" / name).read_text("utf-8").splitlines(), 1):
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            if not heading:
                raise Misconfigured(f"{name}, line {number}: words before the first heading.")
            found[heading] |= folded(line)
    return MappingProxyType({heading: frozenset(words) for heading, words in found.items()})
