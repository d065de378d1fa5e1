"""The starter knowledge is the fact base: all of it, nothing else, with its status and its certainty."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.kinds import CLASS_OF, DEFAULT_BASE, Kind, entity_iri, slug_of
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, PREFIXES, RDF, SKOS, SKOSXL

Row: TypeAlias = dict[str, Any]
Facts: TypeAlias = dict[str, list[Row]]

LINKS = {
    "requires": KS.requires,
    "develops": KS.develops,
    "supported_by": KS.supportedBy,
    "broader": SKOS.broader,
    "evidences": KS.evidences,
    "has_standard": KS.hasStandard,
}
ENDS = {
    "requires": (Kind.ROLE, Kind.COMPETENCY),
    "develops": (Kind.TOOL, Kind.COMPETENCY),
    "supported_by": (Kind.TOOL, Kind.SOURCE),
    "broader": (Kind.COMPETENCY, Kind.COMPETENCY),
    "evidences": (Kind.STANDARD, Kind.COMPETENCY),
    "has_standard": (Kind.ROLE, Kind.STANDARD),
}


@cache
def store() -> ox.Store:
    loaded = ox.Store()
    for name, text in turtle.starter().items():
        loaded.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{DEFAULT_BASE}graph/{name}"))
    return loaded


def iri(kind: str, name: str) -> str:
    return f"{DEFAULT_BASE}id/{kind}/{slug_of(name)}"


def objects(subject: str, predicate: str) -> list[ox.Literal | ox.NamedNode]:
    return [it.object for it in store().quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)]


def values(subject: str, predicate: str) -> list[str]:
    return sorted(it.value for it in objects(subject, predicate))


def value(subject: str, predicate: str) -> str | None:
    found = values(subject, predicate)
    assert len(found) <= 1, f"{subject} has several values of {predicate}"
    return found[0] if found else None


def instances(cls: str) -> set[str]:
    return {it.subject.value for it in store().quads_for_pattern(None, RDF_TYPE, ox.NamedNode(cls))}


def english(subject: str) -> list[str]:
    return [it.value for it in objects(subject, SKOS.prefLabel) if it.language == "en"]


def statuses(subject: str) -> set[str]:
    return {it.removeprefix(str(KS)) for it in values(subject, KS.status)}


RDF_TYPE = ox.NamedNode(RDF.type)


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    folder = shared / "facts"
    if not folder.is_dir():
        pytest.skip(f"needs the fact base; {folder} is not there")
    return {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}


@pytest.mark.parametrize(
    ("cls", "count"),
    [
        (KS.Role, 14),
        (KS.CompetencyRequirement, 222),
        (KS.Competency, 99),
        (KS.ProfessionalStandard, 43),
        (KS.Tool, 109),
        (KS.ResearchSource, 282),
        (KS.MethodSource, 18),
        (KS.Subject, 5),
        (KS.Framework, 1),
        (SKOSXL.Label, 2 * 267),
    ],
)
def test_every_entity_is_there(cls: str, count: int):
    assert len(instances(cls)) == count


def test_every_link_is_there():
    counts = {name: len(list(store().quads_for_pattern(None, ox.NamedNode(it), None))) for name, it in LINKS.items()}
    expected = {"requires": 222, "develops": 339, "supported_by": 113, "broader": 87, "evidences": 72}
    assert counts == expected | {"has_standard": 43}
    assert sum(counts.values()) == 876


def test_there_are_no_blank_nodes_and_no_foreign_addresses():
    allowed = (DEFAULT_BASE, *PREFIXES.values())
    for quad in store():
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)
        assert quad.subject.value.startswith(f"{DEFAULT_BASE}id/")
        assert quad.predicate.value.startswith(allowed)


def test_addresses_follow_the_kind():
    for kind, cls in CLASS_OF.items():
        for address in instances(cls):
            slug = address.rpartition("/")[2]
            assert address == entity_iri(DEFAULT_BASE, kind, slug_of(slug))


def test_a_file_is_sorted_and_says_what_it_is():
    for name, text in turtle.starter().items():
        assert text.startswith("# "), name
        subjects = re.findall(r"^((?:role|standard|tool|source):\S+)$", text, re.MULTILINE)
        if name != "starter/labels":
            assert subjects == sorted(subjects, key=_natural), name


def _natural(name: str) -> list[str | int]:
    return [int(it) if it.isdigit() else it for it in re.split(r"(\d+)", name)]


def test_every_entity_has_exactly_one_english_name():
    for cls in (KS.Role, KS.Competency, KS.ProfessionalStandard, KS.Tool, KS.ResearchSource, KS.Subject, SKOS.Concept):
        for address in instances(cls):
            assert len(english(address)) == 1, address


def test_label_nodes_repeat_the_names_of_their_entities():
    for predicate, node_predicate in ((SKOS.prefLabel, SKOSXL.prefLabel), (SKOS.altLabel, SKOSXL.altLabel)):
        quads = store().quads_for_pattern(None, ox.NamedNode(predicate), None)
        names = {(it.subject.value, it.object) for it in quads if it.object.language != "en"}
        nodes = {
            (it.subject.value, objects(it.object.value, SKOSXL.literalForm)[0])
            for it in store().quads_for_pattern(None, ox.NamedNode(node_predicate), None)
        }
        assert names == nodes


def test_the_links_are_those_of_the_facts(facts: Facts):
    for name, predicate in LINKS.items():
        origin, target = ENDS[name]
        stated = {(iri(origin, it["s"]), iri(target, it["o"])) for it in facts["links"] if it["p"] == name}
        quads = store().quads_for_pattern(None, ox.NamedNode(predicate), None)
        assert {(it.subject.value, it.object.value) for it in quads} == stated, name


def test_the_requirements_are_those_of_the_facts(facts: Facts):
    weights = {(it["s"], it["o"]): it["weight"] for it in facts["links"] if it["p"] == "requires"}
    for role in facts["roles"]:
        for needed in role["profile"]:
            node = f"{DEFAULT_BASE}id/requirement/{role['id']}--{slug_of(needed['competency'])}"
            assert value(node, KS.role) == iri("role", role["id"])
            assert value(node, KS.competency) == iri("competency", needed["competency"])
            assert value(node, KS.importance) == str(needed["importance"])
            assert float(value(node, KS.weight) or "nan") == weights[role["id"], needed["competency"]]
            assert statuses(node) == {"Proposed", "Illustrative"}


def test_the_roles_are_those_of_the_facts(facts: Facts):
    assert instances(KS.Role) == {iri("role", it["id"]) for it in facts["roles"]}
    for role in facts["roles"]:
        address = iri("role", role["id"])
        assert english(address) == [role["name"]]
        assert value(address, KS.roleGroup) == role["kind"]
        assert values(address, KS.duty) == sorted(role["duties"])
        assert values(address, KS.need) == sorted(role["needs"])
        assert value(address, KS.basis) == role["basis"]
        assert role["profile_status"] in (value(address, SKOS.editorialNote) or "")
        assert statuses(address) == {"Proposed", "Illustrative"}


def test_the_competencies_are_those_of_the_facts(facts: Facts):
    framework = iri("framework", "kesher-competencies")
    assert instances(KS.Competency) == {iri("competency", it["id"]) for it in facts["competencies"]}
    for competency in facts["competencies"]:
        address = iri("competency", competency["id"])
        assert english(address) == [competency["name"]]
        assert value(address, SKOS.notation) == competency["id"]
        assert value(address, SKOS.definition) == competency["description"]
        assert value(address, KS.level) == str(competency["level"])
        assert values(address, KS.drawnFrom) == sorted(competency["drawn_from"])
        assert value(address, SKOS.broader) == (competency["parent"] and iri("competency", competency["parent"]))
        assert value(address, SKOS.inScheme) == framework
        assert competency["status"] in (value(framework, SKOS.editorialNote) or "")


def test_the_standards_are_those_of_the_facts(facts: Facts):
    assert instances(KS.ProfessionalStandard) == {iri("standard", it["id"]) for it in facts["standards"]}
    for standard in facts["standards"]:
        address = iri("standard", standard["id"])
        assert english(address) == [standard["text"]]
        assert values(address, KS.evidences) == sorted(iri("competency", it) for it in standard["competencies"])
        assert address in values(iri("role", standard["role"]), KS.hasStandard)
        assert statuses(address) == {"Proposed", "Illustrative"}


def test_the_tools_are_those_of_the_facts(facts: Facts):
    assert instances(KS.Tool) == {iri("tool", it["id"]) for it in facts["tools"]}
    for tool in facts["tools"]:
        address = iri("tool", tool["id"])
        assert english(address) == [tool["name"]]
        assert value(address, SKOS.definition) == tool["description"]
        assert english(value(address, KS.toolKind) or "") == [tool["type"]]
        assert value(address, KS.researchGrade) == str(tool["evidence_level"])
        assert "the evidence scale" in (value(address, KS.evidenceBasis) or "")
        assert value(address, KS.verifiedWhere) == tool["verified"]
        assert value(address, KS.languageStatus) == tool["language_status"]


def test_the_tools_serve_the_languages_subjects_and_grades_of_the_facts(facts: Facts):
    for tool in facts["tools"]:
        address = iri("tool", tool["id"])
        languages = ["any"] if value(address, KS.languageIndependent) == "true" else values(address, DCTERMS.language)
        assert languages == sorted(tool["languages"])
        listed = set(tool["subjects"]) - {"all"}
        assert set(values(address, KS.subject)) == {
            iri("subject", it) for it in listed if "all" not in tool["subjects"]
        }
        if "all" in tool["subjects"]:
            assert all(it in " ".join(values(address, SKOS.note)) for it in listed)
        ends = [0 if it == "K" else int(it) for it in tool["grades"].split("-")]
        assert value(address, KS.gradeRange) == tool["grades"]
        assert value(address, KS.gradeMin) == str(ends[0])
        assert value(address, KS.gradeMax) == str(ends[-1])


def test_the_status_of_a_tool_says_how_far_to_trust_it(facts: Facts):
    for tool in facts["tools"]:
        expected = set()
        if tool["evidence_level"] == 0 or tool["verified"].startswith("illustrative"):
            expected.add("Illustrative")
        if tool["verified"] == "memory":
            expected.add("Unverified")
        assert statuses(iri("tool", tool["id"])) == (expected or {"Proposed"}), tool["id"]


def test_the_inventory_that_covers_two_concepts_says_so():
    assert "mostly covers two concepts" in (value(iri("tool", "cci-chem"), SKOS.note) or "")


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


def test_the_sources_are_those_of_the_facts(facts: Facts):
    assert instances(KS.ResearchSource) == {iri("source", it["id"]) for it in facts["sources"]}
    assert instances(KS.MethodSource) == {iri("source", it["id"]) for it in facts["method_sources"]}
    for address, row, _ in sources(facts):
        assert str(BIBO.Document) in values(address, RDF.type)
        assert english(address) == [row["title"]] == values(address, DCTERMS.title)
        assert value(address, KS.venue) == row["venue"]
        assert value(address, KS.verification) == row["status"]
        assert value(address, KS.verifiedWhere) == (row.get("verified_where") or None)
        assert values(address, DCTERMS.subject) == sorted(row.get("topics", []))
        assert not row.get("note") or row["note"] in values(address, SKOS.note) + values(address, SKOS.editorialNote)
        assert row.get("url") is None or row["url"] in values(address, FOAF.page)


def test_a_source_has_its_authors_apart_and_in_order(facts: Facts):
    for address, row, _ in sources(facts):
        creators = values(address, DCTERMS.creator)
        citation = value(address, DCTERMS.bibliographicCitation) or ""
        for author in row["authors"]:
            name = re.sub(r"(^|, )et al\.| \((authors|printed).*\)", "", author).strip()
            assert not name or name in creators or f"[{name}]" in citation, address
        assert not [it for it in creators if "et al" in it or "(" in it or ";" in it or "&" in it]
        places = [citation.index(it) for it in row["authors"] if it in creators]
        assert places == sorted(places)
        assert row["title"] in citation
        assert row["venue"] in citation


def test_a_year_is_a_year_and_what_is_less_stays_text(facts: Facts):
    for address, row, _ in sources(facts):
        if row["year"].isdigit():
            assert objects(address, DCTERMS.issued) == [
                ox.Literal(row["year"], datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear"))
            ]
        else:
            assert values(address, DCTERMS.issued) == []
            assert value(address, DCTERMS.date) == row["year"]


def test_what_was_corrected_is_told(facts: Facts):
    for address, row, before in sources(facts):
        changed = [it for it in row.get("corrections_to_apply", {}) if it != "doi"]
        assert len(values(address, SKOS.changeNote)) >= len(changed)
        for key in ("venue", "year"):
            assert row[key] == before[key] or before[key] in " ".join(values(address, SKOS.changeNote))


def test_only_a_verified_doi_is_a_link(facts: Facts):
    for address, row, _ in sources(facts):
        pages = [it for it in values(address, FOAF.page) if "doi.org/" in it]
        if row["doi"] and row["doi_verified"]:
            assert value(address, BIBO.doi) == row["doi"]
            assert pages == [f"https://doi.org/{row['doi']}"]
        else:
            assert values(address, BIBO.doi) == pages == []
            assert not row["doi"] or row["doi"] in " ".join(values(address, SKOS.note))


def test_an_unverified_doi_stands_in_no_address(facts: Facts):
    unverified = {row["doi"] for _, row, _ in sources(facts) if row["doi"] and not row["doi_verified"]}
    assert len(unverified) == 18 + 10
    addresses = {term.value for quad in store() for term in quad.triple if isinstance(term, ox.NamedNode)}
    assert not [it for it in addresses if any(doi.lower() in it.lower() for doi in unverified)]


def test_a_source_from_memory_or_with_an_unverified_doi_is_marked(facts: Facts):
    for address, row, _ in sources(facts):
        doubted = row["status"] == "from_memory_unverified" or bool(row["doi"] and not row["doi_verified"])
        assert ("Unverified" in statuses(address)) == doubted


def labelled(row: Row) -> str:
    kind, name = row["kind"], row["id"]
    if (kind, name) == ("subject", "all"):
        return iri("concept", "all-subjects")
    if kind == "tool_type":
        return iri("concept", f"tool-kind-{name}")
    return iri("concept" if kind == "general" else kind, name)


def test_every_label_is_there_with_its_certainty(facts: Facts):
    expected, found = Counter(), Counter()
    for row in facts["labels"]:
        for lang in ("he", "ar"):
            certainty = row[f"{lang}_certainty"]
            kind, _, slug = labelled(row).removeprefix(f"{DEFAULT_BASE}id/").partition("/")
            node = f"{DEFAULT_BASE}id/label/{kind}-{slug}-{lang}"
            place = SKOS.altLabel if certainty == "uncertain" else SKOS.prefLabel
            expected[lang, certainty] += 1
            assert ox.Literal(row[lang], language=lang) in objects(labelled(row), place)
            assert objects(node, SKOSXL.literalForm) == [ox.Literal(row[lang], language=lang)]
            assert value(node, KS.certainty) == certainty
            assert value(node, KS.needsReview) == (None if certainty == "sure" else "true")
            assert value(node, KS.basis) == row.get("basis")
            found[lang, value(node, KS.certainty)] += 1
    assert found == expected


def test_every_concept_that_the_facts_name_is_there(facts: Facts):
    schemes = {
        "tool-kinds": {it["type"] for it in facts["tools"]},
        "terms": {it["id"] for it in facts["labels"] if it["kind"] == "general"},
        "evidence-grades": {it["label"] for it in facts["evidence_scale"]},
    }
    for scheme, names in schemes.items():
        members = store().quads_for_pattern(None, ox.NamedNode(SKOS.inScheme), ox.NamedNode(iri("concept", scheme)))
        assert {english(it.subject.value)[0] for it in members} == names


def test_the_evidence_scale_is_that_of_the_facts(facts: Facts):
    for grade in facts["evidence_scale"]:
        address = iri("concept", f"evidence-grade-{grade['level']}")
        assert value(address, SKOS.notation) == str(grade["level"])
        assert english(address) == [grade["label"]]
