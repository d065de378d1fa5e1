"""The portal's pages: home, search and entity. They work without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.access import EVERYBODY_READS
from api.addresses import address_of
from api.answers import tools_out
from api.dependencies import AddressesDep, EntityDep, ReaderDep, ServicesDep
from api.jobs.job import State
from api.linked import FORMATS
from api.names import foresee_names
from api.portal import views
from api.portal.render import render
from api.routes.search import SearchDep, found
from api.schemas import EntityOut
from ontology.kinds import CLASS_OF, Kind
from ontology.namespaces import RDF
from search.answers import Hit
from search.connections import ConnectRequest
from search.naming import Named

_TOOLS = 8
_SIMILAR = 5
_COUNTS = ("read", "committed", "skipped", "failed", "changed_triples", "encoded")
#: Name, kind and further attributes of each field of the form that sends files.
_FIELDS = (
    ("token", "password", Markup(' required autocomplete="off"')),
    ("files", "file", Markup(" required multiple")),
    ("licence", "text", ""),
    ("source", "text", ""),
    ("mapping", "file", Markup(' accept=".yaml,.yml"')),
    ("encoding", "text", ""),
)
_ANSWERS = 4
_CONNECTED = frozenset({Kind.PRACTICE, Kind.SOURCE})

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[EVERYBODY_READS])


@router.get("/")
def home(request: Request, services: ServicesDep, reader: ReaderDep) -> HTMLResponse:
    """What this is, a search box, the roles, and how much there is."""
    counts = {str(row["kind"].value): row["entities"].value for row in services.graph.select("kind-counts")}
    return render(
        request,
        "home.html",
        roles=_all_of(Kind.ROLE, reader),
        counts=[(kind, counts[kind]) for kind in Kind if kind in counts],
    )


@router.get("/search")
def search(request: Request, asked: SearchDep, services: ServicesDep, reader: ReaderDep) -> HTMLResponse:
    """Results, the filters that narrow them, and why each was found."""
    result = found(services, asked, request) if asked.query.strip() else None
    onward = request.url.include_query_params(cursor=result.next) if result and result.next else None
    return render(
        request,
        "search.html",
        query=asked.query,
        result=result,
        asked=asked,
        near=reader.name(services.search.engine.address(asked.near)) if asked.near else None,
        kind=next(iter(asked.kinds)) if asked.kinds and len(asked.kinds) == 1 else None,
        kinds=[kind for kind in Kind if not result or kind in {*result.facets["kind"], *(asked.kinds or ())}],
        subjects=_all_of(Kind.SUBJECT, reader),
        roles=_all_of(Kind.ROLE, reader),
        onward=f"?{onward.query}" if onward else None,
    )


@router.get("/page/{kind}/{slug}")
def by_name(
    request: Request, iri: EntityDep, services: ServicesDep, reader: ReaderDep, addresses: AddressesDep
) -> HTMLResponse:
    """One entity: its names, what is said of it, its links both ways, and where all this comes from."""
    entity = reader.entity(iri)
    formats = [(media, addresses.data(iri, name)) for name, media in FORMATS.items()]
    page = render(
        request,
        "entity.html",
        entity=entity,
        heading=views.heading(entity),
        lead=views.lead(entity, reader.lang),
        facts=views.facts(entity, reader.lang),
        names=views.other_names(entity),
        links_out=views.grouped(entity.links.out),
        links_in=views.grouped(entity.links.into),
        formats=formats,
        tools=_tools(entity, services, reader),
        similar=_similar(entity, services, reader),
        connected=_connected(entity, services, reader),
    )
    page.headers["Link"] = ", ".join(f'<{url}>; rel="alternate"; type="{media}"' for media, url in formats)
    return page


@router.get("/page")
def by_iri(
    request: Request, iri: str, services: ServicesDep, reader: ReaderDep, addresses: AddressesDep
) -> HTMLResponse:
    """The same for an imported entity, which keeps its own address."""
    return by_name(request, address_of(iri), services, reader, addresses)


@router.get("/ingest")
def ingest(request: Request, services: ServicesDep) -> HTMLResponse:
    """A form that sends files, and what becomes of them. It needs JavaScript, which alone can show the token."""
    return render(
        request,
        "ingest.html",
        fields=_FIELDS,
        states=["sending", *State],
        counts=_COUNTS,
        most=services.settings.max_upload_mb,
        address=str(request.base_url).rstrip("/"),
    )


def _tools(entity: EntityOut, services: ServicesDep, reader: ReaderDep) -> views.ToolsPanel | None:
    """The tools for a role, when the entity is one."""
    if entity.kind is not Kind.ROLE or entity.private:
        return None
    found = tools_out(services.search.recommender.tools_for(entity.iri, lang=reader.lang, limit=_TOOLS))
    paths = (reason.path for it in found.recommendations for reason in it.because[:1])
    foresee_names(reader.statements, (iri for path in paths for step in path for iri in (step.subject, step.object)))
    return views.tools_panel(found, reader.name)


def _similar(entity: EntityOut, services: ServicesDep, reader: ReaderDep) -> Sequence[Hit] | None:
    """What is nearest to an entity; None for what the index does not have."""
    if entity.private or services.search.engine.labels.best(entity.iri, "") is None:
        return None
    return services.search.engine.similar(entity.iri, reader.lang, _SIMILAR)


def _connected(entity: EntityOut, services: ServicesDep, reader: ReaderDep) -> list[views.ConnectedPanel]:
    """What research says to a practice record, and whom and what a study matters to."""
    if entity.kind not in _CONNECTED or entity.private or services.search.engine.labels.best(entity.iri, "") is None:
        return []
    asked = ConnectRequest(entity=entity.iri, lang=reader.lang, limit=_ANSWERS)
    return views.connected_panels(services.connector.connect(asked))


def _all_of(kind: Kind, reader: ReaderDep) -> list[Named]:
    """Every entity of a kind, by name."""
    iris = {it.subject for it in reader.statements.pointing_at(CLASS_OF[kind], str(RDF.type))}
    foresee_names(reader.statements, iris)
    return sorted(map(reader.name, iris), key=lambda it: it.label)
