"""The @context of a CTDL document (JSON-LD 1.1, section 3.1), from what ships with Kesher: nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ontology.errors import UnreadableFile
from ontology.interchange.ctdl.terms import CONTEXT_PREFIXES, LINKS, ORDERED, TEXTS, WELL_KNOWN
from ontology.interchange.json_text import Json
from ontology.namespaces import PREFIXES

#: What JSON-LD calls these keys; CTDL documents inside credentials use the short words.
_KEYWORDS = {"id": "@id", "type": "@type", "graph": "@graph"}


@dataclass(slots=True)
class Names:
    """What the words of a document mean.

    Attributes:
        terms: Prefix or word, and its address.
        kinds: Address of a property, and what its plain values are: `@id`, or a datatype.
        by_language: Addresses of properties whose objects are texts by language.
        ordered: Addresses of properties whose values have an order.
        vocabulary: What stands before words that no term explains.
        language: Of texts that name none.
    """

    terms: dict[str, str] = field(default_factory=lambda: dict(CONTEXT_PREFIXES))
    kinds: dict[str, str] = field(default_factory=lambda: dict.fromkeys(LINKS, "@id"))
    by_language: set[str] = field(default_factory=lambda: set(TEXTS))
    ordered: set[str] = field(default_factory=set)
    vocabulary: str = ""
    language: str = ""
    base: str = ""

    def keyword(self, key: str) -> str:
        """`@id`, `@type`... for a key that means one, else the key."""
        meaning = self.terms.get(key, _KEYWORDS.get(key, key))
        return meaning if meaning.startswith("@") else key

    def address(self, word: str) -> str:
        """The absolute address of a property or class; "" where the context gives none."""
        if word in self.terms:
            return _today(self.terms[word])
        prefix, colon, local = word.partition(":")
        if colon and not local.startswith("//") and prefix in self.terms:
            return _today(self.terms[prefix] + local)
        return _today(word) if colon else self.vocabulary and self.vocabulary + word


def _today(address: str) -> str:
    """CTDL's addresses once began with http."""
    return address.replace("http://purl.org/ctdl", "https://purl.org/ctdl", 1)


def names_of(context: Json) -> Names:
    """What a context says.

    Raises:
        UnreadableFile: E112 it names another context than Credential Engine's; E116 it is not a context.
    """
    names = Names()
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, str):
            _require_known(part)
            names.ordered |= ORDERED
        elif isinstance(part, dict):
            _define(part, names)
        elif part is not None:
            raise UnreadableFile("A context is an address or an object", place="@context", problem="E116")
    return names


def _require_known(address: str) -> None:
    if not WELL_KNOWN.fullmatch(address):
        message = f"The context {address[:200]!r} would have to be fetched, and contexts never are"
        remedy = "Put the content of that context into the file, under @context."
        raise UnreadableFile(message, place="@context", problem="E112", remedy=remedy)


def _define(part: dict[str, Json], names: Names) -> None:
    if isinstance(imported := part.get("@import"), str):
        _require_known(imported)
        names.ordered |= ORDERED
    names.vocabulary = _word(part.get("@vocab"), names.vocabulary)
    names.language = _word(part.get("@language"), names.language)
    names.base = _word(part.get("@base"), names.base)
    names.terms |= dict(_given(part))
    for term, meaning in part.items():
        if isinstance(meaning, dict) and (address := names.address(term)):
            _type(address, meaning, names)


def _word(value: Json, otherwise: str) -> str:
    return value if isinstance(value, str) else otherwise


def _given(part: dict[str, Json]) -> Iterator[tuple[str, str]]:
    for term, meaning in part.items():
        address = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(address, str) and not term.startswith("@"):
            prefix, colon, local = address.partition(":")
            known = part.get(prefix, PREFIXES.get(prefix)) if colon and not local.startswith("//") else None
            yield term, known + local if isinstance(known, str) else address


def _type(address: str, meaning: dict[str, Json], names: Names) -> None:
    if isinstance(kind := meaning.get("@type"), str):
        names.kinds[address] = "@id" if kind in {"@id", "@vocab"} else names.address(kind)
    containers = meaning.get("@container")
    if "@language" in (containers if isinstance(containers, list) else [containers]):
        names.by_language.add(address)
        names.kinds.pop(address, None)
    if "@list" in (containers if isinstance(containers, list) else [containers]):
        names.ordered.add(address)
