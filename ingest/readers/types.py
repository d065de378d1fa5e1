"""Types of works: what each format calls them, in the few words that all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = {
    "article": "article article-journal article-magazine ejour jour journal-article mgzn research-article review "
    "review-article",
    "book": "book monograph edited-book reference-book edbook ebook",
    "chapter": "chapter inbook incollection book-chapter book-section chap echap",
    "conference paper": "paper-conference proceedings-article inproceedings conference cpaper conf conference-paper",
    "thesis": "thesis dissertation phdthesis mastersthesis thes",
    "report": "report rprt techreport govdoc standard",
    "dataset": "dataset data",
    "preprint": "preprint posted-content unpb unpublished manuscript",
    "web page": "webpage elec online website",
}
_TYPES: Mapping[str, str] = MappingProxyType({name: kind for kind, names in _NAMES.items() for name in names.split()})


def type_of(written: str) -> str:
    """The shared word for a type, such as "article"; a type that none shares stays as it is written."""
    word = written.strip().rsplit("/", 1)[-1].lower()
    return _TYPES.get(word.replace(" ", "-"), word)
