"""A file that is as it was is not read again, whatever could be otherwise makes it read again, and a run goes on."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest import pipeline
from ingest.curate import SetValues, curate
from ingest.ledger import Dataset
from ingest.record import Document
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.namespaces import SKOS
from tests.ingesting import AGENT, place

BIB = (
    "@article{{k{0},\n  title = {{{{What teachers see {0}}}}},\n  author = {{{{Levi, A.}}}},\n"
    "  isbn = {{{{9781111111111}}}}\n}}\n"
)
NOTE = "---\nuses: club\nconsent: public\nanonymisation: full\nconsent_expires: 2026-06-01\n---\n# A meeting\n\nSo.\n"


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """Names of the files that were read."""
    names: list[str] = []

    def told(path: Path, name: str, **options: object) -> Document:
        names.append(name)
        return open_document(path, name, **options)

    open_document = pipeline.open_document
    monkeypatch.setattr(pipeline, "open_document", told)
    return names


def test_it_is_skipped_with_its_counts_and_with_what_its_owner_should_know(here, opened):
    file = here.file("w.bib", BIB.format(1) + BIB.format(2))
    first = here.ingest(file)
    assert (first.committed, opened) == (2, ["w.bib"])
    again = here.ingest(file)
    assert (again.read, again.committed, again.skipped, again.failed, again.changed_triples) == (2, 0, 2, 0, 0)
    assert opened == ["w.bib"]
    assert [it.code for it in again.problems] == [it.code for it in first.problems if it.code not in {"W220", "W221"}]
    assert "W161" in {it.code for it in again.problems}
    assert here.ingest(file, dry_run=True).skipped == 2


@pytest.mark.parametrize("options", [{"force": True}, {"licence": "CC0-1.0"}, {"encoding": "utf-8"}, {"lang": "he"}])
def test_it_is_read_again_when_asked_or_asked_otherwise(here, opened, options: dict[str, object]):
    file = here.file("w.bib", BIB.format(1))
    here.ingest(file)
    assert here.ingest(file, **options).failed == 0
    assert len(opened) == 2


def test_it_is_read_again_when_its_bytes_or_its_mapping_change(here, opened):
    table, mapping = "code,name\nclub,Video club\n", "kind: tool\nid: code\nlanguage: en\ncolumns:\n  name: label\n"
    here.file("t.mapping.yaml", mapping)
    here.take("t.csv", table)
    here.file("t.mapping.yaml", mapping.replace("en", "he"))
    assert here.take("t.csv", table).committed == 1
    assert here.take("t.csv", table.replace("club,V", "club,v")).committed == 1
    assert opened.count("t.csv") == 3


def test_it_is_read_again_by_another_version_of_the_program(here, opened, monkeypatch):
    file = here.file("w.bib", BIB.format(1))
    here.ingest(file)
    monkeypatch.setattr("ingest.readings.program", lambda: "another")
    here.ingest(file)
    assert len(opened) == 2


def test_it_is_read_again_when_somebody_else_wrote_its_graph(here, opened):
    file = here.file("w.bib", BIB.format(1))
    here.ingest(file)
    before = here.said("source/w.bib")
    here.writer.replace("source/w.bib", [], door="test", agent=AGENT)
    assert here.ingest(file).committed == 1
    assert here.said("source/w.bib") == before
    here.ingest(file)
    assert len(opened) == 2


def test_what_curation_says_of_it_stands_when_it_is_skipped(here):
    here.file("t.mapping.yaml", "kind: tool\nid: code\nlanguage: en\ncolumns:\n  name: label\n")
    table = "code,name\nclub,Video club\n"
    here.take("t.csv", table)
    label = SetValues(Iri(SKOS.prefLabel), (ox.Literal("Film club", language="en"),), "en")
    curate(here.writer, Iri(f"{DEFAULT_BASE}id/tool/club"), [label], agent=AGENT)
    for _ in range(2):
        assert here.take("t.csv", table).changed_triples == 0
        assert here.objects("tool/club", SKOS.prefLabel) == {'"Film club"@en'}


def test_what_speaks_of_consent_is_looked_at_again_on_another_day(here):
    file = here.file("n.md", NOTE)
    here.ingest(file, today=date(2026, 5, 31))
    assert here.said("source/n.md")
    assert here.ingest(file, today=date(2026, 5, 31)).skipped == 1
    here.ingest(file, today=date(2026, 6, 2))
    assert not here.said("source/n.md")
    assert here.said("source/n.md", Dataset.PRIVATE)


def test_a_file_of_which_a_record_failed_is_read_and_told_again(here, opened):
    file = here.file("w.bib", BIB.format(1) + "@article{x, title = {never closed\n")
    assert here.ingest(file).failed == 1
    assert [it.code for it in here.ingest(file).problems if it.code.startswith("E")] == ["E131"]
    assert len(opened) == 2


def test_records_are_counted_also_where_they_are_not_read(here):
    counted: list[int] = []
    for _ in range(2):
        here.take("w.bib", BIB.format(1) + BIB.format(2), reading=counted.append)
    assert counted == [1, 2, 2]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.ingesting import place
folder = Path(sys.argv[1])
def progress(name, done, total):
    if done == 3:
        os.kill(os.getpid(), signal.SIGKILL)
with place(folder) as here:
    here.ingest(folder / "files", progress=progress)
"""


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path, monkeypatch, opened):
    for number in range(6):
        path = tmp_path / "files" / f"{number}.bib"
        path.parent.mkdir(exist_ok=True)
        path.write_text(BIB.format(number))
    root = Path(__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    with place(tmp_path) as here:
        report = here.ingest(tmp_path / "files")
    assert (report.read, report.committed, report.skipped, report.failed) == (6, 3, 3, 0)
    assert opened == ["3.bib", "4.bib", "5.bib"]
