"""What is recognised by its form: telephone numbers, identity numbers, e-mail addresses, handles and profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.personal.finding import Category, Finding
from language.personal.lists import is_one_of
from language.personal.reading import Reading, Token
from language.personal.sections import folded
from ontology.model import Certainty

# Every pattern is bounded, or begins where nothing of its own kind stands before: the time stays linear.
_AT = re.compile(r"@| ?[(\[] ?at ?[)\]] ?", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+%-]{1,64}\Z")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
#: An address as it is told: "noa at school dot org dot il".
_TOLD = re.compile(
    r"(?<![\w.+-])[\w.+-]{2,64} ?[(\[]?(?: at |\bat\b|@)[)\]]? ?[\w-]{1,63}(?: ?[(\[]?\bdot\b[)\]]? ?[\w-]{1,63}){0,3}"
    r" ?[(\[]?\bdot\b[)\]]? ?(?:com|org|net|edu|gov|il|ps|uk|info|io|me|example)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[a-z][\w.]{3,29}", re.IGNORECASE)
_PROFILE = re.compile(
    r"(?<![\w-])(?:(?:instagram|facebook|fb|twitter|x|tiktok|threads|snapchat)\.(?:com|net)/(?!watch\b|hashtag\b)"
    r"|(?:t|wa|telegram)\.me/|linkedin\.com/in/|youtube\.com/(?:@|c/|user/|channel/))[@\w.%-]{2,60}",
    re.IGNORECASE,
)
_NO_HANDLE = folded("@context @type @graph @prefix @value @language @base @list @media @import @param @return")
_PHONES = (
    re.compile(
        r"(?<![\w.+/])(?<!\d-)(?:(?:\+|00)?972[ .-]?(?:\(0\) ?)?|\(?0)(?:[57]\d|[23489])\)?(?:[ ./-]?\d){7}(?!\w)"
    ),
    re.compile(r"(?<![\w.+/])(?<!\d-)\(?0(?:5\d|7[2-9])\)?[\s,·•-]{1,3}\d{3}[\s,·•-]{0,3}\d{4}(?!\w)"),
    re.compile(r"(?<!\w)\+\d{1,3}(?:[ .()-]{0,2}\d){7,12}(?!\w)"),
)
_AFTER_CUE = re.compile(r"[^\d\n]{0,15}(\d(?:[ -]?\d){6,11})(?!\w)")
_NINE = re.compile(r"(?<![\w.+/])(?<!\d-)(?:\d{8}-?\d|\d{3}[ -]\d{3}[ -]\d{3})(?!\w|-\d)")
_PHONE_CUES = folded("""
    phone tel telephone mobile cell whatsapp טלפון הטלפון טל נייד הנייד פלאפון ווטסאפ וואטסאפ هاتف الهاتف هاتفه
    هاتفها تلفون التلفون جوال نقال موبايل واتساب
""")
_IDENTITY_CUES = folded("id identity ssn זהות הזהות תז هوية هويته هويتها الهوية")
#: Words between "identity number" and the number.
_CUE_DISTANCE = 5


def numbers(reading: Reading) -> Iterator[Finding]:
    """What its form gives away, in no order."""
    yield from _mail(reading)
    yield from _profiles(reading)
    yield from _phones(reading)
    yield from _identity_numbers(reading)


def has_valid_check_digit(number: str) -> bool:
    """True for nine digits of which the last one is right, as Israeli identity numbers have it."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(number))
    return len(number) == 9 and sum(it - 9 * (it > 9) for it in doubled) % 10 == 0 and number.strip("0") != ""


def _finding(reading: Reading, start: int, end: int, kind: Category, certainty: Certainty = Certainty.SURE) -> Finding:
    return Finding(*reading.span(start, end), kind, certainty)


def _mail(reading: Reading) -> Iterator[Finding]:
    for at in _AT.finditer(reading.plain):
        window = reading.plain[max(0, at.start() - 64) : at.start()]
        local, domain = _LOCAL.search(window), _DOMAIN.match(reading.plain, at.end())
        if local and domain:
            yield _finding(reading, at.start() - len(local[0]), domain.end(), Category.EMAIL)
    for told in _TOLD.finditer(reading.plain):
        yield _finding(reading, *told.span(), Category.EMAIL)


def _profiles(reading: Reading) -> Iterator[Finding]:
    for found in _PROFILE.finditer(reading.plain):
        yield _finding(reading, *found.span(), Category.HANDLE)
    for found in _HANDLE.finditer(reading.plain):
        if found[0].lower() not in _NO_HANDLE:
            yield _finding(reading, *found.span(), Category.HANDLE, Certainty.LIKELY)


def _phones(reading: Reading) -> Iterator[Finding]:
    for pattern in _PHONES:
        for found in pattern.finditer(reading.plain):
            yield _finding(reading, *found.span(), Category.PHONE)
    for token in reading.tokens:
        if _is_cue(token, _PHONE_CUES) and (after := _AFTER_CUE.match(reading.plain, token.end)):
            yield _finding(reading, *after.span(1), Category.PHONE, Certainty.LIKELY)


def _identity_numbers(reading: Reading) -> Iterator[Finding]:
    """Nine digits whose check digit is right; right or wrong where the words before say what they are."""
    announced = _announced(reading)
    for found in _NINE.finditer(reading.plain):
        digits = re.sub(r"\D", "", found[0])
        if found.start() in announced:
            yield _finding(reading, *found.span(), Category.IDENTITY_NUMBER)
        elif has_valid_check_digit(digits):
            yield _finding(reading, *found.span(), Category.IDENTITY_NUMBER, Certainty.LIKELY)


def _announced(reading: Reading) -> set[int]:
    """Where the numbers begin that stand after words such as "identity number"."""
    cues = [index for index, token in enumerate(reading.tokens) if _is_identity_cue(reading, index, token)]
    near = {index + step for index in cues for step in range(1, _CUE_DISTANCE + 1) if index + step < len(reading)}
    return {reading.tokens[index].start for index in near}


def _is_identity_cue(reading: Reading, index: int, token: Token) -> bool:
    return _is_cue(token, _IDENTITY_CUES) or (token.word == "ז" and reading.word(index - 1) in {"ת", "הת", "ות"})


def _is_cue(token: Token, cues: frozenset[str]) -> bool:
    return is_one_of(token.word, token.lang, cues)
