"""From files to graphs: every record is accounted for, and nothing is written by halves or into the wrong store."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.curate import SetValues, Undo, curate
from ingest.formats import OFFICE, Format, format_of
from ingest.guard import MEGABYTE, open_document
from ingest.ledger import Dataset
from ingest.pipeline import Options, ingest, ingest_sources
from ingest.readers import READERS
from ingest.record import Context
from ingest.source import Source, source_graph
from ingest.starter import load_starter
from ontology.errors import InvalidParameter
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.model import Report
from ontology.namespaces import BIBO, DCTERMS, KS, SKOS
from tests.ingesting import AGENT, place

SAMPLES = Path(__file__).parents[1] / "ingest" / "samples"
NOTE = "---\nuses: club\nconsent: {consent}\nanonymisation: full\n---\n# A meeting\n\nWhat happened.\n"
TABLE = "code,name\nclub,Video club\ncard,Clip card\n"
MAPPING = "kind: tool\nid: code\nlanguage: en\ncolumns:\n  name: label\n"


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


@pytest.fixture
def table(here):
    here.file("tools.mapping.yaml", MAPPING)
    return lambda text: here.take("tools.csv", text)


def counts(report: Report) -> tuple[int, int, int, int]:
    assert report.read == report.committed + report.skipped + report.failed
    return report.read, report.committed, report.skipped, report.failed


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


def test_the_same_file_twice_changes_nothing(here, table):
    assert counts(table(TABLE)) == (2, 2, 0, 0)
    last = here.ledger.last
    again = table(TABLE)
    assert (counts(again), again.changed_triples) == ((2, 0, 2, 0), 0)
    assert here.ledger.last == last


def test_a_changed_file_changes_its_own_graph_by_the_difference(here, table):
    here.take("other.ttl", f"<{DEFAULT_BASE}id/tool/club> <{SKOS.note}> 'x' .")
    table(TABLE)
    report = table(TABLE.replace("Clip card", "Card for clips"))
    assert report.changed_triples == 2
    assert here.objects("tool/card", SKOS.prefLabel) == {'"Card for clips"@en'}
    assert len(here.said("source/other.ttl")) == 1


def test_good_records_are_taken_and_nothing_is_removed_while_some_fail(here, table):
    table(TABLE + "old,Old tool\n")
    report = table("code,name\nclub,A club\ncard\n")
    assert counts(report) == (2, 1, 0, 1)
    assert codes(report) == ["E120"]
    assert here.objects("tool/club", SKOS.prefLabel) == {'"A club"@en'}
    assert here.objects("tool/card", SKOS.prefLabel) == {'"Clip card"@en'}
    assert here.objects("tool/old", SKOS.prefLabel) == {'"Old tool"@en'}
    table("code,name\nclub,A club\n")
    assert not here.objects("tool/card", SKOS.prefLabel)
    assert not here.objects("tool/old", SKOS.prefLabel)


def test_a_file_that_fails_as_a_whole_leaves_what_was(here):
    here.take("v.ttl", "<http://e/a> <http://e/p> 1 .")
    before = here.everything()
    report = here.take("v.ttl", "<http://e/a> <http://e/p> 2 .\n<http://e/b> <http://e/p> .")
    assert (counts(report), codes(report)) == ((1, 0, 0, 1), ["E111"])
    assert (report.problems[0].file, report.problems[0].place) == ("v.ttl", "line 2, column 27")
    assert here.everything() == before


LONG = f"<{SKOS.prefLabel}> '{'x' * 70_000}'"


def test_a_value_too_long_fails_the_thing_that_it_is_said_of_and_no_other(here):
    here.take("v.ttl", "<http://e/a> <http://e/p> 1 . <http://e/b> <http://e/p> 1 .")
    report = here.take("v.ttl", f"<http://e/a> <http://e/p> [ {LONG} ] , 2 . <http://e/b> <http://e/p> 3 .")
    assert (counts(report), codes(report)) == ((2, 1, 0, 1), ["E150"])
    kept = {"<http://e/a> <http://e/p> 1", "<http://e/b> <http://e/p> 3"}
    assert {it.replace('"', "").partition("^^")[0] for it in here.said("source/v.ttl")} == kept


def test_a_value_too_long_refuses_a_document_that_says_nothing_else(here):
    report = here.take("v.ttl", f"<http://e/a> {LONG} ; <http://e/p> 1 .")
    assert (counts(report), codes(report)) == ((1, 0, 0, 1), ["E150"])
    assert not here.everything()


def test_a_practice_record_with_a_value_too_long_is_never_written_in_part(here):
    record = f"<http://e/r> a <{KS.PracticeRecord}> ; <{KS.consent}> 'private' ; <{DCTERMS.hasPart}> <http://e/part>"
    report = here.take("v.ttl", f"{record} ; {LONG} . <http://e/part> <http://e/p> 'Known to few' .")
    assert report.failed
    assert codes(report)[-1] == "E150"
    assert not here.everything()
    assert not here.said("source/v.ttl", Dataset.PRIVATE)


def test_problems_name_the_file_and_never_the_machine(here):
    report = here.ingest(here.folder / "missing.ttl", here.file("folder/bad.csv", TABLE), here.file("x.doc", "x"))
    assert sorted(codes(report)) == ["E100", "E103", "E121"]
    assert str(here.folder) not in str(report.problems)
    assert all(problem.remedy for problem in report.problems if problem.code != "E100")
    assert counts(report) == (3, 0, 0, 3)


def test_nothing_published_names_the_machine(here, table):
    table(TABLE)
    assert str(here.folder) not in " ".join(map(str, here.graph.quads()))


def test_folders_keep_their_shape_and_leave_strangers_out(here):
    here.file("in/notes/one.md", NOTE.format(consent="public"))
    here.file("in/v.ttl", "<http://e/a> <http://e/p> 1 .")
    here.file("in/.hidden/x.ttl", "broken")
    here.file("in/picture.png", "x")
    seen: list[tuple[str, int, int]] = []
    report = here.ingest(here.folder / "files" / "in", progress=lambda *step: seen.append(step))
    assert (counts(report), codes(report)) == ((2, 2, 0, 0), ["W103", "W153"])
    assert here.said("source/notes/one.md")
    assert seen == [("notes/one.md", 0, 2), ("v.ttl", 1, 2)]
    assert here.objects("practice/notes-one", KS.consent)


def test_a_dry_run_reports_and_writes_nothing(here, table):
    report = here.ingest(here.file("v.ttl", "<http://e/a> <http://e/p> 1 , 2 ."), dry_run=True)
    assert (counts(report), report.changed_triples) == ((1, 1, 0, 0), 2)
    assert not here.everything()
    assert here.ledger.last == 0


# --- one source, one file ---


def test_two_files_cannot_be_one_source(here):
    one, two = (
        here.file("x/v.ttl", "<http://e/a> <http://e/p> 1 ."),
        here.file("y/v.ttl", "<http://e/a> <http://e/p> 2 ."),
    )
    together = here.ingest(one, two)
    assert (counts(together), codes(together)) == ((2, 1, 0, 1), ["E106"])
    later = here.ingest(two)
    assert (counts(later), codes(later)) == ((1, 0, 0, 1), ["E106"])
    assert "--source" in later.problems[0].remedy
    assert counts(here.ingest(two, source="v two.ttl")) == (1, 1, 0, 0)
    assert len(here.said("source/v%20two.ttl")) == 1
    assert counts(here.ingest(two)) == (1, 0, 1, 0), "a file keeps the name that it was given"


def test_a_file_that_has_moved_keeps_its_source(here):
    path = here.file("x/v.ttl", "<http://e/a> <http://e/p> 1 .")
    here.ingest(path)
    moved = path.rename(here.folder / "v.ttl")
    assert counts(here.ingest(moved)) == (1, 0, 1, 0)


def test_the_same_file_by_two_paths_is_read_once(here):
    path = here.file("v.ttl", "<http://e/a> <http://e/p> 1 .")
    assert counts(here.ingest(path, path.parent / "." / path.name)) == (1, 1, 0, 0)


def test_an_upload_is_its_own_source(here):
    temporary = here.file("tmp123", "<http://e/a> <http://e/p> 1 .")
    source = Source(temporary, "v.ttl", source_graph("v.ttl"), "upload:v.ttl")
    (report,) = ingest_sources([source], here.writer, Options(agent=AGENT))
    assert counts(report) == (1, 1, 0, 0)
    assert codes(here.take("v.ttl", "<http://e/a> <http://e/p> 2 .")) == ["E106"]


@pytest.mark.parametrize(
    ("name", "graph"),
    [
        ("a b/c.ttl", "source/a%20b/c.ttl"),
        ("../../etc/passwd", "source/etc/passwd"),
        ("/etc/passwd", "source/etc/passwd"),
        ("..", "source/unnamed"),
        ("שלום.md", "source/שלום.md"),
        ("a\u202eb<>.md", "source/a%E2%80%AEb%3C%3E.md"),
        ("a\\b\r\n.md", "source/a/b%0D%0A.md"),
    ],
)
def test_names_of_graphs_are_safe(here, name, graph):
    assert source_graph(name) == graph
    assert here.writer.graph(graph)


# --- private by default ---


def test_a_practice_record_is_private_until_its_consent_is_public(here):
    here.take("note.md", NOTE.format(consent="team only"))
    assert not here.everything()
    assert not list(here.graph.quads()), "not even the catalogue knows its name"
    assert len(here.said("source/note.md", Dataset.PRIVATE)) > 5

    here.take("note.md", NOTE.format(consent="public"))
    assert len(here.said("source/note.md")) > 5
    assert not here.said("source/note.md", Dataset.PRIVATE)

    report = here.take("note.md", NOTE.format(consent="withdrawn"))
    assert counts(report) == (1, 1, 0, 0)
    assert not list(here.graph.quads(graph=here.writer.graph("source/note.md")))
    assert "note.md" not in " ".join(map(str, here.graph.quads()))
    assert here.said("source/note.md", Dataset.PRIVATE)


def test_in_rdf_the_private_record_goes_with_its_unnamed_parts_and_links_to_it(here):
    text = f"""
    @prefix ks: <{KS._NS}> . @prefix : <http://e.org/> .
    :secret a ks:PracticeRecord ; :part [ :text "about a pupil" ; :part [ :text "more" ] ] .
    :shown a ks:PracticeRecord ; ks:consent "public" ; ks:anonymisation "full" ; :text "fine" .
    :torn a ks:PracticeRecord ; ks:consent "public" , "team only" .
    :tool a ks:Tool ; :usedIn :secret , :shown .
    """
    here.take("v.ttl", text)
    public = " ".join(here.said("source/v.ttl"))
    assert "pupil" not in public
    assert "more" not in public
    assert "secret" not in public
    assert "torn" not in public
    assert "fine" in public
    assert len(here.said("source/v.ttl", Dataset.PRIVATE)) == 9


def test_what_another_file_adds_to_a_private_record_is_private_too(here):
    here.take("note.md", NOTE.format(consent="no"))
    here.take("more.ttl", f"<{DEFAULT_BASE}id/practice/note> <{SKOS.note}> 'a name' .")
    assert not here.everything()


def test_withdrawn_consent_takes_along_what_others_said(here):
    note = here.file("note.md", NOTE.format(consent="public"))
    record = f"<{DEFAULT_BASE}id/practice/note>"
    here.ingest(note)
    here.take("more.ttl", f"{record} <{SKOS.note}> 'a name' . <http://e/x> <{SKOS.related}> {record} , <http://e/y> .")
    subject = Iri(record.strip("<>"))
    label = SetValues(Iri(SKOS.prefLabel), (ox.Literal("Told by a name", language="en"),), "en")
    curate(here.writer, subject, [label, SetValues(Iri(DCTERMS.language), ())], agent=AGENT)
    assert "a name" in " ".join(here.everything())

    here.take("note.md", NOTE.format(consent="withdrawn"))
    public = " ".join(map(str, here.graph.quads()))
    assert "a name" not in public
    assert "practice/note" not in public
    assert "<http://e/y>" in public
    private = " ".join(map(str, here.private.quads()))
    assert "'a name'" in private.replace('"', "'")
    assert "Told by a name" in private

    here.take("note.md", NOTE.format(consent="public"))
    assert here.objects("practice/note", SKOS.prefLabel) == {'"Told by a name"@en'}, "curation comes with it"
    assert not here.objects("practice/note", DCTERMS.language)
    assert not here.objects("practice/note", SKOS.note), "what another file says waits until that is ingested"
    curate(here.writer, subject, [Undo(Iri(SKOS.prefLabel), "en")], agent=AGENT)
    assert here.objects("practice/note", SKOS.prefLabel) == {'"A meeting"@en'}


def test_calling_a_tool_a_private_record_does_not_hide_the_tool(here):
    load_starter(here.writer)
    tool = f"<{DEFAULT_BASE}id/tool/video-club>"
    here.take("one.ttl", f"{tool} a <{KS.PracticeRecord}> ; <{KS.consent}> 'public' .")
    here.take("two.ttl", f"{tool} a <{KS.PracticeRecord}> .")
    assert here.objects("tool/video-club", SKOS.prefLabel)
    assert here.objects("tool/video-club", KS.develops)


# --- bibliographies ---

BIB = """@article{{x, title={{{title}}}, author={{Other, Spelling}}, keywords={{noticing}},
  doi={{10.1016/J.TATE.2006.11.005}}}}"""


def test_a_known_doi_leads_to_the_source_that_is_there(here):
    load_starter(here.writer)
    before = here.objects("source/vanes2008", SKOS.prefLabel)
    report = here.take("list.bib", BIB.format(title="Mathematics Teachers Learning to Notice, by Video Clubs"))
    assert counts(report) == (1, 1, 0, 0)
    assert here.objects("source/vanes2008", SKOS.prefLabel) == before
    assert '"noticing"' in here.objects("source/vanes2008", DCTERMS.subject)
    assert not here.objects("source/vanes2008", KS.status), "what was verified stays so"
    assert not here.objects("source/10-1016-j-tate-2006-11-005", BIBO.doi)


def test_an_unknown_work_is_unverified_and_the_same_from_any_file(here):
    here.take("one.bib", BIB.format(title="A Work"))
    here.take("two.bib", BIB.format(title="A Work"))
    slug = "source/10-1016-j-tate-2006-11-005"
    assert here.objects(slug, KS.status) == {f"<{KS.Unverified}>"}
    assert here.objects(slug, SKOS.prefLabel) == {'"A Work"@en'}
    here.take("one.bib", BIB.format(title="A Work"))
    assert len(here.said("source/one.bib")) == len(here.said("source/two.bib")) > 5


def test_the_same_thing_twice_in_a_file_is_said(here, table):
    report = table("code,name\nclub,Video club\nCLUB,Klub\n")
    assert codes(report) == ["W107", "W220"]  # and a tool that has two names in one language
    assert counts(report) == (2, 2, 0, 0)


def test_links_to_nothing_are_said_and_kept(here, table):
    table(TABLE)
    report = here.take("n.md", NOTE.format(consent="public").replace("uses: club", "uses: [club, clubb]"))
    assert [problem.message for problem in report.problems] == [
        f"Nothing is known of {DEFAULT_BASE}id/tool/clubb; the link was kept"
    ]
    assert len(here.objects("practice/n", KS.usedTool)) == 2


# --- options ---


@pytest.mark.parametrize(
    ("given", "address"),
    [("CC-BY-4.0", "https://spdx.org/licenses/CC-BY-4.0"), ("https://example.org/terms", "https://example.org/terms")],
)
def test_a_licence_stands_in_the_catalogue(here, given, address):
    here.take("v.ttl", "<http://e/a> <http://e/p> 1 .", licence=given)
    entry = here.graph.quads(here.writer.graph("source/v.ttl"), graph=here.writer.graph("catalog"))
    assert address in {quad.object.value for quad in entry}


def test_options_that_do_not_fit_are_named(here):
    path = here.file("v.ttl", "<http://e/a> <http://e/p> 1 .")
    with pytest.raises(InvalidParameter, match="no licence"):
        ingest([path], here.writer, Options(agent=AGENT, licence="do what you like"))
    with pytest.raises(InvalidParameter, match="no text encoding"):
        ingest([path], here.writer, Options(agent=AGENT, encoding="klingon"))
    assert not here.everything()


def test_a_mapping_may_be_given(here):
    mapping = here.file("elsewhere.yaml", MAPPING)
    assert counts(here.take("tools.csv", TABLE, mapping=mapping)) == (2, 2, 0, 0)


def test_very_many_problems_are_told_in_part(here, table):
    report = table("code,name\n" + "x\n" * 800)
    assert counts(report) == (800, 0, 0, 800)
    assert len(report.problems) == 501
    assert report.problems[-1].message == "And 300 more problems"


# --- the samples and real files ---


def test_the_samples_come_in_without_a_problem(here):
    load_starter(here.writer)
    report = ingest([SAMPLES], here.writer, Options(agent=AGENT))
    assert not report.problems
    assert counts(report) == (24, 24, 0, 0)
    assert not list(here.private.quads())
    assert here.objects("practice/noticing-note-he", DCTERMS.language) == {'"he"'}
    assert len(here.objects("source/vanes2008", DCTERMS.bibliographicCitation)) == 2
    assert counts(ingest([SAMPLES], here.writer, Options(agent=AGENT))) == (24, 0, 24, 0)


def test_the_samples_say_what_they_are():
    for path in sorted(SAMPLES.iterdir()):
        promised = format_of(path.name)
        document = open_document(path, path.name, encoding=None, most_bytes=MEGABYTE)
        words = (
            str(list(READERS[promised](document, Context(DEFAULT_BASE, path.name))))
            if promised in OFFICE | {Format.PDF}
            else document.text
        )
        known = "illustrative" in words.lower() or "real works" in words or path.suffix == ".yaml"
        assert known, path.name


def test_two_forms_of_one_bibliography_are_74_sources(here, shared):
    report = ingest([shared / "data" / "bibliography"], here.writer, Options(agent=AGENT))
    assert counts(report) == (148, 148, 0, 0)
    kinds = here.graph.select("kind-counts")
    assert {row["kind"].value: row["entities"].value for row in kinds} == {"source": "74"}


def test_real_vocabularies_come_in_and_twice_is_once(here, shared):
    folder = shared / "data" / "frameworks" / "skos"
    first = ingest([folder], here.writer, Options(agent=AGENT))
    assert first.read == first.committed == 18_419
    assert sorted(problem.code for problem in first.problems) == ["W153", "W153", "W169"]
    assert first.changed_triples > 29_000
    assert ingest([folder], here.writer, Options(agent=AGENT)).changed_triples == 0
