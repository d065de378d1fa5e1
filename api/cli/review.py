"""kesher review: proposed links with their context, and what a curator decides about them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from api.cli.terminal import JsonFlag, out, print_item, print_json
from api.reviewing import QueueOut, ReviewOut, page_of, queue_of, review_out, sample_out
from api.services import Services, open_services
from api.settings import load_settings
from ingest.bulk import accept_above, sampled
from ingest.links import LinkState
from ingest.queue import Wanted
from ontology.kinds import Iri, slug_of

app = typer.Typer(no_args_is_help=True, help="Decide about the links that programs propose.")

IdArgument = Annotated[str, typer.Argument(help="Id of the link, as `kesher review list` shows it.")]
LangOption = Annotated[str, typer.Option(help="Language of names: en, he or ar.")]
AgentOption = Annotated[str, typer.Option("--as", help="Name of who decides; without it, this program's own.")]


@app.command("list")
def listed(  # noqa: PLR0913, PLR0917 - typer passes each option
    state: Annotated[str, typer.Option(help=f"One of {', '.join(LinkState)}; empty: all.")] = LinkState.PROPOSED,
    kind: Annotated[str, typer.Option(help="Kind of the item: practice, tool or source.")] = "",
    source: Annotated[str, typer.Option(help="Name of the source that describes the item.")] = "",
    method: Annotated[str, typer.Option(help="How it was proposed; its beginning is enough.")] = "",
    concept: Annotated[str, typer.Option(help="Address of the concept.")] = "",
    item: Annotated[str, typer.Option(help="Address of the item.")] = "",
    min_confidence: Annotated[float, typer.Option(help="0 to 1.")] = 0.0,
    max_confidence: Annotated[float, typer.Option(help="0 to 1.")] = 1.0,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    lang: LangOption = "en",
    as_json: JsonFlag = False,
) -> None:
    """Show links with their context, the likeliest first."""
    wanted = Wanted(state, kind, source, method, concept, item, min_confidence, max_confidence)
    with open_services(load_settings(), command="kesher review") as services:
        queue = queue_of(services, private=True)
        page = page_of(services, queue, wanted, lang, limit=limit, offset=offset)
    return print_json(page) if as_json else _show_page(page, offset)


@app.command()
def propose(
    everything: Annotated[
        bool, typer.Option("--all", help="Look at every item, not only at what has changed.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring the proposals up to date; every ingestion does so for what it changed."""
    with open_services(load_settings(), command="kesher review") as services:
        changed = services.propose_links(everything=everything)
        services.search.catch_up()
    return print_json(f'{{"changed_triples": {changed}}}') if as_json else out.print(f"{changed} statements changed.")


@app.command()
def show(id: IdArgument, lang: LangOption = "en", as_json: JsonFlag = False) -> None:
    """Show one link with its history."""
    with open_services(load_settings(), command="kesher review") as services:
        queue = queue_of(services, private=True)
        stored = queue.find(id)
        found = review_out(services, stored, lang, queue.history(stored))
    return print_json(found) if as_json else _show(found)


@app.command()
def accept(id: IdArgument, agent: AgentOption = "", lang: LangOption = "en", as_json: JsonFlag = False) -> None:
    """The item is about the concept."""
    _decide(id, LinkState.ACCEPTED, agent, lang, as_json=as_json)


@app.command()
def reject(id: IdArgument, agent: AgentOption = "", lang: LangOption = "en", as_json: JsonFlag = False) -> None:
    """The item is not about the concept; it is never proposed again."""
    _decide(id, LinkState.REJECTED, agent, lang, as_json=as_json)


@app.command()
def edit(
    id: IdArgument,
    concept: Annotated[str, typer.Argument(help="Address of the right concept.")],
    agent: AgentOption = "",
    lang: LangOption = "en",
    as_json: JsonFlag = False,
) -> None:
    """The item is about another concept."""
    _decide(id, LinkState.EDITED, agent, lang, concept, as_json=as_json)


@app.command()
def undo(id: IdArgument, agent: AgentOption = "", lang: LangOption = "en", as_json: JsonFlag = False) -> None:
    """Take a decision back: the link is proposed again."""
    _decide(id, None, agent, lang, as_json=as_json)


@app.command()
def bulk(
    above: Annotated[float, typer.Argument(min=0, max=1, help="Least confidence.")],
    yes: Annotated[bool, typer.Option("--yes", help="Accept them: the sample is decided and was right.")] = False,
    agent: AgentOption = "",
    as_json: JsonFlag = False,
) -> None:
    """Show the sample that must be decided before links above a confidence are accepted at once; --yes accepts them."""
    with open_services(load_settings(), command="kesher review") as services:
        queue = queue_of(services, private=True)
        sample = sampled(queue.every(), above)
        accepted = accept_above(queue, above, agent=_agent(services, agent)) if yes else 0
        services.search.catch_up()
    told = sample_out(sample, accepted)
    if as_json:
        return print_json(told)
    out.print(f"Sample of {told.sample}: {len(told.waiting)} wait, {told.right:.0%} of the decided ones accepted.")
    for it in told.waiting:
        out.print(f"  kesher review show {it}")
    return out.print(f"{told.accepted} accepted now, {told.others} would be accepted with them.")


def _decide(  # noqa: PLR0913 - what its commands are given
    id: str, outcome: LinkState | None, agent: str, lang: str, concept: str = "", *, as_json: bool
) -> None:
    with open_services(load_settings(), command="kesher review") as services:
        queue, who = queue_of(services, private=True), _agent(services, agent)
        stored = queue.decide(id, outcome, agent=who, concept=concept) if outcome else queue.undo(id, agent=who)
        services.search.catch_up()
        found = review_out(services, stored, lang, queue.history(stored))
    return print_json(found) if as_json else _show(found)


def _agent(services: Services, name: str) -> Iri:
    return Iri(f"{services.settings.base_iri}agent/{slug_of(name)}") if slug_of(name) else services.agent


def _show_page(page: QueueOut, offset: int) -> None:
    counts = ", ".join(f"{count} {state}" for state, count in page.counts.items() if count)
    for place, it in enumerate(page.links, offset + 1):
        _item(place, it)
    out.print(f"{page.total} links here ({counts or 'none at all'}).")
    if page.next is not None:
        out.print(f"More: --offset {page.next}")


def _item(place: int, it: ReviewOut) -> None:
    sure = [] if it.confidence is None else [f"{it.confidence:.2f}"]
    marks = [it.state, *sure, it.method, *(["private"] if it.private else [])]
    said = Text.assemble(it.passage) if it.passage else None
    if said and it.span:
        said.highlight_words([it.span], "bold cyan")
    told = [f"{it.term}: {it.concept.label}" + (f" ({it.definition})" if it.definition else ""), f"id {it.id}"]
    print_item(place, it.item.label, [mark for mark in marks if mark], told, about=said)


def _show(found: ReviewOut) -> None:
    _item(1, found)
    for it in found.history:
        out.print(f"    {it.at}  {it.outcome}  {it.agent}")
