"""Links are proposed while files come in, people decide, and what they decide outlives every file that comes again."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import bulk
from ingest.bulk import accept_above, sampled
from ingest.item_texts import concept_codes, concept_labels
from ingest.ledger import Dataset
from ingest.link import Proposer
from ingest.links import REVIEW, LinkState
from ingest.review import ReviewQueue, Stored
from language.linking import SURFACE, Linker
from ontology.errors import Conflict, InvalidParameter, StaleEdit, UnknownEntity
from ontology.kinds import Iri
from ontology.namespaces import DCTERMS, KS
from tests.ingesting import Place, place

PROGRAM = "https://example.org/agent/linker"
ANN, BEN = "https://example.org/agent/ann", "https://example.org/agent/ben"
CONCEPTS = """@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:noticing> a ks:Competency ; skos:prefLabel "professional noticing"@en , "הבחנה מקצועית"@he .
<urn:fractions> a ks:Misconception ; skos:prefLabel "adding fractions"@en .
<urn:physics> a ks:Subject ; skos:prefLabel "physics"@en , "فيزياء"@ar .
"""
TOOL = (
    "---\nkind: tool\nid: club\nlanguage: en\n---\n# Video club\n\nTeachers practise professional noticing with {}.\n"
)
NOTE = """---
kind: practice
id: walk
language: he
---
# הליכה

