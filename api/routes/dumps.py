"""The public dataset as files: made when somebody asks after a write, and kept for a while."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse

from api.access import EVERYBODY_READS
from api.dependencies import ServicesDep
from api.portal.render import render
from api.publishing.listing import DumpOut, DumpsOut, dump_out
from api.publishing.manifest import CHECKSUMS, COMPRESSED, Manifest
from api.publishing.sentences import Sentences, written
from api.publishing.void import Site, say_dump
from api.services import Services
from graph.results import GRAPHS, negotiate
from ontology.errors import NotAcceptable, NotFound, NotReady

router = APIRouter(prefix="/dumps", tags=["dataset"], dependencies=[EVERYBODY_READS])

#: Seconds that a request waits for a dump of the present state, before it gets the one before it.
PATIENCE_S = 30.0
_HTML, _JSON = "text/html", "application/json"
_OFFERED = (_JSON, _HTML, *(it for it in GRAPHS if it != _JSON))
_LISTS: dict[int | str, dict[str, object]] = {200: {"content": {it: {} for it in _OFFERED}}}
_SENDS: dict[int | str, dict[str, object]] = {
    200: {"description": "The file", "content": {COMPRESSED: {}, "text/plain": {}}},
    206: {"description": "The part of it that Range names"},
    304: {"description": "It is the file that If-None-Match names"},
}


async def dumped(services: ServicesDep) -> Manifest:
    """The newest dump: of the present state, or, where it takes long to make, the one before.

    Raises:
        NotReady: there is none yet.
    """
    if manifest := await services.publisher.dumps.soon(PATIENCE_S):
        return manifest
    raise NotReady("The first dump is being made.", remedy="Ask again in a minute.")


DumpedDep = Annotated[Manifest, Depends(dumped)]


@router.get("", responses=_LISTS, response_model=DumpsOut, summary="The dumps of the dataset")
def listed(request: Request, services: ServicesDep, _newest: DumpedDep) -> Response:
    """All dumps, newest first, with sizes, checksums, dates and licences: as JSON, DCAT (in RDF) or a page, by Accept.

    Asking makes a dump of the present state, if there is none; where that takes long, the answer says that it is being
    prepared and lists the ones before.
    """
    publisher = services.publisher
    return _answer(request, services, publisher.kept(), preparing=publisher.dumps.under_way)


@router.get("/latest/{name}", response_class=RedirectResponse, status_code=307, summary="A file of the newest dump")
def latest(name: str, newest: DumpedDep) -> RedirectResponse:
    """307 to a file of the newest dump: `kesher.nq.gz`, `kesher.ttl.gz`, `kesher-ks-Tool.csv.gz` or `SHA256SUMS`."""
    numbered = name.replace("kesher", f"kesher-{newest.sequence}", 1)
    if newest.file(numbered) is None and name != CHECKSUMS:
        told = f"The newest dump has no file {name[:80]!r}."
        raise NotFound(told, remedy="/dumps lists the files; leave the number out of the name.")
    return RedirectResponse(f"/dumps/{newest.sequence}/{numbered}", headers={"Cache-Control": "no-cache"})


@router.get("/{sequence}", responses=_LISTS, response_model=DumpsOut, summary="One dump")
def one(request: Request, sequence: int, services: ServicesDep) -> Response:
    """The dump of one state, while it is kept."""
    return _answer(request, services, [services.publisher.dump(sequence)], preparing=False)


@router.get("/{sequence}/{name}", responses=_SENDS, response_class=FileResponse, summary="A file of a dump")
def file(request: Request, sequence: int, name: str, services: ServicesDep) -> Response:
    """The file, streamed from the disk. It never changes under its address; Range and If-Range work."""
    path = services.publisher.file(sequence, name)
    described = services.publisher.dump(sequence).file(name)
    headers = {"Cache-Control": "public, max-age=3600"}
    if described is None:
        return FileResponse(path, media_type="text/plain", headers=headers)
    headers["ETag"] = f'"{described.sha256}"'
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=COMPRESSED, filename=name, headers=headers)


def _answer(request: Request, services: Services, dumps: list[Manifest], *, preparing: bool) -> Response:
    accept, site = request.headers.get("Accept", ""), Site(str(request.base_url), services.settings.base_iri)
    chosen = negotiate(accept, _OFFERED)
    if chosen is None:
        told = f"The dumps cannot be listed as {accept[:200]!r}."
        raise NotAcceptable(told, remedy=f"They can be: {', '.join(_OFFERED)}.")
    headers = {"Vary": "Accept, Accept-Language"}
    if chosen not in {_JSON, _HTML}:
        return Response(_as_rdf(dumps, site, chosen), media_type=chosen, headers=headers)
    found = [_out(it, services, site) for it in dumps]
    if chosen == _HTML:
        return render(request, "dumps.html", dumps=found, preparing=preparing)
    return JSONResponse(DumpsOut(preparing=preparing, dumps=found).model_dump(mode="json"), headers=headers)


def _out(dump: Manifest, services: Services, site: Site) -> DumpOut:
    return dump_out(dump, services.publisher.present, site.url)


def _as_rdf(dumps: list[Manifest], site: Site, media_type: str) -> bytes:
    said = Sentences()
    for dump in dumps:
        say_dump(said, dump, site)
    return written(said.triples, media_type)[1]
