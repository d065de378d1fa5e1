"""The root of the tree of errors."""

from __future__ import annotations


class KesherError(Exception):
    """Root of the tree.

    Args:
        message: One sentence a user can act on: what was wrong, and where.
        remedy: What to do about it; empty when the message says it all.
    """

    code, title = "error", "Something went wrong"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
