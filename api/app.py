"""The web application: routes, errors and what happens to every request, put together around the services."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import problems
from api.access import Everybody, expect_rules
from api.allowance import Allowance
from api.budget import Budget
from api.metrics import Metrics
from api.middleware import BodyCap, Flood, HeadAsGet, RequestLog, SafeHeaders
from api.portal.pages import router as pages
from api.portal.render import STATIC
from api.routes.backup import router as backup
from api.routes.connect import router as connect
from api.routes.dataset import router as dataset
from api.routes.docs import router as docs
from api.routes.drafts import router as drafts
from api.routes.dumps import router as dumps
from api.routes.entities import router as entities
from api.routes.examples import router as examples
from api.routes.explain import router as explain
from api.routes.export import router as export
from api.routes.feedback import router as feedback
from api.routes.gaps import router as gaps
from api.routes.graph_store import router as graph_store
from api.routes.health import router as health
from api.routes.history import router as history
from api.routes.ids import router as ids
from api.routes.index import router as index
from api.routes.ingest import ENVELOPE
from api.routes.ingest import PATH as INGEST
from api.routes.ingest import router as ingest
from api.routes.jobs import router as jobs
from api.routes.quarantine import router as quarantine
from api.routes.questions import router as questions
from api.routes.review import router as review
from api.routes.saved import router as saved
from api.routes.search import router as search
from api.routes.sparql import OPERATIONS, SparqlEndpoint
from api.routes.tools import router as tools
from api.routes.update import router as update
from api.routes.vocabulary import router as vocabulary
from api.schemas import ProblemOut
from api.services import Services
from api.sparql_protocol import PATH

_ROUTERS = (
    search,
    tools,
    connect,
    gaps,
    questions,
    entities,
    history,
    drafts,
    feedback,
    quarantine,
    review,
    ingest,
    jobs,
    ids,
    vocabulary,
    export,
    update,
    examples,
    saved,
    explain,
    backup,
    graph_store,
    dataset,
    dumps,
    health,
    index,
    docs,
    pages,
)
#: Tokens that are none, a minute from one address; a script with an expired one is told to wait.
WRONG_TOKENS = 30
#: Words of readers, an hour from one address; a class may sit behind one.
WORDS = 30
_ABOUT = "Roles, competencies, tools and research for those who lead teachers of mathematics and science."
_PROBLEM = {"description": "An RFC 9457 problem", "content": {problems.MEDIA_TYPE: {}}, "model": ProblemOut}
_TOLD = (
    "X-Request-ID",
    "Kesher-Snapshot",
    "Kesher-Truncated",
    "Kesher-Model",
    "Kesher-Index",
    "Kesher-Sequence",
    "Kesher-Changed",
    "Location",
    "ETag",
    "Link",
    "Retry-After",
)


class _Described(FastAPI):
    """An app whose description has the address that speaks ASGI itself."""

    def openapi(self) -> dict[str, Any]:
        schema = super().openapi()
        schema["paths"][PATH] = OPERATIONS
        return schema


class _Assets(StaticFiles):
    """The portal's own files."""

    access = Everybody()


def create_app(services: Services) -> FastAPI:
    """The app over these services, which the caller opens and closes.

    Raises:
        LookupError: a route does not say who may use it.
    """
    app = _Described(
        title="Kesher",
        version=version("kesher"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # it is a route like any other: routes.docs
        responses={"4XX": _PROBLEM, "5XX": _PROBLEM},
    )
    app.state.services = services
    app.state.base = services.settings.base_iri
    app.state.metrics = Metrics()
    app.state.budget = Budget(services.settings.sparql_budget_s)
    app.state.attempts = Allowance(WRONG_TOKENS, 60, "wrong tokens")
    app.state.words = Allowance(WORDS, 3600, "words on entries")
    problems.install(app)
    app.router.routes.append(Route(PATH, SparqlEndpoint(services, app.state.budget)))  # first, as it is asked most
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/static", _Assets(directory=STATIC), name="static")
    expect_rules(app.routes)
    _add_middleware(app)
    return app


def _add_middleware(app: FastAPI) -> None:
    """From the inside out: the last one added sees a request first."""
    uploads = app.state.services.settings.max_upload_mb * 2**20
    app.add_middleware(BodyCap, larger={"/graphs": uploads, INGEST: uploads + ENVELOPE})
    app.add_middleware(HeadAsGet)
    flood = Allowance(app.state.services.settings.requests_a_minute, 60, "requests")
    app.add_middleware(Flood, allowance=flood)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"], expose_headers=list(_TOLD)
    )
    app.add_middleware(SafeHeaders)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=app.state.services.settings.proxies)
    app.add_middleware(CorrelationIdMiddleware, generator=lambda: str(uuid4()))
