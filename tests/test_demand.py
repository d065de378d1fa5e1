"""What is asked for in vain: counted when several ask, kept without what leads to a person, erased for good."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.tokens import Scope
from language.personal import find_personal
from ontology.kinds import Iri
from search.demand import CLIENTS, DemandSignals, topic_of
from search.gaps import GapKind
from tests.serving import bearer, services_of, serving

NEAREST = Iri("https://w3id.org/kesher/id/competency/obs")


@pytest.fixture
def signals(tmp_path: Path) -> DemandSignals:
    return DemandSignals(tmp_path / "demand.sqlite", clients=3)


def test_a_topic_is_written_down_when_enough_have_asked_for_it(signals, tmp_path):
    asked = ["guitar chords for beginners", "Chords for a beginners' guitar?", "beginners: guitar CHORDS"]
    assert [signals.note(it, f"client {number}", NEAREST) for number, it in enumerate(asked)] == [False, False, True]
    (found,) = signals.most_asked()
    assert (found.topic, found.lang, found.asked, found.nearest) == ("beginners chords guitar", "en", 3, NEAREST)
    assert found.first == found.last
    assert len(found.last) == len("2026-11")


def test_nothing_is_on_disk_before(signals, tmp_path):
    signals.note("guitar chords", "a", None)
    signals.note("guitar chords", "b", None)
    assert list(tmp_path.iterdir()) == []
    assert signals.most_asked() == []
    assert signals.erase() == 0


def test_one_client_counts_once(signals):
    assert not any(signals.note("guitar chords", "a", None) for _ in range(20))
    for client in "bcde":
        signals.note("guitar chords", client, None)
        signals.note("guitar chords", client, None)
    assert [it.asked for it in signals.most_asked()] == [5]


def test_no_client_and_no_query_stands_in_the_file(signals, tmp_path):
    for number in range(4):
        signals.note("Guitar chords, 3 of them", f"192.0.2.{number}", None)
    written = b"".join(it.read_bytes() for it in tmp_path.iterdir())
    assert b"chords guitar" in written
    assert b"192.0.2" not in written
    assert b"Guitar chords, 3" not in written


def test_erasing_leaves_nothing_in_the_file(signals, tmp_path):
    for topic in ("guitar chords", "lemon trees"):
        for client in "abc":
            signals.note(topic, client, None)
    assert signals.erase("chords guitar") == 1
    assert [it.topic for it in signals.most_asked()] == ["lemon trees"]
    assert b"guitar" not in b"".join(it.read_bytes() for it in tmp_path.iterdir())
    assert signals.erase() == 1
    assert signals.most_asked() == []


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("Yossi Cohen phone 052-1234567", "phone"),
        ("my pupil Dana Levi has dyslexia", "pupil"),
        ("יוסי כהן", ""),
        ("محمد علي 0521234567", ""),
        ("write to noa@example.org about chords", "about chords write"),
        ("Dana", ""),
        ("12345 678", ""),
        ("😀", ""),
        ("one two three four five six seven eight nine ten eleven twelve", ""),
    ],
)
def test_names_and_numbers_are_no_topics(query, topic):
    kept = set(topic_of(query).split())
    assert kept <= set(topic.split())
    assert not find_personal(" ".join(sorted(kept)))


@given(st.text(st.sampled_from("דנהלוייוסיכהןמחמדعليDanaLevi0521234567@. -'\""), max_size=60))
def test_no_detector_finds_anything_in_a_topic(query):
    topic = topic_of(query)
    assert not find_personal(topic)
    assert not any(it.isdigit() for it in topic)
    assert topic_of(topic) == topic


# --- through the service ---


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("demand")) as client:
        yield client


def ask(client: TestClient, path: str, clients: int) -> None:
    services = services_of(client)
    for number in range(clients):
        other = TestClient(client.app, client=(f"192.0.2.{number}", 50000))
        assert other.get(path).status_code == 200
    assert services.demand is services.demand


def demand(client: TestClient) -> list[dict[str, object]]:
    body = client.get("/api/v1/gaps?kind=demand").json()
    (gaps,) = body["gaps"]
    assert gaps["kind"] == "demand"
    return gaps["gaps"]


def test_what_several_search_in_vain_is_a_gap_beside_those_of_the_graph(client):
    ask(client, "/api/v1/search?q=sourdough bread recipe", CLIENTS)
    (gap,) = demand(client)
    assert gap["topic"] == "bread recipe sourdough"
    assert gap["weight"] == CLIENTS
    assert gap["entity"]["label"]
    report = client.get("/api/v1/gaps?lang=he&limit=3").json()["gaps"]
    assert [it["kind"] for it in report] == [str(it) for it in GapKind]
    for it in report:
        assert len(it["gaps"]) == min(3, it["total"])
        assert all(gap["entity"] is None or gap["entity"]["label"] for gap in it["gaps"])
    assert "192.0.2" not in json.dumps(report)


@pytest.mark.parametrize("path", ["/api/v1/search?q=video club", "/api/v1/search?q=lemon pruning&kind=tool"])
def test_what_is_answered_and_what_is_narrowed_is_no_demand(client, path):
    before = demand(client)
    ask(client, path, CLIENTS + 1)
    assert demand(client) == before


def test_the_page_counts_too(client):
    ask(client, "/search?q=guitar chords", CLIENTS)
    assert "chords guitar" in {it["topic"] for it in demand(client)}


def test_only_reviewers_erase(client):
    ask(client, "/api/v1/search?q=football league", CLIENTS)
    assert client.delete("/api/v1/gaps/demand").status_code == 401
    reviewer = bearer(client, Scope.REVIEW)
    assert client.delete("/api/v1/gaps/demand?topic=football league", headers=reviewer).status_code == 204
    assert "football league" not in {it["topic"] for it in demand(client)}
    assert client.delete("/api/v1/gaps/demand", headers=reviewer).status_code == 204
    assert demand(client) == []
