"""Which version of an entry a change was made against (RFC 9110, section 13; RFC 6585 for 428)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from ontology.errors import MissingPrecondition, StaleEdit

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """What who sends a change has seen of the entry.

    Attributes:
        tags: ETags of If-Match; None: any version will do.
        given: There was an If-Match at all.
        nothing: It must not be there: `If-None-Match: *`.
    """

    tags: tuple[str, ...] | None = None
    given: bool = False
    nothing: bool = False

    def expect_absent(self) -> None:
        """Return if nothing was expected where nothing is.

        Raises:
            StaleEdit: a version of it was.
        """
        if self.given:
            raise StaleEdit("There is no such entry any more.", remedy="Leave out If-Match to make it.")

    def expect_given(self) -> tuple[str, ...] | None:
        """The versions that a change of what is there may be made against; None: whichever.

        Raises:
            MissingPrecondition: none was named.
            StaleEdit: it should not be there.
        """
        if self.nothing:
            raise StaleEdit("There is such an entry already.", remedy="Load it, and send its ETag as If-Match.")
        if not self.given:
            remedy = "GET it, and send its ETag as If-Match; `If-Match: *` changes whatever is there."
            raise MissingPrecondition("A change of what is there must say which version it was made against.",
                                      remedy=remedy)  # fmt: skip
        return self.tags


def seen_of(
    if_match: Annotated[
        str | None, Header(description="the ETag that the change was made against; 412 when it is another, 428 without")
    ] = None,
    if_none_match: Annotated[str | None, Header(description="* makes an entry only where none is")] = None,
) -> Seen:
    """What the headers of a request say."""
    nothing = if_none_match is not None and if_none_match.strip() == "*"
    if if_match is None:
        return Seen(nothing=nothing)
    if if_match.strip() == "*":
        return Seen(None, given=True, nothing=nothing)
    return Seen(tuple(_TAG.findall(if_match)) or (if_match.strip(),), given=True, nothing=nothing)


SeenDep = Annotated[Seen, Depends(seen_of)]
