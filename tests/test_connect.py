"""Practice and research, connected, through the whole app: answers and reasons, what is refused, what is forgotten."""

import json
import logging
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli import app
from api.cli.terminal import plain
from ontology.errors import KesherError
from search.connections import LONGEST_TEXT
from search.demand import topics_of
from tests.live import serving_live
from tests.serving import BASE, SECRET_RECORD, services_of, serving

KS = "https://w3id.org/kesher/schema#"
PRACTICE = {
    "en": "In the team meeting of grade 7 we sorted exit tickets on decimals and planned the next lesson together.",
    "he": "בישיבת הצוות של כיתה ז מיינו כרטיסי יציאה על מספרים עשרוניים ותכננו יחד את השיעור הבא.",
    "ar": "في اجتماع طاقم الصف السابع صنّفنا بطاقات الخروج حول الكسور العشرية وخطّطنا معًا للدرس التالي.",
}
STUDY = "Peer Instruction in university physics: students vote on conceptual questions and discuss them in pairs."
GROUPS = ("sources", "tools", "roles", "practices")
URL = "/api/v1/connect"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("connect")) as client:
        yield client


def connect(client: TestClient, **asked: object) -> dict:
    answer = client.post(URL, json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def slugs(own: list[dict]) -> list[str]:
    return [it["entity"]["iri"].removeprefix(f"{BASE}id/") for it in own]


def grounds(body: dict) -> list[dict]:
    return [ground for group in GROUPS for it in body[group] or () for ground in it["because"]]


def steps_of(client: TestClient, entity: str, to: str) -> list[dict]:
    """The statements of all reasons for what is connected to an entity."""
    answer = client.get(f"/api/v1/entities/{entity}/connections", params={"to": to, "limit": 50})
    return [step for it in grounds(answer.json()) for step in it["path"]]


# --- answers ---


@pytest.mark.parametrize("lang", PRACTICE)
def test_a_practice_in_each_language_finds_its_tool_and_studies(client, lang):
    body = connect(client, text=PRACTICE[lang], to="research", lang=lang)
    assert body["answered"]
    assert body["text"] is None  # what was sent is not sent back
    assert body["roles"] is body["practices"] is None
    assert "tool/exit-ticket" in slugs(body["tools"])
    assert {it["entity"]["kind"] for it in body["sources"]} <= {"source"}
    assert body["sources"] or lang != "en"  # the stand-in for an encoder knows no meaning, and studies are in English


def test_a_study_finds_roles_tools_and_practices(client):
    body = connect(client, text=STUDY, to="practice")
    assert slugs(body["tools"])[0] == "tool/peer-instruction"
    assert "practice/peer-votes-on-equilibrium" in slugs(body["practices"])
    assert body["roles"]
    assert body["sources"] is None
    assert "tool/peer-instruction" in slugs(body["concepts"])


def test_a_code_that_is_a_word_of_every_text_is_no_mention(client):
    body = connect(client, text=f"In a lesson: {STUDY}")
    assert {it["span"]["text"].lower() for it in body["concepts"]}.isdisjoint({"in", "a", "and", "on"})


def test_without_a_side_a_text_gets_both(client):
    body = connect(client, text=STUDY)
    assert body["to"] == ["practice", "research"]
    assert all(body[group] for group in GROUPS)


# --- reasons ---


@pytest.mark.parametrize("lang", PRACTICE)
def test_spans_are_places_of_the_text_and_paths_are_statements_of_the_graph(client, lang):
    text = PRACTICE[lang]
    body = connect(client, text=text, lang=lang, limit=10)
    assert any(it["path"] for it in grounds(body))
    for it in (*grounds(body), *body["concepts"]):
        span = it["span"]
        assert text[span["start"] : span["end"]] == span["text"] != ""
    for step in (step for it in grounds(body) for step in it["path"]):
        triple = [ox.NamedNode(step[name]) for name in ("subject", "predicate", "object", "source")]
        assert list(services_of(client).graph.quads(*triple)), step


def test_a_path_joins_end_to_end_and_arrives(client):
    body = connect(client, text=PRACTICE["en"], limit=10)
    walked = [
        (it, ground["path"]) for group in GROUPS for it in body[group] for ground in it["because"] if ground["path"]
    ]
    assert walked
    for it, path in walked:
        for one, next_one in pairwise(path):
            assert {one["subject"], one["object"]} & {next_one["subject"], next_one["object"]}
        assert it["entity"]["iri"] in {path[-1]["subject"], path[-1]["object"]}


def test_a_score_is_the_sum_of_its_contributions_and_falls(client):
    body = connect(client, text=PRACTICE["en"], limit=10)
    for group in GROUPS:
        scores = [it["score"] for it in body[group]]
        assert scores == sorted(scores, reverse=True)
        for it in body[group]:
            told = sum(ground["contribution"] for ground in it["because"]) + it["further"]
            assert told == pytest.approx(it["score"], abs=1e-5)
            assert it["because"]


@pytest.mark.parametrize(("lang", "said"), [("en", "The text says"), ("he", "בטקסט נאמר"), ("ar", "ورد في النصّ")])
def test_reasons_are_in_the_language_of_the_reader_whatever_that_of_the_text(client, lang, said):
    body = connect(client, text=STUDY, lang=lang)
    assert any(it["sentence"].startswith(said) for it in grounds(body))
    by_header = client.post(URL, json={"text": STUDY}, headers={"Accept-Language": lang}).json()
    assert by_header == body


def test_the_language_of_names_changes_no_order(client):
    answers = [connect(client, text=STUDY, lang=lang, limit=20) for lang in ("en", "he", "ar")]
    assert len({json.dumps([slugs(it[group]) for group in GROUPS]) for it in answers}) == 1


# --- what is stored ---


def test_a_practice_record_is_led_to_the_studies_behind_its_tools_by_its_own_statements(client):
    body = client.get("/api/v1/entities/practice/peer-votes-on-equilibrium/connections").json()
    assert body["to"] == ["research"]
    assert set(slugs(body["tools"])[:2]) == {"tool/peer-instruction", "tool/tt-dice"}
    for it in body["tools"][:2]:
        own = [ground for ground in it["because"] if ground["span"] is None]
        assert [step["predicate"] for step in own[0]["path"]] == [f"{KS}usedTool"]
    assert body["text"].startswith(body["entity"]["label"])


def test_a_study_is_led_to_roles_tools_and_practices(client):
    body = client.get("/api/v1/entities/source/crouch2001/connections", params={"limit": 10}).json()
    assert body["to"] == ["practice"]
    assert "tool/peer-instruction" in slugs(body["tools"])
    assert "practice/peer-votes-on-equilibrium" in slugs(body["practices"])
    assert body["roles"]


def test_an_entity_is_no_answer_to_itself_and_is_named_in_three_ways(client):
    named = [f"{BASE}id/tool/peer-instruction", "tool/peer-instruction", "Peer Instruction"]
    answers = [connect(client, entity=it, limit=50) for it in named]
    assert answers[0] == answers[1] == answers[2]
    assert "tool/peer-instruction" not in slugs(answers[0]["tools"])
    by_address = client.get("/api/v1/entities/tool/peer-instruction/connections", params={"limit": 50}).json()
    assert by_address == answers[0]


def test_private_records_are_neither_answers_nor_asked_about(client):
    body = connect(client, text="A Zanzibar conversation in a quiet class", limit=50)
    assert "practice/quiet-class" not in json.dumps(body)
    for name in ("practice/quiet-class", "Zanzibar conversation in a quiet class"):
        assert client.post(URL, json={"entity": name}).status_code == 404
    assert client.get("/api/v1/entities/practice/quiet-class/connections").status_code == 404
    assert "video-lm" in SECRET_RECORD


def test_what_is_written_is_connected_at_once_and_no_longer_when_it_is_gone(client):
    source, about = f"{BASE}id/source/freeman2014", "https://schema.org/about"
    triple = [ox.NamedNode(it) for it in (source, about, f"{BASE}id/competency/ins-1")]
    said = ox.Quad(*triple, ox.NamedNode(f"{BASE}graph/source/test"))
    graph = services_of(client).graph

    def said_of() -> set[str]:
        return {it["subject"] for it in steps_of(client, "competency/ins-1", "research") if it["predicate"] == about}

    assert source not in said_of()
    graph.apply([], [said])
    assert source in said_of()
    graph.apply([said], [])
    assert source not in said_of()


@pytest.mark.parametrize(
    ("state", "seen"), [("accepted", True), ("edited", True), ("proposed", False), ("rejected", False)]
)
def test_a_link_counts_from_when_somebody_has_accepted_it(client, state, seen):
    link = f"""
        @prefix ks: <{KS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        <{BASE}link/1> a ks:Link ; ks:linkState "{state}" ; owl:annotatedSource <{BASE}id/source/freeman2014> ;
            owl:annotatedProperty <http://purl.org/dc/terms/subject> ; owl:annotatedTarget <{BASE}id/competency/ins-1> .
    """
    name, graph = ox.NamedNode(f"{BASE}graph/links"), services_of(client).graph
    quads = [ox.Quad(it.subject, it.predicate, it.object, name) for it in ox.parse(link, format=ox.RdfFormat.TURTLE)]
    graph.apply([], quads)
    try:
        used = {it["source"] for it in steps_of(client, "source/freeman2014", "practice")}
    finally:
        graph.apply(quads, [])
    assert (name.value in used) is seen


def test_the_documentation_shows_statements_that_the_app_gives(client):
    page = (Path(__file__).parents[1] / "docs" / "connect.md").read_text("utf-8")
    shown = re.search(r"\$ kesher connect --entity (\S+).*?\n\n", page, re.DOTALL)
    assert shown
    told = re.findall(r"^ {8}(Two votes on chemical equilibrium – .*)$", shown[0], re.MULTILINE)
    body = connect(client, entity=shown[1], limit=50)
    said = {plain(it["sentence"]) for it in grounds(body)}
    assert len(told) == 2
    assert set(told) <= said
    routes = client.get("/openapi.json").json()["paths"]
    named = re.findall(r"^\| `(?:GET|POST) (/api/v1/[^ `?]+)", page, re.MULTILINE)
    assert len(named) == 2
    assert set(named) <= set(routes)


# --- the command ---


def test_the_command_prints_what_the_route_answers(tmp_path):
    runner = CliRunner()
    with serving_live(tmp_path) as (url, client):
        body = client.post(URL, json={"text": STUDY, "to": "practice", "lang": "ar"}).json()
        note = tmp_path / "note.txt"
        note.write_text(STUDY, encoding="utf-8-sig")
        for given in ([STUDY], ["--file", str(note)]):
            asked = runner.invoke(app, ["connect", *given, "--to", "practice", "--lang", "ar", "--url", url, "--json"])
            printed = [it for it in asked.stdout.splitlines() if it.startswith("{")]  # the server logs beside it
            assert [json.loads(it) for it in printed] == [body]
        shown = runner.invoke(app, ["connect", "--entity", "tool/peer-instruction", "--url", url])
        assert "Practices that it explains" in shown.stdout
        with pytest.raises(KesherError, match="no entity"):
            runner.invoke(app, ["connect", "--entity", "tool/nothing", "--url", url], catch_exceptions=False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "One thing"),
        (["a", "--entity", "b"], "One thing"),
        (["a" * (LONGEST_TEXT + 1)], "is the most"),
        (["--file", "{binary}"], "not UTF-8"),
        (["--file", "{long}"], "too long"),
        (["--file", "{absent}"], "No such file"),
    ],
)
def test_the_command_refuses_before_it_opens_anything(tmp_path, given, told):
    (tmp_path / "binary").write_bytes(b"PK\x03\x04\xff\xfe")
    (tmp_path / "long").write_bytes(b"word " * LONGEST_TEXT)
    words = [it.format(**{name: tmp_path / name for name in ("binary", "long", "absent")}) for it in given]
    with pytest.raises(KesherError, match=told):
        CliRunner().invoke(app, ["connect", *words], catch_exceptions=False)


