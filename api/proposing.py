"""Links proposed for what came in, over the concepts that the graph has now."""

from __future__ import annotations

from collections.abc import Iterable

from api.services import Services
from ingest.ledger import Dataset
from ingest.link import Proposer, concept_labels
from language.linking import Linker

_PREFIX = "source/"


def sources_since(services: Services, sequence: int) -> list[str]:
    """Names of the sources that were written after a number of the ledger."""
    return sorted(it for it in services.ledger.graphs_since(sequence) if it.startswith(_PREFIX))


def every_source(services: Services) -> list[str]:
    """Names of all sources, public and private."""
    return sources_since(services, 0)


def propose_links(services: Services, sources: Iterable[str]) -> int:
    """Bring the links that are proposed for some sources up to date; counts the statements that this changed."""
    names = list(sources)
    if not names:
        return 0
    linker = Linker(concept_labels(services.writer.store(Dataset.PUBLIC), services.writer.base))
    proposer = Proposer(services.writer, linker, services.agent)
    return sum(proposer.propose(it) for it in names)
