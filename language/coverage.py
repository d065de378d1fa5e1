"""How much of running text a lexicon reaches, and how often what it says is what a translation says. Pure.

A content word is a run of letters of the language's script, two at least, that is no function word
(`language.function_words`); numbers and words of other scripts do not count. Words of a phrase that is glossed as one
count each. Coverage says that there is a gloss, not that it is right; agreement with a translation bounds that from
below, because a free translation says the same in other words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from language.analyzer import terms_of
from language.folding import words
from language.function_words import FUNCTION_WORDS
from language.gloss import Gloss, Lexicon
from language.script import Script, script_of, script_of_language


@dataclass(frozen=True, slots=True)
class Coverage:
    """Content words of texts in one language: how many have a gloss.

    Attributes:
        tokens: Folded word -> how often the texts say it.
        missing: The same for the words without a gloss, most frequent first.
    """

    tokens: Mapping[str, int]
    missing: Mapping[str, int]

    @property
    def by_tokens(self) -> float:
        """Share of words with a gloss, each as often as it is said; 0 without words."""
        return _share(sum(self.missing.values()), sum(self.tokens.values()))

    @property
    def by_types(self) -> float:
        """Share of words with a gloss, each once; 0 without words."""
        return _share(len(self.missing), len(self.tokens))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the glosses of texts, how many share a stem with the English text beside them.

    Attributes:
        glosses: How many there are.
        first: Share whose first sense does.
        some: Share of which any sense does.
    """

    glosses: int
    first: float
    some: float


def coverage(texts: Iterable[str], lexicon: Lexicon, lang: str) -> Coverage:
    """The coverage of texts; those mostly in another script are passed over."""
    script = script_of_language(lang)
    tokens: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for text in texts:
        for gloss in lexicon.read(text):
            content = [it for it in gloss.words if _is_content(it, script)]
            tokens.update(content)
            if not gloss.english:
                missing.update(content)
    return Coverage(tokens, dict(missing.most_common()))


def agreement(pairs: Iterable[tuple[str, str]], lexicon: Lexicon) -> Agreement:
    """How the glosses of texts agree with their English: (text, English) pairs."""
    first, some, every = 0, 0, 0
    for text, english in pairs:
        said = _stems(english)
        for gloss in lexicon.gloss(text):
            every += 1
            first += not said.isdisjoint(_stems(gloss.english[0]))
            some += any(not said.isdisjoint(_stems(it)) for it in gloss.english)
    return Agreement(every, first / max(1, every), some / max(1, every))


def differing(pairs: Iterable[tuple[str, str]], lexicon: Lexicon) -> list[tuple[Gloss, int]]:
    """The glosses of which no sense is in the English beside them, most frequent first, with how often."""
    counts = Counter(
        gloss
        for text, english in pairs
        for gloss in lexicon.gloss(text)
        if all(_stems(english).isdisjoint(_stems(it)) for it in gloss.english)
    )
    return counts.most_common()


def _is_content(word: str, script: Script) -> bool:
    return len(word) > 1 and word not in FUNCTION_WORDS and script_of(word) is script


def _stems(text: str) -> frozenset[str]:
    return frozenset(term for word in words(text) for term in terms_of(word))


def _share(missing: int, every: int) -> float:
    return 1 - missing / every if every else 0.0
