"""In which of the old encodings a text most likely is: windows-1255, -1256, -1252, ISO-8859-8, or UTF-16 without mark.

An encoding is named only where the words themselves speak for it. Words of Hebrew end in final letters and never have
one inside; words of Arabic begin with the article and end in ta marbuta; both have function words. Read in a wrong
encoding, letters of another language show none of that, and much that speaks against it. Where the evidence is thin
nothing is named, for a wrong guess would turn Hebrew into Cyrillic without a word.

Names of encodings are those of the WHATWG Encoding Standard. chardet gives a second opinion for Western Europe, where
letters alone do not tell French from Czech.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from language.folding import fold
from language.function_words import FUNCTION_WORDS

_MOST_EVIDENCE = 1 << 20
_LEAST_WORDS = 3
_FINALS = frozenset("ךםןףץ")
_HAVE_FINALS = frozenset("כמנצ")  # not פ: loanwords such as `מיקרוסקופ` are often written with it
_ARTICLES = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل")
_HEBREW_WORD = re.compile(r"(?<![\w'\"׳״\u05b0-\u05c2])[א-ת][א-ת\u05b0-\u05c2]+(?![\w'\"׳״])")
_ARABIC_WORD = re.compile(r"(?<!\w)[ء-ي\u064b-\u0652پچژگٹڈڑںھہےک]{2,}(?!\w)")
_POINTS = re.compile(r"[\u05b0-\u05c2\u064b-\u0652\u0640]")
_GLUED = re.compile(r"[A-Za-z\u00c0-\u024f](?=[\u05d0-\u06d3])|[\u05d0-\u06d3](?=[A-Za-z\u00c0-\u024f])")
_OF_HEBREW = re.compile(r"[\u05b0-\u05f4\u200e\u200f\u00a0-\u00bf\u00d7\u00f7\u2010-\u203a\u20aa\u20ac\u2122]")
_OF_ARABIC = re.compile(r"[\u060c-\u06d3\u200c-\u200f\u00a0-\u00bf\u00d7\u00f7\u2010-\u203a\u20ac\u2122]")
_COMMON = re.compile(r"[\t\n\r\x20-\x7e\u00a0-\u00ff\u0590-\u06ff\u2010-\u203a\u200c-\u200f\u20aa\u20ac]")
#: What French, German or Spanish never have: a sign inside a word, a capital after a small letter, three accents.
_NOT_WESTERN = re.compile(
    r"[^\W\d_][¡-©«-´¶-¹»-¿‚„…†‡ˆ‰‹•™›˜‘“”×÷][^\W\d_]|[a-zß-ÿ][À-ÖØ-Þ]|[À-ÖØ-öø-ÿŠšŽžŸ]{3}|[ÐÞÝðþŠŽžŸ]"
)
_MISPLACED_QUOTE = re.compile(r"\w[‘“]|“\s|”\w")
_WESTERN_LETTER = re.compile(r"[À-ÖØ-öø-ÿŒœšƒ]")


@dataclass(frozen=True, slots=True)
class Likely:
    """What a text most likely is.

    Attributes:
        encoding: As `--encoding` takes it: `windows-1255`.
        text: The text, read in it.
    """

    encoding: str
    text: str


def likely(content: bytes) -> Likely | None:
    """The encoding that the words of a text speak for, if it is not UTF-8; None where the evidence is thin.

    Args:
        content: All of it: one byte that the encoding does not have speaks against it.
    """
    if utf_16 := unmarked_utf_16(content):
        return _read(content, utf_16)
    telling = b"\n".join(_telling_lines(content))
    found = [it for it, speaks in _CANDIDATES if (sample := _read(telling, it)) and speaks(sample.text)]
    return _read(content, found[0]) if found else None


def unmarked_utf_16(content: bytes) -> str:
    """`utf-16-le` or `utf-16-be` for a text in it without a byte order mark; "" for anything else."""
    head = content[:8192]
    if b"\x00" not in head or len(content) % 2:
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        if text.isascii() or len(_COMMON.findall(text)) >= 0.99 * len(text):
            return "" if re.search(r"[\x00-\x08\x0e-\x1f]", text) else encoding
    return ""


def is_visual_hebrew(text: str) -> bool:
    """True for Hebrew that is stored as it is seen, from left to right: its words are words when turned round."""
    return not _is_hebrew(text) and _speaks_hebrew(it[0][::-1] for it in _HEBREW_WORD.finditer(text))


def is_hebrew(text: str, least: int = _LEAST_WORDS) -> bool:
    """True for a text whose words are Hebrew beyond doubt, of which at least some (by number) show it."""
    return _is_hebrew(text, least)


def is_arabic(text: str, least: int = _LEAST_WORDS) -> bool:
    """The same for Arabic."""
    words = [_POINTS.sub("", it[0]) for it in _ARABIC_WORD.finditer(text)]
    favour = sum(it.startswith(_ARTICLES) or it.endswith("ة") or fold(it) in FUNCTION_WORDS for it in words)
    against = sum("ة" in it[:-1] or "ى" in it[:-1] or it.startswith("ء") for it in words)
    return _is_pure(text, _OF_ARABIC, len(words)) and _outweigh(favour, against, len(words), least)


def _is_hebrew(text: str, least: int = _LEAST_WORDS) -> bool:
    words = [_POINTS.sub("", it[0]) for it in _HEBREW_WORD.finditer(text)]
    # Arabic in a wrong encoding is few letters with many points; of a short text, one point is too many.
    if len(_POINTS.findall(text)) > (sum(map(len, words)) if least >= _LEAST_WORDS else 0):
        return False
    return _is_pure(text, _OF_HEBREW, len(words)) and _speaks_hebrew(words, least)


def _speaks_hebrew(words: Iterable[str], least: int = _LEAST_WORDS) -> bool:
    words = [it for it in words if len(it) > 1]
    favour = sum(it[-1] in _FINALS or fold(it) in FUNCTION_WORDS for it in words)
    against = sum(not _FINALS.isdisjoint(it[:-1]) or it[-1] in _HAVE_FINALS for it in words)
    return _outweigh(favour, against, len(words), least)


def _outweigh(favour: int, against: int, words: int, least: int) -> bool:
    return favour >= max(least, 0.15 * words) and against <= 0.1 * words


def _is_pure(text: str, own: re.Pattern[str], words: int) -> bool:
    """Whether what is not ASCII is nearly all of one script, and words are not of two."""
    foreign = sum(1 for it in text if not it.isascii()) - len(own.findall(text))
    return foreign <= 0.1 * words and len(_GLUED.findall(text)) <= 0.05 * words


def _is_western(text: str) -> bool:
    if _NOT_WESTERN.search(text) or len(re.findall(r"[A-Za-z]{2,}", text)) < _LEAST_WORDS:
        return False
    if not _WESTERN_LETTER.search(text):  # quotes and dashes are the same in all encodings of Windows
        return bool(re.search("[’“”]", text)) and not _MISPLACED_QUOTE.search(text)
    from chardet import detect  # noqa: PLC0415 - its models take longer to import than most files to read

    said = detect(text[:65536].encode("windows-1252"))["encoding"] or ""
    return said.lower().replace("iso-", "iso") in {"windows-1252", "iso8859-1", "iso8859-15"}


def _is_visual(text: str) -> bool:
    return _is_pure(text, _OF_HEBREW, len(_HEBREW_WORD.findall(text))) and is_visual_hebrew(text)


_CANDIDATES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("windows-1255", is_hebrew),
    ("iso-8859-8", is_hebrew),
    ("iso-8859-8", _is_visual),
    ("windows-1256", is_arabic),
    ("windows-1252", _is_western),
)


def _telling_lines(content: bytes) -> Iterator[bytes]:
    """The lines that are not ASCII, up to 1 MiB of them."""
    left = _MOST_EVIDENCE
    for line in content.splitlines():
        if not line.isascii():
            yield line[:left]
            left -= len(line)
        if left <= 0:
            return


def _read(content: bytes, encoding: str) -> Likely | None:
    try:
        return Likely(encoding, content.decode(encoding))
    except UnicodeDecodeError:
        return None
