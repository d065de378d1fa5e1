"""Attempts to make the service call somebody: a canary listens on loopback in every spelling, and hears nothing.

Nothing here names an address outside 127.0.0.0/8 that could be reached: what attackers use (metadata services, private
networks) is spelt so that it leads back here, or does not resolve.
"""

import socket
import socketserver
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.bombs import ring
from tests.separate import Live, Reply, live

PATTERN = "{ ?s ?p ?o }"
#: How an address on loopback may be spelt; `{port}` is the canary's.
SPELLINGS = {
    "plain": "http://127.0.0.1:{port}/x",
    "name": "http://localhost:{port}/x",
    "decimal": "http://2130706433:{port}/x",
    "hexadecimal": "http://0x7f000001:{port}/x",
    "octal": "http://0177.0.0.1:{port}/x",
    "short": "http://127.1:{port}/x",
    "zero": "http://0:{port}/x",
    "another of the block": "http://127.66.66.66:{port}/x",
    "IPv6": "http://[::1]:{port}/x",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:{port}/x",
    "with a user": "http://169.254.169.254@127.0.0.1:{port}/latest/meta-data/",
    "metadata path": "http://127.0.0.1:{port}/computeMetadata/v1/?recursive=true",
    "TLS": "https://127.0.0.1:{port}/x",
    "FTP": "ftp://127.0.0.1:{port}/x",
    "upper case": "HTTP://127.0.0.1:{port}/x",
}
#: Ways to have a query call `{url}` that the gate knows.
FORBIDDEN = {
    "SERVICE": "SELECT * { SERVICE <{url}> PATTERN }",
    "lower case": "SELECT * { service <{url}> PATTERN }",
    "mixed case": "SELECT * { sErViCe <{url}> PATTERN }",
    "SILENT": "SELECT * { SERVICE SILENT <{url}> PATTERN }",
    "no space": "SELECT*{SERVICESILENT<{url}>PATTERN}",
    "comment": "SELECT * { SERVICE # here\n <{url}> PATTERN }",
    "comment with a quote": "SELECT * { SERVICE #'\n<{url}> PATTERN }",
    "tabs and lines": "SELECT * {\tSERVICE\r\n\t<{url}>\n\nPATTERN }",
    "escaped letter": "SELECT * { SERV\\u0049CE <{url}> PATTERN }",
    "escaped word": "SELECT * { \\u0053\\u0045\\u0052\\u0056\\u0049\\u0043\\u0045 <{url}> PATTERN }",
    "long escape": "SELECT * { \\U00000053ERVICE <{url}> PATTERN }",
    "escaped address": "SELECT * { SERVICE <\\u0068ttp{rest}> PATTERN }",
    "prefix": "PREFIX z: <{url}> SELECT * { SERVICE z: PATTERN }",
    "prefix without space": "PREFIX z: <{url}> SELECT * { SERVICEz: PATTERN }",
    "prefix called service": "PREFIX service: <{url}> SELECT * { SERVICE service: PATTERN }",
    "base": "BASE <{url}> SELECT * { SERVICE <> PATTERN }",
    "variable": "SELECT * { VALUES ?where { <{url}> } SERVICE ?where PATTERN }",
    "variable from BIND": "SELECT * { BIND(IRI('{url}') AS ?where) SERVICE ?where PATTERN }",
    "in OPTIONAL": "SELECT * { OPTIONAL { SERVICE <{url}> PATTERN } }",
    "in UNION": "SELECT * { {} UNION { SERVICE <{url}> PATTERN } }",
    "in MINUS": "SELECT * { ?a ?b ?c MINUS { SERVICE <{url}> PATTERN } }",
    "in GRAPH": "SELECT * { GRAPH ?g { SERVICE <{url}> PATTERN } }",
    "in EXISTS": "ASK { FILTER EXISTS { SERVICE <{url}> PATTERN } }",
    "in EXISTS of ORDER BY": "SELECT * { ?a ?b ?c } ORDER BY EXISTS { SERVICE <{url}> PATTERN }",
    "in EXISTS of HAVING": "SELECT ?a { ?a ?b ?c } GROUP BY ?a HAVING (EXISTS { SERVICE <{url}> PATTERN })",
    "in EXISTS of BIND": "SELECT * { BIND(EXISTS { SERVICE <{url}> PATTERN } AS ?x) }",
    "in SELECT": "SELECT * { { SELECT * { SERVICE <{url}> PATTERN } } }",
    "in SERVICE": "SELECT * { SERVICE <urn:kesher:search> { SERVICE <{url}> PATTERN } }",
    "in CONSTRUCT": "CONSTRUCT PATTERN WHERE { SERVICE <{url}> PATTERN }",
    "in DESCRIBE": "DESCRIBE ?s WHERE { SERVICE <{url}> PATTERN }",
    "after a number": "SELECT * { ?s ?p 1SERVICE<{url}>PATTERN }",
    "after a comparison": "SELECT * { ?s ?p ?o FILTER(?s<?p)SERVICE<{url}>PATTERN }",
    "after an escaped quote": "SELECT * { ?s ?p '\\u0027' SERVICE <{url}> PATTERN }",
    "LOAD": "LOAD <{url}>",
    "LOAD SILENT": "LOAD SILENT <{url}> INTO GRAPH <urn:g>",
    "LOAD escaped": "LO\\u0041D <{url}>",
    "LOAD after a query": "ASK {} ; LOAD <{url}>",
    "update with SERVICE": "INSERT PATTERN WHERE { SERVICE <{url}> PATTERN }",
    "update with USING": "DELETE PATTERN USING <{url}> WHERE PATTERN",
}
#: Ways that are allowed, and answered from what the store holds.
HELD = {
    "FROM": "SELECT * FROM <{url}> PATTERN",
    "FROM NAMED": "SELECT * FROM NAMED <{url}> { GRAPH ?g PATTERN }",
    "GRAPH": "SELECT * { GRAPH <{url}> PATTERN }",
    "DESCRIBE": "DESCRIBE <{url}>",
    "function": "SELECT (<{url}>('x') AS ?x) {}",
    "function in FILTER": "ASK { FILTER(<{url}>()) }",
    "aggregate": "SELECT (<{url}>(?s) AS ?x) PATTERN",
    "datatype": "ASK { FILTER('x'^^<{url}> = 'y'^^<{url}>) }",
    "property": "ASK { <{url}> <http://www.w3.org/2002/07/owl#imports> <{url}> }",
}
CALLS = FORBIDDEN | HELD


