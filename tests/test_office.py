"""Word, PowerPoint and Excel: all of their words arrive, in order; what is left out is named."""

import io
from datetime import date

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.util import Inches
from typer.testing import CliRunner

from api.cli import app
from ingest.formats import Format
from ingest.headings import front_of, heading, kind_named
from ingest.readers import READERS
from ingest.record import Context, Document, Item, Record, Target, Value
from ingest.template import LANGUAGES, template
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.kinds import DEFAULT_BASE, Kind
from ontology.model import Problem
from ontology.namespaces import DCTERMS, KS, SKOS
from tests.ingesting import place

#: One grey point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c636800000082008177cd72b6"
    "0000000049454e44ae426082"
)
MAPPING = "kind: tool\nid: code\nlanguage: he\ncolumns:\n  שם: label\n  from: issued\n  grade: grade_min\n"


def saved(file) -> bytes:
    file.save(out := io.BytesIO())
    return out.getvalue()


def read(format: Format, content: bytes, mapping: str = "") -> list[Item]:
    beside = Document("a.mapping.yaml", mapping) if mapping else None
    return list(READERS[format](Document("a-file", "", content), Context(DEFAULT_BASE, "source/a-file.x", beside)))


def only(items: list[Item]) -> Record:
    (record,) = (item for item in items if isinstance(item, Record))
    return record


def told(record: Record, predicate: object = DCTERMS.description) -> list[str]:
    return [it.text if isinstance(it, Value) else it.name for it in record.fields.get(str(predicate), ())]


def codes(items: list[Item]) -> list[str]:
    return [item.code for item in items if isinstance(item, Problem)]


def table(holder, rows: list[tuple[str, ...]]) -> None:
    for row, words in zip(holder.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word


# --- Word ---


def hebrew_note() -> docx.document.Document:
    file = docx.Document()
    front = [("סוג:", "כלי"), ("שפה", "עברית"), ("כשירויות", "OBS.2; OBS.3"), ("מזהה", "מועדון-וידאו")]
    table(file.add_table(len(front), 2), front)
    file.add_heading("מועדון וידאו", 1)
    file.add_paragraph("צפינו בקטע של שלוש דקות.")
    file.add_paragraph("לתאר לפני שמפרשים", style="List Bullet")
    table(file.add_table(2, 2), [("שלב", "משך"), ("צפייה", "3 דקות")])
    file.add_paragraph("סיכום")
    return file


def test_a_hebrew_note_says_in_its_first_table_what_it_is():
    items = read(Format.DOCX, saved(hebrew_note()))
    record = only(items)
    assert (record.kind, record.name, codes(items)) == (Kind.TOOL, "מועדון-וידאו", [])
    assert record.fields[str(SKOS.prefLabel)] == (Value("מועדון וידאו", lang="he"),)
    assert record.fields[str(KS.develops)] == (Target("OBS.2", Kind.COMPETENCY), Target("OBS.3", Kind.COMPETENCY))
    assert told(record) == [
        "צפינו בקטע של שלוש דקות.\n\nלתאר לפני שמפרשים\n\nשלב | משך\n\nצפייה | 3 דקות\n\nסיכום",
    ]


def test_the_yaml_beside_a_document_wins():
    assert only(read(Format.DOCX, saved(hebrew_note()), "kind: source\n")).kind is Kind.SOURCE


def test_tracked_changes_boxes_formulas_controls_and_margins_are_read():
    file = docx.Document()
    paragraph = file.add_paragraph("area ")._p
    paragraph.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>new </w:t></w:r></w:ins>'))
    gone = f'<w:del {nsdecls("w")} w:id="2" w:author="x"><w:r><w:delText>old</w:delText></w:r></w:del>'
    paragraph.append(parse_xml(gone))
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    paragraph.append(parse_xml(f"<m:oMath {math}><m:r><m:t>a=bh</m:t></m:r></m:oMath>"))
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    paragraph.append(parse_xml(f"<w:r {nsdecls('w')}><w:pict>{box}</w:pict></w:r>"))
    control = "<w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r></w:p></w:sdtContent>"
    file.element.body.insert(1, parse_xml(f"<w:sdt {nsdecls('w')}>{control}</w:sdt>"))
    file.sections[0].header.paragraphs[0].text = "District of the North"
    file.sections[0].footer.paragraphs[0].text = "- 1 -"
    record = only(read(Format.DOCX, saved(file)))
    assert told(record) == ["area new a=bh\n\nboxed\n\ncontrolled\n\nDistrict of the North"]


def test_pictures_speak_by_their_text_and_are_named_when_they_have_none():
    file = docx.Document()
    file.add_heading("A lesson", 0)
    file.add_picture(io.BytesIO(PNG))
    file.add_picture(io.BytesIO(PNG))
    file.element.body.xpath(".//wp:docPr")[1].set("descr", "A graph that rises")
    file.add_comment(file.paragraphs[0].runs, "Is this so?")
    items = read(Format.DOCX, saved(file))
    assert codes(items) == ["W207", "W208"]
    assert told(only(items)) == ["A graph that rises"]


def test_a_document_without_heading_is_called_as_its_properties_say():
    file = docx.Document()
    file.core_properties.title = "Noticing"
    file.add_paragraph("Some words.")
    assert told(only(read(Format.DOCX, saved(file))), SKOS.prefLabel) == ["Noticing"]


@pytest.mark.parametrize("format", [Format.DOCX, Format.PPTX, Format.XLSX])
def test_what_is_no_package_is_refused_with_a_remedy(format):
    with pytest.raises(UnreadableFile) as caught:
        read(format, b"PK\x03\x04 and nothing more")
    assert (caught.value.problem, "password" in caught.value.remedy) == ("E127", True)


# --- PowerPoint ---


def test_an_arabic_presentation_with_notes_group_and_table():
    file = pptx.Presentation()
    slide = file.slides.add_slide(file.slide_layouts[5])
    slide.shapes.title.text = "ملاحظة الصف"
    slide.notes_slide.notes_text_frame.text = "ابدأ بالوصف"
    group = slide.shapes.add_group_shape().shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "داخل مجموعة"
    second = file.slides.add_slide(file.slide_layouts[5])
    second.shapes.title.text = "الخطوات"
    table(second.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(2)).table, [("خطوة", "مدة"), ("مشاهدة", "3")])
    second.shapes.add_picture(io.BytesIO(PNG), 0, 0)._element.nvPicPr.cNvPr.set("descr", "")
    items = read(Format.PPTX, saved(file))
    record = only(items)
    assert record.fields[str(SKOS.prefLabel)] == (Value("ملاحظة الصف", lang="ar"),)
    assert told(record) == ["داخل مجموعة\n\nابدأ بالوصف\n\nالخطوات\n\nخطوة | مدة\n\nمشاهدة | 3"]
    assert codes(items) == ["W207"]


