"""EXPLAIN: what is told of a query's steps, over HTTP, and the cage around the program that tells it."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.tokens import Scope
from graph.cage import CageLimits
from graph.embedded import EmbeddedGraph
from graph.explaining import Explainer, _program
from graph.plan import Plan, Step, read_plan
from graph.query import QueryRequest
from graph.snapshots import Snapshots
from ontology.errors import BadInput, MalformedQuery, NoWorker, QueryTimeout, QueryTooComplex
from ontology.namespaces import SKOS
from ontology.questions import question, questions
from tests.canary import canary
from tests.serving import bearer, services_of, serving

EX = "https://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
UNGATED = CageLimits(gate=None)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NAMES = "SELECT ?s ?name { ?s skos:prefLabel ?name FILTER(STRLEN(?name) > 1) } ORDER BY ?name LIMIT 2"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("explain"), sparql_workers=1) as client:
        yield client


@pytest.fixture
def snapshots(tmp_path) -> Iterator[Snapshots]:
    store = EmbeddedGraph(tmp_path / "graph")
    label = ox.NamedNode(SKOS.prefLabel)
    names = [ox.Quad(ox.NamedNode(f"{EX}{it}"), label, ox.Literal(str(it)), ox.NamedNode(EX)) for it in range(300)]
    store.apply([], names)
    yield Snapshots(store, tmp_path / "snapshots", number=lambda: store.version)
    store.close()


def told(plan: Plan) -> list[tuple[str, int | None]]:
    return [(it.does, it.rows) for it in plan.steps]


# the plan


def test_a_plan_tells_its_steps_in_plain_words_with_their_rows(snapshots):
    plan = Explainer(snapshots).explain(QueryRequest(NAMES))
    assert told(plan) == [
        ("cut: start = 0, length = 2", 2),
        ("keep only ?s, ?name", 2),
        ("sort by ASC(?name)", 2),
        ("keep rows where (STRLEN(?name) > 1)", 290),
        ("look up ?s skos:prefLabel ?name", 300),
    ]
    assert [(it.id, it.parent, it.depth) for it in plan.steps] == [
        (1, None, 0), (2, 1, 1), (3, 2, 2), (4, 3, 3), (5, 4, 4),
    ]  # fmt: skip
    assert plan.steps[0].variables == ()
    assert plan.steps[4].variables == ("s", "name")
    assert all(it.ms >= it.own_ms >= 0 for it in plan.steps)
    assert plan.note is None


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * { ?a skos:broader+ ?b }", "follow the path ?a (skos:broader)+ ?b"),
        ("SELECT * { ?a skos:note ?b . ?c skos:broader ?d }", "every row with every row"),
        ("SELECT * { ?a skos:note ?b OPTIONAL { ?a skos:broader ?c } }", "(OPTIONAL)"),
        ("SELECT * { ?a skos:note ?b MINUS { ?a skos:broader ?b } }", "(MINUS), on ?a, ?b"),
        ("SELECT DISTINCT ?a { { ?a a ks:Tool } UNION { ?a a ks:Role } }", "drop repeated rows"),
        ("SELECT ?a { { ?a a ks:Tool } UNION { ?a a ks:Role } }", "(UNION)"),
        ("SELECT ?a (COUNT(?b) AS ?n) { ?a a ?b } GROUP BY ?a", "group and count: ?a, COUNT(?b) as ?_1"),
        ("SELECT ?a { VALUES ?a { ks:Tool 1 } }", "take the values (?a), ((ks:Tool), (1))"),
        ("SELECT ?b { ?a a ks:Tool BIND(STR(?a) AS ?b) }", "compute STR(?a) as ?b"),
        ("ASK { ?a a ks:Tool }", "look up ?a rdf:type ks:Tool"),
        ("CONSTRUCT WHERE { ?a a ks:Tool }", "look up ?a rdf:type ks:Tool"),
        ("DESCRIBE ks:Tool", "take the values"),
        ("SELECT * FROM <urn:g> { ?s ?p ?o }", "look up ?s ?p ?o"),
        ("PREFIX skos: <urn:own:> SELECT * { ?s skos:note ?o }", "look up ?s <urn:own:note> ?o"),
    ],
)
def test_each_operator_is_told(snapshots, query, says):
    assert says in Explainer(snapshots).explain(QueryRequest(query)).text()


def test_an_operator_that_nobody_has_heard_of_is_shown_as_it_is():
    plan = read_plan('{"planning duration in seconds": 0.001, "plan": {"name": "Leap(far = ?x)", "children": []}}')
    assert told(plan) == [("Leap(far = ?x)", None)]
    assert plan.planning_ms == 1


def test_a_query_that_does_not_end_has_a_plan_without_counts(snapshots):
    plan = Explainer(snapshots, CageLimits(seconds=0.5)).explain(QueryRequest(ENDLESS))
    assert "time limit" in plan.note or "processor time" in plan.note
    assert "every row with every row" in plan.text()
    assert {it.rows for it in plan.steps} == {None}
    sorting = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a"
    greedy = Explainer(snapshots, CageLimits(seconds=20, memory=64 << 20)).explain(QueryRequest(sorting))
    assert "memory" in greedy.note
    assert "sort by ASC(?a)" in greedy.text()


def test_every_named_question_has_the_same_plan_whether_counted_or_not(client, tmp_path):
    """What an uncounted plan rests on: Oxigraph plans by the look of a query."""

    def shape(step: Step) -> tuple[int, str]:  # not the order: that of the parts of a union is another each time
        return step.depth, re.sub(r"\?_\d+", "?_", step.does)

    empty = EmbeddedGraph(tmp_path / "graph")
    nothing = Explainer(Snapshots(empty, tmp_path / "snapshots", number=lambda: empty.version))
    for name in list(questions())[::6]:
        text = question(name)
        counted, over_nothing = (
            services_of(client).explainer.explain(QueryRequest(text)),
            nothing.explain(QueryRequest(text)),
        )
        assert sorted(map(shape, counted.steps)) == sorted(map(shape, over_nothing.steps)), name
    empty.close()


@pytest.mark.soak
def test_what_is_endless_over_nothing_too_has_no_plan(snapshots):
    numbers = " ".join(map(str, range(300)))
    query = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?v{it} {{ {numbers} }}" for it in range(6)) + " }"
    with pytest.raises(QueryTimeout):
        Explainer(snapshots, CageLimits(seconds=0.2)).explain(QueryRequest(query))


# what is wrong with a query


def test_a_query_that_does_not_parse_is_pointed_at(snapshots):
    with pytest.raises(MalformedQuery) as refused:
        Explainer(snapshots).explain(QueryRequest("SELECT ?s\nWHERE { ?s ?p }"))
    assert (refused.value.line, refused.value.column) == (2, 15)


@pytest.mark.parametrize(
    "query", ["ASK { FILTER(<urn:unheard-of>(1)) }", "SELECT * { FILTER(ks:similarity(?a, 'b') > 1) }"]
)
def test_a_function_of_this_endpoint_has_no_plan(snapshots, query):
    with pytest.raises(BadInput) as refused:
        Explainer(snapshots).explain(QueryRequest(query))
    assert "ks:similarity" in refused.value.remedy


def test_half_a_character_is_bad_input(snapshots):
    with pytest.raises(BadInput, match="surrogates"):
        Explainer(snapshots).explain(QueryRequest("ASK { ?s ?p '\ud800' }"))


def test_a_bomb_that_passed_the_gate_harms_nobody(snapshots):
    explainer = Explainer(snapshots, UNGATED)
    for bomb in ("SELECT * " + "{" * 3_000 + "}" * 3_000, "ASK { FILTER(" + "(" * 30_000 + "1" + ")" * 30_001 + " }"):
        with pytest.raises(QueryTooComplex):
            explainer.explain(QueryRequest(bomb))
    assert told(explainer.explain(QueryRequest(COUNT)))[-1] == ("look up ?s ?p ?o", 300)


def test_one_at_a_time_and_the_wait_is_bounded(snapshots):
    explainer = Explainer(snapshots, CageLimits(seconds=1, patience=0.05))
    started = threading.Thread(target=lambda: explainer.explain(QueryRequest(ENDLESS)))
    started.start()
    while explainer._free._value:
        time.sleep(0.01)
    with pytest.raises(NoWorker, match="being explained"):
        explainer.explain(QueryRequest(COUNT))
    started.join()


def test_a_snapshot_is_as_it_was_and_given_back(snapshots):
    before = snapshots.hold()
    files = {it.name: it.stat().st_mtime_ns for it in before.path.iterdir()}
    Explainer(snapshots).explain(QueryRequest(COUNT))
    assert {it.name: it.stat().st_mtime_ns for it in before.path.iterdir()} == files
    assert snapshots._holders[before] == 1


# walls


@pytest.fixture(name="canary")
def listening() -> Iterator[tuple[str, list[object]]]:
    with canary() as it:
        yield it


def test_a_call_that_passed_the_gate_reaches_nobody(snapshots, canary, tmp_path):
    address, visits = canary
    call = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    explainer = Explainer(snapshots, UNGATED)
    for query in (call, call.replace("127.0.0.1", "localhost"), f"LOAD <{address}>"):
        with pytest.raises(BadInput):
            explainer.explain(QueryRequest(query))
    explainer.explain(QueryRequest(call.replace("SERVICE", "SERVICE SILENT")))
    assert visits == []

    snapshot = snapshots.hold()  # the same program without the cage: the canary sings
    command = [_program(), "query", "--location", snapshot.path, "--query", call, "--results-format", "csv"]
    subprocess.run(command, capture_output=True, check=False)
    assert visits != []


WALL = """
import os, subprocess, sys
from graph.confinement import OneProgram, {wall}
program = OneProgram("/bin/sh")
{wall}({successor})
for path in ("/bin/sh", "/bin/true"):
    try:
        os.spawnv(os.P_WAIT, path, [path, "-c", ":"]) and print("refused", flush=True)
        subprocess.run([path, "-c", ":"], check=True)
    except OSError:
        print("refused", flush=True)