class _Canary(socketserver.ThreadingTCPServer):
    """Counts connections; answers each as a SPARQL endpoint would, so that a caller would not stop at the first."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], family: int, calls: list[bytes]) -> None:
        self.address_family = family
        self.calls = calls
        super().__init__(address, _Called)


class _Called(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.server.calls.append(self.request.recv(1000))
        self.request.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A port on which IPv4 and IPv6 listen, and what was called."""
    calls: list[bytes] = []
    servers = [_Canary(("0.0.0.0", 0), socket.AF_INET, calls)]  # noqa: S104 - all of 127.0.0.0/8, in a test
    port = servers[0].server_address[1]
    servers.append(_Canary(("::1", port), socket.AF_INET6, calls))
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield port, calls
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("network"), ring(), sparql_timeout_s=5) as it:
        yield it


def written(call: str, url: str) -> str:
    named = call.replace("{url}", url).replace("{rest}", url.partition("http")[2])
    return named.replace("PATTERN", PATTERN)


def settled(service: Live, reply: Reply, calls: list[bytes]) -> str:
    """The code of a refusal, or what was answered; nobody was called, and the service lives."""
    assert calls == []
    assert service.lives
    if reply.status == 200:
        return "answered"
    assert (reply.media_type, reply.status) in {("application/problem+json", it) for it in (400, 415, 422)}, reply
    return reply.json()["type"].rpartition("/")[2]


