"""The research sources say what the fact base says, and where a later check says more, they tell of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, RDF, SKOS
from tests.starting import (
    Facts,
    Row,
    addresses,
    english,
    instances,
    iri,
    objects,
    read_facts,
    statuses,
    store,
    value,
    values,
)

CHECKED = "Checked 2026-11: "  # a change note that begins so tells of a check later than the fact base
SEEN = ["from_memory_unverified", "bibliographic_record_seen", "doi_seen_with_matching_work"]
#: Sources that bear on no tool, competency, claim or misconception: policy pages, and what is too weak or too general.
ALONE = 7
G_YEAR = ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return read_facts(shared)


def everyone() -> list[str]:
    return sorted(instances(KS.ResearchSource) | instances(KS.MethodSource))


def sources(facts: Facts) -> Iterator[tuple[str, Row, Row]]:
    """Address, row with its corrections applied, row as it was."""
    for row in facts["sources"] + facts["method_sources"]:
        corrections = dict(row.get("corrections_to_apply", {}))
        if "authors" in corrections:
            corrections["authors"] = _people(corrections["authors"])
        if "year" in corrections:
            corrections["year"] = corrections["year"][:4]
        yield iri("source", row["id"]), row | corrections, row


def _people(text: str) -> list[str]:
    """The names in "Ball, D. L., Thames, M. H., & Phelps, G. (An Institute)"."""
    return re.findall(r"(\w[\w' -]*, (?:[A-Z]\.[ -]?)*[A-Z]\.)", text)


def told(address: str) -> str:
    """What the check of November 2026 changed here; empty where it changed nothing."""
    return "\n".join(it for it in values(address, SKOS.changeNote) if it.startswith(CHECKED))


def holds(address: str, said: list[str], recorded: str) -> bool:
    """A record says what the fact base recorded, or tells that it first did."""
    endings = (f"; first recorded as: {recorded}", f"; first noted: {recorded}")
    return recorded in said or any(it.endswith(endings) for it in told(address).splitlines())


def dated(address: str) -> str | None:
    return value(address, DCTERMS.issued) or value(address, DCTERMS.date)


def unverified_doi(address: str) -> str | None:
    notes = " ".join(values(address, SKOS.note))
    found = re.search(r"Unverified DOI (\S+), never published as a link", notes)
    return found[1] if found else None


def test_every_source_of_the_facts_is_there(facts: Facts):
    research, methods = addresses("source", facts["sources"]), addresses("source", facts["method_sources"])
    assert (len(research), len(methods)) == (282, 18)
    assert research <= instances(KS.ResearchSource)
    assert methods <= instances(KS.MethodSource)


def test_a_source_of_the_facts_says_what_they_say_or_tells_what_changed(facts: Facts):
    for address, row, _ in sources(facts):
        assert holds(address, values(address, DCTERMS.title), row["title"]), address
        assert holds(address, values(address, KS.venue), row["venue"]), address
        assert holds(address, [dated(address) or ""], row["year"]), address
        noted = values(address, SKOS.note) + values(address, SKOS.editorialNote)
        assert not row.get("note") or holds(address, noted, row["note"]), address
        assert values(address, DCTERMS.subject) == sorted(row.get("topics", []))
        assert row.get("url") is None or row["url"] in values(address, FOAF.page)


def test_a_check_only_raises_a_record_and_names_another_place(facts: Facts):
    for address, row, _ in sources(facts):
        verification, where = value(address, KS.verification), value(address, KS.verifiedWhere)
        recorded = row.get("verified_where") or None
        assert where == recorded or told(address), address
        if verification != row["status"]:
            assert SEEN.index(verification or "") > SEEN.index(row["status"]), address
            assert told(address), address
            assert where not in (None, "", recorded), address


def test_a_source_beyond_the_facts_was_seen_somewhere(facts: Facts):
    known = addresses("source", facts["sources"] + facts["method_sources"])
    for address in set(everyone()) - known:
        assert value(address, KS.verification) in SEEN[1:], address
        assert (value(address, KS.verifiedWhere) or "").strip(), address
        assert "Unverified" not in statuses(address), address


def test_a_source_has_its_authors_apart_and_in_order(facts: Facts):
    for address, row, _ in sources(facts):
        creators = values(address, DCTERMS.creator)
        citation = value(address, DCTERMS.bibliographicCitation) or ""
        for author in row["authors"]:
            name = re.sub(r"(^|, )et al\.| \((authors|printed).*\)", "", author).strip()
            assert not name or name in creators or f"[{name}]" in citation, address
        places = [citation.index(it) for it in row["authors"] if it in creators]
        assert places == sorted(places)


def test_a_list_of_authors_that_says_so_is_incomplete_and_no_other_is():
    for address in everyone():
        creators = values(address, DCTERMS.creator)
        citation = value(address, DCTERMS.bibliographicCitation) or ""
        assert not [it for it in creators if "et al" in it or "(" in it or ";" in it or "&" in it], address
        incomplete = "The list of authors is incomplete" in values(address, SKOS.editorialNote)
        assert ("et al." in citation) == incomplete, address


def test_a_citation_agrees_with_the_record():
    for address in everyone():
        citation = value(address, DCTERMS.bibliographicCitation)
        if citation is None:
            continue
        venue, year = value(address, KS.venue) or "", value(address, DCTERMS.issued)
        assert citation.endswith(f"{venue}." if venue[-1:] != "." else venue), address
        assert english(address)[0] in citation, address
        assert f"({year})." in citation if year else re.search(r"\([^)]+\)\.", citation), address
        names = citation.partition(" (")[0].split("; ")
        assert set(names) - {"et al."} == set(values(address, DCTERMS.creator)) or names[0].startswith("["), address


def test_a_title_is_the_english_name():
    for address in everyone():
        assert str(BIBO.Document) in values(address, RDF.type)
        assert english(address) == values(address, DCTERMS.title), address


def test_a_year_is_a_year_and_what_is_less_stays_text():
    for address in everyone():
        years = objects(address, DCTERMS.issued)
        assert len(years) + len(values(address, DCTERMS.date)) == 1, address
        for year in years:
            assert year.datatype == G_YEAR
            assert re.fullmatch(r"(1[89]|20)\d\d", year.value), address
        assert not [it for it in values(address, DCTERMS.date) if it.isdigit()], address


def test_what_the_facts_correct_is_corrected_and_told(facts: Facts):
    for address, row, before in sources(facts):
        changed = [it for it in row.get("corrections_to_apply", {}) if it != "doi"]
        notes = [it for it in values(address, SKOS.changeNote) if not it.startswith(CHECKED)]
        assert len(notes) >= len(changed)
        for key in ("venue", "year"):
            assert row[key] == before[key] or before[key] in " ".join(notes)


def test_a_doi_is_a_link_exactly_where_it_was_seen_with_the_work():
    for address in everyone():
        doi = value(address, BIBO.doi)
        seen = value(address, KS.verification) == SEEN[-1]
        links = [it for it in values(address, FOAF.page) if "doi.org/" in it]
        assert (doi is not None) == seen, address
        assert links == ([f"https://doi.org/{doi}"] if doi else []), address


def test_the_dois_are_those_of_the_facts(facts: Facts):
    for address, row, _ in sources(facts):
        doi, doubted = value(address, BIBO.doi), unverified_doi(address)
        assert not (doi and doubted), address
        assert (doi or doubted) == row["doi"] or (row["doi"] or "no DOI") in told(address), address
        assert doi is None or row["doi_verified"] or "DOI" in told(address), address


def test_an_unverified_doi_stands_in_no_address(facts: Facts):
    recorded = {it["doi"] for _, it, _ in sources(facts) if it["doi"] and not it["doi_verified"]}
    assert len(recorded) == 18 + 10
    unverified = recorded - {value(it, BIBO.doi) for it in everyone()}
    assert unverified == {unverified_doi(it) for it in everyone()} - {None}
    named = {term.value for quad in store() for term in quad.triple if isinstance(term, ox.NamedNode)}
    assert not [it for it in named if any(doi.lower() in it.lower() for doi in unverified)]


def test_a_source_from_memory_or_with_an_unverified_doi_is_marked():
    for address in everyone():
        doubted = value(address, KS.verification) == SEEN[0] or unverified_doi(address) is not None
        assert ("Unverified" in statuses(address)) == doubted, address


def commented(text: str) -> list[tuple[str, str]]:
    """Competency and source of every link that says beside it what the source adds."""
    pairs: list[tuple[str, str]] = []
    for statement in re.split(r"^competency:", text, flags=re.MULTILINE)[1:]:
        sources = re.findall(r"^    ks:supportedBy source:(\S+) [;.] # \S+ \S+ \S", statement, re.MULTILINE)
        pairs += [(iri("competency", statement.split()[0]), iri("source", it)) for it in sources]
    return pairs


def test_a_competency_says_what_a_source_adds_and_few_sources_support_nothing():
    graph = ox.NamedNode(f"{DEFAULT_BASE}graph/starter/competency-sources")
    quads = list(store().quads_for_pattern(None, None, None, graph))
    links = [(it.subject.value, it.object.value) for it in quads]
    assert {it.predicate.value for it in quads} == {str(KS.supportedBy)}
    assert sorted(links) == sorted(commented(turtle.starter()["starter/competency-sources"]))
    assert {it for it, _ in links} <= instances(KS.Competency)
    assert {it for _, it in links} <= instances(KS.ResearchSource)
    evidence = {str(KS.supportedBy), str(KS.disputedBy)}
    used = {it.object.value for it in store() if it.predicate.value in evidence}
    assert len(instances(KS.ResearchSource) - used) <= ALONE
