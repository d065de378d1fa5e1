"""Why a passage answers a query: the reasons that ranked it, in words and in numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from language.analyzer import analyze
from language.folding import words
from search.answers import Reason, ReasonKind
from search.explain import listing, sentence
from search.index import Candidate
from search.question import Question
from search.snippet import shared_words

#: A cosine from here on is worth a sentence even where words are shared too.
_NEAR = 0.3
_ANY_PART = 0.01
#: Words that are named where none of them tells much.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Called:
    """How an entity is called: names that equal the query, that of its passage, and the one that is shown."""

    equal: Sequence[str]
    heading: str
    shown: str


def reasons(
    found: Candidate, question: Question, called: Called, cosine: float | None, lang: str
) -> tuple[Reason, ...]:
    """The reasons for one hit, strongest kind first.

    Args:
        found: The passage.
        question: What it answers.
        called: Names of the entity.
        cosine: Of passage and query; None where meaning was not compared.
        lang: Language of the sentences.
    """
    query = question.in_words_of(found.lang)
    shared = shared_words(found.text, query)
    if not shared and cosine is None:  # the lexical leg alone brought it, by parts of words
        shared = shared_words(found.text, query, _ANY_PART) or _any_words(found.text, query)
    kind = ReasonKind.TERMS if query == question.text else ReasonKind.GLOSS
    told = _by_words(kind, shared, called, lang)
    return (*told, *_by_meaning(cosine, bool(shared or called.equal), lang), *_read_as(question, lang))


def _any_words(text: str, query: str) -> list[str]:
    """The first words of a text that have a term of the query, however little they tell."""
    asked = frozenset(analyze(query))
    return list(islice((it for it in text.split() if asked.intersection(analyze(it))), _FEW))


def _by_words(kind: ReasonKind, shared: Sequence[str], called: Called, lang: str) -> Iterator[Reason]:
    for it in called.equal[:1]:
        yield Reason(ReasonKind.LABEL, sentence("label", lang, label=it), label=it)
    within = frozenset(words(called.heading))
    named = [] if called.equal else [it for it in shared if within.issuperset(words(it))]
    if named:
        shown = "called" if called.heading == called.shown else "name"
        told = sentence(shown, lang, label=called.heading, terms=listing(named))
        yield Reason(ReasonKind.NAME, told, label=called.heading, terms=tuple(named))
    if other := [it for it in shared if it not in named]:
        yield Reason(kind, sentence(kind, lang, terms=listing(other)), terms=tuple(other))


def _by_meaning(cosine: float | None, explained: bool, lang: str) -> Iterator[Reason]:
    if cosine is not None and (cosine >= _NEAR or not explained):
        near = round(cosine, 3)
        yield Reason(ReasonKind.MEANING, sentence("meaning", lang, cosine=f"{near:.2f}"), cosine=near)


def _read_as(question: Question, lang: str) -> Iterator[Reason]:
    """What of the query was read as something else."""
    for typed, read in question.read_as:
        yield Reason(ReasonKind.READ, sentence("read", lang, typed=typed, read=read), terms=(typed, read))
