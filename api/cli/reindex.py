"""kesher reindex: repair the derived side, the index, from the graph."""

from __future__ import annotations

import json

from api.cli.terminal import JsonFlag, out, print_json, progress
from api.services import open_services
from api.settings import load_settings


def reindex(as_json: JsonFlag = False) -> None:
    """Make the index anew from the graph; the graph and the ledger are not touched."""
    with open_services(load_settings(), command="kesher reindex") as services, progress("Indexing") as step:
        encoded = services.search.rebuild(step)
        told = {"encoded": encoded, "watermark": services.search.watermark, "points": services.search.index.count()}
    if as_json:
        return print_json(json.dumps(told))
    out.print(f"{encoded} passages encoded; the index holds {told['points']} and is at write {told['watermark']}.")
    return None
