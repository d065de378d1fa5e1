"""kesher dump: the whole public dataset as files, with checksums."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import pyoxigraph as ox
import typer

from api.cli.terminal import JsonFlag, err, out, print_json, progress
from api.publishing.dump import write_dump
from api.publishing.manifest import MANIFESTS, Manifest
from api.services import Services, open_services
from api.settings import load_settings
from ontology.errors import InvalidParameter


def dump(
    folder: Annotated[Path, typer.Argument(help="Folder to write; new or empty.")],
    as_json: JsonFlag = False,
) -> None:
    """Write the public dataset as N-Quads, Turtle and a table for each class, with checksums; private records never.

    A running server has the same at /dumps.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidParameter("folder", f"{folder} is there already.", remedy="Name a new or an empty folder.")
    settings = load_settings()
    with open_services(settings, command="kesher dump") as services:
        manifest = _write(services, folder)
    if as_json:
        print_json(MANIFESTS.dump_json(manifest).decode())
        return
    out.print(f"{folder}: {len(manifest.files)} files of the state {manifest.sequence}", markup=False)
    for licence, graphs in manifest.licences().items():
        err.print(f"{licence or 'no licence stated'}: {len(graphs)} graphs", markup=False)


def _write(services: Services, folder: Path) -> Manifest:
    """Write beside the folder and then put it there, so that nobody sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    snapshot = services.snapshots.hold()
    try:
        with progress("Writing") as step:
            manifest = write_dump(ox.Store.read_only(str(snapshot.path)), services.settings.base_iri, making, step)
        making.chmod(0o755)
        making.replace(folder)
    finally:
        services.snapshots.drop(snapshot)
        shutil.rmtree(making, ignore_errors=True)
    return manifest
