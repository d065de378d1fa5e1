"""One work in seven formats is one work; what is wrong in one is told, with its place."""

from __future__ import annotations

import json

import pytest

from ingest.formats import Format
from ingest.guard import open_document
from ingest.readers import READERS
from ingest.recognise import recognise
from ingest.record import Context, Document, Item, Record, Value
from ontology.errors import UnreadableFile
from ontology.model import Problem
from ontology.namespaces import BIBO, DCTERMS, KS, SKOS

TITLE = "Mathematics teachers' \u201clearning to notice\u201d in the context of a video club"
DOI = "10.1016/j.tate.2006.11.005"

BIBTEX = f"""@article{{v, author = {{van Es, Elizabeth A. and Sherin, Miriam Gamoran}}, title = {{{TITLE}}},
 journal = {{Teaching and Teacher Education}}, volume = 24, number = 2, pages = {{244--276}}, year = 2008,
 doi = {{{DOI}}}}}"""
RIS = f"""TY  - JOUR
AU  - van Es, Elizabeth A.
AU  - Sherin, Miriam Gamoran
TI  - {TITLE}
JO  - Teaching and Teacher Education
VL  - 24
IS  - 2
SP  - 244
EP  - 276
PY  - 2008
DO  - {DOI}
ER  -\x20
"""
_PRINTED = {"volume": "24", "issue": "2", "page": "244-276", "DOI": DOI}
_PEOPLE = [
    {"family": "van Es", "given": "Elizabeth A."},
    {"family": "Sherin", "given": "Miriam Gamoran"},
]
CSL = {
    **_PRINTED,
    "id": "v",
    "type": "article-journal",
    "title": TITLE,
    "author": _PEOPLE,
    "container-title": "Teaching and Teacher Education",
    "issued": {"date-parts": [[2008, 2]]},
}
CROSSREF = {
    **_PRINTED,
    "type": "journal-article",
    "title": [TITLE],
    "author": _PEOPLE,
    "container-title": ["Teaching and Teacher Education"],
    "issued": {"date-parts": [[2008, 2]]},
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": f"https://doi.org/{DOI}",
    "title": TITLE,
    "type": "article",
    "publication_year": 2008,
    "authorships": [
        {"author": {"display_name": "van Es, Elizabeth A."}},
        {"author": {"display_name": "Sherin, Miriam Gamoran"}},
    ],
    "primary_location": {"source": {"display_name": "Teaching and Teacher Education"}},
    "biblio": {"volume": "24", "issue": "2", "first_page": "244", "last_page": "276"},
}
JATS = f"""<article article-type="research-article"><front><journal-meta><journal-title-group>
<journal-title>Teaching and Teacher Education</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="doi">{DOI}</article-id><title-group><article-title>{TITLE}</article-title></title-group>
<contrib-group>
<contrib contrib-type="author"><name><surname>van Es</surname><given-names>Elizabeth A.</given-names></name></contrib>
<contrib contrib-type="author"><name><surname>Sherin</surname><given-names>Miriam Gamoran</given-names></name></contrib>
</contrib-group><pub-date pub-type="ppub"><year>2008</year></pub-date><volume>24</volume><issue>2</issue>
<fpage>244</fpage><lpage>276</lpage></article-meta></front></article>"""
_DC = f"""<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>{TITLE}</dc:title><dc:creator>van Es, Elizabeth A.</dc:creator><dc:creator>Sherin, Miriam Gamoran</dc:creator>
<dc:date>2008-02-01</dc:date><dc:type>article</dc:type><dc:identifier>doi:{DOI}</dc:identifier>
<dc:source>Teaching and Teacher Education 24(2), 244-276</dc:source></oai_dc:dc>"""


def _oai(*records: str) -> str:
    inner = "".join(records)
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{inner}</ListRecords></OAI-PMH>'


_KEPT = f"<record><header><identifier>oai:x:1</identifier></header><metadata>{_DC}</metadata></record>"
_DELETED = '<record><header status="deleted"><identifier>oai:x:2</identifier></header></record>'
_BARE = "<record><header><identifier>oai:x:3</identifier></header><metadata/></record>"

