"""kesher clear: what waits in quarantine, what was found in it, and letting it out."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from api.clearing import WaitingListOut, today, waiting_out
from api.cli.terminal import JsonFlag, err, out, print_item, print_json
from api.services import Services, open_services
from api.settings import load_settings
from ingest.evidence import kinds_of
from ingest.quarantine import Waiting, look, waiting
from ingest.quarantine import clear as clear_record
from ontology.kinds import Iri, Kind, entity_iri


def clear(
    record: Annotated[str | None, typer.Argument(help="Address or slug of a practice record; none: list all.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Clear it: I have read it, and nobody is harmed.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show what waits because personal data may be in it, and with --yes let a record out."""
    day = today()
    with open_services(load_settings(), command="kesher clear") as services:
        if record is None:
            return _list(waiting(services.writer, day), as_json)
        found = look(services.writer, _address(record, services), day)
        if yes:
            clear_record(services.writer, found.iri, seen=found.text, agent=services.agent, today=day)
            services.search.catch_up()
    if as_json:
        return print_json(waiting_out(found, cleared=yes))
    return _show(found, yes)


def _address(record: str, services: Services) -> Iri:
    slug = record.removeprefix("practice/")
    return Iri(record) if ":" in record else entity_iri(services.settings.base_iri, Kind.PRACTICE, slug)


def _list(found: list[Waiting], as_json: bool) -> None:
    if as_json:
        return print_json(WaitingListOut(waiting=[waiting_out(it) for it in found]))
    for place, it in enumerate(found, 1):
        print_item(place, it.iri, kinds_of(it.findings), list(it.obstacles))
    return out.print(f"{len(found)} in quarantine." if found else "Nothing is in quarantine.")


def _show(found: Waiting, cleared: bool) -> None:
    for place, it in enumerate(found.findings, 1):
        print_item(place, it.kind, [it.term, it.certainty], [it.excerpt])
    for told in found.obstacles:
        err.print(Text(told, style="yellow"))
    out.print("Cleared: everybody sees it now." if cleared else "To clear these texts, repeat this with --yes.")
