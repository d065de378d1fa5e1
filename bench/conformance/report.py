"""The report: a table of the suites, and what is expected to fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bench.conformance.pins import AS_STORED, BROKEN, ENGINE, EXPECTED, OURS
from bench.conformance.suites import OUT_OF_SCOPE, Faults

_HEAD = """\
# Conformance to the W3C's SPARQL suites

Made by `make conformance`. `tests/test_conformance.py` holds it: a test listed here that passes is a failure there, and
so is one that fails and is not listed. The suites are the folder `sparql` of
[w3c/rdf-tests](https://github.com/w3c/rdf-tests).

Kesher runs with the options of `kesher serve`, on a socket, over a new data folder, with `KESHER_SPARQL_STRICT=true`:
an update reads the store's own default graph, not the union of all graphs. Data come in by the Graph Store Protocol,
each file into a graph of its own, and every query names its dataset by `default-graph-uri` and `named-graph-uri`; a
test of the store's own default graph begins with an empty store. The yardstick is pyoxigraph, the engine inside, called
directly; for the suites about HTTP it is `oxigraph serve`.
"""
_RULES = """\
## What counts as passed

- An answer is the one expected but for the names of blank nodes; rows stand in order where the query sorts them. Tables
  come as XML or JSON, as the file of the expected result is; as CSV and TSV where the test is about them; graphs as
  Turtle.
- Literals are equal as they are written. In the tests under "by value" below pyoxigraph needs lenience, and there both
  sides are held against each other as Oxigraph stores them: `01` is `1`.
- A valid query or update is answered with 2xx; one that is not valid is refused with 400 and the problem
  `malformed-query`. For pyoxigraph, valid is what raises no SyntaxError.
- `BASE` with the address of the test's file stands before each request: the protocol has no other place for it.
- The requests of the protocol suites are sent as their manifests describe them, with the paths replaced: `/sparql/` by
  `/sparql` or `/sparql/update`, `/gsp` by `/graphs`. The service description has three tests of one sentence each; what
  they check is written in `bench/conformance/description.py`.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One suite: what its tests found, and what they found in the yardstick of that name."""

    title: str
    yardstick: str
    theirs: Faults
    ours: Faults


def written(lines: Iterable[Line]) -> str:
    """The whole report, in Markdown; the same results give the same text."""
    found = list(lines)
    return "\n".join([_HEAD, *_table(found), "", _RULES, *_failures(found), *_scope()]) + "\n"


def _table(lines: list[Line]) -> Iterator[str]:
    yield "| suite | tests | yardstick | passed by it | passed by Kesher |"
    yield "|---|---:|---|---:|---:|"
    for line in lines:
        theirs, ours = (sum(not it for it in faults.values()) for faults in (line.theirs, line.ours))
        yield f"| {line.title} | {len(line.ours)} | {line.yardstick} | {theirs} | {ours} |"


def _failures(lines: list[Line]) -> Iterator[str]:
    failing = {name for line in lines for name, fault in line.ours.items() if fault}
    yield "## What fails, and why"
    for heading, pinned in (
        ("The engine falls short", ENGINE),
        ("Refused on purpose", OURS),
        ("The test is wrong", BROKEN),
    ):
        names = sorted(failing & pinned.keys(), key=lambda it: (EXPECTED[it], it))
        if names:
            yield f"\n### {heading}\n"
        for reason, same in groupby(names, key=lambda it: EXPECTED[it]):
            yield f"- {reason}\n  {_named(same)}"
    better = sorted(ENGINE.keys() - failing)
    if better:
        yield f"\nFailed by the engine and passed by Kesher: {_named(better)}."
    if unexplained := sorted(failing - EXPECTED.keys()):
        yield f"\n**Not expected:** {_named(unexplained)}."


def _named(tests: Iterable[str]) -> str:
    """Sorted names, by folder: `sparql11/bind` bind01, bind02."""
    folders = groupby((it.partition("#") for it in tests), key=lambda it: it[0])
    return "; ".join(f"`{folder}` {', '.join(name for *_, name in same)}" for folder, same in folders)


def _scope() -> Iterator[str]:
    yield f"\n## By value\n\n{_named(sorted(AS_STORED))}."
    yield "\n## What is not run\n"
    for folder, reason in OUT_OF_SCOPE.items():
        yield f"- `{folder}`: {reason}"
