"""SSSOM tables to links.

Each row becomes a `ks:Link`, a statement held as a node, and the header a `sssom:MappingSet` that names its rows. What
SSSOM knows and Kesher does not keeps SSSOM's own properties; extensions keep the properties that the header gives them.

A direct statement stands beside a link only when a person has accepted it. The state of a link is what the extension
`ext_link_state` (ks:linkState) says; without it:

- accepted: a person made the mapping (a manual justification) and a reviewer is named;
- declared: a person made it, or a reviewer is named for what a program found;
- proposed: a program found it and nobody has looked;
- rejected: the predicate is negated and a reviewer is named. A negated row never becomes a direct statement.

Identity (`skos:exactMatch` and stronger) is transitive, so what a program found and nobody reviewed is taken as
`skos:closeMatch`; what the row said stays in `ext_stated_predicate` (sssom:predicate_id).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import pyoxigraph as ox

from ontology.interchange.facts import Term
from ontology.interchange.limits import SHORTEN, is_too_long
from ontology.interchange.outcome import Mapped, Tally
from ontology.interchange.sssom.header import Header, read_header, undefined_slot
from ontology.interchange.sssom.sheet import Row, Sheet, read_sheet, split
from ontology.interchange.sssom.slots import (
    MANDATORY,
    OWN_SLOTS,
    ROW_SLOTS,
    SHARED,
    Slot,
    Sort,
    link_digest,
    term_of,
)
from ontology.namespaces import KS, OWL, RDF, SEMAPV, SKOS, SSSOM

Said: TypeAlias = dict[str, list[Term]]

_TYPE, _LINK, _MAPPINGS = ox.NamedNode(RDF.type), ox.NamedNode(KS.Link), ox.NamedNode(f"{SSSOM}mappings")
_SUBJECT, _PREDICATE, _OBJECT = (ROW_SLOTS[name].property for name in ("subject_id", "predicate_id", "object_id"))
_STATE, _STATED = (OWN_SLOTS[name].property for name in ("ext_link_state", "ext_stated_predicate"))
_JUSTIFICATION, _REVIEWER = str(SSSOM.mapping_justification), str(SSSOM.reviewer_id)
_NEGATION, _RECORD = str(SSSOM.predicate_modifier), ROW_SLOTS["record_id"].property
_STATES = {"declared", "proposed", "accepted", "rejected", "edited", "stale", "superseded"}
_DECIDED = {"accepted", "rejected", "edited"}
_BY_HAND = {str(SEMAPV.ManualMappingCuration), f"{SEMAPV}MappingReview"}
_IDENTITY = {*map(str, (SKOS.exactMatch, OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty))}
_NOTHING = ox.NamedNode(f"{SSSOM}NoTermFound")


def read_sssom(text: str, base: str, file: str) -> Mapped:
    """Every row as a link; a row counts as one link, the header as nothing.

    Dropped, each with its row: E120 and E125 no row of this table, E124 a mandatory value is missing, E173 the same row
    or record twice, E123 a value that is none (an undeclared prefix, a confidence that is no number from 0 to 1).
    Told: W190 a suggestion taken as closeMatch, W191 a state without a reviewer, W197 no licence, W193 something in the
    header was left out, W184 a set without an address, W169 a column or key that SSSOM does not know.

    Args:
        text: SSSOM/TSV with its header.
        base: Base IRI of this installation.
        file: Name for problems.

    Raises:
        UnreadableFile: E193 the header is none of SSSOM; E126 the columns are others.
    """
    tally = Tally(file, base)
    sheet = read_sheet(text, tally)
    header = read_header(sheet.header, base, tally)
    rows = list(_rows(sheet, header, tally))
    shared, own = _apart(header, rows)
    triples = [*header.triples, *(ox.Triple(header.set, ox.NamedNode(name), it) for name in own for it in own[name])]
    names = _Names(base, header.set)
    for place, row in rows:
        said = _cautious({**shared, **row}, place, tally)
        node = names.of(said)
        if node in names.taken:
            tally.drop_link("E173", place, f"The record {node.value} stands twice", "Give each row its own record_id.")
            continue
        names.taken.add(node)
        tally.keep_link()
        triples += _link(node, header.set, said, place, tally)
    return tally.outcome(triples)


class _Names:
    """The addresses of the links of a set: their own, or made of what they say."""

    def __init__(self, base: str, mapping_set: ox.NamedNode) -> None:
        self._prefix = f"{base}id/link/"
        self._set = mapping_set
        self._alike: Counter[str] = Counter()
        self.taken: set[ox.NamedNode] = set()

    def of(self, said: Said) -> ox.NamedNode:
        if given := said.pop(_RECORD, []):
            return ox.NamedNode(given[0].value)
        first = digest = link_digest(self._set, said)
        while (node := ox.NamedNode(self._prefix + digest)) in self.taken:
            self._alike[first] += 1
            digest = link_digest(self._set, said, self._alike[first] + 1)
        return node


def _rows(sheet: Sheet, header: Header, tally: Tally) -> Iterator[tuple[str, Said]]:
    """What each good row says, by property."""
    slots = {**ROW_SLOTS, **OWN_SLOTS, **header.extensions}
    used = [name for name in sheet.columns if any(name in row.cells for row in sheet.rows)]
    slots |= {name: undefined_slot(name, "columns", tally) for name in used if name not in slots}
    seen: dict[tuple[tuple[str, str], ...], str] = {}
    for row in sheet.rows:
        cells = tuple(sorted(row.cells.items()))
        missing = [name for name in MANDATORY if name not in row.cells]
        if missing:
            remedy = "Kesher takes mappings between two things that have addresses."
            tally.drop_link("E124", row.place, f"This row has no {', '.join(missing)}", remedy)
        elif cells in seen:
            tally.drop_link("E173", row.place, f"This row is the same as {seen[cells]}", "Take one of them out.")
        elif said := _said(row, slots, header, tally):
            seen[cells] = row.place
            yield row.place, said


def _said(row: Row, slots: Mapping[str, Slot], header: Header, tally: Tally) -> Said:
    """The values of a row; nothing, after E123 or E150, when one of them is none or too long."""
    said: Said = {}
    for name, cell in row.cells.items():
        slot = slots[name]
        if is_too_long(slot.property, cell):
            tally.drop_link(
                "E150", f"{row.place}, {name}", "A text is longer than is taken; the row was left out", SHORTEN
            )
            return {}
        try:
            said[slot.property] = [term_of(slot, it, header.curies) for it in (split(cell) if slot.many else [cell])]
        except ValueError as error:
            remedy = "Write prefix:name, with the prefix in curie_map." if slot.sort is Sort.ENTITY else ""
            tally.drop_link("E123", row.place, f"{name}: {error}", remedy)
            return {}
    return said


def _apart(header: Header, rows: Sequence[tuple[str, Said]]) -> tuple[Said, Said]:
    """What a header says of every row, because no row says it ("propagation"), and what it says of the set."""
    in_rows = {name for _, said in rows for name in said}
    shared, own = Said(), Said()
    for name, (slot, terms) in header.said.items():
        goes_down = name in SHARED and rows and slot.property not in in_rows
        (shared if goes_down else own)[slot.property] = list(terms)
    return shared, own


def _link(node: ox.NamedNode, of: ox.NamedNode, said: Said, place: str, tally: Tally) -> Iterator[ox.Triple]:
    """A link as a node, and as a statement if a person has accepted it."""
    said[_STATE] = [ox.Literal(_state(said, place, tally))]
    yield ox.Triple(node, _TYPE, _LINK)
    yield ox.Triple(of, _MAPPINGS, node)
    yield from (ox.Triple(node, ox.NamedNode(name), it) for name, terms in said.items() for it in terms)
    subject, predicate, value = (said[name][0] for name in (_SUBJECT, _PREDICATE, _OBJECT))
    if said[_STATE][0].value == "accepted" and _NEGATION not in said and _NOTHING not in {subject, value}:
        yield ox.Triple(ox.NamedNode(subject.value), ox.NamedNode(predicate.value), value)


def _cautious(said: Said, place: str, tally: Tally) -> Said:
    """What a row says, with a program's word for identity as closeness."""
    predicate = said[_PREDICATE][0]
    if _is_by_hand(said) or predicate.value not in _IDENTITY or said.keys() & {_REVIEWER, _NEGATION}:
        return said
    tally.note("W190", place, "A program found this, so it is a closeMatch until somebody has reviewed it")
    return {**said, _STATED: [predicate], _PREDICATE: [ox.NamedNode(SKOS.closeMatch)]}


def _is_by_hand(said: Said) -> bool:
    return said[_JUSTIFICATION][0].value in _BY_HAND


def _state(said: Said, place: str, tally: Tally) -> str:
    stated = said[_STATE][0].value if _STATE in said else ""
    if stated in _STATES and (_REVIEWER in said or stated not in _DECIDED):
        return stated
    if stated:
        tally.note("W191", place, f"The state {stated[:40]!r} was not taken: it is none, or names no reviewer")
    if _NEGATION in said and _REVIEWER in said:
        return "rejected"
    if _NEGATION not in said and _REVIEWER in said and _is_by_hand(said):
        return "accepted"
    return "declared" if _REVIEWER in said or _is_by_hand(said) else "proposed"
