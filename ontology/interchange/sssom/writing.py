"""Links as a SSSOM 1.1 table, with what SSSOM has no slot for as extensions.

What cannot stand in a table stays out of it: second values where SSSOM allows one, and the languages of texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from ontology.interchange.curies import Curies
from ontology.interchange.facts import Facts, Term, facts_of, values
from ontology.interchange.sssom.header import (
    BUILT_IN,
    EXTENSIONS,
    SLOT_NAME,
    SLOT_PROPERTY,
    TYPE_HINT,
    UNDEFINED,
    UNSPECIFIED,
)
from ontology.interchange.sssom.sheet import join, split, write_sheet
from ontology.interchange.sssom.slots import (
    ENTITY_HINT,
    MANDATORY,
    OWN_SLOTS,
    ROW_SLOTS,
    SET_SLOTS,
    SHARED,
    Slot,
    link_digest,
    typed_slot,
    word_of,
)
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import KS, PREFIXES, RDF, SEMAPV, SH, SSSOM, XSD

_TYPE, _MAPPINGS, _LICENCE = str(RDF.type), f"{SSSOM}mappings", SET_SLOTS["license"].property
_ENDS = tuple(ROW_SLOTS[name].property for name in MANDATORY[:3])
_STRUCTURE = {_TYPE, _MAPPINGS, EXTENSIONS.value, str(SH.declare)}
_KNOWN = {slot.property for slot in (*ROW_SLOTS.values(), *SET_SLOTS.values())} | _STRUCTURE


def write_sssom(triples: Iterable[ox.Triple], set_id: str = f"{DEFAULT_BASE}id/mapping-set/export") -> str:
    """Every `ks:Link` that has a subject, a property and an object, in whatever state, as a row of one mapping set.

    Where all of them are of one `sssom:MappingSet`, the header is that set's; else it is a new one's, which names the
    sets as its sources, and each row says which it comes from.

    Args:
        triples: The links, their sets, and anything else, which is left alone.
        set_id: IRI of the new set.
    """
    about = facts_of(triples)
    links = {node: said for node, said in about.items() if _is(said, str(KS.Link)) and all(it in said for it in _ENDS)}
    sets = {node: said for node, said in about.items() if _is(said, str(SSSOM.MappingSet))}
    owner = {link.value: node for node, said in sets.items() for link in said.get(_MAPPINGS, ())}
    whole = len(sets) == 1 and links.keys() <= owner.keys()
    set_id, of_set = next(iter(sets.items())) if whole else (set_id, _merged(sets, links.keys() <= owner.keys()))
    curies = Curies({**PREFIXES, **_prefixes(sets.values(), about), **BUILT_IN})
    extensions = _extensions([of_set, *links.values()], about)
    slots = [*ROW_SLOTS.values(), *extensions]
    rows = [
        {**_row(node, said, slots, curies, set_id), **({} if whole else _source(owner.get(node), curies))}
        for node, said in links.items()
    ]
    head = _cells(of_set, [*SET_SLOTS.values(), *extensions], curies)
    _condense(head, rows)
    columns = [slot.name for slot in slots if slot.name in MANDATORY or any(slot.name in row for row in rows)]
    rows.sort(key=lambda row: [row.get(name, "") for name in columns])
    return write_sheet(_header(set_id, head, extensions, curies, _prefixes(sets.values(), about)), columns, rows)


def _is(said: Facts, wanted: str) -> bool:
    return wanted in values(said, _TYPE)


def _merged(sets: Mapping[str, Facts], of_sets: bool) -> Facts:
    """What a new set says: the sets it is made of, and their licence if every link is of one and all have the same."""
    licences = {it.value for said in sets.values() for it in said.get(_LICENCE, ())}
    said: dict[str, list[Term]] = {SET_SLOTS["mapping_set_source"].property: [ox.NamedNode(it) for it in sorted(sets)]}
    if of_sets and len(licences) == 1 and all(_LICENCE in it for it in sets.values()):
        said[_LICENCE] = [ox.NamedNode(*licences)]
    return said


def _prefixes(sets: Iterable[Facts], about: Mapping[str, Facts]) -> dict[str, str]:
    """The prefixes that sets were read with; the first meaning holds."""
    found: dict[str, str] = {}
    for node in (it.value for said in sets for it in said.get(str(SH.declare), ())):
        said = about.get(node, {})
        for name, start in zip(said.get(str(SH.prefix), ()), said.get(str(SH.namespace), ()), strict=False):
            found.setdefault(name.value, start.value)
    return dict(sorted(found.items()))


def _extensions(things: Iterable[Facts], about: Mapping[str, Facts]) -> list[Slot]:
    """A slot for each property that SSSOM has none for, in order of property, under the name that its set defines."""
    defined = {slot.property: slot for slot in OWN_SLOTS.values()}
    for said in about.values():
        if SLOT_NAME.value in said and SLOT_PROPERTY.value in said:
            name, meaning = said[SLOT_NAME.value][0].value, said[SLOT_PROPERTY.value][0].value
            hint = said.get(TYPE_HINT.value, [ox.NamedNode(XSD.string)])[0].value
            defined[meaning] = typed_slot(name, meaning, hint)
    first = {name: terms[0] for said in things for name, terms in said.items() if name not in _KNOWN}
    used = {name: defined.get(name) or _made_up(name, term) for name, term in first.items()}
    ours = {slot.property for slot in OWN_SLOTS.values()}
    return [slot for name, slot in sorted({**defined, **used}.items()) if name in used or name not in ours]


def _made_up(meaning: str, term: Term) -> Slot:
    """A slot for a property that nobody has defined: named after it, or the one that was read without a definition."""
    if meaning.startswith(UNDEFINED):
        return typed_slot(meaning.removeprefix(UNDEFINED), meaning, str(XSD.string))
    local = re.split(r"[/#:]", meaning.rstrip("/#"))[-1]
    hint = ENTITY_HINT if isinstance(term, ox.NamedNode) else term.datatype.value
    return typed_slot("ext_" + re.sub(r"[^\w.-]", "_", local), meaning, hint)


def _row(node: str, said: Facts, slots: Sequence[Slot], curies: Curies, set_id: str) -> dict[str, str]:
    row = _cells(said, slots, curies)
    row.setdefault("mapping_justification", curies.contract(SEMAPV.UnspecifiedMatching))
    if not node.endswith("/id/link/" + link_digest(ox.NamedNode(set_id), said)):
        row["record_id"] = curies.contract(node)
    return row


def _source(owner: str | None, curies: Curies) -> dict[str, str]:
    return {"mapping_source": curies.contract(owner)} if owner else {}


def _cells(said: Facts, slots: Iterable[Slot], curies: Curies) -> dict[str, str]:
    """The values of a thing as words, by slot."""
    cells = {}
    for slot in slots:
        words = [word_of(slot, it, curies) for it in said.get(slot.property, ())]
        if words:
            cells[slot.name] = join(words) if slot.many else words[0]
    return cells


def _condense(head: dict[str, str], rows: Sequence[dict[str, str]]) -> None:
    """Say once in the header what all rows say."""
    for name in SHARED:
        values = {row.get(name, "") for row in rows}
        if len(values) == 1 and name not in head and all(values):
            head[name] = values.pop()
            for row in rows:
                del row[name]


def _header(
    set_id: str, head: Mapping[str, str], extensions: Iterable[Slot], curies: Curies, declared: Mapping[str, str]
) -> dict[str, object]:
    definitions = [
        {
            "slot_name": slot.name,
            "property": curies.contract(slot.property),
            "type_hint": curies.contract(slot.datatype),
        }
        for slot in extensions
        if not slot.property.startswith(UNDEFINED)
    ]
    needed = {name: start for name, start in sorted({**declared, **curies.used}.items()) if name not in BUILT_IN}
    many = {slot.name for slot in SET_SLOTS.values() if slot.many}
    said = {name: split(cell) if name in many else cell for name, cell in {"license": UNSPECIFIED, **head}.items()}
    told: dict[str, object] = {"sssom_version": "1.1", "curie_map": needed, "mapping_set_id": set_id, **said}
    return {**told, "extension_definitions": definitions} if definitions else told
