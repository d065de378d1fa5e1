"""The exchange formats of ontology.interchange, as readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ingest.record import Context, Document, Item, Statements
from ontology.interchange.outcome import Mapped
from ontology.interchange.skos import is_vocabulary, read_skos

Reader: TypeAlias = Callable[[Document, Context], Iterator[Item]]


def mapped(read: Callable[[str, str, str], Mapped]) -> Reader:
    """A reader that gives what a mapping gives, in an order of its own, with the account that the mapping keeps.

    Args:
        read: A `read_x(text, base, file)`.
    """

    def reader(document: Document, context: Context) -> Iterator[Statements]:
        yield _accounted(read(document.text, context.base, document.name))

    return reader


def cleaned(read: Callable[[Document, Context], Iterator[Statements]]) -> Reader:
    """A reader of RDF that cleans vocabularies of SKOS, whatever their syntax, and takes anything else as it is.

    Args:
        read: A reader of one syntax.
    """

    def reader(document: Document, context: Context) -> Iterator[Statements]:
        for it in read(document, context):
            yield _accounted(read_skos(it.triples, document.name)) if is_vocabulary(it.triples) else it

    return reader


def _accounted(outcome: Mapped) -> Statements:
    return Statements(
        tuple(sorted(outcome.triples, key=str)),
        taken=outcome.kept.concepts + outcome.kept.links,
        failed=outcome.dropped.concepts + outcome.dropped.links,
        problems=outcome.problems,
    )
