"""An entity as it is named where it is only mentioned."""

from __future__ import annotations

from dataclasses import dataclass

from language.labels import LabelIndex
from ontology.kinds import Iri, Kind


@dataclass(frozen=True, slots=True)
class Named:
    """An address with the name to show for it.

    Attributes:
        kind: None where nothing is known of it but the address.
        lang: Language of the label; empty for an address.
        needs_review: The label has no source yet.
        statuses: Illustrative, proposed, unverified...: must be shown with it.
    """

    iri: Iri
    kind: Kind | None
    label: str
    lang: str
    needs_review: bool = False
    statuses: tuple[str, ...] = ()


def name(labels: LabelIndex, iri: Iri, lang: str, statuses: tuple[str, ...] = ()) -> Named:
    """The best name of an entity for a reader of a language; its address where it has none."""
    entry = labels.best(iri, lang)
    if entry is None:
        return Named(iri, None, iri, "", statuses=statuses)
    return Named(iri, entry.kind, entry.text, entry.lang, entry.needs_review, statuses)
