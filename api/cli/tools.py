"""kesher tools: the tools for a role, each with the sentence that says why."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from api.answers import tools_out
from api.cli.remote import ask
from api.cli.terminal import JsonFlag, UrlOption, out, print_item, print_json
from api.schemas import ToolsOut
from api.services import open_services
from api.settings import load_settings
from ontology.kinds import slug_of
from search.toolfilter import ToolFilter


def tools(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    role: Annotated[str, typer.Argument(help="Slug, address or name of the role, such as subject-coordinator.")],
    subject: Annotated[str | None, typer.Option(help="School subject, such as mathematics.")] = None,
    lang: Annotated[str, typer.Option(help="Language of names and sentences: en, he or ar.")] = "en",
    content_lang: Annotated[str | None, typer.Option(help="Language of the tool itself.")] = None,
    grade: Annotated[int | None, typer.Option(help="School grade; 0 is kindergarten.")] = None,
    min_evidence: Annotated[int | None, typer.Option(help="Least research grade, 0 to 4.")] = None,
    limit: Annotated[int, typer.Option(help="Tools, 1 to 100.")] = 10,
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Recommend tools for a role."""
    where = ToolFilter(subject, content_lang, grade, min_evidence)
    if url:
        given = {"subject": subject, "content_lang": content_lang, "grade": grade, "min_evidence": min_evidence}
        given |= {"lang": lang, "limit": limit}
        body = ask(url, f"/api/v1/roles/{slug_of(role)}/tools", given).text
    else:
        body = _tools(role, where, lang, limit).model_dump_json()
    if as_json:
        return print_json(body)
    return _show(ToolsOut.model_validate_json(body))


def _tools(role: str, where: ToolFilter, lang: str, limit: int) -> ToolsOut:
    with open_services(load_settings(), command="kesher tools") as services:
        return tools_out(services.search.recommender.tools_for(role, where, lang=lang, limit=limit))


def _show(found: ToolsOut) -> None:
    for place, it in enumerate(found.recommendations, 1):
        grade = it.evidence.research
        evidence = "no evidence yet" if grade is None else f"evidence {grade} of 4"
        print_item(place, it.tool.label, [evidence, *it.tool.statuses], [reason.sentence for reason in it.because[:1]])
    if found.uncovered:
        out.print(Text(f"Required, but no tool yet: {', '.join(it.competency.label for it in found.uncovered)}"))
