"""What decisions teach: a model that is fitted, kept, read again, and refused where it would say nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from language.features import Features
from language.link_model import Decision, LinkModel, curve, fit
from language.linking import Linker
from ontology.errors import BadInput, UnreadableFile


def decisions(count: int = 600) -> list[Decision]:
    """Accepted the likelier, the nearer in meaning: the logit is 8 * meaning - 5."""
    random = np.random.default_rng(7)
    meanings = random.uniform(0, 1, count)
    likely = 1 / (1 + np.exp(5 - 8 * meanings))
    rows = zip(meanings, random.uniform(0, 1, count) < likely, strict=True)
    return [Decision(Features(meaning=float(it), mention=float(random.uniform())), bool(right)) for it, right in rows]


def test_it_finds_what_decides_and_how_likely() -> None:
    model = fit(decisions(4000))
    likely = [model.confidence(Features(meaning=it, mention=0.5)) for it in (0.2, 0.625, 0.9)]
    assert likely == pytest.approx([0.03, 0.5, 0.9], abs=0.06)


def test_the_order_of_decisions_changes_nothing() -> None:
    found = decisions()
    assert fit(found) == fit(found[::-1])


def test_it_is_the_same_after_it_was_kept(tmp_path: Path) -> None:
    model = fit(decisions())
    model.save(tmp_path / "below" / "model.json")
    assert LinkModel.read(tmp_path / "below" / "model.json") == model


def test_too_few_decisions_are_refused_with_what_is_missing() -> None:
    with pytest.raises(BadInput, match="too few"):
        fit(decisions(150))
    with pytest.raises(BadInput, match="0 of them accepted"):
        fit([Decision(it.features, accepted=False) for it in decisions()])


def test_a_damaged_model_is_told_and_one_of_other_features_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    assert LinkModel.read(file) is None
    for damaged in ("{", "[]", '{"names": []}', json.dumps({"names": ["a"], "centre": [1], "scale": [1]})):
        file.write_text(damaged)
        with pytest.raises(UnreadableFile, match="no model of decisions"):
            LinkModel.read(file)
    LinkModel(("other",), (0.0,), (1.0,), (1.0, 0.0), 300).save(file)
    assert LinkModel.read(file) is None


def test_a_linker_ranks_by_what_decisions_teach() -> None:
    linker = Linker({"a": ["Algebra"], "b": ["Geometry of solids"]})
    text = "Algebra, algebra and the geometry of solids"
    late = [Decision(Features(early=i / 600), accepted=i % 600 < 300) for i in range(600)]
    assert [it.iri for it in linker.propose(text)] != [it.iri for it in linker.after(fit(late)).propose(text)]
    found = linker.after(fit(late)).propose(text)
    assert {it.method for it in found} == {"decisions-1"}
    assert found[0].confidence == found[0].score > found[1].confidence


def test_a_curve_gives_back_the_one_that_made_its_scores() -> None:
    random = np.random.default_rng(7)
    scores = random.uniform(0, 2, 20000)
    right = random.uniform(0, 1, 20000) < 1 / (1 + np.exp(4 - 3 * scores))
    offset, slope = curve((float(it), bool(yes)) for it, yes in zip(scores, right, strict=True))
    assert (offset, slope) == (pytest.approx(-4, abs=0.2), pytest.approx(3, abs=0.2))
    with pytest.raises(BadInput):
        curve([(0.5, True)])
