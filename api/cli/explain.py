"""kesher sparql --explain: how a query is answered, as a tree."""

from __future__ import annotations

from rich.text import Text
from rich.tree import Tree

from api.cli.remote import ask
from api.cli.terminal import err, out, print_json
from api.planning import PlanOut, StepOut, plan_out
from api.semantic import prepared
from api.services import open_services
from api.settings import load_settings
from graph.query import QueryRequest


def show_plan(text: str, url: str | None, *, as_json: bool) -> None:
    """Print the steps of a query, each below the one that takes its rows; as JSON, the body of /api/v1/explain."""
    plan = _remote(url, text) if url else _local(text)
    if as_json:
        print_json(plan)
        return
    if plan.note:
        err.print(plan.note, style="yellow")
    out.print(_tree(plan))


def _local(text: str) -> PlanOut:
    with open_services(load_settings(), command="kesher sparql") as services:
        query = prepared(services, text)
        request = QueryRequest(query.text, strict=services.settings.sparql_strict, sent=query.sent)
        return plan_out(services.explainer.explain(request))


def _remote(url: str, text: str) -> PlanOut:
    return PlanOut.model_validate_json(ask(url, "/api/v1/explain", {}, query=text).content)


def _tree(plan: PlanOut) -> Tree:
    branches: dict[int, Tree] = {}
    for step in plan.steps:
        line = _line(step)
        branches[step.id] = Tree(line) if step.parent is None else branches[step.parent].add(line)
    return branches[1]


def _line(step: StepOut) -> Text:
    counts = "" if step.rows is None else f"  {step.rows:,} rows"
    times = "" if step.own_ms is None else f"  {step.own_ms:.1f} ms"
    return Text.assemble(step.does, (counts, "cyan"), (times, "dim"))
