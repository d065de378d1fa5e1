"""kesher connect: what research says to a practice, and whom and what a study matters to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.cli.remote import send
from api.cli.terminal import JsonFlag, UrlOption, err, out, plain, print_item, print_json, waiting
from api.connecting import ConnectionOut, ConnectionsOut, connections_out, text_of
from api.schemas import NOTHING_LOADED
from api.services import open_services
from api.settings import load_settings
from ontology.errors import InvalidParameter
from search.connections import ConnectRequest, Side

_TITLES = {
    "sources": "Studies that speak to it",
    "tools": "Tools that speak to it",
    "roles": "Roles that should know it",
    "practices": "Practices that it explains",
}


def connect(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    text: Annotated[str | None, typer.Argument(help="What somebody wrote: an episode, a note, an abstract.")] = None,
    file: Annotated[Path | None, typer.Option(help="A file of text in UTF-8 instead.")] = None,
    entity: Annotated[str | None, typer.Option(help="A stored entity instead: address, kind/slug or name.")] = None,
    to: Annotated[Side | None, typer.Option(help="The side to connect to; else the other side, or both.")] = None,
    lang: Annotated[str, typer.Option(help="Language of names and sentences: en, he or ar.")] = "en",
    limit: Annotated[int, typer.Option(help="Answers of each kind, 1 to 50.")] = 5,
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Connect practice and research, from a text or a stored entity."""
    if sum(it is not None for it in (text, file, entity)) != 1:
        raise InvalidParameter("text", "One thing is connected at a time.", remedy="Give TEXT, --file or --entity.")
    asked = ConnectRequest(text_of(file) if file else text or "", entity or "", to, lang, limit)
    asked.check()  # before anything heavy is opened
    body = _remote(url, asked) if url else _local(asked).model_dump_json()
    return print_json(body) if as_json else _show(ConnectionsOut.model_validate_json(body))


def _remote(url: str, asked: ConnectRequest) -> str:
    body = {"text": asked.text, "entity": asked.entity, "to": asked.to, "lang": asked.lang, "limit": asked.limit}
    return json.dumps(send(url, "POST", "/api/v1/connect", body), ensure_ascii=False)


def _local(asked: ConnectRequest) -> ConnectionsOut:
    with open_services(load_settings(), command="kesher connect") as services:
        with waiting("Loading the model ..."):
            services.search.load()
            services.search.catch_up()
        if not services.search.index.count():
            err.print(f"{NOTHING_LOADED}.")
        return connections_out(services.connector.connect(asked))


def _show(found: ConnectionsOut) -> None:
    if found.entity:
        out.print(Text(found.entity.label, style="bold"))
    if found.degraded:
        err.print("Words only: the model is still loading, or has too much to do.", style="yellow")
    if found.concepts:
        out.print(Text(f"Named in it: {', '.join(dict.fromkeys(it.entity.label for it in found.concepts))}"))
    if not found.answered:
        out.print("Nothing here fits this. The nearest are:" if found.nearest else "Nothing here fits this.")
    _show_answers(found.nearest)
    for kind, title in _TITLES.items():
        own: list[ConnectionOut] | None = getattr(found, kind)
        if own:
            out.print(Text(f"\n{title}:", style="bold"))
            _show_answers(own)


def _show_answers(found: list[ConnectionOut]) -> None:
    for place, it in enumerate(found, 1):
        sentences = [_told(ground.sentence, ground.span.text if ground.span else "") for ground in it.because]
        print_item(place, it.entity.label, [str(it.entity.kind), *it.entity.statuses], sentences)


def _told(sentence: str, said: str) -> str:
    """A reason, with the words that caused it where it does not repeat them."""
    words = " ".join(said.split())
    return sentence if not words or words in plain(sentence) else f"{sentence} [{_cut(words)}]"


def _cut(words: str, most: int = 80) -> str:
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"
