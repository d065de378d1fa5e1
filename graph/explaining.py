"""How a query is answered: Oxigraph's own plan, with the rows and the time of each step.

pyoxigraph has no way to ask for a plan; the program `oxigraph` of the same version has one. It runs the query for it,
so it runs caged: a process of its own on an immutable snapshot, without network, ended at the limit (`graph.planning`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import astuple, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pyoxigraph as ox

from graph.cage import CageLimits
from graph.frames import Header
from graph.plan import Plan, read_plan
from graph.planning import PLAN, QUERY
from graph.query import QueryRequest
from graph.refusal import cause_of_death, expect_none
from graph.snapshots import Snapshots
from ontology.errors import (
    BadInput,
    KesherError,
    NoWorker,
    QueryMemoryLimit,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
)
from ontology.namespaces import PREFIXES

_LIMITS = CageLimits()
_START_S = 5.0  # of Python, before the query, on a busy machine
_ITS_OWN = 512 << 20  # address space that the program takes before it does anything: the stacks of its threads
_PLAIN_S = 3.0  # for a plan over nothing


class Explainer:
    """Tells how queries are answered, one at a time. Safe to share between threads; `explain` blocks the calling one.

    Args:
        snapshots: Where copies of the graph come from.
        limits: What one query may use.
    """

    def __init__(self, snapshots: Snapshots, limits: CageLimits = _LIMITS) -> None:
        self._snapshots = snapshots
        self._limits = limits
        self._free = BoundedSemaphore(1)

    def explain(self, request: QueryRequest) -> Plan:
        """The plan of a query, counted while it ran; its answer is thrown away.

        A query that does not end in its limits has a plan too, but not the counts: Oxigraph plans by the look of a
        query, so the plan over an empty store is the same.

        Args:
            request: The query; its text alone names graphs.

        Raises:
            UnknownSnapshot: the snapshot that it names is not kept.
            ForbiddenQuery: the gate refuses it.
            MalformedQuery: it does not parse.
            BadInput: it uses what only this endpoint has, such as a function of its own.
            QueryTooComplex: it is past a limit of the gate, overran a stack, or has a plan that is too deep to be read.
            QueryTimeout, QueryMemoryLimit: not even the plan could be made in the limits.
            NoWorker: another explanation took too long.
        """
        if not self._free.acquire(timeout=self._limits.patience):
            raise NoWorker("Another query is being explained.", remedy="Try again in a few seconds.")
        try:
            return self._counted(request)
        except (QueryTimeout, QueryMemoryLimit) as limit:
            with tempfile.TemporaryDirectory() as nothing:
                ox.Store(nothing).flush()
                plan = _plan(request, Path(nothing), replace(self._limits, seconds=_PLAIN_S))
            return plan.uncounted(limit.message)
        finally:
            self._free.release()

    def _counted(self, request: QueryRequest) -> Plan:
        snapshot = self._snapshots.hold(request.snapshot)
        try:
            return _plan(request, snapshot.path, self._limits)
        finally:
            self._snapshots.drop(snapshot)


def _plan(request: QueryRequest, snapshot: Path, limits: CageLimits) -> Plan:
    order = {
        "program": str(_program()),
        "snapshot": str(snapshot.resolve()),
        "prefixes": dict(PREFIXES),
        "strict": request.strict,
        "base": request.base,
        "gate": astuple(limits.gate) if limits.gate and not request.sent else None,
        "sent": request.sent,
        "memory": limits.memory + _ITS_OWN,
        "seconds": limits.seconds,
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / QUERY).write_bytes(_encoded(request.text))
        expect_none(_run(order, folder, limits.seconds))
        try:
            return read_plan((Path(folder) / PLAN).read_text(encoding="utf-8"))
        except RecursionError:
            raise QueryTooComplex("The plan of this query is too deep.", remedy="Nest or chain fewer parts.") from None


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"The query cannot be evaluated: {error.reason}.") from error


def _run(order: dict[str, Any], folder: str, seconds: float) -> Header:
    """Run the process; the refusal that it gives, or nothing when it left a plan."""
    try:
        ran = subprocess.run(
            [sys.executable, "-I", "-m", "graph.planning"],
            input=json.dumps(order).encode(),
            capture_output=True,
            cwd=folder,
            timeout=seconds + _START_S,
            start_new_session=True,  # a Ctrl-C in the terminal is for the parent
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryTimeout(f"The query did not end within {seconds:g} s, its time limit.") from None
    if ran.returncode:
        raise _why(ran.returncode, ran.stderr.decode(errors="replace"))
    with suppress(json.JSONDecodeError):
        refusal: Header = json.loads(ran.stdout)
        return refusal
    return {}


def _why(ending: int, said: str) -> KesherError:
    if known := cause_of_death(ending):
        return known
    if "File too large" in said:
        return ResultTooLarge("The plan of this query is larger than can be sent.", remedy="Ask in smaller queries.")
    reason = said.strip().partition("\n")[0].removeprefix("Error: ")
    return BadInput(f"How the query is answered cannot be told: {reason[:300]}.")


@cache
def _program() -> Path:
    """The program that tells plans.

    Raises:
        NoWorker: the package `oxigraph` is not installed, or has none for this system.
    """
    with suppress(PackageNotFoundError):
        found = [Path(str(it.locate())).resolve() for it in files("oxigraph") or () if it.stem == "oxigraph"]
        if programs := [it for it in found if it.is_file()]:
            return programs[0]
    raise NoWorker("Plans cannot be told here.", remedy="Install the package oxigraph of the version of pyoxigraph.")
