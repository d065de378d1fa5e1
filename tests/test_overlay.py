"""Curation: what people decide by hand wins, survives every re-ingest, and can be taken back."""

import pyoxigraph as ox
import pytest

from ingest.curate import Edit, SetValues, Undo, curate, etag
from ingest.ledger import Dataset
from ingest.overlay import Overlay, Slot, slot_of, spoken_slots, stated
from ontology.errors import InvalidParameter, StaleEdit
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.namespaces import KS, SKOS
from tests.ingesting import AGENT, Place, place

CLUB = Iri(f"{DEFAULT_BASE}id/tool/club")
LABEL = Iri(SKOS.prefLabel)
GRADE = Iri(KS.researchGrade)
TURTLE = """
@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kesher/id/tool/club> a ks:Tool ; skos:prefLabel "Club"@en , "מועדון"@he ; ks:researchGrade 2 .
"""


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        found.take("a.ttl", TURTLE)
        yield found


def text(word: str, lang: str) -> ox.Literal:
    return ox.Literal(word, language=lang)


def edit(here: Place, *edits: Edit, **keywords: object) -> int:
    return curate(here.writer, CLUB, edits, agent=AGENT, **keywords).changed_triples


def labels(here: Place) -> set[str]:
    return here.objects("tool/club", LABEL)


def overridden(here: Place) -> set[str]:
    """What the overridden statements say, and which graph says it."""
    nodes = list(here.graph.quads(graph=here.writer.overlay.overridden))
    return {f"{quad.object} in {quad.graph_name.value.rpartition('/')[2]}" for quad in stated(nodes)}


def test_curation_wins_in_its_slot_and_leaves_the_other_languages(here):
    edit(here, SetValues(LABEL, (text("חוג צפייה", "he"),), "he"))
    assert labels(here) == {'"Club"@en', '"חוג צפייה"@he'}
    assert overridden(here) == {'"מועדון"@he in a.ttl'}


def test_no_reingest_touches_curation(here):
    edit(here, SetValues(LABEL, (text("Video club", "en"),), "en"))
    assert here.take("a.ttl", TURTLE).changed_triples == 0
    here.take("a.ttl", TURTLE.replace('"Club"@en', '"Clubs"@en').replace("ks:researchGrade 2", "ks:researchGrade 3"))
    assert '"Video club"@en' in labels(here)
    assert '"Clubs"@en' not in labels(here)
    assert overridden(here) == {'"Clubs"@en in a.ttl'}
    assert len(here.objects("tool/club", GRADE)) == 1


def test_undo_restores_exactly(here):
    before = here.everything()
    edit(here, SetValues(LABEL, (text("Video club", "en"),), "en"), SetValues(GRADE, ()))
    assert here.everything() != before
    edit(here, Undo(LABEL, "en"), Undo(GRADE))
    assert here.everything() == before


def test_undo_after_a_reingest_gives_what_the_source_says_now(here):
    edit(here, SetValues(LABEL, (text("Video club", "en"),), "en"))
    here.take("a.ttl", TURTLE.replace('"Club"@en', '"Clubs"@en'))
    edit(here, Undo(LABEL, "en"))
    assert '"Clubs"@en' in labels(here)
    assert not overridden(here)


def test_a_slot_can_be_emptied_and_stays_empty(here):
    edit(here, SetValues(LABEL, (), "he"))
    assert labels(here) == {'"Club"@en'}
    here.take("a.ttl", TURTLE + "# again\n")
    here.take("a.ttl", TURTLE.replace("מועדון", "חוג"))
    assert labels(here) == {'"Club"@en'}
    assert overridden(here) == {'"חוג"@he in a.ttl'}
    edit(here, SetValues(LABEL, (text("קבוצה", "he"),), "he"))
    assert labels(here) == {'"Club"@en', '"קבוצה"@he'}


def test_values_of_several_sources_step_aside_together(here):
    here.take("b.ttl", TURTLE.replace('"Club"@en', '"Klub"@en'))
    assert len(labels(here)) == 3
    edit(here, SetValues(LABEL, (text("Video club", "en"),), "en"))
    assert labels(here) == {'"Video club"@en', '"מועדון"@he'}
    assert overridden(here) == {'"Club"@en in a.ttl', '"Klub"@en in b.ttl'}
    edit(here, Undo(LABEL, "en"))
    assert len(labels(here)) == 3


def test_a_source_that_agrees_with_the_curator_returns_when_he_takes_it_back(here):
    edit(here, SetValues(LABEL, (text("Club", "en"),), "en"))
    assert overridden(here) == {'"Club"@en in a.ttl'}
    edit(here, Undo(LABEL, "en"))
    assert len(here.said("source/a.ttl")) == 4


