"""British and American spelling meet."""

import pytest

from language.analyzer import sparse_query, term_id, terms_of
from language.orthography import spellings


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("programme", "program"),
        ("programs", "programmes"),
        ("behavioural", "behavioral"),
        ("centre", "center"),
        ("organised", "organized"),
        ("generalization", "generalisation"),
        ("analyse", "analyze"),
    ],
)
def test_a_word_has_its_other_spelling_either_way(word: str, other: str):
    assert other in spellings(word)
    assert word in spellings(other)


@pytest.mark.parametrize("word", ["lesson", "size", "rise", "our", "color_", "תלמיד", ""])
def test_other_words_have_none(word: str):
    assert list(spellings(word)) == []


def test_a_query_asks_in_both_spellings():
    asked = sparse_query("behavior")
    assert {term_id(it) for word in ("behavior", "behaviour") for it in terms_of(word)} <= asked.keys()