הצוות תרגל הבחנה מקצועית בזמן השיעור.
"""


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as made:
        made.take("concepts.ttl", CONCEPTS)
        yield made


def propose(here: Place, name: str) -> int:
    linker = Linker(concept_labels(here.graph, here.writer.base))
    codes = concept_codes(here.graph)
    graph = here.writer.graph(f"source/{name}")
    items = {
        Iri(it.subject.value)
        for dataset in Dataset
        for it in here.writer.store(dataset).quads(graph=graph)
        if isinstance(it.subject, ox.NamedNode)
    }
    return Proposer(here.writer, linker, SURFACE, PROGRAM, codes).propose(items)


def take(here: Place, words: str = "clips of adding fractions") -> int:
    here.take("club.md", TOOL.format(words))
    return propose(here, "club.md")


def links(here: Place, *datasets: Dataset) -> dict[str, Stored]:
    queue = ReviewQueue(here.writer, datasets or (Dataset.PUBLIC,))
    return {it.link.concept: it for it in queue.every()}


def holds(here: Place, concept: str) -> bool:
    item = ox.NamedNode(f"{here.writer.base}id/tool/club")
    says = map(ox.NamedNode, (DCTERMS.subject, KS.develops))
    return any(True for it in says for _ in here.graph.quads(item, it, ox.NamedNode(concept)))


def test_what_a_text_names_is_proposed_with_the_words_that_caused_it(here):
    assert take(here) > 0
    found = links(here)
    assert {iri: it.link.span for iri, it in found.items()} == {
        "urn:noticing": "professional noticing", "urn:fractions": "adding fractions",
    }  # fmt: skip
    assert {it.link.state for it in found.values()} == {LinkState.PROPOSED}
    assert all(0 < (it.link.confidence or 0) < 1 and it.link.method for it in found.values())
    assert not holds(here, "urn:noticing")


def test_the_same_file_again_proposes_nothing_new(here):
    take(here)
    assert take(here) == 0


def test_an_accepted_link_holds_and_says_who_decided(here):
    take(here)
    queue = ReviewQueue(here.writer)
    decided = queue.decide(links(here)["urn:noticing"].link.id, LinkState.ACCEPTED, agent=ANN)
    assert (decided.link.state, decided.link.reviewer) == (LinkState.ACCEPTED, ANN)
    assert decided.graph == here.writer.graph(REVIEW)
    assert holds(here, "urn:noticing")
    assert [(it.outcome, it.agent) for it in queue.history(decided)] == [("accepted", ANN)]
    with pytest.raises(Conflict):
        queue.decide(decided.link.id, LinkState.REJECTED, agent=BEN)


def test_a_rejection_is_remembered_and_what_is_taken_back_is_proposed_again(here):
    take(here)
    queue, number = ReviewQueue(here.writer), links(here)["urn:fractions"].link.id
    queue.decide(number, LinkState.REJECTED, agent=ANN)
    take(here, "new clips of adding fractions")
    assert links(here)["urn:fractions"].link.state is LinkState.REJECTED
    assert len([it for it in queue.every() if it.link.id == number]) == 1
    undone = queue.undo(number, agent=BEN)
    assert undone.link.state is LinkState.PROPOSED
    assert not undone.link.reviewer
    assert [it.outcome for it in queue.history(undone)] == ["rejected", "undone"]
    with pytest.raises(Conflict):
        queue.undo(number, agent=BEN)


def test_a_changed_link_leads_to_the_concept_that_the_person_named(here):
    take(here)
    queue, number = ReviewQueue(here.writer), links(here)["urn:noticing"].link.id
    with pytest.raises(InvalidParameter):
        queue.decide(number, LinkState.EDITED, agent=ANN)
    with pytest.raises(UnknownEntity):
        queue.decide(number, LinkState.EDITED, agent=ANN, concept="urn:nothing")
    queue.decide(number, LinkState.EDITED, agent=ANN, concept="urn:physics")
    found = links(here)
    assert (found["urn:noticing"].link.state, found["urn:physics"].link.state) == (
        LinkState.EDITED,
        LinkState.ACCEPTED,
    )
    assert holds(here, "urn:physics")
    assert not holds(here, "urn:noticing")


def test_a_link_whose_words_are_gone_is_stale_and_can_be_decided_anew(here):
    take(here)
    queue, number = ReviewQueue(here.writer), links(here)["urn:fractions"].link.id
    queue.decide(number, LinkState.ACCEPTED, agent=ANN)
    take(here, "clips of lessons")
    assert links(here)["urn:fractions"].link.state is LinkState.STALE
    assert holds(here, "urn:fractions")  # until a person has looked
    queue.decide(number, LinkState.REJECTED, agent=BEN)
    assert not holds(here, "urn:fractions")


def test_nobody_decides_about_what_has_changed_on_the_screen(here):
    take(here)
    queue, seen = ReviewQueue(here.writer), links(here)["urn:noticing"]
    queue.decide(seen.link.id, LinkState.REJECTED, agent=ANN, expected=seen.etag)
    with pytest.raises(StaleEdit):
        queue.undo(seen.link.id, agent=BEN, expected=seen.etag)
    with pytest.raises(UnknownEntity):
        queue.find("0123456789abcdef")


def test_links_of_private_items_stay_private(here):
    here.take("walk.md", NOTE)
    propose(here, "walk.md")
    assert not links(here)
    (found,) = links(here, Dataset.PRIVATE).values()
    queue = ReviewQueue(here.writer, Dataset)
    queue.decide(found.link.id, LinkState.ACCEPTED, agent=ANN)
    said = [it for it in here.graph.quads() if found.link.id in str(it) or "id/practice/walk" in str(it)]
    assert not said
    with pytest.raises(UnknownEntity):
        ReviewQueue(here.writer).find(found.link.id)


def test_many_are_accepted_only_after_the_sample(here, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_WRONG", 0)
    monkeypatch.setattr(bulk, "CHANCE", 0.6)
    take(here)
    queue = ReviewQueue(here.writer)
    with pytest.raises(Conflict, match="not decided") as refused:
        accept_above(queue, 0.0, agent=ANN)
    (waiting,) = sampled(queue.every(), 0.0).waiting
    assert waiting.link.id in refused.value.remedy
    queue.decide(waiting.link.id, LinkState.REJECTED, agent=ANN)
    with pytest.raises(Conflict, match="1 of the sample of 1 links were wrong"):
        accept_above(queue, 0.0, agent=ANN)
    queue.undo(waiting.link.id, agent=ANN)
    queue.decide(waiting.link.id, LinkState.ACCEPTED, agent=ANN)
    assert accept_above(queue, 0.0, agent=ANN) == 1
    assert {it.link.state for it in queue.every()} == {LinkState.ACCEPTED}


OUTCOMES = st.sampled_from([LinkState.ACCEPTED, LinkState.REJECTED])
TEXTS = st.sampled_from(["clips of adding fractions", "lessons", "physics and adding fractions", "physics"])


@settings(max_examples=6, deadline=None)
@given(steps=st.lists(st.one_of(TEXTS, st.tuples(st.integers(0, 3), OUTCOMES)), min_size=1, max_size=6))
def test_decisions_outlive_every_file_that_comes_again(tmp_path_factory, steps):
    with place(tmp_path_factory.mktemp("again")) as here:
        here.take("concepts.ttl", CONCEPTS)
        take(here)
        queue, decided = ReviewQueue(here.writer), dict[Iri, LinkState]()
        for step in steps:
            if isinstance(step, str):
                take(here, step)
                continue
            place_, outcome = step
            found = [it for it in queue.every() if it.link.state is LinkState.PROPOSED]
            if found:
                link = found[place_ % len(found)].link
                queue.decide(link.id, outcome, agent=ANN)
                decided[link.concept] = outcome
        for concept, outcome in decided.items():
            (stored,) = [it for it in queue.every() if it.link.concept == concept]
            assert stored.link.state in ({outcome, LinkState.STALE} if outcome is LinkState.ACCEPTED else {outcome})
            assert holds(here, concept) == (outcome is LinkState.ACCEPTED)
