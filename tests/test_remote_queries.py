"""Queries at an endpoint that hangs, lies or breaks off: a clear error in bounded time, never half an answer."""

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import httpx
import pytest

from graph.query import QueryRequest
from graph.remote.dialect import Dialect
from graph.remote.endpoint import Endpoint
from graph.remote.queries import RemoteLimits, RemoteQueries
from graph.tables import Caps
from graph.waiting import HungUp
from ontology.errors import (
    BadInput,
    KesherError,
    MalformedQuery,
    NotAcceptable,
    NoWorker,
    QueryTimeout,
    RemoteStoreFailed,
    ResultTooLarge,
)
from tests.endpoints import Asked, fake, free_port, oxigraph

ROW = '{"s":{"type":"uri","value":"http://e.org/%d"}}'
PLAIN = QueryRequest("SELECT ?s FROM <http://e.org/g> { ?s ?p ?o }", "application/sparql-results+json")
JSON = "application/sparql-results+json"


def table(rows: int) -> bytes:
    return f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{",".join(ROW % n for n in range(rows))}]}}}}'.encode()


@contextmanager
def door(url: str, seconds: float = 5.0, caps: Caps | None = None, **limits: object) -> Iterator[RemoteQueries]:
    endpoint = Endpoint(url)
    queries = RemoteQueries(endpoint, Dialect(endpoint), RemoteLimits(seconds, caps or Caps(), **limits))
    try:
        yield queries
    finally:
        queries.close()


def outcome(answer: Callable[[Asked], None], request: QueryRequest = PLAIN, **limits: object) -> KesherError:
    with fake(answer) as server, door(server.url, **limits) as queries, pytest.raises(KesherError) as raised:
        queries.run(request)
    return raised.value


def answered(answer: Callable[[Asked], None], request: QueryRequest = PLAIN, **limits: object):
    with fake(answer) as server, door(server.url, **limits) as queries:
        return queries.run(request)


def code_of(queries: RemoteQueries) -> str:
    try:
        queries.run(PLAIN)
    except KesherError as error:
        return error.code
    return "answered"


def test_a_whole_answer_is_written_anew():
    answer = answered(lambda it: it.say(b" \n" + table(3) + b"\n"))
    assert (answer.media_type, answer.truncated) == (JSON, None)
    assert len(json.loads(answer.body)["results"]["bindings"]) == 3
    csv = answered(lambda it: it.say(table(2)), QueryRequest(PLAIN.text, "text/csv"))
    assert csv.body == b"s\r\nhttp://e.org/0\r\nhttp://e.org/1\r\n"


# --- answers that do not end as they should ---


def breaks_off(it: Asked) -> None:
    it.begin()
    it.chunk(table(5)[:-40])
    it.close_connection = True


def says_less_than_it_promised(it: Asked) -> None:
    it.send_response(200)
    it.send_header("Content-Type", JSON)
    it.send_header("Content-Length", "5000")
    it.end_headers()
    it.wfile.write(table(5))
    it.close_connection = True


NOT_WHOLE = {
    "cut JSON": table(5)[:-20],
    "JSON cut between two rows": table(5).rpartition(b",")[0],
    "a sentence after the end": table(5) + b"\nVirtuoso S1TAT Error: something",
    "a second answer after the first": table(5) + table(1),
    "nothing": b"",
    "a page": b"<html><body>Sorry</body></html>",
    "an array": b"[]",
    "no UTF-8": table(1).replace(b"e.org", b"\xff\xfe"),
    "no IRI": table(1).replace(b"http://e.org/0", b"no iri"),
    "a truth value and more": b'{"head":{},"boolean":true} but not really',
    "a bomb of quoted triples": (
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":'
        + b'{"type":"triple","value":{"predicate":{"type":"uri","value":"a:b"},"object":' * 50_000
    ),
    "the same bomb, escaped": (
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":'
        + b'{"type":"triple","valu\\u0065":{"predicate":{"type":"uri","value":"a:b"},"object":' * 50_000
    ),
}


