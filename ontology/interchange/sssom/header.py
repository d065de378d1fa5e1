"""The header of a SSSOM/TSV file: prefixes, what holds for the set, extensions and what holds for every row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

import pyoxigraph as ox

from ontology.errors import UnreadableFile
from ontology.interchange.curies import MADE_UP, Curies
from ontology.interchange.facts import Term
from ontology.interchange.outcome import Tally
from ontology.interchange.sssom.slots import OWN_SLOTS, ROW_SLOTS, SET_SLOTS, Slot, term_of, typed_slot
from ontology.kinds import genid, slug_of
from ontology.namespaces import PREFIXES, RDF, SH, SSSOM, XSD
from ontology.yaml_text import Yaml

#: Prefixes that need no declaration and may not mean anything else.
BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        **{name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")},
        "linkml": "https://w3id.org/linkml/",
    }
)
UNDEFINED = "http://sssom.invalid/"
UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"

EXTENSIONS, SLOT_NAME, SLOT_PROPERTY, TYPE_HINT = (
    ox.NamedNode(f"{SSSOM}{name}") for name in ("extension_definitions", "slot_name", "property", "type_hint")
)

_VERSIONS = ("1.0", "1.1")
_NAME = re.compile(r"[^\W\d][\w.-]*")
_NOT_SLOTS = ("curie_map", "mapping_set_id", "extension_definitions", "sssom_version")


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says.

    Attributes:
        set: The mapping set.
        extensions: Slots that the header defines, by name.
        said: What it says of the set, and of all rows where a row does not say it: values by slot.
        triples: The set's definitions and prefixes.
    """

    set: ox.NamedNode
    curies: Curies
    extensions: Mapping[str, Slot]
    said: Mapping[str, tuple[Slot, Sequence[Term]]]
    triples: Sequence[ox.Triple]


def read_header(written: Mapping[str, Yaml], base: str, tally: Tally) -> Header:
    """Everything a header says; W193 for each thing in it that cannot be taken.

    Raises:
        UnreadableFile: E193 the prefixes are no prefixes, or change the meaning of one that is built in.
    """
    prefixes = _prefixes(written.get("curie_map", {}))
    curies = Curies({**prefixes, **BUILT_IN})
    node = _set(written.get("mapping_set_id", ""), base, tally)
    extensions = dict(_extensions(written.get("extension_definitions", []), curies, tally))
    if written.get("sssom_version", "1.0") not in _VERSIONS:
        tally.note("W193", "header", f"This is SSSOM {written['sssom_version']}; it was read as 1.1")
    said = dict(_said(written, {**SET_SLOTS, **extensions}, curies, tally))
    if "license" not in said:
        tally.note("W197", "header", "The header states no licence", "Add `license:` with its address.")
    triples = [ox.Triple(node, ox.NamedNode(RDF.type), ox.NamedNode(SSSOM.MappingSet))]
    triples += _declared(node, prefixes, base)
    triples += _defined(node, extensions.values(), base)
    return Header(node, curies, extensions, said, triples)


def unnamed(base: str, *parts: str) -> ox.NamedNode:
    """The address of a node that a file gives no name."""
    digest = sha256("\n".join(parts).encode()).hexdigest()[:24]
    return ox.NamedNode(genid(base, "sssom", digest))


def _prefixes(written: Yaml) -> dict[str, str]:
    if not isinstance(written, Mapping) or not all(isinstance(it, str) for it in written.values()):
        raise UnreadableFile("curie_map is no list of `prefix: address`", place="header", problem="E193")
    prefixes = {name: str(start) for name, start in written.items()}
    changed = [name for name, start in BUILT_IN.items() if prefixes.get(name, start) != start]
    if changed:
        message = f"curie_map gives another meaning to {', '.join(changed)}"
        remedy = "These prefixes are fixed by SSSOM: " + ", ".join(f"{name} is {BUILT_IN[name]}" for name in changed)
        raise UnreadableFile(message, place="header", problem="E193", remedy=f"{remedy}.")
    return prefixes


