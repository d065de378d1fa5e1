"""What people write above the columns of a table, or beside the answers of a form, in three languages.

A Word document may open with a table of two columns that says what it is about, and a spreadsheet whose header has
only such headings needs no mapping. A heading may name a language: `name (he)`, `שם (אנגלית)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ingest.properties import PROPERTIES, closest, text
from language.script import language_of
from ontology.errors import InvalidParameter
from ontology.kinds import Kind
from ontology.yaml_text import Yaml

#: Own keys of a file's front matter, or properties of `ingest.properties`, with their English, Hebrew and Arabic names.
_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "kind|type|סוג|סוג הרשומה|النوع|نوع",
        "id": "id|code|מזהה|קוד|المعرف|الرمز|رمز",
        "label": "label|name|title|שם|כותרת|الاسم|العنوان|اسم|عنوان",
        "language": "language|שפה|اللغة|لغة",
        "alternative": "alternative|other name|שם נוסף|שם אחר|اسم آخر",
        "definition": "definition|what it is|הגדרה|מה זה|التعريف|تعريف",
        "description": "description|תיאור|الوصف|وصف",
        "note": "note|remarks|הערה|הערות|ملاحظة|ملاحظات",
        "creator": "creator|author|authors|מחבר|מחברים|المؤلف|المؤلفون",
        "issued": "issued|year|date|שנה|תאריך|السنة|التاريخ",
        "keyword": "keyword|keywords|מילות מפתח|كلمات مفتاحية|الكلمات المفتاحية",
        "homepage": "homepage|link|website|קישור|אתר|الرابط|رابط|الموقع",
        "doi": "doi",
        "status": "status|סטטוס|מצב|الحالة",
        "consent": "consent|הסכמה|الموافقة",
        "anonymisation": "anonymisation|anonymization|אנונימיות|הסתרת פרטים|إخفاء الهوية",
        "uses": "uses|tools|tools used|כלים|כלים שבשימוש|الأدوات|أدوات",
        "develops": "develops|competencies|competences|מפתח|כשירויות|מיומנויות|الكفايات|كفايات",
        "about": "about|topics|נושאים|על מה|الموضوعات|موضوعات",
        "supported_by": "supported by|sources|מקורות|المصادر|مصادر",
        "subject": "subject|subjects|תחום דעת|מקצוע|المادة|المواد",
        "tool_kind": "tool kind|kind of tool|סוג הכלי|نوع الأداة",
        "grade_min": "grade min|from grade|מכיתה|من الصف",
        "grade_max": "grade max|to grade|עד כיתה|إلى الصف",
        "research_grade": "research grade|evidence|evidence grade|דרגת ראיות|درجة الأدلة",
        "evidence_basis": "evidence basis|basis of evidence|בסיס הראיות|أساس الأدلة",
        "broader": "broader|part of|נושא רחב|أوسع",
    }
)
_KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TOOL: "tools|כלי|כלים|أداة|أدوات",
        Kind.PRACTICE: "practices|practice record|תיעוד|תיעוד מן השטח|رصد|توثيق",
        Kind.COMPETENCY: "competencies|כשירות|כשירויות|كفاية|كفايات",
        Kind.SOURCE: "sources|מקור|מקורות|مصدر|مصادر",
        Kind.CLAIM: "claims|טענה|טענות|ادعاء|ادعاءات",
        Kind.PROGRAMME: "programmes|programs|program|תכנית|תוכנית|תוכניות|برنامج|برامج",
        Kind.COMMUNITY: "communities|קהילה|קהילות|مجتمع|مجتمعات",
        Kind.EVENT: "events|אירוע|אירועים|حدث|فعاليات",
        Kind.MISCONCEPTION: "misconceptions|תפיסה שגויה|תפיסות שגויות|مفهوم خاطئ|مفاهيم خاطئة",
        Kind.ROLE: "roles|תפקיד|תפקידים|دور|أدوار",
        Kind.CONCEPT: "concepts|מושג|מושגים|مفهوم|مفاهيم",
    }
)
_TONGUES: Mapping[str, str] = MappingProxyType(
    {
        "he": "hebrew|עברית|العبرية|he",
        "ar": "arabic|ערבית|العربية|ar",
        "en": "english|אנגלית|الإنجليزية|en",
    }
)
_LANGUAGES = {word: tag for tag, words in _TONGUES.items() for word in words.split("|")}
_PROPERTY = {word: name for name, words in _HEADINGS.items() for word in words.split("|")} | {
    name.replace("_", " "): name for name in PROPERTIES if name not in {"title", "identifier"}
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words.split("|")} | {str(it): it for it in Kind}
_TAGGED = re.compile(r"(.*?)\s*(?:\((\w+)\)|@\s*(\w+))")


def heading(written: str) -> tuple[str, str]:
    """What a heading names, `label`, and the tag of a language that it adds; ("", "") when it is not known."""
    word = _folded(written)
    tagged = _TAGGED.fullmatch(word)
    tag = _LANGUAGES.get(tagged[2] or tagged[3], "") if tagged else ""
    name = _PROPERTY.get(tagged[1] if tagged and tag else word, "")
    return (name, tag) if name else ("", "")


def kind_named(written: str) -> Kind | None:
    """The kind that a word of the three languages means: tool, tools, כלי, أداة."""
    return _KIND.get(_folded(written))


def heading_in(lang: str, name: str, tag: str = "") -> str:
    """How a heading is written in a language, with the language of its values where a tag is given."""
    written = _in(lang, _HEADINGS[name])
    return f"{written} ({_in(lang, _TONGUES[tag])})" if tag else written


def kind_in(lang: str, kind: Kind) -> str:
    """How a kind is called in a language; in English where the language has no word for it here."""
    return _in(lang, f"{kind}|{_KINDS.get(kind, '')}")


def expected_kind(written: str) -> Kind:
    """The same, where there must be one.

    Raises:
        InvalidParameter: there is none; proposes the closest.
    """
    if found := kind_named(written):
        return found
    message = f"{written[:60]!r} is no kind of thing"
    raise InvalidParameter("kind", message, remedy=closest(written, list(Kind)))


def language_named(written: str) -> str:
    """The tag of a language that is called by its name in one of the three; other words stay as they are."""
    return _LANGUAGES.get(_folded(written), written.strip())


def front_of(rows: Iterable[tuple[str, ...]]) -> dict[str, Yaml] | None:
    """The front matter that a table of two columns is; None for any other table.

    Several values stand on lines of their own, or between semicolons.
    """
    front: dict[str, Yaml] = {}
    for row in rows:
        name, tag = heading(row[0]) if len(row) == 2 else ("", "")
        key = "title" if name == "label" else name
        if not key or tag or key in front:
            return None
        front[key] = _answer(key, row[1])
    return {key: answer for key, answer in front.items() if answer} or None


def _in(lang: str, words: str) -> str:
    """The first of some words that is in the script of a language, or else the first of all."""
    every = words.split("|")
    return next((word for word in every if language_of(word) == lang), every[0])


def _answer(key: str, written: str) -> Yaml:
    if key == "kind":
        return kind_named(written) or written.strip()
    if key == "language":
        return language_named(written)
    if key in {"id", "title"} or PROPERTIES[key].convert is text:
        return written.strip()
    words = [word for it in re.split(r"[;\n؛]", written) if (word := it.strip())]
    return words[0] if len(words) == 1 else [*words]


def _folded(written: str) -> str:
    """A heading as it is compared: without case, vowel points, marks of direction and a colon at its end."""
    bare = re.sub(r"[\u0591-\u05c7\u064b-\u0652\u0640\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", written)
    return " ".join(bare.replace("_", " ").casefold().split()).rstrip(" :*")