try:
    program.become("-c", "echo became; /bin/echo another; echo $?")
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.parametrize(
    ("successor", "then"),
    [("program", ["became", "126"]), ("", ["Operation not permitted"])],
)
def test_a_filter_lets_one_program_run_once(successor, then):
    if sys.platform != "linux":
        pytest.skip("the filter is Linux's")
    program = WALL.format(wall="filter_calls", successor=successor)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.stdout.split("\n") == [*["refused"] * 4, *then, ""]


# over HTTP


def test_a_plan_comes_as_json_and_as_text(client):
    answer = client.get("/api/v1/explain", params={"query": question("role-competency-tool-source")})
    steps = answer.json()["steps"]
    assert answer.headers["content-type"] == "application/json"
    assert steps[0]["parent"] is None
    assert all(it["parent"] < it["id"] for it in steps[1:])
    assert {"look up ?toolIri ks:develops ?competencyIri"} <= {it["does"] for it in steps}
    ways = [
        client.get("/api/v1/explain", params={"query": NAMES, "format": "text"}),
        client.post("/api/v1/explain", data={"query": NAMES}, headers={"Accept": "text/plain"}),
        client.post("/api/v1/explain?format=text", content=NAMES, headers={"Content-Type": "application/sparql-query"}),
    ]
    for it in ways:
        assert it.headers["content-type"].startswith("text/plain")
        assert it.text.splitlines()[1].startswith("cut: start = 0, length = 2")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"query": "SELECT"}, 400),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, 400),
        ({"query": "DROP ALL"}, 400),
        ({"query": COUNT, "format": "docx"}, 422),
        ({"query": COUNT, "default-graph-uri": EX}, 422),
    ],
)
def test_what_cannot_be_explained_is_a_problem(client, params, status):
    answer = client.get("/api/v1/explain", params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o " + "#" * 65_536 + "\n}",
        "SELECT * " + "{" * 3_000 + "}" * 3_000,
        "SELECT * { ?s ?p '" + "x" * 65_400 + "\ud83d",
    ],
)
def test_a_bomb_is_400_as_at_the_endpoint(client, query):
    form = {"query": query.encode("utf-8", "replace").decode()}
    answers = [client.post(path, data=form) for path in ("/sparql", "/api/v1/explain")]
    assert [it.status_code for it in answers] == [400, 400]
    assert answers[0].json()["type"] == answers[1].json()["type"]


