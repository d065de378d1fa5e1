"""The mapping of a table, checked as a whole before the first row is read.

`ingest.readers.table` says how to write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.headings import expected_kind
from ingest.properties import Property, closest, property_of
from ingest.record import Document, Target, Value
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.kinds import Kind
from ontology.namespaces import KS
from ontology.text import language_tag
from ontology.yaml_text import Yaml, read_yaml

_KEYS = ("kind", "id", "language", "status", "delimiter", "sheet", "columns")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means.

    Attributes:
        name: Its heading.
        property: What its values are.
        lang: Their language; "" for none.
        split: What parts several values in one cell; "" where a cell holds one.
        by_script: Each value has the language of its script.
    """

    name: str
    property: Property
    lang: str
    split: str
    by_script: bool = False


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What a table means.

    Attributes:
        kind: What every row is; None where the column `kind_column` says it.
        id: The column that identifies a row.
        columns: Those that are taken.
        delimiter: What parts cells; "" to find it.
        constants: The fields that every row has.
        sheet: The only sheet of a workbook that is read; "" for all that have the columns.
        kind_column: The column that says what a row is; "" for none.
    """

    kind: Kind | None
    id: str
    columns: tuple[Column, ...]
    delimiter: str
    constants: Mapping[str, tuple[Value | Target, ...]]
    sheet: str = ""
    kind_column: str = ""

    @property
    def named_columns(self) -> set[str]:
        """Columns that must stand in the header."""
        return {self.id, *(column.name for column in self.columns), *filter(None, [self.kind_column])}

    def kind_of(self, row: Mapping[str, str]) -> Kind:
        """What a row is.

        Raises:
            InvalidParameter: its cell names no kind.
        """
        word = row.get(self.kind_column, "")
        return self.kind if self.kind and not word else expected_kind(word)


def read_mapping(document: Document | None) -> TableMapping:
    """The mapping in a YAML document.

    Raises:
        UnreadableFile: E121 there is none; E122 something in it does not hold, named.
    """
    if document is None:
        remedy = "Write one beside it (tools.csv: tools.mapping.yaml), or give it with --mapping."
        raise UnreadableFile(
            "A table needs a mapping that says what its columns mean", place="file", problem="E121", remedy=remedy
        )
    content = read_yaml(document.text, code="E122", name=document.name)
    try:
        return _mapping(content)
    except InvalidParameter as error:
        message = f"The mapping {document.name} does not hold: {error.message}"
        raise UnreadableFile(message, place=f"key {error.parameter}", problem="E122", remedy=error.remedy) from error


def _mapping(content: Mapping[str, Yaml]) -> TableMapping:
    for key in content:
        if key not in _KEYS:
            raise InvalidParameter(key, f"{key!r} is no key of a mapping", remedy=closest(key, _KEYS))
    columns = content.get("columns")
    if not isinstance(columns, Mapping) or not columns:
        raise InvalidParameter("columns", "`columns` must say what each column means", remedy="columns:\n  name: label")
    delimiter = _word(content, "delimiter").replace("\\t", "\t")
    if len(delimiter) > 1 or delimiter in {'"', "\n", "\r"}:
        raise InvalidParameter("delimiter", f"{delimiter!r} is not one character that can separate cells")
    lang = _language(_word(content, "language"))
    return TableMapping(
        kind=expected_kind(_word(content, "kind")),
        id=_identifier(_word(content, "id")),
        columns=tuple(_column(name, meaning, lang) for name, meaning in columns.items()),
        delimiter=delimiter,
        constants=_constants(_word(content, "status")),
        sheet=_word(content, "sheet").strip(),
    )


def _column(name: str, meaning: Yaml, lang: str) -> Column:
    if isinstance(meaning, Mapping):
        for key in meaning:
            if key not in {"property", "split"}:
                raise InvalidParameter(name, f"column {name!r}: {key!r} is no key", remedy="Known: property, split.")
        written, split = _word(meaning, "property"), _word(meaning, "split")
    elif isinstance(meaning, str):
        written, split = meaning, ""
    else:
        raise InvalidParameter(name, f"column {name!r} must name one property")
    property_name, _, tag = written.partition("@")
    return Column(name.strip(), property_of(property_name.strip()), _language(tag) if tag else lang, split)


def _word(content: Mapping[str, Yaml], key: str) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise InvalidParameter(key, f"{key!r} must be one word")
    return value


def _language(tag: str) -> str:
    if tag and not language_tag(tag):
        raise InvalidParameter("language", f"{tag!r} is no language tag", remedy="Such as en, he or ar.")
    return language_tag(tag)


def _constants(status: str) -> dict[str, tuple[Value | Target, ...]]:
    return {str(KS.status): (property_of("status").value(status, ""),)} if status else {}


def _identifier(column: str) -> str:
    if not column:
        raise InvalidParameter("id", "'id' is missing: the column that identifies a row")
    return column
