"""Requests and responses that the manifests of the protocols describe: as data, or in the older one as prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bench.conformance.manifest import Manifest, Node, Source

_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_HTS = "http://www.w3.org/2011/http-statusCodes#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
_CODES = {"OK": range(200, 201), "Created": range(201, 202), "NoContent": range(204, 205), "NotFound": range(404, 405)}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a response must be.

    Attributes:
        statuses: Any of them.
        boolean: The answer of an ASK, if it counts.
        format: boolean, tabular or RDF; empty if it does not count.
        media_type: Of the body; empty if it does not count.
        graph: The body as a graph in that type; empty if it does not count.
        location: What later requests call the Location of this response; empty: none is needed.
    """

    statuses: tuple[range, ...]
    boolean: bool | None = None
    format: str = ""
    media_type: str = ""
    graph: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response. `path` begins with /sparql/ or /gsp, which stand for what is tested."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expected: Expected


@dataclass(frozen=True, slots=True)
class Conversation:
    """One test: requests in order, over what is there before.

    Attributes:
        alone: It begins with an empty store; otherwise with what the tests before it left.
    """

    name: str
    exchanges: tuple[Exchange, ...]
    data: tuple[Source, ...] = ()
    alone: bool = True


def conversations(root: Path, file: str) -> list[Conversation]:
    """The tests of a manifest that describes its requests as data (`ht:Request`)."""
    manifest = Manifest(root, root / file)
    return [_conversation(manifest, name, entry) for name, entry in manifest.entries()]


def _conversation(manifest: Manifest, name: str, entry: Node) -> Conversation:
    requests = manifest.value(manifest.value(entry, f"{_MF}action"), f"{_HT}requests")
    exchanges = tuple(_exchange(manifest, it) for it in manifest.items(requests))
    return Conversation(name, exchanges, tuple(manifest.named(entry, _UT)))


def _exchange(manifest: Manifest, request: Node) -> Exchange:
    method, path = (manifest.value(request, f"{_HT}{it}").value for it in ("methodName", "absolutePath"))
    body = manifest.value(request, f"{_HT}body")
    response = manifest.value(request, f"{_HT}resp")
    return Exchange(method, path, _headers(manifest, request), _body(manifest, body), _expected(manifest, response))


def _headers(manifest: Manifest, message: Node) -> tuple[tuple[str, str], ...]:
    head = manifest.value(message, f"{_HT}headers")
    found = manifest.items(head) if head else ()
    parts = [[manifest.value(it, f"{_HT}{part}").value for part in ("fieldName", "fieldValue")] for it in found]
    return tuple((name, value) for name, value in parts)


def _body(manifest: Manifest, body: Node | None) -> bytes:
    if body is None:
        return b""
    return manifest.value(body, f"{_CNT}chars").value.encode(manifest.value(body, f"{_CNT}characterEncoding").value)


def _expected(manifest: Manifest, response: Node) -> Expected:
    def text(predicate: str) -> str:
        term = manifest.value(response, f"{_MF}{predicate}")
        return term.value if term else ""

    names = [it.value.removeprefix(_HTS) for it in manifest.values(response, f"{_MF}expectedStatus")]
    boolean = text("expectedBoolean")
    return Expected(
        tuple(_codes(it) for it in names),
        None if not boolean else boolean == "true",
        text("expectedFormat"),
        dict(_headers(manifest, response)).get("content-type", ""),
        _body(manifest, manifest.value(response, f"{_HT}body")).decode(),
        text("expectedLocation"),
    )


def _codes(name: str) -> range:
    """Statuses of a name such as `Created` or `StatusCode4xx`."""
    if found := re.fullmatch(r"StatusCode(\d)xx", name):
        return range(int(found[1]) * 100, int(found[1]) * 100 + 100)
    return _CODES[name]


# --- the older tests of the Graph Store Protocol, which tell each request and response in Markdown ---


def told(root: Path, file: str) -> list[Conversation]:
    """The tests of the manifest that tells them in prose: one request each, in one series over one store."""
    manifest = Manifest(root, root / file)
    return [
        Conversation(name, (_told(_prose(manifest, entry)),), alone=place == 0)
        for place, (name, entry) in enumerate(manifest.entries())
    ]


def _prose(manifest: Manifest, entry: Node) -> str:
    return next(it.value for it in manifest.values(entry, _COMMENT) if "#### Request" in it.value)


def _told(prose: str) -> Exchange:
    """`$GRAPHSTORE$` and `$NEWPATH$` are named as in the manifests that replaced this one."""
    asked, answered = (re.sub(r"^    ", "", it, flags=re.MULTILINE).strip() for it in prose.split("#### Re")[1:])
    request, headers, body = _message(asked.removeprefix("quest").strip())
    status, answer_headers, graph = _message(answered.removeprefix("sponse").strip())
    method, path, _ = request.split()
    media_type = answer_headers.get("Content-Type", "")
    code = int(status.split()[0])
    location = "$NEWPATH$" if "Location" in answer_headers else ""
    expected = Expected((range(code, code + 1),), media_type=media_type, graph=_example(graph), location=location)
    sent = tuple((name, value) for name, value in headers.items() if name != "Host")
    return Exchange(
        method, _gsp(path), sent, _multipart(_example(body), media_type=headers.get("Content-Type", "")), expected
    )


def _message(text: str) -> tuple[str, dict[str, str], str]:
    head, _, body = text.partition("\n\n")
    first, *lines = head.splitlines()
    return first, dict(line.split(": ", 1) for line in lines), body


def _gsp(path: str) -> str:
    return path.replace("http://$HOST$/$GRAPHSTORE$", "$STORE$").replace("$GRAPHSTORE$", "/gsp")


def _example(text: str) -> str:
    return text.replace("http://$HOST$/$GRAPHSTORE$", "$STORE$")


def _multipart(body: str, *, media_type: str) -> bytes:
    """The lines of a multipart body end with CR LF, which Markdown cannot show."""
    return (f"{body}\n".replace("\n", "\r\n") if media_type.startswith("multipart") else body).encode()
