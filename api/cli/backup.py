"""kesher backup and kesher restore: the data folder, copied to another place and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer

from api.backup import move, prune, stage
from api.cli.terminal import JsonFlag, out, print_json, waiting
from api.restoring import restore as restore_folder
from api.services import open_services
from api.settings import Settings, load_settings
from api.tokens import Scope, TokenStore
from graph.manifest import MANIFEST, Manifest
from ontology.errors import FolderInUse, Misconfigured

_PATIENCE_S = 600.0


def backup(
    folder: Annotated[
        Path, typer.Argument(help="Folder of backups; better on another disk. Each gets one of its own.")
    ],
    prune_old: Annotated[bool, typer.Option("--prune", help="Then remove those that the next two say.")] = False,
    keep: Annotated[int, typer.Option(min=1, help="With --prune: how many stay.")] = 30,
    days: Annotated[int, typer.Option(min=1, help="With --prune: none stays longer, save the newest.")] = 90,
    as_json: JsonFlag = False,
) -> None:
    """Copy the data folder as of one write, with checksums; a running server goes on writing."""
    settings = load_settings()
    folder.mkdir(parents=True, exist_ok=True)
    with waiting("Copying ..."):
        made = move(_staged(settings), folder)
        manifest = Manifest.read(made / MANIFEST)
        gone = prune(folder, keep, days, datetime.now(UTC)) if prune_old else []
    if as_json:
        told = {"backup": str(made), "sequence": manifest.sequence, "files": len(manifest.files)}
        return print_json(json.dumps(told | {"removed": [str(it) for it in gone]}))
    out.print(f"{made}: {len(manifest.files)} files as of write {manifest.sequence}", markup=False)
    for it in gone:
        out.print(f"{it}: removed", markup=False)
    return None


def _staged(settings: Settings) -> Path:
    """A backup below the data folder: made here, or by the server that has the folder open."""
    try:
        with open_services(settings, command="kesher backup") as services:
            return stage(services)
    except FolderInUse as error:
        if not error.url:
            raise
        return settings.data / "backups" / _asked(settings, error.url)


def _asked(settings: Settings, url: str) -> str:
    """Name of the backup that the server makes; whoever may read the data folder may have a token made for it."""
    tokens = TokenStore(settings.data / "tokens.sqlite", settings.base_iri)
    token = tokens.create("kesher backup", [Scope.ADMIN], 1)
    try:
        answer = httpx.post(f"{url}/api/v1/backup", headers={"Authorization": f"Bearer {token}"}, timeout=_PATIENCE_S)
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        message = f"The server at {url} made no backup: {error}."
        raise Misconfigured(message, remedy="Look into its log, or stop it and ask again.") from error
    finally:
        tokens.revoke(token.split("_")[1])
    if not answer.is_success:
        raise Misconfigured(str(told.get("detail", "")), remedy=str(told.get("remedy", "")))
    return Path(str(told["name"])).name


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup, or a folder of backups, of which the newest is taken.")],
    as_json: JsonFlag = False,
) -> None:
    """Make the data folder, which must be absent or empty, from a backup; a damaged one is refused."""
    settings = load_settings()
    with waiting("Restoring ..."):
        manifest = restore_folder(folder, settings.data.resolve(), settings.base_iri)
    if as_json:
        return print_json(json.dumps({"data": str(settings.data), "sequence": manifest.sequence}))
    out.print(f"{settings.data} is as it was after write {manifest.sequence}.", markup=False)
    out.print("The index is made when it is next opened: `kesher reindex` does it now.")
    return None