SEVEN = {
    Format.BIBTEX: ("a.bib", BIBTEX),
    Format.RIS: ("a.ris", RIS),
    Format.CSL: ("a.json", json.dumps([CSL])),
    Format.CROSSREF: ("a.json", json.dumps({"status": "ok", "message-type": "work", "message": CROSSREF})),
    Format.OPENALEX: ("a.jsonl", json.dumps({"meta": {}, "results": [OPENALEX]})),
    Format.JATS: ("a.xml", JATS),
    Format.OAI: ("a.xml", _oai(_KEPT)),
}
_SAID_BY_ALL = (
    *(SKOS.prefLabel, DCTERMS.title, DCTERMS.creator, DCTERMS.issued, DCTERMS.type),
    *(KS.venue, BIBO.doi, DCTERMS.bibliographicCitation),
)


def read(form: Format, text: str) -> list[Item]:
    return list(READERS[form](Document("a", text), Context("http://x/", "source/a")))


def only(items: list[Item]) -> Record:
    (record,) = (it for it in items if isinstance(it, Record))
    return record


def told(items: list[Item]) -> list[tuple[str, str]]:
    return [(it.code, it.place) for it in items if isinstance(it, Problem)]


def test_one_work_says_the_same_in_seven_formats():
    said = {form: only(read(form, text)) for form, (_, text) in SEVEN.items()}
    assert {it.name for it in said.values()} == {"10-1016-j-tate-2006-11-005"}
    for term in map(str, _SAID_BY_ALL):
        assert {form: it.fields.get(term) for form, it in said.items()} == dict.fromkeys(
            SEVEN, said[Format.BIBTEX].fields[term]
        )


@pytest.mark.parametrize("form", [Format.CSL, Format.CROSSREF, Format.OPENALEX, Format.JATS, Format.OAI])
def test_a_bibliography_is_known_by_what_stands_in_it(form):
    name, text = SEVEN[form]
    promised = Format.RDF_XML if name.endswith("xml") else Format.JSON_LD
    assert recognise(Document(name, text), promised, has_mapping=False) is form


def test_json_lines_lose_only_the_broken_line():
    text = "\n".join((json.dumps(OPENALEX), '{"id": ', "", json.dumps(OPENALEX | {"title": None}), "7"))
    assert recognise(Document("a.jsonl", text), Format.JSON_LD, has_mapping=False) is Format.OPENALEX
    items = read(Format.OPENALEX, text)
    assert only(items).place == "line 1"
    assert told(items) == [("E133", "line 2"), ("E132", "line 4"), ("E133", "line 5")]


def test_an_abstract_is_rebuilt_from_its_inverted_index():
    index = {"see": [1, 3], "Teachers": [0], "what": [2]}
    work = OPENALEX | {"abstract_inverted_index": index, "is_retracted": True}
    record = only(read(Format.OPENALEX, json.dumps(work)))
    assert [it.text for it in record.fields[str(DCTERMS.abstract)]] == ["Teachers see what see"]
    assert [it.text for it in record.fields[str(SKOS.note)]] == ["Retracted, as OpenAlex has it"]
    assert [it.text for it in record.fields[str(DCTERMS.identifier)]] == ["openalex:W1"]


def test_markup_of_a_publisher_is_no_text_and_notices_are_kept():
    notice = {"type": "retraction", "label": "Retraction", "DOI": DOI}
    work = CROSSREF | {"abstract": "<jats:p>A &amp; <jats:italic>B</jats:italic></jats:p>", "update-to": [notice]}
    record = only(read(Format.CROSSREF, json.dumps(work)))
    assert [it.text for it in record.fields[str(DCTERMS.abstract)]] == ["A & B"]
    assert [it.text for it in record.fields[str(SKOS.note)]] == [f"Retraction of https://doi.org/{DOI}"]


def test_a_record_deleted_or_without_dublin_core_is_told():
    items = read(Format.OAI, _oai(_KEPT, _DELETED, _BARE))
    assert only(items).place == "record 1 (oai:x:1)"
    assert told(items) == [("W217", "record 2 (oai:x:2)"), ("E135", "record 3 (oai:x:3)")]


