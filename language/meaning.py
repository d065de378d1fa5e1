"""What a text means among concepts: how near it is to what each of them is called and defined as.

A text that the model cannot read is glossed into English first (`language.gloss`), as a query is. Texts are encoded as
queries, because those are never kept: a text may be private, and a vector tells much about its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from language.concept_vectors import ConceptVectors, Nearness, Progress, silent
from language.encoder import Encoder
from language.gloss import gist
from language.lexicons import SHIPPED, Lexicons
from language.script import covered


class Meaning:
    """Compares texts with concepts. Immutable.

    Args:
        texts: Concept -> its labels and definitions, in any languages. Those that the encoder can read count; of a
            concept that has none, the glosses of the others.
        encoder: Encodes them as documents: where it remembers, never twice.
        lexicons: Gloss what it cannot read.
        progress: Called with how many texts of concepts are encoded, and of how many.
    """

    def __init__(
        self,
        texts: Mapping[str, Iterable[str]],
        encoder: Encoder,
        lexicons: Lexicons = SHIPPED,
        progress: Progress = silent,
    ) -> None:
        self._encoder = encoder
        self._lexicons = lexicons
        self._vectors = ConceptVectors({iri: self._readable(it) for iri, it in texts.items()}, encoder, progress)
        self.name = encoder.name

    def near(self, text: str, opening: str) -> Nearness | None:
        """How near every concept is to a text; None where the text cannot be read, or there are no concepts.

        Args:
            text: The whole.
            opening: Its first sentence, which of most texts is the title.
        """
        readable = self._english(text)
        if not readable:
            return None
        whole, first = self._encoder.encode_query(readable), self._english(opening) or readable
        return self._vectors.near(whole, whole if first == readable else self._encoder.encode_query(first))

    def nearest_piece(self, pieces: Sequence[str], concepts: Iterable[str]) -> Mapping[str, int]:
        """The number of the piece that is nearest to each concept; without those that are compared with none."""
        readable = {number: it for number, piece in enumerate(pieces) if (it := self._english(piece))}
        vectors = {iri: rows for iri in concepts if len(rows := self._vectors.of(iri))}
        if not readable or not vectors:
            return {}
        numbers, matrix = list(readable), np.stack([self._encoder.encode_query(it) for it in readable.values()])
        return {iri: numbers[int(np.argmax((rows @ matrix.T).max(axis=0)))] for iri, rows in vectors.items()}

    def _readable(self, texts: Iterable[str]) -> list[str]:
        given = [it for it in texts if it.strip()]
        own = [it for it in given if covered(it, self._encoder.languages)]
        return own or list(filter(None, map(self._english, given)))

    def _english(self, text: str) -> str:
        """The text, or its glosses where the encoder cannot read it; empty where it can read neither."""
        if covered(text, self._encoder.languages):
            return text
        glossed = gist(self._lexicons.gloss(text))
        return glossed if covered(glossed, self._encoder.languages) else ""
