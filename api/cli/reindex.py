"""kesher reindex: make the derived side, the index, anew from the graph, or put it into order."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from api.cli.terminal import JsonFlag, out, print_json, progress, waiting
from api.services import Services, open_services
from api.settings import load_settings


def reindex(
    optimise: Annotated[
        bool, typer.Option("--optimise", help="Encode nothing; put a copy of the index into order, and use that.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Make the index anew from the graph; the graph and the ledger are not touched.

    It is built beside the present one and takes its place when it is whole. An interrupted run changes nothing.
    """
    with open_services(load_settings(), command="kesher reindex") as services:
        told = _optimised(services) if optimise else _rebuilt(services)
        told |= {"watermark": services.search.watermark, "points": services.search.index.count()}
    if as_json:
        return print_json(json.dumps(told))
    done = f"{told['encoded']} passages encoded" if not optimise else _order(bool(told["optimised"]))
    out.print(f"{done}; the index holds {told['points']} and is at write {told['watermark']}.")
    return None


def _rebuilt(services: Services) -> dict[str, int]:
    with progress("Indexing") as step:
        return {"encoded": services.search.rebuild(step)}


def _optimised(services: Services) -> dict[str, int]:
    with waiting("Putting a copy of the index into order ..."):
        services.search.catch_up()
        return {"optimised": services.search.optimise()}


def _order(done: bool) -> str:
    return "Put into order" if done else "There is nothing to put into order"
