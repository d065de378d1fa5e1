"""Documents gone wrong in ways that nobody thought of, and the account that a mapping owes for each."""

import copy
from typing import TypeAlias

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Count, Mapped

Path: TypeAlias = tuple[str | int, ...]

#: Fast and the same on every run.
few = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

_TEXT = st.text(alphabet="abש ن\x00\x07{}<>%|", max_size=5)


def values(words: list[str]) -> st.SearchStrategy[Json]:
    """Any JSON value, with some words that mean something where they stand."""
    scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), _TEXT, st.sampled_from(words))
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(words) | _TEXT, inner, max_size=3)
        ),
        max_leaves=6,
    )


@st.composite
def mutated(draw: st.DrawFn, document: Json, words: list[str]) -> Json:
    """The document with up to four members replaced, added or taken out."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        if not (paths := _paths(changed)):
            break
        path = draw(st.sampled_from(paths))
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        change = draw(st.sampled_from(("replace", "add", "remove")))
        if isinstance(holder, dict) and change == "add":
            holder[draw(st.sampled_from(words))] = draw(values(words))
        elif isinstance(holder, dict) and change == "remove":
            del holder[path[-1]]
        else:
            holder[path[-1]] = draw(values(words))
    return changed


def _paths(value: Json) -> list[Path]:
    """Where something can be replaced."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for step, inner in steps for path in ((step,), *((step, *rest) for rest in _paths(inner)))]


def is_balanced(mapped: Mapped, counted: Count) -> bool:
    """Kept and dropped are together what a count apart from the reader finds, and every dropped one has a problem."""
    refused = [it for it in mapped.problems if it.code.startswith("E") and it.place and it.message]
    dropped = mapped.dropped.concepts + mapped.dropped.links
    return mapped.kept + mapped.dropped == counted and dropped == len(refused)


def codes(mapped: Mapped) -> list[str]:
    return [it.code for it in mapped.problems]
