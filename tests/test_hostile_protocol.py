"""Requests that keep no protocol, at a running service: a clear 4xx or an end, and the next one is answered."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote, urlencode

import pytest

from tests.bombs import onwards, ring
from tests.separate import Live, live
from tests.test_hostile_sparql import ORDINARY, first, refusal

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ASK = "ASK {}"
ASKED = f"query={quote(ASK)}"
MEGABYTE = 1 << 20

#: Requests that the application answers: method, target, content type, body -> status.
WRONG = {
    "no query": ("GET", "/sparql?format=json", "", b"", 400),
    "no value": ("GET", "/sparql?query", "", b"", 400),
    "empty query": ("GET", "/sparql?query=", "", b"", 400),
    "space": ("GET", "/sparql?query=%20", "", b"", 400),
    "two queries": ("GET", f"/sparql?{ASKED}&{ASKED}", "", b"", 400),
    "query in capitals": ("GET", f"/sparql?{ASKED.replace('query', 'QUERY')}", "", b"", 400),
    "an update": ("GET", "/sparql?update=DROP%20ALL", "", b"", 400),
    "query and update": ("GET", f"/sparql?{ASKED}&update=DROP%20ALL", "", b"", 400),
    "update as query": ("GET", "/sparql?query=DROP%20ALL", "", b"", 400),
    "unknown format": ("GET", f"/sparql?{ASKED}&format=docx", "", b"", 422),
    "format of a graph for a table": ("GET", f"/sparql?{ASKED}&format=turtle", "", b"", 406),
    "graph that is no IRI": ("GET", f"/sparql?{ASKED}&default-graph-uri=%20%3C%3E", "", b"", 400),
    "graph that is empty": ("GET", f"/sparql?{ASKED}&named-graph-uri=", "", b"", 400),
    "zero byte": ("GET", "/sparql?query=ASK%20%7B%00%7D", "", b"", 400),
    "percent and nothing": ("GET", "/sparql?query=ASK%20%7B%7D%", "", b"", 400),
    "percent and no digits": ("GET", "/sparql?query=%zz", "", b"", 400),
    "not UTF-8": ("GET", "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20'%ff'%20%7D", "", b"", 400),
    "a surrogate": ("GET", "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20'%ed%a0%80'%20%7D", "", b"", 400),
    "overlong UTF-8": ("GET", "/sparql?query=ASK%20%7B%7D%c0%af", "", b"", 400),
    "UTF-16": ("GET", "/sparql?query=" + quote(ASK.encode("utf-16")), "", b"", 400),
    "PUT": ("PUT", "/sparql", DIRECT, b"ASK {}", 405),
    "DELETE": ("DELETE", f"/sparql?{ASKED}", "", b"", 405),
    "PATCH": ("PATCH", f"/sparql?{ASKED}", "", b"", 405),
    "TRACE": ("TRACE", "/sparql", "", b"", 405),
    "no content type": ("POST", "/sparql", "", b"ASK {}", 415),
    "plain text": ("POST", "/sparql", "text/plain", b"ASK {}", 415),
    "JSON": ("POST", "/sparql", "application/json", b'{"query": "ASK {}"}', 415),
    "a form with files": ("POST", "/sparql", "multipart/form-data; boundary=x", b"--x--", 415),
    "update type": ("POST", "/sparql", "application/sparql-update", b"DROP ALL", 415),
    "two types": ("POST", "/sparql", f"{DIRECT}, {FORM}", b"ASK {}", 415),
    "type of nonsense": ("POST", "/sparql", ";;;/,", b"ASK {}", 415),
    "body of nothing": ("POST", "/sparql", DIRECT, b"", 400),
    "form of nothing": ("POST", "/sparql", FORM, b"", 400),
    "form without query": ("POST", "/sparql", FORM, b"q=ASK+%7B%7D", 400),
    "form of two queries": ("POST", "/sparql", FORM, f"{ASKED}&{ASKED}".encode(), 400),
    "form of query and update": ("POST", "/sparql", FORM, f"{ASKED}&update=DROP+ALL".encode(), 400),
    "form of an update": ("POST", "/sparql", FORM, b"update=DROP+ALL", 400),
    "query in the address of a form": ("POST", f"/sparql?{ASKED}", FORM, b"format=json", 400),
    "form that is no UTF-8": ("POST", "/sparql", FORM, b"query=%ff%fe", 400),
    "form of bytes that are no UTF-8": ("POST", "/sparql", FORM, b"query=\xff\xfe", 400),
    "direct that is no UTF-8": ("POST", "/sparql", DIRECT, b"ASK { ?s ?p '\xff' }", 400),
    "direct in UTF-16": ("POST", "/sparql", f"{DIRECT}; charset=utf-16", "ASK {}".encode("utf-16"), 400),
    "direct in Latin-1": (
        "POST",
        "/sparql",
        f"{DIRECT}; charset=iso-8859-1",
        "ASK { ?s ?p 'é' }".encode("latin-1"),
        400,
    ),
    "form given as a query": ("POST", "/sparql", DIRECT, ASKED.encode(), 400),
    "query given as a form": ("POST", "/sparql", FORM, b"ASK {}", 400),
    "zero bytes": ("POST", "/sparql", DIRECT, b"\0" * 100, 400),
    "random bytes": ("POST", "/sparql", DIRECT, bytes(range(256)) * 4, 400),
    "compressed": ("POST", "/sparql", DIRECT, bytes.fromhex("1f8b08000000000000ff73f4f6500a0082a5e8e106000000"), 400),
    "a long query": ("POST", "/sparql", DIRECT, b"ASK {}" + b" " * 70_000, 400),
    "a long form": ("POST", "/sparql", FORM, b"query=ASK+%7B%7D&" + b"a=1&" * MEGABYTE, 400),
    "percent signs": ("POST", "/sparql", FORM, b"%" * (20 * MEGABYTE), 400),
    "a body over the cap": ("POST", "/sparql", DIRECT, b" " * (26 * MEGABYTE), 413),
    "a path below": ("GET", "/sparql/../../etc/passwd", "", b"", 404),
    "a path below, escaped": ("GET", "/sparql/%2e%2e/%2e%2e/etc/passwd", "", b"", 404),
}
#: Headers that must change nothing: the query is answered, or the media type refused.
HEADERS = {
    "Accept of nonsense": ("Accept", ";;;q=,,/", {200, 406}),
    "Accept of bad weights": ("Accept", "text/csv;q=nan, text/xml;q=-1, application/json;q=1e9", {200, 406}),
    "Accept of nothing": ("Accept", "", {200}),
    "Accept that excludes all": ("Accept", "*/*;q=0", {406}),
    "Accept of many": ("Accept", ",".join(f"a/b{it}" for it in range(3_000)), {200, 406, 431, 400}),
    "Accept of a long range": ("Accept", "a" * 30_000 + "/*", {200, 406, 431, 400}),
    "Accept of many spaces": ("Accept", "text/csv" + " " * 30_000 + ";q=1", {200, 406, 431, 400}),
    "Accept in another script": ("Accept", "טקסט/csv".encode().decode("latin-1"), {200, 406}),
    "encoding of nonsense": ("Accept-Encoding", "gzip;q=x, ,;, br;q=2", {200, 406}),
    "encoding refused": ("Accept-Encoding", "identity;q=0, *;q=0", {200, 406}),
    "language of nonsense": ("Accept-Language", "-,;q=", {200}),
    "range": ("Range", "bytes=0-1,2-3", {200, 206, 416}),
    "condition of nonsense": ("If-None-Match", '"', {200, 304}),
    "authority of nonsense": ("Authorization", "Bearer \x7f\xff", {200, 400, 401}),
    "authority of nobody": ("Authorization", "Basic Og==", {200, 401}),
    "origin of nonsense": ("Origin", "null\t", {200}),
    "Content-Encoding": ("Content-Encoding", "gzip", {200, 415}),
    "expectation": ("Expect", "200-maybe", {200, 417}),
    "request id of nonsense": ("X-Request-ID", "../../\x1b[31m", {200, 400}),
    "forwarded for of nonsense": ("X-Forwarded-For", "999.1.1.1, ::::", {200}),
    "cookie": ("Cookie", "=;=;;", {200}),
    "upgrade": ("Upgrade", "websocket", {200, 400, 426}),
}
CLOSE = "Host: x\r\nConnection: close\r\n"
GET = f"GET /sparql?{ASKED} HTTP/1.1\r\n{CLOSE}"
POST = f"POST /sparql HTTP/1.1\r\n{CLOSE}Content-Type: {DIRECT}\r\n"


#: Bytes on the wire: what may come back first; "" is a connection that is closed without a word.
def head(start: str, header: str, body: str = "") -> bytes:
    return f"{start}{header}\r\n\r\n{body}".encode()


def to(target: bytes, method: bytes = b"GET") -> bytes:
    return method + b" " + target + b" HTTP/1.1\r\n" + CLOSE.encode() + b"\r\n"


WIRE = {
    "nothing": (b"", {""}),
    "a method that is none": (to(f"/sparql?{ASKED}".encode(), b"SPARQL"), {"", "400", "405"}),
    "an empty line": (b"\r\n", {"", "400"}),
    "not HTTP": (b"SELECT * { ?s ?p ?o }\r\n\r\n", {"", "400"}),
    "TLS": (bytes.fromhex("1603010200010001fc0303") + bytes(200), {"", "400"}),
    "no version": (f"GET /sparql?{ASKED}\r\n\r\n".encode(), {"", "200", "400"}),
    "HTTP/1.0": (f"GET /sparql?{ASKED} HTTP/1.0\r\n\r\n".encode(), {"200"}),
    "HTTP/0.9 of sorts": (f"GET /sparql?{ASKED} HTTP/0.9\r\n\r\n".encode(), {"", "200", "400", "505"}),
    "HTTP/2 out of the blue": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"", "400", "404", "405", "505"}),
    "HTTP/9.9": (f"GET /sparql?{ASKED} HTTP/9.9\r\nHost: x\r\n\r\n".encode(), {"", "200", "400", "505"}),
    "lines of LF": (f"GET /sparql?{ASKED} HTTP/1.1\nHost: x\nConnection: close\n\n".encode(), {"", "200", "400"}),
    "a zero byte in the target": (to(b"/sparql?query=ASK\0{}"), {"", "400"}),
    "raw UTF-8 in the target": (to("/sparql?query=ASK{?s?p'א'}".encode()),
                                {"", "200", "400"}),
    "raw bytes in the target": (to(b"/sparql?query=\xff\xfe"), {"", "400"}),
    "a space in the target": (to(b"/sparql?query=ASK {}"), {"", "400"}),
    "an address as target": (to(f"http://127.0.0.1:1/sparql?{ASKED}".encode()),
                             {"", "200", "400", "404"}),
    "CONNECT": (to(b"127.0.0.1:1", b"CONNECT"), {"", "400", "404", "405"}),
    "a header without a colon": (head(GET, "nonsense"), {"", "400"}),
    "a header without a name": (head(GET, ": x"), {"", "400"}),
    "a folded header": (head(GET, "X-A: 1\r\n 2"), {"", "200", "400"}),
    "a zero byte in a header": (head(GET, "X-A: \0"), {"", "200", "400"}),
    "two hosts": (head(GET, "Host: y"), {"", "200", "400"}),
    "two lengths": (head(POST, "Content-Length: 6\r\nContent-Length: 7", "ASK {}"), {"", "400"}),
    "a length below zero": (head(POST, "Content-Length: -1", "ASK {}"), {"", "400"}),
    "a length of letters": (head(POST, "Content-Length: six", "ASK {}"), {"", "400"}),
    "a length beyond counting": (head(POST, f"Content-Length: {'9' * 40}", "ASK {}"), {"", "400", "413"}),
    "a length too long": (head(POST, "Content-Length: 600", "ASK {}"), {"", "400"}),
    "a length too short": (head(POST, "Content-Length: 3", "ASK {}"), {"400"}),
    "length and chunks": (head(POST, "Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), {"", "400"}),
    "chunks": (head(POST, "Transfer-Encoding: chunked", "3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"), {"200"}),
    "chunks of no number": (head(POST, "Transfer-Encoding: chunked", "zz\r\nASK {}\r\n0\r\n\r\n"), {"", "400"}),
    "chunks below zero": (head(POST, "Transfer-Encoding: chunked", "-6\r\nASK {}\r\n0\r\n\r\n"), {"", "400"}),
    "chunks beyond counting": (head(POST, "Transfer-Encoding: chunked", f"{'f' * 40}\r\nASK {{}}"), {"", "400"}),
    "chunks that stop": (head(POST, "Transfer-Encoding: chunked", "6\r\nASK"), {"", "400"}),
    "an unknown transfer": (head(POST, "Transfer-Encoding: rot13", "ASK {}"), {"", "400", "501"}),
    "many chunks over the cap": (head(POST, "Transfer-Encoding: chunked", "")
                                 + b"100000\r\n" + (b" " * MEGABYTE + b"\r\n100000\r\n") * 26, {"", "400", "413"}),
    "a target of a megabyte": (to(b"/sparql?query=" + b"a" * MEGABYTE),
                               {"", "400", "414"}),
    "a header of a megabyte": (head(GET, f"X-A: {'a' * MEGABYTE}"), {"", "200", "400", "431"}),
    "ten thousand headers": (head(GET, "\r\n".join(f"X-{it}: a" for it in range(10_000))), {"200", "400", "431"}),
    "a pipeline": (f"GET /sparql?{ASKED} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 5 + (GET + "\r\n").encode(), {"200"}),
    "a pipeline after a fault": ((GET.replace("ASK", "ASQ") + "\r\n" + GET + "\r\n").encode(), {"400"}),
    "a hidden second request": (head(POST, "Content-Length: 6", "ASK {}GET /metrics HTTP/1.1\r\n\r\n"), {"200"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("protocol"), ring(), sparql_timeout_s=5) as it:
        yield it


def is_well(service: Live) -> bool:
    return service.lives and first(service.query(ORDINARY)) == onwards(1)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_gets_a_problem_that_says_so(service, name):
    method, target, media_type, body, status = WRONG[name]
    reply = service.send(method, target, body, **({"content_type": media_type} if media_type else {}))
    assert reply.status == status, reply
    refusal(reply)
    assert is_well(service)


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_of_nonsense_does_no_harm(service, name):
    header, value, statuses = HEADERS[name]
    reply = service.send("GET", f"/sparql?{ASKED}", **{header: value})
    assert reply.status in statuses, reply
    assert is_well(service)


@pytest.mark.parametrize("name", WIRE)
def test_bytes_that_are_no_request_are_refused_or_cut_off(service, name):
    sent, statuses = WIRE[name]
    with suppress(ConnectionError):  # cut off while we were still sending
        answer = service.raw(sent, patience=0.2 if "" in statuses else 20)
        assert (answer[9:12].decode() if answer.startswith(b"HTTP/1.") else answer.decode()) in statuses, answer
        assert b"Traceback" not in answer
    assert is_well(service)


def test_a_pipeline_is_answered_in_order(service):
    asked = [urlencode({"query": f"SELECT ({it} AS ?n) {{}}", "format": "csv"}) for it in range(5)]
    lines = [f"GET /sparql?{it} HTTP/1.1\r\nHost: x\r\n" for it in asked]
    answer = service.raw(("\r\n".join(lines[:-1]) + "\r\n" + lines[-1] + "Connection: close\r\n\r\n").encode(), 20)
    assert answer.count(b"HTTP/1.1 200") == 5
    places = [answer.index(f"n\r\n{it}\r\n".encode()) for it in range(5)]
    assert places == sorted(places)


def test_many_slow_clients_keep_nobody_waiting(service):
    """A hundred that send a byte now and then, some in the head and some in the body, beside one that asks."""
    heads = [GET[:20].encode(), (POST + "Content-Length: 100\r\n\r\nA").encode()]
    slow = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(100)]
    for number, connection in enumerate(slow):
        connection.sendall(heads[number % 2])
    for _ in range(3):
        time.sleep(0.1)
        for connection in slow:
            connection.sendall(b"a")
        assert is_well(service)
    for connection in slow:
        connection.close()
    assert is_well(service)


def test_clients_that_leave_before_their_answer_keep_no_worker(service):
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", service.port)) as connection:
            connection.sendall((GET + "\r\n").encode())
    assert is_well(service)


def test_a_client_that_does_not_read_its_answer_keeps_nobody_waiting(service):
    asked = urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000"})
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET /sparql?{asked} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        assert is_well(service)
    assert is_well(service)