def test_the_first_slide_may_say_in_a_table_what_the_presentation_is():
    file = pptx.Presentation()
    slide = file.slides.add_slide(file.slide_layouts[6])
    answers = [("النوع", "أداة"), ("العنوان", "نادي الفيديو")]
    table(slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(2)).table, answers)
    record = only(read(Format.PPTX, saved(file)))
    assert (record.kind, told(record, SKOS.prefLabel)) == (Kind.TOOL, ["نادي الفيديو"])


# --- Excel ---


def workbook(*sheets: tuple[str, list[list[object]]]) -> openpyxl.Workbook:
    file = openpyxl.Workbook()
    file.remove(file.active)
    for name, rows in sheets:
        sheet = file.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return file


def test_cells_are_read_as_they_are_shown():
    rows = [["code", "שם", "from", "grade"], ["007", "אטלס", date(2026, 1, 31), 7], [8, "מצפן", 2025, 7.0]]
    file = workbook(("גיליון", rows))
    file.active["A3"].number_format = "000"
    records = read(Format.XLSX, saved(file), MAPPING)
    assert [it.name for it in records] == ["007", "008"]
    assert [told(it, DCTERMS.issued) for it in records] == [["2026-01-31"], ["2025"]]
    assert [told(it, KS.gradeMin) for it in records] == [["7"], ["7"]]
    assert [it.place for it in records] == ["sheet 'גיליון', row 2", "sheet 'גיליון', row 3"]


def test_every_sheet_with_the_columns_is_read_below_its_title_and_others_are_named():
    head, other = ["code", "שם", "from", "grade"], ("Read me", [["How to fill this in"]])
    file = workbook(other, ("1", [["Tools of 2026"], [], head, ["a", "א"]]), ("2", [head, ["b", "ב"]]))
    items = read(Format.XLSX, saved(file), MAPPING)
    assert [it.name for it in items if isinstance(it, Record)] == ["a", "b"]
    assert [(it.code, "Read me" in it.message) for it in items if isinstance(it, Problem)] == [("W208", True)]
    one = read(Format.XLSX, saved(file), MAPPING + "sheet: '2'\n")
    assert [it.name for it in one if isinstance(it, Record)] == ["b"]


def test_formulas_are_text_and_what_has_no_result_is_named():
    file = workbook(
        ("s", [["code", "שם", "from", "grade"], ["a", "=1+1", None, 7], ["b", "'=HYPERLINK(1)", None, "#N/A"]])
    )
    file.active["D3"].data_type = "e"
    items = read(Format.XLSX, saved(file), MAPPING)
    assert [(it.code, it.place) for it in items if isinstance(it, Problem)] == [
        ("W209", "sheet 's', row 2, שם"),
        ("W209", "sheet 's', row 3, grade"),
    ]
    assert [told(it, SKOS.prefLabel) for it in items if isinstance(it, Record)] == [[], ["'=HYPERLINK(1)"]]


