"""CASE in and out: nothing of a package is lost, and nothing that is wrong with one passes without a word."""

import contextlib
import copy
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jsonschema
import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from ontology import turtle
from ontology.errors import InvalidParameter, UnknownEntity, UnreadableFile
from ontology.interchange.case import read_case, write_case
from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Count, Mapped
from ontology.namespaces import ASN, CASE, CEASN, DCTERMS, KS, OWL, RDF, SCHEMA, SKOS, SSSOM, XKOS
from tests.mutating import few, is_balanced, mutated

BASE = "https://w3id.org/kesher/"
SITE = "https://example.org/case/"
TIME = "2026-03-01T08:00:00+00:00"
SAMPLES = ("opensalt-Ordering.json", "opensalt-sample-framework.cfpackage.json")
SCHEMAS = {"1.0": "case-v1p0-cfpackage-schema.json", "1.1": "case-v1p1-cfpackage.json"}
DEFINITIONS = ("CFConcepts", "CFSubjects", "CFLicenses", "CFItemTypes", "CFAssociationGroupings")


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def thing(number: int, **members: object) -> dict[str, Any]:
    return {"identifier": uuid(number), "uri": f"{SITE}{uuid(number)}", "lastChangeDateTime": TIME, **members}


def link(number: int, title: str = "a cached title") -> dict[str, Any]:
    return {"title": title, "identifier": uuid(number), "uri": f"{SITE}{uuid(number)}"}


def association(number: int, kind: str, origin: int, destination: int, **members: object) -> dict[str, Any]:
    ends = {"originNodeURI": link(origin), "destinationNodeURI": link(destination)}
    return thing(number, associationType=kind, **ends, **members)


#: A framework made up for these tests, in which every member of CASE 1.1 stands.
PACKAGE: dict[str, Any] = {
    "CFDocument": thing(
        1,
        title="מסגרת לדוגמה",
        language="he",
        creator="A made-up institute",
        publisher="The same",
        frameworkType="competencies",
        caseVersion="1.1",
        officialSourceURL="https://example.org/framework.html",
        description="A framework for tests.",
        subject=["Physics", "Mathematics", "Physics"],
        subjectURI=[link(21, "Physics"), link(22)],
        version="2.0",
        adoptionStatus="Draft",
        statusStartDate="2026-01-01",
        statusEndDate="2027-12-31",
        licenseURI=link(31, "CC BY 4.0"),
        notes="First line.\nSecond line.",
        extensions={"ext:owner": {"unit": "science", "uri": "not an address"}},
    ),
    "CFItems": [
        thing(
            11,
            fullStatement="Notices what pupils think, and answers it in the lesson.",
            abbreviatedStatement="Noticing",
            alternativeLabel="Attending to pupils' thinking",
            CFItemType="Domain",
            CFItemTypeURI=link(41, "Domain"),
            humanCodingScheme="N",
            listEnumeration="1",
            conceptKeywords=["noticing", "attention", "noticing"],
            conceptKeywordsURI=link(51, "Noticing"),
            notes="A note.",
            subject=["Physics"],
            subjectURI=[link(21, "Physics")],
            language="en-US",
            educationLevel=["07", "06", "K"],
            licenseURI=link(31, "CC BY 4.0"),
            statusStartDate="2026-01-01",
            statusEndDate="2026-12-31",
            extensions={"ext:weight": 1.0},
        ),
        thing(12, fullStatement="מזהה תפיסות שגויות", humanCodingScheme="N.1", language="he"),
        thing(13, fullStatement="يميّز المفاهيم الخاطئة", humanCodingScheme="N.2", language="ar"),
        thing(14, fullStatement="Retired item", educationLevel=[]),
    ],
    "CFAssociations": [
        association(61, "isChildOf", 11, 1, sequenceNumber=1, CFAssociationGroupingURI=link(71, "Core")),
        association(62, "isChildOf", 12, 11, sequenceNumber=2, notes="why"),
        association(63, "isChildOf", 13, 11, sequenceNumber=1),
        association(64, "isTranslationOf", 13, 12),
        association(65, "precedes", 12, 13, extensions={"ext:strength": 0.5}),
        association(66, "exactMatchOf", 12, 98),
        association(67, "isRelatedTo", 11, 14),
        association(68, "replacedBy", 14, 11),
        association(69, "exemplar", 13, 12),
        association(70, "hasSkillLevel", 12, 97),
        association(72, "isPeerOf", 12, 13),
        association(73, "isPartOf", 12, 11),
        association(74, "ext:inspiredBy", 12, 96),
    ],
    "CFDefinitions": {
        "CFConcepts": [thing(51, title="Noticing", keywords="a|b", hierarchyCode="1", description="d")],
        "CFSubjects": [thing(21, title="Physics", hierarchyCode="1"), thing(22, title="Maths", hierarchyCode="")],
        "CFLicenses": [thing(31, title="CC BY 4.0", licenseText="Share, with the name.", description="d")],
        "CFItemTypes": [thing(41, title="Domain", description="d", hierarchyCode="1", typeCode="dom")],
        "CFAssociationGroupings": [thing(71, title="Core", description="d", extensions={"ext:a": [1, None]})],
        "extensions": {"ext:b": True},
    },
    "CFRubrics": [
        thing(
            81,
            title="Noticing",
            description="d",
            CFRubricCriteria=[
                thing(
                    82,
                    category="What is seen",
                    description="d",
                    CFItemURI=link(11, "Noticing"),
                    weight=0.50,
                    position=1,
                    rubricId=uuid(81),
                    CFRubricCriterionLevels=[
                        thing(83, quality="First", description="d", score=1.5, feedback="f", position=1),
                        thing(84, quality="Second", score=2, rubricCriterionId=uuid(82), extensions=[{"ext:c": 1}]),
                    ],
                ),
                thing(85, CFRubricCriterionLevels=[]),
            ],
        )
    ],
    "extensions": {"ext:d": "e"},
}


