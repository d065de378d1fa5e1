"""Written answers: the W3C formats, cut whole, and which of them a client gets."""

import csv
import io
import json

import pyoxigraph as ox
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from graph.results import GRAPHS, TABLES, negotiate, write, write_graph
from graph.tables import Caps
from ontology.errors import NotAcceptable
from ontology.namespaces import PREFIXES

EX = "https://example.org/"
JSON, XML, CSV, TSV = list(TABLES)[:4]
DISTINCT_GRAPHS = list(GRAPHS)[:4]
AWKWARD = [
    ox.NamedNode(f"{EX}a?b=1&c='2'"),
    ox.Literal('a "quoted" \\ word, <b>&amp;</b> \t tab\nnew line\r\nreturn'),
    ox.Literal("קֶשֶׁר", language="he"),
    ox.Literal("وصل", language="ar", direction=ox.BaseDirection.RTL),
    ox.Literal("007", datatype=ox.NamedNode(f"{EX}agent&co")),
    ox.Literal(42),
    ox.Literal("1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ox.Literal("2", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ox.Literal("not a number", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ox.Literal(True),
    ox.Literal(""),
    ox.BlankNode("b1"),
    ox.Triple(ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p"), ox.Literal("o", language="en")),
]


def table(*rows: tuple[object, ...]) -> ox.QuerySolutions:
    """Solutions that pyoxigraph itself made, with the variables x and y."""
    store = ox.Store()
    for number, row in enumerate(rows):
        for name, term in zip("xy", row, strict=False):
            if term is not None:
                store.add(ox.Quad(ox.NamedNode(f"{EX}{number:03}"), ox.NamedNode(f"{EX}{name}"), term))
    query = f"""SELECT ?x ?y {{ {{ SELECT DISTINCT ?s {{ ?s ?p ?o }} }}
        OPTIONAL {{ ?s <{EX}x> ?x }} OPTIONAL {{ ?s <{EX}y> ?y }} }} ORDER BY ?s"""
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def without_name(term: object) -> object:
    """Blank nodes are the same node under any name."""
    return "a blank node" if isinstance(term, ox.BlankNode) else term


def graph(size: int) -> ox.QueryTriples:
    store = ox.Store()
    skos = PREFIXES["skos"]
    for number in range(size):
        subject, label = ox.NamedNode(f"{EX}{number}"), ox.Literal(f"תווית {number}", language="he")
        store.add(ox.Quad(subject, ox.NamedNode(f"{skos}prefLabel"), label))
    triples = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(triples, ox.QueryTriples)
    return triples


@pytest.mark.parametrize("accept", [JSON, XML, TSV])
def test_every_term_comes_back_as_it_was(accept):
    rows = [(term, None) for term in AWKWARD] + [(None, AWKWARD[0]), (AWKWARD[1], AWKWARD[2])]
    answer = write(table(*rows), accept, Caps(), {})
    assert answer.media_type == accept
    assert answer.truncated is None
    read = ox.parse_query_results(answer.body, format=TABLES[accept])
    assert isinstance(read, ox.QuerySolutions)
    found = [(row["x"], row["y"]) for row in read]
    assert [tuple(map(without_name, row)) for row in found] == [tuple(map(without_name, row)) for row in rows]


def test_csv_is_plain_values_with_quotes_where_needed():
    rows = [(ox.Literal('say "hi", please'), ox.NamedNode(EX)), (ox.Literal("a\r\nb"), None), (ox.Literal(5), None)]
    body = write(table(*rows), CSV, Caps(), {}).body.decode()
    assert body == f'x,y\r\n"say ""hi"", please",{EX}\r\n"a\r\nb",\r\n5,\r\n'
    assert list(csv.reader(io.StringIO(body, newline=""))) == [
        ["x", "y"],
        ['say "hi", please', EX],
        ["a\r\nb", ""],
        ["5", ""],
    ]


def test_json_keeps_letters_as_letters():
    assert "קֶשֶׁר".encode() in write(table((AWKWARD[2], None)), JSON, Caps(), {}).body


def test_what_xml_cannot_hold_is_replaced_and_the_rest_kept():
    answer = write(table((ox.Literal(" a\x00b\x1f\ufffe\t\r\nc "), None)), XML, Caps(), {})
    literal = ElementTree.fromstring(answer.body).find(".//{*}literal")
    assert literal.text == " a\ufffdb\ufffd\ufffd\t\r\nc "


@pytest.mark.parametrize("accept", [JSON, XML, CSV, TSV])
def test_no_rows_is_a_whole_table(accept):
    answer = write(table(), accept, Caps(), {})
    assert answer.truncated is None
    if accept != CSV:
        assert list(ox.parse_query_results(answer.body, format=TABLES[accept])) == []


@pytest.mark.parametrize("accept", [JSON, XML, CSV, TSV])
@pytest.mark.parametrize(("caps", "cut"), [(Caps(rows=3), "rows"), (Caps(bytes=400), "bytes"), (Caps(rows=0), "rows")])
def test_a_cut_table_is_well_formed_and_says_so(accept, caps, cut):
    rows = [(ox.Literal(f"line {number}\r\n" * 5), ox.Literal(number)) for number in range(20)]
    answer = write(table(*rows), accept, caps, {})
    assert answer.truncated == cut
    if accept == CSV:
        kept = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))[1:]
    else:
        kept = list(ox.parse_query_results(answer.body, format=TABLES[accept]))
    assert len(kept) == 3 if caps.rows == 3 else len(kept) < 10


