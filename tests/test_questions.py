"""The named questions: each is a file that says what it answers, parses, and answers it."""

import re

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.errors import UnknownQuestion
from ontology.kinds import CLASS_OF, DEFAULT_BASE
from ontology.model import LANGUAGES
from ontology.namespaces import PREFIXES
from ontology.questions import question, questions

EXAMPLE = "https://example.org/"
HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + f"@prefix : <{EXAMPLE}> .\n"
WITHOUT_TOOL = [
    "EQU.3", "EQU.5", "INS.5", "INS.6", "KCT.5", "KCT.6.4", "LEA.5", "LEA.7", "PRO.4", "PRO.5", "TEC.4",
]  # fmt: skip


def load(graphs: dict[str, str]) -> ox.Store:
    store = ox.Store()
    for name, text in graphs.items():
        store.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{DEFAULT_BASE}graph/{name}"))
    return store


@pytest.fixture(scope="module")
def starter() -> ox.Store:
    return load(turtle.starter() | {"schema": turtle.schema()})


def example(text: str) -> ox.Store:
    return load({"schema": turtle.schema(), "source/example.ttl": HEADER + text})


def ask(store: ox.Store, name: str, **bindings: ox.Literal) -> list[dict[str, str]]:
    substitutions = {ox.Variable(key): term for key, term in bindings.items()}
    solutions = store.query(question(name), use_default_graph_as_union=True, substitutions=substitutions)
    names = [it.value for it in solutions.variables]
    return [{it: row[it].value for it in names if row[it] is not None} for row in solutions]


def short(row: dict[str, str], *names: str) -> tuple[str, ...]:
    return tuple(row[it].removeprefix(EXAMPLE) for it in names)


@pytest.mark.parametrize("name", questions())
def test_a_question_says_what_it_answers_and_parses(name: str, starter: ox.Store):
    assert len(questions()[name]) > 20
    assert question(name).startswith("# ")
    starter.query(question(name), use_default_graph_as_union=True)


@pytest.mark.parametrize("name", ["no-such-question", "", "../errors", "Kind-Counts"])
def test_an_unknown_question_is_named_and_the_known_ones_listed(name: str):
    with pytest.raises(UnknownQuestion) as caught:
        question(name)
    assert repr(name) in caught.value.message
    assert "kind-counts" in caught.value.remedy


def test_a_table_of_kinds_in_a_question_is_the_table_of_the_code():
    expected = {str(kind): iri for kind, iri in CLASS_OF.items()}
    tables = 0
    for name in questions():
        pairs = re.findall(r'\( "([a-z]+)" (\w+):(\w+) \)', question(name))
        if pairs:
            tables += 1
            assert {kind: PREFIXES[prefix] + local for kind, prefix, local in pairs} == expected, name
    assert tables >= 4


def test_eleven_competencies_are_required_and_have_no_tool(starter: ox.Store):
    rows = ask(starter, "competencies-without-tool")
    assert [it["notation"] for it in rows] == WITHOUT_TOOL
    assert {it["notation"]: it["roles"] for it in rows}["LEA.5"] == "3"


def test_kinds_are_counted(starter: ox.Store):
    assert {it["kind"]: int(it["entities"]) for it in ask(starter, "kind-counts")} == {
        "role": 14, "competency": 99, "standard": 43, "tool": 150, "source": 412, "subject": 5, "framework": 1,
        "job": 6, "claim": 27, "programme": 8, "accreditation": 4, "credential": 5, "pathway": 2, "community": 6,
        "event": 14, "practice": 12, "misconception": 30, "organisation": 5, "concept": 60,
    }  # fmt: skip


def test_an_entity_of_several_classes_is_counted_once():
    store = example(":a a ks:Competency , skos:Concept . :b a skos:Concept .")
    assert {it["kind"]: it["entities"] for it in ask(store, "kind-counts")} == {"competency": "1", "concept": "1"}


