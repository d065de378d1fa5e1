"""The documentation of the vocabulary: whole, true and up to date."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.embedded import EmbeddedGraph
from language.script import direction
from ontology import turtle
from ontology.documentation.__main__ import main
from ontology.documentation.markdown import anchor, plain
from ontology.documentation.modulepage import ModulePage
from ontology.documentation.read import read
from ontology.documentation.site import INDEX, site, vocabulary
from ontology.documentation.standards import standards
from ontology.model import LANGUAGES
from ontology.namespaces import KS
from ontology.questions import question, questions
from ontology.release import changes, schema_of, versions
from tests.searching import starter

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "ontology"
TERMS = sorted(f"{KS}{name}" for name in KS.__annotations__ if not name.startswith("_"))
PAGES = sorted(name for name in site() if name.endswith(".md"))
PREFIXES = """
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix ks: <https://w3id.org/kesher/schema#> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix shape: <https://w3id.org/kesher/shapes#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def page_of(term: str) -> str:
    return site()[f"{vocabulary().module_of(term)}.md"]


def section(text: str, name: str) -> str:
    """What stands under the heading of a term, or in its row of a table."""
    start = text.index(f'<a id="{name}"></a>')
    return text[start:].partition("\n### ")[0]


def page_made_of(schema: str, shapes: str = "") -> str:
    """The page of a module of its own."""
    made = read({"things": PREFIXES + schema}, {"things": PREFIXES + shapes})
    return ModulePage(made, made.modules[0], {}, {}).text()


# --- the committed files ---


def test_the_committed_documentation_is_what_the_generator_makes():
    committed = {it.name: it.read_text(encoding="utf-8") for it in DOCS.iterdir()}
    assert {name for name, text in site().items() if committed.get(name) != text} == set(), "run make docs"
    assert committed.keys() == site().keys()


def test_the_command_writes_every_file_and_names_it(tmp_path, capsys):
    (tmp_path / "of-an-earlier-time.md").touch()
    assert main([str(tmp_path)]) == 0
    assert {it.name for it in tmp_path.iterdir()} == site().keys()
    assert capsys.readouterr().out.split() == [str(tmp_path / name) for name in site()]
    assert main([str(tmp_path), "--check"]) == 0


def test_the_check_names_what_is_stale_missing_or_left_over_and_writes_nothing(tmp_path, capsys):
    main([str(tmp_path)])
    (tmp_path / INDEX).write_text("edited by hand", encoding="utf-8")
    (tmp_path / "overview.svg").unlink()
    (tmp_path / "of-an-earlier-time.md").touch()
    capsys.readouterr()
    assert main([str(tmp_path), "--check"]) == 1
    told = capsys.readouterr().err
    assert re.findall(r"([\w.-]+) is stale", told) == [INDEX, "overview.svg", "of-an-earlier-time.md"]
    assert (tmp_path / INDEX).read_text(encoding="utf-8") == "edited by hand"


# --- whole ---


def test_every_term_of_the_code_is_in_the_index_and_on_a_page():
    for term in TERMS:
        place = f'<a id="{anchor(term, vocabulary())}"></a>'
        assert site()[INDEX].count(place) == 1
        assert page_of(term).count(place) == 1


def test_every_term_is_described_in_three_languages_and_says_why_it_is_our_own():
    for iri, term in vocabulary().terms.items():
        text = section(page_of(iri), anchor(iri, vocabulary()))
        for lang in LANGUAGES:
            label = next(it.text for it in term.labels if it.lang == lang)
            assert plain(label) in text, (iri, lang)
            assert lang == "en" or f'<span dir="rtl" lang="{lang}">{plain(label)}' in text
        assert term.reason, iri


def test_every_shape_is_told_on_the_page_of_its_class_with_its_messages():
    for iri, doc in vocabulary().classes.items():
        text = section(page_of(iri), anchor(iri, vocabulary()))
        for asked in (*doc.constraints, *doc.rules):
            for message in asked.messages:
                assert message.lang == "en" or plain(message.text) in text, (iri, message)


