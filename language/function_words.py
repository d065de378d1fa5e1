"""Words that say nothing of what a question is about, in English, Hebrew and Arabic, folded.

They are left out of queries, not of documents, and are never glossed. That matters where passages are short, because
there function words are rare. In Hebrew and Arabic they include the pronouns that are written into a preposition, and
all of them with the particles that are written together with the word after them.
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
    אתה אתם אתן אנו אל כי אם האם יש אין בין הזה הזו הזאת אלה אלו האלה האלו כזה כזו כזאת כאלה כאלו ההוא ההיא ההם
    היה הייתה היתה היו הייתי היית היינו הייתם יהיה תהיה יהיו אהיה נהיה להיות הינו הינה הינם הינן
    שלי שלך שלו שלה שלנו שלכם שלכן שלהם שלהן לי לך לו לה לנו לכם להם להן בי בך בו בה בנו בכם בהם בהן
    אותי אותך אותו אותה אותנו אתכם אתכן אותם אותן איתי איתך איתו איתה איתנו איתכם איתם איתן אתו אתה
    אלי אליי אליך אלייך אליו אליה אלינו אליכם אליהם אליהן עלי עליי עליך עליו עליה עלינו עליכם עליהם עליהן
    ממני ממך ממנו ממנה מאיתנו מכם מהם מהן אצל אצלי אצלך אצלו אצלה אצלנו אצלכם אצלם ביניהם ביניהן בינינו
    מהו מהי מיהו מיהי לאן מאין אינו אינה אינם אינן איני אינני איננו אך אבל רק כן לכן אז כדי אלא אף אפילו כאשר אשר מאשר
    בכל לכל מכל ככל במה למה ממה בזה לזה מזה בזאת באותו באותה באותם באותן לאותו לאותה לאותם מאותו בכך לכך מכך
    כבר עוד מאוד מאד כך ככה כאן פה הנה הכי יותר דווקא כלומר וכו וכד ידי בידי לידי לפי כפי כאילו הרי אי כמו עד מן
"""
_ARABIC = """
    من في على إلى عن مع هذا هذه ذلك تلك ما ماذا لماذا متى أين كيف كم هل أن إن أو لا هو هي هم كل بين أي أية التي الذي كان
    كانت قد ثم عند بعد قبل و أنا نحن أنت أنتم هن هما هذان هؤلاء أولئك ذاك هنا هناك هكذا كذلك لذلك الذين اللذان اللتان
    اللواتي مما ممن عما فيما بما كما لما لي لك له لها لنا لكم لهم لهن بي به بها بنا بهم فيه فيها فيهم فينا منه منها منهم
    منا مني عنه عنها عنهم عني عنا عليه عليها عليهم علي علينا إليه إليها إليهم إلينا معه معها معهم معي معنا عنده عندها
    عندهم عندي عندنا لديه لديها لديهم لدي لدينا لدى بينهم بيننا بينها بينه بينهما أنه أنها أنهم أنني أننا إنه إنها إنهم
    لأن لأنه لأنها لأنهم لكن لكنه لكنها كي لكي حتى إذا إذ لو أما أيضا فقط بل إلا أم حيث حين عندما بينما لقد سوف لن لم
    ليس لكل بكل بلا بحيث كهذا كهذه لهذا لهذه بهذا بهذه لذا بعضهم بعضها أيهما كلاهما إنما بأن لأي بأي حولها
    ليست ليسوا كانوا كنت كنا يكون تكون يكونوا يكونون أكون نكون جدا نحو أيها نفسه نفسها
"""
#: And, that, when, and that; and, then.
_HEBREW_PARTICLES = ("ו", "ש", "כש", "וש")
_ARABIC_PARTICLES = ("و", "ف")
#: Telling words that look like a function word with a particle: intellect, question, ask, language, oil, neighbour,
#: committee; understanding, actual, guardian, astronomy, lose.
_TELLING = frozenset(words("שכל שאלה שאל שפה שמן שכן ועד فهم فعلي ولي فلك فلكي فقد"))


def _with_particles(text: str, particles: tuple[str, ...]) -> frozenset[str]:
    own = words(text)
    return frozenset(own).union(particle + it for particle in particles for it in own) - _TELLING


FUNCTION_WORDS = (
    frozenset(words(_ENGLISH))
    | _with_particles(_HEBREW, _HEBREW_PARTICLES)
    | _with_particles(_ARABIC, _ARABIC_PARTICLES)
)
