"""Which of the things of a CTDL document say something that can be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from ontology.interchange.ctdl import terms
from ontology.interchange.ctdl.nodes import Member, Thing
from ontology.interchange.limits import SHORTEN, is_too_long
from ontology.interchange.naming import DEFINITION, PREFERRED
from ontology.interchange.outcome import Tally


def told(things: Mapping[ox.NamedNode, Thing], tally: Tally) -> Iterator[tuple[ox.NamedNode, Thing]]:
    """The things of which something is said that can be taken; W192 where nothing is, E150 where a text is too long."""
    for iri, thing in things.items():
        if not thing.types and not thing.members:
            tally.note("W192", thing.place, f"Nothing is said of {iri.value}", "Give it a @type and a text.")
        elif long := next((it for it in thing.members if _is_too_long(it, thing)), None):
            message = f"A text of {iri.value} is longer than is taken; the thing was left out"
            tally.drop_concept("E150", long.place, message, SHORTEN)
        else:
            yield iri, thing


def _is_too_long(member: Member, thing: Thing) -> bool:
    """Whether a text is too long for what it becomes: a name where it is a label, or in its language there is none."""
    if not isinstance(member.value, ox.Literal):
        return False
    if member.key == terms.TEXT:
        labels = (it.value for it in thing.members if it.key == terms.LABEL)
        labelled = member.value.language in {it.language for it in labels if isinstance(it, ox.Literal)}
        return is_too_long(DEFINITION.value if labelled else PREFERRED.value, member.value)
    named = PREFERRED.value if member.key == terms.LABEL else member.key
    return is_too_long(terms.properties_of(terms.classes_of(thing.types)).get(member.key, named), member.value)
