"""kesher ask: a named question, such as what lies between two roles or which accreditations lapse."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.table import Table
from rich.text import Text

from api.asking import AnswerOut, CellOut, Public, QuestionOut, all_questions, answer
from api.cli.remote import ask as ask_server
from api.cli.terminal import JsonFlag, UrlOption, out, print_json
from api.services import open_services
from api.settings import load_settings
from ontology.errors import InvalidParameter
from ontology.model import LANGUAGES

_LIST = TypeAdapter(list[QuestionOut])


def ask(
    name: Annotated[str | None, typer.Argument(help="Name of the question; without one, all are listed.")] = None,
    given: Annotated[
        list[str] | None, typer.Option("--with", help="VARIABLE=VALUE, such as role=subject-coordinator or year=2027.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of names: en, he or ar.")] = "en",
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Ask one of the named questions, with some of its variables bound."""
    if name is None:
        return _list(as_json=as_json)
    if lang not in LANGUAGES:
        raise InvalidParameter("lang", f"{lang!r} is no language of names.", remedy=f"One of {', '.join(LANGUAGES)}.")
    bound = dict(map(_pair, given or ()))
    body = _answer(name, bound, lang, url)
    if as_json:
        return print_json(body)
    return _show(AnswerOut.model_validate_json(body))


def _answer(name: str, bound: dict[str, str], lang: str, url: str | None) -> str:
    if url:
        return ask_server(url, f"/api/v1/questions/{name}", {"lang": lang} | bound).text
    settings = load_settings()
    with open_services(settings, command="kesher ask") as services:
        return answer(Public(services.cage, services.graph, settings.base_iri), name, bound, lang).model_dump_json()


def _pair(written: str) -> tuple[str, str]:
    variable, equals, value = written.partition("=")
    if not equals or not value:
        raise InvalidParameter("with", f"{written!r} binds nothing.", remedy="Write VARIABLE=VALUE.")
    return variable.lstrip("?"), value


def _list(*, as_json: bool) -> None:
    found = all_questions()
    if as_json:
        return print_json(_LIST.dump_json(found).decode())
    for it in found:
        out.print(Text(it.name, style="bold"), Text(f"  {', '.join(it.variables)}", style="dim"))
        out.print(Text(f"    {it.answers}"))
    return None


def _show(found: AnswerOut) -> None:
    out.print(Text(found.question.answers, style="italic"))
    names = [it for it in found.question.variables if any(it in row for row in found.rows)]
    same = [it for it in names if len(found.rows) > 1 and len({_told(row.get(it)) for row in found.rows}) == 1]
    for name in same:  # said once above the table, which has little room
        out.print(Text.assemble((f"{name}: ", "dim"), _told(found.rows[0].get(name))))
    table = Table(*(name for name in names if name not in same))
    for row in found.rows:
        table.add_row(*(Text(_told(row.get(name))) for name in names if name not in same))
    marks = f"; among what it names are entries that are {', '.join(found.statuses)}" if found.statuses else ""
    table.caption, table.caption_justify = f"{len(found.rows)} rows{marks}", "left"
    out.print(table if found.rows else "0 rows")
    if found.hint:
        out.print(Text(f"{found.hint}."), style="yellow")
    if found.truncated:
        out.print("There are more rows than are shown.", style="yellow")


def _told(cell: CellOut | None) -> str:
    if cell is None:
        return "–"
    return cell.entity.label if cell.entity else cell.value
