"""How the index does with 10,000 and with 100,000 synthetic passages; `python -m bench.scale 1000000` for as many.

All figures are those of the index itself, in process, with payloads: the encoder's share is in other sections.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.measure import Line, Timing, in_turns, milliseconds
from bench.synthetic import DIMENSION, Asked, World
from language.encoder import Matrix, Vector
from search.edge import EdgeIndex
from search.index import Filter
from search.live import LOOSE
from search.optimising import optimise_apart

_MODEL = "synthetic@1"
_SMALL, _LARGE = 10_000, 100_000
_DEPTH = 100
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured with so many passages; times in seconds, memory in MiB.

    Attributes:
        loading: Making the points and putting them in, to the end of the commit.
        ordering: Optimising a copy, in its process; None: not done.
        ordering_memory: Most that this process took.
        restart: Opening the index in a new process, to its first answer.
        memory: Of that process after all questions.
        hybrid, exact: The index, and numpy comparing all vectors, on the same questions in turns.
        recall: Share of the nearest 100 vectors that the index finds.
    """

    passages: int
    loading: float
    ordering: float | None
    ordering_memory: float
    restart: float
    memory: float
    hybrid: Timing
    exact: Timing
    recall: float


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    small, large = measured(folder / "small", _SMALL), measured(folder / "large", _LARGE)
    what = f"{_LARGE:,} synthetic passages"
    yield Line(
        f"hybrid search, {what}, median",
        milliseconds(large.hybrid.p50),
        "exact dense search (numpy)",
        milliseconds(large.exact.p50),
        large.hybrid.p50 / large.exact.p50,
    )
    yield Line(
        f"hybrid search, {what}, 95th percentile",
        milliseconds(large.hybrid.p95),
        f"the same, {_SMALL:,} passages",
        milliseconds(small.hybrid.p95),
        large.hybrid.p95 / small.hybrid.p95,
    )
    yield Line(f"of the nearest {_DEPTH} vectors, found", f"{large.recall:.3f}", "exact", "1.000", large.recall)
    yield Line(f"restart to the first answer, {what}", f"{large.restart:.2f} s", "bound", "5.00 s", large.restart / 5)
    yield Line(
        f"memory of a process that searches {what}",
        f"{large.memory:.0f} MiB",
        f"{_SMALL:,} passages",
        f"{small.memory:.0f} MiB",
        large.memory / small.memory,
    )
    yield Line(
        f"putting a copy of {what} into order",
        f"{large.ordering or 0:.0f} s",
        "loading them",
        f"{large.loading:.0f} s",
        (large.ordering or 0) / large.loading,
    )


def measured(folder: Path, passages: int, *, ordered: bool = True) -> Figures:
    """Fill an index, put it into order as a server does (a small one is left as it is), and ask a new process."""
    world = World()
    start = time.perf_counter()
    index = EdgeIndex(folder, _MODEL, DIMENSION)
    for batch in world.points(passages):
        index.upsert(batch)
    index.commit(1, 40.0)
    loading, loose = time.perf_counter() - start, index.loose
    index.close()
    start = time.perf_counter()
    if due := ordered and loose >= LOOSE:
        optimise_apart(folder / "shard", lambda: None)
    ordering = time.perf_counter() - start if due else None
    ordering_memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _KIB
    asked = _asked_elsewhere(folder, passages)
    timings = [Timing(tuple(asked[name])) for name in ("hybrid", "exact")]
    restart, memory, recall = (float(asked[name]) for name in ("restart", "memory", "recall"))
    return Figures(passages, loading, ordering, ordering_memory, restart, memory, *timings, recall)


def _asked_elsewhere(folder: Path, passages: int) -> Mapping[str, float | list[float]]:
    command = [sys.executable, "-m", "bench.scale", str(passages), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Mapping[str, float | list[float]] = json.loads(done.stdout)
    return found


def ask(folder: Path, passages: int) -> Mapping[str, float | list[float]]:
    """Open an index, ask it everything, then compare with numpy."""
    questions = World().questions()
    start = time.perf_counter()
    index = EdgeIndex(folder, _MODEL, DIMENSION)
    _hybrid(index, questions[0])
    restart = time.perf_counter() - start
    for it in questions:
        _hybrid(index, it)
    memory = _resident()
    every = np.concatenate(list(World().vectors(passages)))
    timings = in_turns(
        {"hybrid": lambda it: _hybrid(index, it), "exact": lambda it: _nearest(every, it.dense)}, questions
    )
    recall = np.mean([_found(index, every, it.dense) for it in questions[:50]])
    index.close()
    return {name: list(it.seconds) for name, it in timings.items()} | {
        "restart": restart,
        "memory": memory,
        "recall": float(recall),
    }


def _hybrid(index: EdgeIndex, asked: Asked) -> object:
    return index.hybrid(dense=asked.dense, sparse=[asked.words], where=Filter(), limit=_DEPTH)


def _nearest(every: Matrix, dense: Vector) -> set[int]:
    scores = every @ dense
    return set(np.argpartition(-scores, _DEPTH)[:_DEPTH].tolist())


def _found(index: EdgeIndex, every: Matrix, dense: Vector) -> float:
    found = index.hybrid(dense=dense, sparse=(), where=Filter(), limit=_DEPTH)
    return len({it.id.int - 1 for it in found} & _nearest(every, dense)) / _DEPTH


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / _KIB**2


def main(passages: int, *, ordered: bool) -> None:
    """Print the figures for so many passages."""
    with tempfile.TemporaryDirectory() as folder:
        it = measured(Path(folder) / "index", passages, ordered=ordered)
    order = f"{it.ordering:.0f} s, at most {it.ordering_memory:.0f} MiB" if it.ordering is not None else "not done"
    sys.stdout.write(
        f"{passages:,} synthetic passages: loaded in {it.loading:.0f} s, put into order: {order}; "
        f"restart to the first answer {it.restart:.2f} s; hybrid search {milliseconds(it.hybrid.p50)} (p95 "
        f"{milliseconds(it.hybrid.p95)}) beside {milliseconds(it.exact.p50)} of numpy; {it.recall:.3f} of the nearest "
        f"{_DEPTH} found; {it.memory:.0f} MiB resident after {len(it.hybrid.seconds)} questions.\n"
    )


if __name__ == "__main__":
    if len(sys.argv) > 2 and not sys.argv[2].startswith("-"):
        sys.stdout.write(json.dumps(ask(Path(sys.argv[2]), int(sys.argv[1]))))
    else:
        main(int(sys.argv[1]), ordered="--unordered" not in sys.argv)
