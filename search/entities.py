"""Entities as search sees them, read from the graph by named questions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeAlias

import pyoxigraph as ox

from graph.store import GraphStore, Row, Term
from language.labels import LabelEntry
from language.script import primary
from ontology.kinds import Iri, Kind, kind_of, local_name
from ontology.model import Certainty, Entity, Label, Text, certainty_of
from ontology.namespaces import DCTERMS, FOAF, KS, RDF, RDFS, SKOS

#: The properties that name an entity, best first: the best one that is there gives its preferred names.
_NAMING = (str(SKOS.prefLabel), str(DCTERMS.title), str(RDFS.label), str(FOAF.name))

#: Texts of these orders in entity-texts.rq (keywords, authors) are items of a list; what stands between the items.
_LISTS = {7: ", ", 8: "; "}

#: A number that a grade or an evidence grade can be; anything else that a file states there is passed over.
_INTEGER = re.compile(r"-?[0-9]{1,9}")

#: More entities than this are found sooner by asking for all.
_ONE_BY_ONE = 500

_Rows: TypeAlias = Mapping[str, list[Row]]
_Facts: TypeAlias = Mapping[str, list[Term]]


def read_entities(graph: GraphStore, iris: Iterable[Iri] | None = None) -> list[Entity]:
    """The entities with these addresses (None: all), in order of address.

    What has no class that Kesher knows is no entity and is left out.
    """
    chosen = None if iris is None else frozenset(iris)
    facts = _ask(graph, "entity-facts", chosen)
    labels = _ask(graph, "entity-labels", chosen)
    certainty = _ask(graph, "entity-label-certainty", chosen)
    texts = _ask(graph, "entity-texts", chosen)
    found = (
        _entity(Iri(iri), _by_property(facts[iri]), labels.get(iri, []), certainty.get(iri, []), texts.get(iri, []))
        for iri in sorted(facts)
    )
    return [it for it in found if it is not None]


def label_entries(entities: Iterable[Entity]) -> Iterator[LabelEntry]:
    """The names of entities as the label index takes them."""
    for entity in entities:
        for label in entity.labels:
            yield LabelEntry(entity.iri, entity.kind, label.text, label.lang, label.preferred, label.needs_review)


def _ask(graph: GraphStore, question: str, iris: frozenset[Iri] | None) -> _Rows:
    """The rows of a question by entity."""
    if iris is None or len(iris) > _ONE_BY_ONE:
        rows = graph.select(question)
    else:
        rows = graph.select_each(question, "entity", map(ox.NamedNode, sorted(iris)))
    by_entity: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        entity = row["entity"]
        if isinstance(entity, ox.NamedNode) and (iris is None or entity.value in iris):
            by_entity[entity.value].append(row)
    return by_entity


def _by_property(rows: list[Row]) -> _Facts:
    facts: defaultdict[str, list[Term]] = defaultdict(list)
    for row in rows:
        facts[_value(row["property"])].append(row["value"])
    return facts


def _entity(iri: Iri, facts: _Facts, labels: list[Row], certainty: list[Row], texts: list[Row]) -> Entity | None:
    kind = kind_of(set(_values(facts, RDF.type)))
    if kind is None:
        return None
    named = tuple(_labels(labels, {_literal(it["label"]): certainty_of(_value(it["certainty"])) for it in certainty}))
    return Entity(
        iri=iri,
        kind=kind,
        labels=named,
        descriptions=_descriptions(texts),
        content_languages=_content_languages(kind, facts, named),
        subjects=tuple(Iri(it) for it in _values(facts, KS.subject)),
        grades=_grades(facts),
        research_grade=_greatest(facts, KS.researchGrade),
        field_grade=_greatest(facts, KS.fieldGrade),
        statuses=tuple(local_name(it).lower() for it in _values(facts, KS.status)),
    )


def _labels(rows: list[Row], certainty: Mapping[Text, Certainty]) -> list[Label]:
    """The names, preferred first, each text of a language once."""
    given = {_value(row["property"]) for row in rows}
    naming = next((it for it in _NAMING if it in given), None)
    found: dict[Text, bool] = {}
    for row in rows:
        text = _literal(row["label"])
        found[text] = found.get(text, False) or _value(row["property"]) == naming
    order = sorted(found, key=lambda it: (not found[it], it.lang, it.text))
    return [Label(it.text, it.lang, found[it], certainty.get(it, Certainty.SURE)) for it in order if it.text.strip()]


def _descriptions(rows: list[Row]) -> tuple[Text, ...]:
    """The texts by the order of their properties, then of their letters: the graph keeps no other.

    Keywords and authors, which are no sentences, become one text each.
    """
    found = sorted((int(_value(row["order"])), _literal(row["text"]).lang, _value(row["text"])) for row in rows)
    texts: list[Text] = []
    for (order, lang), rest in groupby(found, key=lambda it: it[:2]):
        items = [text for _, _, text in rest]
        texts += [Text(it, lang) for it in ([_LISTS[order].join(items)] if order in _LISTS else items)]
    return tuple(texts)


def _content_languages(kind: Kind, facts: _Facts, labels: tuple[Label, ...]) -> tuple[str, ...]:
    """What it is written in; a source that does not say is written in the language of its title."""
    said = {primary(it) for it in _values(facts, DCTERMS.language)}
    if not said and kind is Kind.SOURCE and labels:
        said = {primary(labels[0].lang)} - {""}
    independent = "true" in _values(facts, KS.languageIndependent)
    return () if independent else tuple(sorted(said))


def _grades(facts: _Facts) -> tuple[int, int] | None:
    lowest, highest = _integers(facts, KS.gradeMin), _integers(facts, KS.gradeMax)
    return (min(lowest), max(highest)) if lowest and highest else None


def _greatest(facts: _Facts, property: str) -> int | None:
    return max(_integers(facts, property), default=None)


def _integers(facts: _Facts, property: str) -> list[int]:
    return [int(it) for it in _values(facts, property) if _INTEGER.fullmatch(it)]


def _values(facts: _Facts, property: str) -> list[str]:
    return sorted(_value(it) for it in facts.get(str(property), ()))


def _value(term: Term) -> str:
    return term.value


def _literal(term: Term) -> Text:
    return Text(term.value, (term.language or "") if isinstance(term, ox.Literal) else "")