@pytest.mark.parametrize("body", NOT_WHOLE.values(), ids=NOT_WHOLE)
def test_what_is_not_whole_is_an_error_even_on_200(body):
    assert isinstance(outcome(lambda it: it.say(body)), RemoteStoreFailed)


@pytest.mark.parametrize("answer", [breaks_off, says_less_than_it_promised])
def test_a_connection_that_breaks_is_an_error(answer):
    assert "broke off" in outcome(answer).message


def test_an_answer_that_the_store_stopped_is_out_of_time():
    body = table(5)[:-20] + b"The SPARQL operation has been cancelled"
    assert isinstance(outcome(lambda it: it.say(body)), QueryTimeout)
    assert isinstance(outcome(lambda it: it.say(table(5), X_SQL_State="S1TAT")), QueryTimeout)
    assert isinstance(outcome(lambda it: it.say(b"Query timed out", "text/plain", 503)), QueryTimeout)


def test_rows_that_the_store_leaves_out_are_announced():
    assert answered(lambda it: it.say(table(5), X_SPARQL_MaxRows="5")).truncated == "rows"


@pytest.mark.parametrize("media_type", ["text/html", "text/plain", "application/json", "text/turtle", ""])
def test_another_kind_of_content_is_no_answer(media_type):
    error = outcome(lambda it: it.say(b"<h1>Welcome</h1>", media_type))
    assert isinstance(error, RemoteStoreFailed)
    assert "Welcome" in error.message
    assert "<h1>" not in error.message


# --- time ---


def hangs(it: Asked) -> None:
    it.wait()


def drips_headers(it: Asked) -> None:
    it.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not it.server.over.wait(0.05):
        it.wfile.write(b"x")


def drips_rows(it: Asked) -> None:
    it.begin()
    it.chunk(table(1)[:-3])
    while not it.server.over.wait(0.05):
        it.chunk(b" ")


def stops_in_the_middle(it: Asked) -> None:
    it.begin()
    it.chunk(table(5)[:-40])
    it.wait()


@pytest.mark.parametrize("answer", [hangs, drips_headers, drips_rows, stops_in_the_middle])
def test_a_store_that_takes_its_time_is_left_at_the_deadline(answer):
    begun = time.monotonic()
    assert isinstance(outcome(answer, seconds=-0.6), QueryTimeout)  # 0.4 s, with the second that is added
    assert time.monotonic() - begun < 20


def test_one_that_waits_too_long_for_its_turn_is_told_so():
    seen: list[str] = []
    with fake(hangs) as server, door(server.url, 0.1, together=1, patience=0.1) as queries:
        first = threading.Thread(target=lambda: seen.append(code_of(queries)))
        first.start()
        while not server.seen:
            time.sleep(0.01)
        with pytest.raises(NoWorker):
            queries.run(PLAIN)
        first.join()
    assert seen == ["query-timeout"]


# --- size ---


def endless(it: Asked) -> None:
    it.begin()
    it.chunk(table(1)[:-3])
    while True:
        it.chunk(b"".join(b"," + (ROW % n).encode() for n in range(500)))


def test_an_endless_answer_is_cut_and_said_to_be():
    few = answered(endless, caps=Caps(rows=100, bytes=100_000))
    assert (few.truncated, len(json.loads(few.body)["results"]["bindings"])) == ("rows", 100)
    many = answered(endless, QueryRequest(PLAIN.text, "text/csv"), caps=Caps(rows=10**6, bytes=20_000))
    assert many.truncated == "bytes"
    assert 500 < len(many.body.splitlines()) < 4_000


