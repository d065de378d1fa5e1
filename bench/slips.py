"""What people type on the way to a name: its beginning, and a letter wrong in it; the same each time."""

from __future__ import annotations

import random
from collections.abc import Sequence

#: Letters that a slip may put in, by the first letter of the alphabet that the word is written in.
_LETTERS = {"a": "abcdefghijklmnopqrstuvwxyz", "א": "אבגדהוזחטיכלמנסעפצקרשת", "ا": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"}
#: What Hebrew and Arabic write together with a word.
_ATTACHED = {"א": ("ו", "ה", "ב", "ל", "מ", "ש"), "ا": ("و", "ب", "ل", "ال", "وال")}


def typed(names: Sequence[str], count: int, seed: int = 5) -> list[str]:
    """Names as far as somebody has typed them: half without a slip, half with one; some with a prefix."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    return [_begun(chance, chance.choice(names), number) for number in range(count)]


def misspelt(text: str, chance: random.Random) -> str:
    """A text with one slip in its longest word: a letter missing, added, replaced, or changed over with the next."""
    words = text.split()
    longest = max(range(len(words)), key=lambda it: len(words[it]))
    words[longest] = _slip(chance, words[longest])
    return " ".join(words)


def _begun(chance: random.Random, name: str, number: int) -> str:
    text = misspelt(name, chance) if number % 2 else name
    if (attached := _ATTACHED.get(_alphabet(text))) and number % 3 == 0:
        text = chance.choice(attached) + text
    return text[: chance.randint(min(2, len(text)), min(len(text), 30))]


def _slip(chance: random.Random, word: str) -> str:
    if len(word) < 2:
        return word
    at = chance.randrange(1, len(word))
    letter = chance.choice(_LETTERS[_alphabet(word)])
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )


def _alphabet(text: str) -> str:
    if any("\u0590" <= it <= "\u05ff" for it in text):
        return "א"
    return "ا" if any("\u0600" <= it <= "\u06ff" for it in text) else "a"
