"""kesher gaps: what the graph lacks, and what people ask for that it does not have."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from api.cli.remote import ask
from api.cli.terminal import JsonFlag, UrlOption, out, plain, print_json
from api.schemas import GapsOut
from api.services import open_services
from api.settings import load_settings
from ontology.errors import InvalidParameter
from search.explain import isolate
from search.gaps import Gap, GapReport, gap_kind

_TITLES = {
    "competencies-without-tool": "Competencies that a role requires and no tool develops",
    "tools-without-evidence": "Tools that rest on no evidence",
    "orphans": "Entries that nothing is linked to",
    "missing-labels": "Entries without a name in a language",
    "demand": "Asked for in vain",
}


def gaps(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    kind: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(_TITLES)}; may be repeated.")] = None,
    lang: Annotated[str, typer.Option(help="Language of names: en, he or ar.")] = "en",
    limit: Annotated[int, typer.Option(min=1, max=500, help="Gaps to name of each kind.")] = 20,
    forget: Annotated[str | None, typer.Option(help="Erase this topic from what was asked for; `all` for all.")] = None,
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Report gaps."""
    chosen = [gap_kind(it) for it in kind or ()]
    if url and forget is not None:
        told = "A topic is erased in a folder, not through a server."
        raise InvalidParameter("forget", told, remedy="Leave out --url, or DELETE /api/v1/gaps/demand with a token.")
    if url:
        given = {"kind": chosen, "lang": lang, "limit": limit}
        body = ask(url, "/api/v1/gaps", given).text
        return print_json(body) if as_json else _show(GapsOut.model_validate_json(body))
    with open_services(load_settings(), command="kesher gaps") as services:
        if forget is not None:
            gone = services.demand.erase(None if forget == "all" else forget)
            return out.print(f"Erased: {gone}")
        report = GapReport(services.graph, services.search.engine.labels, services.demand.most_asked())
        found = GapsOut(gaps=report.find(chosen, lang, limit))
    return print_json(found) if as_json else _show(found)


def _show(found: GapsOut) -> None:
    for it in found.gaps:
        out.print(Text.assemble((_TITLES[it.kind], "bold"), f": {it.total}"))
        for gap in it.gaps:
            out.print(Text(f"    {plain(_told(gap))}"))


def _told(gap: Gap) -> str:
    label = gap.entity.label if gap.entity else ""
    if gap.topic:
        near = f"; the nearest broader concept: {label}" if label else ""
        return f"{isolate(gap.topic)} ({gap.weight} asked){near}"
    told = [f"in {gap.lang}"] if gap.lang else []
    told += [f"required by {gap.weight} roles"] if gap.weight is not None else []
    return f"{label} ({', '.join(told)})" if told else label
