"""Plain text and HTML become one record each, with all that a reader of them sees."""

import pytest

from ingest.readers.html import read_html
from ingest.readers.plain_text import read_plain_text
from ingest.record import Context, Document, Record, Target
from ontology.errors import UnreadableFile
from ontology.kinds import DEFAULT_BASE, Kind
from ontology.model import Problem
from ontology.namespaces import DCTERMS, KS, SKOS

CONTEXT = Context(DEFAULT_BASE, "source/a.txt")

PAGE = """<!doctype html><html lang="he-IL"><head><title>אתר | לוח</title><style>p {color: red}</style></head><body>
<nav>תפריט</nav><h1>לוח <b>טעויות</b></h1><p>שורה<br>אחת<p>שנייה <img src="a.png" alt="תמונת הלוח"></p>
<script>alert("no")</script><p hidden>סוד</p><div style="display: none">סוד<p>סוד</p></div>אחרי
<ul><li>ראשון<li>שני</ul><table><tr><td>תא</td><td>שכן</td></tr></table><!-- הערה -->זנב</body></html>"""


def one(items):
    """The record among items, and the codes of the problems."""
    items = list(items)
    (record,) = (it for it in items if isinstance(it, Record))
    return record, [it.code for it in items if isinstance(it, Problem)]


def said(record, term):
    """The texts of a property."""
    return [it.name if isinstance(it, Target) else it.text for it in record.fields.get(str(term), ())]


def test_a_page_is_what_its_reader_sees():
    record, problems = one(read_html(Document("a.html", PAGE), CONTEXT))
    assert (said(record, SKOS.prefLabel), said(record, DCTERMS.language), problems) == (["לוח טעויות"], ["he-il"], [])
    (text,) = said(record, DCTERMS.description)
    assert text.split("\n\n") == [
        *("שורה אחת", "שנייה תמונת הלוח", "אחרי", "ראשון", "שני", "תא", "שכן", "זנב"),
    ]


def test_a_page_without_a_heading_is_called_as_its_window():
    record, _ = one(read_html(Document("a.html", "<title>A window</title><p>Words that are here."), CONTEXT))
    assert said(record, SKOS.prefLabel) == ["A window"]


def test_a_page_may_be_deep_and_have_odd_characters():
    text = "<div>" * 1_000 + "<p>deep\x00down</p>" + "</div>" * 1_000 + "<p>after</p>"
    record, _ = one(read_html(Document("a.html", text), CONTEXT))
    assert said(record, DCTERMS.description) == ["deep down\n\nafter"]


def test_a_page_that_is_nested_too_deeply_is_refused_as_a_whole():
    with pytest.raises(UnreadableFile, match="deeply"):
        list(read_html(Document("a.html", "<p>before</p>" + "<div>" * 100_000 + "inside"), CONTEXT))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<!-- nothing -->", "<nav>menu</nav>"])
def test_a_page_without_words_is_refused(text):
    with pytest.raises(UnreadableFile, match="page"):
        list(read_html(Document("a.html", text), CONTEXT))


def test_a_text_has_paragraphs_a_title_and_front_matter():
    text = "סוג: כלי\nכשירויות: OBS.2; DIA.4\n\nלוח טעויות\n\nפסקה אחת\nבשתי שורות.\r\n\r\nפסקה שנייה.\n"
    record, problems = one(read_plain_text(Document("a.txt", text), CONTEXT))
    assert (record.kind, said(record, KS.develops), problems) == (Kind.TOOL, ["OBS.2", "DIA.4"], [])
    assert said(record, SKOS.prefLabel) == ["לוח טעויות"]
    assert said(record, DCTERMS.description) == ["פסקה אחת בשתי שורות.\n\nפסקה שנייה."]


def test_a_first_paragraph_that_only_looks_like_front_matter_stays_text():
    text = "What I asked: nothing\nkind: tool\n\nA second paragraph."
    record, _ = one(read_plain_text(Document("a.txt", text), CONTEXT))
    assert record.kind is Kind.PRACTICE
    assert said(record, SKOS.prefLabel) == ["What I asked: nothing kind: tool"]


def test_a_text_of_one_paragraph_keeps_it_as_text_and_is_called_as_its_file():
    record, problems = one(read_plain_text(Document("a.txt", "Only this."), CONTEXT))
    assert (said(record, SKOS.prefLabel), problems) == (["a"], ["W142"])
    assert said(record, DCTERMS.description) == ["Only this."]
