"""kesher entity: write entries by hand, show and retire them, tell their history; or of a running server (--url)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.entries import (
    ANY,
    Body,
    EditsOption,
    Entry,
    LabelOption,
    TokenOption,
    address_in,
    ask,
    asked_in,
    curator,
    names_in,
    path_of,
    read,
)
from api.cli.terminal import JsonFlag, UrlOption, out, print_json
from api.editing import EditsIn
from api.preconditions import Seen
from api.services import Services
from api.versions import difference, history
from ingest.lifecycle import State, drafts
from ontology.errors import WrongState

app = typer.Typer(no_args_is_help=True, help="Entries written by hand: drafts, edits, retirement, versions.")


@app.command()
def show(entry: Entry, url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Show an entry with all its statements."""
    _print(ask("GET", path_of(entry), None, url, token, lambda it: read(it, entry)), as_json)


@app.command()
def create(  # noqa: PLR0913, PLR0917 - every option of the command line is a parameter
    entry: Entry,
    label: LabelOption = None,
    edits: EditsOption = None,
    publish: Annotated[bool, typer.Option("--publish", help="Show it to everybody at once.")] = False,
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Make a draft, or with --publish an entry that everybody sees."""
    asked = asked_in(label, edits, {"status": "published"} if publish else {})

    def here(services: Services) -> Body:
        curator(services).put(*names_in(entry), asked, Seen(nothing=True))
        return read(services, entry)

    _print(ask("PUT", path_of(entry), asked, url, token, here, {"If-None-Match": "*"}), as_json)


@app.command()
def edit(  # noqa: PLR0913, PLR0917 - every option of the command line is a parameter
    entry: Entry,
    label: LabelOption = None,
    edits: EditsOption = None,
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Edit an entry: what is said here takes the place of what sources say."""
    _change(entry, asked_in(label, edits, {}), url, token, as_json)


@app.command()
def publish(entry: Entry, url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Show a draft to everybody, or bring a retired entry back."""
    _change(entry, EditsIn(status="published"), url, token, as_json)


@app.command()
def retire(
    entry: Entry,
    replaced_by: Annotated[str | None, typer.Option("--replaced-by", help="kind/slug of what takes its place.")] = None,
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Take an entry out of use; its address goes on answering."""
    successor = None
    if replaced_by:
        found = ask("GET", path_of(replaced_by), None, url, token, lambda it: read(it, replaced_by))
        successor = found["iri"]
    _change(entry, EditsIn(status="retired", replacedBy=successor), url, token, as_json)


@app.command()
def discard(entry: Entry, url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Delete a draft."""
    found = ask("GET", path_of(entry), None, url, token, lambda it: read(it, entry))
    if found["state"] != State.DRAFT:
        raise WrongState(
            f"{entry} is {found['state']}, not a draft.", remedy="`kesher entity retire` takes it out of use."
        )

    def here(services: Services) -> Body:
        curator(services).delete(address_in(services, entry), ANY)
        return {}

    ask("DELETE", path_of(entry), None, url, token, here, {"If-Match": "*"})
    if as_json:
        print_json(json.dumps({"discarded": entry}))
    else:
        out.print(f"The draft {entry} is gone.")


@app.command("history")
def history_(entry: Entry, url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Who changed an entry, when and by which door."""

    def here(services: Services) -> Body:
        return history(services, address_in(services, entry), drafts=True).model_dump(mode="json")

    body = ask("GET", f"{path_of(entry)}/history", None, url, token, here)
    if as_json:
        return print_json(json.dumps(body, ensure_ascii=False))
    table = Table("version", "when", "by", "door", "-", "+", title=entry, title_justify="left")
    for it in body["versions"]:
        counts = ("" if it[name] is None else str(it[name]) for name in ("removed", "added"))
        table.add_row(str(it["version"]), it["ended"][:19], it["agent"].rpartition("/")[2], it["activity"], *counts)
    return out.print(table)


@app.command()
def diff(  # noqa: PLR0913, PLR0917 - every option of the command line is a parameter
    entry: Entry,
    earlier: Annotated[int | None, typer.Option("--from", help="A version; 0 is before all.")] = None,
    later: Annotated[int | None, typer.Option("--to", help="A later one; without it, the last.")] = None,
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: JsonFlag = False,
) -> None:
    """What changed between two versions; without numbers, by the last change."""

    def here(services: Services) -> Body:
        return difference(services, address_in(services, entry), earlier, later).model_dump(mode="json")

    asked = "&".join(f"{name}={it}" for name, it in (("from", earlier), ("to", later)) if it is not None)
    body = ask("GET", f"{path_of(entry)}/difference?{asked}", None, url, token, here)
    if as_json:
        return print_json(json.dumps(body, ensure_ascii=False))
    for sign, statements in (("-", body["removed"]), ("+", body["added"])):
        for it in statements:
            lang = f"@{it['lang']}" if it["lang"] else ""
            out.print(f"{sign} {it['term']} {it['value']}{lang}", markup=False)
    return None


@app.command("drafts")
def drafts_(url: UrlOption = None, token: TokenOption = None, as_json: JsonFlag = False) -> None:
    """Every draft."""

    def here(services: Services) -> Body:
        return {"drafts": [{"iri": it} for it in drafts(services.writer)]}

    body = ask("GET", "/api/v1/drafts", None, url, token, here)
    if as_json:
        return print_json(json.dumps(body, ensure_ascii=False))
    for it in body["drafts"]:
        out.print(it["iri"], soft_wrap=True)
    return out.print(f"{len(body['drafts'])} drafts.")


def _change(entry: str, asked: EditsIn, url: str | None, token: Path | None, as_json: bool) -> None:
    def here(services: Services) -> Body:
        curator(services).patch(address_in(services, entry), asked, ANY)
        return read(services, entry)

    _print(ask("PATCH", path_of(entry), asked, url, token, here, {"If-Match": "*"}), as_json)


def _print(body: Body, as_json: bool) -> None:
    """An entry for people: its state, its names, and what must be mended before it is published."""
    if as_json:
        return print_json(json.dumps(body, ensure_ascii=False))
    out.print(Text.assemble((body["label"], "bold"), f"  {body['kind']} · {body['state']}  ", (body["iri"], "dim")))
    for it in body["labels"]:
        out.print(f"  {it['lang'] or '-'}  {it['text']}", markup=False)
    for it in body["properties"]:
        out.print(f"  {it['term']}: {'; '.join(value['value'] for value in it['values'])}", markup=False)
    for it in body["overridden"]:
        out.print(Text(f"  replaced by hand: {it['predicate'].rpartition('#')[2]} {it['value']}", style="dim"))
    for it in body["faults"]:
        out.print(Text(f"  to mend: {it['at']}: {it['message']}", style="yellow"))
    return None
