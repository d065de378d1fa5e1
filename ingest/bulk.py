"""Acceptance of many links at once, after a person has looked at a sample of them that chance chose.

The sample is that part of the links above a confidence whose identifiers, which are hashes, come first: the same
whoever asks. It is as large as it must be so that, were a tenth of all of them wrong, so few wrong ones would be seen
in it in at most one case of twenty (acceptance sampling by the hypergeometric distribution). Each of the first wrong
ones makes it larger; after the third the others have to be decided one by one. As it is looked at up to three times, a
set of which a tenth is wrong passes in fewer than one case of ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb

from ingest.links import LinkState
from ingest.proposing import BY_CODE
from ingest.queue import Stored, Wanted
from ingest.review import ReviewQueue
from ontology.errors import Conflict

#: The part of the links that must not be wrong, how often chance may hide that, and how many wrong ones end it.
WRONG, CHANCE, MOST_WRONG = 0.1, 0.05, 2

_SEEN = frozenset({LinkState.ACCEPTED, LinkState.REJECTED, LinkState.EDITED})


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a sample says.

    Attributes:
        links: All of the sample.
        waiting: Those of it that nobody has decided.
        wrong: How many of it were rejected or changed.
        others: What would be accepted with it.
    """

    links: tuple[Stored, ...]
    waiting: tuple[Stored, ...]
    wrong: int
    others: tuple[Stored, ...]

    @property
    def right(self) -> float:
        """The part of the decided ones that was accepted, 0 to 1; 0 for none."""
        decided = len(self.links) - len(self.waiting)
        return (decided - self.wrong) / decided if decided else 0.0


def sample_size(links: int, wrong: int) -> int:
    """How many of so many links must be looked at, when so many wrong ones are found among them.

    At that size no more than `wrong` would be seen in at most one case of twenty, were just over a tenth wrong.
    """
    bad = int(links * WRONG) + 1
    return next((size for size in range(1, links) if _seen_at_most(wrong, size, bad, links) <= CHANCE), links)


def sampled(links: Iterable[Stored], above: float) -> Sampled:
    """The sample of those links that a program proposed with at least a confidence, and what it says so far."""
    sure = [it for it in links if it.link.method not in {"", BY_CODE} and (it.link.confidence or 0.0) >= above]
    ordered = sorted((it for it in sure if it.link.state in {LinkState.PROPOSED, *_SEEN}), key=lambda it: it.link.id)
    wrong, size = 0, 0
    for allowed in range(MOST_WRONG + 1):
        size = sample_size(len(ordered), allowed)
        wrong = sum(it.link.state in {LinkState.REJECTED, LinkState.EDITED} for it in ordered[:size])
        if wrong <= allowed:
            break
    chosen, others = ordered[:size], ordered[size:]
    return Sampled(
        links=tuple(chosen),
        waiting=tuple(it for it in chosen if it.link.state is LinkState.PROPOSED),
        wrong=wrong,
        others=tuple(it for it in others if it.link.state is LinkState.PROPOSED),
    )


def accept_above(queue: ReviewQueue, above: float, *, agent: str, wanted: Wanted = Wanted()) -> int:  # noqa: B008 - a frozen value
    """Accept all that was proposed with at least a confidence, as one decision; counts them. Each can be undone.

    Raises:
        Conflict: too much of the sample was wrong, or it is not all decided yet (it names which are not).
    """
    sample = sampled(queue.every(wanted), above)
    if sample.wrong > MOST_WRONG:
        message = f"{sample.wrong} of the sample of {len(sample.links)} links were wrong"
        raise Conflict(message, remedy="Take a higher confidence, or decide one by one.")
    if sample.waiting:
        ids = ", ".join(it.link.id for it in sample.waiting)
        message = f"{len(sample.waiting)} of the sample of {len(sample.links)} links are not decided"
        raise Conflict(message, remedy=f"Decide these first: {ids}")
    return queue.accept_all(sample.others, agent=agent)


def _seen_at_most(wrong: int, size: int, bad: int, links: int) -> float:
    """How likely a sample has at most so many wrong ones, where `bad` of the links are wrong."""
    ways = sum(comb(bad, it) * comb(links - bad, size - it) for it in range(min(wrong, size) + 1))
    return ways / comb(links, size)
