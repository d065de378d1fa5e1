"""British and American spelling: a query finds a word whichever of the two a text has.

Texts are kept as they are; the query says both. A spelling that nobody uses finds nothing and does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

_PAIRS = """
    programme program  centre center  metre meter  litre liter  fibre fiber  theatre theater  grey gray
    artefact artifact
    licence license  practise practice  defence defense  offence offense  judgement judgment  catalogue catalog
    dialogue dialog  fulfil fulfill  skilful skillful  enrol enroll  aluminium aluminum  sulphur sulfur  maths math
    behaviour behavior  colour color  favour favor  honour honor  humour humor  labour labor  neighbour neighbor
    rigour rigor  vapour vapor  tumour tumor  endeavour endeavor  harbour harbor  flavour flavor
    paediatric pediatric  encyclopaedia encyclopedia  mould mold  plough plow  ageing aging
"""
_ENDING = re.compile(r"(?<=\w{3})([iy])([sz])(e|es|ed|er|ers|ing|ation|ations)$")
_SUFFIX = re.compile(r"(s|al|ed|ing|ist|hood|ful|able)?$")
_OTHER = {"s": "z", "z": "s"}


def _both(text: str) -> Mapping[str, str]:
    british, american = text.split()[::2], text.split()[1::2]
    return MappingProxyType(dict(zip(british + american, american + british, strict=True)))


_SPELLINGS = _both(_PAIRS)


def spellings(word: str) -> Iterator[str]:
    """How else a folded English word may be spelt; the word itself is not among it."""
    if _ENDING.search(word):
        yield _ENDING.sub(lambda it: it[1] + _OTHER[it[2]] + it[3], word)
    for length in range(len(word), max(len(word) - 5, 2), -1):
        if (base := word[:length]) in _SPELLINGS and _SUFFIX.fullmatch(word[length:]):
            yield _SPELLINGS[base] + word[length:]
            return