def read(package: object) -> Mapped:
    return read_case(json.dumps(package), BASE, "a.json")


def written(package: object, version: str = "1.1") -> dict[str, Any]:
    return json.loads(write_case(read(package).triples, PACKAGE["CFDocument"]["uri"], version))


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    package = copy.deepcopy(PACKAGE)
    change(package)
    return package


def codes(mapped: Mapped) -> list[str]:
    return sorted({it.code for it in mapped.problems if it.code != "W153"})


def place(mapped: Mapped, code: str) -> str:
    return next(it.place for it in mapped.problems if it.code == code)


def values(mapped: Mapped, number: int, predicate: object) -> list[ox.NamedNode | ox.Literal]:
    subject, asked = ox.NamedNode(f"{SITE}{uuid(number)}"), ox.NamedNode(str(predicate))
    return sorted((it.object for it in mapped.triples if it.subject == subject and it.predicate == asked), key=str)


def node(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{SITE}{uuid(number)}")


def counted(package: dict[str, Any]) -> Count:
    """Objects of the lists of a package, counted apart from the reader."""

    def entries(holder: object, name: str) -> list[Any]:
        listed = holder.get(name) if isinstance(holder, dict) else None
        return listed if isinstance(listed, list) else [] if listed is None else [listed]

    definitions = package.get("CFDefinitions")
    concepts = 1 + len(entries(package, "CFItems")) + sum(len(entries(definitions, name)) for name in DEFINITIONS)
    for rubric in entries(package, "CFRubrics"):
        criteria = entries(rubric, "CFRubricCriteria")
        concepts += 1 + len(criteria) + sum(len(entries(it, "CFRubricCriterionLevels")) for it in criteria)
    return Count(concepts, len(entries(package, "CFAssociations")))


def without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: without_nulls(it) for name, it in value.items() if it is not None}
    return [without_nulls(it) for it in value] if isinstance(value, list) else value


@pytest.fixture(scope="session")
def validators(shared):
    folder = shared / "data/frameworks/case/schema"
    schemas = {version: json.loads((folder / name).read_text("utf-8")) for version, name in SCHEMAS.items()}
    checker = jsonschema.FormatChecker(("date", "uuid"))
    checker.checks("date-time", raises=ValueError)(lambda it: "T" in it and bool(datetime.fromisoformat(it)))
    return {
        version: jsonschema.validators.validator_for(it)(it, format_checker=checker) for version, it in schemas.items()
    }


