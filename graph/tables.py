"""The four layouts of a table of solutions, row by row: JSON, XML, CSV and TSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring as _quoted
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = f"{_XSD}string"
#: Datatypes that Turtle writes without quotes, and the forms it reads back as that datatype.
_BARE = {
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}boolean": re.compile("true|false"),
}


class Layout(NamedTuple):
    """How one format is put together: the head, rows with the joint between them, the tail.

    Attributes:
        head: From the variables' names, and whether the table is cut.
        row: From the names and the terms in the same order, None where unbound.
    """

    head: Callable[[list[str], bool], str]
    row: Callable[[list[str], Iterable[Term | None]], str]
    joint: bytes
    tail: bytes


# JSON: https://www.w3.org/TR/sparql11-results-json/


def _json_head(names: list[str], cut: bool) -> str:
    truncated = ',"truncated":true' if cut else ""
    return f'{{"head":{{"vars":[{",".join(map(_quoted, names))}]{truncated}}},"results":{{"bindings":['


def _json_row(names: list[str], terms: Iterable[Term | None]) -> str:
    bound = [f'"{name}":{_json(term)}' for name, term in zip(names, terms, strict=True) if term is not None]
    return f"{{{','.join(bound)}}}"


def _json(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f'{{"type":"uri","value":{_quoted(term.value)}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type":"bnode","value":{_quoted(term.value)}}}'
    if isinstance(term, ox.Literal):
        return f'{{"type":"literal","value":{_quoted(term.value)}{_json_qualifier(term)}}}'
    parts = f'"subject":{_json(term.subject)},"predicate":{_json(term.predicate)},"object":{_json(term.object)}'
    return f'{{"type":"triple","value":{{{parts}}}}}'


def _json_qualifier(literal: ox.Literal) -> str:
    if literal.language:
        direction = f',"its:dir":"{literal.direction.value}"' if literal.direction else ""
        return f',"xml:lang":"{literal.language}"{direction}'
    datatype = literal.datatype.value
    return "" if datatype == _STRING else f',"datatype":{_quoted(datatype)}'


# XML: https://www.w3.org/TR/rdf-sparql-XMLres/

#: What XML 1.0 reserves, and what it cannot hold at all.
_RESERVED = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("\r"): "&#xD;"}
_UNWRITABLE = dict.fromkeys([*(set(range(32)) - {9, 10, 13}), 0xFFFE, 0xFFFF], "\ufffd")
_XML = {**_RESERVED, **_UNWRITABLE}


def _xml_head(names: list[str], cut: bool) -> str:
    variables = "".join(f'<variable name="{name}"/>' for name in names)
    comment = "<!-- truncated -->" if cut else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"'
        f' xmlns:its="http://www.w3.org/2005/11/its">{comment}<head>{variables}</head><results>'
    )


def _xml_row(names: list[str], terms: Iterable[Term | None]) -> str:
    pairs = zip(names, terms, strict=True)
    bound = [f'<binding name="{name}">{_xml(term)}</binding>' for name, term in pairs if term is not None]
    return f"<result>{''.join(bound)}</result>"


def _xml(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{term.value.translate(_XML)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{term.value}</bnode>"
    if isinstance(term, ox.Literal):
        return f"<literal{_xml_qualifier(term)}>{term.value.translate(_XML)}</literal>"
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return f"<triple>{''.join(f'<{name}>{_xml(part)}</{name}>' for name, part in parts.items())}</triple>"


def _xml_qualifier(literal: ox.Literal) -> str:
    if literal.language:
        direction = f' its:version="2.0" its:dir="{literal.direction.value}"' if literal.direction else ""
        return f' xml:lang="{literal.language}"{direction}'
    datatype = literal.datatype.value
    return "" if datatype == _STRING else f' datatype="{datatype.translate(_XML)}"'


# CSV and TSV: https://www.w3.org/TR/sparql11-results-csv-tsv/


def _csv_head(names: list[str], _cut: bool) -> str:
    return f"{','.join(names)}\r\n"


def _csv_row(_names: list[str], terms: Iterable[Term | None]) -> str:
    return f"{','.join(map(_csv, terms))}\r\n"


def _csv(term: Term | None) -> str:
    if term is None:
        return ""
    text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else _turtle(term)
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(it in text for it in ',"\r\n') else text


def _tsv_head(names: list[str], _cut: bool) -> str:
    return "\t".join(f"?{name}" for name in names) + "\n"


def _tsv_row(_names: list[str], terms: Iterable[Term | None]) -> str:
    return "\t".join(map(_tsv, terms)) + "\n"


def _tsv(term: Term | None) -> str:
    if isinstance(term, ox.Literal) and (bare := _BARE.get(term.datatype.value)) and bare.fullmatch(term.value):
        return term.value
    return "" if term is None else _turtle(term)


def _turtle(term: Term) -> str:
    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


#: The layout of each format.
LAYOUTS: Mapping[ox.QueryResultsFormat, Layout] = {
    ox.QueryResultsFormat.JSON: Layout(_json_head, _json_row, b",", b"]}}"),
    ox.QueryResultsFormat.XML: Layout(_xml_head, _xml_row, b"", b"</results></sparql>"),
    ox.QueryResultsFormat.CSV: Layout(_csv_head, _csv_row, b"", b""),
    ox.QueryResultsFormat.TSV: Layout(_tsv_head, _tsv_row, b"", b""),
}
