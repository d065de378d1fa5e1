from dataclasses import replace

import pytest

from graph.embedded import EmbeddedGraph
from ontology.kinds import Iri, Kind
from ontology.model import Certainty, Entity, Label, Text
from search.entities import label_entries, read_entities
from search.passages import LONGEST, passages, sentences
from tests.searching import address, load, starter

TOOL = Entity(
    iri=Iri("https://w3id.org/kesher/id/tool/video-club"),
    kind=Kind.TOOL,
    labels=(
        Label("Video club", "en"),
        Label("club of video_clips", "en", preferred=False),
        Label("מועדון וידאו", "he"),
    ),
    descriptions=(Text("Teachers discuss clips", "en-GB"), Text("What did we see?", "en")),
)


def texts(entity: Entity) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for it in passages(entity, "m@1"):
        found.setdefault(it.lang, []).append(it.text)
    return found


def test_a_passage_names_and_then_describes_in_each_language():
    assert texts(TOOL) == {
        "en": ["Video club. club of video clips. Teachers discuss clips. What did we see?"],
        "he": ["מועדון וידאו."],
    }


def test_texts_without_a_language_go_where_their_script_does():
    entity = replace(TOOL, labels=(Label("LEA.1", "", preferred=False), Label("مركّز", "")), descriptions=())
    assert texts(entity) == {"en": ["LEA.1."], "ar": ["مركّز."]}


def test_a_language_without_a_name_borrows_one():
    entity = replace(TOOL, labels=(Label("Video club", "en"),), descriptions=(Text("מורים דנים בקטעים", "he"),))
    assert texts(entity)["he"] == ["Video club. מורים דנים בקטעים."]


def test_what_says_nothing_has_no_passage():
    assert passages(replace(TOOL, labels=(), descriptions=()), "m@1") == []


def test_ids_depend_on_entity_number_language_and_model_alone():
    [english, hebrew] = passages(TOOL, "m@1")
    assert english.id != hebrew.id
    assert [it.id for it in passages(replace(TOOL, descriptions=()), "m@1")] == [english.id, hebrew.id]
    assert not {it.id for it in passages(TOOL, "m@2")} & {english.id, hebrew.id}
    assert str(english.id) == "b5e0a3f4-e165-5e8a-9eba-e16c9d484438"


@pytest.mark.parametrize(
    "change",
    [{"descriptions": ()}, {"grades": (7, 9)}, {"subjects": (Iri("urn:maths"),)}, {"statuses": ("illustrative",)}],
)
def test_the_hash_follows_what_the_index_keeps(change):
    before, after = passages(TOOL, "m@1")[0], passages(replace(TOOL, **change), "m@1")[0]
    assert before.id == after.id
    assert before.text_hash != after.text_hash
    assert passages(replace(TOOL), "m@1")[0] == before


def test_long_texts_become_passages_of_whole_sentences_that_each_begin_with_the_name():
    long = " ".join(f"Sentence number {it} says a little about the lesson." for it in range(100))
    found = texts(replace(TOOL, labels=TOOL.labels[:1], descriptions=(Text(long, "en"),)))["en"]
    assert len(found) > 4
    assert all(it.startswith("Video club. Sentence number") and it.endswith(".") for it in found)
    assert max(map(len, found)) <= LONGEST + 1
    assert " ".join(it.removeprefix("Video club. ") for it in found) == long


def test_a_sentence_without_end_is_cut():
    found = texts(replace(TOOL, labels=TOOL.labels[:1], descriptions=(Text("x" * 2500, "en"),)))["en"]
    assert "".join(it.removeprefix("Video club. ") for it in found) == "x" * 2500 + "."


def test_sentences_do_not_end_at_initials():
    assert sentences("One. Two? ثلاثة؟ Ball, D. L.; Phelps, G. wrote.") == [
        "One.", "Two?", "ثلاثة؟", "Ball, D. L.; Phelps, G. wrote."
    ]  # fmt: skip


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory) -> EmbeddedGraph:
    return starter(tmp_path_factory.mktemp("starter"))


def test_the_starter_knowledge_reads_as_entities(knowledge):
    entities = read_entities(knowledge)
    counts = {kind: sum(it.kind is kind for it in entities) for kind in Kind}
    expected = {
        Kind.ROLE: 14,
        Kind.COMPETENCY: 99,
        Kind.STANDARD: 43,
        Kind.TOOL: 150,
        Kind.SOURCE: 412,
        Kind.SUBJECT: 5,
    }
    assert {kind: counts[kind] for kind in expected} == expected
    assert [it.iri for it in entities] == sorted(it.iri for it in entities)


def test_one_entity_is_the_same_alone_and_among_all(knowledge):
    everything = {it.iri: it for it in read_entities(knowledge)}
    for kind, slug in [(Kind.TOOL, "video-lm"), (Kind.ROLE, "subject-coordinator"), (Kind.SOURCE, "ball2008")]:
        assert read_entities(knowledge, [address(kind, slug)]) == [everything[address(kind, slug)]]


def test_a_tool_carries_what_filters_need(knowledge):
    [tool] = read_entities(knowledge, [address(Kind.TOOL, "video-lm")])
    assert tool.content_languages == ("en", "he")
    assert tool.subjects == (address(Kind.SUBJECT, "mathematics"),)
    assert (tool.grades, tool.research_grade, tool.field_grade) == ((7, 12), 2, None)
    assert tool.statuses == ("proposed",)
    assert tool.label("he").certainty is Certainty.LIKELY
    assert tool.label("en").certainty is Certainty.SURE
    [anywhere] = read_entities(knowledge, [address(Kind.TOOL, "video-club")])
    assert anywhere.content_languages == anywhere.subjects == ()


def test_an_uncertain_name_is_only_an_alternative(knowledge):
    roles = [it for it in read_entities(knowledge) if it.kind is Kind.ROLE]
    uncertain = [label for it in roles for label in it.labels if label.certainty is Certainty.UNCERTAIN]
    assert uncertain
    assert not any(it.preferred for it in uncertain)
    assert all(it.needs_review for it in uncertain)


def test_keywords_and_authors_become_one_text_each(knowledge):
    [source] = read_entities(knowledge, [address(Kind.SOURCE, "ball2008")])
    assert [it.text for it in source.descriptions] == ["mkt, pck", "Ball, D. L.; Phelps, G.; Thames, M. H."]
    assert source.content_languages == ("en",)


def test_what_kesher_has_no_kind_for_is_no_entity(tmp_path):
    graph = EmbeddedGraph(tmp_path)
    load(graph, 't:a a ks:Tool ; skos:prefLabel "A"@en . l:b a skosxl:Label ; skosxl:literalForm "B"@en .')
    assert [it.iri for it in read_entities(graph)] == [address(Kind.TOOL, "a")]
    assert read_entities(graph, [Iri("https://w3id.org/kesher/id/label/b"), Iri("urn:nothing")]) == []
    assert read_entities(graph, []) == []


def test_titles_name_what_has_no_preferred_label(tmp_path):
    graph = EmbeddedGraph(tmp_path)
    load(
        graph, 's:a a ks:ResearchSource ; dcterms:title "A title" ; skos:altLabel "Short"@en ; dcterms:language "he" .'
    )
    [source] = read_entities(graph)
    assert [(it.text, it.preferred) for it in source.labels] == [("A title", True), ("Short", False)]
    assert source.content_languages == ("he",)
    assert [it.text for it in label_entries([source])] == ["A title", "Short"]
