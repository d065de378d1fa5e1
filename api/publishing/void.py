"""The public dataset described: VoID (W3C Interest Group Note 2011) with DCAT 3 for its files. Pure.

The dataset is the union of the public named graphs, as a query without FROM sees it. Each graph is a `void:subset`
under its own address; each class is a `void:classPartition` with the properties that its things have; each property is
a `void:propertyPartition`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import pyoxigraph as ox

from api.publishing.manifest import COMPRESSED, DumpFile, Manifest
from api.publishing.sentences import Sentences, moment, written
from api.publishing.statistics import GraphFacts, Statistics, Use
from ontology.namespaces import DCAT, DCTERMS, FOAF, PREFIXES, SPDX, VOID

PLACE = ".well-known/void"
TITLE = "Kesher: roles, competencies, tools and research for those who lead teachers of mathematics and science"
_MEDIA = "https://www.iana.org/assignments/media-types/"
#: `void:class` is a word of Python.
_CLASS = f"{VOID}class"


@dataclass(frozen=True, slots=True)
class Site:
    """Where this installation answers, and what the addresses of its entities begin with; both end with a slash."""

    url: str
    base: str

    def at(self, path: str) -> ox.NamedNode:
        """An address on this server."""
        return ox.NamedNode(f"{self.url}{path}")

    @property
    def dataset(self) -> ox.NamedNode:
        """The address of the dataset, as this server has it."""
        return self.at(f"{PLACE}#dataset")


@lru_cache(maxsize=8)
def written_void(statistics: Statistics, dump: Manifest | None, site: Site, media_type: str) -> bytes:
    """The description in a format: some 50 ms of work for the starter knowledge, so it is kept."""
    return written(describe(statistics, dump, site), media_type)[1]


def describe(statistics: Statistics, dump: Manifest | None, site: Site) -> list[ox.Triple]:
    """Everything that VoID can say of a state of the dataset; with the files of the newest dump, if there is one."""
    said = Sentences()
    document = said.call(site.at(PLACE), str(VOID.DatasetDescription))
    said.say(document, str(FOAF.primaryTopic), site.dataset)
    said.say(document, str(DCTERMS.title), ox.Literal("Description of the public dataset", language="en"))
    _say_of_dataset(said, statistics, site)
    for graph in statistics.graphs:
        _say_of_graph(said, graph, site)
    _say_classes(said, statistics, site)
    _say_properties(said, statistics, site)
    if dump:
        say_dump(said, dump, site)
    return said.triples


def say_dump(said: Sentences, dump: Manifest, site: Site) -> None:
    """The files of a dump as DCAT distributions of the dataset."""
    said.call(site.dataset, str(DCAT.Dataset))
    for file in dump.files:
        said.say(site.dataset, str(DCAT.distribution), _distribution(said, dump, file, site))


def _say_of_dataset(said: Sentences, statistics: Statistics, site: Site) -> None:
    dataset = said.call(site.dataset, str(VOID.Dataset), str(DCAT.Dataset))
    licences = sorted(frozenset.intersection(*(frozenset(it.licences) for it in statistics.graphs)))
    said.say(dataset, str(DCTERMS.title), ox.Literal(TITLE, language="en"))
    said.say(dataset, str(DCTERMS.identifier), ox.Literal(str(statistics.sequence)))
    said.say(dataset, str(DCTERMS.modified), *moment(statistics.modified))
    said.say(dataset, str(DCTERMS.license), *map(ox.NamedNode, licences))
    said.say(dataset, str(DCTERMS.rights), ox.Literal(_rights(statistics), language="en"))
    said.say(dataset, str(VOID.uriSpace), ox.Literal(f"{site.base}id/"))
    said.say(dataset, str(VOID.sparqlEndpoint), site.at("sparql"))
    said.say(dataset, str(VOID.dataDump), *(site.at(f"dumps/latest/kesher.{it}.gz") for it in ("nq", "ttl")))
    said.say(dataset, str(DCAT.landingPage), site.at("dumps"))
    said.say(dataset, str(VOID.triples), statistics.statements)
    said.say(dataset, str(VOID.entities), statistics.things)
    said.say(dataset, str(VOID.distinctSubjects), statistics.subjects)
    said.say(dataset, str(VOID.distinctObjects), statistics.values)
    said.say(dataset, str(VOID.classes), len(statistics.classes))
    said.say(dataset, str(VOID.properties), len(statistics.properties))
    said.say(dataset, str(VOID.vocabulary), *map(ox.NamedNode, _vocabularies(statistics)))


def _rights(statistics: Statistics) -> str:
    silent = sum(not graph.licences for graph in statistics.graphs)
    told = "Each named graph keeps the licence of its source: see dcterms:license of the subsets."
    return f"{told} {silent} of {len(statistics.graphs)} graphs state none."


def _vocabularies(statistics: Statistics) -> list[str]:
    terms = [it.iri for it in statistics.classes] + [it.iri for it in statistics.properties]
    return sorted(space for space in PREFIXES.values() if any(it.startswith(space) for it in terms))


def _say_of_graph(said: Sentences, graph: GraphFacts, site: Site) -> None:
    node = said.call(ox.NamedNode(graph.iri), str(VOID.Dataset))
    said.say(site.dataset, str(VOID.subset), node)
    if graph.title:
        said.say(node, str(DCTERMS.title), ox.Literal(graph.title))
    said.say(node, str(DCTERMS.modified), *moment(graph.modified))
    said.say(node, str(DCTERMS.license), *map(ox.NamedNode, graph.licences))
    said.say(node, str(VOID.triples), graph.statements)


def _say_classes(said: Sentences, statistics: Statistics, site: Site) -> None:
    uses = {cls: list(found) for cls, found in groupby(statistics.uses, lambda it: it.cls)}
    for it in statistics.classes:
        node = said.new()
        said.say(site.dataset, str(VOID.classPartition), node)
        said.say(node, _CLASS, ox.NamedNode(it.iri))
        said.say(node, str(VOID.entities), it.things)
        for use in uses.get(it.iri, ()):
            said.say(node, str(VOID.propertyPartition), _use(said, use))


def _use(said: Sentences, use: Use) -> ox.BlankNode:
    node = said.new()
    said.say(node, str(VOID.property), ox.NamedNode(use.property))
    said.say(node, str(VOID.distinctSubjects), use.things)
    return node


def _say_properties(said: Sentences, statistics: Statistics, site: Site) -> None:
    for it in statistics.properties:
        node = said.new()
        said.say(site.dataset, str(VOID.propertyPartition), node)
        said.say(node, str(VOID.property), ox.NamedNode(it.iri))
        said.say(node, str(VOID.triples), it.statements)
        said.say(node, str(VOID.distinctSubjects), it.subjects)
        said.say(node, str(VOID.distinctObjects), it.values)


def _distribution(said: Sentences, dump: Manifest, file: DumpFile, site: Site) -> ox.NamedNode:
    url = site.at(f"dumps/{dump.sequence}/{file.name}")
    node = said.call(site.at(f"dumps/{dump.sequence}#{file.name}"), str(DCAT.Distribution))
    checksum = said.new(str(SPDX.Checksum))
    said.say(checksum, str(SPDX.algorithm), ox.NamedNode(SPDX.checksumAlgorithm_sha256))
    said.say(checksum, str(SPDX.checksumValue), ox.Literal(file.sha256))
    said.say(node, str(DCTERMS.title), ox.Literal(file.name))
    said.say(node, str(DCAT.downloadURL), url)
    said.say(node, str(DCAT.accessURL), site.at(f"dumps/{dump.sequence}"))
    said.say(node, str(DCAT.mediaType), ox.NamedNode(f"{_MEDIA}{file.media_type}"))
    said.say(node, str(DCAT.compressFormat), ox.NamedNode(f"{_MEDIA}{COMPRESSED}"))
    said.say(node, str(DCAT.byteSize), file.bytes)
    said.say(node, str(DCTERMS.issued), *moment(dump.made))
    said.say(node, str(DCTERMS.modified), *moment(dump.modified))
    said.say(node, str(DCTERMS.license), *map(ox.NamedNode, dump.common_licences()))
    said.say(node, str(SPDX.checksum), checksum)
    return node
