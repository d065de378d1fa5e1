"""CASE packages as statements; the docstring of the package says what becomes what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from ontology.errors import UnreadableFile
from ontology.interchange.addresses import folder_of
from ontology.interchange.case.forms import INDEX, STATEMENTS, Part
from ontology.interchange.case.links import describe_link, direct, edge_of
from ontology.interchange.case.members import ASSOCIATION, DOCUMENT, FORMS, ITEM, PARTS
from ontology.interchange.case.objects import describe, statements
from ontology.interchange.case.repair import mend
from ontology.interchange.case.terms import as_json, json_text, usable_tag
from ontology.interchange.case.things import Reading, Thing, thing_of
from ontology.interchange.facts import reworded
from ontology.interchange.json_text import Json, load_json
from ontology.interchange.limits import SHORTEN, is_too_long
from ontology.interchange.outcome import Mapped, Tally
from ontology.text import MOST_LABEL_BYTES, clean

_LONG = "has a text that is longer than is taken"
_SEPARATE = {"CFDocument", "CFDefinitions"}


def read_case(text: str, base: str, file: str) -> Mapped:
    """Everything that a CASE package says; the docstring of `case` says what becomes what.

    Concepts are the document and the objects of all lists but CFAssociations, whose objects are the links.

    Args:
        text: JSON.
        base: Base IRI of this installation.
        file: Name for problems; relative addresses lie below its graph.

    Raises:
        UnreadableFile: E111 it is not JSON; E115 it is nested too deep; E180 it has no document; E181 the document has
            neither uri nor identifier; E150 a text of the document is too long.
    """
    tally = Tally(file, base)
    package = mend(load_json(text, tally), folder_of(base, file), tally)
    document = package.get("CFDocument") if isinstance(package, dict) else None
    if not isinstance(package, dict) or not isinstance(document, dict):
        raise UnreadableFile(
            "This is no CASE package: it has no object CFDocument",
            place="CFDocument",
            problem="E180",
            remedy="Export the whole package (CFPackages) from where the framework is kept.",
        )
    reading = Reading(base, tally)
    reading.spare += _carried(document, tally)
    _take_document(reading, document)
    _take_package(reading, package)
    triples = [*reading.spare, *_described(reading)]
    reading.tell()
    return tally.outcome(triples)


def _carried(document: dict[str, Json], tally: Tally) -> list[ox.Triple]:
    """What `write_case` found no place for in CASE; it is taken out of the document."""
    extensions = document.get("extensions")
    written = document.pop(STATEMENTS, None)
    if isinstance(extensions, dict) and STATEMENTS in extensions:
        written = extensions.pop(STATEMENTS)
        if not extensions:
            del document["extensions"]
    try:
        return list(_statements(written if isinstance(written, str) else ""))
    except (SyntaxError, ValueError) as error:
        tally.note("W188", f"CFDocument, {STATEMENTS}", f"The statements do not parse and were left out: {error}")
        return []


def _statements(written: str) -> Iterator[ox.Triple]:
    """N-Triples without nameless nodes, which `write_case` never writes."""
    for it in ox.parse(written, ox.RdfFormat.N_TRIPLES):
        if isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.NamedNode | ox.Literal):
            term = it.object
            yield ox.Triple(
                it.subject, it.predicate, reworded(term, clean(term.value)) if isinstance(term, ox.Literal) else term
            )


def _take_document(reading: Reading, value: dict[str, Json]) -> None:
    thing = thing_of(reading, value, DOCUMENT, "CFDocument")
    if thing is None:
        raise UnreadableFile(
            "The framework has neither uri nor identifier", place="CFDocument", problem="E181", remedy="Give it one."
        )
    if _has_long_text(reading, thing):
        raise UnreadableFile(f"The framework {_LONG}", place="CFDocument", problem="E150", remedy=SHORTEN)
    reading.document = thing.node
    reading.lang = usable_tag(value.get("language")) or "en"
    if reading.lang == "en" and not usable_tag(value.get("language")):
        word = "The framework states no language; texts without a language of their own are taken as English"
        reading.tally.note("W172", "CFDocument", word)
    reading.keep(thing)


def _take_package(reading: Reading, package: dict[str, Json]) -> None:
    definitions = package.get("CFDefinitions")
    if isinstance(definitions, dict) and definitions:
        _take_lists(reading, definitions, "CFDefinitions", "CFDefinitions.")
    elif definitions is not None:
        reading.put_aside("CFDefinitions", definitions)
        if definitions not in ([], {}):
            reading.tally.note("W181", "CFDefinitions", "CFDefinitions is no object; it was kept as it is")
    _take_lists(reading, {name: it for name, it in package.items() if name not in _SEPARATE}, "CFPackage", "")


def _take_lists(reading: Reading, holder: dict[str, Json], name: str, place: str) -> None:
    """The lists of the package or of its definitions, and what else stands beside them."""
    parts = PARTS[name]
    for part in parts:
        _take_list(reading, holder, part, reading.document, place)
    for member in sorted(holder.keys() - {it.name for it in parts}):
        if holder[member] is not None:
            reading.put_aside(f"{name}.{member}", holder[member])
            if member != "extensions":
                reading.word("W169", f"{name}.{member}", f"{place}{member}")


def _take_list(reading: Reading, holder: dict[str, Json], part: Part, whole: str, place: str) -> None:
    """The objects of a list and of the lists inside them; without `whole`, in something that is left out."""
    value, spot = holder.get(part.name), f"{place}{part.name}"
    if value is None:
        return
    if not isinstance(value, list):
        reading.tally.note("W186", spot, f"{part.name} is no list; it was read as a list of one")
        value = [value]
    if not value and whole:
        reading.put_aside(part.name, [], whole)
    index = 0
    for number, entry in enumerate(value):
        thing = _entry(reading, entry, part, whole, f"{spot}[{number}]")
        if thing:
            index += 1
            reading.keep(replace(thing, part=part, whole=whole, index=index))
        for inner in FORMS[part.form].parts:
            if isinstance(entry, dict):
                _take_list(reading, entry, inner, thing.node if thing else "", f"{spot}[{number}].")


def _entry(reading: Reading, value: Json, part: Part, whole: str, place: str) -> Thing | None:
    """An object of a list, or None after it was reported as left out."""
    form = FORMS[part.form]
    refused = _refused(value, whole)
    thing = thing_of(reading, value, form, place) if isinstance(value, dict) and not refused else None
    if thing is None:
        refused = refused or ("E181", "has neither uri nor identifier", "Give it one of them.")
    elif _has_long_text(reading, thing):
        refused = ("E150", _LONG, SHORTEN)
    elif twin := reading.twin(thing):
        refused = ("E173", f"has the identifier or uri of {twin}", "Give each object an identifier of its own.")
    elif form is ASSOCIATION:
        edge = edge_of(thing.value, reading.around(thing.value), reading.document, place)
        thing = replace(thing, edge=edge)
        refused = None if edge else ("E185", "lacks its type, or one of the two things that it joins", "Complete it.")
    if refused:
        code, word, remedy = refused
        drop = reading.tally.drop_link if form is ASSOCIATION else reading.tally.drop_concept
        drop(code, place, f"This {form.name} {word}", remedy)
        return None
    return thing


def _has_long_text(reading: Reading, thing: Thing) -> bool:
    """Whether something that the object says, its lists aside, is longer than is taken."""
    lists = {it.name for it in thing.form.parts} | thing.form.aside
    own = {name: it for name, it in thing.value.items() if name not in lists}
    if len(json_text(own)) <= MOST_LABEL_BYTES // 4:
        return False
    stated = describe(thing.node, thing.form, own, reading.around(thing.value))
    return any(isinstance(it.object, ox.Literal) and is_too_long(it.predicate.value, it.object) for it in stated)


def _refused(value: Json, whole: str) -> tuple[str, str, str] | None:
    if not whole:
        return "E184", "stands in something that was left out", "Correct that first."
    if not isinstance(value, dict):
        return "E164", f"is no object: {as_json(value).value[:60]}", "Write it with its members."
    return None


def _described(reading: Reading) -> Iterator[ox.Triple]:
    placed = {it.subject for it in reading.spare if it.predicate.value == INDEX}
    for it in reading.things:
        around = reading.around(it.value)
        yield from describe(it.node, it.form, it.value, around)
        if it.edge:
            yield from describe_link(it.node, it.value, it.edge, around)
        if it.part:
            ends = (it.whole, it.node) if it.part.outward else (it.node, it.whole)
            yield from statements(ends[0], it.part.property, [ox.NamedNode(ends[1])])
            yield from statements(it.node, INDEX, [ox.Literal(it.index)] if ox.NamedNode(it.node) not in placed else [])
        _look(reading, it)
    items = {it.node for it in reading.things if it.form.name == ITEM.name}
    edges = [it.edge for it in reading.things if it.edge]
    yield from direct(edges, items, reading.around({}), reading.tally)


def _look(reading: Reading, thing: Thing) -> None:
    """A word on each member that CASE does not have, or not with such a value."""
    aside = thing.form.aside | {it.name for it in thing.form.parts} | {"uri"}
    for name, value in thing.value.items():
        member = thing.form.member(name)
        if value is None or name in aside:
            continue
        if member is None:
            reading.word("W169", f"{thing.form.name}.{name}", f"{thing.place}.{name}")
        elif not member.kind.accepts(value, False):
            reading.word("W181", f"{thing.form.name}.{name}", f"{thing.place}.{name}")
