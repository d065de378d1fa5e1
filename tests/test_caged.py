"""A reader that a file has in its power can end its own process, and nothing else."""

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.caged import Caged, ReadingWorker
from ingest.formats import Format
from ingest.item_lines import items_of, line_of
from ingest.readers import READERS
from ingest.record import Context, Document, Record, Statements, Target, Value
from ontology.errors import UnreadableFile
from ontology.kinds import DEFAULT_BASE, Kind
from ontology.model import Problem

CONTEXT = Context(DEFAULT_BASE, "source/a.html")
SAMPLES = Path(__file__).parents[1] / "ingest" / "samples"


class MisreadingWorker(ReadingWorker):
    MODULE = "tests.misread"


class Misled(Caged):
    WORKER = MisreadingWorker


@pytest.fixture(scope="module")
def misled():
    with Misled(seconds=1.5, memory=256 << 20) as readers:
        yield readers


def did(readers, deed):
    (item,) = readers.read(Format.HTML, Document("a.html", deed), CONTEXT)
    return item.message


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("turn", "E117"),
        ("swell", "E118"),
        ("crash", "E119"),
        ("leave", "E119"),
        ("stumble", "E119"),
        ("babble", "E119"),
        ("flood", "E118"),
    ],
)
def test_what_a_file_does_to_its_reader_is_told_of_that_file_and_the_next_one_is_read(misled, deed, code):
    with pytest.raises(UnreadableFile) as refused:
        did(misled, deed)
    assert (refused.value.problem, refused.value.place) == (code, "file")
    assert refused.value.remedy
    assert did(misled, "a good file") == "a good file"


def test_one_process_reads_many_files(misled):
    did(misled, "one")
    worker = misled._worker
    did(misled, "two")
    assert misled._worker is worker


@pytest.mark.parametrize("deed", ["network", "program", "read", "checkout", "write", "list"])
def test_a_reader_has_no_network_no_other_program_and_no_file(misled, deed):
    assert did(misled, deed) in {"PermissionError", "OSError"}


def test_a_process_that_has_ended_meanwhile_is_replaced(misled):
    did(misled, "one")
    misled._worker._process.kill()
    misled._worker._process.wait()
    assert did(misled, "two") == "two"


@pytest.mark.parametrize("name", ["mistakes-board-he.docx", "team-tools-he.xlsx"])
def test_the_cage_changes_nothing_of_what_a_reader_finds(name):
    written = Format.DOCX if name.endswith("docx") else Format.XLSX
    document = Document(name, "", (SAMPLES / name).read_bytes())
    context = Context(DEFAULT_BASE, f"source/{name}")
    with Caged() as readers:
        assert list(readers.read(written, document, context)) == list(READERS[written](document, context))


def test_a_reader_that_is_not_caged_starts_no_process():
    with Caged() as readers:
        assert list(readers.read(Format.MARKDOWN, Document("a.md", "# A\n\nb"), CONTEXT))
        assert readers._worker is None


def test_every_item_comes_out_as_it_went_in():
    node = ox.NamedNode("https://example.org/a")
    literals = ox.Literal("שלום\n\u2028"), ox.Literal("x", language="ar"), ox.Literal(5)
    problem = Problem("E150", "f", "here", "\ud800 is no character", "Remove it.")
    values = (
        Value("\ud800 \u2028", "he"),
        Value("5", "", "urn:int"),
        Target("OBS.2", Kind.COMPETENCY),
        Target("urn:x"),
    )
    items = [
        Record(Kind.TOOL, "a", {"urn:p": values, "urn:none": ()}, "row 3", known=True),
        Statements(tuple(ox.Triple(node, node, it) for it in literals), taken=3, failed=1, problems=(problem,)),
        Statements(()),
        problem,
    ]
    whole = io.BytesIO()
    whole.writelines(map(line_of, items))
    assert list(items_of(whole.getvalue())) == items
