"""The HTTP routes, over the real stores."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

import ingest
from api.app import create_app
from api.services import open_services
from api.settings import Settings
from api.tokens import Scope
from ingest.pipeline import Options
from language.hashing import HashEncoder
from tests.searching import standing_in
from tests.serving import BASE, bearer, services_of, serving

SAMPLES = Path(ingest.__file__).with_name("samples")
TOOL = "/api/v1/entities/tool/video-lm"
PRIVATE = "/api/v1/entities/practice/quiet-class"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("routes")) as client:
        yield client


def get(client: TestClient, path: str, **headers: str) -> dict:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- search ---


def test_a_search_answers_in_the_form_of_the_contract(client):
    body = get(client, "/api/v1/search?q=video club&lang=he")
    offered = {"answered", "did_you_mean", "related", "broader"}
    assert set(body) == {"query", "hits", "facets", "next", "degraded", "index"} | offered
    hit = next(it for it in body["hits"] if it["kind"] == "tool")
    assert {"iri", "kind", "label", "lang", "snippet", "score", "because", "statuses", "needs_review"} <= set(hit)
    assert all(reason["sentence"] for reason in hit["because"])
    assert not body["degraded"]


def test_pages_follow_each_other_without_gap_or_repetition(client):
    path, seen = "/api/v1/search?q=teacher learning&limit=30", []
    for _ in range(10):
        answer = client.get(path)
        seen += [hit["iri"] for hit in answer.json()["hits"]]
        if "Link" not in answer.headers:
            break
        path = re.match(r"<([^>]+)>; rel=\"next\"", answer.headers["Link"])[1]
    assert len(seen) == len(set(seen)) > 60


def test_filters_hold_for_every_hit(client):
    hits = get(client, "/api/v1/search?q=planning&kind=tool&kind=standard&limit=50")["hits"]
    assert {hit["kind"] for hit in hits} <= {"tool", "standard"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("q=", "q"), ("q=x&limit=0", "limit"), ("q=x&limit=101", "limit"), ("q=x&kind=toool", "kind"),
        ("q=x&grade=ten", "grade"), ("q=x&min_evidence=9", "min_evidence"), ("q=x&cursor=bogus", "cursor"),
    ],
)  # fmt: skip
def test_a_parameter_outside_its_range_is_named(client, query, named):
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 422
    assert named in answer.json().get("parameter", answer.text)


def test_fields_of_a_form_that_were_left_empty_do_not_count(client):
    assert get(client, "/api/v1/search?q=video&kind=&grade=&subject=&content_lang=&role=&min_evidence=&cursor=")["hits"]


def test_suggestions_forgive_a_slip_and_answer_in_the_script_typed(client):
    assert "Video club" in [it["text"] for it in get(client, "/api/v1/suggest?q=vidoe clu")["suggestions"]]
    assert get(client, "/api/v1/suggest?q=מתמט&lang=he")["suggestions"][0]["text"] == "מתמטיקה"
    assert get(client, "/api/v1/suggest?q=")["suggestions"] == []


def test_similar_entities_do_not_include_the_entity(client):
    hits = get(client, f"{TOOL}/similar")["hits"]
    assert hits
    assert f"{BASE}id/tool/video-lm" not in {hit["iri"] for hit in hits}


def test_words_can_be_searched_while_the_model_is_loading(tmp_path, monkeypatch):
    loaded = threading.Event()

    def slow(*_given: object, **_named: object) -> HashEncoder:
        assert loaded.wait(30)
        return standing_in()

    settings = Settings(data=tmp_path)
    monkeypatch.setattr("api.searching.open_encoder", lambda *_, **__: standing_in())
    with open_services(settings) as services:
        services.ingest([SAMPLES], Options(agent=services.agent))
    monkeypatch.setattr("api.searching.open_encoder", slow)
    with open_services(settings, background=True) as services:
        client = TestClient(create_app(services))
        early, ready = client.get("/api/v1/search?q=video club"), client.get("/health/ready")
        loaded.set()
        services.search.load()
        services.search.catch_up()
        late = client.get("/api/v1/search?q=video club")
        assert early.json()["degraded"]
        assert early.json()["hits"]
        assert (ready.status_code, list(ready.json()["waiting"])) == (503, ["encoder"])
        assert ready.headers["Retry-After"]
        assert not late.json()["degraded"]
        assert client.get("/health/ready").status_code == 200


# --- entities ---


def test_an_entity_has_names_with_their_certainty_statuses_and_links_both_ways(client):
    body = get(client, "/api/v1/entities/competency/obs-2?lang=ar")
    assert {it["lang"] for it in body["labels"]} == {"en", "he", "ar"}
    assert all(it["needs_review"] == (it["certainty"] != "sure") for it in body["labels"])
    assert {"develops", "requires"} <= {it["term"] for it in body["links"]["in"]}
    tool = next(it for it in body["links"]["in"] if it["entity"]["iri"].endswith("/tool/video-lm"))
    assert tool["graph"] == f"{BASE}graph/starter/tools"
    assert tool["entity"]["statuses"] == ["proposed"]
    assert {it["graph"] for it in body["provenance"]} >= {f"{BASE}graph/starter/competencies"}


def test_a_role_says_how_important_each_requirement_is(client):
    links = get(client, "/api/v1/entities/role/subject-coordinator")["links"]["out"]
    assert {it["importance"] for it in links if it["term"] == "requires"} <= {1, 2, 3, 4, 5}


def test_address_and_name_lead_to_the_same_entity(client):
    assert get(client, f"/api/v1/entities?iri={BASE}id/tool/video-lm") == get(client, TOOL)


@pytest.mark.parametrize(
    "path", ["/api/v1/entities/tool/nope", f"/api/v1/entities?iri={BASE}id/tool/nope", "/id/tool/nope"]
)
def test_an_unknown_entity_is_named(client, path):
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert f"{BASE}id/tool/nope" in answer.json()["detail"]


@pytest.mark.parametrize("iri", ["tool", "javascript alert", "http://x/<y>", "a b:c"])
def test_what_is_no_address_is_refused(client, iri):
    assert client.get("/api/v1/entities", params={"iri": iri}).status_code == 422


def test_an_unverified_doi_is_never_a_link(client):
    rows = services_of(client).graph.quads(None, ox.NamedNode("https://w3id.org/kesher/schema#status"),
                                           ox.NamedNode("https://w3id.org/kesher/schema#Unverified"))  # fmt: skip
    sources = [quad.subject.value for quad in rows if "/source/" in quad.subject.value]
    assert sources
    for iri in sources:
        body = get(client, f"/api/v1/entities?iri={iri}")
        assert not any("doi.org" in (it["href"] or "") for prop in body["properties"] for it in prop["values"])


# --- private records ---


def test_a_private_record_is_seen_only_with_the_scope_for_it(client):
    assert client.get(PRIVATE).status_code == 404
    assert client.get(PRIVATE, headers=bearer(client, Scope.ADMIN)).status_code == 404
    body = get(client, PRIVATE, **bearer(client, Scope.READ_PRIVATE))
    assert body["private"]
    assert body["links"]["out"][0]["entity"]["label"].startswith("VIDEO-LM")


def test_no_public_answer_knows_of_a_private_record(client):
    paths = [
        "/api/v1/search?q=Zanzibar", "/api/v1/suggest?q=Zanzibar", TOOL, f"{TOOL}/similar",
        "/sparql?query=SELECT * { GRAPH ?g { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'Zanzibar')) } }", "/?lang=en",
        "/page/tool/video-lm", "/openapi.json", "/metrics",
    ]  # fmt: skip
    for path in paths:
        answer = client.get(path)
        assert "anzibar conversation" not in answer.text, path
        assert "quiet-class" not in answer.text, path
    assert client.get("/id/practice/quiet-class").status_code == 404
    assert client.get("/page/practice/quiet-class").status_code == 404


def test_with_the_scope_the_public_tool_shows_the_private_use_of_it(client):
    links = get(client, TOOL, **bearer(client, Scope.READ_PRIVATE))["links"]["in"]
    assert "usedTool" in {it["term"] for it in links}


# --- curation ---


def edit(client: TestClient, path: str, edits: list, headers: dict):
    return client.patch(path, json={"edits": edits}, headers={"If-Match": "*"} | headers)


NEW_NAME = {"predicate": "skos:prefLabel", "lang": "en", "values": ["Quokka observation protocol"]}


def test_editing_needs_a_token_with_the_scope(client):
    nobody, reader = edit(client, TOOL, [NEW_NAME], {}), bearer(client, Scope.READ_PRIVATE)
    assert nobody.status_code == 401
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    assert edit(client, TOOL, [NEW_NAME], {"Authorization": "Bearer ksh_x_y"}).status_code == 401
    assert edit(client, TOOL, [NEW_NAME], reader).status_code == 403


def test_an_edit_counts_at_once_is_kept_apart_and_can_be_taken_back(client):
    path, reviewer = "/api/v1/entities/tool/rtop", bearer(client, Scope.REVIEW)
    before = client.get(path)
    done = edit(client, path, [NEW_NAME], reviewer | {"If-Match": before.headers["ETag"]})
    assert done.status_code == 200, done.text
    assert done.json()["label"] == "Quokka observation protocol"
    assert done.headers["ETag"] != before.headers["ETag"]
    assert done.json()["overridden"][0]["value"] == before.json()["label"]
    assert get(client, "/api/v1/search?q=Quokka")["hits"][0]["iri"].endswith("/tool/rtop")
    assert get(client, "/api/v1/suggest?q=quok")["suggestions"]
    undone = edit(client, path, [{"predicate": "skos:prefLabel", "lang": "en"}], reviewer)
    assert undone.json()["label"] == before.json()["label"]


def test_an_edit_of_what_has_changed_meanwhile_is_refused(client):
    path, reviewer = "/api/v1/entities/tool/action-research", bearer(client, Scope.REVIEW)
    stale = client.get(path).headers["ETag"]
    note = {"predicate": "skos:note", "lang": "en", "values": ["first"]}
    assert edit(client, path, [note], reviewer | {"If-Match": stale}).status_code == 200
    late = edit(client, path, [note | {"values": ["second"]}], reviewer | {"If-Match": stale})
    assert late.status_code == 412
    assert late.json()["type"].endswith("/problems/stale-edit")


@pytest.mark.parametrize(
    "wrong",
    [
        {"predicate": "no address", "values": ["x"]},
        {"predicate": "skos:note", "values": [{"iri": "no address"}]},
        {"predicate": "skos:note", "lang": "not a language!", "values": ["x"]},
        {"values": ["x"]},
    ],
)
def test_a_wrong_edit_is_refused_whole(client, wrong):
    before = client.get(TOOL).headers["ETag"]
    fine = {"predicate": "skos:note", "lang": "en", "values": ["fine"]}
    assert edit(client, TOOL, [fine, wrong], bearer(client, Scope.REVIEW)).status_code == 422
    assert client.get(TOOL).headers["ETag"] == before


# --- linked data ---

ROUND_TRIP = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("media_type", ROUND_TRIP)
def test_every_format_says_the_same(client, media_type):
    answer = client.get("/id/tool/video-lm", headers={"Accept": media_type})
    assert answer.headers["content-type"].startswith(media_type)
    assert "Accept" in answer.headers["Vary"]
    found = {str(quad.triple) for quad in ox.parse(answer.content, format=ROUND_TRIP[media_type])}
    plain = client.get("/id/tool/video-lm?format=ntriples").content
    assert found == {str(quad.triple) for quad in ox.parse(plain, format=ox.RdfFormat.N_TRIPLES)}
    assert len(found) > 30


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", 303),
        ("*/*", 303),
        ("text/turtle;q=0.5, application/ld+json;q=0.9", "application/ld+json"),
        ("text/html;q=0.1, text/turtle", "text/turtle"),
        ("image/png", 406),
    ],
)
def test_what_is_wanted_most_is_given(client, accept, expected):
    answer = client.get("/id/role/subject-coordinator", headers={"Accept": accept}, follow_redirects=False)
    assert expected in (answer.status_code, answer.headers.get("content-type", "").partition(";")[0])
    if expected == 303:
        assert answer.headers["location"] == "/page/role/subject-coordinator?lang=en"


# --- tools for a role ---


def test_tools_for_a_role_in_the_form_of_the_contract(client):
    body = get(client, "/api/v1/roles/subject-coordinator/tools?limit=5")
    assert set(body) == {"role", "recommendations", "uncovered"}
    assert len(body["recommendations"]) == 5
    for it in body["recommendations"]:
        assert {"tool", "score", "because", "evidence"} <= set(it)
        first = it["because"][0]
        assert it["tool"]["label"] in re.sub("[\u2068\u2069]", "", first["sentence"])
        assert {"subject", "predicate", "object", "source"} == set(first["path"][0])
        assert first["path"][0]["subject"] == f"{BASE}id/role/subject-coordinator"


def test_an_unknown_role_is_named_with_the_nearest(client):
    answer = client.get("/api/v1/roles/subject-cordinator/tools")
    assert answer.status_code == 404
    assert "subject-cordinator" in answer.json()["detail"]
    assert "subject-coordinator" in answer.json()["remedy"]


def test_filters_of_tools_are_never_relaxed(client):
    path = "/api/v1/roles/subject-coordinator/tools?min_evidence=3&limit=100"
    grades = [it["evidence"]["research"] for it in get(client, path)["recommendations"]]
    assert grades
    assert min(grades) >= 3
    assert get(client, "/api/v1/roles/subject-coordinator/tools?min_field_evidence=4")["recommendations"] == []


def test_why_names_the_missing_edge_or_the_filter(client):
    tools = {it["tool"]["iri"].rpartition("/")[2] for it in
             get(client, "/api/v1/roles/intern-mentor/tools?limit=100")["recommendations"]}  # fmt: skip
    every = {quad.subject.value.rpartition("/")[2] for quad in services_of(client).graph.quads(
        None, None, ox.NamedNode("https://w3id.org/kesher/schema#Tool"))}  # fmt: skip
    absent = min(every - tools)
    body = get(client, f"/api/v1/roles/intern-mentor/tools/{absent}/why")
    assert (body["recommended"], body["place"]) == (False, None)
    assert body["against"]
    assert body["missing"][0]["predicate"].endswith("develops")
    some = min(tools)
    refused = get(client, f"/api/v1/roles/intern-mentor/tools/{some}/why?min_field_evidence=4")
    assert not refused["recommended"]
    assert refused["because"]


# --- operation ---


def test_health_and_metrics(client):
    assert get(client, "/health/live") == {"alive": True}
    ready = get(client, "/health/ready")
    assert ready["ready"]
    assert ready["writes"]["index"] == ready["writes"]["ledger"]
    get(client, TOOL)
    figures = client.get("/metrics").text
    assert 'route="/api/v1/entities/{kind}/{slug}"' in figures
    assert "video-lm" not in figures


@pytest.mark.parametrize("path", ["/", TOOL, "/id/tool/video-lm?format=turtle", "/health/live", "/sparql?query=ASK {}"])
def test_head_answers_like_get(client, path):
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.headers["content-type"]) == (get.status_code, get.headers["content-type"])


def test_the_description_names_the_token_where_one_is_needed(client):
    described = get(client, "/openapi.json")
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert described["paths"]["/api/v1/entities/{kind}/{slug}"]["patch"]["security"]


def test_the_description_is_openapi_3_1_and_loads_nothing_from_elsewhere(client):
    described = get(client, "/openapi.json")
    assert described["openapi"].startswith("3.1")
    page = client.get("/docs").text
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page)
    assert "<script>" not in page
    for asset in re.findall(r"(?:src|href)=\"(/(?:docs|static)/[^\"]+)", page):
        assert client.get(asset).status_code == 200, asset
    assert client.get("/docs/__init__.py").status_code == 404


def test_a_problem_s_type_can_be_looked_up(client):
    problem = client.get("/api/v1/entities/tool/nope").json()
    page = client.get(problem["type"].removeprefix(BASE.rstrip("/")))
    assert page.status_code == 200
    assert "no such entity" in page.text.lower()
    assert client.get("/problems/nope").status_code == 404


def test_other_origins_may_read_but_get_no_credentials(client):
    preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sparql", headers=preflight)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert client.options(TOOL, headers=preflight | {"Access-Control-Request-Method": "PATCH"}).status_code == 400


def test_a_large_body_and_unknown_addresses_are_problems(client):
    large = client.post("/sparql", content=b"x" * (26 * 2**20), headers={"Content-Type": "application/sparql-query"})
    answers = [large, client.get("/api/v1/nowhere"), client.delete("/api/v1/search")]
    assert [it.status_code for it in answers] == [413, 404, 405]
    for it in answers:
        assert it.headers["content-type"] == "application/problem+json"
        assert it.headers["X-Request-ID"] in it.json()["instance"]
        assert it.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"predicate": "rdf:type", "values": ["x"]}, "kind of thing"),
        ({"predicate": "rdf:type", "values": [{"iri": "https://w3id.org/kesher/schema#PracticeRecord"}]}, "kind"),
        ({"predicate": "skos:prefLabel", "lang": "en", "values": []}, "name in English"),
        ({"predicate": "skos:prefLabel", "lang": "en", "values": ["One", "Two"]}, "one preferred name"),
        ({"predicate": "ks:researchGrade", "values": ["lots"]}, "researchGrade"),
        ({"predicate": "ks:reserchGrade", "values": ["2"]}, "no property"),
        ({"predicate": "nope:x", "values": ["a"]}, "no property"),
    ],
)
def test_an_edit_that_would_break_the_shape_of_an_entity_is_refused_and_changes_nothing(client, wrong, told):
    before = get(client, TOOL)
    answer = edit(client, TOOL, [wrong], bearer(client, Scope.REVIEW))
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert get(client, TOOL) == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id?iri=garbage", 422),
        ("/id?iri=http://x/%3Ey", 422),
        ("/api/v1/entities?iri=a:%00", 422),
        ("/page?iri=garbage", 422),
        ("/api/v1/entities/role/%00", 404),
        ("/api/v1/entities/tool/a%20b", 404),
        ("/id/role/%ff", 404),
        ("/id/tool/a%7Bb", 404),
        ("/page/tool/a%20%3E%3Cb", 404),
        ("/api/v1/roles/%00/tools", 404),
        ("/api/v1/entities/tool/%20/similar", 404),
    ],
)
def test_what_is_no_address_is_the_askers_fault_not_the_servers(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_problem_does_not_echo_all_of_a_long_input(client):
    answer = client.get("/api/v1/roles/" + "x" * 5000 + "/tools")
    assert answer.status_code == 404
    assert 500 < len(answer.json()["detail"]) < 1100
