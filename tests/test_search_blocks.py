"""The reader of search blocks: what it takes, what it refuses and where, and that no text breaks it."""

from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph import gate
from graph.block_finder import expect_inside, read_blocks
from graph.comparisons import read_comparisons
from graph.gate import GateLimits
from graph.lexer import tokens
from graph.naming import prefixes_of
from graph.search_blocks import ADDRESS, Column, SearchBlock, with_rows, without_address
from ontology.errors import ForbiddenQuery, MalformedQuery, QueryTooComplex
from ontology.kinds import Kind
from ontology.namespaces import KS, PREFIXES


def read(text: str) -> tuple[SearchBlock, ...]:
    words = list(tokens(text))
    return read_blocks(text, words, prefixes_of(words))


def block(inside: str) -> str:
    return f"SELECT * {{ SERVICE <{ADDRESS}> {{ {inside} }} }}"


def refused(text: str) -> MalformedQuery:
    with pytest.raises(MalformedQuery) as error:
        read(text)
    return error.value


def parses(text: str) -> bool:
    try:
        ox.Store().query(text, prefixes=PREFIXES)
    except SyntaxError:
        return False
    return True


def test_a_block_says_what_to_look_for_and_what_to_tell():
    [found] = read(
        block(
            '?x ks:query "משוב"@he ; ks:kind ks:Tool , skos:Concept ; ks:limit 50 ; ks:role "mentor" ;'
            ' ks:subject <urn:maths> ; ks:contentLang "he" ; ks:minEvidence 2 ; ks:lang "ar" .'
            " ?x ks:score ?s ; ks:model ?m ;; ks:rank $r ."
        )
    )
    assert (found.entity, found.query, found.limit) == ("?x", "משוב", 50)
    assert found.kinds == {Kind.TOOL, Kind.CONCEPT}
    assert (found.role, found.subject, found.content_lang) == ("mentor", "urn:maths", "he")
    assert (found.min_evidence, found.lang) == (2, "ar")
    assert found.columns == ((Column.SCORE, "?s"), (Column.MODEL, "?m"), (Column.RANK, "$r"))


