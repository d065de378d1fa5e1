"""The dataset described: every number is what a query counts, and the description of the endpoint is one."""

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.publishing.void import Site
from api.service_description import Abilities, describe_service, service_description
from api.tokens import Scope
from graph.results import GRAPHS
from ingest.pipeline import Options
from ontology.errors import NotAcceptable
from ontology.namespaces import PREFIXES, RDF, SD
from tests.serving import BASE, bearer, services_of, serving

PLACE = "/.well-known/void"
SITE = "http://testserver/"
#: A statement in two graphs, a name in a language of its own, a class that is no address, a value with every odd sign.
TWICE = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kesher/id/tool/video-lm> skos:prefLabel "VIDEO-LM"@en ; a ks:Tool .
<https://example.org/odd> a "no class", <https://example.org/Odd> ;
    skos:note "=1+1 | \\\\ \\"quoted\\"\\nline"@fr , "–" .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("void")
    with serving(folder) as client:
        file = folder / "twice.ttl"
        file.write_text(TWICE, encoding="utf-8")
        services = services_of(client)
        services.ingest(
            [file], Options(agent=services.agent, licence="https://creativecommons.org/publicdomain/zero/1.0/")
        )
        yield client


@pytest.fixture(scope="module")
def void(client) -> ox.Store:
    return parsed(client.get(PLACE, headers={"Accept": "text/turtle"}))


def parsed(answer, format: ox.RdfFormat = ox.RdfFormat.TURTLE) -> ox.Store:
    assert answer.status_code == 200, answer.text
    store = ox.Store()
    store.load(answer.content, format=format)
    return store


def rows(store: ox.Store, pattern: str) -> dict[tuple[str, ...], int]:
    """The terms that a pattern finds, with the number that comes last."""
    *names, last = dict.fromkeys(re.findall(r"\?(\w+)", pattern))
    assert last == "n"
    found = store.query(f"SELECT * WHERE {{ {pattern} }}", prefixes={**PREFIXES, "sd": str(SD)})
    return {tuple(row[it].value for it in names): int(row["n"].value) for row in found}


def counted(client: TestClient, query: str) -> dict[tuple[str, ...], int]:
    """The same from the endpoint, in a table whose last column is the number."""
    answer = client.get("/sparql", params={"query": query, "format": "json"}).json()
    assert "truncated" not in answer["head"]
    *names, number = answer["head"]["vars"]
    return {tuple(row[it]["value"] for it in names): int(row[number]["value"]) for row in answer["results"]["bindings"]}


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }"),
        ("entities", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) }"),
    ],
)
def test_a_number_of_the_dataset_is_what_the_endpoint_counts(term, query, client, void):
    found = rows(void, f"<{SITE}.well-known/void#dataset> void:{term} ?n")
    assert found == counted(client, query)
    assert found[()] > 0


