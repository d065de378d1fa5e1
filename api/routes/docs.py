"""The API's own page and the meaning of its problems; all assets are local."""

from __future__ import annotations

from importlib.resources import as_file, files

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from api.access import EVERYBODY_READS
from api.portal.render import render
from api.problems import explanations
from ontology.errors import NotFound

router = APIRouter(include_in_schema=False, dependencies=[EVERYBODY_READS])

_ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


@router.get("/openapi.json")
def description(request: Request) -> JSONResponse:
    """OpenAPI 3.1 of this service."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Swagger UI over /openapi.json."""
    return render(request, "docs.html")


@router.get("/docs/{asset}")
def asset(asset: str) -> FileResponse:
    """A file of Swagger UI, from the installed package."""
    if asset not in _ASSETS:
        raise NotFound(f"There is no file {asset!r} here.")
    with as_file(files("fastapi_swagger.resources") / asset) as path:
        return FileResponse(path, media_type=_ASSETS[asset], headers={"Cache-Control": "max-age=86400"})


@router.get("/problems/{code}")
def problem(request: Request, code: str) -> HTMLResponse:
    """What a problem's type address leads to: its meaning, in words."""
    known = explanations()
    if code not in known:
        raise NotFound(f"There is no problem {code!r}.", remedy=f"The problems are: {', '.join(sorted(known))}.")
    title, meaning, status = known[code]
    return render(request, "explanation.html", code=code, title=title, meaning=meaning, status_code=status)