def test_the_canary_hears_what_calls_it(canary):
    """By every spelling that the system's own resolver follows: else silence would prove nothing."""
    port, calls = canary
    for host in ("127.0.0.1", "127.66.66.66", "::1", "2130706433", "0x7f000001", "127.1"):
        with socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall(host.encode())
            connection.recv(100)
    assert len(calls) == 6
    calls.clear()


@pytest.mark.parametrize("name", CALLS)
def test_a_query_calls_nobody(service, canary, name):
    port, calls = canary
    told = settled(service, service.query(written(CALLS[name], SPELLINGS["plain"].format(port=port))), calls)
    if name not in FORBIDDEN:
        assert told in {"answered", "bad-input", "malformed-query"}
    else:  # a block of search refuses what is no part of it in its own words
        assert told == ("malformed-query" if name == "in SERVICE" else "forbidden-query")


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", ["SERVICE", "FROM", "LOAD", "function"])
def test_no_spelling_of_an_address_is_called(service, canary, name, spelling):
    port, calls = canary
    told = settled(service, service.query(written(CALLS[name], SPELLINGS[spelling].format(port=port))), calls)
    assert (told == "forbidden-query") == (name in FORBIDDEN)


#: Updates that would call `{url}`, and the ways of a Graph Store body to do so: media type, body.
UPDATES = {
    "LOAD": "LOAD <{url}>",
    "LOAD SILENT": "LOAD SILENT <{url}> INTO GRAPH <urn:g>",
    "LOAD escaped": "LO\\u0041D <{url}>",
    "LOAD among others": "INSERT DATA {} ; LOAD <{url}>",
    "SERVICE": "INSERT PATTERN WHERE { SERVICE <{url}> PATTERN }",
    "SERVICE SILENT": "DELETE PATTERN WHERE { SERVICE SILENT <{url}> PATTERN }",
    "SERVICE escaped": "INSERT PATTERN WHERE { SERV\\u0049CE <{url}> PATTERN }",
    "SERVICE by prefix": "PREFIX z: <{url}> INSERT PATTERN WHERE { SERVICEz: PATTERN }",
    "USING": "INSERT PATTERN USING <{url}> WHERE PATTERN",
    "USING NAMED": "INSERT PATTERN USING NAMED <{url}> WHERE { GRAPH ?g PATTERN }",
    "WITH": "WITH <{url}> DELETE PATTERN WHERE PATTERN",
    "COPY": "COPY <{url}> TO <urn:g>",
    "ADD SILENT": "ADD SILENT <{url}> TO <urn:g>",
}
BODIES = {
    "JSON-LD context": ("application/ld+json", '{"@context": "{url}", "@id": "urn:a", "p": 1}'),
    "JSON-LD contexts": ("application/ld+json", '{"@context": [{}, "{url}"], "@id": "urn:a"}'),
    "JSON-LD import": ("application/ld+json", '{"@context": {"@version": 1.1, "@import": "{url}"}, "@id": "urn:a"}'),
    "JSON-LD scoped context": (
        "application/ld+json",
        '{"@context": {"@version": 1.1, "p": {"@id": "urn:p", "@context": "{url}"}}, "@id": "urn:a", "p": {"q": 1}}',
    ),
    "DTD": ("application/rdf+xml", '<!DOCTYPE a SYSTEM "{url}"><rdf:RDF xmlns:rdf="RDF"/>'),
    "entity": (
        "application/rdf+xml",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "{url}">]><rdf:RDF xmlns:rdf="RDF">&b;</rdf:RDF>',
    ),
    "parameter entity": (
        "application/rdf+xml",
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "{url}"> %b;]><rdf:RDF xmlns:rdf="RDF"/>',
    ),
    "XInclude": (
        "application/rdf+xml",
        '<rdf:RDF xmlns:rdf="RDF"><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{url}"/></rdf:RDF>',
    ),
    "style sheet": ("application/rdf+xml", '<?xml-stylesheet href="{url}"?><rdf:RDF xmlns:rdf="RDF"/>'),
    "imports": ("text/turtle", "<urn:o> <http://www.w3.org/2002/07/owl#imports> <{url}> ."),
    "base": ("text/turtle", "@base <{url}> . <a> <b> <c> ."),
    "shape": ("text/turtle", "<urn:o> <http://www.w3.org/ns/shacl#shapesGraph> <{url}> ."),
}


