"""The lexicons in force: those that ship with Kesher, and before them the rows that an institute keeps in its folder.

A lexicon is a file `{lang}.tsv`, a row a line: forms with `|` between them, English with `;` between senses,
certainty. Lines that are empty or begin with # say nothing. An institute's file is read again as soon as it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from language.affixes import AFFIXES
from language.folding import key, words
from language.function_words import FUNCTION_WORDS
from language.gloss import Gloss, Lexicon, Row
from language.script import language_of
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.model import Certainty

_COLUMNS = 3
_CERTAIN = {it.value: it for it in (Certainty.SURE, Certainty.LIKELY)}
_REMEDY = "A row is forms with | between them, English with ; between senses, and sure or likely, with tabs between."


class Lexicons:
    """The lexicon of each language that has one.

    Args:
        data: Data folder: an institute's rows are in `lexicon/` below it. None: there are none.
    """

    def __init__(self, data: Path | None = None) -> None:
        self._folder = data / "lexicon" if data else None
        self._read: dict[str, tuple[object, Lexicon]] = {}

    @property
    def english(self) -> frozenset[str]:
        """The English words that those which ship with Kesher give."""
        return _english()

    def of(self, lang: str) -> Lexicon | None:
        """The lexicon of a language with the institute's rows as they are now; None where there is none.

        Rows that cannot be read are passed over here, so that a slip of a pen stops no search: `broken` tells of them.
        """
        if lang not in AFFIXES:
            return None
        stamp = self._stamp(lang)
        if stamp is None:
            return shipped(lang)
        known = self._read.get(lang)
        if known is None or known[0] != stamp:
            rows = (it for it in _lines(self._file(lang), lang) if isinstance(it, Row))
            known = self._read[lang] = (stamp, shipped(lang).extended(rows))
        return known[1]

    def gloss(self, text: str) -> list[Gloss]:
        """The glosses of a text, in order, each word by the lexicon of its script; empty where none of them is asked.

        Words of other scripts are their own glosses: a name or a term stays as it is among Hebrew or Arabic words.
        """
        runs = [(lang, " ".join(run)) for lang, run in groupby(text.split(), language_of)]
        if not any(lang in AFFIXES for lang, _ in runs):
            return []
        return [gloss for lang, run in runs for gloss in self._gloss(lang, run)]

    def _gloss(self, lang: str, run: str) -> list[Gloss]:
        lexicon = self.of(lang)
        if lexicon is not None:
            return lexicon.gloss(run)
        return [Gloss((it,), (it,), Certainty.SURE) for it in words(run) if it not in FUNCTION_WORDS]

    def own(self, lang: str) -> list[Row]:
        """The institute's rows of a language.

        Raises:
            UnreadableFile: one is broken; names the file, the line and what is wrong.
            InvalidParameter: no lexicon is kept for it.
        """
        self._require(lang)
        for it in self.broken(lang):
            raise it
        return [it for it in self._found(lang) if isinstance(it, Row)]

    def broken(self, lang: str) -> list[UnreadableFile]:
        """What is wrong with the institute's rows of a language, in order; nothing where all is well."""
        return [it for it in self._found(lang) if isinstance(it, UnreadableFile)]

    def _found(self, lang: str) -> list[Row | UnreadableFile]:
        return list(_lines(self._file(lang), lang)) if self._stamp(lang) else []

    def add(self, lang: str, forms: Iterable[str], english: Iterable[str], certainty: Certainty) -> Row:
        """Write one more row into the institute's file, above the others, so that it counts before them.

        Raises:
            UnreadableFile: it is no row, or the file has a broken one; the file stays as it is.
            InvalidParameter: no lexicon is kept for it.
        """
        file, rest = self._file(lang), self.own(lang)
        line = "\t".join(("|".join(map(_spaced, forms)), "; ".join(map(_spaced, english)), certainty.value))
        row = _row(line, lang, "the new row")
        old = file.read_text("utf-8") if rest else ""
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_text(f"{line}\n{old}", "utf-8")
        new.replace(file)
        return row

    def _file(self, lang: str) -> Path:
        return (self._folder or Path()) / f"{lang}.tsv"

    def _stamp(self, lang: str) -> object:
        """What changes when the institute's file does; None where there is none."""
        if self._folder is None:
            return None
        try:
            found = self._file(lang).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _require(self, lang: str) -> None:
        if lang not in AFFIXES:
            raise InvalidParameter(
                "lang", f"There is no lexicon for {lang!r}.", remedy=f"There is one for each of: {', '.join(AFFIXES)}."
            )


#: The lexicons of Kesher alone.
SHIPPED = Lexicons()


@cache
def shipped(lang: str) -> Lexicon:
    """The lexicon of a language that ships with Kesher, read when it is first asked for."""
    text = (files("language") / "lexicon" / f"{lang}.tsv").read_text("utf-8")
    cells = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    rows = (Row(tuple(forms.split("|")), tuple(english.split("; ")), _CERTAIN[sure]) for forms, english, sure in cells)
    return Lexicon(rows, AFFIXES[lang])


@cache
def _english() -> frozenset[str]:
    return frozenset().union(*(shipped(lang).english_words for lang in AFFIXES))


def _lines(file: Path, lang: str) -> Iterator[Row | UnreadableFile]:
    """Each row of a file, or what is wrong with it."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield _broken(f"{file} cannot be read: {error}.", str(file))
        return
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            try:
                yield _row(line, lang, f"{file}, line {number}")
            except UnreadableFile as error:
                yield error


def _spaced(text: str) -> str:
    """A text in one line, with single spaces."""
    return " ".join(text.split())


def _row(line: str, lang: str, place: str) -> Row:
    cells = line.split("\t")
    if len(cells) != _COLUMNS:
        raise _broken(f"{place}: {len(cells)} columns instead of {_COLUMNS}.", place)
    forms, english = (tuple(filter(None, map(str.strip, it.split(by)))) for it, by in zip(cells, "|;", strict=False))
    if not forms or line.startswith("#") or not all(key(it) and language_of(it) == lang for it in forms):
        raise _broken(f"{place}: {cells[0]!r} is no word in the script of {lang!r}.", place)
    if not english or not all(language_of(it) == "en" for it in english):
        raise _broken(f"{place}: {cells[1]!r} is no English.", place)
    if cells[2].strip() not in _CERTAIN:
        raise _broken(f"{place}: the certainty is {cells[2]!r}.", place)
    return Row(forms, english, _CERTAIN[cells[2].strip()])


def _broken(message: str, place: str) -> UnreadableFile:
    return UnreadableFile(message, place=place, problem="E-BROKEN-LINE", remedy=_REMEDY)
