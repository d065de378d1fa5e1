"""SPARQL 1.1 Protocol (W3C Recommendation 2013), section 2.2: the update of a request, read from its parts. Pure."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pyoxigraph as ox

from api.sparql_protocol import FORM, Pairs
from ingest.update import UpdateRequest
from ontology.errors import BadInput, InvalidParameter, UnsupportedFormat

DIRECT = "application/sparql-update"


def update_of(content_type: str, body: bytes, pairs: Pairs, base: str) -> UpdateRequest:
    """An update in a form (2.2.1), or as the body itself (2.2.2) with the dataset in the address.

    Args:
        content_type: Of the body.
        body: As sent.
        pairs: The parameters of the address.
        base: What relative IRIs are resolved against.

    Raises:
        UnsupportedFormat: the body is neither, or not UTF-8 by its own word.
        BadInput: it is not UTF-8, or there is not exactly one update.
        InvalidParameter: a graph is named by what is no IRI.
    """
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type not in {FORM, DIRECT}:
        told = f"An update cannot be sent as {media_type or 'nothing in particular'}."
        raise UnsupportedFormat(told, remedy=f"Send {DIRECT} or {FORM}.")
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedFormat(f"The update is said to be {charset[:40]}.", remedy="Send UTF-8.")
    if media_type == FORM:
        pairs = _fields(body) + pairs
        texts = [value.encode() for name, value in pairs if name == "update"]
        if len(texts) != 1:
            raise BadInput(f"There must be one parameter `update`, not {len(texts)}.")
        body = texts[0]
    return UpdateRequest(body, base, _iris(pairs, "using-graph-uri"), _iris(pairs, "using-named-graph-uri"))


def _fields(body: bytes) -> Pairs:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadInput(f"The body is not UTF-8 (byte {error.start}).") from error


def _iris(pairs: Pairs, name: str) -> tuple[str, ...]:
    iris = tuple(value for key, value in pairs if key == name)
    for iri in iris:
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise InvalidParameter(name, f"{iri[:200]!r} is no absolute IRI: {error}.") from error
    return iris
