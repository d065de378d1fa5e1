"""Why a passage answers a query: the reasons that ranked it, in words and in numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.answers import Reason, ReasonKind
from search.explain import listing, sentence
from search.index import Candidate
from search.question import Question
from search.snippet import shared_words

#: A cosine from here on is worth a sentence even where words are shared too.
_NEAR = 0.3
_ANY_PART = 0.01


def reasons(
    found: Candidate, question: Question, names: Sequence[str], cosine: float | None, lang: str
) -> tuple[Reason, ...]:
    """The reasons for one hit, strongest kind first.

    Args:
        found: The passage.
        question: What it answers.
        names: Names of the entity that equal the query.
        cosine: Of passage and query; None where meaning was not compared.
        lang: Language of the sentences.
    """
    query = question.in_words_of(found.lang)
    shared = shared_words(found.text, query)
    if not shared and cosine is None:  # the lexical leg alone brought it, by parts of words
        shared = shared_words(found.text, query, _ANY_PART)
    kind = ReasonKind.TERMS if query == question.text else ReasonKind.GLOSS
    return (*_reasons(kind, shared, names, cosine, lang), *_read_as(question, lang))


def _reasons(
    kind: ReasonKind, shared: list[str], names: Sequence[str], cosine: float | None, lang: str
) -> Iterator[Reason]:
    for it in names[:1]:
        yield Reason(ReasonKind.LABEL, sentence("label", lang, label=it), label=it)
    if shared:
        yield Reason(kind, sentence(kind, lang, terms=listing(shared)), terms=tuple(shared))
    if cosine is not None and (cosine >= _NEAR or not (shared or names)):
        near = round(cosine, 3)
        yield Reason(ReasonKind.MEANING, sentence("meaning", lang, cosine=f"{near:.2f}"), cosine=near)


def _read_as(question: Question, lang: str) -> Iterator[Reason]:
    """What of the query was read as something else."""
    for typed, read in question.read_as:
        yield Reason(ReasonKind.READ, sentence("read", lang, typed=typed, read=read), terms=(typed, read))
