"""Shapes at ingest: what changes is held against them, told with its place, and taken all the same."""

from collections.abc import Iterator

import pytest

from ingest.starter import load_starter
from tests.ingesting import Place, place

TOOLS = "code,name,from,to\n{rows}"
MAPPING = """
kind: tool
id: code
language: en
columns: {name: label, from: grade_min, to: grade_max}
"""
GOOD = "club,Video club,7,9\n"
WRONG = "wall,Wrong-answer wall,9,7\n"


@pytest.fixture
def here(tmp_path) -> Iterator[Place]:
    with place(tmp_path) as opened:
        opened.file("tools.mapping.yaml", MAPPING)
        yield opened


def told(here: Place, rows: str, **options: object) -> list[tuple[str, str, str]]:
    report = here.take("tools.csv", TOOLS.format(rows=rows), **options)
    return [(it.code, it.place, it.message) for it in report.problems]


def test_a_record_that_breaks_its_shape_is_named_with_its_row_and_kept(here):
    ((code, where, message),) = told(here, GOOD + WRONG)
    assert (code, where) == ("W220", "row 3")
    assert message.startswith("gradeMin: The lowest grade is a whole number")
    assert here.objects("tool/wall", "https://w3id.org/kesher/schema#gradeMin")


@pytest.mark.parametrize(("lang", "word"), [("he", "הכיתה הנמוכה"), ("ar", "أدنى صفّ"), ("en", "The lowest grade")])
def test_a_curator_is_told_in_her_language(here, lang: str, word: str):
    ((_, _, message),) = told(here, WRONG, lang=lang)
    assert word in message


def test_only_what_changes_is_judged(here):
    told(here, GOOD + WRONG)
    assert told(here, GOOD + WRONG) == []
    assert told(here, GOOD.replace("9", "8") + WRONG) == []
    ((_, where, _),) = told(here, GOOD + WRONG.replace("9,7", "9,6"))
    assert where == "row 3"


def test_a_dry_run_tells_the_same_and_writes_nothing(here):
    assert told(here, WRONG, dry_run=True) == told(here, WRONG)


def test_what_other_files_say_of_a_record_belongs_to_it(here):
    here.take("names.ttl", """
        @prefix ks: <https://w3id.org/kesher/schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://w3id.org/kesher/id/tool/club> a ks:Tool ; skos:prefLabel "Video club"@en .
    """)  # fmt: skip
    more = "<https://w3id.org/kesher/id/tool/club> a <https://w3id.org/kesher/schema#Tool> ."
    assert here.take("more.ttl", more).problems == ()  # it has its name elsewhere
    report = here.take("other.ttl", more.replace("club", "nameless"))
    assert [it.place for it in report.problems] == ["https://w3id.org/kesher/id/tool/nameless"]


def test_links_that_other_files_state_are_judged_by_what_everybody_knows(here):
    load_starter(here.writer)
    more = "<https://w3id.org/kesher/id/programme/mentors-course> <http://www.w3.org/2004/02/skos/core#note> 'n'@en ."
    assert here.take("note.ttl", more).problems == ()


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("a ks:Tol ; skos:prefLabel 'x'@en", "ks:Tool"),
        ("a ks:Tool ; skos:prefLabel 'x'@en ; ks:devlops c:x", "develops"),
    ],
)
def test_a_misspelt_term_of_the_schema_is_told_with_the_nearest_one(here, said: str, near: str):
    report = here.take("odd.ttl", f"""
        @prefix ks: <https://w3id.org/kesher/schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix c: <https://w3id.org/kesher/id/competency/> .
        <https://w3id.org/kesher/id/tool/odd> {said} .
    """)  # fmt: skip
    (problem,) = [it for it in report.problems if it.code == "W159"]
    assert near in problem.remedy
    assert here.graph.select("unknown-own-terms")


@pytest.mark.parametrize(
    "said", ["skos:prefLabel 'AAA'@en", "a ks:Role", "ks:status ks:Retired", "dct:isReplacedBy <https://evil.example/>"]
)
def test_a_file_that_speaks_of_the_starter_knowledge_is_told_so(here, said: str):
    load_starter(here.writer)
    report = here.take("claims.ttl", f"""
        @prefix dct: <http://purl.org/dc/terms/> .
        @prefix ks: <https://w3id.org/kesher/schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://w3id.org/kesher/id/tool/lesson-study> {said} .
    """)  # fmt: skip
    assert "W230" in {it.code for it in report.problems}
