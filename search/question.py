"""A query as the legs of the index take it.

A Hebrew or Arabic query asks three times: in its own words, which meet the names of entities in that language; in the
English words that the lexicon gives, which meet everything else; and by the meaning of those English words.
"""

from __future__ import annotations

from dataclasses import dataclass

from language.analyzer import sparse_query
from language.encoder import Encoder, Vector
from language.gloss import Gloss, lexicons
from language.script import covered, language_of
from search.index import Leg

#: Senses of a word that are asked for; a homograph's further ones are seldom meant.
_SENSES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the index.

    Attributes:
        text: What the user typed.
        english: Its glosses, where it is in a language that has a lexicon; else empty.
        sparse: One leg for the words as typed, one for their glosses.
        dense: None where the encoder cannot read what there is.
        glossed: `dense` is the meaning of the glosses, because the encoder cannot read the text itself.
    """

    text: str
    english: str
    sparse: tuple[Leg, ...]
    dense: Vector | None
    glossed: bool = False

    def in_words_of(self, lang: str) -> str:
        """The words that a passage in this language can share."""
        return self.english if self.english and lang == "en" else self.text


def ask(text: str, encoder: Encoder | None) -> Question:
    """The question that a query puts to the index.

    Args:
        text: A query in any language.
        encoder: None where only words are compared; asked only for text in scripts that it covers.
    """
    glosses = _glosses(text)
    english = " ".join(sense for it in glosses for sense in it.english[:_SENSES])
    glossed = encoder is None or not covered(text, encoder.languages)
    readable = _gist(glosses) if glossed else text
    dense = encoder.encode_query(readable) if encoder is not None and _reads(encoder, readable) else None
    translated = (Leg(sparse_query(english), "en"),) if english else ()
    return Question(text, english, (Leg(sparse_query(text)), *translated), dense, glossed)


def _glosses(text: str) -> list[Gloss]:
    lexicon = lexicons().get(language_of(text))
    return lexicon.gloss(text) if lexicon else []


def _gist(glosses: list[Gloss]) -> str:
    """The likeliest sense of each word, in the order of the query: near enough to a sentence for an encoder."""
    return " ".join(it.english[0] for it in glosses)


def _reads(encoder: Encoder, text: str) -> bool:
    return bool(text) and covered(text, encoder.languages)
