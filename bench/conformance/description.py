"""The tests of the service description. Their manifest names them in one sentence each; here each is told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyoxigraph as ox

from bench.conformance.answers import TURTLE, Unreadable, read_answer
from bench.conformance.service import Service, refusal
from bench.conformance.subject import Failed

_SD = "http://www.w3.org/ns/sparql-service-description#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

#: Terms of the vocabulary; the values of its properties are nodes.
_PROPERTIES = frozenset({
    *("endpoint", "feature", "defaultEntailmentRegime", "entailmentRegime", "defaultSupportedEntailmentProfile"),
    *("supportedEntailmentProfile", "extensionFunction", "extensionAggregate", "languageExtension"),
    *("supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs", "resultFormat", "inputFormat"),
    *("defaultGraph", "namedGraph", "name", "graph"),
})  # fmt: skip
_CLASSES = frozenset({
    *("Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"),
    *("GraphCollection", "Dataset", "Graph", "NamedGraph"),
})  # fmt: skip
_LANGUAGES = frozenset({f"{_SD}SPARQL10Query", f"{_SD}SPARQL11Query", f"{_SD}SPARQL11Update"})


def check(name: str, service: Service) -> str:
    """What went wrong in one of `CHECKS`; empty where it passes."""
    try:
        return CHECKS[name](service, _description(service))
    except (Failed, Unreadable) as failure:
        return str(failure)


def _description(service: Service) -> ox.Dataset:
    told = service.send("GET", service.doors.query, headers={"Accept": TURTLE})
    if not told.is_success:
        raise Failed(refusal(told))
    graph = read_answer(told.content, told.headers["content-type"], base=str(told.request.url))
    if not isinstance(graph, ox.Dataset) or not len(graph):
        raise Failed("the answer to GET on the endpoint is no graph")
    return graph


def _returns_rdf(_service: Service, _graph: ox.Dataset) -> str:
    return ""


def _has_endpoint(service: Service, graph: ox.Dataset) -> str:
    asked = f"{service.client.base_url}".rstrip("/") + service.doors.query
    told = sorted(it.object.value for it in graph.quads_for_predicate(ox.NamedNode(f"{_SD}endpoint")))
    return "" if asked in told else f"{asked} is not among the endpoints told: {told}"


def _conforms(_service: Service, graph: ox.Dataset) -> str:
    """Every service has an endpoint and a language; every term of the vocabulary exists and leads to a node."""
    services = [it.subject for it in graph.quads_for_object(ox.NamedNode(f"{_SD}Service"))]
    if not services:
        return "no node is a sd:Service"
    for node in services:
        said = {it.predicate.value.removeprefix(_SD): it.object.value for it in graph.quads_for_subject(node)}
        if "endpoint" not in said or said.get("supportedLanguage") not in _LANGUAGES:
            return f"{node} has no sd:endpoint, or no sd:supportedLanguage of the vocabulary"
    return "; ".join(filter(None, map(_misuse, graph)))


def _misuse(quad: ox.Quad) -> str:
    name = quad.predicate.value.removeprefix(_SD)
    if quad.predicate.value == f"{_RDF}type" and quad.object.value.startswith(_SD):
        cls = quad.object.value.removeprefix(_SD)
        return "" if cls in _CLASSES else f"sd:{cls} is no class of the vocabulary"
    if not quad.predicate.value.startswith(_SD):
        return ""
    if name not in _PROPERTIES:
        return f"sd:{name} is no property of the vocabulary"
    return f"sd:{name} has a literal" if isinstance(quad.object, ox.Literal) else ""


#: Local names of the tests.
CHECKS: Mapping[str, Callable[[Service, ox.Dataset], str]] = {
    "has-endpoint-triple": _has_endpoint,
    "returns-rdf": _returns_rdf,
    "conforms-to-schema": _conforms,
}