def test_a_source_that_goes_takes_its_overridden_statements_along(here):
    edit(here, SetValues(LABEL, (text("Video club", "en"),), "en"))
    here.writer.replace("source/a.ttl", [], door="test", agent=AGENT)
    assert not overridden(here)
    assert labels(here) == {'"Video club"@en'}


def test_links_and_numbers_are_slots_of_their_own(here):
    edit(here, SetValues(GRADE, (ox.Literal(1),)))
    assert here.objects("tool/club", GRADE) == {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    edit(here, SetValues(Iri(KS.develops), (ox.NamedNode(f"{DEFAULT_BASE}id/competency/obs-2"),)))
    assert len(here.objects("tool/club", KS.develops)) == 1


def test_curated_text_is_clean(here):
    edit(here, SetValues(LABEL, (text("Video\x00 club\u202e", "en"),), "en"))
    assert '"Video club"@en' in labels(here)


def test_the_same_edit_again_is_no_write(here):
    change = SetValues(LABEL, (text("Video club", "en"),), "en")
    edit(here, change)
    last = here.ledger.last
    assert edit(here, change) == 0
    assert edit(here, Undo(GRADE)) == 0
    assert here.ledger.last == last


def test_an_edit_is_one_write_with_its_agent(here):
    edit(here, SetValues(LABEL, (text("A", "en"),), "en"), SetValues(LABEL, (text("א", "he"),), "he"))
    (change,) = here.ledger.changes_since(here.ledger.last - 1)
    assert change.iris == {CLUB}
    assert here.ledger._rows("select door, agent, graphs from writes where sequence = ?", change.sequence) == [
        ("curation", AGENT, "curation")
    ]


def test_an_entity_that_has_changed_is_not_written_over(here):
    seen = etag(here.writer, CLUB)
    edit(here, SetValues(GRADE, (ox.Literal(1),)), expected=seen)
    with pytest.raises(StaleEdit, match="has changed since it was loaded"):
        edit(here, SetValues(GRADE, (ox.Literal(3),)), expected=seen)
    edit(here, SetValues(GRADE, (ox.Literal(3),)), expected=etag(here.writer, CLUB))


def test_the_etag_changes_with_any_source(here):
    seen = etag(here.writer, CLUB)
    here.take("b.ttl", TURTLE)
    assert etag(here.writer, CLUB) != seen


@pytest.mark.parametrize(
    "edits",
    [
        (SetValues(LABEL, (text("Club", "en"),), "he"),),
        (SetValues(LABEL, (text("Club", "en"),)),),
        (SetValues(GRADE, (ox.Literal(1),), "en"),),
        (SetValues(GRADE, ()), Undo(GRADE)),
        (SetValues(Iri("no address"), ()),),
        (SetValues(LABEL, (text("x" * 70_000, "en"),), "en"),),
        (SetValues(Iri(KS.consent), (ox.Literal("public"),)),),
    ],
)
def test_edits_that_do_not_fit_change_nothing(here, edits):
    before = here.everything()
    with pytest.raises(InvalidParameter):
        edit(here, *edits)
    assert here.everything() == before


def test_private_entities_are_curated_in_their_own_dataset(here):
    here.take("note.md", "---\nid: club\n---\n# A note")
    subject = Iri(f"{DEFAULT_BASE}id/practice/club")
    before = here.everything()
    change = SetValues(LABEL, (text("Our note", "en"),), "en")
    curate(here.writer, subject, [change], agent=AGENT, dataset=Dataset.PRIVATE)
    assert here.everything() == before
    said = here.private.quads(ox.NamedNode(subject), ox.NamedNode(LABEL))
    assert [quad.object.value for quad in said] == ["Our note"]


# --- the logic alone ---


def test_a_slot_has_the_language_of_the_text():
    subject, predicate = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p")
    assert slot_of(ox.Triple(subject, predicate, text("x", "he"))) == Slot(subject, predicate, "he")
    assert slot_of(ox.Triple(subject, predicate, ox.Literal("x"))) == Slot(subject, predicate)
    assert slot_of(ox.Triple(subject, predicate, subject)) == Slot(subject, predicate)


def test_a_marker_speaks_of_its_slot_and_of_nothing_else():
    overlay = Overlay(DEFAULT_BASE)
    slots = [Slot(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), lang) for lang in ("he", "")]
    assert spoken_slots([quad for slot in slots for quad in overlay.marker(slot)]) == set(slots)


def test_what_is_set_aside_can_be_read_back():
    overlay = Overlay(DEFAULT_BASE)
    subject, graph = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/g")
    quads = [ox.Quad(subject, ox.NamedNode("http://e/p"), value, graph) for value in (text("x", "he"), subject)]
    nodes = [node for quad in quads for node in overlay.set_aside(quad)]
    assert set(stated(nodes)) == set(quads)
