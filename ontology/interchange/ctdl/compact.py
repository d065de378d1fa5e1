"""JSON-LD made compact: addresses as `prefix:name`, texts by language, and the context that says how to read them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from ontology.interchange.ctdl.terms import HAS_CHILD, HAS_TOP_CHILD, LINKS
from ontology.interchange.facts import Facts, Term
from ontology.interchange.json_text import Json
from ontology.interchange.jsonld import cased, explicit, is_native, native
from ontology.namespaces import PREFIXES, XSD

_LOCAL = re.compile(r"\w[\w.-]*")
_LINK, _BY_LANGUAGE = "@id", "@language"


class Compactor:
    """How the members of some nodes are written: alike throughout, so that one context fits them all."""

    def __init__(self, nodes: Iterable[Facts]) -> None:
        kinds: dict[str, set[str]] = defaultdict(set)
        for node in nodes:
            for key, values in node.items():
                kinds[key] |= {_kind(value) for value in values}
        alike = {key: next(iter(found)) for key, found in kinds.items() if len(found) == 1}
        self._kinds = {key: kind for key, kind in alike.items() if key not in LINKS or (kind and not is_native(kind))}
        self._used: set[str] = set()

    def name(self, address: str) -> str:
        """`prefix:name`, or the address where no prefix fits."""
        for prefix, namespace in PREFIXES.items():
            if address.startswith(namespace) and _LOCAL.fullmatch(local := address.removeprefix(namespace)):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return address

    def node(self, node: Facts) -> dict[str, Json]:
        """A node's members; its classes stand under `@type`."""
        return {
            key if key == "@type" else self.name(key): self._member(key, values)
            for key, values in node.items()
            if values
        }

    def context(self) -> dict[str, Json]:
        """The context for all nodes written so far."""
        kinds: dict[str, Json] = {}
        for key, kind in sorted(self._kinds.items()):
            if key != "@type" and kind == _BY_LANGUAGE:
                kinds[self.name(key)] = {"@id": key, "@container": _BY_LANGUAGE}
            elif key != "@type" and kind and not is_native(kind):
                kinds[self.name(key)] = {"@id": key, "@type": kind if kind == _LINK else self.name(kind)}
        return {**{prefix: PREFIXES[prefix] for prefix in sorted(self._used)}, **kinds}

    def _member(self, key: str, values: Sequence[Term]) -> Json:
        kind = self._kinds.get(key)
        if key == "@type":
            written: list[Json] = [self.name(it.value) for it in values]
        elif kind == _BY_LANGUAGE:
            return _by_language(values)
        elif kind is None:
            written = [explicit(it) for it in values]
        else:
            written = [it.value if (number := native(it)) is None else number for it in values]
        return written[0] if len(written) == 1 and key not in (HAS_CHILD, HAS_TOP_CHILD) else written


def _kind(value: Term) -> str:
    """What the context must say of a value: `@id`, `@language`, a datatype, or nothing for a plain text."""
    if isinstance(value, ox.NamedNode):
        return _LINK
    if value.language:
        return _BY_LANGUAGE
    datatype = value.datatype.value
    if is_native(datatype) and native(value) is None:
        return "other"
    return "" if datatype == str(XSD.string) else datatype


def _by_language(values: Sequence[Term]) -> Json:
    texts: dict[str, list[Json]] = defaultdict(list)
    for it in values:
        if isinstance(it, ox.Literal):
            texts[cased(it.language or "@none")].append(it.value)
    return {tag: found[0] if len(found) == 1 else found for tag, found in texts.items()}
