"""The exchange formats of ontology.interchange, as readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ingest.record import Context, Document, Item, Statements
from ontology.interchange.oak import is_curriculum, read_oak
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


def understood(read: Callable[[Document, Context], Iterator[Statements]]) -> Reader:
    """A reader of RDF that maps Oak's curriculum, cleans vocabularies of SKOS, and takes anything else as it is.

    Args:
        read: A reader of one syntax.
    """

    def reader(document: Document, context: Context) -> Iterator[Statements]:
        for it in read(document, context):
            if is_curriculum(it.triples):
                yield _accounted(read_oak(it.triples, context.base, document.name))
            else:
                yield _accounted(read_skos(it.triples, document.name)) if is_vocabulary(it.triples) else it

    return reader


def _accounted(outcome: Mapped) -> Statements:
    return Statements(
        tuple(sorted(outcome.triples, key=str)),
        taken=outcome.kept.concepts + outcome.kept.links,
        failed=outcome.dropped.concepts + outcome.dropped.links,
        problems=outcome.problems,
    )
