"""The port to where queries from outside are answered: the cage, or a remote store."""

from __future__ import annotations

from typing import Protocol

from graph.cage import QueryRequest
from graph.results import Answer


class QueryDoor(Protocol):
    """Answers queries from outside, which have passed the gate. Safe to share between threads; `run` blocks."""

    def run(self, request: QueryRequest) -> Answer:
        """Answer a query.

        Raises:
            BadInput: it cannot be read, or not answered as it is asked; MalformedQuery and NotAcceptable among them.
            LimitReached: it was stopped at a limit.
            Unavailable: there is nobody to answer it now.
        """

    def close(self) -> None:
        """Let go of what answers."""
