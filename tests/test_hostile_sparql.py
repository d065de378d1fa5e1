"""Bombs at a running service: it lives, it answers rightly or refuses clearly, and others are answered meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import gettempdir
from urllib.parse import urlencode

import pytest

from tests.bombs import BOMBS, GREEDY, SIZES, UPDATES, Bomb, as_update, onwards, ring
from tests.separate import Live, Reply, live

ORDINARY = "SELECT ?next { <https://example.org/ring/n0> <https://example.org/ring/next> ?next }"
REFUSALS = {
    ("forbidden-query", 400),
    ("malformed-query", 400),
    ("query-too-complex", 400),
    ("bad-input", 400),
    ("body-too-large", 413),
    ("result-too-large", 413),
    ("query-memory-limit", 422),
    ("no-worker", 503),
    ("query-timeout", 504),
}
#: The greedy ones that a quick run detonates; the rest only refuse there, or answer.
DETONATED = {
    "CONCAT doubled": 100,
    "GROUP_CONCAT": 1_000,
    "paths from everywhere": 10_000,
    "product counted": 10_000,
    "product sorted": 1_000,
    "product built": 10_000,
}

Door = Callable[[Live, str], Reply]


def form(service: Live, text: str) -> Reply:
    return service.query(text)


def direct(service: Live, text: str) -> Reply:
    return service.send("POST", "/sparql", text.encode(), content_type="application/sparql-query")


def address(service: Live, text: str) -> Reply:
    return service.send("GET", "/sparql?" + urlencode({"query": text}))


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("bombs"), ring(), sparql_timeout_s=2, sparql_workers=2) as it:
        yield it


def detonate(service: Live, bomb: Bomb, size: int, door: Door = form) -> Reply:
    """The answer to a bomb that is nothing but right or a clear refusal, and that another was answered beside."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(door, service, bomb.write(size))
        assert first(service.query(ORDINARY)) == onwards(1)
        reply = coming.result()
    assert service.lives
    if reply.status == 200:
        expected = bomb.answer(size)
        assert expected is None or first(reply) == (expected if isinstance(expected, bool) else str(expected))
    else:
        assert refusal(reply) in REFUSALS, reply.body[:500]
    assert first(service.query(ORDINARY)) == onwards(1)
    return reply


def first(reply: Reply) -> str | bool | None:
    """The truth of an ASK, or the first value of a table."""
    assert reply.status == 200, reply.body[:500]
    answer = reply.json()
    if "boolean" in answer:
        return answer["boolean"]
    row = answer["results"]["bindings"][0]
    return row[answer["head"]["vars"][0]]["value"]


def refusal(reply: Reply) -> tuple[str, int]:
    """Code and status of a problem that says what is wrong, and nothing of the server's insides."""
    assert reply.media_type == "application/problem+json", reply
    problem = reply.json()
    assert problem["status"] == reply.status
    assert problem["title"]
    assert problem["detail"]
    assert not any(it in reply.body for it in (b"Traceback", b"site-packages", b".py", gettempdir().encode()))
    return problem["type"].rpartition("/")[2], reply.status


MODEST = [bomb for bomb in BOMBS if bomb.modest]


@pytest.mark.parametrize("bomb", MODEST, ids=[it.name for it in MODEST])
def test_the_same_shape_of_modest_size_is_answered(service, bomb):
    assert detonate(service, bomb, bomb.modest).status == 200


@pytest.mark.parametrize("bomb", BOMBS, ids=[it.name for it in BOMBS])
def test_a_bomb_harms_nobody(service, bomb):
    if bomb not in GREEDY:
        detonate(service, bomb, 10_000)
    elif bomb.name in DETONATED:
        assert detonate(service, bomb, DETONATED[bomb.name]).status in {422, 503, 504}


def test_a_table_that_is_cut_says_so(service):
    bomb = next(it for it in BOMBS if it.name == "huge table")
    whole, cut = detonate(service, bomb, 10_000), detonate(service, bomb, 100_000)
    assert "kesher-truncated" not in whole.headers
    assert "truncated" not in whole.json()["head"]
    assert cut.headers["kesher-truncated"] == "rows"
    assert cut.json()["head"]["truncated"] is True
    assert len(whole.json()["results"]["bindings"]) == len(cut.json()["results"]["bindings"]) == 10_000


def test_the_corpus_has_as_many_shapes_as_the_documents_say():
    """What the corpus holds; the counts are those of docs/decisions/0013."""
    assert (len(BOMBS), len(MODEST), len(SIZES)) == (130, 100, 5)
    assert len({bomb.name for bomb in BOMBS}) == len(BOMBS)


# --- the same as updates ---

UPDATED = [bomb for bomb in BOMBS if as_update(bomb.write(10))]


def change(service: Live, text: str) -> Reply:
    headers = {"content_type": "application/sparql-update", "authorization": f"Bearer {service.token}"}
    return service.send("POST", "/sparql/update", text.encode(), **headers)


def unleash(service: Live, text: str) -> Reply:
    """The answer to an update: done, or clearly refused; queries are answered beside it and after it."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(change, service, text)
        assert first(service.query(ORDINARY)) == onwards(1)
        reply = coming.result()
    assert service.lives
    assert reply.status == 204 or refusal(reply) in REFUSALS, reply.body[:500]
    assert first(service.query(ORDINARY)) == onwards(1)
    return reply


@pytest.mark.parametrize("bomb", UPDATES, ids=[it.name for it in UPDATES])
def test_an_update_of_modest_size_is_made_and_a_large_one_harms_nobody(service, bomb):
    assert unleash(service, bomb.write(bomb.modest)).status == 204
    unleash(service, bomb.write(1_000))


@pytest.mark.parametrize(
    "name", ["braces", "parentheses", "UNION", "plus", "OPTIONAL", "path sequence", "product counted"]
)
def test_a_bomb_in_an_update_harms_nobody(service, name):
    bomb = next(it for it in BOMBS if it.name == name)
    assert unleash(service, as_update(bomb.write(10_000))).status != 204


@pytest.mark.soak
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("bomb", UPDATES, ids=[it.name for it in UPDATES])
def test_an_update_of_any_size_harms_nobody(service, bomb, size):
    unleash(service, bomb.write(size))


@pytest.mark.soak
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("bomb", UPDATED, ids=[it.name for it in UPDATED])
def test_a_bomb_of_any_size_in_an_update_harms_nobody(service, bomb, size):
    unleash(service, as_update(bomb.write(size)))


@pytest.mark.soak
@pytest.mark.parametrize("door", [form, direct, address])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("bomb", BOMBS, ids=[it.name for it in BOMBS])
def test_a_bomb_of_any_size_by_any_door_harms_nobody(service, bomb, size, door):
    if door is not address or len(urlencode({"query": bomb.write(size)})) < 60_000:
        detonate(service, bomb, size, door)
