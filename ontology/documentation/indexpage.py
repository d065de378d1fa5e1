"""The first page of the documentation: the vocabulary at a glance, every term from A to Z, and what is reused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ontology.documentation.markdown import OTHERS, Linker, anchor, foreign, in_language, plain, table
from ontology.documentation.model import Term, TermKind, Vocabulary, said
from ontology.documentation.modulepage import GENERATED
from ontology.documentation.standards import Standard, standards
from ontology.release import TermChange, Turn

PAGE = "README"
_KINDS = {
    TermKind.CLASS: "class",
    TermKind.LINK: "link",
    TermKind.VALUE: "value",
    TermKind.INDIVIDUAL: "fixed value",
}
_READING = (
    "Every class and property has its name and meaning in three languages. What an entry of a class must look like, "
    "how many values a property has and of what sort, is told by the shapes (SHACL), and so is what a curator reads "
    "when an entry is not so. Domains and ranges describe; nothing is inferred from them. A term is our own only where "
    "no standard has one, and says why."
)


def index_page(vocabulary: Vocabulary, releases: Mapping[str, Iterable[TermChange]]) -> str:
    """The page as Markdown.

    Args:
        vocabulary: What is described.
        releases: What each release did to the terms, by version, the newest first.
    """
    link = Linker(vocabulary, PAGE)
    parts = [
        GENERATED,
        f"# {plain(said(vocabulary.titles))}",
        *_descriptions(vocabulary),
        f"Version {plain(vocabulary.version)}. Terms begin with `{vocabulary.namespace}`, in short `ks:`.",
        "[![Every class in its module, and the links between classes](overview.svg)](overview.svg)",
        _READING,
        "## Modules",
        _modules(vocabulary, link),
        "## Terms from A to Z",
        _terms(vocabulary, link),
        "## What is reused",
        "The terms of other vocabularies that ours refines, or that entries use as they are.",
        table(("Vocabulary", "Prefix", "Terms"), (_standard(it, link) for it in standards(vocabulary))),
        "## Releases",
        "A term is never taken away: one that is retired stays described, and names what takes its place. A term is "
        "changed when its sort, what it refines, its domain or its range is another.",
        *(part for version, changes in releases.items() for part in _release(version, list(changes), link)),
    ]
    return "\n\n".join(parts) + "\n"


def _descriptions(vocabulary: Vocabulary) -> Iterator[str]:
    yield plain(said(vocabulary.descriptions))
    for lang, _ in OTHERS:
        if text := in_language(vocabulary.descriptions, lang):
            yield foreign(text, lang)


def _modules(vocabulary: Vocabulary, link: Linker) -> str:
    rows = (
        (
            f"[{it.title}]({it.name}.md)",
            link.prose(_first_sentence(it.introduction)),
            link.terms(doc.term.iri for doc in it.classes),
            str(len(it.properties)),
        )
        for it in vocabulary.modules
    )
    return table(("Module", "What it describes", "Classes", "Properties"), rows)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]


def _terms(vocabulary: Vocabulary, link: Linker) -> str:
    def row(term: Term) -> tuple[str, ...]:
        place = f'<a id="{anchor(term.iri, vocabulary)}"></a>{link.term(term.iri)}'
        names = (foreign(in_language(term.labels, lang), lang) for lang, _ in OTHERS)
        retired = " (retired)" if term.deprecated else ""
        module = f"[{term.module}]({term.module}.md)"
        return (place, _KINDS[term.kind] + retired, module, plain(said(term.labels)), *names)

    ordered = sorted(vocabulary.terms.values(), key=lambda it: (vocabulary.name(it.iri).lower(), it.iri))
    return table(("Term", "Kind", "Module", "English", *(language for _, language in OTHERS)), map(row, ordered))


def _standard(it: Standard, link: Linker) -> tuple[str, str, str]:
    return f"[{plain(it.title)}]({it.page})", f"`{it.prefix}:`", link.terms(it.terms)


def _release(version: str, changes: Sequence[TermChange], link: Linker) -> Iterator[str]:
    """What a release did to the terms, a line for each turn of it."""
    yield f"### {plain(version)}"
    lines = [
        f"- {turn.capitalize()}: {', '.join(_changed(it, link) for it in changes if it.turn is turn)}"
        for turn in Turn
        if any(it.turn is turn for it in changes)
    ]
    yield "\n".join(lines) or "The first release."


def _changed(it: TermChange, link: Linker) -> str:
    return link.term(it.term) + (f" (use {link.term(it.successor)})" if it.successor else "")
