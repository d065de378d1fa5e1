"""Knowledge to take away: frameworks, vocabularies, mappings and tables in the formats of others."""

from __future__ import annotations

from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access import EVERYBODY_READS
from api.addresses import header_link
from api.dependencies import ServicesDep
from api.exporting import EXPORTS, ZIP, write_export, zipped
from api.routes.search import Empty
from ontology.kinds import Kind

router = APIRouter(prefix="/api/v1", tags=["export"], dependencies=[EVERYBODY_READS])

#: Writing is work of this process: side by side it would only slow everything else.
_ONE_AT_A_TIME = Lock()
_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"content": {media_type: {} for media_type in sorted({it.media_type for it in EXPORTS.values()} | {ZIP})}}
}


@router.get("/export", responses=_RESPONSES, response_class=Response, summary="Public knowledge as a file")
def export(
    request: Request,
    services: ServicesDep,
    format: Annotated[str, Query(description=f"one of {', '.join(EXPORTS)}")] = "turtle",
    framework: Annotated[
        str | None, Empty, Query(description="slug of a framework, or the address of it or of any entity")
    ] = None,
    kind: Annotated[Kind | None, Empty, Query(description="only entities of this kind; a table needs one")] = None,
) -> Response:
    """A framework, one entity, all entities of a kind, or everything public; several files come as one ZIP.

    A table (csv) has one row for each entity and one column for each property and language: `skos:prefLabel@he`.

    The header `Link` with rel="license" names each licence that is known for what is in it.
    """
    client = request.client.host if request.client else ""
    with request.app.state.budget.charged(client), _ONE_AT_A_TIME:
        found = write_export(services.graph, services.settings.base_iri, format, framework, kind)
    headers = {"Link": ", ".join(header_link(it, "license") for it in found.licences)} if found.licences else {}
    if len(found.files) == 1:
        ((name, text),) = found.files.items()
        body, media_type = text.encode(), found.media_type
    else:
        name, body, media_type = f"{format}.zip", zipped(found.files), ZIP
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type=media_type, headers=headers)
