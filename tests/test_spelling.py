"""Words near to what was typed: all that measuring every word finds, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from language.spelling import Spelling, forgiven

#: Few letters, so that words are often near to one another.
letters = st.text("abאב", min_size=1, max_size=12)


def near_by_measuring(words: set[str], typed: str, begun: bool) -> dict[str, int]:
    most = forgiven(typed)
    found = {}
    for word in words:
        shown = [word[:end] for end in range(len(word) + 1)] if begun else [word]
        slips = min(OSA.distance(typed, it) for it in shown)
        if slips <= most:
            found[word] = slips
    return found


@given(st.sets(letters, max_size=40), st.text("abאב", min_size=4, max_size=12), st.booleans())
def test_near_words_are_those_that_measuring_each_finds(words, typed, begun):
    spelling = Spelling(words)
    found = {spelling.words[at]: slips for at, slips in spelling.near(typed, begun=begun).items()}
    assert found == near_by_measuring(words, typed, begun)


@given(st.sets(letters, max_size=40), letters)
def test_a_beginning_is_one_slice(words, typed):
    spelling = Spelling(words)
    start, end = spelling.beginning(typed)
    assert set(spelling.words[start:end]) == {it for it in words if it.startswith(typed)}
    assert (spelling.position(typed) is None) == (typed not in words)


@pytest.mark.parametrize(("word", "slips"), [("abc", 0), ("abcd", 1), ("abcdefg", 1), ("abcdefgh", 2)])
def test_long_words_may_have_more_slips(word, slips):
    assert forgiven(word) == slips
