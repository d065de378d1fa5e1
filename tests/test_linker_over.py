"""A linker over entities compares meanings too, and says which words made it propose."""

from __future__ import annotations

import pytest

from language.hashing import HashEncoder
from language.linking import Linker, linker_over
from ontology.kinds import Iri, Kind
from ontology.model import Entity, Label, Text


def concept(name: str, *labels: Label, said: str = "") -> Entity:
    described = (Text(said, "en"),) if said else ()
    return Entity(Iri(name), Kind.CONCEPT, labels, described)


@pytest.fixture(scope="module")
def linker() -> Linker:
    entities = (
        concept("noticing", Label("Noticing", "en"), said="seeing how pupils reason about a task"),
        concept("fractions", Label("Fraction", "en"), Label("שברים", "he")),
        concept("budget", Label("Budgeting", "en"), said="planning what a school spends in a year"),
    )
    return linker_over(entities, HashEncoder())


def test_a_definition_is_reached_without_its_label(linker: Linker) -> None:
    text = "We met on Monday. The team talked about how pupils reason about a task."
    found = linker.propose(text)[0]
    assert (found.iri, found.method, found.features.mention) == ("noticing", "union-1", 0)
    assert found.span.text == text[found.span.start : found.span.end] == text.partition(". ")[2]


def test_a_label_in_the_text_comes_first_with_its_words(linker: Linker) -> None:
    found = linker.propose("Budgets and fractions")
    assert {found[0].iri, found[1].iri} == {"budget", "fractions"}
    assert found[0].confidence > found[-1].confidence
    assert found[0].model == HashEncoder().name


def test_a_text_that_the_model_cannot_read_is_glossed(linker: Linker) -> None:
    (found,) = linker.propose("עבודה בשברים", limit=1)
    assert (found.iri, found.span.text) == ("fractions", "בשברים")


def test_without_an_encoder_only_names_count() -> None:
    found = linker_over([concept("fractions", Label("Fraction", "en"))]).propose("Adding fractions")
    assert [(it.iri, it.method, it.model) for it in found] == [("fractions", "surface-1", "")]