def test_what_is_reused_is_listed_with_the_vocabulary_it_comes_from():
    index = site()[INDEX].partition("## What is reused")[2]
    for standard in standards(vocabulary()):
        assert standard.title != standard.namespace, f"say in standards.py what {standard.namespace} is"
        assert f"[{plain(standard.title)}]({standard.page})" in index
    assert "[skos:broader](http://www.w3.org/2004/02/skos/core#broader)" in index


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_what_exists(name):
    anchors = {page: set(re.findall(r'<a id="([^"]+)">', text)) for page, text in site().items()}
    for target in re.findall(r"\]\(((?!https?:)[^)\s]+)\)", site()[name]):
        path, _, place = target.partition("#")
        assert (DOCS / path).resolve().is_file() if path else place, target
        assert not place or place in anchors[path or name], target


@pytest.mark.parametrize("name", PAGES)
def test_hebrew_and_arabic_stand_only_where_their_direction_is_said(name):
    left = re.sub(r'<span dir="(\w+)" lang="(\w+)">.*?</span>|```turtle.*?```', "", site()[name], flags=re.DOTALL)
    assert not re.findall(r"[\u0590-\u05ff\u0600-\u06ff]+", left)
    assert all(direction(lang) == way for way, lang in re.findall(r'<span dir="(\w+)" lang="(\w+)"', site()[name]))


# --- true ---


def test_examples_are_what_the_starter_knowledge_says():
    said = {it.triple for text in turtle.starter().values() for it in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    shown = [it for name in PAGES for it in re.findall(r"```turtle\n(.*?)```", site()[name], re.DOTALL)]
    assert len(shown) > 5
    for text in shown:
        triples = [it.triple for it in ox.parse(text, format=ox.RdfFormat.TURTLE)]
        assert triples
        assert set(triples) <= said


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory) -> EmbeddedGraph:
    graph = starter(tmp_path_factory.mktemp("documentation") / "graph")
    yield graph
    graph.close()


def test_the_questions_of_every_page_run(knowledge):
    asked = {it for name in PAGES for it in re.findall(r"queries/([\w-]+)\.rq", site()[name])}
    assert len(asked) > 10
    assert asked <= set(questions())
    for name in asked:
        assert isinstance(knowledge.select(name), list)


def test_a_page_names_the_questions_that_use_its_terms_and_no_others():
    for module in vocabulary().modules:
        listed = re.findall(r"queries/([\w-]+)\.rq", site()[f"{module.name}.md"])
        own = "|".join(vocabulary().name(it.iri) for it in module.terms)
        assert listed == [it for it in questions() if re.search(rf"\bks:({own})\b", question(it))]


# --- what the words say of a shape ---


@pytest.mark.parametrize(
    ("asked", "how_many", "values"),
    [
        ("", "any number", "text with its language"),
        ("sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxInclusive 5",
         "exactly one", "whole number, from 1 to 5"),
        ("sh:maxCount 1 ; sh:or ( [ sh:datatype xsd:gYear ] [ sh:datatype xsd:date ] )", "at most one", "year or day"),
        ('sh:minCount 2 ; sh:in ( "a" "b" )', "at least two", "`a` or `b`"),
        ("sh:minCount 2 ; sh:maxCount 4 ; sh:nodeKind sh:IRI", "2 to 4", "text with its language, address"),
        ("sh:maxCount 0", "none", "text with its language"),
        ('sh:pattern "^(a|b)$" ; sh:minInclusive 3', "any number",
         r"text with its language, at least 3, like `^(a\|b)$`"),
        ('sh:qualifiedValueShape [ sh:languageIn ( "en" ) ] ; sh:qualifiedMinCount 1', "one in English",
         "text with its language"),
        ("sh:uniqueLang true", "one in each language at most", "text with its language"),
        ("sh:minCount 1 ; sh:severity sh:Warning", "at least one (a warning only)", "text with its language"),
        ("sh:class ks:Thing , skos:Concept", "any number",
         "[Thing](#Thing) or [skos:Concept](http://www.w3.org/2004/02/skos/core#Concept)"),
        ("sh:lessThanOrEquals ks:size", "any number", "text with its language, not above [size](#size)"),
    ],
)  # fmt: skip
def test_a_shape_is_put_into_words(asked, how_many, values):
    text = page_made_of(
        "ks:Thing a owl:Class . ks:size a owl:DatatypeProperty ; rdfs:range rdf:langString .".replace(
            "rdf:langString", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"
        ),
        f"shape:Thing a sh:NodeShape ; sh:targetClass ks:Thing ; sh:property shape:size ."
        f"shape:size sh:path ks:size {';' if asked else ''} {asked} .",
    )
    assert f"| [size](#size) | {how_many} | {values} |" in text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("( ks:a ks:b )", "[a](#a)/[b](#b)"),
        ("[ sh:inversePath ks:a ]", "^[a](#a)"),
        ("[ sh:alternativePath ( ks:a ks:b ) ]", r"([a](#a)\|[b](#b))"),
        ("[ sh:zeroOrMorePath ks:a ]", r"([a](#a))\*"),
        ("[ sh:oneOrMorePath [ sh:inversePath ks:a ] ]", "(^[a](#a))+"),
    ],
)
def test_a_longer_path_is_written_as_sparql_writes_it(path, shown):
    text = page_made_of(
        "ks:Thing a owl:Class . ks:a a owl:ObjectProperty . ks:b a owl:ObjectProperty .",
        f"shape:Thing a sh:NodeShape ; sh:targetClass ks:Thing ; sh:property [ sh:path {path} ; sh:maxCount 1 ] .",
    )
    assert f"| {shown} | at most one |" in text


