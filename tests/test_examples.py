"""The example questions: each is read, runs at the endpoint over the starter knowledge, and answers something."""

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from ontology.examples import LANGUAGES, NAMED, Example, example, examples, named, read_example, write_examples
from ontology.questions import questions
from ontology.turtle import schema
from tests.serving import serving

#: The least number of rows, triples, or (for a yes) 1.
LEAST = {
    "a-role-as-a-graph": 600, "alike-in-meaning": 15, "below-a-competency": 12, "classes-and-how-many": 20,
    "competencies-as-plain-skos": 1000, "contested-claims-with-sources": 7, "effect-sizes": 15,
    "events-for-a-role": 8, "field-experience-beside-research": 2, "gaps-by-language": 10,
    "graphs-and-their-size": 30, "is-there-strong-evidence": 1, "likely-names-of-tools": 250,
    "misconceptions-and-tools": 12, "names-of-a-kind": 150, "names-side-by-side": 14, "names-to-review": 4,
    "needed-by-one-role-only": 10, "needed-without-strong-tools": 30, "practice-to-research": 10,
    "programmes-cost-and-hours": 8, "role-to-source": 40, "roles-that-share-most": 10, "rubric-levels": 12,
    "search-then-join": 10, "second-page": 50, "sources-behind-most": 20, "sources-by-decade": 4,
    "tools-in-arabic-for-grade-8": 25, "two-roles-compared": 5, "two-searches-one-answer": 6,
    "what-a-role-needs-most": 8, "who-says-so": 25, "words-in-a-definition": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("examples"), sparql_workers=1) as client:
        yield client


def test_every_example_says_what_it_answers_at_least():
    assert set(LEAST) == {it.id for it in examples()}


@pytest.mark.parametrize("asked", examples(), ids=lambda it: it.id)
def test_an_example_runs_as_it_is_and_answers(client, asked: Example):
    listed = client.get(f"/api/v1/examples/{asked.id}").json()
    answer = client.get(listed["run"])
    assert answer.status_code == 200, answer.text
    assert "Kesher-Truncated" not in answer.headers
    if answer.headers["content-type"].startswith("text/turtle"):
        found = len(list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE)))
    elif "boolean" in answer.json():
        found = int(answer.json()["boolean"])
    else:
        rows = answer.json()["results"]["bindings"]
        found = len(rows)
        assert {name for row in rows for name in row} == set(answer.json()["head"]["vars"]), "a column is empty"
        assert len({str(sorted(row.items())) for row in rows}) == len(rows), "a row stands twice"
    assert found >= LEAST[asked.id]


@pytest.mark.parametrize("asked", examples(), ids=lambda it: it.id)
def test_an_example_needs_no_prefix_that_it_does_not_declare(asked: Example):
    """So it runs at any endpoint that has the same graph."""
    ours = {ox.NamedNode("https://w3id.org/kesher/schema#similarity"): lambda *_: None}
    ox.Store().query(asked.query, custom_functions=ours)


def test_an_example_uses_the_terms_that_there_are():
    own = {quad.subject.value for quad in ox.parse(schema(), format=ox.RdfFormat.TURTLE) if "#" in str(quad.subject)}
    used = {word.removeprefix("ks:") for it in examples() for word in words(it.query) if word.startswith("ks:")} - {""}
    assert used
    assert {f"https://w3id.org/kesher/schema#{it}" for it in used} <= own


def words(query: str) -> list[str]:
    return query.replace("(", " ").replace(")", " ").split()


def test_titles_are_told_apart_in_every_language():
    for lang in LANGUAGES:
        titles = [it.label(lang) for it in examples()]
        assert len(set(titles)) == len(titles)
        comments = [it.comment(lang) for it in examples()]
        assert len(set(comments)) == len(comments)
    for lang, letter in {"en": "[a-z]", "he": "[א-ת]", "ar": "[ء-ي]"}.items():
        assert [it.id for it in examples() if not all(map(re.compile(letter).search, told(it, lang)))] == []


def told(example: Example, lang: str) -> tuple[str, str]:
    return example.label(lang), example.comment(lang)


def test_no_example_repeats_a_named_question():
    ours, theirs = {squeezed(it.query) for it in examples()}, {squeezed(it.query) for it in named()}
    assert not ours & theirs
    assert not {it.id for it in examples()} & set(questions())


def squeezed(query: str) -> str:
    return "".join(line for line in query.splitlines() if not line.startswith("#")).replace(" ", "")


# what is no example

