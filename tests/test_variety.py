"""Maximal marginal relevance, by hand."""

import numpy as np
import pytest

from search.variety import likeness, varied

SCORES = [3.0, 2.9, 1.0]
TWINS = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def test_a_twin_comes_after_what_is_new():
    assert varied(SCORES, TWINS, 0.6) == [0, 2, 1]


def test_without_diversity_the_ranking_stays():
    assert varied(SCORES, TWINS, 0) == [0, 1, 2]


def test_ties_fall_by_place():
    assert varied([1.0, 1.0, 1.0], np.eye(3), 0.5) == [0, 1, 2]
    assert varied([], np.zeros((0, 0)), 0.5) == []


def test_passages_are_alike_in_meaning_or_in_words():
    near = np.array([1.0, 0.0], dtype=np.float32)
    texts = ["video club", "video clubs", "reading circle", "video club"]
    found = likeness(texts, [near, near, None, None])
    assert found[0, 1] == pytest.approx(1)
    assert found[0, 2] == 0
    assert found[0, 3] == pytest.approx(1)  # it has no vector: its words are compared
    assert np.allclose(found, found.T)
