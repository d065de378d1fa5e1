"""Paths in words: each reason is one sentence, and the statements that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from language.labels import LabelIndex
from ontology.model import Link
from search.explain import importance, sentence
from search.naming import name
from search.paths import Metapath, Path


@dataclass(frozen=True, slots=True)
class Because:
    """One reason for a recommendation.

    Attributes:
        path: The statements, from the role to the tool and on to a source that supports it, each with its graph.
        contribution: Its part of the score.
    """

    sentence: str
    path: tuple[Link, ...]
    contribution: float


def because(paths: Sequence[Path], sources: Sequence[Link], labels: LabelIndex, lang: str) -> tuple[Because, ...]:
    """The reasons for one tool in a language. Where it has several sources, they take turns."""
    return tuple(
        _reason(path, sources[place % len(sources)] if sources else None, labels, lang)
        for place, path in enumerate(paths)
    )


def _reason(path: Path, source: Link | None, labels: LabelIndex, lang: str) -> Because:
    words = _sentence(path, labels, lang)
    if source is None:
        return Because(words, path.links, path.contribution)
    words += sentence("source", lang, source=name(labels, source.object, lang).label)
    return Because(words, (*path.links, source), path.contribution)


def _sentence(path: Path, labels: LabelIndex, lang: str) -> str:
    """Every sentence gets every name; each takes those that it has a place for."""
    between = {Metapath.BROADER: path.links[1].object, Metapath.NARROWER: path.links[1].subject}
    return sentence(
        path.metapath,
        lang,
        role=name(labels, path.links[0].subject, lang).label,
        competency=name(labels, path.competency, lang).label,
        importance=importance(path.importance, lang),
        other=name(labels, between.get(path.metapath, path.competency), lang).label,
        standard=name(labels, path.links[0].object, lang).label,
        tool=name(labels, path.tool, lang).label,
    )
