"""The questions of a policy arm, each answered by a named query over the starter knowledge: the expected rows."""

from functools import cache

import pyoxigraph as ox

from ontology import turtle
from ontology.kinds import DEFAULT_BASE
from ontology.questions import question

ID = f"{DEFAULT_BASE}id/"


@cache
def store() -> ox.Store:
    loaded = ox.Store()
    for name, text in (turtle.starter() | {"schema": turtle.schema()}).items():
        loaded.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{DEFAULT_BASE}graph/{name}"))
    return loaded


def ask(name: str, **bindings: str | int) -> list[dict[str, str]]:
    """Rows of a named question; addresses of entities without their beginning. Bind a slug as `kind/slug`."""
    terms = {
        ox.Variable(key): ox.Literal(it) if isinstance(it, int) else ox.NamedNode(ID + it)
        for key, it in bindings.items()
    }
    solutions = store().query(question(name), use_default_graph_as_union=True, substitutions=terms)
    names = [it.value for it in solutions.variables]
    return [{it: row[it].value.removeprefix(ID) for it in names if row[it] is not None} for row in solutions]


def test_which_standards_apply_to_a_position():
    rows = ask("position-standards", role="role/subject-coordinator")
    assert {it["standard"] for it in rows} == {f"standard/std-{number:02d}" for number in range(1, 6)}
    assert [it["item"] for it in rows] == [
        f"standard-item/std-{number:02d}-{place}" for number in range(1, 6) for place in (1, 2)
    ]
    assert {it["job"] for it in rows} == {"job/subject-coordinator-2"}  # the definition in force, not the retired one


def test_a_position_without_a_job_definition_still_has_its_standards():
    rows = ask("position-standards", role="role/master-teacher")
    assert {it["standard"] for it in rows} == {f"standard/std-{number}" for number in range(29, 34)}
    assert not any("job" in it for it in rows)


def test_which_items_no_programme_covers():
    uncovered = {
        "assessment-data-lead": ["43-2"], "cooperating-teacher": ["25-1", "25-2", "26-1", "26-2"],
        "district-instructor": ["10-1", "10-2"], "intern-mentor": ["23-1", "23-2"],
        "leading-teacher": ["17-1", "17-2", "18-1", "18-2"], "master-teacher": ["32-2", "33-1", "33-2"],
        "national-instructor": ["36-1", "36-2", "37-1", "37-2"], "novice-companion": ["24-1", "24-2"],
        "pd-facilitator": ["34-1", "34-2", "35-1", "35-2"], "pedagogic-supervisor": ["28-2"],
        "plc-leader": ["15-2", "16-1", "16-2"], "subject-coordinator": ["04-2"],
        "subject-inspector": ["39-1", "39-2"], "video-coach": ["40-1", "40-2", "41-1", "41-2"],
    }  # fmt: skip
    expected = [
        (f"role/{role}", f"standard-item/std-{item}") for role, items in sorted(uncovered.items()) for item in items
    ]
    assert [(it["role"], it["item"]) for it in ask("items-without-programme")] == expected


def test_what_it_costs_to_cover_them():
    rows = {it["role"].removeprefix("role/"): it for it in ask("cost-of-uncovered-items")}
    assert len(rows) == 14
    # one programme prepares coordinators: 2,100 for nine items is 233 an item, and one item is open
    assert rows["subject-coordinator"] == {
        "role": "role/subject-coordinator", "uncovered": "1", "costPerItem": "233", "cost": "233", "currency": "ILS",
    }  # fmt: skip
    # 1,900 for nine items is 211 an item, and three items are open
    assert (rows["plc-leader"]["costPerItem"], rows["plc-leader"]["cost"]) == ("211", "633")
    assert (rows["master-teacher"]["uncovered"], rows["master-teacher"]["cost"]) == ("3", "4071")
    # nothing prepares for these, so there is nothing to work a cost out from
    assert {role for role, it in rows.items() if "cost" not in it} == {
        "cooperating-teacher", "pd-facilitator", "video-coach",
    }  # fmt: skip


def test_the_path_from_teacher_to_coordinator_to_instructor_to_supervisor():
    rows = ask("pathway-steps", pathway="pathway/subject-leadership")
    steps = {(it["place"], it.get("from", ""), it["to"]) for it in rows}
    assert sorted(steps) == [
        ("1", "", "role/subject-coordinator"),
        ("2", "role/subject-coordinator", "role/district-instructor"),
        ("3", "role/district-instructor", "role/pedagogic-supervisor"),
    ]
    ways = {(it["place"], it["programme"], it.get("credential", "")) for it in rows}
    assert sorted(ways) == [
        ("1", "programme/coordinators-first-year", "credential/coordinator-certificate"),
        ("2", "programme/instructors-programme", "credential/instructor-certificate"),
        ("3", "programme/supervisors-forum", ""),
    ]


def test_a_step_lists_only_what_is_new_or_matters_more():
    rows = ask("pathway-steps", pathway="pathway/subject-leadership")
    second = {it["notation"]: (it.get("before"), it["importance"]) for it in rows if it["place"] == "2"}
    assert len([it for it in rows if it["place"] == "1"]) == 20  # a teacher holds none of a coordinator's profile yet
    assert len(second) == 20
    assert second["OBS.1"] == (None, "5")
    assert second["OBS.4"] == ("4", "5")
    assert "KCT.1" not in second  # the coordinator has it at the same importance
    third = {it["notation"] for it in rows if it["place"] == "3"}
    assert third >= {"MEN.6", "TED.4"}


def test_which_accreditations_lapse_in_a_year():
    lapsing = [(it["accreditation"], it["lapses"]) for it in ask("accreditations-lapsing", year=2027)]
    assert lapsing == [
        ("accreditation/plc-leaders-2022", "2027-06-30"),
        ("accreditation/coordinators-2024", "2027-08-31"),
    ]
    assert [it["accreditation"] for it in ask("accreditations-lapsing", year=2026)] == ["accreditation/mentors-2023"]
    assert not ask("accreditations-lapsing", year=2031)
    assert {it["year"] for it in ask("accreditations-lapsing")} == {"2026", "2027", "2029"}


def test_which_competencies_of_a_role_have_no_tool():
    rows = ask("role-competencies-without-tool", role="role/subject-coordinator")
    assert [(it["notation"], it["importance"]) for it in rows] == [
        ("LEA.5", "4"), ("LEA.7", "4"), ("INS.6", "3"), ("KCT.5", "3"),
    ]  # fmt: skip
    everyone = {it["notation"] for it in ask("role-competencies-without-tool")}
    assert len(everyone) == 11


def test_which_tools_rest_on_no_evidence():
    tools = {it["tool"].removeprefix("tool/"): it["grade"] for it in ask("tools-without-evidence")}
    assert {"consent-kit", "goals-canvas", "lang-glossary"} <= set(tools)  # illustrative templates
    assert "video-lm" not in tools
    assert all(int(grade) <= 2 for grade in tools.values())  # a strong grade has something to rest on


def test_what_a_role_does_and_which_tasks_a_job_definition_in_force_sets():
    rows = ask("role-duties-and-tasks", role="role/subject-coordinator")
    assert len([it for it in rows if "duty" in it]) == 5
    assert {it["job"] for it in rows if "task" in it} == {"job/subject-coordinator-2"}
    assert len([it for it in rows if "task" in it]) == 4


def test_what_is_retired_names_what_takes_its_place():
    assert [(it["entity"], it["replacement"]) for it in ask("retired-entities")] == [
        ("job/subject-coordinator-1", "job/subject-coordinator-2")
    ]
