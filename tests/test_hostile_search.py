"""Whatever comes to the search routes gets a sensible answer or a clear 4xx; never a 500, never another question."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.cursor import fingerprint, write_cursor
from tests.serving import serving

#: Letters of three scripts, digits, marks that stand on letters, controls of direction, emoji, and what breaks parsers.
alphabet = st.one_of(
    st.sampled_from(
        "אבגםןךׇּ׳״ ابةىئؤءـًّ abcXYZ 019 \"'<>&%_\\/;:,.()[]{}|*?+-=~^$#@!"
        "\x00\x07\x1b\r\n\t\u200f\u202e\u2068\u2069😀👩🏫🇮🇱"
    ),
    st.characters(exclude_categories=["Cs"]),
)
texts = st.text(alphabet, max_size=80)
fewer = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("hostile-search")) as client:
        yield client


def told(answer) -> dict[str, object]:
    """The body of an answer that is either a success or a problem with a remedy or an explanation."""
    assert answer.status_code == 200 or 400 <= answer.status_code < 500, answer.text
    body = answer.json()
    if answer.status_code != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert body["detail"]
    return body


@fewer
@given(q=texts, lang=st.sampled_from(["en", "he", "ar", "he-IL"]))
def test_any_text_is_a_query(client, q, lang):
    body = told(client.get("/api/v1/search", params={"q": q, "lang": lang}))
    if "hits" in body:
        assert all(it["because"] or body["degraded"] for it in body["hits"])
        for it in body["hits"]:
            assert all(0 <= start < end <= len(it["snippet"]) for start, end in it["highlights"])


@fewer
@given(q=texts, lang=st.sampled_from(["en", "he", "ar"]), limit=st.integers(1, 50))
def test_any_text_may_be_typed_so_far(client, q, lang, limit):
    body = told(client.get("/api/v1/suggest", params={"q": q, "lang": lang, "limit": limit}))
    assert len(body["suggestions"]) <= limit


@fewer
@given(slug=st.text(alphabet, min_size=1, max_size=40), kind=st.sampled_from(["tool", "role", "nothing"]))
def test_any_address_may_be_asked_what_is_similar(client, slug, kind):
    told(client.get(f"/api/v1/entities/{kind}/{quote(slug, safe='')}/similar"))


@fewer
@given(
    name=st.sampled_from(
        ["kind", "content_lang", "role", "near", "subject", "grade", "min_evidence", "limit", "cursor", "lang"]
    ),
    value=st.one_of(texts, st.integers(-(10**20), 10**20).map(str)),
)
def test_any_value_of_any_filter_is_taken_or_refused_by_name(client, name, value):
    answer = client.get("/api/v1/search", params={"q": "video club", name: value})
    body = told(answer)
    if answer.status_code == 422:
        assert name in (body.get("parameter") or body["detail"])


@fewer
@given(q=texts)
@example(q="❶")  # a digit that is no decimal
def test_the_page_takes_any_text_too(client, q):
    answer = client.get("/search", params={"q": q}, headers={"Accept": "text/html"})
    assert answer.status_code == 200 or 400 <= answer.status_code < 500


@pytest.mark.parametrize("query", ["", " ", "\x00", "\u202e\u2068", "\n\t"])
def test_a_query_of_nothing_is_refused_or_finds_nothing(client, query):
    body = told(client.get("/api/v1/search", params={"q": query}))
    assert body.get("parameter") == "q" or body["hits"] == []


@pytest.mark.parametrize("query", ["😀", "👩‍🏫🇮🇱", "?!...", "___", "《》"])
def test_a_query_without_words_finds_nothing_and_says_so(client, query):
    body = told(client.get("/api/v1/search", params={"q": query}))
    assert body["hits"] == []
    assert not body["answered"]


def test_a_query_as_long_as_an_address_can_be_is_refused_with_its_length(client):
    body = told(client.get("/api/v1/search", params={"q": "teaching " * 6_000}))
    assert body["parameter"] == "q"
    assert "54,000 characters" in body["detail"]
    assert body["remedy"]
    assert client.get("/api/v1/suggest", params={"q": "teaching " * 6_000}).status_code == 422


def test_mixed_directions_are_searched_for_what_they_say(client):
    plain = told(client.get("/api/v1/search", params={"q": "video club מתמטיקה"}))
    turned = told(client.get("/api/v1/search", params={"q": "\u202bvideo club\u202c \u2067מתמטיקה\u2069"}))
    assert [it["iri"] for it in turned["hits"]] == [it["iri"] for it in plain["hits"]]


@pytest.mark.parametrize(
    ("path", "parameter", "remedy"),
    [
        ("/api/v1/search?q=x&min_evidnce=3", "min_evidnce", "'min_evidence'"),
        ("/api/v1/search?q=x&colour=blue", "colour", "near"),
        ("/api/v1/suggest?q=x&kind=tool", "kind", "limit"),
        ("/api/v1/entities/tool/video-club/similar?q=x", "q", "limit"),
        ("/api/v1/search?q=x&lang=xx", "lang", "en, he, ar"),
        ("/api/v1/suggest?q=x&lang=fr", "lang", "en, he, ar"),
        ("/api/v1/search?q=x&content_lang=klingon!", "content_lang", "en-GB"),
        ("/api/v1/gaps?kind=holes", "kind", "demand"),
    ],
)
def test_what_is_not_known_is_refused_by_name_with_what_is(client, path, parameter, remedy):
    answer = client.get(path)
    assert answer.status_code == 422
    assert answer.json()["parameter"] == parameter
    assert remedy in answer.json()["remedy"]


def test_a_page_in_a_language_that_is_not_kept_is_shown_in_one_that_is_and_says_which(client):
    answer = client.get("/search?q=video&lang=xx", headers={"Accept": "text/html", "Accept-Language": "ar"})
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "ar"
    assert client.get("/search?q=video&lang=he-IL").headers["Content-Language"] == "he"


def test_a_cursor_of_another_index_is_refused_with_what_to_do(client):
    ranking = fingerprint("another query", "another-model", 7)
    for cursor in (write_cursor(ranking, 10), "AAAA", "not base64 at all", "😀", "null", "W10"):
        answer = client.get("/api/v1/search", params={"q": "video", "cursor": cursor})
        assert answer.status_code == 422
        assert answer.json()["parameter"] == "cursor"
        assert "Leave the cursor out" in answer.json()["remedy"]
