"""Records of an XML file, one at a time, after the scan that refuses document types, entities and depth."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from ingest.readers.rdfxml import harmless_xml
from ingest.record import Document

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def records(document: Document, names: Collection[str]) -> Iterator[Element]:
    """Every element of these names, whole, and forgotten after it was used.

    Raises:
        UnreadableFile: E110 a document type or entities are declared; E111 it is no XML; E115 nested too deeply.
    """
    text = io.BytesIO(harmless_xml(document).text.encode())
    depth = 0
    for event, element in ElementTree.iterparse(text, ("start", "end"), forbid_dtd=True):
        if local(element) in names:
            depth += 1 if event == "start" else -1
            if event == "end" and not depth:
                yield element
                element.clear()


def every(element: Element | None, *path: str) -> Iterator[Element]:
    """Elements at the end of a path of local names, whatever their namespace."""
    if element is None:
        return
    if not path:
        yield element
        return
    for child in element:
        if local(child) == path[0]:
            yield from every(child, *path[1:])


def first(element: Element | None, *path: str) -> Element | None:
    """The first of `every`; None without."""
    return next(every(element, *path), None)


def text_of(element: Element | None) -> str:
    """All text of an element, with single spaces; "" of none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def texts(element: Element | None, *path: str) -> tuple[str, ...]:
    """The texts of `every` that say something."""
    return tuple(filter(None, map(text_of, every(element, *path))))