def test_one_endless_row_is_too_large():
    def answer(it: Asked) -> None:
        it.begin()
        it.chunk(b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"')
        while True:
            it.chunk(b"x" * 65_536)

    assert isinstance(outcome(answer, caps=Caps(rows=10, bytes=50_000)), ResultTooLarge)


def test_an_endless_graph_is_cut_and_said_to_be():
    def answer(it: Asked) -> None:
        it.begin("application/ld+json")
        it.chunk(b'[{"@id":"a:b"}')
        for number in range(10**9):
            it.chunk(b',{"@id":"http://e.org/%d","http://e.org/p":[{"@value":"x"}]}' % number)

    request = QueryRequest("CONSTRUCT { ?s ?p ?o } FROM <a:b> { ?s ?p ?o }", "application/n-triples")
    cut = answered(answer, request, caps=Caps(rows=50, bytes=100_000))
    assert (cut.truncated, len(cut.body.splitlines())) == ("rows", 50)
    cut = answered(answer, request, caps=Caps(rows=10**6, bytes=20_000))
    assert cut.truncated == "bytes"


def test_what_is_compressed_was_not_asked_for():
    bomb = gzip.compress(b"0" * 50_000_000)
    error = outcome(lambda it: it.say(bomb, Content_Encoding="gzip"))
    assert isinstance(error, RemoteStoreFailed)
    assert "gzip" in error.message


# --- graphs ---

GRAPHS = {
    "application/ld+json": b'[{"@id":"http://e.org/a","http://e.org/p":[{"@value":"x","@language":"he"}]}]',
    "application/rdf+xml": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
        b'<rdf:Description rdf:about="http://e.org/a"><e:p xml:lang="he">x</e:p></rdf:Description></rdf:RDF>'
    ),
}
BOMB = (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
)
BAD_GRAPHS = {
    "JSON-LD cut": ("application/ld+json", GRAPHS["application/ld+json"][:-1]),
    "RDF/XML cut": ("application/rdf+xml", GRAPHS["application/rdf+xml"][:-10]),
    "entities": ("application/rdf+xml", BOMB),
    "deep XML": ("application/rdf+xml", b"<a>" * 100_000),
    "deep JSON": ("application/ld+json", b'[{"@id":"a:b","a:c":' * 20_000),
    "a context elsewhere": ("application/ld+json", b'{"@context":"http://127.0.0.1:9/","@id":"a:b","a:c":1}'),
}
CONSTRUCT = QueryRequest("CONSTRUCT { ?s ?p ?o } FROM <a:b> { ?s ?p ?o }", "application/n-triples")


@pytest.mark.parametrize("media_type", GRAPHS)
def test_a_graph_is_taken_in_either_format(media_type):
    answer = answered(lambda it: it.say(GRAPHS[media_type], media_type), CONSTRUCT)
    assert answer.body == b'<http://e.org/a> <http://e.org/p> "x"@he .\n'


@pytest.mark.parametrize(("media_type", "body"), BAD_GRAPHS.values(), ids=BAD_GRAPHS)
def test_a_graph_that_is_not_whole_or_not_harmless_is_an_error(media_type, body):
    assert isinstance(outcome(lambda it: it.say(body, media_type), CONSTRUCT), RemoteStoreFailed)


def test_a_form_that_the_asker_does_not_take_is_not_sent():
    wrong = QueryRequest(PLAIN.text, "text/turtle")
    assert isinstance(outcome(lambda it: it.say(table(1)), wrong), NotAcceptable)
    wrong = QueryRequest(CONSTRUCT.text, "text/csv")
    assert isinstance(
        outcome(lambda it: it.say(GRAPHS["application/ld+json"], "application/ld+json"), wrong), NotAcceptable
    )


# --- refusals ---


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b"error at 3:26: expected one of LATERAL", MalformedQuery),
        (400, b'Encountered " at line 3, column 26.', MalformedQuery),
        (400, b"You may not", BadInput),
        (401, b"", RemoteStoreFailed),
        (403, b"", RemoteStoreFailed),
        (404, b"not here", RemoteStoreFailed),
        (406, b"", RemoteStoreFailed),
        (500, b"oops", RemoteStoreFailed),
        (504, b"", QueryTimeout),
        (302, b"", RemoteStoreFailed),
        (204, b"", RemoteStoreFailed),
    ],
)
def test_each_refusal_has_its_error(status, body, expected):
    error = outcome(lambda it: it.say(body, "text/plain", status))
    assert type(error) is expected
    if isinstance(error, MalformedQuery):
        assert (error.line, error.column) == (2, 26)  # a line of prefixes stands before the query
        assert "line 2, column 26" in error.message


