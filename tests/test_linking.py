"""Concepts that a text names are proposed with the words that caused them."""

from __future__ import annotations

import pytest

from language.linking import Linker

LINKER = Linker(
    {
        "fractions": ["Fraction", "שברים", "الكسور"],
        "equations": ["Differential equations"],
        "of": ["of the"],
    }
)


@pytest.mark.parametrize(
    ("text", "iri", "words"),
    [
        ("Adding fractions in class", "fractions", "fractions"),
        ("A differential equation of heat", "equations", "differential equation"),
        ("עבודה בשברים פשוטים", "fractions", "בשברים"),
        ("درس والكسور", "fractions", "والكسور"),
    ],
)
def test_an_inflected_or_prefixed_label_is_found_with_its_place(text: str, iri: str, words: str) -> None:
    (found,) = LINKER.propose(text)
    assert (found.iri, found.span.text) == (iri, words)
    assert text[found.span.start : found.span.end] == words


def test_function_words_alone_and_unknown_words_propose_nothing() -> None:
    assert not LINKER.propose("one of the others")
    assert not LINKER.propose("")


def test_limit_and_order_hold() -> None:
    found = LINKER.propose("Differential equations and fractions")
    assert [it.iri for it in found] == ["equations", "fractions"]
    assert LINKER.propose("Differential equations and fractions", limit=1) == found[:1]