def test_every_class_property_and_graph_has_the_number_that_the_endpoint_counts(client, void):
    classes = rows(void, "[] void:classPartition [ void:class ?c ; void:entities ?n ]")
    assert classes == counted(client, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) } GROUP BY ?c")
    for term, what in (("triples", "*"), ("distinctSubjects", "DISTINCT ?s"), ("distinctObjects", "DISTINCT ?o")):
        pattern = f"<{SITE}.well-known/void#dataset> void:propertyPartition [ void:property ?p ; void:{term} ?n ]"
        query = f"SELECT ?p (COUNT({what}) AS ?n) {{ SELECT DISTINCT * {{ ?s ?p ?o }} }} GROUP BY ?p"
        assert rows(void, pattern) == counted(client, query), term
    graphs = rows(void, f"<{SITE}.well-known/void#dataset> void:subset ?g . ?g void:triples ?n")
    assert graphs == counted(client, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    uses = rows(void, "[] void:class ?c ; void:propertyPartition [ void:property ?p ; void:distinctSubjects ?n ]")
    query = "SELECT ?c ?p (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) ?s ?p ?o } GROUP BY ?c ?p"
    assert uses == counted(client, query)


def test_a_graph_tells_its_licence_title_and_date(client, void):
    found = void.query(
        "SELECT * { [] void:subset ?g . ?g dcterms:license ?l ; dcterms:title ?t ; dcterms:modified ?m }",
        prefixes=PREFIXES,
    )
    told = {row["t"].value: row["l"].value for row in found}
    assert told["twice.ttl"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert told["schema.ttl"] == "https://www.apache.org/licenses/LICENSE-2.0"
    assert told["tools.ttl"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_description_is_the_same_in_every_format_and_406_names_them(client):
    size = len(parsed(client.get(PLACE)))
    for media_type, parser in GRAPHS.items():
        answer = client.get(PLACE, headers={"Accept": media_type})
        assert answer.headers["Content-Type"].partition(";")[0] == media_type
        assert len(parsed(answer, parser)) == size
        assert answer.headers["Vary"].startswith("Accept")
    refused = client.get(PLACE, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json()["remedy"]
    assert client.head(PLACE).status_code == 200
    assert client.get("/void").content == client.get(PLACE).content


def test_the_tag_holds_until_something_is_written(tmp_path):
    with serving(tmp_path) as client:
        tag = client.get(PLACE).headers["ETag"]
        again = client.get(PLACE, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(PLACE, headers={"If-None-Match": tag, "Accept": "application/ld+json"}).status_code == 200
        before = rows(parsed(client.get(PLACE)), "?d void:classes ?k ; void:triples ?n")
        file = tmp_path / "new.ttl"
        file.write_text("<https://example.org/new> <https://example.org/says> 1 , 2 .", encoding="utf-8")
        services = services_of(client)
        services.ingest([file], Options(agent=services.agent))
        answer = client.get(PLACE, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        after = rows(parsed(answer), "?d void:classes ?k ; void:triples ?n")
        assert sum(after.values()) >= sum(before.values()) + 2
        assert list(after.values()) == list(
            counted(client, "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }").values()
        )


def test_private_records_are_in_no_description(client):
    assert client.get("/api/v1/entities/practice/quiet-class", headers=bearer(client, Scope.READ_PRIVATE)).json()["iri"]
    _, described = service_description(services_of(client), SITE, "text/turtle")
    said = client.get(PLACE).text + client.get("/api/v1/vocabulary/statistics").text + described.decode()
    assert "quiet-class" not in said
    assert "Zanzibar" not in said


def test_terms_are_found_by_the_beginning_of_a_name_an_address_or_a_label(client):
    def names(**asked: object) -> list[str]:
        answer = client.get("/api/v1/vocabulary/statistics", params=asked)
        assert answer.status_code == 200, answer.text
        return [it["name"] for it in answer.json()["terms"]]

    everything = client.get("/api/v1/vocabulary/statistics").json()
    uses = [it["uses"] for it in everything["terms"]]
    assert uses == sorted(uses, reverse=True)
    assert everything["total"] == len(uses)
    assert names(prefix="ks:Too", kind="class") == ["ks:Tool"]
    assert names(prefix="https://w3id.org/kesher/schema#Tool", kind="class") == ["ks:Tool"]
    assert names(prefix="כלי", kind="class") == names(prefix="أداة", kind="class") == ["ks:Tool"]
    assert "ks:develops" in names(**{"class": "ks:Tool"})
    assert "ks:develops" not in names(**{"class": "ks:Role"})
    assert names(**{"class": "ks:Tool", "kind": "class"}) == []
    assert len(names(limit=3)) == 3
    tool = next(it for it in everything["terms"] if it["name"] == "ks:Tool")
    assert set(tool["labels"]) == {"en", "he", "ar"}
    assert client.get("/api/v1/vocabulary/statistics?kind=other").status_code == 422


def test_the_endpoint_is_described_with_its_graphs(client):
    media_type, body = service_description(services_of(client), SITE, "application/n-triples")
    assert media_type == "application/n-triples"
    store = ox.Store()
    store.load(body, format=ox.RdfFormat.N_TRIPLES)

    def values(path: str) -> set[str]:
        found = store.query(f"SELECT ?v {{ ?s a sd:Service ; {path} ?v }}", prefixes={"sd": str(SD)})
        return {row["v"].value for row in found}

    assert values("sd:endpoint") == {f"{SITE}sparql"}
    assert values("sd:supportedLanguage") == {SD.SPARQL11Query.toPython()}
    assert values("sd:feature") == {SD.UnionDefaultGraph.toPython()}
    formats = {"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"}
    formats |= {"Turtle", "N-Triples", "RDF_XML", "JSON-LD"}
    assert {f"http://www.w3.org/ns/formats/{it}" for it in formats} <= values("sd:resultFormat")
    graphs = rows(store, "[] sd:namedGraph [ sd:name ?g ; sd:graph [ void:triples ?n ] ]")
    assert graphs == counted(client, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    with pytest.raises(NotAcceptable):
        service_description(services_of(client), SITE, "text/html")


def test_the_description_of_the_endpoint_keeps_to_its_vocabulary(client):
    """Domains and ranges of https://www.w3.org/TR/sparql11-service-description/."""
    kinds = {
        "endpoint": ("Service", None), "supportedLanguage": ("Service", None), "resultFormat": ("Service", None),
        "feature": ("Service", None), "extensionFunction": ("Service", "Function"), "name": ("NamedGraph", None),
        "defaultDataset": ("Service", "Dataset"), "defaultGraph": ("Dataset", "Graph"),
        "graph": ("NamedGraph", "Graph"), "namedGraph": ("Dataset", "NamedGraph"),
        "languageExtension": ("Service", None), "defaultEntailmentRegime": ("Service", None),
    }  # fmt: skip
    statistics = services_of(client).publisher.statistics.newest
    abilities = Abilities("sparql/update", (f"{BASE}schema#similarity",), ("urn:x:service",))
    said = set(describe_service(statistics, Site(SITE, BASE), abilities))
    classes = {(it.subject, it.object.value) for it in said if it.predicate.value == str(RDF.type)}
    used = [it for it in said if it.predicate.value.startswith(str(SD))]
    assert {it.predicate.value.removeprefix(str(SD)) for it in used} == set(kinds)
    for it in used:
        of, to = kinds[it.predicate.value.removeprefix(str(SD))]
        assert (it.subject, f"{SD}{of}") in classes
        assert to is None or (it.object, f"{SD}{to}") in classes


def test_what_the_endpoint_can_do_beside_the_standard_is_said_when_it_can():
    function = f"{BASE}schema#similarity"
    site = Site(SITE, BASE)
    plain = {str(it) for it in describe_service(None, site, Abilities())}
    more = {str(it) for it in describe_service(None, site, Abilities("sparql/update", (function,), ("urn:x:service",)))}
    added = " ".join(more - plain)
    assert all(it in added for it in (function, "urn:x:service", "SPARQL11Update", f"<{SITE}sparql/update>"))
    assert "BasicFederatedQuery" not in added
    assert "namedGraph" not in " ".join(plain)
