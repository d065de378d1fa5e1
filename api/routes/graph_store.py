"""Graphs as resources: SPARQL 1.1 Graph Store HTTP Protocol, by `?graph=`, by `?default`, and at their own address."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from types import MappingProxyType
from typing import Annotated, TypeAlias
from uuid import uuid4

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile

from api.access import EVERYBODY_READS
from api.dependencies import ServicesDep, written
from api.graph_store_protocol import (
    SYNTAXES,
    Precondition,
    chosen_syntax,
    graph_of,
    is_unchanged,
    syntax_of,
    tag_of,
)
from api.services import Services
from api.tokens import Principal, Scope, require
from graph.store import GraphName
from ingest.graphs import delete, merge, number_of, replace
from ingest.patch import expect_free
from ingest.writer import Commit
from ontology.errors import BadInput, NotAcceptable, NotFound, NoWorker

router = APIRouter(tags=["graphs"], dependencies=[EVERYBODY_READS])

_PATHS = ("/graphs", "/graphs/{path:path}")
_RDF = {media_type: {"schema": {"type": "string"}} for media_type in SYNTAXES}
_GRAPH = {"name": "graph", "in": "query", "schema": {"type": "string"}, "description": "IRI of a named graph"}
_DEFAULT = {"name": "default", "in": "query", "schema": {"type": "string"}, "description": "the default graph"}
_WHICH = {"parameters": [_GRAPH, _DEFAULT]}
_BODY = {**_WHICH, "requestBody": {"content": {**_RDF, "multipart/form-data": {"schema": {"type": "object"}}}}}
_CHUNK = 1 << 16
_PLACES = BoundedSemaphore(2)
_PATIENCE_S = 10.0
_NONE: Mapping[str, str] = MappingProxyType({})

AdminDep = Annotated[Principal, Depends(require(Scope.ADMIN))]


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a request: the body, or one file of a form."""

    media_type: str
    content: bytes


@dataclass
class _Seen:
    """A precondition that remembers the graph as the writer found it; None: there was none."""

    condition: Precondition
    number: int | None = None

    def check(self, number: int | None) -> None:
        self.number = number
        self.condition.check(number)


