"""How a query becomes the legs of a search, without an index."""

from language.affixes import AFFIXES
from language.analyzer import term_id, terms_of
from language.hashing import HashEncoder
from language.lexicons import Lexicons
from ontology.model import Certainty
from search.question import ask
from search.reading import Reading


def weight(word: str, weights: dict[int, float]) -> float:
    return weights.get(term_id(terms_of(word)[0]), 0.0)


def test_further_senses_of_a_word_count_for_less(tmp_path):
    own = Lexicons(tmp_path)
    own.add("he", ["בלומפיל"], ["alpha", "beta", "gamma", "delta"], Certainty.SURE)
    question = ask("בלומפיל", None, own)
    (_, glossed) = question.sparse
    assert [weight(it, glossed.weights) for it in ("alpha", "beta", "gamma", "delta")] == [1.0, 0.5, 0.25, 0.0]
    assert glossed.lang == "en"
    assert question.in_words_of("en") == "alpha beta gamma"


def test_an_english_query_has_no_glosses_and_one_leg():
    question = ask("noticing student thinking", HashEncoder())
    assert question.english == ""
    assert len(question.sparse) == 1
    assert question.dense is not None


def test_the_meaning_of_a_hebrew_query_is_that_of_its_likeliest_senses(tmp_path):
    encoder = HashEncoder()
    own = Lexicons(tmp_path)
    own.add("he", ["בלומפיל"], ["alpha", "beta"], Certainty.SURE)
    found = ask("בלומפיל GeoGebra", encoder, own).dense
    assert found is not None
    assert (found == encoder.encode_query("alpha geogebra")).all()


def test_a_query_of_which_no_word_is_known_asks_in_its_own_words_alone():
    question = ask("קזוארינה", HashEncoder())
    assert (len(question.sparse), question.dense) == (1, None)
    assert ask("", None).sparse[0].weights == {}


def test_what_was_read_is_searched_for_and_what_was_typed_is_kept():
    question = ask(Reading("photosynthesis", (("photosynthsis", "photosynthesis"),)), None, typed="photosynthsis")
    assert question.text == "photosynthsis"
    assert weight("photosynthesis", question.sparse[0].weights) == 1.0
    assert "photosynthesis" in question.in_words_of("en")


def test_there_are_affixes_for_each_language_that_has_a_lexicon():
    assert {it for it in AFFIXES if Lexicons().of(it)} == set(AFFIXES)