# --- nothing fits ---


def test_a_text_that_nothing_fits_says_so_and_names_the_nearest(client):
    body = connect(client, text="Xylophone quartz zephyr: wombat jukebox, kiwi buzz. Wombat jukebox wombat!")
    assert not body["answered"]
    assert not any(body[group] for group in GROUPS)
    assert len(body["nearest"]) == 3
    assert all(it["because"][0]["sentence"] for it in body["nearest"])


def test_what_is_asked_in_vain_is_counted_without_the_story(tmp_path):
    story = "Wombat jukebox zephyr. Dana Levi, 050-1234567, said wombat jukebox quartz kiwi buzz xylophone yodel fjord."
    assert topics_of("Wombat jukebox") == ["jukebox wombat"]
    assert topics_of("Dana Levi and Dana Levi " + " ".join(f"w{it}x" for it in range(20))) == []
    with serving(tmp_path) as client:
        for number in range(5):
            other = TestClient(client.app, client=(f"10.0.0.{number}", 5000))
            assert not other.post(URL, json={"text": f"{story} {number}{number} wombat " + story}).json()["answered"]
        asked = services_of(client).demand.most_asked()
    assert "wombat" in {it.topic for it in asked}
    assert not {"dana", "levi", "050"} & {word for it in asked for word in it.topic.split()}
    assert max(len(it.topic.split()) for it in asked) == 1