async def parts_of(request: Request) -> list[Part]:
    """The documents that a request brings.

    Raises:
        UnsupportedFormat: one of them is no RDF.
        BadInput: a form without a file.
    """
    content_type = request.headers.get("Content-Type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        return [Part(syntax_of(content_type), await request.body())]
    async with request.form() as form:
        files = [it for _, it in form.multi_items() if isinstance(it, UploadFile)]
        if not files:
            raise BadInput("The form has no file.", remedy="Send each document as a file with its own Content-Type.")
        return [Part(syntax_of(it.content_type or ""), await it.read()) for it in files]


def named_graph(request: Request) -> GraphName | None:
    """The graph that a request is about."""
    direct = request.path_params.get("path", "")
    return graph_of(request.query_params.multi_items(), _own_address(request) if direct else None)


def expected(request: Request) -> Precondition:
    """What a writer expects of the graph."""
    return Precondition(request.headers.get("If-Match", ""), request.headers.get("If-None-Match", ""))


PartsDep = Annotated[list[Part], Depends(parts_of)]
NamedDep: TypeAlias = Annotated[GraphName | None, Depends(named_graph)]
ExpectedDep = Annotated[Precondition, Depends(expected)]


@contextmanager
def _writing_out() -> Iterator[None]:
    """A place among those who write a graph out, which anybody may ask for and which takes a while for a large one."""
    if not _PLACES.acquire(timeout=_PATIENCE_S):
        raise NoWorker("Too many graphs are being written out.", remedy="Try again in a few seconds.")
    try:
        yield
    finally:
        _PLACES.release()


def get(request: Request, services: ServicesDep, named: NamedDep) -> Response:
    """One graph, whole, in the syntax that Accept or `?format=` asks for."""
    graph = _given(named)
    media_type = chosen_syntax(request.headers.get("Accept", ""), request.query_params.multi_items())
    number = number_of(services.writer, graph)
    if number is None:
        raise _no_graph(graph)
    tag = tag_of(number, media_type)
    headers = {"ETag": tag, "Vary": "Accept"}
    if is_unchanged(tag, request.headers.get("If-None-Match", "")):
        return Response(status_code=304, headers=headers)
    file = tempfile.NamedTemporaryFile(suffix=".rdf")  # noqa: SIM115 - closed, and so removed, when it is sent
    path = Path(file.name)
    try:
        with _writing_out():
            services.graph.dump(path, SYNTAXES[media_type], graph)
    except ValueError as error:
        raise NotAcceptable(
            f"This graph cannot be written as {media_type}: {error}.", remedy="Ask for Turtle."
        ) from error
    if number_of(services.writer, graph) != number:  # written meanwhile: nobody must take it for what it was
        headers["ETag"] = tag_of(-1, media_type)
    headers["Content-Length"] = str(path.stat().st_size)
    return StreamingResponse(_chunks(file, path), media_type=f"{media_type}; charset=utf-8", headers=headers)


def put(admin: AdminDep, parts: PartsDep, services: ServicesDep, named: NamedDep, condition: ExpectedDep) -> Response:
    """Make a graph hold exactly what is sent. 201 when it is new."""
    graph = _given(named)
    lines = _read(services, parts, graph)
    seen = _Seen(condition)
    return _written(services, graph, replace(services.writer, graph, lines, agent=admin.agent, check=seen.check), seen)


def post(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    admin: AdminDep, parts: PartsDep, request: Request, services: ServicesDep, named: NamedDep, condition: ExpectedDep
) -> Response:
    """Add what is sent to a graph; without a graph, to a new one, whose address is in Location."""
    graph = named or ox.NamedNode(f"{_own_address(request).rstrip('/')}/{uuid4()}")
    lines = _read(services, parts, graph)
    seen = _Seen(condition)
    commit = merge(services.writer, graph, lines, agent=admin.agent, check=seen.check)
    return _written(services, graph, commit, seen)


def remove(admin: AdminDep, services: ServicesDep, named: NamedDep, condition: ExpectedDep) -> Response:
    """Take a graph away; the default graph is emptied."""
    graph = _given(named)
    expect_free(services.writer, graph)
    if number_of(services.writer, graph) is None and not condition.match:
        raise _no_graph(graph)
    commit = delete(services.writer, graph, agent=admin.agent, check=condition.check)
    return _answer(services, commit, 204)


for _path in _PATHS:
    router.add_api_route(_path, get, methods=["GET"], summary="A graph", openapi_extra=_WHICH, response_class=Response)
    router.add_api_route(_path, put, methods=["PUT"], summary="Replace a graph", openapi_extra=_BODY, status_code=204)
    router.add_api_route(_path, post, methods=["POST"], summary="Add to a graph", openapi_extra=_BODY, status_code=204)
    router.add_api_route(
        _path, remove, methods=["DELETE"], summary="Delete a graph", openapi_extra=_WHICH, status_code=204
    )


def _own_address(request: Request) -> str:
    """The address of the request as it was sent, without parameters."""
    path = request.scope.get("raw_path") or request.url.path.encode()
    return f"{request.url.scheme}://{request.url.netloc}{path.partition(b'?')[0].decode('latin-1')}"


def _given(named: GraphName | None) -> GraphName:
    if named is None:
        raise BadInput(
            "The request names no graph.", remedy="Add ?graph=<iri> or ?default, or use the graph's address."
        )
    return named


def _no_graph(graph: GraphName) -> NotFound:
    return NotFound(f"There is no graph {graph}.", remedy="PUT or POST makes one.")


def _read(services: Services, parts: list[Part], graph: GraphName) -> bytes:
    expect_free(services.writer, graph)
    return b"".join(services.desk.read(part.content, part.media_type, graph) for part in parts)


def _written(services: Services, graph: GraphName, commit: Commit, seen: _Seen) -> Response:
    """The tag is that of this very write, and not of one that another has made since."""
    new = seen.number is None
    headers = {"ETag": tag_of(commit.sequence if commit.changed_triples else seen.number or commit.sequence)}
    if new and isinstance(graph, ox.NamedNode):
        headers["Location"] = graph.value
    return _answer(services, commit, 201 if new else 204, headers)


def _answer(services: Services, commit: Commit, status: int, headers: Mapping[str, str] = _NONE) -> Response:
    follow = BackgroundTask(services.search.follow_soon)  # the answer is sent first
    return Response(status_code=status, headers={**written(commit), **headers}, background=follow)


def _chunks(file: object, path: Path) -> Iterator[bytes]:
    """The content of a file that goes when `file` does."""
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            yield chunk
    del file
