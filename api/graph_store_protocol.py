"""SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation 2013): what a request means, read from its parts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pyoxigraph as ox

from graph.results import negotiate
from graph.store import GraphName
from ontology.errors import InvalidParameter, NotAcceptable, StaleEdit, UnsupportedFormat

#: Media types of RDF, the preferred one first, with the pyoxigraph format of each.
SYNTAXES: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
        "application/n-quads": ox.RdfFormat.N_QUADS,
        "application/trig": ox.RdfFormat.TRIG,
        "application/json": ox.RdfFormat.JSON_LD,
        "application/xml": ox.RdfFormat.RDF_XML,
        "text/xml": ox.RdfFormat.RDF_XML,
        "text/plain": ox.RdfFormat.N_TRIPLES,
    }
)
#: Short names for `?format=`.
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "turtle": "text/turtle",
        "ntriples": "application/n-triples",
        "jsonld": "application/ld+json",
        "rdfxml": "application/rdf+xml",
        "nquads": "application/n-quads",
        "trig": "application/trig",
    }
)
_CHARSETS = {"", "utf-8", "utf8", "us-ascii"}

Pairs = list[tuple[str, str]]


def graph_of(pairs: Pairs, address: str | None) -> GraphName | None:
    """The graph that a request is about; None where it names none.

    Args:
        pairs: The parameters of the address.
        address: The address itself, where it is that of a graph (direct identification).

    Raises:
        InvalidParameter: two graphs are named, or one by what is no absolute IRI.
    """
    named = [value for name, value in pairs if name == "graph"]
    defaults = sum(name == "default" for name, _ in pairs)
    if len(named) + bool(defaults) + bool(address) > 1:
        remedy = "One of: ?graph=<iri>, ?default, or the address of the graph itself."
        raise InvalidParameter("graph", "The request names more than one graph.", remedy=remedy)
    if defaults:
        return ox.DefaultGraph()
    if not named and address is None:
        return None
    iri = named[0] if named else address or ""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        remedy = "Give the whole IRI, percent-encoded once."
        raise InvalidParameter("graph", f"{iri[:200]!r} is no absolute IRI: {error}.", remedy=remedy) from error


def syntax_of(content_type: str) -> str:
    """The media type of a body, without parameters, when it is RDF in UTF-8.

    Raises:
        UnsupportedFormat: it is not.
    """
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    settings = (it.partition("=") for it in parameters.split(";"))
    charset = next((value.strip(' "').lower() for name, _, value in settings if name.strip().lower() == "charset"), "")
    if media_type not in SYNTAXES:
        told = f"A graph cannot be sent as {media_type or 'nothing in particular'}."
        raise UnsupportedFormat(told, remedy=f"Send one of: {', '.join(SYNTAXES)}.")
    if charset not in _CHARSETS:
        raise UnsupportedFormat(f"The body is said to be {charset}.", remedy="Send UTF-8.")
    return media_type


def chosen_syntax(accept: str, pairs: Pairs) -> str:
    """The media type to answer in: by `?format=`, else by Accept.

    Raises:
        InvalidParameter: there is no such format.
        NotAcceptable: no syntax of RDF is wanted.
    """
    if short := next((value for name, value in pairs if name == "format"), ""):
        if short not in SHORT:
            raise InvalidParameter("format", f"{short!r} is not a format.", remedy=f"One of {', '.join(SHORT)}.")
        return SHORT[short]
    if media_type := negotiate(accept, SYNTAXES):
        return media_type
    raise NotAcceptable(f"A graph cannot be written as {accept[:200]!r}.", remedy=f"It can be: {', '.join(SYNTAXES)}.")


def tag_of(number: int, media_type: str = "") -> str:
    """The ETag of a graph as of a write, in one of its syntaxes."""
    suffix = f".{SYNTAXES[media_type].file_extension}" if media_type else ""
    return f'"{number}{suffix}"'


@dataclass(frozen=True, slots=True)
class Precondition:
    """What a writer expects of a graph (RFC 9110, section 13.1); empty texts expect nothing.

    Attributes:
        match: The header If-Match: the graph is as in one of these tags, or `*`: it exists.
        none_match: The header If-None-Match: it is as in none of these, or `*`: it does not exist yet.
    """

    match: str = ""
    none_match: str = ""

    def check(self, number: int | None) -> None:
        """Return if the graph is as expected.

        Args:
            number: Number of the write that last changed it; None when it does not exist.

        Raises:
            StaleEdit: it is not.
        """
        if self.match and not _is_among(number, self.match):
            told = "The graph has changed since it was read." if number is not None else "There is no such graph."
            raise StaleEdit(told, remedy="Read it again, and repeat the change.")
        if self.none_match and _is_among(number, self.none_match):
            raise StaleEdit("There is such a graph already.", remedy="Read it, and change it with If-Match.")


def is_unchanged(tag: str, none_match: str) -> bool:
    """True when a reader has this very answer already (If-None-Match)."""
    return none_match.strip() == "*" or tag in {it.strip().removeprefix("W/") for it in none_match.split(",")}


def _is_among(number: int | None, header: str) -> bool:
    if number is None:
        return False
    tags = {it.strip().removeprefix("W/").strip('"').partition(".")[0] for it in header.split(",")}
    return bool({"*", str(number)} & tags)
