"""kesher search: a need in any language, answered with entities and the reasons that made them hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.padding import Padding
from rich.text import Text

from api.cli.remote import ask
from api.cli.terminal import JsonFlag, UrlOption, err, out, plain, print_item, print_json, waiting
from api.schemas import NOTHING_LOADED
from api.services import open_services
from api.settings import load_settings
from ontology.kinds import Kind
from search.answers import Hit, Related, SearchRequest, SearchResult

_BODY = TypeAdapter(SearchResult)


def search(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    text: Annotated[str, typer.Argument(help="A question or a need, in Hebrew, Arabic or English.")],
    kind: Annotated[list[Kind] | None, typer.Option(help="Kind of entity; may be repeated.")] = None,
    lang: Annotated[str, typer.Option(help="Language of names: en, he or ar.")] = "en",
    content_lang: Annotated[str | None, typer.Option(help="Language that an item is written in.")] = None,
    role: Annotated[str | None, typer.Option(help="Only what belongs to this role.")] = None,
    near: Annotated[str | None, typer.Option(help="Only what is one or two links away from this entity.")] = None,
    limit: Annotated[int, typer.Option(help="Hits, 1 to 100.")] = 10,
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Search by words and meaning."""
    if url:
        given: dict[str, object] = {
            "q": text,
            "kind": kind,
            "lang": lang,
            "content_lang": content_lang,
            "role": role,
            "near": near,
        }
        given |= {"limit": limit}
        body = ask(url, "/api/v1/search", given).text
    else:
        kinds = frozenset(kind) if kind else None
        asked = SearchRequest(text, lang, kinds, content_lang, role, limit=limit, near=near)
        body = _BODY.dump_json(_search(asked)).decode()
    if as_json:
        return print_json(body)
    return _show(_BODY.validate_json(body))


def _search(asked: SearchRequest) -> SearchResult:
    asked.checked_query()  # before anything heavy is opened
    with open_services(load_settings(), command="kesher search") as services:
        with waiting("Loading the model ..."):
            services.search.load()
            services.search.catch_up()
        if not services.search.index.count():
            err.print(f"{NOTHING_LOADED}.")
        return services.search.engine.search(asked)


def _show(result: SearchResult) -> None:
    """Hits for people, as a list: a table would fall apart where a terminal turns lines that begin in Hebrew."""
    if result.degraded:
        err.print("Words only: the model is still loading, or has too much to do.", style="yellow")
    if result.did_you_mean:
        out.print(Text.assemble("Did you mean: ", (result.did_you_mean, "bold"), "?"))
    if not result.answered and result.hits:
        out.print("Nothing here fits this well. The nearest are:", style="yellow")
    for place, hit in enumerate(result.hits, 1):
        marks = [*hit.statuses, *(["name needs review"] if hit.needs_review else [])]
        print_item(place, hit.label, [str(hit.kind), *marks], [it.sentence for it in hit.because], _marked(hit))
    if not result.hits:
        out.print("Nothing was found; try other words or fewer filters.")
    _show_links("Linked to these", result.related)
    _show_links("Broader concepts", result.broader)


def _marked(hit: Hit) -> Text:
    """The snippet, with the words of the query emphasised; nothing where it only repeats the name."""
    if hit.snippet.rstrip(".") == hit.label.rstrip("."):
        return Text()
    text = Text(hit.snippet)
    for start, end in hit.highlights:
        text.stylize("underline", start, end)
    return text


def _show_links(title: str, found: Sequence[Related]) -> None:
    if found:
        out.print(Text(f"\n{title}:", style="bold"))
    for it in found:
        marks = " · ".join([str(it.entity.kind), *it.entity.statuses])
        out.print(Text.assemble("    ", it.entity.label, "  ", (marks, "yellow")))
        out.print(Padding(Text(plain(it.sentence), style="dim"), (0, 0, 0, 6), expand=False))
