"""The door for queries from outside where the graph is in a remote store: the store answers, and is not believed.

What comes back is read under a deadline and a cap of bytes, parsed to its end, and written anew in the format that the
asker accepts, cut where the cage would cut it. What the store sent never leaves here as it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import BoundedSemaphore

import pyoxigraph as ox

from graph.cage import QueryRequest
from graph.lexer import NOTHING, tokens
from graph.remote.dialect import Dialect
from graph.remote.endpoint import Endpoint, Pairs, moved
from graph.remote.exchange import Allowance, Reply
from graph.remote.received import GRAPHS as ASKED_GRAPHS
from graph.remote.received import TABLE, broken, cut_by_itself, opened, shed
from graph.results import GRAPHS, Answer, Caps, negotiate, write, write_graph
from ontology.errors import BadInput, KesherError, MalformedQuery, NotAcceptable, NoWorker, ResultTooLarge
from ontology.namespaces import KS, PREFIXES

_GRACE_S = 1.0
_ACCEPT = ", ".join(
    (TABLE, *(f"{media_type};q=0.{9 - place}" for place, media_type in enumerate(ASKED_GRAPHS)))
)  # the query's form decides which it is
_SIMILARITY = {f"<{KS}similarity>", "ks:similarity"}


@dataclass(frozen=True, slots=True)
class RemoteLimits:
    """What one query may use.

    Attributes:
        seconds: Wall-clock time. The store should have a limit of its own, not above this: we wait a second longer, so
            that its own word comes first.
        caps: Size of an answer; what is more is cut, and said to be.
        together: How many queries may be with the store at once.
        patience: Seconds to wait for a turn.
    """

    seconds: float = 10.0
    caps: Caps = field(default_factory=Caps)
    together: int = 2
    patience: float = 5.0

    @property
    def most(self) -> int:
        """Bytes of an answer that are read: JSON is the longest of the formats, but not four times any other."""
        return 4 * self.caps.bytes + 65_536


class RemoteQueries:
    """Answers queries from outside at an endpoint; implements `graph.door.QueryDoor`.

    Args:
        endpoint: Where they are answered, over connections that nothing else needs; closed with this door.
        dialect: How this store is asked for the union of its graphs.
        limits: What one query may use.
        prefixes: Those that need no declaration.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        dialect: Dialect,
        limits: RemoteLimits | None = None,
        prefixes: Mapping[str, str] = PREFIXES,
    ) -> None:
        self._endpoint = endpoint
        self._dialect = dialect
        self._limits = limits or RemoteLimits()
        self._prefixes = prefixes
        self._turns = BoundedSemaphore(self._limits.together)

    def run(self, request: QueryRequest) -> Answer:
        """As in the port.

        Raises:
            MalformedQuery, BadInput: the store cannot read it, or refuses it; in its words.
            NotAcceptable: its answer cannot be written as the request accepts.
            QueryTimeout: it was stopped, by the store or by us.
            NoWorker: others were asking all the time.
            RemoteStoreFailed: the store does not answer, or with what is no whole answer.
        """
        _refuse_similarity(request.text)
        if not self._turns.acquire(timeout=self._limits.patience):
            raise NoWorker("As many queries as may be are with the graph store.", remedy="Try again in a moment.")
        try:
            reply = self._ask(request)
        finally:
            self._turns.release()
        try:
            return self._answer(reply, request.accept)
        except KesherError as error:
            raise shed(error) from None

    def close(self) -> None:
        self._endpoint.close()

    def _ask(self, request: QueryRequest) -> Reply:
        used = [it for it in self._prefixes.items() if f"{it[0]}:" in request.text]
        header = " ".join(f"PREFIX {name}: <{namespace}>" for name, namespace in used)
        allowance = Allowance(self._limits.seconds + _GRACE_S, self._limits.most, foreign=True)
        dataset = self._dataset(request)
        try:
            return self._endpoint.query(f"{header}\n{request.text}", _ACCEPT, dataset, allowance)
        except MalformedQuery as error:
            raise moved(error, -1) from error

    def _dataset(self, request: QueryRequest) -> Pairs:
        described = request.dataset
        if described.get("union"):
            return self._dialect.union()
        parts = {"default-graph-uri": "default", "named-graph-uri": "named"}
        return [(name, str(_graph(iri))) for name, part in parts.items() for iri in described.get(part, ())]

    def _answer(self, reply: Reply, accept: str) -> Answer:
        caps = self._limits.caps
        try:
            answer = _written(reply, accept, caps, self._prefixes)
        except SyntaxError as error:
            if not reply.cut:
                raise broken(reply, error) from error
            whole = _count(reply) - 1  # what is written reads one more than it keeps
            if whole < 1:
                raise ResultTooLarge("One row of the answer is larger than an answer may be.") from error
            caps = caps._replace(rows=min(caps.rows, whole))
            answer = _written(reply, accept, caps, self._prefixes)._replace(truncated="bytes")
        return answer._replace(truncated=answer.truncated or cut_by_itself(reply))


def _written(reply: Reply, accept: str, caps: Caps, prefixes: Mapping[str, str]) -> Answer:
    found = opened(reply)
    if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
        return write(found, accept, caps, prefixes)
    media_type = negotiate(accept, GRAPHS)
    if media_type is None:
        raise NotAcceptable(
            f"This query's answer cannot be written as {accept!r}.", remedy=f"It can be: {', '.join(GRAPHS)}."
        )
    body, truncated = write_graph(_triples(found, reply), GRAPHS[media_type], caps, prefixes)
    return Answer(media_type, body, truncated or ("bytes" if reply.cut else None))


def _triples(quads: Iterator[ox.Quad], reply: Reply) -> Iterator[ox.Triple]:
    try:
        for quad in quads:
            yield quad.triple
    except SyntaxError as error:
        if not reply.cut:
            raise broken(reply, error) from error
        # We stopped reading: what came before is a beginning, and the answer is marked as cut.


def _count(reply: Reply) -> int:
    """How many rows of an answer that we stopped reading are whole."""
    count, rows = 0, opened(reply)
    try:
        for _ in rows if isinstance(rows, ox.QuerySolutions) else ():
            count += 1
    except SyntaxError:
        pass
    return count


def _graph(iri: str) -> str:
    """An IRI of the request, held to be one before the store sees it."""
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise BadInput(f"{iri[:200]!r} is no IRI of a graph: {error}.") from error


def _refuse_similarity(text: str) -> None:
    """Some stores take an unknown function for one that gives nothing, which would be silently wrong."""
    previous = NOTHING
    for token in tokens(text):
        if token.text == "(" and (previous.text in _SIMILARITY):
            raise BadInput(
                "ks:similarity is computed by the embedded graph store; this service works over a remote one.",
                remedy="Ask SERVICE <urn:kesher:search>, which works over every store.",
            )
        previous = token
