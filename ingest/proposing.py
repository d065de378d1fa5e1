"""What is proposed for one item: the concepts that its texts are about, and those whose codes stand in them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pyoxigraph as ox

from ingest.links import Link, LinkState
from language.linking import Linker, Proposal
from ontology.kinds import Iri, Kind
from ontology.namespaces import DCTERMS, KS

#: Proposals for one item, at most, and how sure each must be: five are what a person looks through.
MOST, LEAST = 5, 0.03
#: What found a code in a text, with its version.
BY_CODE = "identifier-1"

_ABOUT = Iri(str(DCTERMS.subject))
#: What an accepted link says where the vocabulary has a word for it, which recommendation goes by.
_SAYS: Mapping[tuple[Kind, Kind], Iri] = MappingProxyType(
    {
        (Kind.TOOL, Kind.COMPETENCY): Iri(str(KS.develops)),
        (Kind.PRACTICE, Kind.TOOL): Iri(str(KS.usedTool)),
        (Kind.PRACTICE, Kind.MISCONCEPTION): Iri(str(KS.observedMisconception)),
    }
)
_WORD = re.compile(r"[^\s,;()\[\]{}\"']+")


@dataclass(frozen=True, slots=True)
class Found:
    """An item as it is linked.

    Attributes:
        texts: What it says of itself, one for each language.
        stated: What its sources link it to already.
    """

    item: Iri
    kinds: frozenset[Kind]
    texts: Sequence[str]
    stated: frozenset[object]


def proposals(
    found: Found, linker: Linker, codes: Mapping[str, Iri], kinds: Callable[[Iri], frozenset[Kind]], agent: str
) -> list[Link]:
    """The links of an item: those by a code, accepted, then the likeliest that are proposed.

    Args:
        found: The item.
        linker: Finds the concepts that a text is about.
        codes: Code -> the one concept that it names.
        kinds: The kinds of a concept.
        agent: Who accepts a code.
    """
    best: dict[Iri, Link] = {}
    for link in (*_by_code(found, codes, agent), *_by_words(found, linker)):
        if ox.NamedNode(link.concept) not in found.stated and link.concept != found.item:
            best[link.concept] = max(best.get(link.concept, link), link, key=_rank)
    likeliest = sorted(best.values(), key=lambda it: (*(-one for one in _rank(it)), it.concept))
    coded = sum(it.method == BY_CODE for it in likeliest)
    fitting = (it for it in likeliest if Kind.TOOL not in found.kinds or Kind.TOOL not in kinds(it.concept))
    chosen = list(fitting)[: coded + MOST]
    return [it.saying(_says(found.kinds, kinds(it.concept))) for it in chosen]


def _rank(link: Link) -> tuple[bool, float]:
    return link.method == BY_CODE, link.confidence or 0.0


def _by_code(found: Found, codes: Mapping[str, Iri], agent: str) -> Iterator[Link]:
    for text in found.texts if codes else ():
        for word in (it[0].rstrip(".:!?") for it in _WORD.finditer(text)):
            if concept := codes.get(word):
                yield Link(found.item, _ABOUT, concept, LinkState.ACCEPTED, 1.0, BY_CODE, word, agent)


def _by_words(found: Found, linker: Linker) -> Iterator[Link]:
    for text in found.texts:
        for it in linker.propose(text, 2 * MOST):
            if it.confidence >= LEAST:
                yield Link(
                    item=found.item,
                    predicate=_ABOUT,
                    concept=Iri(it.iri),
                    state=LinkState.PROPOSED,
                    confidence=it.confidence,
                    method=it.method,
                    span=it.span.text,
                    features=features_of(it),
                )


def features_of(proposal: Proposal) -> str:
    """What a proposal was ranked by, as a JSON object: what a model of decisions is fitted on later."""
    told = proposal.features._asdict()
    return json.dumps({name: round(float(value), 6) for name, value in told.items()})


def _says(item: frozenset[Kind], concept: frozenset[Kind]) -> Iri:
    return next((it for (one, other), it in _SAYS.items() if one in item and other in concept), _ABOUT)
