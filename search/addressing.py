"""From what users type for an entity (a slug, an address, a name) to the entity."""

from __future__ import annotations

from difflib import get_close_matches

import pyoxigraph as ox

from graph.store import GraphStore
from language.affixes import without_prefix
from language.folding import key, keys
from language.labels import LabelEntry, LabelIndex
from language.script import language_of
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import Iri, Kind, entity_iri, graph_iri, slug_of


def find(labels: LabelIndex, base: str, kind: Kind, named: str) -> Iri:
    """The address of the entity of a kind that is named by its slug, its address, or a name in any language.

    Args:
        labels: Names of all entities.
        base: What addresses begin with, `https://w3id.org/kesher/`.
        kind: What it must be.
        named: As it was typed.

    Raises:
        UnknownEntity: there is none; names the nearest that there are.
    """
    address = Iri(named) if ":" in named else entity_iri(base, kind, slug_of(named))
    if (entry := labels.best(address, "")) and entry.kind is kind:
        return address
    called = [it.iri for it in labels.exact(named) if it.kind is kind]
    if called:
        return called[0]
    raise UnknownEntity(f"There is no {kind} {named!r}.", remedy=_nearest(labels.of_kind(kind), kind, named))


def named_by(labels: LabelIndex, query: str) -> list[LabelEntry]:
    """Names that a query is, as it stands or else without a prefix written together with its first word."""
    shorter = map(labels.exact, without_prefix(key(query), language_of(query)))
    return labels.exact(query) or next(filter(None, shorter), [])


def equal_names(labels: LabelIndex, iri: Iri, query: str) -> list[str]:
    """The names of an entity that equal a query; the query itself where it is the address."""
    own = [it.text for it in named_by(labels, query) if it.iri == iri]
    forms = {key(query), *without_prefix(key(query), language_of(query))}
    return [it for it in own if forms & keys(it)] or [query]


def find_any(labels: LabelIndex, base: str, named: str) -> Iri:
    """The address of the entity of any kind that is named by its address, `kind/slug`, or a name or slug.

    Raises:
        UnknownEntity: there is none; names the nearest that there are.
    """
    kind, _, slug = named.strip().rpartition("/")
    address = entity_iri(base, Kind(kind), slug) if kind in set(Kind) else Iri(named.strip())
    if labels.best(address, ""):
        return address
    if called := labels.exact(named):
        return called[0].iri
    near = ", ".join(f"{it.kind}/{_slug(it)}" for it in labels.suggest(named, "", 3))
    raise UnknownEntity(
        f"There is no entity {named!r}.",
        remedy=f"The nearest are: {near}." if near else "Give its address, kind/slug, or its name.",
    )


def find_subject(labels: LabelIndex, base: str, named: str) -> Iri:
    """The address of a school subject that a filter names.

    Raises:
        InvalidParameter: there is none; names those that there are.
    """
    try:
        return find(labels, base, Kind.SUBJECT, named)
    except UnknownEntity as error:
        known = ", ".join(sorted(_slug(it) for it in labels.of_kind(Kind.SUBJECT)))
        raise InvalidParameter("subject", error.message, remedy=f"The subjects are: {known or 'none yet'}.") from error


def described(graph: GraphStore, base: str, source: str) -> frozenset[Iri]:
    """What a source describes.

    Args:
        graph: The public dataset.
        base: What addresses begin with.
        source: Name of its named graph, such as `source/notes.md`, or the whole address.

    Raises:
        InvalidParameter: there is no such graph, or it describes nothing.
    """
    address = source if "://" in source else graph_iri(base, source)
    try:
        rows = graph.select("source-entities", source=ox.NamedNode(address))
    except ValueError:  # no address can be written so
        rows = []
    if not rows:
        raise InvalidParameter(
            "source",
            f"No source {source[:100]!r} describes anything.",
            remedy="Name a graph, such as starter/tools or source/notes.md, as an entity's provenance has it.",
        )
    return frozenset(Iri(it["entity"].value) for it in rows)


def _nearest(entries: list[LabelEntry], kind: Kind, named: str) -> str:
    slugs = sorted(map(_slug, entries))
    near = get_close_matches(slug_of(named), slugs, n=3, cutoff=0.4) or slugs[:5]
    return f"The nearest are: {', '.join(near)}." if near else f"There is no {kind} at all yet."


def _slug(entry: LabelEntry) -> str:
    return entry.iri.rpartition("/")[2]
