"""The same thing once: identifiers decide, likeness proposes, and a merged address leads on."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.identifiers import identifiers, normal_isbn
from ingest.merge import merge, redirects, standing
from ingest.pipeline import Options
from ontology.kinds import CLASS_OF, DEFAULT_BASE, Iri, Kind
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, OWL, RDF
from tests.ingesting import AGENT, place
from tests.serving import services_of, serving

KEPT = "A taxonomy for learning, teaching and assessing"


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def book(title=KEPT, key="a", year="2001", **more: str):
    fields = "".join(f", {name} = {{{value}}}" for name, value in more.items())
    return f"@book{{{key}, title = {{{title}}}, author = {{Anderson, L.}}, year = {{{year}}}{fields}}}\n"


def works(here) -> set[str]:
    typed = here.graph.quads(None, ox.NamedNode(RDF.type), ox.NamedNode(CLASS_OF[Kind.SOURCE]))
    return {it.subject.value.removeprefix(f"{DEFAULT_BASE}id/source/") for it in typed}


def codes(report) -> list[str]:
    assert report.read == report.committed + report.skipped + report.failed
    return [it.code for it in report.problems if it.code.startswith("W16")]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("0-321-08405-5", "9780321084057"),
        ("978-0-321-08405-7", "9780321084057"),
        ("080442957X", "9780804429573"),
        ("9780321084058", ""),
        ("0321084051", ""),
        ("1234-5678", ""),
    ],
)
def test_an_isbn_has_one_form_and_a_right_check_digit(written, normal):
    assert normal_isbn(written) == normal


def test_identifiers_are_found_where_they_stand():
    said = [
        (str(FOAF.page), "https://openalex.org/W2741809807"),
        (str(FOAF.page), "https://eric.ed.gov/?id=EJ1234567"),
        (str(DCTERMS.identifier), "PMID: 123456"),
        (str(BIBO.isbn), "9780321084057 (print), 0321084055"),
        (str(BIBO.doi), "10.1/ABC"),
        (str(DCTERMS.title), "EJ7654321"),
    ]
    found = ["doi:10.1/abc", "openalex:W2741809807", "eric:EJ1234567", "pmid:123456", "isbn:9780321084057"]
    assert identifiers(said) == found


@pytest.mark.parametrize("order", [("bib", "ris"), ("ris", "bib")])
@pytest.mark.parametrize("together", [True, False])
def test_the_works_of_two_bibliographies_are_74(here, shared, order, together):
    files = [shared / "data" / "bibliography" / f"digcomp3-references.{it}" for it in order]
    for chosen in [files] if together else [[it] for it in files]:
        here.ingest(*chosen)
    assert len(works(here)) == 74
    before = here.ledger.last
    assert here.ingest(*files).changed_triples == 0
    assert here.ledger.last == before


@pytest.mark.parametrize("first", [0, 1])
def test_an_isbn_is_enough_where_one_side_has_no_doi(here, first):
    texts = [book(doi="10.1234/abc", isbn="978-0-321-08405-7"), book(f"{KEPT}: revised", isbn="0321084055")]
    here.take("one.bib", texts[first])
    here.take("two.bib", texts[1 - first])
    assert len(works(here)) == 1
    assert here.take("one.bib", texts[first]).changed_triples == 0
    assert here.take("two.bib", texts[1 - first]).changed_triples == 0


def test_a_record_that_knows_both_names_of_a_work_merges_them(here):
    here.take("one.bib", book("Knowing what students know", isbn="9780321084057"))
    here.take("two.bib", book("Knowing what students know: the science", doi="10.1234/know"))
    assert len(works(here)) == 2
    report = here.take("three.bib", book("Knowing what students know", doi="10.1234/know", isbn="0321084055"))
    assert codes(report) == ["W163"]
    assert works(here) == {"10-1234-know"}
    old, new = (Iri(f"{DEFAULT_BASE}id/source/{it}") for it in ("knowing-what-students-know-2001", "10-1234-know"))
    assert standing(here.graph, DEFAULT_BASE, old) == new
    assert any(KEPT not in it and "Knowing" in it for it in here.said("source/one.bib"))
    again = here.take("one.bib", book("Knowing what students know", isbn="9780321084057"))
    assert again.changed_triples == 0


def test_what_links_to_a_merged_address_links_to_the_one_that_stays(here):
    old, new = f"{DEFAULT_BASE}id/source/old", f"{DEFAULT_BASE}id/source/new"
    said = f"<{DEFAULT_BASE}id/claim/c> <{KS.supportedBy}> <{old}> ."
    here.take("c.ttl", said)
    merge(here.writer, Iri(old), Iri(new), door="test", agent="https://example.org/me")
    assert here.objects("claim/c", KS.supportedBy) == {f"<{new}>"}
    assert here.take("c.ttl", said).changed_triples == 0
    assert redirects(here.graph, DEFAULT_BASE) == {old: new}
    merge(here.writer, Iri(new), Iri(old), door="test", agent="https://example.org/me")
    assert redirects(here.graph, DEFAULT_BASE) == {old: new}


def test_the_same_doi_with_quite_another_title_is_told_and_kept_apart(here):
    here.take("one.bib", book(doi="10.1234/abc"))
    text = book("Photosynthesis in the dark", doi="10.1234/abc")
    assert codes(here.take("two.bib", text)) == ["W160"]
    assert len(works(here)) == 2
    assert here.take("two.bib", text).changed_triples == 0
    assert len(works(here)) == 2


def test_the_doi_of_one_and_the_isbn_of_another_merge_nothing(here):
    here.take("one.bib", book(doi="10.1234/abc") + book("Photosynthesis in the dark", "b", isbn="9780321084057"))
    assert codes(here.take("two.bib", book(doi="10.1234/abc", isbn="9780321084057"))) == ["W160"]
    assert not redirects(here.graph, DEFAULT_BASE)
    assert len(works(here)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Teaching fractions with number lines", "Teaching fractions with numberlines"),
        ("הוראת שברים בעזרת ישר המספרים", "הוראת שברים בעזרת ישר מספרים"),
        ("تدريس الكسور باستخدام خط الأعداد", "تدريس الكسور باستخدام خط الاعداد."),
    ],
)
def test_titles_that_are_alike_only_propose(here, one, other):
    here.take("one.bib", book(one, doi="10.1234/one"))
    text = book(other, doi="10.1234/two")
    assert codes(here.take("two.bib", text)) == ["W162"]
    assert len(works(here)) == 2
    links = {it.subject for it in here.graph.quads(None, ox.NamedNode(OWL.annotatedTarget))}
    states = [it.object.value for link in links for it in here.graph.quads(link, ox.NamedNode(KS.linkState))]
    assert states == ["proposed"]
    assert here.take("two.bib", text).changed_triples == 0


def test_a_wrong_isbn_is_told(here):
    assert codes(here.take("one.bib", book(isbn="9780321084058"))) == ["W161"]


def test_what_another_source_says_too_survives(here):
    here.take("one.bib", book(doi="10.1234/abc"))
    here.take("two.bib", book(doi="10.1234/abc"))
    here.take("one.bib", book("Photosynthesis", "z", "1999"))
    assert here.objects("source/10-1234-abc", DCTERMS.title) == {f'"{KEPT}"@en'}


def test_one_changed_row_of_a_thousand_changes_one_record(here):
    rows = [book(f"Work number {it} of a thousand", f"k{it}", doi=f"10.1234/n{it}") for it in range(1000)]
    here.take("many.bib", "".join(rows))
    last = here.ledger.last
    rows[500] = rows[500].replace("year = {2001}", "year = {2002}")
    report = here.take("many.bib", "".join(rows))
    assert report.changed_triples == 4  # the year, and the citation that has it
    changes = [it.iris for it in here.ledger.changes_since(last)]
    assert changes == [frozenset({Iri(f"{DEFAULT_BASE}id/source/10-1234-n500")})]


def test_a_dry_run_tells_each_statement_that_would_change_and_changes_none(here):
    here.take("one.bib", book(doi="10.1234/abc"))
    before, told = here.everything(), []
    path = here.file("one.bib", book(doi="10.1234/abc", year="2002"))
    report = here.ingest(path, dry_run=True, differing=lambda *it: told.append(it))
    ((removed, added),) = told
    assert len(removed) + len(added) == report.changed_triples == 4
    assert {it.object.value for it in added} > {"2002"}
    assert here.everything() == before


def test_a_file_that_was_read_in_vain_is_no_witness(here):
    path: Path = here.file("bad.ris", "TY  - BOOK\nTI  - \nER  - \n")
    assert here.ingest(path).failed == 1
    assert not works(here)


def test_a_merged_address_answers_301_and_the_entity_that_stays(tmp_path):
    with serving(tmp_path) as client:
        services = services_of(client)
        options = Options(agent=AGENT)
        texts = {
            "one.bib": book("Knowing what students know", isbn="9780321084057"),
            "two.bib": book("Knowing what students know: the science", doi="10.1234/know"),
            "three.bib": book("Knowing what students know", doi="10.1234/know", isbn="0321084055"),
        }
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
            report = services.ingest([tmp_path / name], options)
        assert report.encoded
        again = services.ingest([tmp_path / name for name in texts], options)
        assert (again.changed_triples, again.encoded) == (0, 0)
        answer = client.get("/id/source/knowing-what-students-know-2001", follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/id/source/10-1234-know")
        entity = client.get("/api/v1/entities/source/knowing-what-students-know-2001").json()
        assert entity["iri"].endswith("/id/source/10-1234-know")
        hits = client.get("/api/v1/search", params={"q": "Knowing what students know"}).json()["hits"]
        assert [it["iri"] for it in hits if "know" in it["iri"]] == [entity["iri"]]
