"""The starter knowledge holds the whole fact base, with its status and certainty; what is more is new and says so."""

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.kinds import CLASS_OF, DEFAULT_BASE, Kind, entity_iri, slug_of
from ontology.namespaces import DCTERMS, KS, PREFIXES, SKOS, SKOSXL
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


CERTAINTIES = ("uncertain", "likely", "sure")
#: How the basis of a label begins that was raised: where the term was seen.
SEEN = "seen at "


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return read_facts(shared)


def in_english(subject: str, predicate: str) -> list[str]:
    return [it.value for it in objects(subject, predicate) if it.language == "en"]


def linked(predicate: str) -> set[tuple[str, str]]:
    quads = store().quads_for_pattern(None, ox.NamedNode(predicate), None)
    return {(it.subject.value, it.object.value) for it in quads}


@pytest.mark.parametrize(
    ("cls", "count"),
    [
        (KS.Role, 14),
        (KS.Competency, 99),
        (KS.ProfessionalStandard, 43),
        (KS.Subject, 5),
        (KS.Framework, 1),
    ],
)
def test_what_the_institute_decides_is_there_and_no_more(cls: str, count: int):
    assert len(instances(cls)) == count


@pytest.mark.parametrize(("cls", "count"), [(KS.CompetencyRequirement, 222), (KS.Tool, 109), (SKOSXL.Label, 2 * 267)])
def test_what_may_grow_is_at_least_there(cls: str, count: int):
    assert len(instances(cls)) >= count


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("requires", 222),
        ("develops", 339),
        ("supported_by", 113),
        ("broader", 87),
        ("evidences", 72),
        ("has_standard", 43),
    ],
)
def test_every_link_is_at_least_there(name: str, count: int):
    assert len(linked(LINKS[name])) >= count


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
        if not name.startswith("starter/labels"):
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


def test_the_links_of_the_facts_are_there_and_only_what_is_new_has_more(facts: Facts):
    files = {Kind.ROLE: "roles", Kind.STANDARD: "standards", Kind.SOURCE: "sources", Kind.TOOL: "tools"}
    files[Kind.COMPETENCY] = "competencies"
    known = set().union(*(addresses(kind, facts[file]) for kind, file in files.items()))
    for name, predicate in LINKS.items():
        origin, target = ENDS[name]
        stated = {(iri(origin, it["s"]), iri(target, it["o"])) for it in facts["links"] if it["p"] == name}
        found = linked(predicate)
        assert stated <= found, name
        added = {link for link in found - stated if known.issuperset(link)}
        assert not added or name == "supported_by", (name, added)


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


def test_a_role_requires_what_the_facts_say_once_and_nothing_else(facts: Facts):
    stated = {(iri("role", it["s"]), iri("competency", it["o"])) for it in facts["links"] if it["p"] == "requires"}
    found = Counter((value(it, KS.role), value(it, KS.competency)) for it in instances(KS.CompetencyRequirement))
    assert {pair: times for pair, times in found.items() if all(pair)} == dict.fromkeys(stated, 1)


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
        assert in_english(address, SKOS.definition) == [competency["description"]]
        assert value(address, KS.depth) == str(competency["level"])
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
    assert addresses("tool", facts["tools"]) <= instances(KS.Tool)
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


def test_a_tool_beyond_the_facts_has_a_kind_a_grade_and_a_place_where_it_was_verified(facts: Facts):
    grades = {str(it["level"]) for it in facts["evidence_scale"]}
    for address in instances(KS.Tool) - addresses("tool", facts["tools"]):
        kind = value(address, KS.toolKind)
        assert kind, address
        assert len(english(kind)) == 1, address
        assert value(address, KS.researchGrade) in grades, address
        assert value(address, KS.verifiedWhere) not in (None, "", "memory"), address
        assert statuses(address), address


def test_the_inventory_that_covers_two_concepts_says_so():
    assert "mostly covers two concepts" in (value(iri("tool", "cci-chem"), SKOS.note) or "")


def labelled(row: Row) -> str:
    kind, name = row["kind"], row["id"]
    if (kind, name) == ("subject", "all"):
        return iri("concept", "all-subjects")
    if kind == "tool_type":
        return iri("concept", f"tool-kind-{name}")
    return iri("concept" if kind == "general" else kind, name)


