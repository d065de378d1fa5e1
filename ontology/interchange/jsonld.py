"""Values as JSON-LD 1.1 writes them (W3C Recommendation 2020, section 4)."""

from __future__ import annotations

import re

import pyoxigraph as ox

from ontology.interchange.facts import Term
from ontology.interchange.json_text import Json
from ontology.namespaces import XSD

#: A whole number as JSON writes it.
NUMBER = re.compile(r"0|-?[1-9]\d{0,15}")
_NATIVE = {str(XSD.integer): NUMBER, str(XSD.boolean): re.compile("true|false")}


def is_native(datatype: str) -> bool:
    """Whether values of a datatype may be numbers or truth values of JSON."""
    return datatype in _NATIVE


def native(value: Term) -> int | bool | None:
    """The number or truth value that JSON itself has for a value and a reader gives back as it was; else None."""
    datatype = value.datatype.value if isinstance(value, ox.Literal) else ""
    if datatype not in _NATIVE or not _NATIVE[datatype].fullmatch(value.value):
        return None
    return value.value == "true" if datatype == str(XSD.boolean) else int(value.value)


def explicit(value: Term) -> Json:
    """A value that says itself what it is."""
    if isinstance(value, ox.NamedNode):
        return {"@id": value.value}
    if value.language:
        return {"@value": value.value, "@language": cased(value.language)}
    if value.datatype.value == str(XSD.string):
        return {"@value": value.value}
    return {"@value": value.value, "@type": value.datatype.value}


def cased(tag: str) -> str:
    """`en-us` as `en-US` (BCP 47, section 2.1.1)."""
    first, *rest = tag.split("-")
    return "-".join([first, *(it.upper() if len(it) == 2 else it for it in rest)])
