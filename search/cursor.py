"""Where the next page begins: opaque to clients, and good only for the query and index that made it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from ontology.errors import InvalidParameter


def fingerprint(*parts: object) -> str:
    """A short name of everything that a ranking depends on."""
    return sha256(repr(parts).encode()).hexdigest()[:16]


def write_cursor(ranking: str, offset: int) -> str:
    """The cursor of a place in the ranking with this fingerprint."""
    return urlsafe_b64encode(json.dumps([ranking, offset]).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, ranking: str) -> int:
    """The place that a cursor names; 0 for none.

    Raises:
        InvalidParameter: it is no cursor, or one of another query, or the index has changed since.
    """
    if not cursor:
        return 0
    try:
        found, offset = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if found == ranking and isinstance(offset, int) and offset > 0:
            return offset
    except (ValueError, TypeError):
        pass  # not one of ours: refused below like every other foreign cursor
    raise InvalidParameter(
        "cursor",
        "This cursor does not belong to this query, or the index has changed since it was given.",
        remedy="Leave the cursor out to start again at the first page.",
    )
