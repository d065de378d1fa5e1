"""Acceptance of many links at once, after a person has looked at a sample of them that chance chose.

The sample is that part of the links above a confidence whose identifiers, which are hashes, come first: the same
whoever asks. Only when all of it is decided, and hardly any of it was rejected, do the others follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.links import LinkState
from ingest.review import ReviewQueue, Stored
from ontology.errors import Conflict

#: Links of a sample, and the part of them that must have been accepted.
SAMPLE, RIGHT = 20, 0.9

_SEEN = frozenset({LinkState.ACCEPTED, LinkState.REJECTED, LinkState.EDITED})


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a sample says.

    Attributes:
        links: All of the sample.
        waiting: Those of it that nobody has decided.
        right: The part of the decided ones that was accepted, 0 to 1; 0 for none.
        others: What would be accepted with it.
    """

    links: tuple[Stored, ...]
    waiting: tuple[Stored, ...]
    right: float
    others: tuple[Stored, ...]


def sampled(links: Iterable[Stored], above: float) -> Sampled:
    """The sample of those links that a program proposed with at least a confidence, and what it says so far."""
    sure = [it for it in links if it.link.method and (it.link.confidence or 0.0) >= above]
    open_ = [it for it in sure if it.link.state is LinkState.PROPOSED]
    chosen = sorted((it for it in sure if it in open_ or it.link.state in _SEEN), key=lambda it: it.link.id)[:SAMPLE]
    waiting = tuple(it for it in chosen if it.link.state is LinkState.PROPOSED)
    decided = [it for it in chosen if it.link.state in _SEEN]
    right = sum(it.link.state is LinkState.ACCEPTED for it in decided) / len(decided) if decided else 0.0
    return Sampled(tuple(chosen), waiting, right, tuple(it for it in open_ if it not in waiting))


def accept_above(queue: ReviewQueue, above: float, *, agent: str) -> Sequence[Stored]:
    """Accept all that was proposed with at least a confidence; each as a decision of its own, which can be undone.

    Raises:
        Conflict: the sample is not all decided yet (it names which are not), or too much of it was wrong.
    """
    sample = sampled(queue.every(), above)
    if sample.waiting:
        ids = ", ".join(it.link.id for it in sample.waiting)
        message = f"{len(sample.waiting)} of the sample of {len(sample.links)} links are not decided"
        raise Conflict(message, remedy=f"Decide these first: {ids}")
    if sample.right < RIGHT:
        message = f"Only {sample.right:.0%} of the sample were accepted, and {RIGHT:.0%} are asked for"
        raise Conflict(message, remedy="Take a higher confidence, or decide one by one.")
    return [queue.decide(it.link.id, LinkState.ACCEPTED, agent=agent) for it in sample.others]
