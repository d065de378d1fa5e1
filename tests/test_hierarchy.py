"""Circles are found edge by edge, and quickly whatever the order; a walk meets everything once."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from ontology.interchange.hierarchy import closing, reached

EDGES = st.lists(st.tuples(*[st.sampled_from("abcdefgh")] * 2), max_size=30)


def one_by_one(edges: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The same in the plainest way: take each edge unless its parent already stands below its child."""
    above: dict[str, set[str]] = {}
    found = set()
    for child, parent in edges:
        if child in climbed(parent, above):
            found.add((child, parent))
        else:
            above.setdefault(child, set()).add(parent)
    return found


def climbed(start: str, above: dict[str, set[str]]) -> set[str]:
    found = {start}
    while more := {it for name in found for it in above.get(name, ())} - found:
        found |= more
    return found


@given(EDGES)
def test_the_edges_that_close_a_circle_are_those_that_the_plainest_way_finds(edges):
    assert closing(edges) == one_by_one(edges)


@given(EDGES)
def test_without_the_edges_that_close_one_there_is_no_circle(edges):
    kept = [it for it in edges if it not in closing(edges)]
    assert closing(reversed(kept)) == set()


def test_a_long_chain_is_a_tree_from_whichever_end_it_is_told():
    down = [(str(number + 1), str(number)) for number in range(20_000)]
    for order in (down, down[::-1], down[::2] + down[1::2], down[::-2] + down[-2::-2]):
        assert closing(order) == set()
    assert closing([*down, ("0", "20000")]) == {("0", "20000")}


def test_a_walk_meets_everything_once_and_begins_where_it_is_told():
    onward = {"a": "bc", "b": "d", "c": "da", "d": "b"}
    assert list(reached("ab", lambda it: onward.get(it, ""))) == ["a", "b", "c", "d"]
    assert list(reached([], lambda it: onward[it])) == []
