"""One vector for each entity: the mean direction of its passages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from language.encoder import Vector
from ontology.kinds import Iri
from search.index import VectorIndex

_NOTHING = 1e-9


def entity_vectors(index: VectorIndex) -> Mapping[str, bytes]:
    """Entity -> the normalised mean of the dense vectors of its passages, shape (dimension,), 32-bit floats.

    An entity has one where the encoder covers a language that it is described in; a long description weighs more than
    a name, because it has more passages. Sums are in 64 bits and in the order of values, so that the order in which an
    index tells its passages changes nothing.
    """
    passages: dict[Iri, list[Vector]] = {}
    for iri, vector in index.dense():
        passages.setdefault(iri, []).append(vector)
    means = ((iri, np.sort(np.stack(found), axis=0).sum(axis=0, dtype=np.float64)) for iri, found in passages.items())
    return {
        iri: (mean / length).astype(np.float32).tobytes()
        for iri, mean in means
        if (length := float(np.linalg.norm(mean))) > _NOTHING
    }
