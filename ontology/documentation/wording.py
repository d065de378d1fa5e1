"""What a shape asks of a property, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ontology.documentation.markdown import code, plain
from ontology.documentation.model import Constraint, TermKind, Vocabulary
from ontology.namespaces import RDF, XSD

_LANGUAGES = {"en": "English", "he": "Hebrew", "ar": "Arabic"}
_DATATYPES = {
    str(XSD.integer): "whole number",
    str(XSD.nonNegativeInteger): "whole number, not negative",
    str(XSD.decimal): "decimal number",
    str(XSD.double): "number",
    str(XSD.boolean): "true or false",
    str(XSD.string): "text without a language",
    str(RDF.langString): "text with its language",
    str(XSD.gYear): "year",
    str(XSD.gYearMonth): "month",
    str(XSD.date): "day",
    str(XSD.dateTime): "moment",
    str(XSD.duration): "duration",
    str(XSD.anyURI): "address, as text",
}
_NODE_KINDS = {"IRI": "address", "Literal": "text", "BlankNodeOrIRI": "entry", "BlankNode": "entry without an address"}


def how_many(constraints: Sequence[Constraint]) -> str:
    """How many values there may be, by all the shapes of one property together."""
    low = max(it.low for it in constraints)
    most = [it.high for it in constraints if it.high is not None]
    parts = [_between(low, min(most, default=None))]
    parts += [f"one in {_LANGUAGES.get(lang, lang)}" for it in constraints for lang in it.required_languages]
    if any(it.one_per_language for it in constraints):
        parts.append("one in each language at most")
    said = ", ".join(parts[1:] if len(parts) > 1 and parts[0] == "any number" else parts)
    return said if any(it.severity == "Violation" for it in constraints) else f"{said} (a warning only)"


def _between(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "any number"
        case _, None:
            return f"at least {_count(low)}"
        case 0, 0:
            return "none"
        case 0, most:
            return f"at most {_count(most)}"
        case _ if low == high:
            return f"exactly {_count(low)}"
        case _:
            return f"{low} to {high}"


def _count(number: int) -> str:
    return {1: "one", 2: "two", 3: "three"}.get(number, str(number))


def values(constraints: Iterable[Constraint], vocabulary: Vocabulary, link: Callable[[str], str]) -> str:
    """What the values are, by all the shapes of one property together; by its range where they do not say."""
    several = list(constraints)
    found = dict.fromkeys(part for it in several for part in _parts(it, vocabulary, link))
    known = vocabulary.terms.get(several[0].predicate) if several else None
    kinds = any(it.classes or it.datatypes or it.allowed for it in several)
    if known and not kinds:
        found = dict.fromkeys([*ranges(known.range, known.kind, link), *found])
    return ", ".join(found) or ("" if known else "as the standard says")


def ranges(iris: Sequence[str], kind: TermKind, link: Callable[[str], str]) -> list[str]:
    """The range of a property as one phrase, if it has one."""
    words = [link(it) if kind is TermKind.LINK else _DATATYPES.get(it) or link(it) for it in iris]
    return [" or ".join(words)] if words else []


def _parts(it: Constraint, vocabulary: Vocabulary, link: Callable[[str], str]) -> list[str]:
    least, greatest = it.limits
    bounds = {(True, True): f"from {least} to {greatest}", (True, False): f"at least {least}",
              (False, True): f"at most {greatest}"}  # fmt: skip
    return [
        *([" or ".join(map(link, it.classes))] if it.classes else []),
        *([" or ".join(_DATATYPES.get(iri) or link(iri) for iri in it.datatypes)] if it.datatypes else []),
        *([" or ".join(_value(value, vocabulary, link) for value in it.allowed)] if it.allowed else []),
        *([_NODE_KINDS.get(it.node_kind, it.node_kind)] if it.node_kind and not it.classes else []),
        *([bounds[bool(least), bool(greatest)]] if least or greatest else []),
        *([f"like {code(it.pattern)}"] if it.pattern else []),
        *([f"in {' or '.join(plain(_LANGUAGES.get(lang, lang)) for lang in it.languages)}"] if it.languages else []),
        *(f"not above {link(iri)}" for iri in it.not_above),
    ]


def _value(value: str, vocabulary: Vocabulary, link: Callable[[str], str]) -> str:
    return link(value) if value in vocabulary.terms else code(value)