@pytest.mark.parametrize(
    "text",
    [
        f'SELECT*{{SERVICE<{ADDRESS}>{{?x ks:query"a"}}}}',
        f"select * {{ service silent <{ADDRESS}> {{ ?x ks:query 'a' }} }}",
        f'SELECT * {{ SERVICE # <x>\n <{ADDRESS}> {{ ?x <{KS.query}> """a""" . }} }}',
        f'PREFIX k: <{KS}> SELECT * {{ OPTIONAL {{ SERVICE <{ADDRESS}> {{ ?x k:query "a" }} }} }}',
        f'BASE <urn:x> PREFIXk:<{KS}>SELECT * {{ {{ SELECT * {{ SERVICE <{ADDRESS}> {{ $x k:query "a" }} }} }} }}',
        f'ASK {{ {{ }} UNION {{ SERVICE <{ADDRESS}> {{ ?x ks:query "\\u0061" }} }} }}',
    ],
)
def test_a_block_is_found_in_every_writing(text):
    [found] = read(text)
    assert found.query == "a"
    assert parses(with_rows(text, [(found, [(ox.NamedNode("urn:a"),)])]))


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ ?s ?p 'SERVICE <{ADDRESS}> {{ }}' }}",
        f"SELECT * {{ ?s ?p ?o }} # SERVICE <{ADDRESS}> {{ }}",
        f"SELECT * {{ ?s ?p <{ADDRESS}> . ?service <{ADDRESS}> ?o }}",
        f'SELECT * {{ ?s ?p """ " SERVICE <{ADDRESS}> {{ ?x ks:query "a" }} """ }}',
    ],
)
def test_what_only_looks_like_a_block_is_none(text):
    assert read(text) == ()
    gate.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX u: <urn:kesher:> SELECT * { SERVICE u:search { ?x ks:query 'a' } }",
        "BASE <urn:kesher:> SELECT * { SERVICE <search> { ?x ks:query 'a' } }",
        "SELECT * { SERVICE <urn:kesher:s\\u0065arch> { ?x ks:query 'a' } }",
        "SELECT * { SERV\\u0049CE <urn:kesher:search> { ?x ks:query 'a' } }",
        "SELECT * { SERVICE <urn:kesher:search#> { ?x ks:query 'a' } }",
        "SELECT * { SERVICE <URN:kesher:search> { ?x ks:query 'a' } }",
        "SELECT * { SERVICE ?where { ?x ks:query 'a' } }",
        "SELECT * { SERVICESILENT<urn:kesher:search> { ?x ks:query 'a' } }",
        "SELECT * { SERVICE <http://127.0.0.1/> { SERVICE <urn:kesher:search> { ?x ks:query 'a' } } }",
    ],
)
def test_every_other_service_stays_refused(text):
    with pytest.raises(ForbiddenQuery, match="SERVICE is switched off"):
        gate.check(without_address(text, read(text)))


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("", "does not say what to look for"),
        ("?x ks:score ?s", "does not say what to look for"),
        ("?x ks:query ?text", "needs a constant"),
        ("?x ks:query 5", "a text in quotes"),
        ('?x ks:query "a"^^xsd:string', "a text without a datatype"),
        ('?x ks:query "a\\x"', "is not an escape"),
        ('?x ks:query "\\uD800"', "is no character"),
        ('?x ks:query "a" ; ks:query "b"', "stands twice"),
        ('?x ks:query "a" , "b"', "stands twice"),
        ('?x ks:query "a" ; ks:limit 1001', "the limit is 1,000"),
        ('?x ks:query "a" ; ks:limit 0', "the least is 1"),
        (f'?x ks:query "a" ; ks:limit {"9" * 5000}', "the limit is 1,000"),
        ('?x ks:query "a" ; ks:limit 1e2', "a whole number"),
        ('?x ks:query "a" ; ks:limit -1', "a whole number"),
        ('?x ks:query "a" ; ks:limit "5"', "a whole number"),
        ('?x ks:query "a" ; ks:limit ?n', "needs a constant"),
        ('?x ks:query "a" ; ks:kind ks:Tol', "is not the class of a kind"),
        ('?x ks:query "a" ; ks:kind "Tool"', "is not the class of a kind"),
        ('?x ks:query "a" ; ks:lang "de"', "ks:lang is 'de'"),
        ('?x ks:query "a" ; ks:score 0.5', "a variable for ks:score"),
        ('?x ks:query "a" ; ks:score ?x', "stands for two things"),
        ('?x ks:query "a" ; ks:score ?s ; ks:rank $s', "stands for two things"),
        ('?x ks:query "a" ; ks:scor ?s', "is not a property of searches"),
        ('?x ks:query "a" ; no:such ?s', "is not a property of searches"),
        ('?x ks:query "a" ; a ks:Tool', "a property of searches is expected"),
        ('?x ks:query "a" ; ?p ?s', "a property of searches is expected"),
        ('?x ks:query "a" . ?y ks:score ?s', "one variable for its hits"),
        ('<urn:a> ks:query "a"', "the variable of the hits"),
        ('?x ks:query "a" FILTER(true)', "; or . or } is expected"),
        ('?x ks:query "a" . FILTER(true)', "the variable of the hits"),
        (f'?x ks:query "a" . SERVICE <{ADDRESS}> {{ ?y ks:query "b" }}', "the variable of the hits"),
        ('{ ?x ks:query "a" }', "the variable of the hits"),
        ('?x ks:query/ks:query "a"', "a text in quotes"),
        ('[] ks:query "a"', "the variable of the hits"),
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_its_place_and_a_remedy(inside, problem):
    error = refused(block(inside))
    assert problem in error.message
    assert error.line == 1
    assert error.column > len("SELECT * { ")
    assert error.remedy


