"""Search and similarity inside SPARQL, asked from outside: the whole service over the starter knowledge."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import ingest
from api.app import create_app
from api.cli import app
from api.services import Services, open_services
from api.settings import Settings
from graph.query import QueryRequest
from graph.similarity import FUNCTION
from graph.vector_files import VectorFiles
from ingest.pipeline import Options
from language.hashing import HashEncoder
from ontology.errors import BadInput
from ontology.namespaces import KS
from search.answers import SearchRequest
from search.entity_vectors import entity_vectors
from tests.searching import standing_in
from tests.serving import BASE, services_of, serving

GUIDE = Path(__file__).parents[1] / "docs" / "semantic-sparql.md"
SAMPLES = Path(ingest.__file__).with_name("samples")
EXAMPLES = re.findall(r"```sparql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
NEED = "looking at student work together"
NEEDED = f'?x ks:query "{NEED}" ; ks:score ?s ; ks:rank ?r ; ks:limit 30'
LONG, LONGER, LONGEST = (f"?x ks:query '{'a' * size}'" for size in (2_001, 65_000, 65_536))


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("semantic"), sparql_workers=2) as client:
        yield client


def ask(client: TestClient, query: str):
    return client.post("/sparql", data={"query": query})


def rows(client: TestClient, query: str) -> list[dict[str, str]]:
    answer = ask(client, query)
    assert answer.status_code == 200, answer.text
    bindings = answer.json()["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]


def block(inside: str) -> str:
    return f"SERVICE <urn:kesher:search> {{ {inside} }}"


def problem(client: TestClient, query: str, status: int = 400) -> dict[str, object]:
    answer = ask(client, query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    return answer.json()


# --- a block is a search ---


@pytest.mark.parametrize("query", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_guide_has_an_answer(client, query):
    assert rows(client, query)


def test_the_hits_are_those_of_the_search_page_in_its_order(client):
    found = rows(
        client,
        f"SELECT * {{ {block(NEEDED)} }} ORDER BY ?r",
    )
    page = client.get("/api/v1/search", params={"q": NEED, "limit": 30}).json()["hits"]
    assert [it["x"] for it in found] == [it["iri"] for it in page]
    assert [float(it["s"]) for it in found] == [it["score"] for it in page]
    assert [int(it["r"]) for it in found] == list(range(1, 31))


def test_snippets_and_reasons_are_those_of_the_search_page(client):
    inside = f'?x ks:query "{NEED}" ; ks:snippet ?t ; ks:because ?why ; ks:lang "he" ; ks:limit 5 ; ks:rank ?r'
    found = rows(client, f"SELECT * {{ {block(inside)} }} ORDER BY ?r")
    page = client.get("/api/v1/search", params={"q": NEED, "limit": 5, "lang": "he"}).json()["hits"]
    assert [it["t"] for it in found] == [it["snippet"] for it in page]
    assert [it["why"] for it in found] == [" ".join(one["sentence"] for one in it["because"]) for it in page]


def test_a_deeper_search_begins_with_the_shallower_one_and_its_scores_fall(client):
    def best(limit: int) -> list[tuple[str, float]]:
        inside = f'?x ks:query "{NEED}" ; ks:score ?s ; ks:rank ?r ; ks:limit {limit}'
        return [(it["x"], float(it["s"])) for it in rows(client, f"SELECT * {{ {block(inside)} }} ORDER BY ?r")]

    deep = best(1000)
    assert len(deep) > 500
    assert len(dict(deep)) == len(deep)
    assert best(20) == deep[:20]
    assert best(300) == deep[:300]
    assert deep == sorted(deep, key=lambda it: (-it[1], it[0]))
    assert best(1000) == deep


def test_without_a_limit_there_are_a_hundred(client):
    assert len(rows(client, "SELECT * { " + block("?x ks:query 'teacher'") + " }")) == 100


def test_kinds_roles_and_languages_narrow_the_search(client):
    def kinds(inside: str) -> set[str]:
        wanted = block(f"?x ks:query 'teacher' ; ks:limit 1000 ; {inside}")
        found = rows(client, f"SELECT DISTINCT ?x {{ {wanted} }}")
        return {it["x"].removeprefix(f"{BASE}id/").partition("/")[0] for it in found}

    assert kinds("ks:kind ks:Tool") == {"tool"}
    assert kinds("ks:kind ks:Tool , ks:Role") == kinds("ks:kind ks:Tool ; ks:kind ks:Role") == {"tool", "role"}
    belonging = f"ks:role <{BASE}id/role/intern-mentor> ; ks:kind ks:Tool"
    assert kinds(belonging) == kinds('ks:role "intern-mentor" ; ks:kind ks:Tool') == {"tool"}
    everything = rows(client, "SELECT ?x { " + block("?x ks:query 'teacher' ; ks:limit 1000 ; ks:kind ks:Tool") + " }")
    narrowed = f"?x ks:query 'teacher' ; ks:limit 1000 ; {belonging} ; ks:minEvidence 1 ; ks:contentLang 'he'"
    assert 0 < len(rows(client, f"SELECT ?x {{ {block(narrowed)} }}")) < len(everything)


def test_a_block_joins_wherever_a_pattern_may_stand(client):
    one = block('?x ks:query "video club" ; ks:kind ks:Tool ; ks:limit 5 ; ks:score ?s')
    two = block('?y ks:query "מורים"@he ; ks:kind ks:Role ; ks:limit 3 ; ks:model ?m').replace(
        "SERVICE", "service silent"
    )
    assert len(rows(client, f"SELECT * {{ ?x ks:develops ?c . {one} }}")) >= 5
    assert len(rows(client, f"SELECT * {{ {one} {two} }}")) == 15
    assert len(rows(client, f"SELECT * {{ {{ {one} }} UNION {{ {two} }} }}")) == 8
    assert len(rows(client, f"SELECT * {{ {{ SELECT ?x {{ {one} }} LIMIT 2 }} {two} }}")) == 6
    optional = rows(client, f"SELECT DISTINCT ?t ?s {{ ?t a ks:Tool OPTIONAL {{ {one.replace('?x', '?t')} }} }}")
    assert len(optional) == 150
    assert sum("s" in it for it in optional) == 5
    assert {it["m"] for it in rows(client, f"SELECT ?m {{ {two} }}")} == {"hash@256"}
    assert ask(client, f"ASK {{ {one} ?x a ks:Role }}").json()["boolean"] is False
    assert ask(client, f"CONSTRUCT {{ ?x ks:score ?s }} WHERE {{ {one} }}").text.count("score") == 5


def test_a_search_without_hits_has_no_solutions(client):
    nothing = block('?x ks:query "zzzzzz" ; ks:kind ks:Pathway ; ks:role "intern-mentor" ; ks:minEvidence 4')
    assert rows(client, f"SELECT * {{ {nothing} }}") == []
    assert len(rows(client, f"SELECT * {{ ?x a ks:Role OPTIONAL {{ {nothing} }} }}")) == 14


def test_the_same_search_twice_gives_the_same_bytes(client):
    query = "SELECT * { " + block("?x ks:query 'feedback' ; ks:limit 1000 ; ks:score ?s") + " ?x a ?class }"
    assert ask(client, query).content == ask(client, query).content


def test_the_answer_names_the_model_and_the_state_of_the_index(client):
    services = services_of(client)
    headers = ask(client, "ASK { " + block("?x ks:query 'a'") + " }").headers
    assert headers["Kesher-Model"] == "hash@256"
    last = services.ledger.last
    assert headers["Kesher-Index"] == f"watermark={last}, ledger={last}"
    assert "Kesher-Model" in ask(client, "ASK { FILTER(ks:similarity('a', 'b') > 2) }").headers
    assert "Kesher-Model" not in ask(client, "ASK { ?x a ks:Role }").headers


# --- what is refused, and how ---


def test_more_than_a_thousand_hits_are_refused_with_the_cap(client):
    told = problem(client, "SELECT *\n{ " + block("?x ks:query 'a' ; ks:limit 1001") + " }")
    assert "1,000" in told["detail"]
    assert (told["line"], told["column"]) == (2, 60)
    assert "1,000" in told["remedy"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (f"SELECT * {{ ?t a ks:Tool ; skos:prefLabel ?n . {block('?x ks:query ?n')} }}", "needs a constant"),
        ("SELECT * { " + block("?x ks:query 'a' ; ks:role 'mentr'") + " }", "mentr"),
        ("SELECT * { " + block("?x ks:query 'a' ; ks:minEvidence 9") + " }", "min_evidence is 9"),
        ("SELECT * { " + block("?x ks:query ''") + " }", "query is empty"),
        (f"SELECT * {{ {block(LONG)} }}", "2,001 characters"),
        (f"SELECT * {{ {block(LONGER)} }}", "65,000 characters"),
        (f"SELECT * {{ {block(LONGEST)} }}", "the limit is 65,536"),
        ("SELECT * { " + block("?x ks:query 'a'") * 20 + " }", "more than 10 searches"),
        (f"SELECT * {{ {block(block('?x ks:query 1'))} }}", "the variable of the hits"),
        ("SELECT * { " + block("?x ks:query 'a' FILTER(1)") + " }", "FILTER stands in a search"),
        ("SELECT * { } " + block("?x ks:query 'a'") + "", "outside of the braces"),
        ("SELECT * { SERVICE <urn:kesher:searches> { ?x ks:query 'a' } }", "SERVICE is switched off"),
        (
            "SELECT * { " + block("?x ks:query 'a'") + " SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }",
            "switched off",
        ),
        ("SELECT * { " + block("?x ks:query 'a'") + " } ; DROP ALL", "changes the graph"),
        ("SELECT * { " + block("?x ks:query 'a'") + f" {'{}' * 2000} }}", "more than 200 triple patterns"),
        ("SELECT * { ?x ks:query 'video' }", "outside of a search"),
        ("ASK { FILTER(ks:similarity(?a) > 0) }", "compares two things"),
        ("ASK { FILTER(ks:similarity(?a, 'זזזזזזז') > 0) }", "the lexicon knows no word"),
        ("ASK { FILTER(ks:similarity(?a, '') > 0) }", "cannot be compared"),
        (f"ASK {{ FILTER(ks:similarity(?a, '{'a' * 2001}') > 0) }}", "2,001 characters"),
        ("ASK { " + "".join(f"FILTER(ks:similarity(?a, '{it}') > 0)" for it in range(21)) + " }", "more than 20 texts"),
        ("ASK { BIND('text' AS ?t) ?x a ks:Tool FILTER(ks:similarity(?x, ?t) > 0) }", "no call of it"),
    ],
)
def test_what_cannot_be_answered_is_refused(client, query, detail):
    told = problem(client, query)
    assert detail in told["detail"]
    assert told["remedy"]


def test_an_error_behind_a_block_is_where_it_stands_in_the_query_as_sent(client):
    first = "SELECT * WHERE {\n  " + block('?x ks:query "teacher" ;\n    ks:limit 1000 ; ks:score ?s')
    told = problem(client, f"{first} ?x ks:develops }}")
    assert (told["line"], told["column"]) == (3, 50)
    assert "} is not expected" in told["detail"]
    told = problem(client, f"{first}\n ?x nope:develops ?y }}")
    assert (told["line"], told["column"]) == (4, 5)


def test_what_a_text_holds_stays_a_text(client):
    for text in ("} } SERVICE <http://127.0.0.1:1/> { ?s ?p ?o", "a'b", 'a\\"b', "${x} \\u005Cn", "VALUES ?x { 1 }"):
        assert rows(client, f"SELECT * {{ {block(f'?x ks:query {json.dumps(text)} ; ks:snippet ?t ; ks:limit 3')} }}")


def test_the_rows_of_searches_trip_no_limit_of_the_gate(client):
    ten = " ".join(
        "{ " + block("?x ks:query 'teacher' ; ks:limit 1000 ; ks:snippet ?t") + " } UNION" for it in range(9)
    )
    assert len(rows(client, f"SELECT ?x {{ {ten} {{}} }} LIMIT 9000")) > 5000


# --- similarity ---


def test_similarity_is_the_cosine_of_the_vectors_of_two_entities(client):
    index = services_of(client).search.index
    vectors = entity_vectors(index)
    found = rows(
        client,
        "SELECT ?a ?b (ks:similarity(?a, ?b) AS ?n) (ks:similarity(?b, ?a) AS ?m)"
        " { ?a a ks:Misconception . ?b a ks:Tool }",
    )
    assert len(found) > 1000
    for it in found[:50]:
        one, other = (memoryview(vectors[it[name]]).cast("f") for name in "ab")
        assert float(it["n"]) == pytest.approx(sum(x * y for x, y in zip(one, other, strict=True)), abs=1e-6)
        assert it["n"] == it["m"]


def test_an_entity_is_wholly_similar_to_itself_and_unknown_things_are_unbound(client):
    [row] = rows(
        client,
        f"SELECT (ks:similarity(?x, ?x) AS ?one) (ks:similarity(?x, <urn:nothing>) AS ?two)"
        f" (ks:similarity(?x, 5) AS ?three) (ks:similarity(?x, ?unbound) AS ?four) (DATATYPE(?one) AS ?type)"
        f" {{ VALUES ?x {{ <{BASE}id/tool/video-lm> }} }}",
    )
    assert row == {"one": "1", "type": "http://www.w3.org/2001/XMLSchema#double"} | {"one": row["one"]}
    assert float(row["one"]) == 1.0


def test_a_text_is_compared_by_its_meaning_and_in_hebrew_by_its_glosses(client):
    def nearest(text: str) -> list[str]:
        query = f"SELECT ?x {{ ?x a ks:Tool }} ORDER BY DESC(ks:similarity(?x, {text})) ?x LIMIT 5"
        return [it["x"] for it in rows(client, query)]

    assert f"{BASE}id/tool/lesson-study" in nearest('"lesson study"')
    assert nearest('"lesson study"') == nearest('"lesson\\u0020study"@en') != nearest('"feedback"')
    assert nearest('"משוב"@he') != nearest('"תלמיד"@he')


def test_a_function_may_stand_wherever_an_expression_may(client):
    near = "ks:similarity(?x, 'video club')"
    assert rows(client, f"SELECT ?x {{ ?x a ks:Tool FILTER({near} > 0.2) }}")
    assert rows(client, f"SELECT ?k (MAX({near}) AS ?m) {{ ?x a ?k }} GROUP BY ?k HAVING(MAX({near}) > 0.2)")
    both = (
        ""
        + block("?x ks:query 'video' ; ks:kind ks:Tool ; ks:limit 7")
        + " BIND(<https://w3id.org/kesher/schema#similarity>"
    )
    assert len(rows(client, f"SELECT ?x ?n {{ {both}(?x, 'club') AS ?n) FILTER(BOUND(?n)) }}")) == 7


def test_a_write_is_in_the_next_comparison(tmp_path):
    with serving(tmp_path) as client:
        services = services_of(client)
        query = f"SELECT (ks:similarity(<{BASE}id/tool/new-one>, 'quantum harpsichord') AS ?n) {{}}"
        assert rows(client, query) == [{}]
        file = tmp_path / "new.ttl"
        file.write_text(
            "@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            f'<{BASE}id/tool/new-one> a ks:Tool ; skos:prefLabel "Quantum harpsichord"@en .',
            encoding="utf-8",
        )
        services.ingest([file], Options(agent=services.agent))
        [row] = rows(client, query)
        assert float(row["n"]) > 0.9
        assert len(list(services.folder.index.glob("entity_vectors/*.vectors"))) == 1


# --- the files of vectors ---


def test_a_file_of_vectors_is_written_once_for_many_and_goes_with_its_last_reader(tmp_path):
    made = []

    def read() -> dict[str, bytes]:
        made.append(1)
        time.sleep(0.05)
        return {"urn:a": bytes(8)}

    files = VectorFiles(tmp_path / "vectors")
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: files.current(1, read), range(8)))
    assert (len(found), len(made)) == (1, 1)
    held = found.pop()
    newer = files.current(2, read)
    assert held.path.exists()
    del held
    assert [it.name for it in (tmp_path / "vectors").iterdir()] == [newer.path.name]


def test_an_index_without_vectors_compares_nothing(tmp_path):
    with open_services(Settings(data=tmp_path), encoder=HashEncoder) as services:
        client = TestClient(create_app(services))
        assert rows(client, "SELECT (ks:similarity(<urn:a>, 'text') AS ?n) {}") == [{}]
        assert rows(client, "SELECT * { " + block("?x ks:query 'text'") + " }") == []


# --- while the encoder loads, at a remote store, and in the terminal ---


def test_while_the_encoder_loads_there_is_no_answer_rather_than_half_of_one(tmp_path):
    loaded = threading.Event()

    def slow() -> HashEncoder:
        assert loaded.wait(30)
        return HashEncoder()

    with open_services(Settings(data=tmp_path), encoder=HashEncoder):
        pass  # the folder has an index
    settings = Settings(data=tmp_path)
    with open_services(settings, encoder=HashEncoder) as services:
        services.search._make = slow
        services.search._encoder = None
        services.search._background = True
        client = TestClient(create_app(services))
        for query in ("ASK { " + block("?x ks:query 'a'") + " }", "ASK { FILTER(ks:similarity('a', 'b') > 0) }"):
            early = ask(client, query)
            assert (early.status_code, early.json()["type"]) == (503, f"{BASE}problems/not-ready")
            assert int(early.headers["Retry-After"]) > 0
        assert ask(client, "ASK {}").status_code == 200
        loaded.set()
        services.search.load()
        assert ask(client, "ASK { " + block("?x ks:query 'a'") + " }").status_code == 200


def test_on_a_remote_store_similarity_is_refused_and_a_block_is_not(client, monkeypatch):
    services = services_of(client)
    remote = services.settings.model_copy(update={"graph_query_url": "http://127.0.0.1:1/query"})
    monkeypatch.setattr(services, "settings", remote)
    told = problem(client, "ASK { FILTER(ks:similarity(?a, ?b) > 0) }")
    assert "remote" in told["detail"]
    assert "urn:kesher:search" in told["remedy"]
    assert ask(client, "ASK { " + block("?x ks:query 'teacher'") + " }").json()["boolean"]


def test_a_worker_stays_light():
    heavy = "import sys, graph.worker; print(sorted({'numpy', 'rdflib', 'pathlib', 'threading'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"
    assert FUNCTION.value == str(KS.similarity)


def test_a_worker_refuses_a_function_that_it_was_not_given(client):
    with pytest.raises(BadInput, match="similarity"):
        services_of(client).cage.run(QueryRequest("SELECT (ks:similarity(1, 2) AS ?n) {}"))


def test_the_terminal_answers_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("api.searching.open_encoder", lambda *_: standing_in())
    monkeypatch.setenv("KESHER_DATA", str(tmp_path / "kesher"))
    runner = CliRunner()
    assert runner.invoke(app, ["ingest", str(SAMPLES)]).exit_code == 0
    query = "SELECT ?x (ks:similarity(?x, 'video') AS ?n) { " + block("?x ks:query 'video' ; ks:limit 3") + " }"
    answer = runner.invoke(app, ["sparql", query, "--format", "csv"])
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("x,n")
    assert len(answer.output.splitlines()) > 1


def test_the_real_model_finds_what_shares_no_word(tmp_path, encoder):
    file = tmp_path / "tools.ttl"
    named = {"cards": "Exit tickets at the end of class", "boat": "Repairing a wooden sailing boat"}
    file.write_text(
        "@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        + "".join(f'<{BASE}id/tool/{slug}> a ks:Tool ; skos:prefLabel "{name}"@en .\n' for slug, name in named.items()),
        encoding="utf-8",
    )
    with open_services(Settings(data=tmp_path / "kesher"), encoder=lambda: encoder) as services:
        services.ingest([file], Options(agent=services.agent))
        near = _compared(services, '"checking what pupils have understood"')
        assert near["cards"] > 0.2 > near["boat"]
        assert services.search.engine.deep(SearchRequest("formative assessment"), 2)[1][0].iri.endswith("cards")


def _compared(services: Services, text: str) -> dict[str, float]:
    client = TestClient(create_app(services))
    found = rows(client, f"SELECT ?x (ks:similarity(?x, {text}) AS ?n) {{ ?x a ks:Tool }}")
    return {it["x"].rpartition("/")[2]: float(it["n"]) for it in found}
