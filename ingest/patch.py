"""A difference of any number of graphs, made as one write: what SPARQL updates and the Graph Store Protocol bring.

Curation keeps its precedence: what is said in a slot of which curation speaks steps aside, and where a patch changes
the curation itself, the sources' statements step aside or come back. A graph that a patch changes is no longer what its
file said, so its content hash goes, and the next ingestion of that file restores it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pyoxigraph as ox

from graph.embedded import stored
from graph.store import GraphName, GraphStore
from ingest.catalog import CATALOG, Facts
from ingest.draft import Draft, kept_nodes, subjects
from ingest.exposure import Exposure
from ingest.ledger import Dataset, Intent
from ingest.overlay import OVERRIDDEN, named, slot_of, spoken_slots, stated
from ingest.precedence import in_sources, keeping
from ingest.refusals import kept
from ingest.sweep import sweep
from ingest.writer import Commit, Writer

SCHEMA = "schema"
#: What is found out sooner by reading a graph whole than statement by statement.
_MANY = 2_000
_NOTHING: frozenset[ox.Quad] = frozenset()


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to change. What is removed and not there, or added and there already, changes nothing.

    Attributes:
        created: Graphs that will exist, be they empty.
        dropped: Graphs that will not exist any more.
        sweeping: The patch empties all there is; the graphs that the program keeps stay, without complaint.
        renewed: Graphs that start anew: what curation set aside of them goes too.
    """

    removed: frozenset[ox.Quad] = _NOTHING
    added: frozenset[ox.Quad] = _NOTHING
    created: frozenset[ox.NamedNode] = frozenset()
    dropped: frozenset[ox.NamedNode] = frozenset()
    sweeping: bool = False
    renewed: frozenset[ox.NamedNode] = frozenset()


def patch(writer: Writer, plan: Callable[[], Patch], *, door: str, agent: str) -> Commit:
    """Make a patch, worked out while no other write can come between.

    A record that loses its consent by it moves to the private dataset, in writes of its own.

    Raises:
        Denied: it would change a graph that the program keeps, or show what not everybody may see.
    """
    today, judged = datetime.now(UTC).date(), []

    def draft() -> Draft | None:
        drafted = _draft(writer, plan())
        if drafted:
            judged.append(Exposure(writer, set(drafted.removed), set(drafted.added)).expect_none(today))
        return drafted

    commit = writer.write(Intent(door, agent, Dataset.PUBLIC, ()), draft)
    if any(judged):
        sweep(writer, today, agent=agent)
    return commit


def kept_graphs(writer: Writer) -> frozenset[ox.NamedNode]:
    """The graphs that only the program itself writes."""
    return frozenset(map(writer.graph, (SCHEMA, CATALOG, OVERRIDDEN)))


def expect_free(writer: Writer, graph: GraphName) -> None:
    """Raise Denied for a graph that only the program itself writes."""
    if graph in kept_graphs(writer):
        raise kept(str(graph))


def exists(writer: Writer, graph: GraphName) -> bool:
    """True for the default graph, a graph with statements, and an empty one that was made on purpose."""
    if isinstance(graph, ox.DefaultGraph) or writer.catalog().facts(graph) is not None:
        return True
    return any(True for _ in writer.store(Dataset.PUBLIC).quads(graph=graph))


def _draft(writer: Writer, wanted: Patch) -> Draft | None:
    store = writer.store(Dataset.PUBLIC)
    wanted = _allowed(writer, wanted)
    removed = _present(store, wanted.removed - wanted.added)
    incoming = stored(wanted.added)
    added = incoming - _present(store, incoming)
    added -= {it for it in _known_aside(writer, added) if it.graph_name not in wanted.renewed}
    changed = {quad.graph_name for quad in (*removed, *added)}
    losing = {it.graph_name for it in removed} - {it.graph_name for it in added}
    named_losing = {it for it in losing if isinstance(it, ox.NamedNode)}
    emptied = {graph for graph in named_losing if _is_emptied(store, graph, removed)} | wanted.dropped | wanted.renewed
    settled = _Settling(writer, removed, added, emptied).settle()
    entries = _entries(writer, {named(graph) for graph in {*changed, *settled.touched_graphs}}, wanted)
    if not (settled.removed or settled.added or entries):
        return None
    return Draft(
        removed=frozenset(settled.removed - settled.added),
        added=frozenset(settled.added - settled.removed),
        changed=len(removed) + len(added),
        touched=subjects((*removed, *added, *settled.moved)),
        entries=entries,
    )


