"""PDFs of eight programs give the lines that were written, in reading order; what is no text is refused and said."""

import io
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

import pytest
from bidi import get_display

from ingest.readers.pdf import read_pdf, shown_lines
from ingest.record import Context, Document, Record
from ingest.visual_order import logical_lines, visual_votes
from ontology.errors import UnreadableFile
from ontology.model import Problem
from ontology.namespaces import DCTERMS, SKOS
from tests.ingesting import place
from tests.pdf_producers import PRODUCERS, font, fpdf2, library
from tests.pdf_texts import OWN, shipped

CONTEXT = Context("https://example.org/", "source/note.pdf")


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of programs that only write what is read here
def test_lines_come_in_reading_order(producer: str, tmp_path: Path):
    for which, lines in (("own", OWN), ("shipped", shipped())):
        found = {normalize("NFKC", line) for line in shown_lines(PRODUCERS[producer](lines, tmp_path))}
        lost = [line for line in lines if line not in found]
        print(f"{producer}, {which}: {len(lines) - len(lost)} of {len(lines)} lines exact")  # noqa: T201 - the figure that the documentation quotes
        assert len(lost) <= 0.05 * len(lines), lost


def test_a_logical_page_stays_as_it_is():
    assert visual_votes(map(list, OWN)) < 0
    assert logical_lines([list(line) for line in OWN], visual=False) == list(OWN)


def seen(line: str, base: str = "R") -> list[str]:
    return list(str(get_display(line, base_dir=base)))


@pytest.mark.parametrize(
    "line",
    [
        "שלום לכל המורים",
        "בשנת 2024 השתתפו 35 מורים",
        "הכלי GeoGebra 6 נמצא בשימוש",
        "مجتمع مهني متعلم 2026-27",
        "الأسئلة المفتوحة 12/05/2024 أولا",
    ],
)
def test_a_visual_line_is_turned(line: str):
    assert visual_votes([seen("המורים المدرسة")]) > 0
    assert logical_lines([seen(line)], visual=True) == [line]


@pytest.mark.parametrize("shown", ["(12) הרומ", ")12( הרומ"])
def test_a_bracket_is_what_it_looks_like_whatever_it_is_called(shown: str):
    assert logical_lines([list(shown)], visual=True) == ["מורה (12)"]


def test_ligatures_and_forms_become_letters():
    assert logical_lines([["ﺔ", "ﺳ", "ﺭ", "ﺪ", "ﻣ", " ", "ﻻ"]], visual=True) == ["لا مدرسة"]


def test_where_a_line_of_two_scripts_stands_says_how_it_runs():
    line = list("EQUIP: " + "ןויווש תניחבל ילכ")
    assert logical_lines([line], visual=True, aligned=["L"]) == ["EQUIP: כלי לבחינת שוויון"]
    assert logical_lines([line], visual=True, aligned=["R"]) == ["כלי לבחינת שוויון :EQUIP"]


def items(content: bytes) -> list[Record | Problem]:
    return list(read_pdf(Document("note.pdf", "", content), CONTEXT))


def body(content: bytes) -> str:
    record = next(it for it in items(content) if isinstance(it, Record))
    return str(record.fields[str(DCTERMS.description)][0].text)


def drawn(*pages: Sequence[tuple[float, float, str]], **options: object) -> bytes:
    """Pages of Latin text at places in points, by ReportLab."""
    made = io.BytesIO()
    canvas = library("reportlab.pdfgen.canvas").Canvas(made, pagesize=(400, 400), **options)
    for page in pages:
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def test_lines_of_a_paragraph_are_joined_and_divided_words_made_whole():
    long = ["Teachers watched one lesson to-", "gether, and each of them wrote", "down a question."]
    page = [(20, 300 - 14 * row, line) for row, line in enumerate([*long, "", "Then they talked."]) if line]
    assert body(drawn(page)).split("\n\n") == [
        "Teachers watched one lesson together, and each of them wrote down a question.",
        "Then they talked.",
    ]


