"""The example questions: one Turtle file each, in the vocabulary in which the SIB Swiss resources share theirs.

An example is an sh:SPARQLExecutable (SHACL's namespace) with its query under sh:select, sh:construct or sh:ask, a label
and a comment in three languages, schema:keywords, and schema:target, the endpoint that it is for. The named questions
(`ontology.questions`) are offered in the same form, in English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from ontology.errors import UnknownQuery
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import RDF, RDFS, SCHEMA, SH
from ontology.questions import question, questions

LANGUAGES = ("en", "he", "ar")

#: Keyword of every named question.
NAMED = "named question"

_SUFFIX = ".ttl"
#: The base before what every installation has of its own; the vocabulary's address is the same for all.
_OURS = re.compile(f"{re.escape(DEFAULT_BASE)}(?=id/|graph/|examples/|sparql>)")
_KEYWORDS, _TARGET = str(SCHEMA.keywords), str(SCHEMA.target)
#: Where the query stands -> the class of the example.
_FORMS = {
    str(SH.select): str(SH.SPARQLSelectExecutable),
    str(SH.construct): str(SH.SPARQLConstructExecutable),
    str(SH.ask): str(SH.SPARQLAskExecutable),
}


@dataclass(frozen=True, slots=True)
class Example:
    """One example question.

    Attributes:
        id: Its name, and that of its file.
        query: SPARQL that declares its own prefixes.
        labels: A title by language.
        comments: What it asks, by language.
    """

    id: str
    query: str
    labels: Mapping[str, str]
    comments: Mapping[str, str]
    keywords: tuple[str, ...]

    def label(self, lang: str) -> str:
        """The title in a language, else in English."""
        return self.labels.get(lang) or self.labels["en"]

    def comment(self, lang: str) -> str:
        """What it asks, in a language, else in English."""
        return self.comments.get(lang) or self.comments["en"]

    def says(self, text: str) -> bool:
        """True if every word of the text stands in a title, a comment, a keyword or the query, in any language."""
        here = " ".join([*self.labels.values(), *self.comments.values(), *self.keywords, self.query]).casefold()
        return all(word in here for word in text.casefold().split())


def example(id: str, base: str = DEFAULT_BASE) -> Example:
    """The example of this id, or the named question of this name; with the addresses of an installation.

    Raises:
        UnknownQuery: there is neither.
    """
    for found in (*examples(base), *named(base)):
        if found.id == id:
            return found
    raise UnknownQuery(f"There is no example {id[:80]!r}.", remedy="GET /api/v1/examples lists them.")


@cache
def examples(base: str = DEFAULT_BASE) -> tuple[Example, ...]:
    """The library, in order of id.

    Args:
        base: Base IRI of the installation; the files are written with the default one.
    """
    folder = files("ontology") / "examples"
    texts = {it.name.removesuffix(_SUFFIX): it.read_text("utf-8") for it in folder.iterdir() if _SUFFIX in it.name}
    return tuple(read_example(name, _OURS.sub(base, text)) for name, text in sorted(texts.items()))


@cache
def named(base: str = DEFAULT_BASE) -> tuple[Example, ...]:
    """The named questions as examples."""
    return tuple(_from_question(name, told, base) for name, told in questions().items())


def read_example(id: str, text: str) -> Example:
    """Read the Turtle of one example.

    Raises:
        ValueError: it is none: the message says what is missing.
    """
    said: dict[str, list[ox.Literal | ox.NamedNode]] = {}
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
        said.setdefault(quad.predicate.value, []).append(quad.object)
        _expect(str(quad.subject.value).endswith(f"/{id}"), id, f"{quad.subject} is not named like its file")
    forms = [form for form in _FORMS if form in said]
    _expect(len(forms) == 1 and len(said[forms[0]]) == 1, id, "there must be one query")
    classes = {it.value for it in said.get(str(RDF.type), [])}
    _expect(classes == {str(SH.SPARQLExecutable), _FORMS[forms[0]]}, id, f"its class does not fit {forms[0]}")
    _expect(len(said.get(_TARGET, [])) == 1, id, "there must be one schema:target")
    labels, comments = _by_language(said.get(str(RDFS.label), [])), _by_language(said.get(str(RDFS.comment), []))
    for texts, what in ((labels, "label"), (comments, "comment")):
        _expect(set(texts) == set(LANGUAGES), id, f"there must be one {what} in each of {', '.join(LANGUAGES)}")
    keywords = tuple(sorted(it.value for it in said.get(_KEYWORDS, [])))
    _expect(bool(keywords), id, "there must be a keyword")
    return Example(id, said[forms[0]][0].value, labels, comments, keywords)


def write_examples(chosen: tuple[Example, ...], base: str = DEFAULT_BASE) -> Iterator[ox.Triple]:
    """The statements of examples, as their files make them."""
    for it in chosen:
        node = ox.NamedNode(f"{base}examples/{it.id}")
        form = _form(it.query)
        yield ox.Triple(node, ox.NamedNode(str(RDF.type)), ox.NamedNode(str(SH.SPARQLExecutable)))
        yield ox.Triple(node, ox.NamedNode(str(RDF.type)), ox.NamedNode(_FORMS[form]))
        yield ox.Triple(node, ox.NamedNode(form), ox.Literal(it.query))
        yield ox.Triple(node, ox.NamedNode(_TARGET), ox.NamedNode(f"{base}sparql"))
        for predicate, texts in ((RDFS.label, it.labels), (RDFS.comment, it.comments)):
            for lang, text in texts.items():
                yield ox.Triple(node, ox.NamedNode(str(predicate)), ox.Literal(text, language=lang))
        for word in it.keywords:
            yield ox.Triple(node, ox.NamedNode(_KEYWORDS), ox.Literal(word))


def _from_question(name: str, told: str, base: str) -> Example:
    first, _, _ = told.partition("?")
    return Example(name, _OURS.sub(base, question(name)), {"en": f"{first}?"}, {"en": told}, (NAMED,))


def _form(query: str) -> str:
    first = re.search(r"^\s*(SELECT|CONSTRUCT|ASK)\b", query, re.MULTILINE)
    return str(SH[first[1].lower()] if first else SH.select)


def _by_language(literals: list[ox.Literal | ox.NamedNode]) -> dict[str, str]:
    found = [(it.language or "", it.value) for it in literals if isinstance(it, ox.Literal)]
    texts = dict(found)
    return {lang: texts[lang] for lang in LANGUAGES if lang in texts} if len(texts) == len(found) else {}


def _expect(true: bool, id: str, otherwise: str) -> None:
    if not true:
        raise ValueError(f"{id}.ttl: {otherwise}")
