"""An RDF document from outside as statements; for the process of a draft worker only, which may die over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ingest.readers.jsonld import harmless_json_ld
from ingest.readers.rdf import statements
from ingest.readers.rdfxml import harmless_xml
from ingest.record import Document
from ingest.refusals import nested
from ontology.errors import BadInput, UnreadableFile

#: What makes a document of some syntaxes one that may be parsed.
HARMLESS = {ox.RdfFormat.JSON_LD: harmless_json_ld, ox.RdfFormat.RDF_XML: harmless_xml}


def read_document(body: bytes, media_type: str, graph: str) -> bytes:
    """The statements of a document as N-Triples.

    Args:
        body: The document, in UTF-8.
        media_type: That of its syntax.
        graph: The graph that it becomes; relative IRIs are resolved against its address. "" for the default graph.

    Raises:
        BadInput: it does not parse, names other graphs, is nested too deeply, has triples inside triples, declares
            entities (RDF/XML), or calls for a remote context (JSON-LD).
    """
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise BadInput(f"{media_type} is no syntax of RDF.")
    try:
        document = Document("body", body.decode("utf-8-sig"))
        quads = statements(HARMLESS.get(syntax, lambda it: it)(document), graph or "urn:x-arq:DefaultGraph", syntax)
        return ox.serialize(_triples(quads, graph), format=ox.RdfFormat.N_TRIPLES) or b""
    except UnicodeDecodeError as error:
        raise BadInput(f"The body is not UTF-8 (byte {error.start}).") from error
    except UnreadableFile as error:
        at = "" if error.place in {"document", "file"} else f" ({error.place})"
        raise BadInput(f"{error.message}{at}.", remedy=error.remedy) from error


def _triples(quads: Iterable[ox.Quad], graph: str) -> Iterator[ox.Triple]:
    own = {ox.DefaultGraph(), ox.NamedNode(graph)} if graph else {ox.DefaultGraph()}
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            raise nested()
        if quad.graph_name not in own:
            remedy = "Send each graph to its own address, or all of them by an update with INSERT DATA."
            raise BadInput(f"The document names another graph, {quad.graph_name}.", remedy=remedy)
        yield quad.triple
