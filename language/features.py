"""What is known of a proposal, as numbers: what it is ranked by, and what decisions weigh."""

from __future__ import annotations

from typing import NamedTuple


class Features(NamedTuple):
    """The features of one concept for one text; a change of them is another version of the method.

    Attributes:
        mention: Score of its mention in the text, at least 0 (`language.mentions`); 0 where it is not named.
        times: How often it is named, as log(1 + n).
        early: 1 where it is named in the first word, towards 0 at the end; 0 where it is not named.
        shared: Share of the words of a label that the text has, wherever they stand, rare words counting for more.
        rarity: How rare the words are that it shares, in nats.
        meaning: Cosine of the text and what the concept is called or defined as; 0 without an encoder.
        opening: The same of its first sentence.
        behind: How far the mean of both is below the greatest of the text; 0 for that one, and without an encoder.
        place: 1 / log2(1 + place) of the concept by that mean; 0 without an encoder.
        agreement: `mention` times that mean.
        length: Words of its shortest label.
    """

    mention: float = 0.0
    times: float = 0.0
    early: float = 0.0
    shared: float = 0.0
    rarity: float = 0.0
    meaning: float = 0.0
    opening: float = 0.0
    behind: float = 0.0
    place: float = 0.0
    agreement: float = 0.0
    length: float = 0.0


#: Of what nothing is known.
NO_FEATURES = Features()
