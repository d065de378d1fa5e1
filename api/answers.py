"""What the core answers, as the bodies of HTTP and of `--json`: one form for both."""

from __future__ import annotations

from collections.abc import Iterable

from api.schemas import BecauseOut, RecommendationOut, StepOut, ToolsOut, WhyOut
from ontology.model import Link
from search.because import Because
from search.recommend import Recommendations
from search.why import Why


def tools_out(found: Recommendations) -> ToolsOut:
    """The body of the tools for a role."""
    recommendations = [
        RecommendationOut(
            tool=it.tool,
            score=it.score,
            because=_reasons(it.because),
            further=it.further,
            evidence=it.evidence,
            covers=list(it.covers),
        )
        for it in found.recommendations
    ]
    return ToolsOut(role=found.role, recommendations=recommendations, uncovered=list(found.uncovered))


def why_out(found: Why) -> WhyOut:
    """The body of why a tool is, or is not, recommended."""
    return WhyOut(
        role=found.role,
        tool=found.tool,
        recommended=found.recommended,
        place=found.place,
        score=found.score,
        because=_reasons(found.because),
        against=list(found.against),
        missing=_steps(found.missing),
    )


def _reasons(reasons: Iterable[Because]) -> list[BecauseOut]:
    return [BecauseOut(sentence=it.sentence, path=_steps(it.path), contribution=it.contribution) for it in reasons]


def _steps(links: Iterable[Link]) -> list[StepOut]:
    return [StepOut(subject=it.subject, predicate=it.predicate, object=it.object, source=it.graph) for it in links]
