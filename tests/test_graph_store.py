"""Graphs as resources, through the whole app: the Graph Store Protocol, its formats, limits and preconditions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from api.checking import check
from api.graph_store_protocol import graph_of
from api.tokens import Scope
from ingest.graphs import Check, merge, replace
from ingest.ledger import Dataset
from ingest.writer import Commit, Writer
from ontology.errors import InvalidParameter
from ontology.kinds import Iri
from ontology.namespaces import KS, SKOS, SKOSXL
from tests.serving import BASE, bearer, services_of, serving
from tests.updating import alike

GRAPH = "http://www.example/graphs/person/1.ttl"
AT = f"/graphs?graph={quote(GRAPH, safe='')}"
JOHN = '<#john> <http://example.org/name> "John" ; <http://example.org/card> [ <http://example.org/fn> "J. \\u05D0" ] .'
TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("serving"), max_upload_mb=1) as found:
        yield found


@pytest.fixture(scope="module")
def admin(client):
    return bearer(client, Scope.ADMIN)


@pytest.fixture(autouse=True)
def clean(client, admin):
    yield
    client.delete(AT, headers=admin)
    client.put("/graphs?default", content="", headers=TURTLE | admin)


def triples(text: str, syntax: ox.RdfFormat = ox.RdfFormat.TURTLE, base: str = GRAPH) -> list[ox.Quad]:
    return list(ox.parse(text, syntax, base_iri=base, rename_blank_nodes=True))


def put(client, admin, text: str = JOHN, at: str = AT, **headers: str):
    return client.put(at, content=text.encode(), headers=TURTLE | admin | headers)


def test_a_graph_is_made_replaced_read_and_deleted(client, admin):
    made = put(client, admin)
    assert (made.status_code, made.headers["Location"]) == (201, GRAPH)
    got = client.get(AT, headers={"Accept": "text/turtle"})
    assert (got.status_code, got.headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    assert alike(triples(got.text), triples(JOHN))
    assert put(client, admin, "<#john> <http://example.org/name> 'Jane' .").status_code == 204
    assert alike(triples(client.get(AT).text), triples("<#john> <http://example.org/name> 'Jane' ."))
    assert client.delete(AT, headers=admin).status_code == 204
    assert client.get(AT).status_code == client.delete(AT, headers=admin).status_code == 404


def test_what_is_posted_is_added(client, admin):
    put(client, admin)
    assert client.post(AT, content=JOHN.encode(), headers=TURTLE | admin).status_code == 204
    assert len(triples(client.get(AT).text)) == 5, "blank nodes of another document are others"


def test_several_documents_come_in_one_form(client, admin):
    files = {
        "last.ttl": ("last.ttl", b"<#john> <http://example.org/last> 'Doe' .", "text/turtle"),
        "first": ("first.json", b'{"@id": "#john", "http://example.org/first": "John"}', "application/ld+json"),
    }
    assert client.post(AT, files=files, headers=admin).status_code == 201
    expected = "<#john> <http://example.org/last> 'Doe' ; <http://example.org/first> 'John' ."
    assert alike(triples(client.get(AT).text), triples(expected))
    assert client.post(AT, files={"a": ("a.pdf", b"x", "application/pdf")}, headers=admin).status_code == 415
    assert client.post(AT, data={"a": "x"}, files={}, headers=admin).status_code == 415


def test_a_graph_has_its_own_address(client, admin):
    at = "/graphs/person/%D7%90%2531.ttl"
    assert put(client, admin, at=at).headers["Location"] == f"http://testserver{at}"
    try:
        own = triples(JOHN, base=f"http://testserver{at}")
        assert alike(triples(client.get(at).text, base=f"http://testserver{at}"), own)
        assert client.head(at).status_code == 200
        assert client.head(at).content == b""
        indirect = client.get("/graphs", params={"graph": f"http://testserver{at}"})
        assert indirect.text == client.get(at).text
        assert client.get("/graphs/person/%D7%9031.ttl").status_code == 404
    finally:
        client.delete(at, headers=admin)
    assert client.head(at).status_code == 404


def test_a_graph_without_a_name_gets_one(client, admin):
    for at in ("/graphs", "/graphs/"):
        made = client.post(at, content=JOHN.encode(), headers=TURTLE | admin)
        assert made.status_code == 201
        assert alike(triples(client.get(made.headers["Location"]).text, base=made.headers["Location"]),
                     triples(JOHN, base=made.headers["Location"]))  # fmt: skip
        client.delete(made.headers["Location"], headers=admin)


def test_the_default_graph_is_always_there(client, admin):
    assert client.get("/graphs?default").status_code == 200
    assert put(client, admin, "[] <http://example.org/p> [] .", at="/graphs?default").status_code == 204
    assert len(triples(client.get("/graphs?default").text)) == 1
    assert client.delete("/graphs?default", headers=admin).status_code == 204
    assert client.get("/graphs?default", headers={"Accept": "application/n-triples"}).text == ""


def test_an_empty_graph_is_there_until_it_is_deleted(client, admin):
    assert put(client, admin, "").status_code == 201
    assert client.get(AT, headers={"Accept": "application/n-triples"}).text == ""
    assert client.get(AT).status_code == 200
    client.delete(AT, headers=admin)
    assert client.get(AT).status_code == 404


@pytest.mark.parametrize(
    ("media_type", "syntax"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/trig", ox.RdfFormat.TRIG),
    ],
)
def test_every_syntax_goes_in_and_comes_out(client, admin, media_type, syntax):
    body = ox.serialize((it.triple for it in triples(JOHN)), format=syntax)
    sent = client.put(AT, content=body, headers={"Content-Type": media_type} | admin)
    assert sent.status_code == 201
    got = client.get(AT, headers={"Accept": f"image/png, {media_type};q=0.8, */*;q=0.1"})
    assert got.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert got.headers["Content-Length"] == str(len(got.content))
    assert alike(triples(got.text, syntax), triples(JOHN))


def test_a_predicate_that_xml_cannot_name_is_no_broken_xml(client, admin):
    put(client, admin, "<#a> <http://example.org/1> 'x' .")
    got = client.get(AT, headers={"Accept": "application/rdf+xml"})
    assert got.status_code == 406
    assert "http://example.org/1" in got.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "body", "status", "told"),
    [
        ("text/turtle", "<#a> <#b>\n  <#c> ,, <#d> .", 400, "line 2"),
        ("application/json", '{"@context": "http://127.0.0.1:1/c", "@id": "#a"}', 400, "contexts never are"),
        ("application/rdf+xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 400, "never expanded"),
        ("application/rdf+xml", "<a>" * 200, 400, "nested"),
        ("application/ld+json", "[" * 100_000, 400, "nested"),
        ("text/turtle", "<#a> <#b> " + "(" * 100_000, 400, ""),
        ("application/trig", "<http://example.org/other> { <#a> <#b> 1 }", 400, "another graph"),
        ("application/n-quads", "<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>> .", 400, "triple"),
        ("text/csv", "a,b", 415, "text/turtle"),
        ("", "<#a> <#b> 1 .", 415, "nothing in particular"),
        ("text/turtle; charset=utf-16", "<#a> <#b> 1 .", 415, "UTF-8"),
        ("text/turtle", b"<#a> <#b> '\xff' .", 400, "not UTF-8"),
        ("text/turtle", "<#a> <#b> '" + "x" * 2**20 + "' .", 413, "1 MB"),
    ],
)
def test_a_body_that_cannot_be_taken_changes_nothing(  # noqa: PLR0917 - a table of cases
    client, admin, content_type, body, status, told
):
    put(client, admin)
    before = client.get(AT).headers["ETag"]
    content = body if isinstance(body, bytes) else body.encode()
    for method in ("PUT", "POST"):
        got = client.request(method, AT, content=content, headers={"Content-Type": content_type} | admin)
        assert (got.status_code, told in got.text) == (status, True), got.text
    assert client.get(AT).headers["ETag"] == before


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("/graphs", 400),
        ("/graphs?graph=person", 422),
        ("/graphs?graph=", 422),
        (f"{AT}&default", 422),
        (f"{AT}&graph=http://example.org/b", 422),
        (f"/graphs/a.ttl{AT.removeprefix('/graphs')}", 422),
        (f"{AT}&format=png", 422),
    ],
)
def test_a_request_names_one_graph(client, at, status):
    assert client.get(at).status_code == status


@pytest.mark.parametrize("address", ["http://testserver/graphs/a{b}", "http://a b/graphs/x"])
def test_an_address_that_is_no_iri_is_told_as_one(address):
    with pytest.raises(InvalidParameter, match="no absolute IRI"):
        graph_of([], address)


def test_writing_needs_the_scope_for_it(client):
    for method in ("PUT", "POST", "DELETE"):
        assert client.request(method, AT, content="", headers=TURTLE).status_code == 401
        other = bearer(client, Scope.INGEST, Scope.REVIEW, Scope.READ_PRIVATE)
        assert client.request(method, AT, content="", headers=TURTLE | other).status_code == 403


@pytest.mark.parametrize("name", ["catalog", "overridden", "schema"])
def test_the_program_s_own_graphs_are_read_only(client, admin, name):
    at = f"/graphs?graph={BASE}graph/{name}"
    assert put(client, admin, "", at=at).status_code == client.delete(at, headers=admin).status_code == 403
    assert client.get(f"/graphs?graph={BASE}graph/schema").status_code == 200


def test_private_records_are_in_no_graph(client):
    assert "Zanzibar" not in client.get(f"/graphs?graph={BASE}graph/source/quiet-class.ttl").text
    assert any("Zanzibar" in str(it) for it in services_of(client).writer.store(Dataset.PRIVATE).quads())


def test_pages_and_linked_data_know_blank_nodes_and_the_default_graph(client, admin):
    tool = f"{BASE}id/tool/zed"
    text = f"""PREFIX ks: <{KS}> PREFIX skos: <{SKOS}> PREFIX skosxl: <{SKOSXL}>
        <{tool}> a ks:Tool ; skos:prefLabel "Zed"@en ; skosxl:prefLabel [ skosxl:literalForm "Zed"@en ] ."""
    assert put(client, admin, text, at="/graphs?default").status_code == 204
    for at in ("/api/v1/entities/tool/zed", "/page/tool/zed"):
        assert client.get(at).status_code == 200
    entity = client.get("/api/v1/entities/tool/zed").json()
    assert [it["graph"] for it in entity["provenance"]] == ["urn:x-arq:DefaultGraph"]
    assert entity["provenance"][0]["sequence"] == services_of(client).ledger.last
    for media_type in ("text/turtle", "application/ld+json", "application/rdf+xml"):
        got = client.get("/id/tool/zed", headers={"Accept": media_type})
        syntax = ox.RdfFormat.from_media_type(media_type)
        assert alike(triples(got.text, syntax), triples(text)), got.text


# --- preconditions ---


def test_a_tag_changes_with_every_change_and_with_nothing_else(client, admin):
    put(client, admin)
    tag = client.get(AT).headers["ETag"]
    put(client, admin, at="/graphs?default")
    assert (
        client.get(AT).headers["ETag"] == tag != client.get(AT, headers={"Accept": "application/trig"}).headers["ETag"]
    )
    update = {"Content-Type": "application/sparql-update"} | admin
    added = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <#john> <#p> 1 }} }}"
    assert client.post("/sparql/update", content=added, headers=update).status_code == 204
    assert client.get(AT).headers["ETag"] != tag
    assert client.get(AT, headers={"If-None-Match": f'"x", W/{client.get(AT).headers["ETag"]}'}).status_code == 304


def test_another_method_is_told_which_there_are(client):
    refused = client.patch("/graphs")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "DELETE, GET, HEAD, POST, PUT"


def test_curation_changes_the_tag_of_the_graph_whose_statement_steps_aside(client, admin):
    tool = f"{BASE}id/tool/video-lm"
    at = next(f"/graphs?graph={it.graph_name.value}" for it in services_of(client).graph.quads(ox.NamedNode(tool)))
    tag = client.get(at).headers["ETag"]
    edits = {"edits": [{"predicate": "skos:prefLabel", "lang": "en", "values": ["Another name"]}]}
    assert (
        client.patch("/api/v1/entities/tool/video-lm", json=edits, headers=admin | {"If-Match": "*"}).status_code == 200
    )
    assert client.get(at).headers["ETag"] != tag
    assert "Another name" not in client.get(at).text


def test_a_write_may_say_what_it_expects(client, admin):
    assert put(client, admin, **{"If-Match": "*"}).status_code == 412
    assert put(client, admin, **{"If-None-Match": "*"}).status_code == 201
    assert put(client, admin, **{"If-None-Match": "*"}).status_code == 412
    tag = client.get(AT).headers["ETag"]
    assert put(client, admin, "", **{"If-Match": '"0", "x"'}).status_code == 412
    assert client.delete(AT, headers=admin | {"If-Match": '"0"'}).status_code == 412
    assert put(client, admin, "<#a> <#b> 1 .", **{"If-Match": f'"x", {tag}'}).status_code == 204
    stale = client.post(AT, content=b"<#a> <#b> 2 .", headers=TURTLE | admin | {"If-Match": tag})
    assert stale.status_code == 412
    fresh = client.get(AT).headers["ETag"]
    assert client.delete(AT, headers=admin | {"If-Match": fresh}).status_code == 204


def test_of_two_writers_with_the_same_tag_one_wins(client, admin):
    tag = put(client, admin).headers["ETag"]
    ready = threading.Barrier(4)

    def write(number: int) -> int:
        ready.wait()
        return put(client, admin, f"<#a> <#n> {number} .", **{"If-Match": tag}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(write, range(4)))
    assert answers == [204, 412, 412, 412]


def test_the_tag_of_a_write_is_not_that_of_the_next(client, admin, monkeypatch):
    def overtaken(writer: Writer, graph: ox.NamedNode, lines: bytes, *, agent: Iri, check: Check) -> Commit:
        commit = replace(writer, graph, lines, agent=agent, check=check)
        merge(writer, graph, f"{graph} {graph} {graph} .\n".encode(), agent=agent, check=lambda _: None)
        return commit

    with monkeypatch.context() as patched:
        patched.setattr("api.routes.graph_store.replace", overtaken)
        tag = put(client, admin).headers["ETag"]
    assert put(client, admin, "", **{"If-Match": tag}).status_code == 412
    tag = put(client, admin, "").headers["ETag"]
    assert put(client, admin, "").headers["ETag"] == tag == client.get(AT).headers["ETag"].replace(".ttl", "")


# --- one truth ---


def test_dropping_all_leaves_everything_in_agreement(tmp_path):
    with serving(tmp_path) as client:
        admin = bearer(client, Scope.ADMIN)
        put(client, admin)
        tool = '<http://example.org/tool> a ks:Tool ; skos:prefLabel "Quokka board"@en'
        update = {"Content-Type": "application/sparql-update"} | admin
        assert client.post("/sparql/update", content=f"INSERT DATA {{ {tool} }}", headers=update).status_code == 204
        found = client.get("/api/v1/search", params={"q": "Quokka board"}).json()["hits"]
        assert found[0]["iri"] == "http://example.org/tool"
        dropped = client.post("/sparql/update", data={"update": "DROP ALL"}, headers=admin)
        assert dropped.status_code == 204
        services = services_of(client)
        assert services.ledger.last == int(dropped.headers["Kesher-Sequence"]) == services.search.watermark
        assert check(services).faults == []
        assert client.get("/api/v1/search", params={"q": "Quokka board"}).json()["hits"] == []
        assert client.get(AT).status_code == 404
        assert put(client, admin).status_code == 201


@pytest.mark.parametrize(
    ("content_type", "body", "query", "status"),
    [
        ("application/sparql-update", "CLEAR GRAPH <http://example.org/none>", "", 400),
        ("application/sparql-update", "CLEAR SILENT GRAPH <http://example.org/none>", "", 204),
        ("application/sparql-update", b"CLEAR DEFAULT # \xff", "", 400),
        ("application/sparql-update; charset=UTF-16", "CLEAR DEFAULT".encode("utf-16"), "", 415),
        ("application/sparql-update", "CLEAR XYZ", "", 400),
        ("application/x-www-form-urlencoded", "update=CLEAR+DEFAULT", "", 204),
        ("application/x-www-form-urlencoded", "update=CLEAR+DEFAULT&update=CLEAR+DEFAULT", "", 400),
        ("application/x-www-form-urlencoded", "query=ASK{}", "", 400),
        ("application/x-www-form-urlencoded", "update=%FF", "", 400),
        ("text/plain", "CLEAR DEFAULT", "", 415),
        ("", "update=CLEAR+DEFAULT", "", 415),
        ("application/sparql-update", "INSERT DATA { <a> <b> 1 }", "?using-graph-uri=a", 422),
        ("application/sparql-update", "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "?using-graph-uri=a:g", 400),
    ],
)
def test_the_protocol_of_updates(  # noqa: PLR0917 - a table of cases
    client, admin, content_type, body, query, status
):
    headers = {"Content-Type": content_type} | admin
    got = client.post(f"/sparql/update{query}", content=body, headers=headers)
    assert got.status_code == status, got.text


def test_updating_needs_the_scope_for_it(client):
    direct = {"Content-Type": "application/sparql-update"}
    assert client.post("/sparql/update", content="CLEAR DEFAULT", headers=direct).status_code == 401
    other = direct | bearer(client, Scope.INGEST)
    assert client.post("/sparql/update", content="CLEAR DEFAULT", headers=other).status_code == 403
    assert client.get("/sparql", params={"update": "CLEAR DEFAULT"}).status_code == 400
    assert client.get("/sparql/update", params={"update": "CLEAR DEFAULT"}).status_code == 405
