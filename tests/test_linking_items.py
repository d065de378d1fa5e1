"""The texts by rule in Hebrew and Arabic are whole collections, and what they ask for can be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.linking_items import write
from language.concept_vectors import silent
from language.linking import Linker
from search.link_collection import LinkCollection
from search.link_evaluation import evaluate_links, find

FEWEST = 100


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LinkCollection]:
    return {name: LinkCollection.read(it) for name, it in write(tmp_path_factory.mktemp("items")).items()}


@pytest.mark.parametrize("name", ["described", "named"])
def test_each_language_has_a_hundred_texts_about_concepts_that_are_there(
    made: dict[str, LinkCollection], name: str
) -> None:
    documents = made[name].documents
    for lang in ("he", "ar"):
        assert sum(it.lang == lang for it in documents) >= FEWEST
    assert all(it.right.keys() <= made[name].labels.keys() for it in documents)
    assert len({it.name for it in documents}) == len(documents)


def test_a_name_behind_a_prefix_is_found_by_its_surface(made: dict[str, LinkCollection]) -> None:
    linker = Linker(made["named"].labels)
    found = evaluate_links(find(made["named"].documents, linker, silent), linker)
    assert min(found["he"]["recall@20"], found["ar"]["recall@20"]) > 0.5


def test_the_same_knowledge_gives_the_same_texts(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one"), write(tmp_path / "other")
    for name, folder in one.items():
        for file in folder.iterdir():
            assert file.read_bytes() == (other[name] / file.name).read_bytes()
