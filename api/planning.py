"""A plan as the body of an answer."""

from __future__ import annotations

from pydantic import Field

from api.schemas import Out
from graph.plan import Plan


class StepOut(Out):
    """One step of a plan. `parent` is the step that takes its rows; null for the one that gives the answer."""

    id: int
    parent: int | None
    depth: int
    operator: str = Field(description="Oxigraph's name")
    does: str = Field(description="the same in plain words")
    variables: list[str]
    rows: int | None = Field(description="rows that it gave; null where that was not counted")
    ms: float | None = Field(description="milliseconds in it and the steps below it")
    own_ms: float | None = Field(description="milliseconds in it alone")


class PlanOut(Out):
    """A plan: its steps as a tree by `parent`, each before the steps that feed it."""

    planning_ms: float
    note: str | None = Field(description="why nothing was counted; null when it was")
    steps: list[StepOut]


def plan_out(plan: Plan) -> PlanOut:
    """A plan as the body of an answer."""
    steps = [StepOut(**{name: getattr(it, name) for name in StepOut.model_fields}) for it in plan.steps]
    return PlanOut(planning_ms=plan.planning_ms, note=plan.note, steps=steps)
