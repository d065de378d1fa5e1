"""How long a text may be, so that one of a stranger's takes only itself out and not its whole file."""

from __future__ import annotations

import csv

from ontology.interchange.facts import Term
from ontology.namespaces import DCTERMS, FOAF, RDFS, SKOS, SKOSXL
from ontology.text import MOST_LABEL_BYTES, MOST_TEXT_BYTES

# A cell may be as long as its file, so that a long one can be told and left out with its row: csv itself stops at the
# first one above 128 KiB.
csv.field_size_limit(2**31 - 1)

#: The remedy beside E150.
SHORTEN = "Shorten it, or keep the text elsewhere and link to it."

_LABELS = frozenset(
    map(
        str,
        (
            *(SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, SKOSXL.literalForm),
            *(RDFS.label, DCTERMS.title, FOAF.name),
        ),
    )
)


def is_too_long(predicate: str, value: Term | str) -> bool:
    """Whether a text is longer than is taken of its property: names up to 64 KiB, others up to 1 MiB, as UTF-8."""
    text = value if isinstance(value, str) else value.value
    most = MOST_LABEL_BYTES if predicate in _LABELS else MOST_TEXT_BYTES
    return len(text) > most // 4 and len(text.encode()) > most
