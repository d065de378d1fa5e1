"""Lines of Hebrew, Arabic and English as teachers write them, with numbers, brackets and names: our own set.

A second set is the texts that ship with Kesher.
"""

from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

import pyoxigraph as ox

from ontology.turtle import starter

OWN = (
    "פרוטוקול לצפייה בשיעור מתמטיקה",
    "המורים המובילים נפגשו פעם בשבועיים",
    "דיון על פתרונות שונים של תלמידים",
    "בשנת 2024 השתתפו 35 מורים בקהילה",
    "הכלי GeoGebra נמצא בשימוש רב בכיתות",
    "שאלון (בן 12 פריטים) חולק בסוף המפגש",
    "לפי Shulman (1986) ידע תוכן פדגוגי הוא מרכזי",
    'משרד החינוך, ירושלים תשפ"ד',
    "אחוז המשיבים היה 87.5% מכלל המורים",
    "מפגש שלישי: 14:30 עד 16:00",
    "האם התלמידים הבינו את השבר 3/4?",
    "ניתן לפנות אל info@example.org לפרטים",
    "رؤية الدرس مع معلمي الرياضيات",
    "ناقش المعلمون حلول الطلاب المختلفة",
    "شارك 35 معلما في المجموعة عام 2024",
    "تستخدم أداة GeoGebra في المدرسة الثانوية",
    "استبيان (من 12 بندا) وزع في نهاية اللقاء",
    "لاحظ المعلم أن الأسئلة المفتوحة أفضل",
    "على المعلمة أن تسأل: لماذا؟",
    "بلغت نسبة الاستجابة 87.5% من المعلمين",
    "مستوى الفهم لدى الطلاب في الصف السابع",
    "لا إجابة صحيحة واحدة لهذا السؤال",
    "A protocol for watching a lesson together",
    "Noticing (van Es & Sherin, 2008) in 3 steps",
    "The Hebrew word שיעור means lesson.",
    "The Arabic word درس means lesson.",
    "Time: 45 min; groups of 4-5 pupils",
    "קבוצות של 4-5 תלמידים בכל כיתה",
    "הצעד הראשון [ראו נספח] הוא תצפית",
    "المرحلة الأولى [انظر الملحق] هي الملاحظة",
)


@lru_cache(maxsize=1)
def shipped() -> Sequence[str]:
    """One-line texts of the starter knowledge, 80 of each language, which nothing here was tuned on."""
    found: dict[str, set[str]] = {"he": set(), "ar": set(), "en": set()}
    for turtle in starter().values():
        for triple in ox.parse(turtle, ox.RdfFormat.TURTLE):
            if isinstance(triple.object, ox.Literal) and triple.object.language in found:
                found[triple.object.language].add(normalize("NFKC", triple.object.value))
    fit = {lang: sorted(it for it in texts if 25 <= len(it) <= 75 and "\n" not in it) for lang, texts in found.items()}
    return [text for texts in fit.values() for text in texts[len(texts) // 320 :: len(texts) // 80][:80]]
