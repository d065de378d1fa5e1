"""JSON-LD 1.1 (W3C Recommendation 2020), without any context that would have to be fetched.

A remote context would let whoever answers at its address decide what a file means, and would make a file that is read
here call out there. So a document brings its context with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox

from ingest.readers import rdf
from ingest.record import Context, Document, Statements
from ontology.errors import UnreadableFile


def read_json_ld(document: Document, context: Context) -> Iterator[Statements]:
    """JSON-LD with its context inside.

    Raises:
        UnreadableFile: E111 it is no JSON; E112 it names a remote context; E115 it is nested too deep; and what
            `rdf.parse` raises.
    """
    return rdf.parse(harmless_json_ld(document), context, ox.RdfFormat.JSON_LD)


def harmless_json_ld(document: Document) -> Document:
    """A document, when it may be parsed.

    Raises:
        UnreadableFile: E111, E112 and E115, as for `read_json_ld`.
    """
    for remote in _remote_contexts(_loaded(document)):
        remedy = "Put the content of that context into the file, under @context."
        message = f"The context {remote[:200]!r} would have to be fetched, and contexts never are"
        raise UnreadableFile(message, place="@context", problem="E112", remedy=remedy)
    return document


def _loaded(document: Document) -> object:
    try:
        return json.loads(document.text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadableFile(f"This is not JSON: {error.msg}", place=place, problem="E111") from error
    except (RecursionError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        message = f"This JSON cannot be read: {'it is nested too deeply' if deep else error}"
        raise UnreadableFile(message, place="document", problem="E115" if deep else "E111") from error


def _remote_contexts(content: object) -> Iterator[str]:
    """Every context given by address, at any depth; walked without recursion."""
    waiting = [content]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            waiting.extend(node.values())
            given = node.get("@context")
            parts = given if isinstance(given, list) else [given, node.get("@import")]
            yield from (part for part in parts if isinstance(part, str))
