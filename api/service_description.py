"""What the SPARQL endpoint can do: SPARQL 1.1 Service Description (W3C Recommendation 2013)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from api.publishing.sentences import Sentences, written
from api.publishing.statistics import Statistics
from api.publishing.void import PLACE, Site
from api.services import Services
from graph.results import GRAPHS, TABLES
from ontology.namespaces import DCTERMS, FOAF, SD, VOID

#: Seconds that a description waits for the counts of graphs; it goes without them rather than later.
PATIENCE_S = 2.0
_SIMPLE = ox.NamedNode("http://www.w3.org/ns/entailment/Simple")
#: What W3C calls a format that pyoxigraph calls otherwise (https://www.w3.org/ns/formats/).
_W3C = {ox.RdfFormat.JSON_LD.iri: "http://www.w3.org/ns/formats/JSON-LD"}


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the endpoint can do beside SPARQL 1.1 Query.

    Attributes:
        update: Path of the endpoint that takes updates; None where none does.
        functions: Addresses of functions that are not the standard's.
        extensions: Addresses of extensions of the language.
        union: Whether the default graph of a query is the union of all graphs.
    """

    update: str | None = None
    functions: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    union: bool = True


def service_description(
    services: Services, base_url: str, accept: str, abilities: Abilities | None = None
) -> tuple[str, bytes]:
    """Media type and body of the description of the endpoint. Blocks for seconds at most: call it in a thread.

    Args:
        services: The services of the app.
        base_url: Where this server answers, as the request reached it; ends with a slash.
        accept: The Accept header of the request.
        abilities: What else the endpoint can do.

    Raises:
        NotAcceptable: RDF is not what was asked for.
    """
    statistics = services.publisher.statistics.wait(PATIENCE_S)
    site = Site(base_url, services.settings.base_iri)
    return written(describe_service(statistics, site, abilities or Abilities()), accept)


def describe_service(statistics: Statistics | None, site: Site, abilities: Abilities) -> list[ox.Triple]:
    """The description as statements; without counts, it does not list the graphs. Pure."""
    said = Sentences()
    dataset = said.call(site.dataset, str(SD.Dataset))
    service = said.call(site.at("sparql#service"), str(SD.Service))
    said.say(service, str(SD.endpoint), site.at("sparql"))
    said.say(service, str(SD.supportedLanguage), ox.NamedNode(SD.SPARQL11Query))
    said.say(service, str(SD.resultFormat), *_formats())
    said.say(service, str(SD.extensionFunction), *_functions(said, abilities.functions))
    said.say(service, str(SD.languageExtension), *map(ox.NamedNode, abilities.extensions))
    _say_common(said, service, dataset, union=abilities.union)
    if abilities.update:
        update = said.call(site.at(f"{abilities.update}#service"), str(SD.Service))
        said.say(update, str(SD.endpoint), site.at(abilities.update))
        said.say(update, str(SD.supportedLanguage), ox.NamedNode(SD.SPARQL11Update))
        _say_common(said, update, dataset, union=abilities.union)
    said.say(dataset, str(FOAF.isPrimaryTopicOf), site.at(PLACE))
    if statistics:
        _say_graphs(said, dataset, statistics)
    return said.triples


def _say_common(said: Sentences, service: ox.NamedNode, dataset: ox.NamedNode, *, union: bool) -> None:
    if union:
        said.say(service, str(SD.feature), ox.NamedNode(SD.UnionDefaultGraph))
    said.say(service, str(SD.defaultEntailmentRegime), _SIMPLE)
    said.say(service, str(SD.defaultDataset), dataset)


def _say_graphs(said: Sentences, dataset: ox.NamedNode, statistics: Statistics) -> None:
    default = said.new(str(SD.Graph), str(VOID.Dataset))
    said.say(dataset, str(SD.defaultGraph), default)
    said.say(dataset, str(DCTERMS.identifier), ox.Literal(str(statistics.sequence)))
    said.say(default, str(VOID.triples), statistics.statements)
    for it in statistics.graphs:
        named, graph = said.new(str(SD.NamedGraph)), said.new(str(SD.Graph), str(VOID.Dataset))
        said.say(dataset, str(SD.namedGraph), named)
        said.say(named, str(SD.name), ox.NamedNode(it.iri))
        said.say(named, str(SD.graph), graph)
        said.say(graph, str(VOID.triples), it.statements)


def _formats() -> Iterable[ox.NamedNode]:
    """The formats of answers, under W3C's names for them."""
    known = {it.iri for it in TABLES.values()} | {_W3C.get(it.iri, it.iri) for it in GRAPHS.values()}
    return map(ox.NamedNode, sorted(known))


def _functions(said: Sentences, functions: Iterable[str]) -> Iterable[ox.NamedNode]:
    return [said.call(ox.NamedNode(it), str(SD.Function)) for it in functions]
