"""ks:similarity as a query worker computes it: the cosine of two unit vectors, of entities or of constant texts.

Light on purpose: numpy would start threads, and a worker shuts itself off while it has one.
"""

from __future__ import annotations

from array import array
from binascii import a2b_base64
from functools import lru_cache
from operator import mul
from typing import TypeAlias

import pyoxigraph as ox

from graph.frames import Header
from graph.vectors import Vectors
from ontology.errors import BadInput

#: The name of the function; that of KS.similarity, without the libraries that the namespaces need.
FUNCTION = ox.NamedNode("https://w3id.org/kesher/schema#similarity")
_DIGITS = 6
_REMEMBERED = 4096  # vectors as tuples of floats: 12 kB each at 384 dimensions
_TEXTS = {
    "http://www.w3.org/2001/XMLSchema#string",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
}
_SHOWN = 60

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Similarity:
    """The function, for one query.

    Args:
        described: {"file": path, "texts": {text: its vector, 32-bit floats, in base64}}.

    Raises:
        OSError: the file of vectors is not there.
    """

    def __init__(self, described: Header) -> None:
        self._texts = {text: _floats(vector) for text, vector in described["texts"].items()}
        self._entity = lru_cache(_REMEMBERED)(Vectors(described["file"]).get)
        self._unread = ""

    def __call__(self, *terms: Term) -> ox.Literal | None:
        """The cosine as xsd:double; None, SPARQL's error, which leaves a variable unbound, where there is none."""
        one, other = map(self._vector, terms)
        if one is None or other is None:
            return None
        return ox.Literal(round(min(1.0, max(-1.0, sum(map(mul, one, other)))), _DIGITS))

    def check(self) -> None:
        """To be called when the query was answered.

        Raises:
            BadInput: it handed over a text that was not known before it ran, so that the answer would be wrong.
        """
        if self._unread:
            raise BadInput(
                f"ks:similarity met the text {self._unread!r}, which no call of it in the query writes.",
                remedy="Write the text itself as an argument: texts are encoded before the query runs.",
            )

    def _vector(self, term: Term) -> tuple[float, ...] | None:
        if isinstance(term, ox.NamedNode):
            return self._entity(term.value)
        if not isinstance(term, ox.Literal) or term.datatype.value not in _TEXTS:
            return None
        if term.value not in self._texts:
            self._unread = self._unread or term.value[:_SHOWN] or " "
        return self._texts.get(term.value)


def _floats(encoded: str) -> tuple[float, ...]:
    return tuple(array("f", a2b_base64(encoded)))
