"""What a result offers beside its hits: better words, graph neighbours, broader concepts where nothing answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from graph.store import GraphStore
from language.labels import LabelIndex
from search.answering import fit, is_answered
from search.answers import Hit, SearchResult
from search.correction import corrected
from search.neighbours import Neighbours, broader, related
from search.question import Question

#: Asks another query: the question that it puts, and its best hits.
Again: TypeAlias = Callable[[str], tuple[Question, Sequence[Hit]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, in which language names are shown, and the passages that were found."""

    question: Question
    lang: str
    texts: Sequence[str]


class Offers:
    """Makes the offers over one graph, of which it remembers neighbours until something is written."""

    def __init__(self, graph: GraphStore) -> None:
        self._neighbours = Neighbours(graph)

    def forget(self) -> None:
        """Read the graph again. To be called after each change of it."""
        self._neighbours.forget()

    def beside(self, result: SearchResult, asked: Asked, labels: LabelIndex, again: Again) -> SearchResult:
        """A first page with what is offered beside its hits."""
        hits, fits = [it.iri for it in result.hits], is_answered(asked.question, result.hits)
        better = corrected(result.query, labels, asked.texts)
        helps = better is not None and _helps(again(better), result.hits, answered=fits)
        return replace(
            result,
            answered=fits,
            did_you_mean=better if helps else None,
            related=related(self._neighbours, hits, labels, asked.lang) if fits else (),
            broader=() if fits else broader(self._neighbours, hits, labels, asked.lang),
        )


def _helps(found: tuple[Question, Sequence[Hit]], hits: Sequence[Hit], *, answered: bool) -> bool:
    """Whether a query in other words is answered, and better than by these hits."""
    question, better = found
    return is_answered(question, better) and (not answered or fit(better) > fit(hits))
