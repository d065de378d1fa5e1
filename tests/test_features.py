"""The features of docs/features.md: what its table names exists, and what no other test shows is shown here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.tokens import Scope
from ontology.kinds import Kind
from ontology.namespaces import ASN, DCTERMS, KS, LRMI, RDF, SKOS
from ontology.questions import questions
from ontology.validate import validate
from tests.broken import KNOWN
from tests.serving import bearer, serving
from tests.starting import instances, iri, objects, value, values
from tests.test_policy import ask
from tests.test_validate import parse

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (N?\d+) \| (.*) \|$", TABLE, re.MULTILINE))


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("features")) as client:
        yield client


def test_the_table_has_the_rows_that_it_should():
    assert list(ROWS) == [
        *map(str, [*range(1, 17), 22, 25, *range(27, 32), 34, 37, 38, *range(40, 43), *range(51, 62), 63, 75, 76]),
        "N6",
        "N10",
    ]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_tests_and_questions_that_exist(row: str):
    shown = re.findall(r"`([^`]+)`", ROWS[row].rpartition("|")[2])
    assert shown
    for it in shown:
        file, _, name = it.partition("::")
        if name:
            assert f"def {name}(" in (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8"), it
        else:
            assert it in questions(), it


def test_a_role_has_a_definition_a_code_and_names_in_three_languages():
    codes = set()
    for role in instances(KS.Role):
        assert {it.language for it in objects(role, SKOS.definition)} == {"en", "he", "ar"}
        names = [it for predicate in (SKOS.prefLabel, SKOS.altLabel) for it in objects(role, predicate)]
        assert {it.language for it in names} == {"en", "he", "ar"}
        codes.add(value(role, SKOS.notation))
    assert len(codes) == 14


def test_a_requirement_tells_how_important_at_which_level_and_on_what_basis():
    assert len(instances(KS.CompetencyRequirement)) == 222
    for requirement in instances(KS.CompetencyRequirement):
        assert value(requirement, KS.importance) in {"1", "2", "3", "4", "5"}
        assert str(ASN.ProgressionLevel) in values(value(requirement, KS.requiredLevel), RDF.type)
        assert value(requirement, KS.basis)
        assert values(requirement, KS.status)


SURVEYED = (
    ":surveyed a ks:CompetencyRequirement ; ks:role :role ; ks:competency :competency ; ks:importance 4 ; "
    "ks:respondents 31 ; ks:importanceLow 3.6 ; ks:importanceHigh 4.3 ; ks:suppress false ; "
    "ks:requiredLevel :proficiency ; dcterms:source :source ."
)


def test_a_requirement_from_a_survey_holds_number_interval_and_whether_to_rely_on_it():
    assert validate(parse(SURVEYED), context=parse(KNOWN)) == []
    wrong = SURVEYED.replace("3.6", "4.6")
    assert [it.path for it in validate(parse(wrong), context=parse(KNOWN))] == [str(KS.importanceLow)]


def test_every_competency_that_a_role_requires_rests_on_some_source():
    def sources(competency: str) -> set[str]:
        tools = [it for it in instances(KS.Tool) if competency in values(it, KS.develops)]
        return {source for it in (competency, *tools) for source in values(it, KS.supportedBy)}

    required = {it for role in instances(KS.Role) for it in values(role, KS.requires)}
    assert [it for it in sorted(required) if not sources(it)] == []


def test_a_tool_tells_kind_languages_grades_and_what_it_develops():
    timed = [it for it in instances(KS.Tool) if values(it, LRMI.timeRequired)]
    priced = [it for it in instances(KS.Tool) if values(it, KS.cost)]
    assert len(timed) >= 5
    assert len(priced) >= 40
    for tool in instances(KS.Tool):
        assert value(tool, KS.toolKind)
        assert values(tool, KS.develops)
        assert values(tool, DCTERMS.language) or value(tool, KS.languageIndependent) == "true"


def test_a_rubric_tells_levels_of_criteria_that_are_about_competencies():
    (rubric,) = instances(ASN.Rubric)
    criteria = values(rubric, ASN.hasCriterion)
    assert len(criteria) == 3
    for criterion in criteria:
        assert value(criterion, KS.competency) in instances(KS.Competency)
        levels = values(criterion, ASN.hasLevel)
        assert sorted(value(it, KS.ordinal) for it in levels) == ["1", "2", "3", "4"]
        assert all(len(objects(it, DCTERMS.description)) == 3 for it in levels)


def test_a_new_version_of_a_job_definition_tells_what_it_changed():
    told = {(it["turn"], it["what"]) for it in ask("job-definition-changes", job="job/subject-coordinator-2")}
    assert told == {
        ("added", "hours"), ("removed", "hours"), ("added", "condition"), ("added", "credential"),
        ("added", "standard"), ("added", "task"),
    }  # fmt: skip


def test_claims_keep_research_and_field_grades_apart():
    rows = ask("claim-grades")
    assert any("researchGrade" in it and "fieldGrade" not in it for it in rows)
    assert any("fieldGrade" in it for it in rows)
    for it in rows:
        assert ("researchGrade" in it) == ("researchBasis" in it)
        assert ("fieldGrade" in it) == ("fieldBasis" in it)


def test_claims_that_sources_disagree_about_name_both_sides():
    rows = ask("disputed-claims")
    assert len({it["claim"] for it in rows}) >= 2
    assert all(it["supporting"] != it["disputing"] for it in rows)


def test_what_somebody_must_look_at_again_is_listed_by_day():
    days = [it["day"] for it in ask("due-for-review")]
    assert days == sorted(days)
    assert len(days) >= 10


def test_an_entry_goes_from_draft_to_published_to_retired_and_a_stale_edit_is_refused(client):
    path, headers = "/api/v1/entities/concept/co-teaching", bearer(client, Scope.REVIEW)
    made = client.put(path, json={"labels": {"en": "Co-teaching", "he": "הוראה משותפת"}}, headers=headers)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert client.get(path).status_code == 404
    seen = []
    for status in ("published", "retired", "published"):
        tag = client.get(path, headers=headers).headers["ETag"]
        assert client.patch(path, json={"status": status}, headers=headers).status_code == 428
        assert client.patch(path, json={"status": status}, headers=headers | {"If-Match": tag}).status_code == 200
        assert client.patch(path, json={"status": status}, headers=headers | {"If-Match": tag}).status_code in {
            409,
            412,
        }
        seen.append(client.get(path).json()["state"])
    assert seen == ["published", "retired", "published"]
    assert client.patch(path, json={"status": "retired"}).status_code == 401


def test_a_retired_entry_is_still_there_and_names_its_replacement(client):
    answer = client.get("/api/v1/entities/job/subject-coordinator-1")
    assert answer.status_code == 200
    assert "retired" in answer.json()["statuses"]
    assert answer.json()["replacedBy"] == [iri(Kind.JOB, "subject-coordinator-2")]


def test_every_statement_about_an_entry_names_the_graph_that_makes_it(client):
    entity = client.get("/api/v1/entities/tool/video-lm").json()
    graphs = {it["graph"] for it in entity["provenance"]}
    stated = [value["graph"] for it in entity["properties"] for value in it["values"]]
    stated += [it["graph"] for it in entity["links"]["out"]]
    assert stated
    assert set(stated) <= graphs


def test_the_schema_and_the_shapes_are_published_as_data(client):
    for path in ("/schema", "/shapes"):
        answer = client.get(path, headers={"Accept": "text/turtle"})
        assert answer.headers["content-type"].startswith("text/turtle")
        assert len(list(ox.parse(answer.text, format=ox.RdfFormat.TURTLE))) > 1000
