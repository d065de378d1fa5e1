"""A query as the legs of the index take it.

A Hebrew or Arabic query asks three times: in its own words, which meet the names of entities in that language; in the
English words that the lexicon gives, which meet everything else; and by the meaning of those English words. What it
says in English itself stays as it is in all three.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from language.analyzer import sparse_query
from language.encoder import Encoder, Vector
from language.gloss import Gloss, gist
from language.lexicons import SHIPPED, Lexicons
from language.script import covered
from search.index import Leg, SparseVector
from search.reading import Reading

#: Senses of a word that are asked for, and what each further one counts for beside the one before it.
_SENSES = 3
_FURTHER = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the index.

    Attributes:
        text: What the user typed.
        english: Its glosses, where it is in a language that has a lexicon; else empty.
        sparse: One leg for the words as they were read, one for their glosses.
        dense: None where the encoder cannot read what there is.
        read_as: Words that were read as others, each with what it was read as.
        glossed: `dense` is the meaning of the glosses, because the encoder cannot read the text itself.
    """

    text: str
    english: str
    sparse: tuple[Leg, ...]
    dense: Vector | None
    read_as: tuple[tuple[str, str], ...] = ()
    glossed: bool = False

    def in_words_of(self, lang: str) -> str:
        """The words that a passage in this language can share."""
        if self.english and lang == "en":
            return self.english
        return " ".join((self.text, *(read for _, read in self.read_as)))


def ask(query: str | Reading, encoder: Encoder | None, lexicons: Lexicons = SHIPPED, typed: str = "") -> Question:
    """The question that a query puts to the index.

    Args:
        query: A query in any language, or how it was read.
        encoder: None where only words are compared; asked only for text in scripts that it covers.
        lexicons: What glosses its words.
        typed: The query as it was typed, where it was read otherwise.
    """
    reading = query if isinstance(query, Reading) else Reading(query)
    glosses = lexicons.gloss(reading.text)
    english = " ".join(sense for it in glosses for sense in it.english[:_SENSES])
    glossed = encoder is None or not covered(reading.text, encoder.languages)
    readable = gist(glosses) if glossed else reading.text
    dense = encoder.encode_query(readable) if encoder is not None and _reads(encoder, readable) else None
    translated = (Leg(_translated(glosses), "en"),) if english else ()
    return Question(
        text=typed or reading.text,
        english=english,
        sparse=(Leg(sparse_query(reading.text)), *translated),
        dense=dense,
        read_as=reading.read_as,
        glossed=glossed,
    )


def _translated(glosses: list[Gloss]) -> SparseVector:
    """The terms of the senses of each word, the likelier the heavier."""
    weights: defaultdict[int, float] = defaultdict(float)
    for it in glosses:
        for place, sense in enumerate(it.english[:_SENSES]):
            for term, weight in sparse_query(sense).items():
                weights[term] += weight * _FURTHER**place
    return weights


def _reads(encoder: Encoder, text: str) -> bool:
    return bool(text) and covered(text, encoder.languages)
