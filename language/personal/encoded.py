"""Characters as a browser would show them: entities and percent codes decoded, tags within a word taken out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

# Every alternative is bounded: the time stays linear.
_ENCODED = re.compile(
    r"<!--[^<>]{0,200}-->|</?(?:a|b|i|u|em|strong|span|font|mark|code|small|sub|sup|wbr)\b[^<>]{0,200}>"
    r"|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});"
    r"|%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}",
    re.IGNORECASE | re.ASCII,
)


def characters(text: str) -> Iterator[tuple[int, int, str]]:
    """Each character of a text with the indexes, in what was written, of its beginning and behind its end."""
    after = 0
    for found in _ENCODED.finditer(text):
        yield from ((place, place + 1, text[place]) for place in range(after, found.start()))
        yield from ((*found.span(), char) for char in _shown(found[0]))
        after = found.end()
    yield from ((place, place + 1, text[place]) for place in range(after, len(text)))


def _shown(code: str) -> str:
    if code[0] == "<":
        return ""
    return html.unescape(code) if code[0] == "&" else unquote(code)
