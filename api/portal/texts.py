"""The portal's own words, one file a language, and which language a reader gets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from language.script import direction, primary
from ontology.kinds import Kind
from ontology.model import LANGUAGES
from ontology.terms import term_name

MESSAGES = Path(__file__).with_name("messages")
DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of the portal in one language; `texts("search.results", count=3)`."""

    lang: str
    words: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words under a key, with `{name}` filled in.

        Raises:
            KeyError: there is no such key; a test keeps the three files complete.
        """
        return self.words[key].format(**values) if values else self.words[key]

    def around(self, key: str, name: str) -> tuple[str, str]:
        """The words before and after the place of `{name}`, which has markup of its own."""
        before, _, after = self.words[key].partition("{" + name + "}")
        return before, after

    def has(self, key: str) -> bool:
        """True when there are words under this key."""
        return key in self.words

    def get(self, key: str, otherwise: str) -> str:
        """The words under a key, or something else for keys that come from knowledge, not from templates."""
        return self.words.get(key, otherwise)

    def term(self, table: str, term: str) -> str:
        """Name of a property: the portal's own word for it, else the schema's, else the bare term."""
        return self.words.get(f"{table}.{term}") or term_name(term, self.lang) or term

    def kind(self, kind: Kind | None, *, plural: bool = False) -> str:
        """Name of a kind of entity."""
        return self(f"{'kinds' if plural else 'kind'}.{kind}") if kind else ""

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return direction(self.lang)


@cache
def texts_in(lang: str) -> Texts:
    """The portal's words in one of LANGUAGES."""
    tables = tomllib.loads((MESSAGES / f"{lang}.toml").read_text(encoding="utf-8"))
    words = {f"{name}.{key}": text for name, table in tables.items() for key, text in table.items()}
    return Texts(lang, words)


def choose_lang(asked: str | None, accepted: str) -> str:
    """The language to show: the one asked for, else the best that the browser accepts, else English.

    Args:
        asked: Value of the parameter `lang`, if any.
        accepted: Header Accept-Language (RFC 9110, 12.5.4).
    """
    if asked and primary(asked) in LANGUAGES:
        return primary(asked)
    ranked = sorted(filter(None, map(_weighed, accepted.split(","))), key=lambda it: -it[1])
    return next((lang for lang, weight in ranked if lang in LANGUAGES and weight > 0), DEFAULT)


def _weighed(item: str) -> tuple[str, float] | None:
    tag, _, rest = item.strip().partition(";")
    quality = rest.strip().removeprefix("q=") or "1"
    try:
        return tag.partition("-")[0].lower(), float(quality)
    except ValueError:
        return None