def test_a_refusal_points_at_the_word():
    error = refused(f'SELECT *\n{{\n  SERVICE <{ADDRESS}> {{\n    ?x ks:query "a" ;\n       ks:limit 5000 }} }}')
    assert (error.line, error.column) == (5, 17)
    ended = refused(f'SELECT * {{ SERVICE <{ADDRESS}> {{ ?x ks:query "a"  ')
    assert "the end of the query" in ended.message
    assert ended.column == 57  # behind the last word


def test_a_block_outside_of_where_is_no_trailing_values():
    assert "outside of the braces" in refused(f'SELECT * {{ }} SERVICE <{ADDRESS}> {{ ?x ks:query "a" }}').message


def test_what_to_search_for_is_no_pattern_of_the_graph():
    def expect(text: str) -> None:
        words = list(tokens(text))
        expect_inside(text, words, prefixes_of(words), read(text))

    with pytest.raises(MalformedQuery, match="column 27: ks:query says what to search for, and stands outside"):
        expect('SELECT * { ?x a ks:Tool ; ks:query "a" }')
    expect("SELECT * { ks:query rdfs:comment ?c . ?x ks:query ?y VALUES ?p { ks:query } }")
    expect(block('?x ks:query "a"'))


def test_a_query_has_ten_searches_at_most():
    one = f'SERVICE <{ADDRESS}> {{ ?x ks:query "a" }} '
    assert len(read(f"SELECT * {{ {one * 10} }}")) == 10
    assert "more than 10 searches" in refused(f"SELECT * {{ {one * 20} }}").message


def test_the_prefix_of_the_query_counts_before_the_one_that_needs_no_declaration():
    assert "is not a property" in refused(f"PREFIX ks: <urn:> {block('?x ks:query 1')}").message


def test_the_gate_counts_what_is_inside_and_keeps_every_place():
    text = f'SELECT * {{ SERVICE\n<{ADDRESS}> {{ ?x ks:query "a" ; ks:score ?s }}\n  LOAD }}'
    blanked = without_address(text, read(text))
    assert len(blanked) == len(text)
    with pytest.raises(ForbiddenQuery, match="line 3, column 3"):
        gate.check(blanked)
    with pytest.raises(QueryTooComplex, match="more than 1 triple patterns"):
        gate.check(
            without_address(block('?x ks:query "a" ; ks:limit 5'), []).replace("SERVICE", ""), GateLimits(triples=1)
        )


def test_rows_take_the_place_of_a_block_and_lines_stay():
    text = f'SELECT *\n{{ ?x ?p ?o .\n SERVICE <{ADDRESS}>\n {{ ?x ks:query "a" ;\n ks:score ?s }} ?x ?q ?z }}'
    hostile = 'a"} } SERVICE <http://127.0.0.1/> { ?s ?p "\n\\'
    rows = [(ox.NamedNode("urn:a"), ox.Literal(hostile, language="en")), (ox.NamedNode("urn:b"), ox.Literal(0.5))]
    rewritten = with_rows(text, zip(read(text), [rows], strict=True))
    assert rewritten.count("\n") == text.count("\n")
    assert rewritten.endswith(" ?x ?q ?z }")
    gate.check(rewritten)
    store = ox.Store()
    store.add(ox.Quad(*map(ox.NamedNode, ("urn:a", "urn:p", "urn:o"))))
    [row, *_] = store.query(rewritten)
    assert row["s"] == ox.Literal(hostile, language="en")