def test_a_redirect_is_never_followed():
    with fake(lambda it: it.say(table(1))) as other:
        error = outcome(lambda it: it.say(b"", "text/plain", 307, Location=other.url))
        assert "never followed" in error.message
        assert other.seen == []


def test_a_store_that_is_not_there_is_said_so_and_not_tried_again_at_once():
    with door(f"http://127.0.0.1:{free_port()}/query") as queries:
        with pytest.raises(RemoteStoreFailed, match="cannot be reached") as first:
            queries.run(PLAIN)
        with pytest.raises(RemoteStoreFailed) as second:
            queries.run(PLAIN)
    assert second.value.message == first.value.message


# --- what is sent ---


def test_a_query_goes_out_unchanged_after_the_prefixes_that_need_no_declaration():
    with fake(lambda it: it.say(table(1))) as server, door(server.url.replace("//", "//dana:s%3Acret@")) as queries:
        text = "SELECT ?s\nFROM <a:b> { ?s a ks:Role } # שלום &+%"
        queries.run(QueryRequest(text, JSON))
        asked = server.seen[0]
    sent = dict(parse_qsl(asked.body.decode()))
    header, _, rest = sent["query"].partition("\n")
    assert rest == text
    assert header == "PREFIX ks: <https://w3id.org/kesher/schema#>"
    assert asked.headers["Authorization"] == "Basic ZGFuYTpzOmNyZXQ="
    assert asked.headers["Accept-Encoding"] == "identity"


def test_a_store_that_takes_no_post_is_asked_by_get():
    def answer(it: Asked) -> None:
        if it.command == "POST":
            it.say(b"", "text/plain", 405)
        else:
            it.say(table(2))

    with fake(answer) as server, door(server.url) as queries:
        for _ in range(2):
            assert queries.run(PLAIN).truncated is None
        assert [it.command for it in server.seen] == ["POST", "GET", "GET"]


# --- the door for an event loop ---


def test_who_hangs_up_waits_no_longer_and_the_turn_comes_back():
    async def gone() -> None:
        await asyncio.sleep(0.1)

    async def ask(queries: RemoteQueries) -> None:
        await queries.stream(PLAIN, gone)

    with fake(hangs) as server, door(server.url, 0.0, together=1) as queries:
        begun = time.monotonic()
        with pytest.raises(HungUp):
            asyncio.run(ask(queries))
        assert time.monotonic() - begun < 10
        with pytest.raises(QueryTimeout):  # its turn is the one that the first had
            queries.run(PLAIN)


def test_an_event_loop_gets_the_same_answer_and_waits_its_turn():
    async def never() -> None:
        await asyncio.sleep(60)

    async def ask(queries: RemoteQueries) -> bytes:
        with await queries.stream(PLAIN, never) as stream:
            assert stream.length == len(stream.answer.body)
            assert list(stream.parts()) == []
            return stream.answer.body

    async def several(queries: RemoteQueries) -> list[bytes]:
        return await asyncio.gather(*(ask(queries) for _ in range(8)))

    with fake(lambda it: it.say(table(3))) as server, door(server.url, together=2) as queries:
        expected = queries.run(PLAIN).body
        assert asyncio.run(several(queries)) == [expected] * 8


def test_the_gate_stands_before_this_door_too():
    with fake(lambda it: it.say(table(1))) as server, door(server.url) as queries:
        for text in ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SELECT * {" + "{" * 3_000):
            with pytest.raises(BadInput):
                queries.run(QueryRequest(text))
        assert server.seen == []


def test_the_time_limit_of_oxigraph_is_told_as_one(tmp_path):
    with oxigraph(tmp_path / "store", "--timeout-s", "1") as server, httpx.Client(timeout=30) as client:
        data = " ".join(f"<x:{number}> <x:p> <x:{number + 1}> ." for number in range(1_000))
        update = {"content": f"INSERT DATA {{ GRAPH <x:g> {{ {data} }} }}"}
        client.post(server.update_url, **update, headers={"Content-Type": "application/sparql-update"})
        with door(server.query_url, 20.0) as queries, pytest.raises(QueryTimeout, match="its own time limit"):
            queries.run(QueryRequest("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