def as_admin(service: Live, method: str, target: str, body: str, media_type: str) -> Reply:
    headers = {"authorization": f"Bearer {service.token}", "content_type": media_type}
    return service.send(method, target, body.encode(), **headers)


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_calls_nobody(service, canary, name):
    port, calls = canary
    text = written(UPDATES[name], SPELLINGS["plain"].format(port=port))
    reply = as_admin(service, "POST", "/sparql/update", text, "application/sparql-update")
    told = "done" if reply.status == 204 else settled(service, reply, calls)
    assert calls == []
    forbidden = name.startswith(("LOAD", "SERVICE"))
    assert told in ({"forbidden-query", "malformed-query"} if forbidden else {"done", "malformed-query", "bad-input"})


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("name", BODIES)
def test_a_document_of_a_graph_calls_nobody(service, canary, name, method):
    port, calls = canary
    media_type, body = BODIES[name]
    url = SPELLINGS["plain"].format(port=port)
    body = body.replace("{url}", url).replace('"RDF"', '"http://www.w3.org/1999/02/22-rdf-syntax-ns#"')
    reply = as_admin(service, method, "/graphs?graph=urn:canary", body, media_type)
    assert calls == []
    assert service.lives
    assert reply.status in {200, 201, 204, 400, 415, 422}, reply


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_a_dataset_of_the_protocol_is_not_fetched(service, canary, parameter, spelling):
    port, calls = canary
    asked = urlencode({"query": "ASK { GRAPH ?g { ?s ?p ?o } }", parameter: SPELLINGS[spelling].format(port=port)})
    reply = service.send("GET", f"/sparql?{asked}")
    assert settled(service, reply, calls) == "answered"
    assert reply.json()["boolean"] is False


@pytest.mark.parametrize("url", ["file:///etc/passwd", "file:///proc/self/environ", "file://localhost/etc/hostname"])
@pytest.mark.parametrize("name", ["SERVICE", "LOAD", "FROM", "FROM NAMED", "GRAPH", "DESCRIBE", "function"])
def test_a_file_of_the_server_is_not_read(service, canary, name, url):
    reply = service.query(written(CALLS[name], url), accept="*/*")
    assert (settled(service, reply, canary[1]) == "forbidden-query") == (name in FORBIDDEN)
    assert b"root:" not in reply.body
    assert b"PATH=" not in reply.body


@pytest.mark.parametrize(
    ("name", "value"),
    [("Host", "127.0.0.1:{port}"), ("X-Forwarded-Host", "127.0.0.1:{port}"), ("Referer", "http://127.0.0.1:{port}/"),
     ("Origin", "http://127.0.0.1:{port}"), ("Forwarded", "for=127.0.0.1;host=127.0.0.1:{port}"),
     ("Link", "<http://127.0.0.1:{port}/c>; rel=\"http://www.w3.org/ns/json-ld#context\""),
     ("Accept", "application/ld+json;profile=\"http://127.0.0.1:{port}/\"")],
)  # fmt: skip
def test_no_header_is_called(service, canary, name, value):
    port, calls = canary
    reply = service.send(
        "GET", "/sparql?" + urlencode({"query": "DESCRIBE <urn:x>"}), **{name: value.format(port=port)}
    )
    assert settled(service, reply, calls) == "answered"