GOOD = """
@prefix ex: <https://w3id.org/kesher/examples/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:x a sh:SPARQLExecutable , sh:SPARQLAskExecutable ;
  rdfs:label "a"@en , "b"@he , "c"@ar ; rdfs:comment "a"@en , "b"@he , "c"@ar ;
  schema:keywords "k" ; schema:target <https://w3id.org/kesher/sparql> ; sh:ask "ASK {}" .
"""


@pytest.mark.parametrize(
    ("what", "instead", "told"),
    [
        ('sh:ask "ASK {}"', 'sh:ask "ASK {}" , "ASK { ?s ?p ?o }"', "one query"),
        ('sh:ask "ASK {}"', 'rdfs:seeAlso "ASK {}"', "one query"),
        ("sh:SPARQLAskExecutable", "sh:SPARQLSelectExecutable", "class"),
        (', "c"@ar ; rdfs:comment', " ; rdfs:comment", "one label in each"),
        ('rdfs:comment "a"@en', 'rdfs:comment "a"@en , "z"@en', "one comment in each"),
        ('schema:keywords "k" ;', "", "keyword"),
        ("schema:target <https://w3id.org/kesher/sparql> ;", "", "schema:target"),
        ("ex:x a", "ex:y a", "not named like its file"),
    ],
)
def test_a_file_that_is_no_example_is_refused(what, instead, told):
    assert read_example("x", GOOD).query == "ASK {}"
    with pytest.raises(ValueError, match=told):
        read_example("x", GOOD.replace(what, instead, 1))


# over HTTP


def test_the_list_speaks_the_language_of_the_reader(client):
    hebrew = {it["id"]: it for it in client.get("/api/v1/examples?lang=he").json()}
    assert set(hebrew) == set(LEAST)
    assert hebrew["gaps-by-language"]["label"] == "כשירויות ללא כלי בערבית"
    arabic = client.get("/api/v1/examples", headers={"Accept-Language": "ar"}).json()
    assert {it["label"] for it in arabic} == {it.label("ar") for it in examples()}


def test_the_list_is_searched_by_words_and_keywords(client):
    def ids(**params: object) -> set[str]:
        return {it["id"] for it in client.get("/api/v1/examples", params=params).json()}

    assert ids(keyword="gaps") == {"needed-without-strong-tools", "gaps-by-language"}
    assert ids(q="תפיסות שגויות", keyword="search") == {"two-searches-one-answer"}
    assert "who-says-so" in ids(q="GRAPH ?graph", lang="ar")
    assert ids(q="nothing has this") == set()
    assert ids(named=True) == set(LEAST) | set(questions())
    assert ids(named=True, keyword=NAMED) == set(questions())


def test_an_example_comes_as_statements_that_are_those_of_its_file(client):
    for media_type, syntax in (("text/turtle", ox.RdfFormat.TURTLE), ("application/ld+json", ox.RdfFormat.JSON_LD)):
        answer = client.get("/api/v1/examples/who-says-so", headers={"Accept": media_type})
        assert answer.headers["content-type"].startswith(media_type)
        said = {quad.triple for quad in ox.parse(answer.content, format=syntax)}
        assert said == set(write_examples((example("who-says-so"),)))
    assert read_example("who-says-so", client_turtle(client, "who-says-so")) == example("who-says-so")


def client_turtle(client: TestClient, id: str) -> str:
    return client.get(f"/api/v1/examples/{id}", headers={"Accept": "text/turtle"}).text


def test_all_examples_come_as_turtle(client):
    answer = client.get("/examples")
    assert answer.headers["content-type"].startswith("text/turtle")
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.TURTLE)
    query = "SELECT ?q { ?x a sh:SPARQLExecutable ; sh:select|sh:construct|sh:ask ?q }"
    texts = {row["q"].value for row in store.query(query, prefixes={"sh": "http://www.w3.org/ns/shacl#"})}
    assert texts == {it.query for it in (*examples(), *named())}


def test_what_is_no_example_is_404_and_what_cannot_be_written_406(client):
    assert client.get("/api/v1/examples/nowhere").status_code == 404
    assert client.get("/api/v1/examples/who-says-so", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/api/v1/examples/kind-counts").json()["keywords"] == [NAMED]


def test_addresses_are_those_of_the_installation_and_the_vocabulary_is_everybodys():
    base = "https://kesher.example/"
    asked = example("what-a-role-needs-most", base)
    assert f"<{base}id/role/subject-coordinator>" in asked.query
    assert "PREFIX ks: <https://w3id.org/kesher/schema#>" in asked.query
    said = {str(it) for triple in write_examples((asked,), base) for it in triple}
    assert {f"<{base}examples/what-a-role-needs-most>", f"<{base}sparql>"} <= said
    assert not [it.id for it in (*examples(base), *named(base)) if "https://w3id.org/kesher/id/" in it.query]
