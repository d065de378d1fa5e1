"""What becomes of links when files, concepts, methods and consent change, and what a file may not claim."""

from itertools import pairwise
from math import comb
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.linker_choice import LinkerChoice
from api.proposing import Linked, propose_links
from ingest.bulk import MOST_WRONG, WRONG, sample_size
from ingest.ledger import Dataset
from ingest.lessons import lessons
from ingest.links import LINKS, REVIEW, STATE, LinkState
from ingest.proposing import BY_CODE
from ingest.queue import Wanted
from ingest.review import ReviewQueue
from ontology.errors import InvalidParameter
from ontology.namespaces import KS
from tests.ingesting import AGENT, Place, place

CONCEPTS = """@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:noticing> a ks:Competency ; skos:prefLabel "professional noticing"@en ; skos:notation "NOT.4.2" .
<urn:fractions> a ks:Misconception ; skos:prefLabel "adding fractions"@en .
<urn:physics> a ks:Subject ; skos:prefLabel "physics"@en .
"""
TOOL = "---\nkind: tool\nid: club\nlanguage: en\n---\n# Video club\n\nTeachers practise {}.\n"
NOTE = """---
kind: practice
id: walk
language: en
consent: {}
anonymisation: {}
---
# A walk

Marmalade shows a case of adding fractions.
"""
CLAIM = """@prefix ks: <https://w3id.org/kesher/schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix sssom: <https://w3id.org/sssom/> .
<urn:link:1> a ks:Link ; owl:annotatedSource <urn:a> ; owl:annotatedProperty dcterms:subject ;
    owl:annotatedTarget <urn:physics> ; ks:linkState "accepted" ; sssom:reviewer_id <urn:minister> .
"""

BY_NAMES = LinkerChoice(None, Path(), Path())


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as made:
        made.take("concepts.ttl", CONCEPTS)
        yield made


def link(here: Place, **more: bool) -> int:
    return propose_links(here.writer, here.folder / "linked.json", AGENT, BY_NAMES, **more)


def take(here: Place, words: str, name: str = "club.md", text: str = TOOL) -> int:
    here.take(name, text.format(words))
    return link(here)


def found(here: Place, concept: str) -> LinkState | None:
    states = [it.link.state for it in ReviewQueue(here.writer, Dataset).every() if it.link.concept == concept]
    assert len(states) < 2
    return states[0] if states else None


def decide(here: Place, concept: str, outcome: LinkState, other: str = "") -> str:
    queue = ReviewQueue(here.writer, Dataset)
    (number,) = [it.link.id for it in queue.every() if it.link.concept == concept]
    queue.decide(number, outcome, agent=AGENT, concept=other)
    return number


def holds(here: Place, concept: str) -> bool:
    item = ox.NamedNode(f"{here.writer.base}id/tool/club")
    return any(it.object == ox.NamedNode(concept) for it in here.graph.quads(item))


def test_a_file_cannot_claim_what_a_person_has_decided(here):
    report = here.take("claim.ttl", CLAIM)
    assert [it.code for it in report.problems if it.code == "W180"] == ["W180"]
    assert {it.object.value for it in here.graph.quads(ox.NamedNode("urn:link:1"), STATE)} == {"declared"}
    assert here.take("claim.ttl", CLAIM).changed_triples == 0


def test_a_code_is_accepted_at_once_until_somebody_takes_it_back(here):
    take(here, "what NOT.4.2 asks for")
    (stored,) = ReviewQueue(here.writer).every(Wanted(method=BY_CODE))
    assert (stored.link.state, stored.link.span, stored.link.reviewer) == (LinkState.ACCEPTED, "NOT.4.2", AGENT)
    assert holds(here, "urn:noticing")
    decide(here, "urn:noticing", LinkState.REJECTED)
    take(here, "what NOT.4.2 asks for, and more")
    assert found(here, "urn:noticing") is LinkState.REJECTED
    assert not holds(here, "urn:noticing")
    assert not list(lessons(here.writer))


def test_an_accepted_link_is_stale_while_its_concept_says_something_else(here):
    take(here, "adding fractions")
    decide(here, "urn:fractions", LinkState.ACCEPTED)
    here.take("concepts.ttl", CONCEPTS.replace('"adding fractions"@en', '"adding"@en'))
    link(here)
    assert found(here, "urn:fractions") is LinkState.STALE
    assert holds(here, "urn:fractions")
    here.take("concepts.ttl", CONCEPTS)
    link(here)
    assert found(here, "urn:fractions") is LinkState.ACCEPTED


def test_what_a_newer_method_does_not_propose_is_superseded(here, monkeypatch):
    take(here, "adding fractions and physics")
    monkeypatch.setattr("language.linking.Linker.propose", lambda *_: [])
    monkeypatch.setattr("language.linking.Linker.method", "union-1")
    monkeypatch.setattr("api.linker_choice.LinkerChoice.method", "union-1")
    link(here)
    assert found(here, "urn:fractions") is LinkState.SUPERSEDED
    assert link(here, everything=True) == 0
    take(here, "something else")
    assert found(here, "urn:fractions") is None


