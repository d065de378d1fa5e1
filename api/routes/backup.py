"""A backup of the running service, for `kesher backup`, which copies it to where it shall stay."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from api.backup import stage
from api.dependencies import ServicesDep
from api.schemas import Out
from api.tokens import Principal, Scope, require
from graph.manifest import MANIFEST, Manifest

router = APIRouter(prefix="/api/v1", tags=["operation"])


class BackupOut(Out):
    """A backup that was made."""

    name: str = Field(description="of its folder, below `backups` in the data folder of the server")
    sequence: int = Field(description="the last write that is in it")
    files: int


@router.post("/backup", status_code=201, summary="Make a backup")
def made(services: ServicesDep, _admin: Annotated[Principal, Depends(require(Scope.ADMIN))]) -> BackupOut:
    """Copy everything as of one write, below the server's data folder; other writes wait some tenths of a second.

    It stays there until `kesher backup`, run on that machine, or an operator has taken it away.
    """
    folder = stage(services)
    manifest = Manifest.read(folder / MANIFEST)
    return BackupOut(name=folder.name, sequence=manifest.sequence, files=len(manifest.files))
