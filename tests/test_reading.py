"""A misspelt word of a query is read as the nearest that is known, and what is known is never touched."""

import pytest

from language.labels import LabelEntry, LabelIndex
from language.lexicons import SHIPPED
from ontology.kinds import Iri, Kind
from search.reading import Reading, read

LABELS = LabelIndex(
    LabelEntry(Iri(f"http://x/{number}"), Kind.TOOL, text, lang)
    for number, (text, lang) in enumerate(
        [("Photosynthesis diagnostic", "en"), ("פרוטוקול פחמימות", "he"), ("بروتوكول الأوزموزية", "ar")]
    )
)


def nowhere(_word: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("photosynthsis in class", {"photosynthsis": "photosynthesis"}),
        ("diagnosttic", {"diagnosttic": "diagnostic"}),
        ("שאלות על פחמיממות", {"פחמיממות": "פחמימות"}),
        ("על הפחמיממות", {"הפחמיממות": "פחמימות"}),
        ("بروتوكل نقاش", {"بروتوكل": "بروتوكول"}),
        ("השתלממות", {"השתלממות": "השתלמות"}),
    ],
)
def test_a_slip_is_read_as_what_was_meant(query: str, expected: dict[str, str]):
    found = read(query, LABELS, SHIPPED, nowhere)
    assert dict(found.read_as) == expected
    assert all(it in found.text for it in expected.values())


@pytest.mark.parametrize(
    "query",
    ["photosynthesis", "calm pupils", "student", "פחמימות", "תלמיד", "על של", "qqqqqqq", "x1y2z3w4", "", "🙂", "בנצרת"],
)
def test_what_is_known_or_near_to_nothing_stays_as_it_is(query: str):
    assert read(query, LABELS, SHIPPED, nowhere) == Reading(query)


def test_a_word_that_a_passage_says_stays_as_it_is():
    assert read("photosynthsis", LABELS, SHIPPED, lambda word: word == "photosynthsis").read_as == ()