def faults(validator, package) -> set[str]:
    return {f"{it.json_path} {it.validator}" for it in validator.iter_errors(package)}


# What a package says


def test_everything_of_a_package_is_kept_and_counted():
    mapped = read(PACKAGE)
    assert mapped.read == mapped.kept == counted(PACKAGE) == Count(concepts=16, links=13)
    assert codes(mapped) == []
    assert {it.place for it in mapped.problems} == {f"CFAssociations[{number}]" for number in (5, 9, 12)}
    assert not any(isinstance(term, ox.BlankNode) for it in mapped.triples for term in (it.subject, it.object))


def test_an_item_has_its_short_statement_as_name_and_its_full_one_as_definition():
    mapped = read(PACKAGE)
    assert values(mapped, 11, SKOS.prefLabel) == [ox.Literal("Noticing", language="en-us")]
    assert values(mapped, 11, SKOS.definition)[0].value.startswith("Notices what pupils think")
    assert values(mapped, 12, SKOS.prefLabel) == [ox.Literal("מזהה תפיסות שגויות", language="he")]
    assert values(mapped, 12, SKOS.definition) == []
    assert values(mapped, 13, SKOS.prefLabel)[0].language == "ar"


def test_members_become_the_properties_that_mean_them():
    mapped = read(PACKAGE)
    assert values(mapped, 11, SKOS.notation) == [ox.Literal("N")]
    assert values(mapped, 11, SKOS.inScheme) == [node(1)]
    assert values(mapped, 11, DCTERMS.license) == [node(31)]
    assert {it.value for it in values(mapped, 11, CEASN.conceptKeyword)} == {"noticing", "attention"}
    assert [it.value for it in values(mapped, 11, SCHEMA.validFrom)] == ["2026-01-01"]
    assert [it.value for it in values(mapped, 11, DCTERMS.modified)] == ["2026-03-01T08:00:00Z"]
    assert values(mapped, 81, ASN.hasCriterion) == [node(82), node(85)]
    assert values(mapped, 82, KS.competency) == [node(11)]
    assert values(mapped, 84, CASE["score"]) == [
        ox.Literal("2", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    ]


def test_an_association_is_a_link_with_its_members_and_an_edge():
    mapped = read(PACKAGE)
    assert ox.NamedNode(KS.Link) in values(mapped, 61, RDF.type)
    assert values(mapped, 61, OWL.annotatedProperty) == [ox.NamedNode(SKOS.topConceptOf)]
    assert values(mapped, 61, KS.grouping) == [node(71)]
    assert values(mapped, 61, KS.linkState) == [ox.Literal("declared")]
    assert values(mapped, 62, KS.ordinal) == [ox.Literal(2)]
    assert values(mapped, 62, SSSOM.object_label) == [ox.Literal("a cached title")]


@pytest.mark.parametrize(
    ("origin", "predicate", "destination"),
    [
        (11, SKOS.topConceptOf, 1),
        (12, SKOS.broader, 11),
        (13, SCHEMA.translationOfWork, 12),
        (12, XKOS.precedes, 13),
        (12, SKOS.exactMatch, 98),
        (11, SKOS.related, 14),
        (14, DCTERMS.isReplacedBy, 11),
        (13, CASE["exemplar"], 12),
        (12, CASE["hasSkillLevel"], 97),
        (12, CASE["isPeerOf"], 13),
        (12, DCTERMS.isPartOf, 11),
    ],
)
def test_a_type_of_association_is_an_edge(origin: int, predicate: object, destination: int):
    assert node(destination) in values(read(PACKAGE), origin, predicate)


def test_a_type_that_nobody_else_knows_stays_a_link():
    mapped = read(PACKAGE)
    assert values(mapped, 74, OWL.annotatedProperty) == [ox.NamedNode(CASE["ext%3AinspiredBy"])]
    assert values(mapped, 12, CASE["ext%3AinspiredBy"]) == []


def test_a_store_gives_the_statements_back_as_they_were():
    triples = read(PACKAGE).triples
    store = ox.Store()
    store.extend(ox.Quad(it.subject, it.predicate, it.object) for it in triples)
    assert {it.triple for it in store} == triples


# There and back


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_reading_what_was_written_gives_the_same_statements(version: str):
    triples = read(PACKAGE).triples
    text = write_case(triples, PACKAGE["CFDocument"]["uri"], version)
    assert read_case(text, BASE, "b.json").triples == triples


def test_a_package_is_written_as_it_was_read(validators):
    assert not faults(validators["1.1"], PACKAGE), "the package of these tests is valid itself"
    assert written(PACKAGE) == PACKAGE


def test_version_one_has_what_it_has_a_place_for_and_carries_the_rest(validators):
    package = written(PACKAGE, "1.0")
    assert not faults(validators["1.0"], package)
    types = {it["associationType"] for it in package["CFAssociations"]}
    assert "isRelatedTo" in types
    assert not types & {"isTranslationOf", "ext:inspiredBy"}
    assert "translationOfWork" in package["CFDocument"][str(CASE["statements"])]
    assert "extensions" not in package


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_package_survives_the_journey(name: str, version: str, shared, validators):
    text = (shared / "data/frameworks/case" / name).read_text("utf-8")
    given = json.loads(text)
    mapped = read_case(text, BASE, name)
    assert mapped.read == mapped.kept == counted(given)
    back = write_case(mapped.triples, given["CFDocument"]["uri"], version)
    assert read_case(back, BASE, name).triples == mapped.triples
    if version == "1.0":
        assert json.loads(back) == without_nulls(given)
        assert faults(validators["1.0"], json.loads(back)) == faults(validators["1.0"], without_nulls(given))
    else:
        assert not faults(validators["1.1"], json.loads(back))


def test_an_edited_statement_wins_over_the_member_that_was_kept():
    triples = set(read(PACKAGE).triples)
    level = next(it for it in triples if it.subject == node(11) and it.object == ox.Literal("K"))
    triples.remove(level)
    package = json.loads(write_case(triples, PACKAGE["CFDocument"]["uri"]))
    assert package["CFItems"][0]["educationLevel"] == ["06", "07"]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_framework_that_never_was_in_case_becomes_a_valid_package(version: str, validators):
    triples = {it.triple for text in turtle.starter().values() for it in ox.parse(text, ox.RdfFormat.TURTLE)}
    framework = f"{BASE}id/framework/kesher-competencies"
    text = write_case(triples, framework, version)
    package = json.loads(text)
    assert not faults(validators[version], package)
    items = {
        it.subject.value
        for it in triples
        if it.predicate == ox.NamedNode(SKOS.inScheme) and it.object.value == framework
    }
    assert {it["uri"] for it in package["CFItems"]} == items
    edges = {
        (it["originNodeURI"]["uri"], it["destinationNodeURI"]["uri"])
        for it in package["CFAssociations"]
        if it["associationType"] == "isChildOf"
    }
    broader = {(it.subject.value, it.object.value) for it in triples if it.predicate == ox.NamedNode(SKOS.broader)}
    assert {it for it in edges if it[1] != framework} == {it for it in broader if it[0] in items}
    assert {it[0] for it in edges} == items, "every item stands below another or below the framework"
    own = {it for it in triples if it.subject.value in items | {framework}}
    assert own <= read_case(text, BASE, "c.json").triples
    assert write_case(triples, framework, version) == text


def test_identifiers_of_ones_own_follow_from_the_address():
    triples = ox.parse(f'<{SITE}f> a <{KS.Framework}> ; <{SKOS.prefLabel}> "F"@en .', ox.RdfFormat.TURTLE)
    document = json.loads(write_case(triples, f"{SITE}f"))["CFDocument"]
    assert document == {
        "identifier": "8411e3e9-0a67-5aa5-aa30-b3c170b083e8",
        "uri": f"{SITE}f",
        "title": "F",
        "creator": "unknown",
        "lastChangeDateTime": "1970-01-01T00:00:00Z",
    }


def test_a_link_that_was_rejected_is_no_association():
    triples = {
        it
        for it in read(PACKAGE).triples
        if not (it.subject == node(66) and it.predicate == ox.NamedNode(KS.linkState))
    }
    triples |= {ox.Triple(node(66), ox.NamedNode(KS.linkState), ox.Literal("rejected"))}
    package = json.loads(write_case(triples, PACKAGE["CFDocument"]["uri"]))
    assert uuid(66) not in {it["identifier"] for it in package["CFAssociations"]}
    assert read(package).triples == triples


def test_what_cannot_be_written_is_said():
    triples = read(PACKAGE).triples
    with pytest.raises(UnknownEntity, match="nowhere"):
        write_case(triples, "https://example.org/nowhere")
    with pytest.raises(InvalidParameter, match=r"1\.0 and 1\.1"):
        write_case(triples, PACKAGE["CFDocument"]["uri"], "2.0")


# Bad input


@pytest.mark.parametrize(
    ("text", "code", "spot"),
    [
        ("", "E111", "line 1, column 1"),
        ('{"CFDocument": {', "E111", "line 1, column 17"),
        ("[]", "E180", "CFDocument"),
        ("5", "E180", "CFDocument"),
        ("{}", "E180", "CFDocument"),
        ('{"CFItems": []}', "E180", "CFDocument"),
        ('{"CFDocument": "http://example.org"}', "E180", "CFDocument"),
        ('{"CFDocument": {"title": "T"}}', "E181", "CFDocument"),
        ('{"a": ' * 10_000 + "1" + "}" * 10_000, "E115", "document"),
        ('{"a": ' * 100 + "1" + "}" * 100, "E115", ".".join("a" * 65)),
    ],
)
def test_a_file_that_is_no_package_is_refused_with_the_place(text: str, code: str, spot: str):
    with pytest.raises(UnreadableFile) as refused:
        read_case(text, BASE, "a.json")
    assert (refused.value.problem, refused.value.place) == (code, spot)


def test_a_circle_of_parents_is_opened_and_its_link_kept():
    package = changed(lambda it: it["CFAssociations"].append(association(75, "isChildOf", 11, 12)))
    mapped = read(package)
    assert mapped.read == mapped.kept
    assert place(mapped, "W174") == "CFAssociations[13]"
    assert values(mapped, 11, SKOS.broader) == []
    assert values(mapped, 75, OWL.annotatedTarget) == [node(12)]
    assert written(package) == package


def test_a_parent_that_is_missing_is_told_and_not_made_up():
    package = changed(lambda it: it["CFAssociations"].append(association(75, "isChildOf", 14, 99)))
    mapped = read(package)
    assert place(mapped, "W153") == "CFAssociations[13]"
    assert values(mapped, 14, SKOS.broader) == []
    assert not any(it.subject == node(99) for it in mapped.triples)
    assert written(package) == package


@pytest.mark.parametrize("change", [{"identifier": uuid(12)}, {"uri": f"{SITE}{uuid(12)}"}, {"identifier": uuid(1)}])
def test_the_second_of_two_with_one_identifier_is_left_out(change: dict[str, str]):
    mapped = read(changed(lambda it: it["CFItems"][2].update(change)))
    assert place(mapped, "E173") == "CFItems[2]"
    assert mapped.dropped == Count(concepts=1)
    assert mapped.read == counted(PACKAGE)


def test_what_stands_in_a_rubric_that_is_left_out_is_left_out_with_it():
    mapped = read(changed(lambda it: it["CFRubrics"][0].update(identifier=uuid(1))))
    assert mapped.dropped == Count(concepts=5)
    assert Counter(it.code for it in mapped.problems if it.code.startswith("E")) == {"E173": 1, "E184": 4}


@pytest.mark.parametrize(
    ("tag", "kept", "code"),
    [
        ("iw", "he", "W156"),
        ("en-US", "en-us", None),
        ("en_GB", "en-gb", "W156"),
        ("Hebrew!", "he", "W155"),
        ("en-a", "he", "W181"),
    ],
)
def test_a_language_tag_is_renewed_or_reported(tag: str, kept: str, code: str | None):
    mapped = read(changed(lambda it: it["CFItems"][1].update(language=tag)))
    assert values(mapped, 12, SKOS.prefLabel)[0].language == kept
    assert code is None or place(mapped, code) == "CFItems[1].language"


def test_a_framework_without_a_language_is_taken_as_english():
    mapped = read(changed(lambda it: it["CFDocument"].pop("language")))
    assert values(mapped, 1, SKOS.prefLabel)[0].language == "en"
    assert [it.place for it in mapped.problems if it.code == "W172"] == ["CFDocument"]


def test_a_relative_address_is_resolved_with_a_word():
    def shorten(package: dict[str, Any]) -> None:
        package["CFItems"][1]["uri"] = "items/12"
        package["CFAssociations"][1]["originNodeURI"] = {"title": "t", "identifier": "x", "uri": "items/12"}

    mapped = read(changed(shorten))
    twelve = ox.NamedNode(f"{BASE}graph/source/a.json/items/12")
    assert place(mapped, "W165") == "CFItems[1].uri"
    assert values(mapped, 62, OWL.annotatedSource) == [twelve]
    assert ox.Triple(twelve, ox.NamedNode(SKOS.broader), node(11)) in mapped.triples


@pytest.mark.parametrize("uri", ["http://exa mple.org/", "http://[::1", None, 5, ""])
def test_an_object_without_an_address_has_one_from_its_identifier(uri: object):
    mapped = read(changed(lambda it: it["CFItems"][1].update(uri=uri)))
    assert any(it.subject == ox.NamedNode(f"urn:uuid:{uuid(12)}") for it in mapped.triples)
    assert place(mapped, "W184").startswith("CFItems[1]")
    assert mapped.read == mapped.kept


def test_text_that_was_encoded_twice_or_has_controls_is_repaired():
    broken = "מזהה".encode().decode("latin-1")
    mapped = read(changed(lambda it: it["CFItems"][1].update(fullStatement=f"{broken}", notes="a\x00b\ud800")))
    assert values(mapped, 12, SKOS.prefLabel)[0].value == "מזהה"
    assert values(mapped, 12, SKOS.note)[0].value == "ab"
    assert place(mapped, "W154") == "CFItems[1].fullStatement"
    assert place(mapped, "W150") == "CFItems[1].notes"


def test_a_control_character_that_stands_raw_in_the_file_is_taken_out():
    text = json.dumps(PACKAGE).replace("First line.", "First\x01 line.")
    assert values(read_case(text, BASE, "a.json"), 1, SKOS.note)[0].value.startswith("First line.")


def test_a_value_of_another_type_is_kept_and_told():
    package = changed(lambda it: it["CFItems"][1].update(notes=5, conceptKeywords={"a": 1}, statusStartDate="soon"))
    mapped = read(package)
    assert {it.place for it in mapped.problems if it.code == "W181"} == {
        f"CFItems[1].{name}" for name in ("notes", "conceptKeywords", "statusStartDate")
    }
    assert written(package, "1.0")["CFItems"][1]["notes"] == 5
    assert "notes" not in written(package)["CFItems"][1]


@pytest.mark.parametrize("statement", [5, None, "", [], {"a": "b"}])
def test_an_item_without_a_statement_goes_by_its_code(statement: object):
    mapped = read(changed(lambda it: it["CFItems"][1].update(fullStatement=statement)))
    assert values(mapped, 12, SKOS.prefLabel)[0].value == ("5" if statement == 5 else "N.1")
    assert place(mapped, "W183") == "CFItems[1]"


def test_a_member_that_case_does_not_have_is_kept_and_told_once():
    def add(package: dict[str, Any]) -> None:
        for item in package["CFItems"]:
            item["ext.a b"] = {"any": [1, "two"]}

    package = changed(add)
    mapped = read(package)
    assert [it.place for it in mapped.problems if it.code == "W169"] == ["CFItems[0].ext.a b"]
    assert "4 times" in next(it.message for it in mapped.problems if it.code == "W169")
    assert written(package, "1.0")["CFItems"][3]["ext.a b"] == {"any": [1, "two"]}
    assert read(written(package)).triples == mapped.triples


def test_numbers_that_are_none_are_left_out_with_a_word():
    text = json.dumps(PACKAGE).replace('"score": 1.5', '"score": NaN')
    mapped = read_case(text, BASE, "a.json")
    assert place(mapped, "W189").endswith("CFRubricCriterionLevels[0].score")
    assert values(mapped, 83, CASE["score"]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"associationType": None},
        {"associationType": 5},
        {"originNodeURI": {"title": "t"}},
        {"destinationNodeURI": None},
    ],
)
def test_an_association_that_joins_nothing_is_left_out(change: dict[str, object]):
    mapped = read(changed(lambda it: it["CFAssociations"][1].update(change)))
    assert place(mapped, "E185") == "CFAssociations[1]"
    assert mapped.dropped == Count(links=1)


