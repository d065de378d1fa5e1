"""What the tests of kills do in the processes that are killed, loaded once and then forked."""

import os
import signal
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from threading import Thread, Timer

import pyoxigraph as ox

import api.checking  # noqa: F401 - to be loaded once
from api import backup
from api.cli.serve import run
from api.services import Services, open_services
from api.settings import Settings
from graph.embedded import EmbeddedGraph
from ingest.ledger import Ledger
from ingest.pipeline import Options
from language.hashing import HashEncoder
from search.edge import EdgeIndex
from search.generations import Generations

AGENT = "https://example.org/agent/tester"
#: Statements of a record besides those that make it an entity.
PARTS = 5


def subject(number: int) -> str:
    """The address of a record."""
    return f"https://w3id.org/kesher/id/tool/t{number}"


def turtle(number: int) -> str:
    """A record: an entity with a name, which the index has a passage of, and five statements that belong together."""
    parts = " ; ".join(f'<http://e.org/p{it}> "{number}"' for it in range(PARTS))
    return f"""<{subject(number)}> a <https://w3id.org/kesher/schema#Tool> ;
        <http://www.w3.org/2004/02/skos/core#prefLabel> "Clock number {number}"@en ; {parts} ."""


def write(services: Services, number: int) -> None:
    """Write a record as a graph of its own."""
    triples = [it.triple for it in ox.parse(turtle(number), ox.RdfFormat.TURTLE)]
    services.writer.replace(f"source/{number}", triples, door="test", agent=AGENT)


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(cls: object, name: str) -> None:
    """Die when this is called."""
    setattr(cls, name, die)


def after(cls: object, name: str) -> None:
    """Die when this has been done."""
    done = getattr(cls, name)
    setattr(cls, name, wraps(done)(lambda *given, **more: (done(*given, **more), die())))


def during(cls: object, name: str) -> None:
    """Die while this is done, or when it has been."""
    done = getattr(cls, name)

    def dying(*given: object, **more: object) -> None:
        Timer(0.002, die).start()
        done(*given, **more)
        die()

    setattr(cls, name, dying)


def make_backup(services: Services) -> None:
    """Make one and put it beside the data folder."""
    target = services.folder.path.parent / "safe"
    target.mkdir(exist_ok=True)
    backup.move(backup.stage(services), target)


#: Where a process dies, and what it does to get there after it has written a record.
POINTS: dict[str, tuple[Callable[[], None], Callable[[Services], object]]] = {
    "after graph commit": (partial(after, EmbeddedGraph, "apply"), lambda it: write(it, 0)),
    "before ledger": (partial(before, Ledger, "acknowledge"), lambda it: write(it, 0)),
    "mid index batch": (partial(after, EdgeIndex, "upsert"), lambda it: it.search.catch_up()),
    "before watermark": (partial(before, EdgeIndex, "commit"), lambda it: it.search.catch_up()),
    "during snapshot": (partial(during, EmbeddedGraph, "snapshot"), lambda it: it.snapshots.hold()),
    "before swap": (partial(before, Generations, "adopt"), lambda it: it.search.rebuild()),
    "during swap": (partial(after, Generations, "adopt"), lambda it: it.search.rebuild()),
    "during backup": (partial(during, backup, "_beside"), make_backup),
    "during the copy of a backup": (partial(during, backup, "copy_checked"), make_backup),
}


def die_at(folder: str, point: str, number: int) -> None:
    """Write a record and die at a point; the record of the point itself, if it writes one, is number 0."""
    arm, act = POINTS[point]
    with open_services(Settings(data=Path(folder)), command="test", encoder=HashEncoder) as services:
        write(services, number)
        if point in {"after graph commit", "before ledger"}:
            services.writer.replace("source/0", [], door="test", agent=AGENT)
        arm()
        act(services)


def serve(folder: str, port: int, told: str, start: int) -> None:
    """Serve, and ingest files meanwhile; numbers of what is in are appended to the file `told`."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    settings = Settings(data=Path(folder) / "data", port=port, sparql_workers=1)
    url = f"http://127.0.0.1:{port}"
    with open_services(settings, command="kesher serve", url=url, encoder=HashEncoder, background=True) as services:
        Thread(target=_ingest, args=(services, Path(folder), told, start), daemon=True).start()
        run(services)


def _ingest(services: Services, folder: Path, told: str, start: int) -> None:
    for number in range(start, start + 10_000):
        file = folder / f"file{number}.ttl"
        file.write_text(turtle(number))
        report = services.ingest([file], Options(agent=services.agent, licence="https://spdx.org/licenses/CC0-1.0"))
        file.unlink()
        if report.committed:
            with Path(told).open("a") as out:
                out.write(f"{number}\n")
