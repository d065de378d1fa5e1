"""kesher demo: the starter knowledge loaded, one real answer for each of the three users, then the portal."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from api.answers import tools_out
from api.cli.serve import expect_free, run
from api.cli.terminal import JsonFlag, out, plain, print_json, progress, waiting
from api.schemas import Out, ToolsOut
from api.services import Services, open_services
from api.settings import load_settings
from graph import gate
from graph.query import QueryRequest
from ingest.pipeline import Options, ingest
from ingest.starter import load_starter
from ontology.questions import question, questions
from search.answers import Hit, ReasonKind, SearchRequest, SearchResult

NEED = "How can my staff sense what youngsters are puzzling over?"
QUESTION = "role-competency-tool-source"
ROLE = "leading-teacher"

_WIDTH = 100
_HITS, _ROWS, _TOOLS = 5, 5, 5


class DemoOut(Out):
    """The answers of `kesher demo`, one for each of its three users."""

    search: SearchResult
    sparql: dict[str, Any]
    tools: ToolsOut


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the portal after the answers.")] = True,
    as_json: JsonFlag = False,
) -> None:
    """Load the starter knowledge, answer three users from it, and serve the portal until Ctrl-C."""
    out.width = min(out.width, _WIDTH)
    settings = load_settings()
    if serve:
        expect_free(settings.host, settings.port)
    url = f"http://{settings.host}:{settings.port}" if serve else None
    with open_services(settings, command="kesher demo", url=url) as services:
        _prepare(services)
        answers = _answers(services)
        if as_json:
            print_json(answers)
        else:
            _show(answers, services)
        if serve:
            run(services)


def _answers(services: Services) -> DemoOut:
    """One real answer for each of the three users."""
    text = question(QUESTION)
    gate.check(text)
    table = services.cage.run(QueryRequest(text, "application/sparql-results+json")).body
    return DemoOut(
        search=services.search.engine.search(SearchRequest(NEED, limit=_HITS)),
        sparql=json.loads(table),
        tools=tools_out(services.search.recommender.tools_for(ROLE, limit=_TOOLS)),
    )


def _show(answers: DemoOut, services: Services) -> None:
    _greet(services)
    _show_search(answers.search)
    _show_sparql(answers.sparql)
    _show_tools(answers.tools)
    out.print()


def _prepare(services: Services) -> None:
    """Everything the demo shows, loaded once; a second run finds it there."""
    with waiting("Loading the starter knowledge ..."):
        load_starter(services.writer)
    with as_file(files("ingest") / "samples") as samples, waiting("Reading the sample documents ..."):
        ingest([samples], services.writer, Options(agent=services.agent, source="samples"))
    with waiting("Loading the model (all-MiniLM-L6-v2, on this machine) ..."):
        services.search.load()
    with progress("Indexing") as step:
        services.search.catch_up(step)
    with waiting("Proposing links from the sample documents to concepts ..."):
        services.propose_links()
        services.search.catch_up()


def _greet(services: Services) -> None:
    counts = {row["kind"].value: int(row["entities"].value) for row in services.graph.select("kind-counts")}
    shown = ("role", "competency", "standard", "tool", "source")
    told = "   ".join(f"[bold]{counts.get(kind, 0)}[/] {_plural(kind)}" for kind in shown)
    subtitle = f"in {services.settings.data}"
    panel = Panel(told, title="[bold]Kesher[/]", title_align="left", subtitle=subtitle, subtitle_align="right")
    panel.border_style = "cyan"
    out.print(panel)


def _plural(kind: str) -> str:
    return "competencies" if kind == "competency" else "research sources" if kind == "source" else f"{kind}s"


def _ask(number: int, who: str, asked: str) -> None:
    out.print()
    out.print(Rule(f"[bold cyan]{number}[/]  {who}", align="left", style="dim"))
    out.print(Text(asked, style="italic"))


def _show_search(result: SearchResult) -> None:
    _ask(1, "A coordinator searches by meaning", f"“{result.query}”")
    table = _table("", "found", "kind", "words in common", "nearness")
    for place, hit in enumerate(result.hits, 1):
        table.add_row(str(place), _named(hit.label, hit.statuses), str(hit.kind), _shared(hit), _nearness(hit))
    out.print(table)


def _shared(hit: Hit) -> Text:
    words = [word for it in hit.because if it.kind is ReasonKind.TERMS for word in it.terms]
    return Text(", ".join(words)) if words else Text("none", style="green")


def _nearness(hit: Hit) -> str:
    found = [it.cosine for it in hit.because if it.cosine is not None]
    return f"{found[0]:.2f}" if found else "–"


def _show_sparql(answer: dict[str, Any]) -> None:
    _ask(2, "A researcher asks the graph (SPARQL)", questions()[QUESTION])
    names, rows = answer["head"]["vars"], answer["results"]["bindings"]
    table = _table(*names)
    shown = _varied(rows)[:_ROWS]
    for row in shown:
        table.add_row(*(Text(row[name]["value"]) for name in names))
    told = f"{len(shown)} of {len(rows)} rows, each with another role and tool; what roles need is illustrative."
    table.caption = f"{told}\nThe query: ontology/queries/{QUESTION}.rq"
    out.print(table)


def _varied(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of each role whose tool no row before has shown."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if not any(row["role"] == it["role"] or row["tool"] == it["tool"] for it in found):
            found.append(row)
    return found


def _show_tools(found: ToolsOut) -> None:
    _ask(3, "A teacher asks which tools fit a role", f"Role: {found.role.label} ({', '.join(found.role.statuses)})")
    table = _table("", "tool", "because", "evidence")
    table.columns[1].ratio, table.columns[2].ratio = 2, 3
    for place, it in enumerate(found.recommendations, 1):
        grade = it.evidence.research
        evidence = "none yet" if grade is None else f"{grade} of 4"
        table.add_row(
            str(place), _named(it.tool.label, it.tool.statuses), Text(plain(it.because[0].sentence)), evidence
        )
    missing = ", ".join(it.competency.label for it in found.uncovered)
    table.caption = f"Required, but no tool yet: {missing}" if missing else None
    out.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, border_style="dim", header_style="dim", caption_justify="left", width=out.width)
    for heading in headings:
        table.add_column(heading, overflow="fold", vertical="top")
    return table


def _named(label: str, statuses: tuple[str, ...]) -> Text:
    return Text(label, style="bold").append(f"  {', '.join(statuses)}" if statuses else "", style="not bold yellow")
