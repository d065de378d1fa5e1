"""What belongs to a practice record: its parts, whichever file describes them, and the records that a part belongs to.

A part is what a record reaches or what points at it, and that is nothing for itself: its episode, the nodes of its
labels, what stands in it, notes on its links, nodes without a name, and whatever the same file describes beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from ingest.elsewhere import Elsewhere
from ingest.evidence import Found, evidence_in
from ingest.practice import COMPANIONS, PRACTICE, SUBCLASS, THINGS, TO_PART, TO_WHOLE, TYPE
from ingest.record import Node
from ontology.kinds import is_genid


@dataclass(slots=True)
class Known:
    """What a file says, by subject and by object, with what is known elsewhere; each node is asked for once.

    Attributes:
        about: What the file says of each node.
        classes: Those of practice records, as the file and the other graphs know them.
    """

    triples: set[ox.Triple]
    elsewhere: Elsewhere
    about: defaultdict[Node, list[ox.Quad]] = field(default_factory=lambda: defaultdict(list))
    classes: set[Node] = field(default_factory=set)
    _pointing: defaultdict[object, list[ox.Quad]] = field(default_factory=lambda: defaultdict(list))
    _belonging: defaultdict[object, list[ox.Quad]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[Node, tuple[Found, ...]] = field(default_factory=dict)
    _parts: dict[Node, tuple[Node, ...]] = field(default_factory=dict)
    _things: dict[Node, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        graph = self.elsewhere.graph
        for it in self.triples:
            quad = ox.Quad(it.subject, it.predicate, it.object, graph)
            self.about[it.subject].append(quad)
            if isinstance(it.object, ox.NamedNode | ox.BlankNode):
                self._pointing[it.object].append(quad)
                if it.predicate in TO_WHOLE or self._is_unnamed(it.subject):
                    self._belonging[it.object].append(quad)
        self.classes = closure([PRACTICE], self._subclasses)

    # --- what is said ---

    def said(self, node: Node) -> list[ox.Quad]:
        """Everything that is said of a node; of somebody else's thing, only what this file says."""
        own = self.about.get(node, [])
        return own if self.is_owned(node) else [*own, *self.elsewhere.about(node)]

    def found(self, nodes: Iterable[Node]) -> set[Found]:
        """What is found in the texts of some nodes."""
        for node in nodes:
            if node not in self._found:
                self._found[node] = evidence_in(it.triple for it in self.said(node))
        return {it for node in nodes for it in self._found[node]}

    # --- records ---

    def is_called_record(self, node: Node) -> bool:
        """True when this file calls a node a practice record."""
        return any(it.predicate == TYPE and it.object in self.classes for it in self.about.get(node, ()))

    def is_record(self, node: Node) -> bool:
        """True for a practice record, whoever calls it one."""
        if self.is_called_record(node) or self.elsewhere.is_private(node, self.classes):
            return True
        return any(it.predicate == TYPE and it.object in self.classes for it in self.said(node))

    def is_owned(self, node: Node) -> bool:
        """True for somebody's thing of another kind, even if this file calls it a record."""
        but = self.elsewhere.graph if self.is_called_record(node) else None
        return self.elsewhere.is_owned(node, self.classes, but=but)

    def records(self) -> set[Node]:
        """The records of which, or of whose parts, this file speaks."""
        declared = {it.subject for it in self.triples if it.predicate == SUBCLASS and it.subject in self.classes}
        older = (it for kind in declared for it in self.elsewhere.instances(kind))
        concerned = closure([*self.about, *older], self._wholes)
        owned = {node for node in concerned if not self.is_called_record(node) and self.is_owned(node)}
        return {node for node in concerned - owned if self.is_record(node)}

    def mentioned(self) -> set[Node]:
        """The private records that statements of this file point at."""
        objects = {it.object for it in self.triples if isinstance(it.object, ox.NamedNode) and it.predicate != TYPE}
        private = {node for node in objects if self.elsewhere.is_private(node, self.classes)}
        return {node for node in private - self.about.keys() if not self.is_owned(node)}

    def speaks_of(self, node: Node, predicate: ox.NamedNode) -> bool:
        """True when this file states a property of a node."""
        return any(it.predicate == predicate for it in self.about.get(node, ()))

    def with_parts(self, records: Iterable[Node]) -> set[Node]:
        """Records with their parts, however deep."""
        return closure(records, self._parts_of)

    # --- parts ---

    def _subclasses(self, kind: Node) -> set[Node]:
        here = {it.subject for it in self._pointing.get(kind, ()) if it.predicate == SUBCLASS}
        return here | self.elsewhere.subclasses(kind)

    def _parts_of(self, node: Node) -> tuple[Node, ...]:
        if node not in self._parts:
            reached = (it.object for it in self.said(node) if self._leads_to_part(it))
            pointing = (it.subject for it in self._pointing_at(node) if not self._is_thing(it.subject))
            self._parts[node] = tuple(it for it in (*reached, *pointing) if not isinstance(it, ox.Literal | ox.Triple))
        return self._parts[node]

    def _pointing_at(self, node: Node) -> Iterator[ox.Quad]:
        """Statements that make their subject a part of a node: all that stand where it is called a record."""
        yield from (self._pointing if self.is_called_record(node) else self._belonging).get(node, ())
        if self.is_owned(node):
            return
        for predicate in TO_WHOLE:
            yield from self.elsewhere.pointing(node, predicate)
        homes = {
            it.graph_name for it in self.elsewhere.about(node) if it.predicate == TYPE and it.object in self.classes
        }
        if self.is_record(node):
            mentions = self.elsewhere.pointing(node)
            yield from (it for it in mentions if it.graph_name in homes or self._is_unnamed(it.subject))

    def _leads_to_part(self, quad: ox.Quad) -> bool:
        part = quad.object
        if not isinstance(part, ox.NamedNode) or self._is_unnamed(part):
            return isinstance(part, ox.NamedNode)
        if self._is_described(part, quad.graph_name):
            return quad.predicate in COMPANIONS or (quad.predicate != TYPE and not self._is_thing(part))
        return quad.predicate in TO_PART and not self._is_thing(part)

    def _wholes(self, node: Node) -> Iterator[Node]:
        """What a node may be a part of."""
        if self._is_thing(node):
            return
        unnamed = self._is_unnamed(node)
        for quad in (*self.about.get(node, ()), *self.elsewhere.about(node)):
            if isinstance(quad.object, ox.NamedNode) and (unnamed or quad.predicate in TO_WHOLE):
                yield quad.object
        for predicate in (None,) if unnamed else TO_PART:
            yield from (it.subject for it in self.elsewhere.pointing(node, predicate))
        yield from (it.subject for it in self._pointing.get(node, ()) if unnamed or it.predicate in TO_PART)

    def _is_thing(self, node: Node) -> bool:
        """True for what is known for itself: of a kind, a record, or described by the program."""
        if node not in self._things:
            said = (*self.about.get(node, ()), *self.elsewhere.about(node))
            types = {it.object for it in said if it.predicate == TYPE}
            known = not types.isdisjoint(THINGS | self.classes)
            self._things[node] = known or self.elsewhere.is_shipped(node)
        return self._things[node]

    def _is_described(self, node: ox.NamedNode, graph: object) -> bool:
        here = graph == self.elsewhere.graph
        return node in self.about if here else self.elsewhere.is_described(node, graph)

    def _is_unnamed(self, node: Node) -> bool:
        return not isinstance(node, ox.NamedNode) or is_genid(node.value, self.elsewhere.writer.base)


def closure(start: Iterable[Node], step: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """Some nodes with all that they lead to."""
    found = set(start)
    waiting = list(found)
    while waiting:
        new = set(step(waiting.pop())) - found
        found |= new
        waiting.extend(new)
    return found