def test_links_follow_a_record_whose_consent_changes(here):
    take(here, "public", "walk.md", NOTE.replace("{}", "public", 1).replace("{}", "full"))
    decide(here, "urn:fractions", LinkState.ACCEPTED)
    for consent, where in (("author", Dataset.PRIVATE), ("public", Dataset.PUBLIC), ("author", Dataset.PRIVATE)):
        here.take("walk.md", NOTE.replace("{}", consent, 1).replace("{}", "full"))
        link(here)
        (stored,) = [it for it in ReviewQueue(here.writer, Dataset).every() if it.link.concept == "urn:fractions"]
        assert (stored.dataset, stored.link.state) == (where, LinkState.ACCEPTED)
        assert len(ReviewQueue(here.writer, Dataset).history(stored)) == 1
        for name in (LINKS, REVIEW):
            quads = list(here.graph.quads(graph=here.writer.graph(name)))
            assert bool(quads) == (where is Dataset.PUBLIC and name == REVIEW), quads


def test_undoing_a_change_takes_back_what_came_in_its_place(here):
    take(here, "adding fractions")
    number = decide(here, "urn:fractions", LinkState.EDITED, "urn:physics")
    assert (found(here, "urn:physics"), holds(here, "urn:physics")) == (LinkState.ACCEPTED, True)
    ReviewQueue(here.writer).undo(number, agent=AGENT)
    assert (found(here, "urn:fractions"), found(here, "urn:physics")) == (LinkState.PROPOSED, None)
    assert not holds(here, "urn:physics")


def test_the_queue_is_narrowed_by_kind_source_and_method(here):
    take(here, "adding fractions")
    queue = ReviewQueue(here.writer)
    for wanted, count in (
        (Wanted(kind="tool"), 1),
        (Wanted(kind="source"), 0),
        (Wanted(source="club.md"), 1),
        (Wanted(source="other.md"), 0),
        (Wanted(method="surface"), 1),
        (Wanted(method="union"), 0),
        (Wanted(concept="urn:fractions", state="proposed", most=1.0), 1),
    ):
        assert queue.page(wanted, 10).total == count, wanted
    for wrong in (Wanted(kind="cow"), Wanted(state="fine"), Wanted(least=0.9, most=0.1), Wanted(concept="no address")):
        with pytest.raises(InvalidParameter):
            queue.page(wrong, 10)


def test_nothing_is_written_when_nothing_has_changed_and_all_is_looked_at_when_nothing_is_known(here):
    take(here, "adding fractions")
    last = here.ledger.last
    assert (link(here), link(here, everything=True)) == (0, 0)
    (here.folder / "linked.json").write_text("not JSON")
    assert Linked.read(here.folder / "linked.json") == Linked()
    assert (link(here), here.ledger.last) == (0, last)


def test_decisions_teach_what_proposals_were_ranked_by(here):
    take(here, "adding fractions and physics")
    decide(here, "urn:fractions", LinkState.ACCEPTED)
    decide(here, "urn:physics", LinkState.REJECTED)
    assert sorted(it.accepted for it in lessons(here.writer)) == [False, True]
    assert all(it.features["mention"] > 0 for it in lessons(here.writer))


@pytest.mark.parametrize("links", [1, 10, 60, 1000])
def test_a_set_of_which_a_tenth_is_wrong_hardly_ever_passes_its_sample(links):
    bad = int(links * WRONG) + 1
    sizes = [0, *(sample_size(links, it) for it in range(MOST_WRONG + 1))]
    assert sizes == sorted(sizes)
    waiting, passed = {0: 1.0}, 0.0  # wrong ones seen so far -> how likely, while the sample still grows
    for allowed, (before, size) in enumerate(pairwise(sizes)):
        after: dict[int, float] = {}
        for seen, likely in waiting.items():
            left, wrong = links - before, bad - seen
            for more in range(min(wrong, size - before) + 1):
                if size - before - more <= left - wrong:
                    ways = comb(wrong, more) * comb(left - wrong, size - before - more) / comb(left, size - before)
                    after[seen + more] = after.get(seen + more, 0.0) + likely * ways
        if size < links:
            passed += sum(likely for seen, likely in after.items() if seen <= allowed)
        waiting = {seen: likely for seen, likely in after.items() if seen > allowed}
    assert passed < 0.1


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(["adding fractions", "physics", "adding fractions, physics", "lessons"]), max_size=4))
def test_a_rejection_outlives_whatever_comes_again(tmp_path_factory, texts):
    with place(tmp_path_factory.mktemp("again")) as here:
        here.take("concepts.ttl", CONCEPTS)
        take(here, "adding fractions")
        decide(here, "urn:fractions", LinkState.REJECTED)
        for words in texts:
            take(here, words)
            assert found(here, "urn:fractions") is LinkState.REJECTED
            assert not holds(here, "urn:fractions")
            stated = here.graph.quads(None, ox.NamedNode(KS.linkState), None, here.writer.graph(LINKS))
            assert {it.object.value for it in stated} <= {"proposed"}
