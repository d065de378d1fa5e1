"""What a file says that people have decided about links counts as what the file declares: a file cannot decide."""

from __future__ import annotations

import pyoxigraph as ox

from ingest.account import Account
from ingest.links import STATE
from ontology.kinds import Iri
from ontology.model import Problem
from ontology.namespaces import SSSOM

_CLAIMS = frozenset(map(ox.Literal, ("accepted", "rejected", "edited")))
_DECLARED, _REJECTED = ox.Literal("declared"), ox.Literal("rejected")
_MODIFIER, _NOT = ox.NamedNode(SSSOM.predicate_modifier), ox.NamedNode(f"{SSSOM}NegatedPredicate")


def disclaim(account: Account) -> None:
    """Take the decisions that a file claims for what it declares, a rejection for what it denies; W180 tells of each.

    Who is said to have decided stays (`sssom:reviewer_id`): it is what the file says.
    """
    claims = [it for it in account.triples if it.predicate == STATE and it.object in _CLAIMS]
    for it in sorted(claims, key=str):
        account.triples.remove(it)
        account.triples.add(ox.Triple(it.subject, STATE, _DECLARED))
        if it.object == _REJECTED:
            account.triples.add(ox.Triple(it.subject, _MODIFIER, _NOT))
    if claims:
        first = min(it.subject.value for it in claims if isinstance(it.subject, ox.NamedNode))
        message = f"{len(claims)} links are said to be decided, the first {first}; they are taken as declared"
        remedy = "Decide about them here (kesher review), if they should count as decided."
        place = account.places.get(Iri(first), first)
        account.problems.append(Problem("W180", account.file, place, message, remedy))