def test_known_headings_need_no_mapping_when_the_sheet_says_the_kind():
    file = workbook(
        ("כלים", [["קוד", "שם", "שם (ערבית)", "כשירויות", "שפה"], ["01", "אטלס", "أطلس", "OBS.2;OBS.3", "עברית"]])
    )
    record = only(read(Format.XLSX, saved(file)))
    assert (record.kind, record.name) == (Kind.TOOL, "01")
    assert record.fields[str(SKOS.prefLabel)] == (Value("אטלס", lang="he"), Value("أطلس", lang="ar"))
    assert (told(record, KS.develops), told(record, DCTERMS.language)) == (["OBS.2", "OBS.3"], ["he"])


def test_a_column_may_say_the_kind_of_each_row_in_a_csv_too():
    text = "النوع,الرمز,الاسم\nأداة,t1,أطلس\nمصدر,s1,كتاب\nشيء,x,لا\n"
    items = list(READERS[Format.CSV](Document("a.csv", text), Context(DEFAULT_BASE, "source/a.csv")))
    assert [it.kind for it in items if isinstance(it, Record)] == [Kind.TOOL, Kind.SOURCE]
    assert codes(items) == ["E123"]


@pytest.mark.parametrize(
    ("mapping", "problem"), [("", "E121"), (MAPPING, "E122"), (MAPPING + "sheet: other\n", "E122")]
)
def test_a_workbook_that_does_not_tell_is_refused(mapping, problem):
    with pytest.raises(UnreadableFile) as caught:
        read(Format.XLSX, saved(workbook(("s", [["code", "x"], ["a", "b"]]))), mapping)
    assert caught.value.problem == problem


# --- Headings ---


def test_headings_are_known_in_three_languages():
    assert [heading(it) for it in ("Name (he)", "שם באמת", "כשירויות:", "الكِفايات", "grade_min")] == [
        ("label", "he"),
        ("", ""),
        ("develops", ""),
        ("develops", ""),
        ("grade_min", ""),
    ]
    assert {kind_named(it) for it in ("Tools", "כלים", "أدوات", "tool")} == {Kind.TOOL}
    assert front_of([("kind", "tool"), ("colour", "red")]) is None


def test_office_files_go_the_whole_way(tmp_path):
    with place(tmp_path) as here:
        assert here.take("note.docx", saved(hebrew_note())).failed == 0
        assert here.objects("tool/מועדון-וידאו", str(SKOS.prefLabel)) == {'"מועדון וידאו"@he'}
        here.file("t.mapping.yaml", MAPPING)
        report = here.take(
            "t.xlsx", saved(workbook(("s", [["code", "שם", "from", "grade"], ["007", "אטלס", None, 7]])))
        )
        assert (report.committed, here.objects("tool/007", str(SKOS.prefLabel))) == (1, {'"אטלס"@he'})


# --- Templates ---


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_heading_of_a_template_is_understood_when_it_comes_back(kind, lang):
    file = openpyxl.load_workbook(io.BytesIO(template("a.xlsx", kind, lang)))
    sheet = file.active
    sheet["A2"], sheet["B2"] = "007", "אטלס"
    items = read(Format.XLSX, saved(file))
    assert [(type(it), it.kind, it.name) for it in items] == [(Record, kind, "007")]
    form = docx.Document(io.BytesIO(template("a.docx", kind, lang)))
    form.add_paragraph("מה עשינו")
    form.tables[0].cell(1, 1).text = "אטלס"
    items = read(Format.DOCX, saved(form))
    assert [(type(it), it.kind, told(it)) for it in items] == [(Record, kind, ["מה עשינו"])]


def test_a_template_as_csv_says_the_kind_in_each_row():
    text = template("a.csv", Kind.TOOL, "ar").decode("utf-8-sig")
    row = "أداة,007,أطلس" + "," * (text.count(",") - 2)
    items = list(READERS[Format.CSV](Document("a.csv", text + row), Context(DEFAULT_BASE, "source/a.csv")))
    assert [(it.kind, it.name) for it in items] == [(Kind.TOOL, "007")]


def test_a_template_is_written_once_by_a_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["template", "tool", "t.xlsx", "--lang", "he"]).exit_code == 0
    again = CliRunner().invoke(app, ["template", "tool", "t.xlsx"])
    assert isinstance(again.exception, InvalidParameter)
    with pytest.raises(InvalidParameter):
        template("a.odt", Kind.TOOL, "he")
