"""The ledger's numbers grow, survive, and are never given twice."""

import threading

import pytest

from ingest.ledger import Dataset, Intent, Ledger
from ontology.errors import FolderDamaged
from ontology.kinds import Iri
from ontology.model import Change

PUBLIC = Intent("ingest", "https://example.org/me", Dataset.PUBLIC, ("source/a",), "hash", "/files/a")
PRIVATE = Intent("ingest", "https://example.org/me", Dataset.PRIVATE, ("source/a",), "hash", "/files/a")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    ledger = Ledger(path)
    yield ledger
    ledger.close()


def write(ledger: Ledger, intent: Intent = PUBLIC, *iris: str) -> int:
    sequence = ledger.reserve(intent)
    ledger.acknowledge(sequence, len(iris), map(Iri, iris))
    return sequence


def test_numbers_grow_by_acknowledgement(ledger):
    assert (ledger.last, write(ledger), write(ledger)) == (0, 1, 2)
    ledger.reserve(PUBLIC)
    assert ledger.last == 2


def test_a_number_is_never_given_twice(path):
    first = Ledger(path)
    write(first)
    abandoned = first.reserve(PUBLIC)
    first.abandon(abandoned)
    lost = first.reserve(PUBLIC)
    first.close()
    again = Ledger(path)
    again.strike_unfinished()
    assert again.reserve(PUBLIC) > lost > abandoned
    assert again.last == 1
    again.close()


def test_changes_are_what_acknowledged_writes_touched(ledger):
    write(ledger, PUBLIC, "https://e/a", "https://e/b")
    write(ledger, PRIVATE, "https://e/secret")
    ledger.reserve(PUBLIC)
    ledger.recover(9, Dataset.PUBLIC)
    expected = [
        Change(1, frozenset({Iri("https://e/a"), Iri("https://e/b")})),
        Change(2, frozenset()),  # nothing that is private reaches whoever follows
        Change(9, None),
    ]
    assert list(ledger.changes_since(0)) == expected
    assert list(ledger.changes_since(2)) == expected[2:]
    assert ledger.reserve(PUBLIC) == 10


def test_an_acknowledged_row_is_not_abandoned(ledger):
    sequence = write(ledger)
    ledger.abandon(sequence)
    assert ledger.last == sequence


def test_each_dataset_has_its_last(ledger):
    write(ledger)
    write(ledger, PRIVATE)
    assert (ledger.last_of(Dataset.PUBLIC), ledger.last_of(Dataset.PRIVATE)) == (1, 2)


def test_files_and_graphs_find_each_other(ledger):
    write(ledger)
    assert (ledger.origin_of("source/a"), ledger.graph_of("/files/a")) == ("/files/a", "source/a")
    assert (ledger.origin_of("source/b"), ledger.graph_of("/files/b")) == ("", "")


def test_every_commit_is_synchronous(ledger):
    assert ledger._rows("pragma synchronous") == [(2,)]
    assert ledger._rows("pragma journal_mode") == [("wal",)]


def test_threads_share_a_ledger(ledger):
    threads = [threading.Thread(target=lambda: [write(ledger) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [change.sequence for change in ledger.changes_since(0)] == list(range(1, 21))


def test_a_file_that_is_no_ledger_is_damage(path):
    path.write_bytes(b"not a database, and long enough to be looked at as one" * 20)
    with pytest.raises(FolderDamaged, match=r"ledger\.sqlite cannot be read"):
        Ledger(path)