def test_a_retired_term_names_its_successor():
    text = page_made_of("ks:Old a owl:Class ; owl:deprecated true ; dcterms:isReplacedBy ks:New . ks:New a owl:Class .")
    assert "| Retired | yes, use [New](#New) |" in section(text, "Old")


def test_a_term_says_which_release_has_it_first():
    now = "<https://w3id.org/kesher/schema> a owl:Ontology ; owl:versionInfo '3' ."
    made = read(
        {"things": PREFIXES + now + "ks:Old a owl:Class . ks:New a owl:Class ."},
        {},
        {"1": PREFIXES + "ks:Old a owl:Class .", "2": PREFIXES},
    )
    assert {made.name(iri): it.since for iri, it in made.terms.items()} == {"Old": "1", "New": "3"}


def test_the_index_lists_what_each_release_did():
    releases = site()[INDEX].partition("## Releases")[2]
    assert re.findall(r"### (\S+)", releases) == [*reversed(versions())]
    for version, before in zip(versions()[1:], versions(), strict=False):
        text = releases.partition(f"### {version}\n")[2].partition("\n### ")[0]
        for change in changes(schema_of(before), schema_of(version)):
            line = next(it for it in text.splitlines() if it.lower().startswith(f"- {change.turn}"))
            assert f"[{vocabulary().name(change.term)}](" in line
            assert not change.successor or f"(use [{vocabulary().name(change.successor)}](" in line


def test_a_domain_that_is_a_union_is_read_class_by_class():
    text = page_made_of(
        "ks:A a owl:Class . ks:B a owl:Class . "
        "ks:p a owl:ObjectProperty ; rdfs:domain [ owl:unionOf ( ks:A ks:B ) ] ; rdfs:range ks:B ."
    )
    assert "| Of | [A](#A), [B](#B) |" in section(text, "p")
    assert "| [p](#p) | any number | [B](#B) |" in section(text, "A")


def test_a_shape_includes_what_the_shapes_it_names_ask():
    text = page_made_of(
        "ks:Thing a owl:Class . ks:a a owl:DatatypeProperty .",
        "shape:Thing a sh:NodeShape ; sh:targetClass ks:Thing ; sh:node shape:Common . "
        "shape:Common a sh:NodeShape ; sh:node shape:Thing ; sh:property [ sh:path ks:a ; sh:minCount 1 ] .",
    )
    assert "| [a](#a) | at least one |" in section(text, "Thing")


def test_text_cannot_act_as_markup():
    hostile = r"a | b <script>alert(1)</script> *c* _d_ [e](javascript:f) `g` \h"
    text = page_made_of(
        f"ks:Thing a owl:Class ; rdfs:label 'thing'@en ; rdfs:comment {ox.Literal(hostile, language='en')} ."
    )
    row = next(line for line in text.splitlines() if line.startswith("| English"))
    assert "<script" not in row
    assert r"a \| b" in row
    assert r"\*c\* \_d\_ \[e\](javascript:f) \`g\` \\h" in row
