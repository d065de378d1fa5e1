"""Named questions asked from outside: over HTTP and at the command line."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from ontology.namespaces import SKOS
from ontology.questions import question, questions, variables
from tests.serving import BASE, services_of, serving


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("asking")) as client:
        yield client


def rows(client: TestClient, path: str) -> list[dict]:
    answer = client.get(f"/api/v1/questions/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


@pytest.mark.parametrize("name", questions())
def test_the_variables_of_a_question_are_those_it_projects(name: str, client):
    assert variables(name)
    assert all(f"?{it}" in question(name) for it in variables(name))
    found = client.get(f"/api/v1/questions/{name}").json()
    assert found["question"]["variables"] == list(variables(name))
    assert {key for row in found["rows"] for key in row} <= set(variables(name))


def test_all_questions_are_listed_with_what_they_answer(client):
    listed = client.get("/api/v1/questions").json()
    assert [it["name"] for it in listed] == list(questions())
    assert all(it["answers"].endswith((".", "?")) for it in listed)


def test_a_bound_variable_narrows_the_answer_and_entities_have_names(client):
    everyone = rows(client, "role-competencies-without-tool")
    found = rows(client, "role-competencies-without-tool?role=subject-coordinator&lang=he")
    assert 0 < len(found) < len(everyone)
    assert {it["role"]["value"] for it in found} == {f"{BASE}id/role/subject-coordinator"}
    assert found[0]["role"]["entity"]["label"] == "רכז/ת מקצוע"


@pytest.mark.parametrize(
    "bound", ["role=subject-coordinator", "role=role/subject-coordinator", f"role={BASE}id/role/subject-coordinator"]
)
def test_an_entity_is_bound_by_slug_by_kind_and_slug_or_by_address(bound: str, client):
    assert len(rows(client, f"role-competencies-without-tool?{bound}")) == 4


def test_numbers_and_words_are_bound_too(client):
    lapsing = rows(client, "accreditations-lapsing?year=2027")
    assert {it["lapses"]["value"][:4] for it in lapsing} == {"2027"}
    missing = rows(client, "missing-labels?lang=ar&kind=role")
    assert {it["lang"]["value"] for it in missing} == {"ar"}


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("no-such-question", 404, "There is no named question 'no-such-question'."),
        ("position-standards?role=coordinator", 404, "There is no role 'coordinator' to be role."),
        ("pathway-steps?pathway=role/nobody", 404, "There is no role 'nobody' to be pathway."),
        ("kind-counts?colour=red", 422, "The question 'kind-counts' has no variable 'colour'."),
        ("role-standards?role=%00", 422, r"'\x00' cannot be role."),
        ("role-standards?role=http://[", 422, "'http://[' cannot be role."),
        ("role-standards?role=javascript:x", 422, "'javascript:x' cannot be role."),
        ("entity-facts?entity=https://a%20b", 422, "'https://a b' cannot be entity."),
        ("missing-labels?lang=e%0an", 422, r"'e\nn' is no language of names."),
    ],
)
def test_a_wrong_question_is_told(path: str, status: int, told: str, client):
    answer = client.get(f"/api/v1/questions/{path}")
    assert (answer.status_code, answer.json()["detail"]) == (status, told)
    assert answer.json()["remedy"]


def test_a_mistyped_entity_is_told_with_the_nearest_ones(client):
    remedy = client.get("/api/v1/questions/position-standards?role=coordinator").json()["remedy"]
    assert "subject-coordinator" in remedy


def test_an_empty_answer_says_why_it_may_be_empty(client):
    answer = client.get("/api/v1/questions/accreditations-lapsing?year=2031").json()
    assert answer["rows"] == []
    assert answer["hint"] == "No row has year = 2031; there are 2026, 2027, 2029"
    assert client.get("/api/v1/questions/accreditations-lapsing?year=2027").json()["hint"] is None


def test_an_answer_says_what_marks_its_entries_carry(client):
    assert "illustrative" in client.get("/api/v1/questions/cost-of-uncovered-items").json()["statuses"]


def test_parts_without_a_kind_have_names_in_the_reader_s_language(client):
    (first, *_) = rows(client, "items-without-programme?role=subject-coordinator&lang=ar")
    assert first["item"]["entity"]["lang"] == "ar"


def test_what_two_graphs_say_is_one_row(tmp_path):
    """Sources repeat one another; Oxigraph then gives a statement once for each graph it stands in."""
    with serving(tmp_path) as client:
        services = services_of(client)
        said = {it.triple for it in services.graph.quads() if "/graph/starter/" in str(it.graph_name)}
        services.writer.replace("source/again.ttl", sorted(said, key=str), door="test", agent=services.agent)
        for name in ("accreditations-lapsing", "label-disagreements", "missing-labels", "orphans"):
            found = [str(row) for row in rows(client, name)]
            assert len(found) == len(set(found)), name


def test_a_question_is_asked_in_the_cage_and_may_run_out_of_time(tmp_path):
    with serving(tmp_path, sparql_timeout_s=0.2) as impatient:
        services = services_of(impatient)
        links = [
            ox.Triple(_concept(number), ox.NamedNode(SKOS.broader), _concept(number + 1)) for number in range(4000)
        ]
        services.writer.replace("source/chain.ttl", links, door="test", agent=services.agent)
        answer = impatient.get("/api/v1/questions/broader-cycles")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (504, "query-timeout")
        assert impatient.get("/api/v1/questions/kind-counts").status_code == 200


def _concept(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{number}")


def test_private_records_are_in_no_answer(client):
    for name in questions():
        assert "Zanzibar" not in client.get(f"/api/v1/questions/{name}").text