def label_node(entity: str, lang: str) -> str:
    kind, _, slug = entity.removeprefix(f"{DEFAULT_BASE}id/").partition("/")
    return f"{DEFAULT_BASE}id/label/{kind}-{slug}-{lang}"


def certainty(node: str) -> int:
    return CERTAINTIES.index(value(node, KS.certainty) or "")


def seen(node: str) -> bool:
    """Does the label node say where its term was seen, and is it sure of it?"""
    return (value(node, KS.basis) or "").startswith(SEEN) and value(node, KS.certainty) == "sure"


def stated_labels(facts: Facts) -> list[tuple[Row, str, str]]:
    """Each label of the facts: its row, its language and the label node that holds its wording."""
    return [(row, lang, label_node(labelled(row), lang)) for row in facts["labels"] for lang in ("he", "ar")]


def test_every_label_of_the_facts_is_there_in_its_wording(facts: Facts):
    for row, lang, node in stated_labels(facts):
        names = objects(labelled(row), SKOS.prefLabel) + objects(labelled(row), SKOS.altLabel)
        assert objects(node, SKOSXL.literalForm) == [ox.Literal(row[lang], language=lang)], node
        assert ox.Literal(row[lang], language=lang) in names, node
        assert value(node, KS.needsReview) == (None if value(node, KS.certainty) == "sure" else "true"), node


def test_a_label_is_as_certain_as_the_facts_say_or_surer_where_it_was_seen(facts: Facts):
    for row, lang, node in stated_labels(facts):
        stated = CERTAINTIES.index(row[f"{lang}_certainty"])
        assert certainty(node) == stated or (certainty(node) > stated and seen(node)), node
        assert seen(node) or value(node, KS.basis) == row.get("basis"), node


def test_a_label_of_the_facts_is_the_preferred_name_unless_it_is_uncertain_or_another_was_seen(facts: Facts):
    for row, lang, node in stated_labels(facts):
        preferred = values(labelled(row), SKOSXL.prefLabel)
        other = label_node(labelled(row), lang) + "-seen"
        if other in preferred:
            assert seen(other), other
        assert (node in preferred) == (certainty(node) > 0 and other not in preferred), node
        assert node in preferred or node in values(labelled(row), SKOSXL.altLabel), node


def test_what_is_sure_stands_in_the_facts_or_says_where_it_was_seen(facts: Facts):
    stated = {node for row, lang, node in stated_labels(facts) if row[f"{lang}_certainty"] == "sure"}
    sure = {it for it in instances(SKOSXL.Label) if value(it, KS.certainty) == "sure"}
    assert stated <= sure
    assert all(seen(it) for it in sure - stated)


def test_what_the_institute_speaks_of_has_a_name_in_hebrew_and_arabic():
    spoken = (KS.Role, KS.Competency, KS.ProfessionalStandard, KS.Tool, KS.Subject, KS.Framework, SKOS.Concept)
    for cls in (*spoken, SKOS.ConceptScheme):
        for address in instances(cls):
            names = objects(address, SKOS.prefLabel) + objects(address, SKOS.altLabel)
            assert {it.language for it in names} >= {"he", "ar"}, address


def test_every_competency_is_defined_once_in_three_languages():
    for address in instances(KS.Competency):
        assert sorted(it.language for it in objects(address, SKOS.definition)) == ["ar", "en", "he"], address


def test_every_concept_that_the_facts_name_is_there(facts: Facts):
    schemes = {
        "tool-kinds": {it["type"] for it in facts["tools"]},
        "terms": {it["id"] for it in facts["labels"] if it["kind"] == "general"},
        "evidence-grades": {it["label"] for it in facts["evidence_scale"]},
    }
    for scheme, names in schemes.items():
        members = store().quads_for_pattern(None, ox.NamedNode(SKOS.inScheme), ox.NamedNode(iri("concept", scheme)))
        found = {english(it.subject.value)[0] for it in members}
        assert names <= found
        assert scheme != "evidence-grades" or found == names


def test_the_evidence_scale_is_that_of_the_facts(facts: Facts):
    for grade in facts["evidence_scale"]:
        address = iri("concept", f"evidence-grade-{grade['level']}")
        assert value(address, SKOS.notation) == str(grade["level"])
        assert english(address) == [grade["label"]]
