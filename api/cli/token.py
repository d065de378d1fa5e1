"""kesher token: create, list and revoke access tokens; works beside a running server."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import JsonFlag, err, out, print_json
from api.settings import load_settings
from api.tokens import FILE, Scope, TokenStore
from graph.folder import DataFolder
from ontology.errors import FolderInUse

app = typer.Typer(no_args_is_help=True, help="Access tokens; they work at once, beside a running server too.")


def _store() -> TokenStore:
    settings = load_settings()
    with suppress(FolderInUse):  # the server that has it open has made it what it must be
        DataFolder(settings.data, "kesher token").close()
    return TokenStore(settings.data / FILE, settings.base_iri)


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Who will hold it; what is done with it is signed with this name.")],
    scope: Annotated[list[Scope], typer.Option(help="What it allows; give it several times for several scopes.")],
    days: Annotated[int, typer.Option(help="Days until it ends.")] = 90,
    as_json: JsonFlag = False,
) -> None:
    """Make a token and print it; it is shown this once and stored only as a hash."""
    text = _store().create(name, scope, days)
    if as_json:
        return print_json(json.dumps({"token": text}))
    err.print(f"A token for {name}, for {days} days: {', '.join(scope)}. Keep it now; it cannot be shown again.")
    out.print(text, soft_wrap=True)
    return None


@app.command("list")
def list_(as_json: JsonFlag = False) -> None:
    """Every token ever made, without its secret."""
    tokens = _store().list()
    if as_json:
        rows = [
            {"id": it.id, "name": it.name, "agent": it.agent, "scopes": it.scopes, "valid": it.valid}
            | {"created": it.created.isoformat(), "expires": it.expires.isoformat()}
            for it in tokens
        ]
        return print_json(json.dumps(rows))
    table = Table("id", "name", "scopes", "ends", "state", title="Tokens", title_justify="left")
    for it in tokens:
        state = "valid" if it.valid else "revoked" if it.revoked else "ended"
        table.add_row(it.id, it.name, ", ".join(it.scopes), it.expires.date().isoformat(), state)
    out.print(table)
    return None


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The id that `kesher token list` shows.")], as_json: JsonFlag = False
) -> None:
    """End a token now."""
    _store().revoke(id)
    if as_json:
        print_json(json.dumps({"revoked": id}))
    else:
        out.print(f"Token {id} is revoked.")
