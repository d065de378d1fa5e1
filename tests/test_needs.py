"""The set of judged needs is what its README says, its measures are right, and the search can be run over it."""

import json

import pytest

from bench.needs.found import DEPTH, Found, Scores, common, find
from bench.needs.judged import FOLDER, HALVES, LANGUAGES, Need, collection, half_of, needs
from language.script import language_of
from search.collection import Collection
from search.entities import read_entities
from tests.serving import services_of, serving


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("needs")) as client:
        yield services_of(client)


def records() -> list[dict[str, object]]:
    files = (FOLDER / half / "needs.jsonl" for half in HALVES)
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def need(**grades: float) -> Need:
    return Need("n", "", dict.fromkeys(LANGUAGES, ""), grades)


def test_there_are_enough_needs_in_three_languages_and_half_are_held_out():
    building, held_out = map(needs, HALVES)
    answered = [it for it in building + held_out if it.answers]
    assert len(answered) * len(LANGUAGES) >= 120
    assert len(building) + len(held_out) - len(answered) <= 3
    assert abs(len(building) - len(held_out)) <= 1
    for it in building + held_out:
        assert {language_of(text) for text in it.phrasings.values()} == set(LANGUAGES), it.id


def test_nobody_chose_who_is_held_out():
    parted = {it.id: half for half in HALVES for it in needs(half)}
    assert parted == half_of(parted)
    assert len(parted) == len(records())


def test_every_judgement_has_a_grade_and_a_reason_and_names_what_there_is(services):
    there = {it.iri for it in read_entities(services.graph)}
    assert {iri for half in HALVES for it in needs(half) for iri in it.grades} <= there
    for record in records():
        answers = record["answers"]
        assert all(it["grade"] in {1, 2, 3} and len(it["why"]) > 12 for it in answers), record["id"]
        assert len({it["entity"] for it in answers}) == len(answers), record["id"]
        assert len(record["situation"]) > 20


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_layout_of_beir_says_the_same(tmp_path, half, lang):
    of, own = needs(half), FOLDER / half / lang
    assert {it.name: it.read_text("utf-8") for it in own.iterdir()} == collection(of, lang)
    for name, text in (collection(of, lang) | {"corpus.jsonl": ""}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = Collection.read(tmp_path)
    assert read.queries == {it.id: it.phrasings[lang] for it in of if it.grades}
    assert {it: len(grades) for it, grades in read.judgements.items()} == {
        it.id: len(it.grades) for it in of if it.grades
    }


def test_scores_by_hand():
    one = Found(need(a=3, b=1), ["b", "a"], named=False)
    two = Found(need(c=2), ["x"] * DEPTH + ["c"], named=False)
    without = Found(need(), ["x"], named=True)
    assert (one.rank, two.rank, without.rank) == (2, 11, None)
    got = Scores.of([one, two, without])
    assert (got.mrr.value, got.hit.value, got.needs) == (0.25, 0.5, 2)
    assert 0.3 < got.ndcg.value < 0.4
    assert got.mrr.error == pytest.approx(0.25)  # of 0.5 and 0
    assert str(got.mrr) == "0.250 ± 0.250"


def test_what_two_languages_have_in_common_by_hand():
    there, elsewhere = Found(need(a=2), ["a", "b"], named=False), Found(need(a=2), ["b", "c"], named=False)
    without = Found(need(), ["a"], named=False)
    assert common([there, without], [elsewhere, without]) == 1 / DEPTH


def test_the_search_runs_over_the_needs_and_finds_something(services):
    found = find(services.search.engine, needs("development"))
    assert set(found) == set(LANGUAGES)
    assert all(len(set(it.ranking)) == len(it.ranking) <= DEPTH for of in found.values() for it in of)
    assert Scores.of(found["en"]).hit.value > 0.2  # words alone, with the model of the tests
