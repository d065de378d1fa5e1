"""What the documentation says, before it is Markdown or a picture: terms, the shapes of classes, and modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from ontology.model import Text

#: One thing said in several languages, once in each.
Texts: TypeAlias = tuple[Text, ...]


def said(texts: Texts, lang: str = "en") -> str:
    """The text in a language, else the first there is, else nothing."""
    return min(texts, key=lambda it: it.lang != lang, default=Text("", "")).text


class TermKind(StrEnum):
    """What a term is, in the words of its reader."""

    CLASS = "class"
    LINK = "link"
    VALUE = "value"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the vocabulary.

    Attributes:
        parents: Addresses of what it refines (rdfs:subClassOf, rdfs:subPropertyOf) or, for an individual, its classes.
        matches: Addresses of terms elsewhere that mean the same or nearly.
        reason: Why it is our own and not a reused one.
        since: The first version that has it.
    """

    iri: str
    kind: TermKind
    module: str
    labels: Texts = ()
    comments: Texts = ()
    parents: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    reason: str = ""
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a shape asks of one property (a SHACL property shape).

    Attributes:
        path: Addresses in the order of the path; one for a plain property.
        route: The path as SPARQL writes it, with `{0}`, `{1}` for its addresses.
        low: Fewest values.
        high: Most values; None when there is no limit.
        classes: Classes that the values must have, any one of them.
        datatypes: Datatypes that the values may have, any one of them.
        allowed: The only values there are.
        limits: Least and greatest value, inclusive, as written; empty where there is none.
        languages: Language tags that the values may have.
        required_languages: Languages that must be there.
        one_per_language: No two values in one language.
        not_above: Properties whose values are at least as great.
        messages: What a curator is told when it is not so.
        severity: Local name of the SHACL severity.
    """

    path: tuple[str, ...]
    route: str
    low: int = 0
    high: int | None = None
    classes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    node_kind: str = ""
    pattern: str = ""
    limits: tuple[str, str] = ("", "")
    languages: tuple[str, ...] = ()
    required_languages: tuple[str, ...] = ()
    one_per_language: bool = False
    not_above: tuple[str, ...] = ()
    messages: Texts = ()
    severity: str = "Violation"

    @property
    def predicate(self) -> str:
        """Address of the property, empty when the path is longer."""
        return self.path[0] if self.route == "{0}" else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape asks of an entry as a whole; its messages say it."""

    messages: Texts
    severity: str = "Violation"


@dataclass(frozen=True, slots=True)
class Shape:
    """A SHACL node shape.

    Attributes:
        classes: Target classes.
        holders: Properties whose subjects are the target (sh:targetSubjectsOf).
    """

    module: str
    classes: tuple[str, ...]
    holders: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ClassDoc:
    """A class with what its shapes ask; a class of a standard is here when it has a shape.

    Attributes:
        subclasses: Addresses of the own classes that refine it.
        properties: Own properties that name it as their domain and that no shape of it mentions.
    """

    term: Term
    own: bool
    subclasses: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    rules: tuple[Rule, ...] = ()
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyDoc:
    """An own property with the classes whose shapes ask for it.

    Attributes:
        uses: Address of a class, and what its shape asks of the property there.
        everywhere: What is asked of the property wherever it stands.
    """

    term: Term
    uses: tuple[tuple[str, Constraint], ...] = ()
    everywhere: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow of the diagrams: entities of one class point at entities of another."""

    source: str
    predicate: str
    target: str
    constraint: Constraint | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """One theme of the vocabulary: a file of the schema and its shapes.

    Attributes:
        introduction: The comment that its file begins with.
        files: Paths of its Turtle below `ontology/`.
    """

    name: str
    introduction: str
    files: tuple[str, ...]
    classes: tuple[ClassDoc, ...]
    properties: tuple[PropertyDoc, ...]
    individuals: tuple[Term, ...]

    @property
    def title(self) -> str:
        """The name as a heading."""
        return self.name.replace("-", " ").capitalize()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The own terms that this module defines."""
        own = (it.term for it in self.classes if it.own)
        return (*own, *(it.term for it in self.properties), *self.individuals)


@dataclass(frozen=True)
class Vocabulary:
    """The whole vocabulary.

    Attributes:
        namespace: What the addresses of its own terms begin with.
        titles: Its name.
        descriptions: What it is for.
        prefixes: Namespace of each prefix that its files use.
    """

    namespace: str
    version: str
    titles: Texts
    descriptions: Texts
    modules: tuple[Module, ...]
    links: tuple[Link, ...]
    prefixes: Mapping[str, str]

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """Every own term, by address."""
        return {term.iri: term for module in self.modules for term in module.terms}

    @cached_property
    def classes(self) -> Mapping[str, ClassDoc]:
        """Every class that is described, by address."""
        return {it.term.iri: it for module in self.modules for it in module.classes}

    def module_of(self, iri: str) -> str:
        """Name of the module that describes a term, empty for a term that none does."""
        known = self.terms.get(iri) or (self.classes[iri].term if iri in self.classes else None)
        return known.module if known else ""

    def name(self, iri: str) -> str:
        """How a term is called: an own one by its local name, one of a standard with its prefix."""
        return iri.removeprefix(self.namespace) if iri in self.terms else self.short(iri)

    def short(self, iri: str) -> str:
        """An address with its prefix, `skos:broader`; whole where no prefix is known."""
        known = ((len(start), prefix, start) for prefix, start in self.prefixes.items() if iri.startswith(start))
        _, prefix, start = max(known, default=(0, "", ""))
        return f"{prefix}:{iri.removeprefix(start)}" if start else iri
