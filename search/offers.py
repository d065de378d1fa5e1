"""What a result offers beside its hits: better words, graph neighbours, broader concepts where nothing answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from graph.store import GraphStore
from language.labels import LabelIndex
from language.lexicons import Lexicons
from ontology.errors import Unavailable
from search.answering import fit, is_answered
from search.answers import Hit, SearchResult
from search.correction import as_read, corrected
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

    def __init__(self, graph: GraphStore, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._neighbours = Neighbours(graph)

    def forget(self) -> None:
        """Read the graph again. To be called after each change of it."""
        self._neighbours.forget()

    def beside(self, result: SearchResult, asked: Asked, labels: LabelIndex, again: Again) -> SearchResult:
        """A first page with what is offered beside its hits."""
        fits = is_answered(asked.question, result.hits, self._lexicons, labels)
        better = self._better(result, asked, labels, again, answered=fits)
        answer = replace(result, answered=fits, did_you_mean=better)
        hits = [it.iri for it in result.hits]
        try:
            if fits:
                return replace(answer, related=related(self._neighbours, hits, labels, asked.lang))
            return replace(answer, broader=broader(self._neighbours, hits, labels, asked.lang))
        except Unavailable:  # hits come from the index, and a graph store elsewhere may be away
            return answer

    def _better(
        self, result: SearchResult, asked: Asked, labels: LabelIndex, again: Again, *, answered: bool
    ) -> str | None:
        """The query as it was read; else in near words, where those are answered, and better than it was."""
        if read := as_read(result.query, asked.question.read_as, labels):
            return read
        better = corrected(result.query, labels, self._lexicons, asked.texts)
        if better is None:
            return None
        question, hits = again(better)
        helps = is_answered(question, hits, self._lexicons, labels)
        return better if helps and (not answered or fit(hits) > fit(result.hits)) else None