def _allowed(writer: Writer, wanted: Patch) -> Patch:
    """The patch without what a sweeping one does to graphs that the program keeps; Denied for any other."""
    kept = kept_graphs(writer)
    if wanted.sweeping:
        removed = frozenset(quad for quad in wanted.removed if quad.graph_name not in kept)
        wanted = replace(wanted, removed=removed, dropped=wanted.dropped - kept)
    graphs = {named(quad.graph_name) for quad in (*wanted.removed, *wanted.added)}
    for graph in sorted(kept & (graphs | wanted.created | wanted.dropped), key=str):
        expect_free(writer, graph)
    return wanted


def _entries(writer: Writer, changed: Iterable[ox.NamedNode], wanted: Patch) -> dict[ox.NamedNode, Facts | None]:
    """The catalogue entry of each graph that changes, comes or goes."""
    catalog = writer.catalog()
    entries: dict[ox.NamedNode, Facts | None] = {}
    for graph in {*changed} - {writer.overlay.overridden}:
        entries[graph] = replace(catalog.facts(graph) or _new(writer, graph), content_hash="")
    entries |= {graph: Facts() for graph in wanted.created - entries.keys() if not exists(writer, graph)}
    entries |= {graph: None for graph in wanted.dropped if graph in entries or exists(writer, graph)}
    return entries


def _new(writer: Writer, graph: ox.NamedNode) -> Facts:
    return Facts(title="Curation") if graph == writer.overlay.curation else Facts()


def _present(store: GraphStore, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Those of some statements that a store holds."""
    by_graph: defaultdict[GraphName, set[ox.Quad]] = defaultdict(set)
    for quad in quads:
        if not isinstance(quad.graph_name, ox.BlankNode):
            by_graph[quad.graph_name].add(quad)
    found: set[ox.Quad] = set()
    for graph, asked in by_graph.items():
        if len(asked) > _MANY:
            found |= asked & set(store.quads(graph=graph))
        else:
            found |= {it for it in asked if any(True for _ in store.quads(*it))}
    return found


def _known_aside(writer: Writer, quads: set[ox.Quad]) -> set[ox.Quad]:
    """Those of some statements that stand aside already."""
    store, overlay = writer.store(Dataset.PUBLIC), writer.overlay
    if not any(True for _ in store.quads(graph=overlay.overridden)):
        return set()
    slots = spoken_slots(store.quads(graph=overlay.curation))
    speaking = {it for it in quads if slot_of(it) in slots and it.graph_name != overlay.curation}
    return {it for it in speaking if _present(store, overlay.set_aside(it))}


def _is_emptied(store: GraphStore, graph: ox.NamedNode, removed: set[ox.Quad]) -> bool:
    """True for a graph of which nothing is left."""
    return all(quad in removed for quad in store.quads(graph=graph))


@dataclass
class _Settling:
    """Settles precedence for one patch: what steps aside, what comes back, what goes for good."""

    writer: Writer
    removed: set[ox.Quad]
    added: set[ox.Quad]
    emptied: set[ox.NamedNode]
    moved: set[ox.Quad] = field(default_factory=set)

    @property
    def touched_graphs(self) -> set[GraphName]:
        """Graphs from which statements step aside, or to which they come back."""
        return {it.graph_name for it in self.moved if not isinstance(it.graph_name, ox.BlankNode)}

    def settle(self) -> _Settling:
        overlay, store = self.writer.overlay, self.writer.store(Dataset.PUBLIC)
        said = set(store.quads(graph=overlay.curation))
        before, after = (spoken_slots(it) for it in (said, self._curation_after(said)))
        aside = {it for it in self.added if it.graph_name != overlay.curation and slot_of(it) in after}
        gained = (it for slot in after - before for it in in_sources(store, overlay, slot))
        stepping = set(gained) - self.removed
        nodes = {it for slot in before - after for it in keeping(store, overlay, slot)}
        returning = {it for it in stated(nodes) if it.graph_name not in self.emptied}
        gone = {it for graph in self.emptied for it in kept_nodes(store, overlay, graph)}
        self.moved = stepping | returning | aside
        self.removed = self.removed | stepping | nodes | gone
        self.added = (self.added - aside | returning).union(*map(overlay.set_aside, aside | stepping))
        return self

    def _curation_after(self, said: set[ox.Quad]) -> set[ox.Quad]:
        curation = self.writer.overlay.curation
        new = {it for it in self.added if it.graph_name == curation}
        return (said - self.removed) | new
