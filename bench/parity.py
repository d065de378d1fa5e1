"""The same need in three languages: how much of the English answer do Hebrew and Arabic find?

The needs and their translations were written by this project. No figure here says that the English answer is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measure import Line
from bench.world import NEEDS, starter
from search.answers import SearchRequest

_TOP = 10

#: The needs of `bench.world`, in the same order.
_TRANSLATED = {
    "Hebrew": (
        "איך אוכל לעזור לעמיתים לראות מה התלמידים חושבים במהלך שיעור",
        "פרוטוקול להתבוננות משותפת בעבודות תלמידים",
        "לתת משוב אחרי צפייה בשיעור בלי לשפוט",
        "שאלות אבחון על כוחות ותנועה",
        "לקרוא תוצאות מבחנים עם הצוות",
        "לתמוך במורה מתחיל בשנה הראשונה",
        "טיעון במעבדת הכימיה",
        "ראיות לכך שקהילות מקצועיות לומדות משנות את ההוראה",
        "לתרגל שיחה קשה עם הורה",
        "לתכנן שיעור ביחד ולצפות בו",
        "כיתות הטרוגניות במתמטיקה",
        "אילו דילמות פוגשים מנחים של דיוני וידאו",
    ),
    "Arabic": (
        "كيف يمكنني مساعدة الزملاء على رؤية ما يفكر فيه التلاميذ أثناء الدرس",
        "بروتوكول للنظر معا في أعمال الطلاب",
        "تقديم تغذية راجعة بعد مشاهدة درس دون إصدار أحكام",
        "أسئلة تشخيصية عن القوى والحركة",
        "قراءة نتائج الاختبارات مع الطاقم",
        "دعم معلم مبتدئ في سنته الأولى",
        "المحاججة في مختبر الكيمياء",
        "أدلة على أن المجتمعات المهنية المتعلمة تغير التدريس",
        "التدرب على محادثة صعبة مع ولي أمر",
        "تخطيط درس معا ومشاهدته",
        "صفوف متفاوتة القدرات في الرياضيات",
        "ما المعضلات التي يواجهها ميسرو نقاشات الفيديو",
    ),
}


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio is the mean share of the English top ten."""
    with starter(folder) as services:
        services.search.load()
        engine = services.search.engine

        def top(need: str) -> set[str]:
            return {hit.iri for hit in engine.search(SearchRequest(need, limit=_TOP)).hits}

        english = [top(need) for need in NEEDS]
        for language, needs in _TRANSLATED.items():
            found = [top(need) for need in needs]
            shares = [len(ours & theirs) / _TOP for ours, theirs in zip(found, english, strict=True)]
            some = sum(map(bool, shares))
            share = sum(shares) / len(shares)
            yield Line(
                f"needs in {language}, top ten",
                f"{share:.2f} of the English top ten",
                "the same needs in English",
                f"{some} of {len(needs)} share a hit",
                share,
            )
