"""The reader of one search block: it takes what `graph.search_blocks` describes and nothing else.

What stands inside the braces is triples about one variable, each property one of those below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from graph.diagnosis import error_at
from graph.lexer import NOTHING, Token
from graph.naming import iri_of, text_of
from graph.search_blocks import MOST_HITS, Column, SearchBlock
from ontology.errors import MalformedQuery
from ontology.kinds import CLASS_OF, Kind
from ontology.model import LANGUAGES
from ontology.namespaces import KS

_OF_CLASS: Mapping[str, Kind] = MappingProxyType({str(cls): kind for kind, cls in CLASS_OF.items()})
_COLUMNS = frozenset(map(str, Column))
_MOST_DIGITS = 9
_LONGEST = 60


class BlockReader:
    """Reads one block.

    Args:
        text: The query.
        words: Its tokens.
        prefixes: Those that it may use.
        at: Number of the word behind the address, which should be a brace; in the end, of the one behind the block.
    """

    def __init__(self, text: str, words: Sequence[Token], prefixes: Mapping[str, str], at: int) -> None:
        self.at = at
        self._text = text
        self._words = words
        self._prefixes = prefixes
        self._block = SearchBlock(0, 0)
        self._said: set[str] = set()

    def read(self, first: Token) -> SearchBlock:
        """The block, whose first word is `first`.

        Raises:
            MalformedQuery: it is not as it should be.
        """
        opening = self._expect("{")
        while self._next.text != "}":
            self._subject()
            self._properties()
            if self._next.text != "}":
                self._expect(".", "; or . or }")
        closing = self._expect("}")
        if not self._block.entity or str(KS.query) not in self._said:
            raise self._error(first, "the search does not say what to look for.", 'Write ?x ks:query "..." in it.')
        return replace(self._block, start=first.start, opening=opening.start, end=closing.start + 1)

    @property
    def _next(self) -> Token:
        return self._words[self.at] if self.at < len(self._words) else NOTHING

    def _take(self) -> Token:
        token = self._next
        self.at += 1
        return token

    def _expect(self, mark: str, wanted: str = "") -> Token:
        if self._next.text != mark:
            raise self._unexpected(self._next, wanted or mark)
        return self._take()

    def _subject(self) -> None:
        token = self._take()
        if token.kind != "variable":
            raise self._unexpected(token, "the variable of the hits")
        if self._block.entity not in {"", token.text}:
            remedy = f"Write {self._block.entity} here too, or a search of its own for {token.text}."
            raise self._error(token, "a search has one variable for its hits.", remedy)
        self._block = replace(self._block, entity=token.text)

    def _properties(self) -> None:
        self._property()
        while self._next.text == ";":
            self._take()
            if self._next.text not in {";", ".", "}"}:
                self._property()

    def _property(self) -> None:
        name = self._take()
        if name.kind not in {"name", "iri"}:
            raise self._unexpected(name, "a property of searches")
        term = self._iri(name)
        if term not in _COLUMNS and term not in _READERS:
            known = ", ".join(f"ks:{it.removeprefix(str(KS))}" for it in (*_READERS, *Column))
            raise self._error(name, f"{_cut(name.text)} is not a property of searches.", f"These are: {known}.")
        self._value(name, term)
        while self._next.text == ",":
            self._take()
            self._value(name, term)

    def _value(self, name: Token, term: str) -> None:
        if term in self._said and term != str(KS.kind):
            raise self._error(name, f"{name.text} stands twice in one search.", "Leave one out, or search twice.")
        self._said.add(term)
        if term in _COLUMNS:
            return self._column(name, Column(term))
        token = self._take()
        if token.kind == "variable":
            problem = f"{name.text} needs a constant, and {token.text} is a variable."
            raise self._error(token, problem, "The search is made before the query runs: write the value itself.")
        self._block = _READERS[term](self, name, token)
        return None

    def _column(self, name: Token, column: Column) -> None:
        token = self._take()
        if token.kind != "variable":
            raise self._unexpected(token, f"a variable for {name.text}")
        if token.text[1:] in {it[1:] for it in (self._block.entity, *dict(self._block.columns).values())}:
            raise self._error(token, f"{token.text} stands for two things in one search.", "Choose another variable.")
        self._block = replace(self._block, columns=(*self._block.columns, (column, token.text)))

    def query(self, name: Token, token: Token) -> SearchBlock:
        return replace(self._block, query=self._string(name, token))

    def limit(self, name: Token, token: Token) -> SearchBlock:
        number = self._number(name, token)
        if not 1 <= number <= MOST_HITS:
            problem = f"{name.text} is {_cut(token.text)}; the limit is {MOST_HITS:,}, and the least is 1."
            raise self._error(token, problem, f"Ask for at most {MOST_HITS:,} hits, or make the search more specific.")
        return replace(self._block, limit=number)

    def kind(self, _name: Token, token: Token) -> SearchBlock:
        if not (kind := _OF_CLASS.get(self._iri(token))):
            classes = ", ".join(f"ks:{it.removeprefix(str(KS))}" for it in _OF_CLASS if it.startswith(str(KS)))
            problem = f"{_cut(token.text)} is not the class of a kind that is searched."
            raise self._error(token, problem, f"These are: {classes}, org:Organization, skos:Concept.")
        return replace(self._block, kinds=frozenset({*(self._block.kinds or ()), kind}))

    def role(self, name: Token, token: Token) -> SearchBlock:
        return replace(self._block, role=self._iri(token) or self._string(name, token))

    def subject(self, name: Token, token: Token) -> SearchBlock:
        return replace(self._block, subject=self._iri(token) or self._string(name, token))

    def content_lang(self, name: Token, token: Token) -> SearchBlock:
        return replace(self._block, content_lang=self._string(name, token))

    def min_evidence(self, name: Token, token: Token) -> SearchBlock:
        return replace(self._block, min_evidence=self._number(name, token))

    def lang(self, name: Token, token: Token) -> SearchBlock:
        if (lang := self._string(name, token)) not in LANGUAGES:
            raise self._error(token, f"{name.text} is {_cut(lang)!r}.", f"One of {', '.join(sorted(LANGUAGES))}.")
        return replace(self._block, lang=lang)

    def _iri(self, token: Token) -> str:
        try:
            return iri_of(token, self._prefixes)
        except ValueError as error:
            raise self._error(token, f"{error}.", "Write the character itself.") from error

    def _string(self, name: Token, token: Token) -> str:
        if token.kind != "string":
            raise self._unexpected(token, f"a text in quotes for {name.text}")
        if self._next.text == "^^":
            raise self._unexpected(self._next, "a text without a datatype")
        if self._next.kind == "language":
            self._take()
        try:
            return text_of(token)
        except ValueError as error:
            raise self._error(token, f"{error}.", "Write the character itself, or \\\\ for a backslash.") from error

    def _number(self, name: Token, token: Token) -> int:
        if token.kind != "number" or not token.text.isdecimal():
            raise self._unexpected(token, f"a whole number for {name.text}")
        return int(token.text[:_MOST_DIGITS]) if len(token.text) <= _MOST_DIGITS else 10**_MOST_DIGITS

    def _unexpected(self, token: Token, wanted: str) -> MalformedQuery:
        problem = f"{_cut(token.text) or 'the end of the query'} stands in a search where {wanted} is expected."
        return self._error(token, problem, "Patterns and filters of the query stand outside of the search.")

    def _error(self, token: Token, problem: str, remedy: str) -> MalformedQuery:
        offset = len(self._text.rstrip()) if token is NOTHING else token.start
        return error_at(self._text, offset, problem, remedy)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


_READERS: Mapping[str, Callable[[BlockReader, Token, Token], SearchBlock]] = MappingProxyType(
    {
        str(KS.query): BlockReader.query,
        str(KS.limit): BlockReader.limit,
        str(KS.kind): BlockReader.kind,
        str(KS.role): BlockReader.role,
        str(KS.subject): BlockReader.subject,
        str(KS.contentLang): BlockReader.content_lang,
        str(KS.minEvidence): BlockReader.min_evidence,
        str(KS.lang): BlockReader.lang,
    }
)
