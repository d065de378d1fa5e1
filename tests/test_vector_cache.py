"""What was encoded once is not encoded again, unless it was withdrawn: then nothing is left of it."""

from collections.abc import Sequence

import numpy as np
import pytest

from language.encoder import Matrix
from language.hashing import HashEncoder
from language.remembering import RememberingEncoder
from language.vector_cache import VectorCache, text_key
from search.edge import EdgeIndex
from search.indexing import Indexer
from tests.searching import Library, library


class Counting(HashEncoder):
    """Keeps what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        return super().encode_documents(texts)


@pytest.fixture
def cache(tmp_path) -> VectorCache:
    return VectorCache(tmp_path / "vectors.sqlite")


def test_a_text_is_encoded_once_and_keeps_its_place(cache):
    inner = Counting()
    encoder = RememberingEncoder(inner, cache)
    first = encoder.encode_documents(["video club", "lesson study", "video club"])
    second = encoder.encode_documents(["exit cards", "lesson study", "video club"])
    assert inner.asked == ["video club", "lesson study", "exit cards"]
    np.testing.assert_array_equal(second[[2, 1]], first[:2])
    np.testing.assert_array_equal(second, HashEncoder().encode_documents(["exit cards", "lesson study", "video club"]))


def test_it_is_there_for_the_next_process(tmp_path, cache):
    RememberingEncoder(HashEncoder(), cache).encode_documents(["video club"])
    cache.close()
    inner = Counting()
    RememberingEncoder(inner, VectorCache(tmp_path / "vectors.sqlite")).encode_documents(["video club"])
    assert inner.asked == []


def test_another_model_has_vectors_of_its_own(cache):
    RememberingEncoder(HashEncoder(128), cache).encode_documents(["video club"])
    assert RememberingEncoder(HashEncoder(), cache).encode_documents(["video club"]).shape == (1, 256)
    assert cache.count() == 2


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path, cache):
    encoder = RememberingEncoder(HashEncoder(), cache)
    secret, other = encoder.encode_documents(["a withdrawn conversation", "lesson study"])
    cache.forget([text_key("a withdrawn conversation"), text_key("never seen")])
    kept = b"".join(it.read_bytes() for it in tmp_path.iterdir())
    assert secret.tobytes() not in kept
    assert other.tobytes() in kept
    assert cache.count() == 1


def test_forgetting_makes_no_file(tmp_path, cache):
    cache.forget([text_key("video club")])
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_made_anew(tmp_path, cache):
    (tmp_path / "vectors.sqlite").write_bytes(b"this is no database" * 100)
    encoder = RememberingEncoder(HashEncoder(), cache)
    assert encoder.encode_documents(["video club"]).shape == (1, 256)
    encoder.encode_documents(["video club"])
    assert cache.count() == 1


@pytest.mark.parametrize("damaged", [b"", b"odd", np.zeros(256, "<f4").tobytes(), np.ones(2, "<f4").tobytes()])
def test_a_damaged_vector_is_made_again(cache, damaged):
    inner = Counting()
    cache.put(inner.name, {text_key("video club"): damaged})
    (vector,) = RememberingEncoder(inner, cache).encode_documents(["video club"])
    assert inner.asked == ["video club"]
    np.testing.assert_array_equal(vector, HashEncoder().encode_query("video club"))


def test_it_stays_within_its_bounds_and_the_oldest_go_first(tmp_path):
    cache = VectorCache(tmp_path / "vectors.sqlite", most=2_000_000)
    for start in range(0, 6000, 500):
        cache.put("model", {f"{number:032}": b"x" * 1024 for number in range(start, start + 500)})
    assert 500 <= cache.count() < 2000
    assert cache.get("model", [f"{0:032}"]) == {}
    assert cache.get("model", [f"{5999:032}"])
    cache.close()
    assert (tmp_path / "vectors.sqlite").stat().st_size < 4_000_000


# --- in the index ---

CLUB = 't:club a ks:Tool ; skos:prefLabel "Video club"@en ; skos:definition "Teachers watch clips."@en .'


@pytest.fixture
def small(tmp_path, cache):
    made = library(tmp_path, encoder=RememberingEncoder(Counting(), cache), forget=cache.forget)
    yield made
    made.close()


def known(cache: VectorCache, *texts: str) -> list[bool]:
    return [bool(cache.get(HashEncoder().name, [text_key(it)])) for it in texts]


def test_a_changed_text_and_a_withdrawn_one_are_forgotten(small: Library, cache):
    small.write(CLUB)
    assert known(cache, "Video club. Teachers watch clips.") == [True]
    small.write(CLUB.replace("clips", "films"))
    assert known(cache, "Video club. Teachers watch clips.", "Video club. Teachers watch films.") == [False, True]
    small.write("")
    assert cache.count() == 0


def test_other_facts_about_an_entity_encode_nothing(small: Library, cache):
    small.write(CLUB)
    asked = list(small.encoder._encoder.asked)
    small.write(CLUB.replace(" .", " ; ks:status ks:Proposed ."))
    assert small.encoder._encoder.asked == asked


def test_an_index_made_anew_encodes_nothing(small: Library, cache, tmp_path):
    small.write(CLUB)
    asked = list(small.encoder._encoder.asked)
    another = EdgeIndex(tmp_path / "another", small.encoder.name, small.encoder.dimension)
    assert Indexer(small.graph, another, small.encoder, cache.forget).fill(1) == 1
    another.close()
    assert small.encoder._encoder.asked == asked