def test_no_rows_are_no_solutions():
    text = block('?x ks:query "a" ; ks:score ?s')
    assert list(ox.Store().query(with_rows(text, [(read(text)[0], [])]))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('SELECT (ks:similarity(?a, "one") AS ?n) {}', ["one"]),
        ('ASK { FILTER(ks:similarity("one"@he, ?a) > ks:similarity(?a , "t\\u0077o")) }', ["one", "two"]),
        (f"ASK {{ FILTER(<{KS.similarity}>(?a, ?b) > 0) }}", []),
        (f'PREFIX s: <{KS}> ASK {{ BIND(s:similarity(?a, IRI(CONCAT("urn:", "a"))) AS ?n) }}', []),
        ('ASK { ?a ks:similarity ?b . FILTER(STRLEN("ks:similarity(?a, 1)") > 1) }', None),
        ('PREFIX ks: <urn:> ASK { FILTER(ks:similarity(?a, "one")) }', None),
    ],
)
def test_the_texts_of_comparisons_are_found(text, expected):
    words = list(tokens(text))
    calls, texts = read_comparisons(text, words, prefixes_of(words))
    assert (calls, list(texts)) == (expected is not None, expected or [])


@pytest.mark.parametrize("call", ["ks:similarity(?a)", "ks:similarity(?a, ?b, 'c')", "ks:similarity()"])
def test_a_comparison_has_two_arguments(call):
    text = f"ASK {{ FILTER({call} > 0.5) }}"
    words = list(tokens(text))
    with pytest.raises(MalformedQuery, match="column 14: ks:similarity compares two things"):
        read_comparisons(text, words, prefixes_of(words))


FRAGMENTS = [
    *(f"SERVICE <{ADDRESS}> {{", "SERVICE", "SILENT", f"<{ADDRESS}>", '?x ks:query "a"', "ks:score ?s", "ks:limit 5"),
    *(
        "ks:kind ks:Tool",
        "ks:query",
        "?x",
        "?y",
        '"a"',
        '"\\uD800"',
        "'",
        "@he",
        "^^",
        "1",
        "-",
        "<urn:a>",
        "SELECT * {",
    ),
    *("{", "}", "(", ")", ";", ".", ",", "[", "#", "\n", " ", "FILTER(", "VALUES", "UNION", "ks:similarity(", "\ud800"),
    *("PREFIX", "PREFIX ks: <urn:>", "ks:", "\\u0053"),
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))


@given(texts)
@example(f"SERVICE <{ADDRESS}> {{ " * 3_000)
@example("ks:similarity(" * 4_000)
def test_no_text_breaks_the_reader(text):
    words = list(tokens(text))
    with suppress(MalformedQuery, ForbiddenQuery, QueryTooComplex):
        blocks = read_blocks(text, words, prefixes_of(words))
        gate.check(without_address(text, blocks))
        expect_inside(text, words, prefixes_of(words), blocks)
        read_comparisons(text, words, prefixes_of(words))


names = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(
    query=strings.filter(bool),
    columns=st.lists(st.sampled_from(Column), unique=True),
    found=st.lists(strings, max_size=4),
    wrapped=st.sampled_from(["{}", "OPTIONAL {{ {} }}", "{{ {} }} UNION {{}}", "{{ SELECT * {{ {} }} }}"]),
)
def test_what_is_read_and_rewritten_parses_and_says_the_same(query, columns, found, wrapped):
    told = "".join(f" ; <{column}> ?{column.name}" for column in columns)
    inside = f"SERVICE <{ADDRESS}> {{ ?x ks:query {ox.Literal(query)}{told} }}"
    text = f"SELECT * {{ {wrapped.format(inside)} }}"
    [block] = read(text)
    assert block.query == query
    rows = [(ox.NamedNode("urn:a"), *[ox.Literal(it)] * len(columns)) for it in found]
    rewritten = with_rows(text, [(block, rows)])
    assert parses(without_address(text, [block]))
    solutions = list(ox.Store().query(rewritten))
    values = [it[block.columns[0][1][1:]].value for it in solutions if it["x"]] if columns else []
    assert sorted(values) == (sorted(found) if columns else [])