_PIECES = [*'},{]["\\\r\n\t<>/&:?#', "</result>", '"}},{"', "א"]
HARD = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
CELLS = st.one_of(st.none(), HARD.map(ox.Literal), st.integers(-9, 9).map(ox.Literal), st.just(ox.NamedNode(EX)))


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=12), most=st.integers(0, 13), size=st.integers(300, 900))
def test_a_table_is_cut_after_whole_rows_whatever_is_in_them(rows, most, size):
    rows = [row for row in rows if any(row)]
    for accept in (JSON, XML, TSV):
        answer = write(table(*rows), accept, Caps(most, size), {})
        kept = list(ox.parse_query_results(answer.body, format=TABLES[accept]))
        found = [(row["x"], row["y"]) for row in kept]
        if answer.truncated is None:
            assert len(found) == len(rows) <= most
        else:
            assert len(found) < len(rows)
            assert len(found) == most or answer.truncated == "bytes"
        if accept != XML:  # which writes \r as a reference that this parser leaves as it is
            assert found == rows[: len(found)]


@given(rows=st.lists(st.tuples(HARD.map(ox.Literal), CELLS), max_size=12), most=st.integers(0, 13))
def test_a_csv_table_is_cut_after_whole_rows_whatever_is_in_them(rows, most):
    answer = write(table(*rows), CSV, Caps(most), {})
    kept = list(csv.reader(io.StringIO(answer.body.decode(), newline=""), strict=True))[1:]
    assert [row[0] for row in kept] == [row[0].value for row in rows[:most]]
    assert answer.truncated == ("rows" if len(rows) > most else None)


def test_a_table_of_ten_thousand_rows_is_whole_at_the_cap_and_cut_above_it():
    for accept in (JSON, XML, CSV, TSV):
        for most, truncated in ((10_000, None), (9_999, "rows")):
            values = " ".join(map(str, range(10_000)))
            answer = write(ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"), accept, Caps(most), {})
            assert answer.truncated == truncated
            assert b"9998" in answer.body
            assert (b"9999" in answer.body) == (truncated is None)


def test_only_a_cut_json_table_says_so_in_its_head():
    row = (ox.Literal("a"), None)
    assert json.loads(write(table(row, row), JSON, Caps(rows=1), {}).body)["head"]["truncated"] is True
    assert "truncated" not in json.loads(write(table(row, row), JSON, Caps(rows=2), {}).body)["head"]


@pytest.mark.parametrize("accept", [JSON, XML, CSV, TSV])
@pytest.mark.parametrize("truth", [True, False])
def test_ask_answers_in_every_table_format(accept, truth):
    asked = ox.Store().query("ASK { FILTER(1 = 1) }" if truth else "ASK { ?s ?p ?o }")
    body = write(asked, accept, Caps(), {}).body
    if accept in (CSV, TSV):
        assert body == str(truth).lower().encode()
    else:
        assert bool(ox.parse_query_results(body, format=TABLES[accept])) is truth


@pytest.mark.parametrize("accept", DISTINCT_GRAPHS)
def test_a_graph_comes_back_as_it_was(accept):
    answer = write(graph(30), accept, Caps(), PREFIXES)
    assert (answer.media_type, answer.truncated) == (accept, None)
    assert {quad.triple for quad in ox.parse(answer.body, format=GRAPHS[accept])} == set(graph(30))


@pytest.mark.parametrize("accept", DISTINCT_GRAPHS)
@pytest.mark.parametrize(("caps", "cut"), [(Caps(rows=7), "rows"), (Caps(bytes=1_000), "bytes")])
def test_a_cut_graph_is_well_formed_and_says_so(accept, caps, cut):
    answer = write(graph(30), accept, caps, PREFIXES)
    assert answer.truncated == cut
    kept = {quad.triple for quad in ox.parse(answer.body, format=GRAPHS[accept])}
    assert kept < set(graph(30))
    assert len(kept) == 7 if cut == "rows" else 1 < len(kept) < 15


def test_turtle_declares_the_prefixes_it_uses_and_no_more():
    body, _ = write_graph(graph(1), ox.RdfFormat.TURTLE, Caps(), PREFIXES)
    assert body.decode().startswith(f"@prefix skos: <{PREFIXES['skos']}> .\n<{EX}0> skos:prefLabel")


def test_a_statement_made_twice_is_written_once():
    twice = ox.Store().query(f"CONSTRUCT {{ <{EX}s> <{EX}p> 1 }} WHERE {{ VALUES ?x {{ 1 2 3 }} }}")
    assert write(twice, "application/n-triples", Caps(), {}).body.count(b"\n") == 1


def test_a_format_that_does_not_fit_the_query_names_those_that_do():
    with pytest.raises(NotAcceptable) as refused:
        write(table(), "text/turtle", Caps(), {})
    assert JSON in refused.value.remedy
    with pytest.raises(NotAcceptable) as refused:
        write(graph(1), "text/csv", Caps(), {})
    assert "text/turtle" in refused.value.remedy


OFFERED = ["text/turtle", "application/n-triples", "text/html"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/*", "text/turtle"),
        ("application/*", "application/n-triples"),
        ("APPLICATION/N-Triples", "application/n-triples"),
        ("text/html, text/turtle", "text/turtle"),
        ("text/html;q=0.9, text/turtle;q=0.8", "text/html"),
        ("text/turtle;q=0, */*", "application/n-triples"),
        ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html"),
        ("*/*;q=0.1, application/n-triples ; Q=0.2", "application/n-triples"),
        ("text/turtle;charset=utf-8;q=0.5, text/html;q=0.4", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/turtle;q=0.000", None),
        ("nonsense, text/html", "text/html"),
        ("nonsense", None),
        (",,;;", None),
    ],
)
def test_negotiation_follows_weight_then_specificity_then_our_order(accept, chosen):
    assert negotiate(accept, OFFERED) == chosen


@given(st.text())
def test_no_header_breaks_negotiation(accept):
    assert negotiate(accept, OFFERED) in {*OFFERED, None}
