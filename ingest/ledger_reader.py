"""What the ledger tells of graphs, of files and of entries: for whoever wants to know, and changes nothing."""

from __future__ import annotations

from ingest import history
from ingest.history import Act
from ingest.ledger_file import LedgerFile
from ontology.kinds import Iri


class LedgerReader:
    """Reads the rows of a ledger.

    Args:
        file: Where they are.
    """

    def __init__(self, file: LedgerFile) -> None:
        self._rows = file.rows

    def origin_of(self, graph: str) -> str:
        """Where the content of a graph last came from; "" when nothing is known."""
        rows = self._rows(
            "select origin from writes where graphs = ? and origin != '' and acknowledged"
            " order by sequence desc limit 1",
            graph,
        )
        return str(rows[0][0]) if rows else ""

    def graph_of(self, origin: str) -> str:
        """The graph that a file last became; "" when it is new."""
        rows = self._rows(
            "select graphs from writes where origin = ? and acknowledged order by sequence desc limit 1", origin
        )
        return str(rows[0][0]) if rows else ""

    def graphs_since(self, sequence: int) -> frozenset[str]:
        """Names of the graphs that acknowledged writes after a number wrote, in either dataset."""
        rows = self._rows("select distinct graphs from writes where acknowledged and sequence > ?", sequence)
        return frozenset(name for (names,) in rows for name in str(names).splitlines())

    def acts_on(self, iri: Iri, draft: str, *, drafts: bool) -> list[Act]:
        """Every write that touched a subject, the oldest first; those to its draft for whoever may know of it."""
        return [Act.read(*row) for row in self._rows(history.ACTS, iri, draft if drafts else "")]