def test_statements_that_an_extension_carries_wrongly_are_told():
    mapped = read(changed(lambda it: it["CFDocument"]["extensions"].update({str(CASE["statements"]): "<a> <b>"})))
    assert place(mapped, "W188").startswith("CFDocument")
    assert mapped.triples == read(PACKAGE).triples


WORDS = [
    uuid(11),
    f"{SITE}{uuid(11)}",
    "iw",
    "isChildOf",
    "a b",
    "http://[::1",
    "06",
    TIME,
    "2026-01-01",
    "uri",
    "notes",
]


@settings(few, max_examples=60)
@given(package=mutated(PACKAGE, WORDS))
def test_whatever_is_wrong_the_account_balances_and_nothing_is_lost(package: Json):
    with contextlib.suppress(UnreadableFile):
        mapped = read(package)
        assert is_balanced(mapped, counted(package))
        framework = next(it.subject.value for it in mapped.triples if it.object == ox.NamedNode(KS.Framework))
        for version in ("1.0", "1.1"):
            assert read_case(write_case(mapped.triples, framework, version), BASE, "b.json").triples == mapped.triples


@pytest.mark.parametrize("uri", ["id/tool/video-club", "../../id/tool/video-club", f"{BASE}id/tool/video-club"])
def test_a_foreign_item_never_becomes_an_entry_of_this_installation_without_a_word(uri: str):
    entry = ox.NamedNode(f"{BASE}id/tool/video-club")
    mapped = read(changed(lambda package: package["CFItems"][1].update(uri=uri)))
    assert (entry in {it.subject for it in mapped.triples}) == ("W231" in codes(mapped)) == uri.startswith(BASE)


