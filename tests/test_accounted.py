"""Nothing is lost in silence: of whatever file, every record is committed, skipped or failed, and failing has a reason.

Each reader has samples here, and each sample is broken in many ways: cut off, with bytes changed, doubled, taken out,
put in, or of another file.
"""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.formats import Format
from ingest.guard import open_document
from ingest.pipeline import promised_format
from ingest.readers import READERS
from ingest.recognise import recognise
from ontology.model import Report
from tests.ingesting import Place, place
from tests.repositories import page, record

SAMPLES = Path(__file__).parents[1] / "ingest" / "samples"
TURTLE = (
    "@prefix s: <http://www.w3.org/2004/02/skos/core#> .\n"
    "<http://e/a> s:note 'one'@en .\n<http://e/b> s:note 'שתיים'@he .\n"
)
WORK = '"title": "A study of noticing", "author": [{"family": "Levi", "given": "A"}], "DOI": "10.5555/1"'
TABLE = "kind,id,name\ntool,club,Video club\ntool,card,Clip card\n"
ESCO = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,description\n" + (
    "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/1,skill/competence,cross-sector,teach,,released,x\n"
)
SSSOM = (
    "#curie_map:\n#  a: http://e/a/\n#  skos: http://www.w3.org/2004/02/skos/core#\n"
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    "a:1\tskos:exactMatch\ta:2\tsemapv:ManualMappingCuration\n"
)


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("A meeting", 1)
    document.add_paragraph("What happened.")
    return saved(document)


def slides() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "A meeting", "What happened."
    return saved(deck)


def sheet() -> bytes:
    book = openpyxl.Workbook()
    for row in TABLE.splitlines():
        book.active.append(row.split(","))
    return saved(book)


#: For each format a name and the content of a file that its reader takes.
FILES: dict[Format, tuple[str, Callable[[], bytes]]] = {
    Format.TURTLE: ("a.ttl", TURTLE.encode),
    Format.N_TRIPLES: ("a.nt", b'<http://e/a> <http://e/p> "one" .\n<http://e/b> <http://e/p> "two" .\n'.strip),
    Format.N_QUADS: ("a.nq", b'<http://e/a> <http://e/p> "one" <http://e/g> .\n'.strip),
    Format.TRIG: ("a.trig", b"<http://e/g> { <http://e/a> <http://e/p> 'one' . }".strip),
    Format.JSON_LD: ("a.jsonld", b'[{"@id": "http://e/a", "http://e/p": [{"@value": "one"}]}]'.strip),
    Format.RDF_XML: (
        "a.rdf",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        b'<rdf:Description rdf:about="http://e/a"><e:p>one</e:p></rdf:Description></rdf:RDF>'.strip,
    ),
    Format.BIBTEX: ("a.bib", (SAMPLES / "reading-list.bib").read_bytes),
    Format.RIS: ("a.ris", b"TY  - JOUR\nTI  - A study\nAU  - Levi, A.\nER  - \nTY  - BOOK\nTI  - Two\nER  - \n".strip),
    Format.CSV: ("a.csv", TABLE.encode),
    Format.MARKDOWN: ("a.md", (SAMPLES / "video-club-note.md").read_bytes),
    Format.TEXT: ("a.txt", "Title: A meeting\nConsent: private\n\nWhat happened.\n".encode),
    Format.HTML: ("a.html", b"<html><head><title>A meeting</title></head><body><p>So.</p></body></html>".strip),
    Format.DOCX: ("a.docx", word),
    Format.PPTX: ("a.pptx", slides),
    Format.XLSX: ("a.xlsx", sheet),
    Format.PDF: ("a.pdf", (SAMPLES / "exit-tickets-ar.pdf").read_bytes),
    Format.CASE: (
        "a.json",
        b'{"CFDocument": {"identifier": "00000000-0000-4000-8000-000000000001", "uri": "http://e/d", "title": "D"}, '
        b'"CFItems": [{"identifier": "00000000-0000-4000-8000-000000000002", "uri": "http://e/i", '
        b'"fullStatement": "Do"}], "CFAssociations": []}'.strip,
    ),
    Format.CTDL: (
        "a.json",
        b'{"@context": "https://credreg.net/ctdlasn/schema/context/json", "@graph": [{"@id": "http://e/c", '
        b'"@type": "ceasn:Competency", "ceasn:competencyText": {"en": "Do"}}]}'.strip,
    ),
    Format.DIGCOMP: (
        "a.json",
        b'{"@graph": [{"@id": "http://e/1", "@type": "CompetenceArea", "prefLabel": {"en": "Area"}}]}'.strip,
    ),
    Format.ESCO: ("a.csv", ESCO.encode),
    Format.SSSOM: ("a.tsv", SSSOM.encode),
    Format.CSL: ("a.json", f'[{{"id": "x", "type": "book", {WORK}}}]'.encode),
    Format.CROSSREF: (
        "a.json",
        b'{"message": {"DOI": "10.5555/1", "title": ["A study"], "type": "journal-article"}}'.strip,
    ),
    Format.OPENALEX: (
        "a.json",
        b'{"results": [{"id": "https://openalex.org/W1", "title": "A study", "authorships": []}]}'.strip,
    ),
    Format.JATS: (
        "a.xml",
        b"<article><front><article-meta><title-group><article-title>A study</article-title></title-group>"
        b"</article-meta></front></article>".strip,
    ),
    Format.OAI: ("a.xml", lambda: page(record(1), record(2, deleted=True), record(3))[2]),
}
_CAREFUL = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def accounted(here: Place, name: str, content: bytes) -> Report:
    report = here.take(name, content, force=True)
    assert report.read == report.committed + report.skipped + report.failed
    failing = [it for it in report.problems if it.code.startswith("E")]
    assert bool(failing) == bool(report.failed), report
    for it in report.problems:
        assert it.file == name
        assert it.place
        assert it.message
    for it in failing:
        assert it.remedy or it.code in {"E100", "E111", "E151"}, it
    return report


def test_every_reader_has_a_sample_here():
    assert set(FILES) == set(READERS)


@pytest.mark.parametrize("format", READERS, ids=str)
def test_a_sample_is_what_it_is_said_to_be_and_is_taken(here, format: Format):
    name, content = FILES[format]
    path = here.file(name, content())
    found = recognise(
        open_document(path, name, encoding=None, most_bytes=1 << 20), promised_format(name), has_mapping=False
    )
    assert found is format
    report = accounted(here, name, content())
    assert report.committed
    assert not report.failed


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """A file that something happened to, up to three times."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        change = draw(st.sampled_from(("cut", "without", "twice", "with", "other")))
        piece = draw(st.sampled_from((b"\x00", b"\xff\xfe", b"<", b"}", b'"', b"\n\n", "ש".encode(), b",,,,", b"@x{")))
        content = {
            "cut": content[:start],
            "without": content[:start] + content[end:],
            "twice": content[:end] + content[start:],
            "with": content[:start] + piece + content[start:],
            "other": content[:start] + piece * 3 + content[end:],
        }[change]
    return content


@pytest.mark.parametrize("format", READERS, ids=str)
def test_a_broken_file_is_accounted_for(here, format: Format):
    name, content = FILES[format]
    whole = content()

    @_CAREFUL
    @given(broken(whole))
    def check(content: bytes) -> None:
        accounted(here, name, content)

    check()
