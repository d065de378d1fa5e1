"""kesher export: public knowledge in the formats of others."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.accounting import account_of
from api.cli.remote import ask
from api.cli.terminal import JsonFlag, UrlOption, err, print_json
from api.exporting import EXPORTS, ZIP, Exported, unzipped, write_export
from api.services import open_services
from api.settings import load_settings
from ontology.errors import InvalidParameter
from ontology.kinds import Kind


def export(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    what: Annotated[
        str | None, typer.Argument(help="Slug of a framework, or the address of it or of any entity; else everything.")
    ] = None,
    format: Annotated[str, typer.Option("--format", help=f"One of {', '.join(EXPORTS)}.")] = "turtle",
    kind: Annotated[Kind | None, typer.Option(help="Only entities of this kind; csv needs one.")] = None,
    output: Annotated[Path | None, typer.Option(help="File to write, or folder for a format of several files.")] = None,
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Write public knowledge as CASE, CTDL, SKOS, SSSOM, Turtle, ESCO's files or a table; private records never.

    Says how many of the statements asked for can be read from what was written, and what was left out.
    """
    found = _remote(url, format, what, kind) if url else _local(format, what, kind)
    account = account_of(found, format, load_settings().base_iri)
    written = _write(found, output) if output else None
    if as_json:
        files = {"files": written} if written else {"content": dict(found.files)}
        told: dict[str, object] = {
            "format": format,
            "media_type": found.media_type,
            "licences": list(found.licences),
            **files,
        }
        told["account"] = asdict(account) if account else None
        print_json(json.dumps(told, ensure_ascii=False))
    elif written:
        err.print("\n".join(written))
    else:
        sys.stdout.write(_only(found))
    if account and not as_json:
        err.print(account.told(), markup=False)


def _local(format: str, what: str | None, kind: Kind | None) -> Exported:
    settings = load_settings()
    with open_services(settings, command="kesher export") as services:
        return write_export(services.graph, settings.base_iri, format, what, kind)


def _remote(url: str, format: str, what: str | None, kind: Kind | None) -> Exported:
    answer = ask(url, "/api/v1/export", {"format": format, "framework": what, "kind": kind}, accept="*/*")
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    name = answer.headers.get("Content-Disposition", "").partition('filename="')[2].rstrip('"')
    files = unzipped(answer.content) if media_type == ZIP else {name or "export": answer.content.decode()}
    licences = tuple(it.partition(">")[0].lstrip(" <") for it in answer.headers.get("Link", "").split(",") if it)
    return Exported(media_type, files, licences)


def _only(found: Exported) -> str:
    """The text of an export of one file.

    Raises:
        InvalidParameter: it has several, which one stream cannot hold.
    """
    if len(found.files) != 1:
        message = f"This export has {len(found.files)} files"
        raise InvalidParameter("output", message, remedy="Say into which folder with --output.")
    return next(iter(found.files.values()))


def _plain(name: str) -> str:
    """The name of a file without any folder: whoever sends a file does not choose where it lies."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    if plain in {"", ".", ".."}:
        raise InvalidParameter("output", f"{name!r} is no name of a file.", remedy="Ask another server.")
    return plain


def _write(found: Exported, output: Path) -> list[str]:
    """Write the files; gives their paths. One file takes the path itself, unless that is a folder."""
    if len(found.files) == 1 and not output.is_dir():
        paths = {output: _only(found)}
    else:
        output.mkdir(parents=True, exist_ok=True)
        paths = {output / _plain(name): text for name, text in found.files.items()}
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8", newline="")
    return [str(path) for path in paths]