def test_a_document_that_claims_the_address_of_a_role_is_told():
    role = f"{BASE}id/role/plc-leader"
    mapped = read(changed(lambda package: package["CFDocument"].update(uri=role)))
    assert place(mapped, "W231") == role


@pytest.mark.parametrize("list_", ["CFItems", "CFAssociations"])
def test_a_text_that_is_too_long_takes_out_its_own_object_only(list_: str):
    member, size = ("humanCodingScheme", 70_000) if list_ == "CFItems" else ("notes", 2_000_000)
    whole = read(PACKAGE)
    mapped = read(changed(lambda package: package[list_][-1].update({member: "ש" * size})))
    last = len(PACKAGE[list_]) - 1
    assert place(mapped, "E150") == f"{list_}[{last}]"
    assert mapped.read == whole.read
    assert mapped.dropped == (Count(concepts=1) if list_ == "CFItems" else Count(links=1))


def test_a_framework_whose_own_text_is_too_long_is_refused_with_its_place():
    with pytest.raises(UnreadableFile) as caught:
        read(changed(lambda package: package["CFDocument"].update(title="x" * 70_000)))
    assert (caught.value.problem, caught.value.place) == ("E150", "CFDocument")


def test_a_value_that_no_object_has_is_left_out_alone_where_it_is_too_long():
    mapped = read({**PACKAGE, "own": "x" * 2_000_000})
    assert mapped.kept == read(PACKAGE).kept
    assert "W189" in codes(mapped)
