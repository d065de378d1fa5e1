"""Words that say nothing of what a question is about, in English, Hebrew and Arabic, folded.

They are left out of queries, not of documents. That matters where passages are short, because there function words are
rare.
"""

from __future__ import annotations

from language.folding import words

_ENGLISH = """
    a about also am an and are as at be been being both but by can could did do does doing each for from had has have
    having he her here him his how i if in into is it its just me more most much my no not of on only or other our over
    same she should so some such than that the their them then there these they this those through to under us very want
    was we were what when where which while who whom whose why will with would you your
"""
_HEBREW = """
    של על את עם זה זו זאת לא או גם כל הם הן היא הוא מה מי איך כיצד כמה איפה היכן מתי למה מדוע אילו איזה איזו אני אנחנו
    אתה אל כי אם יש אין בין הזה היה הייתה היו להיות
"""
_ARABIC = """
    من في على إلى عن مع هذا هذه ذلك تلك ما ماذا لماذا متى أين كيف كم هل أن إن أو لا هو هي هم كل بين أي التي الذي كان
    كانت قد ثم عند بعد قبل و
"""

FUNCTION_WORDS = frozenset(words(_ENGLISH + _HEBREW + _ARABIC))
