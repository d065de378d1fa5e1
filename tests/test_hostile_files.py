"""Every file of the corpus is answered with its code, leaves nothing behind, and hinders no other file."""

import time

import pytest

from ingest.ledger import Dataset
from ontology.model import Problem, Report
from tests.hostile_files import CORPUS, HEAVY, LIGHT, MAPPING, Hostile
from tests.ingesting import Place, place

GOOD = "---\nkind: tool\nid: good\n---\n# A good tool\n\nIt is read after all others.\n"
PERSONAL = ("Traceback", "/tmp", "root:")  # noqa: S108 - what no message may show


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """A folder with all light files of the corpus and a good one, and the report of its ingestion."""
    with place(tmp_path_factory.mktemp("hostile")) as here:
        for it in LIGHT:
            put(here, it)
        here.file("zzz-good.md", GOOD)
        yield here, here.ingest(here.folder / "files")


def put(here: Place, it: Hostile) -> None:
    here.file(it.name, it.content())
    if it.name.endswith(".csv"):
        here.file(f"{it.name.removesuffix('.csv')}.mapping.yaml", MAPPING)


def of(report: Report, name: str) -> list[Problem]:
    return [it for it in report.problems if it.file == name]


def answered(report: Report, it: Hostile) -> None:
    told = of(report, it.name)
    codes = {problem.code for problem in told}
    assert codes & it.codes, codes
    for problem in told:
        assert problem.message
        assert problem.place
        assert problem.remedy or problem.code in {"E111", "E115", "W220"}, problem  # whose messages say it
        assert not any(word in f"{problem.message} {problem.remedy}" for word in PERSONAL), problem


def test_the_corpus_is_large_and_no_file_stands_in_it_twice():
    assert len({it.name.lower() for it in CORPUS}) == len(CORPUS) >= 150


@pytest.mark.parametrize("it", LIGHT, ids=lambda it: it.name)
def test_a_hostile_file_is_answered_with_its_code(taken, it):
    here, report = taken
    answered(report, it)
    refused = {problem.code for problem in of(report, it.name) if problem.code.startswith("E")}
    whole = refused and not refused & {"E120", "E123", "E124", "E125", "E131", "E132"}
    if whole:
        assert not any(here.said(f"source/{it.name}", dataset) for dataset in Dataset)


def test_what_comes_after_the_hostile_files_is_taken_and_all_is_accounted_for(taken):
    here, report = taken
    assert here.said("source/zzz-good.md")
    assert not of(report, "zzz-good.md")
    assert report.read == report.committed + report.skipped + report.failed


def test_a_second_run_changes_nothing(taken):
    here, first = taken
    again = here.ingest(here.folder / "files")
    assert again.changed_triples == 0
    assert again.failed == first.failed


@pytest.mark.soak
@pytest.mark.parametrize("it", HEAVY, ids=lambda it: it.name)
def test_a_heavy_file_is_answered_too(tmp_path, it):
    with place(tmp_path) as here:
        put(here, it)
        begun = time.monotonic()
        answered(here.ingest(here.folder / "files"), it)
        assert time.monotonic() - begun < 60, "it was not stopped"
        assert here.take("good.md", GOOD).committed == 1
