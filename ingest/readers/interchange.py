"""The exchange formats of ontology.interchange, as readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest.record import Context, Document, Statements
from ontology.interchange.outcome import Mapped


def mapped(read: Callable[[str, str, str], Mapped]) -> Callable[[Document, Context], Iterator[Statements]]:
    """A reader that gives what a mapping gives, in an order of its own, with the account that the mapping keeps.

    Args:
        read: A `read_x(text, base, file)`.
    """

    def reader(document: Document, context: Context) -> Iterator[Statements]:
        outcome = read(document.text, context.base, document.name)
        yield Statements(
            tuple(sorted(outcome.triples, key=str)),
            taken=outcome.kept.concepts + outcome.kept.links,
            failed=outcome.dropped.concepts + outcome.dropped.links,
            problems=outcome.problems,
        )

    return reader
