"""RDF/XML (W3C Recommendation 2014), after a scan that no entity survives.

Ten nested entity declarations unfold into gigabytes, and an external one reads other files ("billion laughs", XXE;
OWASP XML External Entity Prevention). A parser that expands them cannot be stopped in time, so the scan comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax import SAXParseException, handler, xmlreader

import defusedxml.sax
import pyoxigraph as ox
from defusedxml import DefusedXmlException

from ingest.readers import rdf
from ingest.record import Context, Document, Statements
from ontology.errors import UnreadableFile

_DEEPEST = 100
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")


class _DepthGauge(handler.ContentHandler):
    """Stops at elements nested so deeply that parsing them would take quadratic time."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def startElement(self, name: str, attrs: xmlreader.AttributesImpl) -> None:  # noqa: N802, ARG002 - SAX's names
        self._depth += 1
        if self._depth > _DEEPEST:
            message = f"Elements are nested more than {_DEEPEST} deep"
            raise UnreadableFile(message, place="document", problem="E115", remedy="Export it as Turtle.")

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002 - SAX's names
        self._depth -= 1


def read_rdf_xml(document: Document, context: Context) -> Iterator[Statements]:
    """RDF/XML without document type and entities.

    Raises:
        UnreadableFile: E110 it declares a document type or entities; E111 it is no XML; E115 it is nested too deeply;
            and what `rdf.parse` raises.
    """
    return rdf.parse(harmless_xml(document), context, ox.RdfFormat.RDF_XML)


def harmless_xml(document: Document) -> Document:
    """A document as it may be parsed.

    Raises:
        UnreadableFile: E110, E111 and E115, as for `read_rdf_xml`.
    """
    # The text is decoded by now, so what its declaration says about an encoding is no longer true.
    text = _DECLARATION.sub("", document.text)
    _scan(text)
    return Document(document.name, text)


def _scan(text: str) -> None:
    try:
        defusedxml.sax.parseString(text.encode(), _DepthGauge(), forbid_dtd=True)
    except DefusedXmlException as error:
        remedy = "Export it without <!DOCTYPE ...> and entities, or as Turtle."
        message = "The file declares a document type or entities, which are never expanded"
        raise UnreadableFile(message, place="document", problem="E110", remedy=remedy) from error
    except SAXParseException as error:
        place = f"line {error.getLineNumber()}, column {error.getColumnNumber()}"
        raise UnreadableFile(f"This is not XML: {error.getMessage()}", place=place, problem="E111") from error
