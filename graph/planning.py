"""A process that shuts itself off and becomes the program `oxigraph`, which tells how it answers a query.

It is started by `graph.explaining` as `python -m graph.planning` in a folder that holds the query, and told what to do
in one JSON object on its standard input:

    {"program": path, "snapshot": folder, "prefixes": {name: namespace}, "gate": limits of the text or null,
     "sent": the text as its author wrote it, where the gate has read that; or nothing,
     "base": what relative IRIs are resolved against, or nothing,
     "strict": false where the default graph is the union of all graphs, "memory": bytes, "seconds": limit}

It leaves the plan in that folder, or says on its standard output why there is none: a refusal as `graph.refusal` writes
it. The parser that reads the query here is the one that the program has: what it cannot survive ends this process.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping
from math import ceil
from typing import Any

import pyoxigraph as ox

from graph import gate
from graph.confinement import OneProgram, leave_network, limit_memory
from graph.diagnosis import explain
from graph.refusal import described
from ontology.errors import BadInput, KesherError

#: Names of the files in the folder.
QUERY, PLAN = "query.rq", "plan.json"
_LONGEST_PLAN = 16 << 20  # bytes
_OUTPUT = 1
_OURS = "Functions of this endpoint, such as ks:similarity, have no plan."


def main() -> None:
    """Read the order, look at the query, become the program."""
    order = json.load(sys.stdin)
    program = OneProgram(order["program"])
    leave_network(program)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LONGEST_PLAN, _LONGEST_PLAN))
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(order["seconds"]) + 1, resource.RLIM_INFINITY))
    limit_memory(order["memory"])
    try:
        writable = _look(order)
    except KesherError as refusal:
        json.dump(described(refusal), sys.stdout)
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), _OUTPUT)  # where the answer goes
    asked = ["--location", order["snapshot"], "--query-file", QUERY, *writable]
    program.become("query", *asked, "--explain-file", PLAN, "--stats")


def _look(order: Mapping[str, Any]) -> list[str]:
    """Make the file of the query one that needs no prefixes but its own; what to ask of the program for this query.

    Raises:
        ForbiddenQuery, QueryTooComplex: the gate refuses it.
        MalformedQuery: it does not parse.
        BadInput: it calls a function that the program has not.
    """
    with open(QUERY, encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be a good part of the start-up
        text = file.read()
    prefixes: dict[str, str] = order["prefixes"]
    base: str | None = order["base"] or None
    if order["gate"]:
        gate.check(text, gate.GateLimits(*order["gate"]))
    try:
        nothing = ox.Store().query(text, base_iri=base, prefixes=prefixes)
    except SyntaxError:
        raise explain(order["sent"] or text, lambda it: _complaint(it, base, prefixes), prefixes) from None
    except (ValueError, RuntimeError) as error:
        raise BadInput(f"How the query is answered cannot be told: {error}.", remedy=_OURS) from error
    with open(QUERY, "w", encoding="utf-8") as file:  # noqa: PTH123 - for the same reason
        file.write(" ".join(f"PREFIX {name}: <{namespace}>" for name, namespace in prefixes.items()) + " " + text)
    writable = "application/n-triples" if isinstance(nothing, ox.QueryTriples) else "csv"
    dataset = [] if order["strict"] or gate.names_dataset(text) else ["--union-default-graph"]
    return ["--results-format", writable, *dataset, *(["--query-base", base] if base else [])]


def _complaint(text: str, base: str | None, prefixes: dict[str, str]) -> str:
    try:
        ox.Store().query(text, base_iri=base, prefixes=prefixes)
    except SyntaxError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    main()
