"""kesher feedback: what readers say of entries, and a curator's decision; beside a running server with --url."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.entries import Body, TokenOption, ask, curator
from api.cli.terminal import JsonFlag, UrlOption, out, print_item, print_json
from api.services import Services
from api.words import DecisionIn, decide, waiting

app = typer.Typer(no_args_is_help=True, help="What readers say of entries, until a curator decides.")

Number = Annotated[str, typer.Argument(help="The id that `kesher feedback list` shows.")]


@app.command("list")
def list_(url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Every word of a reader that waits, the oldest first."""

    def here(services: Services) -> Body:
        return waiting(services).model_dump(mode="json")

    body = ask("GET", "/api/v1/feedback", None, url, token, here)
    if as_json:
        return print_json(json.dumps(body, ensure_ascii=False))
    for place, it in enumerate(body["waiting"], 1):
        proposed = [f"proposes {it['edit']['predicate']}: {it['edit']['values'][0]}"] if it["edit"] else []
        print_item(place, it["iri"], [it["id"]], [it["text"], *proposed])
    return out.print(f"{len(body['waiting'])} wait.")


@app.command()
def accept(id: Number, url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Write what a reader proposes as curation, and delete the word."""
    _decide(id, "accept", url, token, as_json)


@app.command()
def dismiss(id: Number, url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Delete a reader's word and write nothing."""
    _decide(id, "dismiss", url, token, as_json)


def _decide(
    id: str, decision: Literal["accept", "dismiss"], url: str | None, token: Path | None, as_json: bool
) -> None:
    asked = DecisionIn(decision=decision)

    def here(services: Services) -> Body:
        return decide(curator(services), id, asked).model_dump(mode="json")

    body = ask("POST", f"/api/v1/feedback/{id}", asked, url, token, here)
    if as_json:
        return print_json(json.dumps(body, ensure_ascii=False))
    return out.print(f"Decided: {body['iri']}: {body['text']}", markup=False)