def test_an_error_of_a_repository_is_no_empty_list():
    with pytest.raises(UnreadableFile) as refused:
        read(Format.OAI, '<OAI-PMH><error code="noRecordsMatch">none</error></OAI-PMH>')
    assert refused.value.problem == "E134"


@pytest.mark.parametrize("form", [Format.JATS, Format.OAI])
def test_a_dtd_is_refused(form):
    with pytest.raises(UnreadableFile) as refused:
        read(form, f'<!DOCTYPE x [<!ENTITY a "b">]>{SEVEN[form][1]}')
    assert refused.value.problem == "E110"


@pytest.mark.parametrize("form", [Format.JATS, Format.OAI])
def test_xml_that_is_cut_off_is_refused_with_its_line(form):
    with pytest.raises(UnreadableFile) as refused:
        read(form, SEVEN[form][1][:-20])
    assert (refused.value.problem, refused.value.place[:4]) == ("E111", "line")


def test_unknown_tags_of_ris_are_told_and_kept():
    items = read(Format.RIS, RIS.replace("VL  -", "QQ  - something\nVL  -").replace("ER  - ", ""))
    assert told(items) == [("W211", "line 1"), ("W218", "line 1")]
    assert [it.text for it in only(items).fields[str(SKOS.note)]] == ["QQ: something"]


def test_an_entry_inherits_from_its_crossref():
    book = "@proceedings{p, title = {Proceedings}, publisher = {ACM}, year = 2001}"
    paper = "@inproceedings{c, title = {Part}, author = {A, B}, crossref = {P}}"
    items = read(Format.BIBTEX, f"{paper}\n{book}\n@book{{d, title = {{Lone}}, crossref = {{none}}}}")
    part = next(it for it in items if isinstance(it, Record) and it.place == "line 1")
    assert [it.text for it in part.fields[str(KS.venue)]] == ["Proceedings"]
    assert [it.text for it in part.fields[str(DCTERMS.issued)]] == ["2001"]
    assert [it.text for it in part.fields[str(DCTERMS.title)]] == ["Part"]
    assert told(items) == [("W219", "line 3")]


def test_a_broken_entry_loses_only_itself_and_says_its_line():
    items = read(Format.BIBTEX, "@book{a, title={One}}\n@book{b, title={Two\n@book{c, title={Three}}\n")
    assert [it.place for it in items if isinstance(it, Record)] == ["line 1", "line 3"]
    assert told(items) == [("E131", "line 2")]


def test_the_first_entry_comes_before_the_rest_is_parsed():
    library = "@book{a, title={One}}\n" + "@book{b title={x}}\n" * 3
    items = READERS[Format.BIBTEX](Document("a", library), Context("http://x/", "source/a"))
    assert isinstance(next(iter(items)), Record)


def test_a_string_serves_every_entry_after_it():
    text = "@string{a = {{A} B}}\n@book{x, title={X}, publisher=a}\n@book{y, title={Y}, publisher=a}"
    said = [it.fields[str(DCTERMS.publisher)][0] for it in read(Format.BIBTEX, text) if isinstance(it, Record)]
    assert [getattr(it, "text", "") for it in said] == ["A B", "A B"]


@pytest.mark.parametrize(
    ("encoding", "author"), [("cp1252", "Müller, Zoë"), ("cp1255", "כהן, רות"), ("cp1256", "خوري, ليلى")]
)
def test_names_in_a_declared_encoding_come_through(tmp_path, encoding, author):
    path = tmp_path / "a.bib"
    path.write_bytes(BIBTEX.replace("van Es, Elizabeth A.", author).encode(encoding))
    document = open_document(path, path.name, encoding=encoding, most_bytes=10_000)
    assert Value(author) in only(read(Format.BIBTEX, document.text)).fields[str(DCTERMS.creator)]


def test_an_accession_number_of_eric_is_kept():
    record = only(read(Format.RIS, RIS.replace("VL  -", "AN  - EJ1163154\nVL  -")))
    assert record.fields[str(DCTERMS.identifier)] == (Value("eric:EJ1163154"),)
