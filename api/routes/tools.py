"""Tools for a role, each with the reasons that put it there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.access import EVERYBODY_READS
from api.answers import tools_out, why_out
from api.dependencies import LangDep, ServicesDep
from api.routes.search import Empty
from api.schemas import ToolsOut, WhyOut
from search.toolfilter import ToolFilter
from search.why import why as why_tool

router = APIRouter(prefix="/api/v1/roles/{slug}/tools", tags=["tools"], dependencies=[EVERYBODY_READS])


def tool_filter(
    subject: Annotated[str | None, Empty, Query(description="slug or address of a school subject")] = None,
    content_lang: Annotated[str | None, Empty, Query(description="language of the tool, such as he")] = None,
    grade: Annotated[int | None, Empty, Query(description="school grade; 0 is kindergarten")] = None,
    min_evidence: Annotated[int | None, Empty, Query(description="least research grade, 0 to 4")] = None,
    min_field_evidence: Annotated[int | None, Empty, Query(description="least field grade, 0 to 4")] = None,
) -> ToolFilter:
    """What tools must satisfy; never relaxed."""
    return ToolFilter(subject, content_lang, grade, min_evidence, min_field_evidence)


FilterDep = Annotated[ToolFilter, Depends(tool_filter)]


@router.get("", summary="Tools for a role")
def tools(
    slug: str,
    where: FilterDep,
    services: ServicesDep,
    lang: LangDep,
    limit: Annotated[int, Query(description="tools, 1 to 100")] = 10,
) -> ToolsOut:
    """The tools for a role, best first, with the competencies that no tool covers."""
    return tools_out(services.search.recommender.tools_for(slug, where, lang=lang, limit=limit))


@router.get("/{tool}/why", summary="Why a tool, or why not")
def why(slug: str, tool: str, where: FilterDep, services: ServicesDep, lang: LangDep) -> WhyOut:
    """Why a tool is recommended for a role; or why it is not: the missing edge, or the filter that refuses it."""
    return why_out(why_tool(services.search.recommender, slug, tool, where, lang=lang))
