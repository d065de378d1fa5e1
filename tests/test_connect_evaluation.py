"""How well held-out links are found again: what is held out stays out, and the measures are worked out by hand."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from ontology.kinds import Iri, Kind
from ontology.namespaces import KS
from search.connect_evaluation import SETS, HeldOut, evaluate_connections
from search.fusion import lifted, normalised
from search.inquiry import Subject
from tests.serving import BASE, services_of, serving

USED = HeldOut(Kind.PRACTICE, Kind.TOOL, frozenset({str(KS.usedTool)}))


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("connect-evaluation")) as client:
        yield client


def test_each_record_is_asked_once_in_each_language_in_one_half(client):
    services = services_of(client)
    steps: list[tuple[int, int]] = []
    found = evaluate_connections(
        services.connector, services.graph, services.search.engine, lambda *step: steps.append(step), [USED]
    )
    assert steps == [(it, 36) for it in range(1, 37)]
    assert sum(sets["practice -> tool"]["he"]["both"]["texts"] for sets in found.values()) == 12
    for sets in found.values():
        for legs in sets["practice -> tool"].values():
            assert set(legs) == {"passages", "paths", "both"}
            for scores in legs.values():
                assert 0 <= scores["recall@10"] <= scores["hit@10"] <= 1
                assert 0 < scores["mrr"] <= scores["hit@10"]


def test_what_is_held_out_is_walked_over_by_nobody(client):
    services = services_of(client)
    engine = services.search.engine
    tool = Iri(f"{BASE}id/tool/peer-instruction")
    text = "Peer instruction: students vote on a question, talk in pairs, and vote again."
    open_eyes = services.connector.inquire(Subject(text), engine).evidence(Kind.SOURCE)
    held_out = services.connector.inquire(Subject(text, None, frozenset({tool})), engine).evidence(Kind.SOURCE)

    def crossed(evidence) -> set[str]:
        links = (link for ways in evidence.ways.values() for way in ways for link in way.links)
        return {end for it in links for end in (it.subject, it.object)}

    assert tool in crossed(open_eyes)
    assert tool not in crossed(held_out)


def test_every_set_has_links_in_the_starter_knowledge(client):
    graph = services_of(client).graph
    for it in SETS:
        assert any(list(graph.quads(predicate=ox.NamedNode(predicate))) for predicate in it.predicates), it.name


def test_a_leg_lifts_its_candidates_as_it_would_beside_all_the_others():
    among = ["a", "b", "c", "d"]
    lift = lifted({"a": 3.0, "b": 1.0}, among)
    whole = normalised({"a": 3.0, "b": 1.0, "c": 0.0, "d": 0.0})
    assert lift["a"] == pytest.approx(whole["a"] - whole["c"])
    assert lift["b"] == pytest.approx(whole["b"] - whole["d"])
    assert lifted({}, among) == {}
    assert lifted({"a": 2.0}, ["a"]) == {"a": 0.5}