def test_what_is_set_larger_is_the_title(tmp_path: Path):
    pdf = library("fpdf").FPDF()
    pdf.add_page()
    for size, line in (
        (22, "Watching lessons"),
        (11, "Teachers watched one lesson together."),
        (11, "Then they talked."),
    ):
        pdf.set_font("Helvetica", size=size)
        pdf.cell(0, 12, line, new_x="LMARGIN", new_y="NEXT")
    record = next(it for it in items(bytes(pdf.output())) if isinstance(it, Record))
    assert record.fields[str(SKOS.prefLabel)][0].text == "Watching lessons"


@pytest.mark.parametrize(("written", "title"), [("untitled", "note"), ("notes.docx", "note"), ("Noticing", "Noticing")])
def test_a_title_among_the_properties_counts_when_somebody_gave_it(written: str, title: str):
    made = io.BytesIO()
    canvas = library("reportlab.pdfgen.canvas").Canvas(made)
    canvas.setTitle(written)
    canvas.drawString(20, 300, "Words")
    canvas.save()
    record = next(it for it in items(made.getvalue()) if isinstance(it, Record))
    assert record.fields[str(SKOS.prefLabel)][0].text == title


def test_a_page_without_text_is_told():
    problem, *_ = items(drawn([(20, 300, "Words")], []))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("W210", "page 2")
    assert problem.remedy


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: drawn([], []), "E113"),
        (lambda: drawn([(20, 300, "Words")])[:-40], "E101"),
        (lambda: drawn([(20, 300, "Words")], encrypt="secret"), "E107"),
        (lambda: b"%PDF-1.7\nnothing of a document\n%%EOF\n", "E111"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(content, code: str):
    with pytest.raises(UnreadableFile) as refused:
        items(content())
    assert (refused.value.problem, bool(refused.value.remedy)) == (code, True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_hebrew_pdf_is_ingested(tmp_path: Path):
    with place(tmp_path) as here:
        path = here.file("note.pdf", fpdf2(OWN[:3], tmp_path))
        here.file("note.mapping.yaml", "kind: tool\nid: watching\ntitle: צפייה")
        report = here.ingest(path)
        assert (report.read, report.committed, report.failed) == (1, 1, 0)
        assert here.objects("tool/watching", str(SKOS.prefLabel)) == {'"צפייה"@he'}
        assert OWN[0] in next(iter(here.objects("tool/watching", str(DCTERMS.description))))


@pytest.mark.parametrize("content", ["<!doctype html><p>no PDF</p>", "just words", b"PK\x03\x04..."])
def test_what_is_no_pdf_is_refused_by_its_content(content: str | bytes, tmp_path: Path):
    with place(tmp_path) as here:
        assert [it.code for it in here.take("note.pdf", content).problems] == ["E104"]


WORDS = {
    "ltr": "When teachers watch one lesson together, each of them sees another thing in it. ",
    "rtl": "כאשר מורים צופים יחד בשיעור אחד, כל אחד מהם רואה בו דבר אחר. ",
}


def in_columns(direction: str, count: int) -> tuple[bytes, list[str]]:
    """A heading, a paragraph across, six in columns, and one across again, by WeasyPrint; and the paragraphs."""
    paragraphs = [f"{number}. {WORDS[direction] * 3}".strip() for number in range(1, 9)]
    first, *middle, last = (f"<p>{it}</p>" for it in paragraphs)
    face = f"@font-face {{ font-family: Shown; src: url('{font().as_uri()}') }}"
    style = f"{face} @page {{ size: A4 }} body {{ font: 10pt Shown; text-align: justify }} div {{ columns: {count} }}"
    page = f"<style>{style}</style><html dir={direction}>{first}<div>{''.join(middle)}</div>{last}"
    return bytes(library("weasyprint").HTML(string=page).write_pdf()), paragraphs


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_columns_are_read_one_after_another(direction: str, count: int):
    content, paragraphs = in_columns(direction, count)
    assert " ".join(body(content).split()) == " ".join(paragraphs)


def test_a_table_is_read_across():
    rows = [("Role", "Tool", "Hours"), *((f"Coordinator {it}", f"Protocol {it}", str(it)) for it in range(12))]
    page = [(20 + 120 * column, 350 - 20 * at, cell) for at, row in enumerate(rows) for column, cell in enumerate(row)]
    assert shown_lines(drawn(page)) == [" ".join(row) for row in rows]
