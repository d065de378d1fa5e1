"""A linker over the knowledge of the service, made in one call; the texts that it links are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api import linker_choice
from api.linker_choice import MOST_ITEMS, LinkerChoice
from api.services import Services
from ingest.lessons import Lesson
from language.features import Features
from language.hashing import HashEncoder
from language.link_model import Decision, fit
from language.linking import Linker, linker_over
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


def chosen(services: Services, items: int = 1, *, everything: bool = False) -> Linker:
    choice = LinkerChoice(services.search.load, services.settings.data, services.folder.link_model)
    return choice.linker(services.writer, items, everything=everything)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Six viewing lenses for peer discussion of filmed mathematics lessons", "tool/video-lm"),
        ("Our notes on professional noticing of students' thinking", "competency/"),
    ],
)
def test_public_knowledge_is_proposed(services: Services, text: str, slug: str) -> None:
    found = chosen(services).propose(text, limit=10)
    assert any(it.iri.startswith(f"{BASE}id/{slug}") for it in found)


def test_private_records_and_our_own_lists_are_never_proposed(services: Services) -> None:
    found = chosen(services).candidates("Zanzibar conversation in a quiet class, grade 10")
    assert found
    assert not any("quiet-class" in it or "/id/concept/" in it for it in found)


def test_many_items_are_linked_by_names_alone_unless_somebody_asks(services: Services) -> None:
    assert chosen(services, MOST_ITEMS).method == "union-1"
    assert chosen(services, MOST_ITEMS + 1).method == "surface-1"
    assert chosen(services, MOST_ITEMS + 1, everything=True).method == "union-1"


def test_what_decisions_taught_is_used_and_its_damage_told(services: Services) -> None:
    file = services.folder.link_model
    fit(Decision(Features(meaning=it / 400), accepted=it > 200) for it in range(400)).save(file)
    assert {it.method for it in chosen(services).propose("noticing in lessons")} == {"decisions-1"}
    file.write_text("{")
    with pytest.raises(UnreadableFile, match=file.name):
        chosen(services)
    file.unlink()


def test_two_hundred_decisions_teach_the_linker(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(count: int) -> list[Lesson]:
        rows = (Features(meaning=it / count)._asdict() for it in range(count))
        return [Lesson(it, it["meaning"] > 0.5, "union-1") for it in rows]

    monkeypatch.setattr(linker_choice, "lessons", lambda _: said(199))
    assert chosen(services).method == "union-1"
    monkeypatch.setattr(linker_choice, "lessons", lambda _: said(200))
    assert chosen(services).method == "decisions-1"
    learnt = services.folder.link_model.read_bytes()
    monkeypatch.setattr(linker_choice, "lessons", lambda _: said(210))
    assert chosen(services).method == "decisions-1"
    assert services.folder.link_model.read_bytes() == learnt  # ten more teach little
    monkeypatch.setattr(linker_choice, "lessons", lambda _: said(220))
    assert chosen(services)
    assert services.folder.link_model.read_bytes() != learnt
    services.folder.link_model.unlink()


def test_a_text_that_is_linked_leaves_no_vector(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    concept = Entity(Iri("fraction"), Kind.CONCEPT, (Label("Fraction", "en"),))
    linker = linker_over([concept], RememberingEncoder(HashEncoder(), cache))
    assert linker.propose("A private lesson. With two sentences about halves.")
    assert cache.count() == 1
    cache.close()