def test_a_text_is_neither_stored_nor_logged(tmp_path, caplog):
    secret = "Flumbuzzle Quixotery"
    caplog.set_level(logging.DEBUG)
    with serving(tmp_path) as client:
        assert connect(client, text=f"{secret}. {PRACTICE['en']} {secret}.")["answered"]
        for bad in (f"{secret}\0", f"{secret} " * 2000):
            answer = client.post(URL, json={"text": bad})
            assert answer.status_code == 422
            assert "flumbuzzle" not in answer.text.lower()
        connect(client, text=secret)
    kept = [it for it in tmp_path.rglob("*") if it.is_file() and b"flumbuzzle" in it.read_bytes().lower()]
    assert kept == []
    assert "flumbuzzle" not in caplog.text.lower()


# --- what is refused ---


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "has no words"),
        ({"text": ""}, "has no words"),
        ({"text": " \n\t "}, "has no words"),
        ({"text": "123 … 456"}, "has no words"),
        ({"text": "a\0b"}, "control characters"),
        ({"text": "\x01\x02\x03 abc"}, "control characters"),
        ({"text": "word " * LONGEST_TEXT}, "20,000 is the most"),
        ({"text": "a lesson", "entity": "tool/peer-instruction"}, "Both"),
        ({"text": "a lesson", "lang": "fr"}, "no language"),
        ({"text": "a lesson", "limit": 0}, "limit is 0"),
        ({"text": "a lesson", "limit": 51}, "limit is 51"),
        ({"text": "a lesson", "to": "nowhere"}, "to"),
        ({"text": "a lesson", "too": "practice"}, "too"),
        ({"text": ["a lesson"]}, "text"),
    ],
)
def test_what_cannot_be_connected_is_refused_with_a_remedy(client, body, told):
    answer = client.post(URL, json=body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told in answer.json()["detail"]


def test_bodies_that_are_no_json_or_not_utf_8_or_too_large_are_refused(client):
    for body, status in ((b"", 422), (b"{", 422), (b"\xff\xfe\x00", 422), (b'{"text": "\\ud800 abc"}', 422)):
        answer = client.post(URL, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, status}, (body, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json"
    large = client.post(URL, content=b" " * (26 * 2**20), headers={"Content-Type": "application/json"})
    assert large.status_code == 413


def test_an_unknown_entity_names_the_nearest(client):
    answer = client.post(URL, json={"entity": "Peer Instructoin"})
    assert answer.status_code == 404
    assert "tool/peer-instruction" in answer.json()["remedy"]
    assert client.get("/api/v1/entities/tool/peer-instruction/connections", params={"too": "x"}).status_code == 422


_letters = st.one_of(
    st.sampled_from("אבגםןךׇּ׳״ ابةىئؤءـًّ abcXYZ 019 .!?\n\r\t\u2028\u200f\u202e\u2068😀👩🏫"),
    st.characters(exclude_categories=["Cs"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(_letters, max_size=1500), lang=st.sampled_from(["en", "he", "ar"]))
def test_any_text_is_answered_or_refused(client, text, lang):
    answer = client.post(URL, json={"text": text, "lang": lang})
    assert answer.status_code in {200, 422}
    body = answer.json()
    if answer.status_code == 200:
        for it in (*grounds(body), *body["concepts"]):
            assert text[it["span"]["start"] : it["span"]["end"]] == it["span"]["text"]
