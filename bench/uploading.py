"""What an upload costs those who search meanwhile: searches of a server that works on a job, beside one that rests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx

from api.tokens import Scope
from bench.abstracts import scifact
from bench.ingesting import bibtex
from bench.measure import Line, Timing, milliseconds
from bench.world import server, starter
from search.collection import Collection

_RECORDS = 250
_AT_REST = 200


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio is of times, during / at rest."""
    collection = Collection.read(scifact())
    documents = dict(islice(collection.documents.items(), _RECORDS))
    queries = list(islice(collection.queries.values(), _AT_REST))
    with starter(folder) as services:
        token = services.tokens.create("bench", [Scope.INGEST], 1)
        data = services.settings.data
    with server(data) as client:
        rest = _timed(client, queries)
        start = time.perf_counter()
        answer = client.post(
            "/api/v1/ingest",
            files={"files": ("abstracts.bib", bibtex(documents).encode())},
            headers={"Authorization": f"Bearer {token}"},
        )
        taken, busy = time.perf_counter() - start, list[float]()
        while not (job := _job(client, answer, token))["ended"]:
            busy += _timed(client, queries[:10]).seconds
        whole = time.perf_counter() - start
    committed, during = job["report"]["committed"], Timing(tuple(busy))
    what = (
        f"a search while {committed:,} abstracts that were sent (in {taken * 1000:.0f} ms) are ingested ({whole:.0f} s)"
    )
    for name, ours, bare in (("median", during.p50, rest.p50), ("95th percentile", during.p95, rest.p95)):
        yield Line(f"{what}, {name} of {len(busy)}", milliseconds(ours), "at rest", milliseconds(bare), ours / bare)


def _job(client: httpx.Client, answer: httpx.Response, token: str) -> dict[str, object]:
    found = client.get(answer.headers["Location"], headers={"Authorization": f"Bearer {token}"})
    job: dict[str, object] = found.json()
    return job


def _timed(client: httpx.Client, queries: list[str]) -> Timing:
    seconds = []
    for query in queries:
        start = time.perf_counter()
        client.get("/api/v1/search", params={"q": query}).raise_for_status()
        seconds.append(time.perf_counter() - start)
    return Timing(tuple(seconds))
