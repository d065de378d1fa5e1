"""How much of running text has a gloss: content words only, and as often as they are said."""

import json
from pathlib import Path

import pytest

from language.coverage import agreement, coverage, differing
from language.lexicons import shipped
from language.running_text import texts_of
from ontology.errors import UnreadableFile


def test_content_words_are_counted_and_nothing_else():
    found = coverage(["התלמידים של הקזוארינה, 42 קזוארינה PhET", "תלמיד א"], shipped("he"), "he")
    assert dict(found.tokens) == {"התלמידימ": 1, "הקזוארינה": 1, "קזוארינה": 1, "תלמיד": 1}
    assert dict(found.missing) == {"הקזוארינה": 1, "קזוארינה": 1}
    assert (found.by_tokens, found.by_types) == (0.5, 0.5)


def test_without_words_nothing_is_covered():
    assert coverage(["", "42"], shipped("ar"), "ar").by_tokens == 0.0


def test_agreement_is_with_any_form_of_a_word_in_the_english():
    pairs = [("תלמידים חושבים", "what pupils were thinking"), ("תלמיד", "a person")]
    found = agreement(pairs, shipped("he"))
    assert found.glosses == 3
    assert (round(found.first, 2), round(found.some, 2)) == (0.33, 0.67)  # "think"; "pupil" is the second sense
    assert [(gloss.english[0], count) for gloss, count in differing(pairs, shipped("he"))] == [("student", 1)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps({"key": ["אחד", {"b": "שניים"}], "n": 1})),
        ("a.ndjson", '{"a": "אחד"}\n\n{"b": "שניים"}\n'),
        ("a.tsv", "אחד\tשניים\n"),
        ("a.txt", "אחד\nשניים\n"),
    ],
)
def test_the_texts_of_a_file_are_read_by_its_kind(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text, "utf-8")
    assert list(texts_of(tmp_path / name)) == ["אחד", "שניים"]


@pytest.mark.parametrize(
    ("name", "bytes_"), [("a.json", b"{"), ("a.ndjson", b'{"a": 1}\n{'), ("a.txt", b"\xff"), ("b", None)]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, bytes_: bytes | None):
    if bytes_ is not None:
        (tmp_path / name).write_bytes(bytes_)
    with pytest.raises(UnreadableFile, match=name):
        list(texts_of(tmp_path / name))


@pytest.mark.parametrize("lang", ["he", "ar"])
def test_most_of_a_translated_corpus_that_nobody_wrote_the_lexicon_from_is_covered(shared: Path, lang: str):
    strings = texts_of(shared / "data" / "phet" / "phet-strings-he-ar.ndjson")
    assert coverage(strings, shipped(lang), lang).by_tokens > 0.65
