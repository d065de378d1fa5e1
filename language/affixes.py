"""What may stand before and after a word in Hebrew and Arabic, and what is left when it is taken off.

Everything is in folded letters (`language.folding`): no final letters, no hamza on a seat, ta marbuta as ha.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: Letters of the longest affix.
_LONGEST = 5
#: Letters that a stem has at least.
_STEM = 3


@dataclass(frozen=True, slots=True)
class Affixes:
    """The affixes of a language, and the endings that change when one is taken off.

    Attributes:
        articles: Prefixes that leave a whole word; they are cheapest to take off.
        prefixes: Other prefixes.
        suffixes: What may follow.
        endings: Ending that a bare form may have -> what a word shows in its place.
        present: Prefixes of verbs for which the lexicon lists the third person, and the letter of that.
        least: Fewest letters that must be left.
    """

    articles: frozenset[str]
    prefixes: frozenset[str]
    suffixes: frozenset[str]
    endings: tuple[tuple[str, str], ...]
    present: Mapping[str, str] = field(default_factory=dict)
    least: int = 3

    def bases(self, word: str) -> Iterator[tuple[float, str]]:
        """Every form that the word may come from, with what it costs: the letters taken off, about."""
        for before in self._befores(word):
            for after in self._afters(word):
                if before or after:
                    yield from self._rests(word, before, after)

    def stem(self, word: str) -> str:
        """The word without its longest article and its longest suffix: the same for most forms of a noun.

        No lexicon is asked; three letters are left at least, as light stemmers do.
        """
        articles = (it for it in self._befores(word) if it in self.articles and len(word) - len(it) >= _STEM)
        word = word.removeprefix(max(articles, key=len, default=""))
        suffixes = (it for it in self._afters(word) if len(word) - len(it) >= _STEM)
        return word.removesuffix(max(suffixes, key=len, default=""))

    def _befores(self, word: str) -> list[str]:
        """What the word begins with of all that may stand before another, and nothing."""
        starts = (word[:length] for length in range(_LONGEST + 1))
        return [it for it in starts if not it or it in self.articles or it in self.prefixes]

    def _afters(self, word: str) -> list[str]:
        """What the word ends with of all that may follow another, and nothing."""
        ends = (word[len(word) - length :] for length in range(min(_LONGEST, len(word)) + 1))
        return [it for it in ends if not it or it in self.suffixes]

    def _rests(self, word: str, before: str, after: str) -> Iterator[tuple[float, str]]:
        rest = word[len(before) : len(word) - len(after)]
        article = before in self.articles
        if len(rest) < (self.least - 1 if article and not after else self.least):
            return
        cost = len(before) + len(after) - 0.5 * article
        yield cost, rest
        if letter := self.present.get(before[-1:]) if not article else None:
            yield cost - 0.6, letter + rest
        for bare, shown in self.endings:
            if rest.endswith(shown):
                yield cost + 0.2 + (not shown), rest.removesuffix(shown) + bare


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEBREW = Affixes(
    articles=_set("ה ו ב ל כ מ ש וה וב ול וכ ומ וש שה מה כש שב של שמ בה לה כשה ושה שכ"),
    prefixes=_set("א י ת נ וי ות ונ שי שת שנ"),
    suffixes=_set(
        "ימ ות ה ת י יו יה יכ ייכ ינו יכמ יהמ יהנ ו נו כמ המ הנ כ מ נ תי תמ תנ יית יות ייה ותיו ותיה ותיהמ ותינו תו תה "
        "תנו"
    ),
    endings=(("ה", ""), ("ה", "ת"), ("ות", "ו")),
)
_ARABIC = Affixes(
    articles=_set("ال وال بال كال فال لل ولل فل وبال"),
    prefixes=_set("و ف ب ك ل ول وب فب س ي ت ن ا سي ست سن سا وي وت ون في فت لي لت لن وسي وست"),
    suffixes=_set(
        "ه ات ون ين ان ي ها هم هن نا كم يه وا ت تم ك ا تي ته تها تهم تنا تك اته اتها اتهم اتنا يا يات تان تين ني و "
        "هما كن وها ونه ونها ونهم وننا وني ينها وهم اني وه ويه"
    ),
    endings=(("ه", ""), ("ه", "ت"), ("ء", "ي"), ("ء", "و")),
    present=MappingProxyType({"ت": "ي", "ن": "ي", "ا": "ي"}),
)

#: Letters that Hebrew and Arabic write together with the word after them: and, in, to, from, as, that, the.
_ATTACHED = {"he": "ו ה ב ל כ מ ש וה וב ול וכ ומ וש שה שב של", "ar": "و ف ب ك ل ال وال بال كال فال وب ول"}


def without_prefix(text: str, lang: str) -> Iterator[str]:
    """A folded text without what may be attached to its first word, least first; a name may be what is left."""
    for prefix in sorted(_ATTACHED.get(lang, "").split(), key=len):
        if text.startswith(prefix) and len(text) > len(prefix) + 1:
            yield text.removeprefix(prefix)


#: Languages that have a lexicon, with their affixes.
AFFIXES: Mapping[str, Affixes] = MappingProxyType({"he": _HEBREW, "ar": _ARABIC})