def test_a_plan_is_of_the_query_snapshot_and_dataset_asked_for(client, snapshots):
    token = bearer(client, Scope.INGEST)
    saved = client.post("/api/v1/queries", json={"query": COUNT}, headers=token).json()["id"]
    steps = client.get("/api/v1/explain", params={"saved": saved}).json()["steps"]
    assert steps[-1]["does"] == "look up ?s ?p ?o"
    number = client.get("/sparql", params={"query": COUNT}).headers["Kesher-Snapshot"]
    kept = client.get("/api/v1/explain", params={"query": COUNT, "snapshot": number})
    assert kept.json()["steps"][-1]["rows"] == steps[-1]["rows"]
    assert client.get("/api/v1/explain", params={"query": COUNT, "snapshot": "999999999"}).status_code == 404
    strict = Explainer(snapshots).explain(QueryRequest(COUNT, strict=True))
    assert strict.steps[-1].rows == 0


def test_a_search_in_a_query_is_answered_first_and_told_as_values(client):
    block = "SERVICE <urn:kesher:search> { ?tool ks:query 'watching lessons' ; ks:kind ks:Tool ; ks:limit 3 }"
    query = f"SELECT ?name {{ {block} ?tool skos:prefLabel ?name }}"
    steps = client.get("/api/v1/explain", params={"query": query}).json()["steps"]
    (values,) = [it for it in steps if it["operator"] == "StaticBindings"]
    assert values["rows"] == 3
    assert "Service" not in {it["operator"] for it in steps}
    broken = client.get("/api/v1/explain", params={"query": f"SELECT ?name {{\n {block} ?tool }}"}).json()
    assert broken["line"] == 2
    similar = "SELECT * { ?tool a ks:Tool BIND(ks:similarity(?tool, 'lessons') AS ?n) }"
    answer = client.get("/api/v1/explain", params={"query": similar})
    assert answer.status_code == 400
    assert "ks:similarity" in answer.json()["remedy"]


def test_a_plan_that_nobody_can_read_is_406(client):
    answer = client.get("/api/v1/explain", params={"query": COUNT}, headers={"Accept": "image/png"})
    assert answer.status_code == 406


def test_the_program_is_the_one_of_the_same_version():
    said = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True).stdout.split()
    assert said[1] == ox.__version__
    assert Path(_program()).is_file()
