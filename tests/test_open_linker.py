"""A linker over the knowledge of the service, made in one call; the texts that it links are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.linking import LINKED, open_linker, taught_file
from api.services import Services
from language.features import Features
from language.hashing import HashEncoder
from language.link_model import Decision, fit
from language.linking import linker_over
from language.remembering import RememberingEncoder
from language.vector_cache import VectorCache
from ontology.errors import UnreadableFile
from ontology.kinds import Iri, Kind
from ontology.model import Entity, Label
from tests.serving import BASE, services_of, serving


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with serving(tmp_path_factory.mktemp("linking")) as client:
        yield services_of(client)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Six viewing lenses for peer discussion of filmed mathematics lessons", "tool/video-lm"),
        ("Our notes on professional noticing of students' thinking", "competency/"),
    ],
)
def test_public_knowledge_is_proposed(services: Services, text: str, slug: str) -> None:
    found = open_linker(services).propose(text, limit=10)
    assert any(it.iri.startswith(f"{BASE}id/{slug}") for it in found)


def test_private_records_and_kinds_that_nobody_asked_for_are_never_proposed(services: Services) -> None:
    found = open_linker(services, {Kind.TOOL}).candidates("Zanzibar conversation in a quiet class")
    assert found
    assert all(f"{BASE}id/tool/" in it for it in found)
    assert not any("quiet-class" in it for it in open_linker(services).candidates("Zanzibar conversation"))
    assert Kind.PRACTICE not in LINKED


def test_what_decisions_taught_is_used_and_its_damage_told(services: Services) -> None:
    file = taught_file(services.settings.data)
    fit(Decision(Features(meaning=it / 400), accepted=it > 200) for it in range(400)).save(file)
    assert {it.method for it in open_linker(services).propose("noticing in lessons")} == {"decisions-1"}
    file.write_text("{")
    with pytest.raises(UnreadableFile, match=file.name):
        open_linker(services)
    file.unlink()


def test_a_text_that_is_linked_leaves_no_vector(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    concept = Entity(Iri("fraction"), Kind.CONCEPT, (Label("Fraction", "en"),))
    linker = linker_over([concept], RememberingEncoder(HashEncoder(), cache))
    assert linker.propose("A private lesson. With two sentences about halves.")
    assert cache.count() == 1
    cache.close()