def _set(written: Yaml, base: str, tally: Tally) -> ox.NamedNode:
    try:
        if isinstance(written, str) and ":" in written:
            return ox.NamedNode(written)
    except ValueError as error:
        tally.note("W193", "header", f"mapping_set_id: {error}")
    tally.note("W184", "header", "The header has no mapping_set_id; one was made of the name of the file")
    return ox.NamedNode(f"{base}id/mapping-set/{slug_of(tally.file)}")


def _extensions(written: Yaml, curies: Curies, tally: Tally) -> Iterator[tuple[str, Slot]]:
    """The slots that `extension_definitions` defines; a definition that does not hold is ignored, as SSSOM wants it."""
    for definition in written if isinstance(written, list) else [written]:
        try:
            slot = _extension(definition, curies)
        except ValueError as error:
            tally.note("W193", "header", f"A definition of an extension was left out: {error}")
        else:
            yield slot.name, slot


def _extension(definition: Yaml, curies: Curies) -> Slot:
    if not isinstance(definition, Mapping) or not set(definition) <= {"slot_name", "property", "type_hint"}:
        raise ValueError("it has slot_name, property and type_hint, and nothing else")
    name, term, hint = (str(definition.get(it, "")) for it in ("slot_name", "property", "type_hint"))
    if not _NAME.fullmatch(name) or name in ROW_SLOTS or name in SET_SLOTS:
        raise ValueError(f"{name[:80]!r} is no name for an extension")
    meaning = curies.expand(term).value if term else UNDEFINED + name
    return typed_slot(name, meaning, curies.expand(hint).value if hint else str(XSD.string))


def _said(
    written: Mapping[str, Yaml], slots: Mapping[str, Slot], curies: Curies, tally: Tally
) -> Iterator[tuple[str, tuple[Slot, Sequence[Term]]]]:
    for name, value in written.items():
        words = [it for it in (value if isinstance(value, list) else [value]) if isinstance(it, str) and it.strip()]
        if name in _NOT_SLOTS or not words or words == [UNSPECIFIED]:
            continue
        slot = slots.get(name) or undefined_slot(name, "header", tally)
        try:
            yield name, (slot, [term_of(slot, tally.text(it, name).strip(), curies) for it in words])
        except ValueError as error:
            tally.note("W193", "header", f"{name} was left out: {error}")


def undefined_slot(name: str, place: str, tally: Tally) -> Slot:
    """An extension that nobody defines, with the property that SSSOM has for such."""
    tally.note("W169", place, f"{name[:80]!r} is no slot of SSSOM; it was kept as text", "Define it as an extension.")
    return typed_slot(name, UNDEFINED + "".join(it if it.isalnum() else "_" for it in name), str(XSD.string))


def _declared(node: ox.NamedNode, prefixes: Mapping[str, str], base: str) -> Iterator[ox.Triple]:
    """Prefixes of the file's own, in SHACL's words, so that it can be written with the same ones."""
    for name, start in prefixes.items():
        if {**PREFIXES, **BUILT_IN}.get(name) != start and not name.startswith(MADE_UP):
            it = unnamed(base, node.value, "prefix", name)
            yield ox.Triple(node, ox.NamedNode(SH.declare), it)
            yield ox.Triple(it, ox.NamedNode(SH.prefix), ox.Literal(name))
            yield ox.Triple(it, ox.NamedNode(SH.namespace), ox.Literal(start, datatype=ox.NamedNode(XSD.anyURI)))


def _defined(node: ox.NamedNode, extensions: Iterable[Slot], base: str) -> Iterator[ox.Triple]:
    """Extensions that the file defines; ours are known to every reader of Kesher."""
    ours = {slot.property for slot in OWN_SLOTS.values()}
    for slot in extensions:
        if slot.property not in ours:
            it = unnamed(base, node.value, "extension", slot.name)
            yield ox.Triple(node, EXTENSIONS, it)
            yield ox.Triple(it, ox.NamedNode(RDF.type), ox.NamedNode(f"{SSSOM}ExtensionDefinition"))
            yield ox.Triple(it, SLOT_NAME, ox.Literal(slot.name))
            yield ox.Triple(it, SLOT_PROPERTY, ox.NamedNode(slot.property))
            yield ox.Triple(it, TYPE_HINT, ox.NamedNode(slot.datatype))
