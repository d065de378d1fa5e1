"""The Markdown that the pages are made of: GitHub's dialect, with the few HTML elements that it lets through.

Hebrew and Arabic stand in elements that name their language and direction, so that they read right on a forge and in
the portal alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ontology.documentation.model import Texts, Vocabulary, said

#: The languages of the texts beside English, as their rows are headed.
OTHERS = (("he", "Hebrew"), ("ar", "Arabic"))

_ACTIVE = re.compile(r"([\\`*\[\]|~])")
_EDGE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")


def plain(text: str) -> str:
    """A text that means itself in Markdown, in a table too."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _EDGE_UNDERSCORE.sub(r"\\_", _ACTIVE.sub(r"\\\1", text)).replace("\n", " ")


def code(text: str) -> str:
    """A text as code, in a table too."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", r"\|")


def foreign(text: str, lang: str) -> str:
    """A Hebrew or Arabic text in its own language and direction; nothing when there is no text."""
    return f'<span dir="rtl" lang="{lang}">{plain(text)}</span>' if text else ""


def in_language(texts: Texts, lang: str) -> str:
    """The text in a language, nothing when there is none in it."""
    return next((it.text for it in texts if it.lang == lang), "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; rows that are empty but for their head are left out."""
    lines = [f"| {' | '.join(row)} |" for row in rows if any(row[1:])]
    return "\n".join((f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines))


def anchored(iri: str, vocabulary: Vocabulary) -> str:
    """A place to link to, with the name of a term."""
    return f'<a id="{anchor(iri, vocabulary)}"></a>{plain(vocabulary.name(iri))}'


def anchor(iri: str, vocabulary: Vocabulary) -> str:
    """The part of a link after `#`: the local name of an own term, `skos-Concept` for one of a standard."""
    return re.sub(r"[^\w.-]", "-", vocabulary.name(iri))


class Linker:
    """Writes terms as links, seen from one page.

    Args:
        page: Name of the page that the links stand on, without its suffix.
    """

    def __init__(self, vocabulary: Vocabulary, page: str) -> None:
        self._vocabulary = vocabulary
        self._page = page
        names = "|".join(map(re.escape, vocabulary.prefixes))
        self._written = re.compile(rf"\b({names}):([A-Za-z][\w-]*)")

    def term(self, iri: str) -> str:
        """A term as a link to where it is described: a page of ours, or the standard's own address."""
        name = plain(self._vocabulary.name(iri))
        home = self._vocabulary.module_of(iri)
        if not home:
            return f"[{name}]({iri})"
        page = "" if home == self._page else f"{home}.md"
        return f"[{name}]({page}#{anchor(iri, self._vocabulary)})"

    def terms(self, iris: Iterable[str], between: str = ", ") -> str:
        """Several terms."""
        return between.join(map(self.term, iris))

    def prose(self, text: str) -> str:
        """A text in English; the terms that it names are links."""
        return self._written.sub(lambda found: self.term(self._address(found)), plain(text))

    def _address(self, found: re.Match[str]) -> str:
        return self._vocabulary.prefixes[found[1]] + found[2]


def three_languages(labels: Texts, comments: Texts, linker: Linker) -> list[tuple[str, str]]:
    """The rows of a term's name and meaning, one for each language."""
    english = f"**{plain(said(labels))}**. {linker.prose(said(comments))}" if labels or comments else ""
    return [("English", english), *((language, _named(labels, comments, lang)) for lang, language in OTHERS)]


def _named(labels: Texts, comments: Texts, lang: str) -> str:
    """A term's name and meaning in Hebrew or Arabic."""
    return foreign(": ".join(filter(None, (in_language(labels, lang), in_language(comments, lang)))), lang)