def test_labels_are_counted_by_certainty(starter: ox.Store):
    rows = {(it["kind"], it["lang"]): it for it in ask(starter, "labels-by-kind")}
    assert {kind for kind, _ in rows} == {it["kind"] for it in ask(starter, "kind-counts")}
    assert {lang for _, lang in rows} == set(LANGUAGES)
    for row in rows.values():
        assert int(row["entities"]) == int(row["sure"]) + int(row["likely"]) + int(row["missing"])
    role = rows["role", "ar"]
    assert (role["sure"], role["likely"], role["missing"]) == ("5", "5", "4")


def test_a_name_without_a_mark_is_sure():
    store = example(
        ':a a ks:Role ; skos:prefLabel "א"@he . '
        ':b a ks:Role ; skos:prefLabel "ב"@he ; skosxl:prefLabel :b-he . '
        ':b-he skosxl:literalForm "ב"@he ; ks:needsReview true . :c a ks:Role .'
    )
    (row,) = [it for it in ask(store, "labels-by-kind") if it["lang"] == "he"]
    assert (row["entities"], row["sure"], row["likely"], row["missing"]) == ("3", "1", "1", "1")


def test_missing_labels_are_listed_for_one_language_and_kind(starter: ox.Store):
    rows = ask(starter, "missing-labels", lang=ox.Literal("ar"), kind=ox.Literal("role"))
    assert {it["entity"].rpartition("/")[2] for it in rows} == {
        "master-teacher", "novice-companion", "pd-facilitator", "video-coach",
    }  # fmt: skip
    assert not ask(starter, "missing-labels", lang=ox.Literal("en"))


def test_orphans_are_sources_that_nothing_rests_on(starter: ox.Store):
    rows = ask(starter, "orphans")
    assert {it["kind"] for it in rows} == {"source"}
    assert 0 < len(rows) < 282 - 96  # what the fact base leaves alone, less what was linked since


def test_a_tool_without_links_is_an_orphan():
    store = example(':a a ks:Tool ; skos:prefLabel "a"@en . :b a ks:Tool ; ks:develops :c . :c a ks:Competency .')
    assert [short(it, "kind", "entity", "name") for it in ask(store, "orphans")] == [("tool", "a", "a")]


def test_circles_of_broader_are_found(starter: ox.Store):
    assert not ask(starter, "broader-cycles")
    store = example(":a skos:broader :b . :b skos:broader :c . :c skos:broader :a . :d skos:broader :a .")
    assert [short(it, "concept") for it in ask(store, "broader-cycles")] == [("a",), ("b",), ("c",)]


def test_no_unverified_doi_is_a_link(starter: ox.Store):
    assert not ask(starter, "unverified-doi-as-link")
    store = example(
        ":a foaf:page <https://doi.org/10.1/1> . "
        ':b foaf:page <https://DOI.org/10.1/2> ; bibo:doi "10.1/2" ; ks:verification "from_memory_unverified" . '
        ':c foaf:page <https://doi.org/10.1/3> ; bibo:doi "10.1/3" ; ks:verification "doi_seen_with_matching_work" . '
        ":d foaf:page <https://example.org/doi.org/4> ."
    )
    assert [short(it, "source") for it in ask(store, "unverified-doi-as-link")] == [("a",), ("b",)]


def test_links_to_nothing_are_found(starter: ox.Store):
    assert not ask(starter, "dangling-links")
    store = example(":a ks:develops :b , :c . :b a ks:Competency .")
    assert [short(it, "subject", "object") for it in ask(store, "dangling-links")] == [("a", "c")]


def test_label_nodes_that_say_something_else_are_found(starter: ox.Store):
    assert not ask(starter, "label-disagreements")
    store = example(
        ':a skos:prefLabel "א"@he ; skosxl:prefLabel :a-he . :a-he skosxl:literalForm "א"@he . '
        ':b skos:prefLabel "ב"@he ; skosxl:altLabel :b-he . :b-he skosxl:literalForm "ב"@he . '
    )
    assert [short(it, "label") for it in ask(store, "label-disagreements")] == [("b-he",)]
