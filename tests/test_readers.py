"""Readers take what is good, name what is not, and lose nothing in between."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.account import Account, account_of, unreadable
from ingest.describe import describe
from ingest.formats import Format, promised_format
from ingest.guard import MEGABYTE, open_document
from ingest.properties import PROPERTIES, property_of
from ingest.readers import READERS
from ingest.readers.bibliography import normal_doi
from ingest.record import Context, Document, Item, Record, Statements, Target, Value
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.kinds import DEFAULT_BASE, Kind
from ontology.model import Problem
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, SKOS

MAPPING = """
kind: tool
id: code
language: en
columns:
  name: label
  name he: label@he
  builds: {property: develops, split: ";"}
"""
HEADER = "code,name,name he,builds\n"


def read(format: Format, text: str, mapping: str | None = None, graph: str = "source/a-note.md") -> list[Item]:
    given_mapping = None if mapping is None else Document("a.mapping.yaml", mapping)
    return list(READERS[format](Document("file", text), Context(DEFAULT_BASE, graph, given_mapping)))


def account(format: Format, text: str, mapping: str | None = None) -> Account:
    return account_of(read(format, text, mapping), Context(DEFAULT_BASE, "source/f"), "file")


def refusal(format: Format, text: str, mapping: str | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(format, text, mapping)
    return caught.value


def triples(format: Format, text: str) -> set[str]:
    (found,) = read(format, text)
    assert isinstance(found, Statements)
    return {str(triple) for triple in found.triples}


def codes(items: list[Item]) -> list[str]:
    return [item.code for item in items if isinstance(item, Problem)]


def only(items: list[Item]) -> Record:
    (record,) = (item for item in items if isinstance(item, Record))
    return record


def texts(record: Record, predicate: str) -> list[str]:
    return [it.text if isinstance(it, Value) else it.name for it in record.fields.get(str(predicate), ())]


def test_every_format_has_a_reader():
    assert set(READERS) == set(Format)


# --- RDF ---


def test_the_same_statement_in_every_rdf_syntax():
    expected = {'<http://example.org/a> <http://example.org/p> "שלום"@he'}
    assert triples(Format.TURTLE, '@prefix : <http://example.org/> . :a :p "שלום"@he .') == expected
    assert triples(Format.N_TRIPLES, '<http://example.org/a> <http://example.org/p> "שלום"@he .') == expected
    quad = '<http://example.org/a> <http://example.org/p> "שלום"@he <http://example.org/g> .'
    assert triples(Format.N_QUADS, quad) == expected
    assert triples(Format.TRIG, '@prefix : <http://example.org/> . :g { :a :p "שלום"@he }') == expected
    json = (
        '{"@context": {"p": "http://example.org/p"}, "@id": "http://example.org/a",'
        ' "p": {"@value": "שלום", "@language": "he"}}'
    )
    assert triples(Format.JSON_LD, json) == expected
    xml = (
        '<?xml version="1.0" encoding="windows-1255"?>'  # what it says of its encoding no longer matters
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '<r:Description r:about="http://example.org/a"><e:p xml:lang="he">שלום</e:p></r:Description></r:RDF>'
    )
    assert triples(Format.RDF_XML, xml) == expected


def test_blank_nodes_get_the_same_addresses_each_time():
    text = "@prefix : <http://example.org/> . :a :p [ :q ( 1 2 ) ] ; :r [] ."
    first, second = triples(Format.TURTLE, text), triples(Format.TURTLE, text)
    assert first == second
    assert "_:" not in "".join(first)
    assert any(f"<{DEFAULT_BASE}.well-known/genid/source/a-note.md/1>" in triple for triple in first)


def test_relative_addresses_belong_to_the_graph():
    (found,) = read(Format.TURTLE, "<#a> <#p> <x> .", graph="source/v.ttl")
    assert str(found.triples[0]) == (
        f"<{DEFAULT_BASE}graph/source/v.ttl#a> <{DEFAULT_BASE}graph/source/v.ttl#p> <{DEFAULT_BASE}graph/source/x>"
    )


def test_broken_turtle_is_refused_with_line_and_every_fault():
    error = refusal(Format.TURTLE, '@prefix : <http://e.org/> .\n:a :p 1 .\n:b :p .\n:c :p 3 .\n:d :p "x .\n')
    assert (error.problem, error.place) == ("E111", "line 3, column 7")
    assert "line 5" in error.message
    assert "nothing of the file was taken" in error.remedy


@pytest.mark.parametrize(
    ("format", "text"),
    [(Format.TURTLE, "@prefix : <http://e.org/> ."), (Format.JSON_LD, '{"name": "no context"}')],
)
def test_a_file_that_states_nothing_is_no_success(format, text):
    assert refusal(format, text).problem == "E113"


def test_a_value_that_the_parser_cannot_hold_is_refused():
    assert refusal(Format.TURTLE, f'<http://e/a> <http://e/p> "{"x" * 17_000_000}" .').problem == "E150"


def test_triples_in_triples_are_refused():
    error = refusal(Format.TURTLE, "<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> .")
    assert error.problem == "E114"


@pytest.mark.parametrize(
    "context",
    [
        '"http://127.0.0.1:9/c"',
        '["http://127.0.0.1:9/c", {}]',
        '{"@import": "http://127.0.0.1:9/c"}',
        '{"t": {"@id": "http://e/t", "@context": "file:///etc/passwd"}}',
    ],
)
def test_remote_contexts_are_never_fetched(context):
    error = refusal(Format.JSON_LD, f'{{"@context": {context}, "@id": "http://e/a", "http://e/p": 1}}')
    assert error.problem == "E112"
    assert "would have to be fetched" in error.message


@pytest.mark.parametrize(
    ("text", "problem"), [("{", "E111"), ('{"a": ' * 5000 + "1" + "}" * 5000, "E115"), ("[" * 100_000, "E115")]
)
def test_json_that_is_none_or_too_deep(text, problem):
    assert refusal(Format.JSON_LD, text).problem == problem


def test_entities_are_refused_before_they_unfold():
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    error = refusal(Format.RDF_XML, f'<!DOCTYPE x [<!ENTITY l0 "lol">{bomb}]><x>&l11;</x>')
    assert error.problem == "E110"
    assert refusal(Format.RDF_XML, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x"><x/>').problem == "E110"


def test_xml_that_is_none_or_too_deep():
    assert refusal(Format.RDF_XML, "<a").problem == "E111"
    assert refusal(Format.RDF_XML, "<a>" * 5000).problem == "E115"


# --- BibTeX ---


def test_bibtex_becomes_what_the_starter_sources_are():
    entry = r"""
    @string{tate = "Teaching and Teacher Education"}
    @article{v, author = {van Es, Elizabeth A. and {World Health Organization} and Casta{\~n}eda, L. and others},
      title = {{Mathematics} Teachers' ``Learning to Notice'', 50% of it}, journal = tate, volume = 24, number = 2,
      pages = {244--276}, year = 2008, doi = {https://doi.org/10.1016/J.TATE.2006.11.005}}
    """
    record = only(read(Format.BIBTEX, entry))
    assert (record.kind, record.name, record.place) == (Kind.SOURCE, "10-1016-j-tate-2006-11-005", "line 3")
    assert texts(record, SKOS.prefLabel) == ["Mathematics Teachers' “Learning to Notice”, 50% of it"]
    assert texts(record, DCTERMS.creator) == ["van Es, Elizabeth A.", "World Health Organization", "Castañeda, L."]
    assert texts(record, KS.venue) == ["Teaching and Teacher Education 24(2), 244-276"]
    assert texts(record, BIBO.doi) == ["10.1016/j.tate.2006.11.005"]
    assert texts(record, FOAF.page) == ["https://doi.org/10.1016/j.tate.2006.11.005"]
    assert texts(record, DCTERMS.bibliographicCitation)[0].startswith(
        "van Es, Elizabeth A.; World Health Organization; Castañeda, L.; et al. (2008). Mathematics Teachers'"
    )


def test_a_key_that_stands_twice_loses_no_entry():
    items = read(Format.BIBTEX, "@book{a, title={One}, year=2001}\n@book{a, title={Two}, year=2002}")
    assert [item.name for item in items if isinstance(item, Record)] == ["one-2001", "two-2002"]
    assert codes(items) == ["W131"]


def test_a_broken_entry_leaves_its_neighbours():
    items = read(
        Format.BIBTEX, "@book{a, title={One}}\n@book{b, title={Two\n@book{c, title={Three}}\n@book{d title={x}}"
    )
    assert [item.name for item in items if isinstance(item, Record)] == ["one", "three"]
    assert [(p.code, p.place) for p in items if isinstance(p, Problem)] == [("E131", "line 2"), ("E131", "line 4")]


def test_names_that_cannot_be_split_are_kept_as_written():
    items = read(Format.BIBTEX, "@book{a, title={One}, author={A, B, C, D and E, F}}")
    assert codes(items) == ["W135"]
    assert texts(only(items), DCTERMS.creator) == ["A, B, C, D", "E, F"]


def test_what_is_no_doi_or_address_is_kept_as_a_note():
    items = read(Format.BIBTEX, "@book{a, title={One}, doi={see website}, url={javascript:alert(1)}}")
    assert codes(items) == ["W132", "W133"]
    assert not texts(only(items), FOAF.page)
    assert len(texts(only(items), SKOS.note)) == 2


def test_a_doi_may_stand_in_the_address():
    items = read(Format.BIBTEX, "@book{a, title={One}, url={https://data.europa.eu/doi/10.2801/615021}}")
    assert texts(only(items), BIBO.doi) == ["10.2801/615021"]


def test_no_title_and_no_entries():
    assert codes(read(Format.BIBTEX, "@book{a, year=2001}")) == ["E132"]
    assert refusal(Format.BIBTEX, "Dear colleague, here is my list.").problem == "E130"


@pytest.mark.parametrize("written", ["10.1/x", "doi", "11.1234/x", "10.1234/", "10.1234/a b"])
def test_what_is_no_doi(written):
    assert normal_doi(written) == ""


def test_titles_say_their_language():
    def title(entry: str) -> Value:
        (value,) = only(read(Format.BIBTEX, entry)).fields[str(SKOS.prefLabel)]
        assert isinstance(value, Value)
        return value

    assert title("@book{a, title={הוראת המתמטיקה}}").lang == "he"
    assert title("@book{a, title={Mathematik}, langid={ngerman}}").lang == "de"
    assert title("@book{a, title={Learning}}").lang == "en"


# --- RIS ---

RIS = "TY  - JOUR\nTI  - One\nAU  - A, B\nPY  - 2001\nDO  - 10.1234/one\nER  - \n"


def test_ris_becomes_a_source():
    record = only(read(Format.RIS, RIS))
    assert (record.name, texts(record, DCTERMS.creator)) == ("10-1234-one", ["A, B"])


def test_a_record_without_end_is_read_and_said():
    items = read(Format.RIS, RIS.replace("ER  - \n", "") + "TY  - BOOK\nT1  - Two\n and a half\nY1  - 2002///\n")
    assert [item.name for item in items if isinstance(item, Record)] == ["10-1234-one", "two-and-a-half-2002"]
    assert codes(items) == ["W211", "W211"]


def test_lines_outside_records_are_named():
    items = read(Format.RIS, "Exported today\n" + RIS + "TI  - Orphan\nER  - \n")
    assert [(p.code, p.place) for p in items if isinstance(p, Problem)] == [("W212", "line 1"), ("E211", "line 8")]


def test_a_file_that_is_no_ris():
    assert refusal(Format.RIS, "TY - JOUR\nTI - one space only\n").problem == "E210"


def test_a_tag_that_stands_twice_loses_no_value():
    items = read(Format.RIS, RIS.replace("TI  - One\n", "TI  - One\nTI  - Uno\nDO  - 10.1234/first\n more\n"))
    assert only(items)


# --- tables ---


def test_rows_become_records_with_links_and_languages():
    items = read(Format.CSV, HEADER + 'VC-1,"Club, of videos",מועדון,OBS.2; DIA.2\n', MAPPING)
    record = only(items)
    assert (record.kind, record.name, record.place) == (Kind.TOOL, "vc-1", "row 2")
    assert record.fields[str(SKOS.prefLabel)] == (Value("Club, of videos", "en"), Value("מועדון", "he"))
    assert record.fields[str(KS.develops)] == (Target("OBS.2", Kind.COMPETENCY), Target("DIA.2", Kind.COMPETENCY))


def test_ragged_rows_fail_alone_and_say_so():
    items = read(Format.CSV, HEADER + "a,b\nc,Name,,\n\n,nameless,,\n", MAPPING)
    problems = [item for item in items if isinstance(item, Problem)]
    assert problems[0].message == "Row 2: 2 cells, header has 4"
    assert [(p.code, p.place) for p in problems] == [("E120", "row 2"), ("E124", "row 5")]
    assert only(items).name == "c"


def test_an_open_quote_is_named():
    items = read(Format.CSV, HEADER + 'a,b,,\nc,"never closed,,\nd,e,,\n', MAPPING)
    assert (only(items).name, codes(items)) == ("a", ["E125"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_in_the_header(delimiter):
    text = (HEADER + "a,Name,,\n").replace(",", delimiter)
    assert only(read(Format.CSV, text, MAPPING)).name == "a"


def test_columns_without_mapping_are_left_alone_aloud():
    items = read(Format.CSV, "code,name,name he,builds,price\na,Name,,,3\n", MAPPING)
    assert codes(items) == ["W120"]
    assert "price" in items[0].message


def test_a_value_that_does_not_fit_fails_its_row():
    mapping = "kind: tool\nid: code\ncolumns:\n  name: label\n  grade: research_grade\n"
    items = read(Format.CSV, "code,name,grade\na,A,9\nb,B,2\n", mapping)
    assert (only(items).name, codes(items)) == ("b", ["E123"])
    assert "'9' is not an evidence grade, 0 to 4" in items[0].message


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("name: label", "name: labl"), "Did you mean 'label'?"),
        (("name: label", "nome: label"), "nome"),
        (("kind: tool", "kind: tol"), "Did you mean 'tool'?"),
        (("id: code", ""), "'id' is missing"),
        (("label@he", "label@hebrew-language"), "hebrew-language"),
        (("language: en", "langage: en"), "Did you mean 'language'?"),
        (("split:", "divide:"), "'divide'"),
        (("kind: tool", "kind: tool\nkind: role"), "stands twice"),
        (("kind: tool", "kind: [tool"), "does not parse"),
        (("columns:", "rows:"), "rows"),
        (("language: en", "delimiter: ';;'"), "';;'"),
        (("language: en", "status: maybe"), "maybe"),
    ],
)
def test_a_mapping_that_does_not_hold_names_what_is_wrong(change, named):
    error = refusal(Format.CSV, HEADER + "a,b,,\n", MAPPING.replace(*change))
    assert error.problem == "E122"
    assert named in f"{error.message} {error.remedy}"


def test_a_table_without_mapping_asks_for_one():
    assert "tools.mapping.yaml" in refusal(Format.CSV, HEADER).remedy


def test_properties_are_closed():
    assert property_of("skos:prefLabel").iri == str(SKOS.prefLabel)
    for name in ("skos:prefLable", "ks:Develops", "nothing:here", "labl"):
        with pytest.raises(InvalidParameter, match="no property"):
            property_of(name)
    assert len({known.name for known in PROPERTIES.values()}) == len(PROPERTIES)


# --- Markdown ---


def test_a_note_is_a_practice_record_in_the_language_of_its_script():
    record = only(read(Format.MARKDOWN, "# מפגש **צוות**\n\nשלום `עולם`.\n\n- אחת\n- <b>שתיים</b>\n"))
    assert (record.kind, record.name) == (Kind.PRACTICE, "a-note")
    assert record.fields[str(SKOS.prefLabel)] == (Value("מפגש צוות", "he"),)
    assert record.fields[str(DCTERMS.description)] == (Value("שלום עולם.\n\nאחת\n\n<b>שתיים</b>", "he"),)
    assert texts(record, DCTERMS.language) == ["he"]


def test_front_matter_links_to_what_it_names():
    front = "title: A club\nid: my-club\nkind: event\nuses: [video-club, tool/atlas]\nabout: OBS.2\ndate of it: x\n"
    text = f"---\n{front}---\nText."
    items = read(Format.MARKDOWN, text)
    record = only(items)
    assert (record.kind, record.name) == (Kind.EVENT, "my-club")
    assert record.fields[str(KS.usedTool)] == (Target("video-club", Kind.TOOL), Target("tool/atlas", Kind.TOOL))
    assert codes(items) == ["W141"]
    written = {str(it) for it in describe(record, Context(DEFAULT_BASE, "source/f"), "file")}
    links = ("usedTool> <" + DEFAULT_BASE + "id/tool/atlas>", "subject> <" + DEFAULT_BASE + "id/competency/obs-2>")
    assert all(any(link in triple for triple in written) for link in links)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---\ntitle: [unclosed\n---\nx", "E140"),
        ("---\ntitle: never ends\n", "E140"),
        ("---\n- a list\n---\nx", "E140"),
        ("---\na: 1\na: 2\n---\nx", "E140"),
        ("---\n? [a]\n: b\n---\nx", "E140"),
        ("---\n" + "[" * 60_000 + "\n---\nx", "E140"),
        ("x " * MEGABYTE, "E150"),
    ],
)
def test_front_matter_that_does_not_hold(text, code):
    assert refusal(Format.MARKDOWN, text).problem == code


def test_a_value_that_does_not_fit_and_a_missing_title():
    assert codes(read(Format.MARKDOWN, "---\nlanguage: not a tag\n---\n# T")) == ["E141"]
    assert codes(read(Format.MARKDOWN, "---\nuses: {a: b}\n---\n# T")) == ["E141"]
    items = read(Format.MARKDOWN, "Only text.")
    assert codes(items) == ["W142"]
    assert texts(only(items), SKOS.prefLabel) == ["a note"]


def test_yaml_guesses_nothing():
    record = only(read(Format.MARKDOWN, "---\nlanguage: no\nissued: 2024-13-45\nnotation: 0x1F\n---\n# T"))
    assert (texts(record, DCTERMS.language), texts(record, DCTERMS.issued)) == (["no"], ["2024-13-45"])
    assert texts(record, SKOS.notation) == ["0x1F"]


# --- description ---


def described(text: str, predicate: str = "skos:prefLabel") -> list[ox.Triple | Problem]:
    record = Record(Kind.TOOL, "t", {property_of(predicate).iri: (Value(text, "en"),)}, "row 2")
    return list(describe(record, Context(DEFAULT_BASE, "source/f"), "file"))


def test_control_characters_go_and_joiners_stay():
    found = described("a\x00b\x07 \u202eabc\u200f\u200dד")
    assert [it.code for it in found if isinstance(it, Problem)] == ["W150"]
    assert any(isinstance(it, ox.Triple) and it.object.value == "ab abc\u200f\u200dד" for it in found)


def test_balanced_direction_marks_stay():
    found = described("\u2067שלום\u2069 x")
    assert not [it for it in found if isinstance(it, Problem)]


def test_long_values_are_refused_by_what_they_are():
    assert [it.code for it in described("א" * 40_000) if isinstance(it, Problem)] == ["E150"]
    assert not [it for it in described("א" * 40_000, "description") if isinstance(it, Problem)]
    assert [it.code for it in described("א" * 600_000, "description") if isinstance(it, Problem)] == ["E150"]


def test_what_is_not_said_is_unverified():
    assert any(str(KS.Unverified) in str(it) for it in described("T"))
    record = Record(Kind.TOOL, "t", {str(KS.status): (Target(str(KS.Proposed)),)}, "row 2")
    assert not any(str(KS.Unverified) in str(it) for it in describe(record, Context(DEFAULT_BASE, "source/f"), "file"))


def test_hebrew_by_its_old_tag_is_hebrew():
    (statements,) = read(Format.TURTLE, '<http://e/a> <http://e/p> "שלום"@iw, "x"@en-US .')
    found = {str(it) for it in describe(statements, Context(DEFAULT_BASE, "source/f"), "file")}
    assert found == {'<http://e/a> <http://e/p> "שלום"@he', '<http://e/a> <http://e/p> "x"@en-us'}


# --- the guard ---


def guarded(folder: Path, name: str, content: bytes, encoding: str | None = None) -> Document:
    path = folder / "file"
    path.write_bytes(content)
    promised_format(name)
    return open_document(path, name, encoding=encoding, most_bytes=1000)


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("a.ttl", b"%PDF-1.7 ...", "E104", "a PDF"),
        ("a.csv", b"PK\x03\x04....", "E104", "Word or Excel"),
        ("a.md", b"text\x00binary", "E104", "binary"),
        ("a.ttl", b"<!DOCTYPE html><html></html>", "E104", "HTML"),
        ("a.ttl", b'<?xml version="1.0"?><rdf:RDF/>', "E104", "XML"),
        ("a.bib", b"TY  - JOUR\nER  - ", "E104", "RIS"),
        ("a.ris", b"@article{a, title={x}}", "E104", "BibTeX"),
        ("a.csv", b'{"a": 1}', "E104", "JSON"),
        ("a.doc", b"anything", "E103", ".doc"),
        ("a.docx", b"anything", "E104", "a text"),
        ("noname", b"anything", "E103", "without suffix"),
        ("a.md", b" \n ", "E101", "empty"),
        ("a.md", b"x" * 1001, "E102", "larger"),
        ("a.md", "line one\nשלום".encode("cp1255"), "E105", "Byte 9 (line 2)"),
    ],
)
def test_the_guard_refuses_and_says_why(tmp_path, name, content, code, said):
    with pytest.raises(UnreadableFile) as caught:
        guarded(tmp_path, name, content)
    assert caught.value.problem == code
    assert said in f"{caught.value.message} {caught.value.remedy}"
    assert str(tmp_path) not in caught.value.message


def test_encodings_that_are_declared_or_marked(tmp_path):
    assert guarded(tmp_path, "a.md", "שלום".encode("cp1255"), "windows-1255").text == "שלום"
    assert guarded(tmp_path, "a.md", "\ufeffשלום".encode()).text == "שלום"
    assert guarded(tmp_path, "a.md", "שלום".encode("utf-16")).text == "שלום"
    with pytest.raises(InvalidParameter, match="no text encoding"):
        guarded(tmp_path, "a.md", b"x", "klingon")


# --- anything at all ---

ANY = st.text(max_size=300)
LINES = st.lists(
    st.one_of(
        ANY,
        st.sampled_from(["TY  - JOUR", "ER  - ", "TI  - A", "AB  - ", "UR  - x;y", " more", "KW  - "]),
        st.sampled_from(["@book{a, title={T}}", "@a{b,", "}", '"', "@string{x = {y}}", "{", "author = {a, b, c, d},"]),
        st.sampled_from(["---", "title: x", "# H", "uses: [a", "- b", "a: &x [*x]", "\t: \t", "kind: tool"]),
        st.sampled_from([HEADER.strip(), "a,b,c,d", '"', "a,b", ",,,", 'x,"y\nz",,']),
    ),
    max_size=12,
).map("\n".join)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("format", [Format.BIBTEX, Format.RIS, Format.CSV, Format.MARKDOWN])
@QUICK
@given(text=LINES)
def test_no_text_breaks_a_reader_and_the_counts_add_up(format, text):
    try:
        items = read(format, text, MAPPING)
    except UnreadableFile as error:
        items = list(unreadable(error, "file").problems)
    counted = account_of(items, Context(DEFAULT_BASE, "source/f"), "file")
    failing = sum(code.startswith("E") for code in codes(items))
    assert counted.taken + counted.failed == failing + sum(isinstance(item, Record) for item in items)
    assert all(re.fullmatch(r"[EW]\d{3}", problem.code) and problem.place for problem in counted.problems)


@QUICK
@given(cells=st.lists(st.lists(st.text(alphabet="ab,;\"' \n\tא", max_size=6), min_size=1, max_size=5), max_size=6))
def test_every_row_comes_out_as_a_record_or_a_problem(cells):
    import_free = [[cell.replace('"', '""') for cell in row] for row in cells]
    text = HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in import_free)
    counted = account(Format.CSV, text, MAPPING)
    assert counted.taken + counted.failed == sum(any(cell.strip() for cell in row) for row in cells)


@QUICK
@given(titles=st.lists(st.text(alphabet="abcא {}\\%$", min_size=1, max_size=12), min_size=1, max_size=5))
def test_every_bibtex_entry_is_accounted_for(titles):
    text = "\n".join(f"@book{{k, title = {{{title.replace('{', '').replace('}', '')}}}}}" for title in titles)
    counted = account(Format.BIBTEX, text)
    assert counted.taken + counted.failed >= len(titles)


# --- real files ---


def test_the_same_74_works_as_bibtex_and_as_ris(shared):
    names = {}
    for suffix, kind in (("bib", Format.BIBTEX), ("ris", Format.RIS)):
        items = read(kind, (shared / f"data/bibliography/digcomp3-references.{suffix}").read_text("utf-8"))
        assert not [code for code in codes(items) if code.startswith("E")]
        names[suffix] = {item.name for item in items if isinstance(item, Record)}
    assert {suffix: len(found) for suffix, found in names.items()} == {"bib": 74, "ris": 74}
    assert len(names["bib"] | names["ris"]) == 74


def test_real_vocabularies_load(shared):
    sizes = {}
    for path in sorted((shared / "data/frameworks").rglob("*.ttl")):
        (statements,) = read(Format.TURTLE, path.read_text("utf-8"))
        sizes[path.name] = len(statements.triples)
    assert sizes["physh_skos_compat.ttl"] > 25_000
    assert sizes["mathematics-key-stage-3.ttl"] > 16_000
    assert sizes["digCompEdu.ttl"] > 200
    assert len(sizes) >= 11


def test_json_ld_that_leaves_its_terms_relative_says_what_is_missing(shared):
    error = refusal(Format.JSON_LD, (shared / "data/frameworks/digcomp/DigComp-3.0.jsonld").read_text("utf-8"))
    assert "@vocab" in error.remedy
