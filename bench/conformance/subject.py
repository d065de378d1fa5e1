"""What is put to the test: anything that answers queries, takes updates, and tells valid from invalid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pyoxigraph as ox

from bench.conformance.answers import Answer
from bench.conformance.manifest import Case


class Failed(Exception):
    """It did not do what a test asks for; the message says what it did instead."""


class Subject(Protocol):
    """What a suite of queries or updates needs. Every method may raise `Failed`."""

    def answer(self, case: Case, media_type: str) -> Answer:
        """The answer to the case's query over its data, read from this media type."""
        ...

    def accepts(self, case: Case) -> bool:
        """True if the case's query or update is valid to it; False if it is refused as malformed."""
        ...

    def changed(self, case: Case) -> Mapping[str | None, ox.Dataset]:
        """The graphs after the case's update over its data, by name; None: the default graph. No empty ones."""
        ...
