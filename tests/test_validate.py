"""The starter knowledge has the shape it should, and each rule of the shapes catches what it is there for."""

from functools import cache

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.errors import BadInput
from ontology.kinds import DEFAULT_BASE
from ontology.model import LANGUAGES
from ontology.namespaces import DCTERMS, PREFIXES, RDF, SH, SKOS
from ontology.validate import Severity, Violation, validate

EXAMPLE = "https://example.org/"
HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + f"@prefix : <{EXAMPLE}> .\n"

#: What the broken entries point at; nothing is wrong with it.
KNOWN = """
:role a ks:Role ; skos:prefLabel "role"@en .
:framework a ks:Framework ; skos:prefLabel "framework"@en .
:competency a ks:Competency ; skos:prefLabel "competency"@en ; skos:inScheme :framework .
:standard a ks:ProfessionalStandard ; skos:prefLabel "standard"@en .
:source a ks:ResearchSource ; skos:prefLabel "source"@en ; dcterms:creator "A., B." .
:kind a skos:Concept ; skos:prefLabel "kind"@en .
:physics a ks:Subject ; skos:prefLabel "physics"@en .
:doubt a skosxl:Label ; skosxl:literalForm "ספק"@he ; ks:certainty "uncertain" ; ks:needsReview true .
"""

TOOL = 'a ks:Tool ; skos:prefLabel "tool"@en'
SOURCE = 'a ks:ResearchSource ; skos:prefLabel "source"@en ; dcterms:creator "A., B."'
COMPETENCY = 'a ks:Competency ; skos:prefLabel "competency"@en'
REQUIREMENT = "a ks:CompetencyRequirement ; ks:role :role ; ks:competency :competency"

#: Name of a broken entry, what is said of it, and the property that its violation names ("" where none does).
BROKEN = {
    "role-without-english": ('a ks:Role ; skos:prefLabel "תפקיד"@he', "skos:prefLabel"),
    "role-named-twice": ('a ks:Role ; skos:prefLabel "a"@en , "b"@en', "skos:prefLabel"),
    "role-of-no-group": ('a ks:Role ; skos:prefLabel "a"@en ; ks:roleGroup "other"', "ks:roleGroup"),
    "role-requires-tool": ('a ks:Role ; skos:prefLabel "a"@en ; ks:requires :kind', "ks:requires"),
    "role-requires-unknown": ('a ks:Role ; skos:prefLabel "a"@en ; ks:requires :nothing', "ks:requires"),
    "role-with-false-standard": ('a ks:Role ; skos:prefLabel "a"@en ; ks:hasStandard :competency', "ks:hasStandard"),
    "requirement-without-role": ("a ks:CompetencyRequirement ; ks:competency :competency ; ks:importance 3", "ks:role"),
    "requirement-of-nothing": ("a ks:CompetencyRequirement ; ks:role :role ; ks:importance 3", "ks:competency"),
    "importance-six": (f"{REQUIREMENT} ; ks:importance 6", "ks:importance"),
    "importance-as-text": (f'{REQUIREMENT} ; ks:importance "5"', "ks:importance"),
    "importance-missing": (REQUIREMENT, "ks:importance"),
    "weight-above-one": (f"{REQUIREMENT} ; ks:importance 3 ; ks:weight 1.2", "ks:weight"),
    "weight-below-zero": (f"{REQUIREMENT} ; ks:importance 3 ; ks:weight -0.2", "ks:weight"),
    "competency-with-two-codes": (f'{COMPETENCY} ; skos:notation "A.1" , "A.2"', "skos:notation"),
    "competency-of-level-four": (f"{COMPETENCY} ; ks:level 4", "ks:level"),
    "competency-under-a-tool": (f"{COMPETENCY} ; skos:broader :kind", "skos:broader"),
    "competency-in-no-framework": (f"{COMPETENCY} ; skos:inScheme :kind", "skos:inScheme"),
    "standard-of-nothing": ('a ks:ProfessionalStandard ; skos:prefLabel "s"@en ; ks:evidences :role', "ks:evidences"),
    "tool-of-two-kinds": (f"{TOOL} ; ks:toolKind :kind , :kind2", "ks:toolKind"),
    "tool-develops-source": (f"{TOOL} ; ks:develops :source", "ks:develops"),
    "tool-supported-by-tool": (f"{TOOL} ; ks:supportedBy :kind", "ks:supportedBy"),
    "tool-for-all": (f"{TOOL} ; ks:subject :all", "ks:subject"),
    "tool-upside-down": (f"{TOOL} ; ks:gradeMin 9 ; ks:gradeMax 7", "ks:gradeMin"),
    "tool-below-kindergarten": (f"{TOOL} ; ks:gradeMin -1 ; ks:gradeMax 7", "ks:gradeMin"),
    "tool-for-grade-k": (f'{TOOL} ; ks:gradeMax "K"', "ks:gradeMax"),
    "tool-of-research-grade-five": (f"{TOOL} ; ks:researchGrade 5", "ks:researchGrade"),
    "tool-of-field-grade-five": (f"{TOOL} ; ks:fieldGrade 5", "ks:fieldGrade"),
    "tool-in-hebrew-by-name": (f'{TOOL} ; dcterms:language "Hebrew"', "dcterms:language"),
    "tool-of-a-language-and-none": (f'{TOOL} ; dcterms:language "he" ; ks:languageIndependent true', ""),
    "entry-of-no-status": (f"{TOOL} ; ks:status ks:Tool", "ks:status"),
    "source-without-title": ('a ks:ResearchSource ; dcterms:creator "A., B."', "skos:prefLabel"),
    "source-without-authors": ('a ks:ResearchSource ; skos:prefLabel "s"@en', "dcterms:creator"),
    "source-of-about-2021": (f'{SOURCE} ; dcterms:issued "2021 (online)"', "dcterms:issued"),
    "source-with-doi-as-address": (f'{SOURCE} ; bibo:doi "https://doi.org/10.1000/1"', "bibo:doi"),
    "source-verified-somehow": (f'{SOURCE} ; ks:verification "somehow"', "ks:verification"),
    "source-with-page-as-text": (f'{SOURCE} ; foaf:page "example.org"', "foaf:page"),
    "source-with-unverified-link": (f"{SOURCE} ; foaf:page <https://doi.org/10.1000/1>", ""),
    "source-with-doubted-doi": (f'{SOURCE} ; bibo:doi "10.1000/1" ; ks:verification "from_memory_unverified"', ""),
    "method-with-unverified-link": (
        'a ks:MethodSource ; skos:prefLabel "m"@en ; dcterms:creator "A., B." ; foaf:page <http://dx.doi.org/10.1/1>',
        "",
    ),
    "label-without-text": ('a skosxl:Label ; ks:certainty "sure"', "skosxl:literalForm"),
    "label-without-language": ('a skosxl:Label ; skosxl:literalForm "a" ; ks:certainty "sure"', "skosxl:literalForm"),
    "label-without-certainty": ('a skosxl:Label ; skosxl:literalForm "א"@he', "ks:certainty"),
    "label-unmarked": ('a skosxl:Label ; skosxl:literalForm "א"@he ; ks:certainty "likely"', ""),
    "uncertain-yet-preferred": (f"{TOOL} ; skosxl:prefLabel :doubt", None),
    "concept-without-name": ("a skos:Concept", "skos:prefLabel"),
    "subject-without-english": ('a ks:Subject ; skos:prefLabel "מדע"@he', "skos:prefLabel"),
    "scheme-without-name": ("a skos:ConceptScheme", "skos:prefLabel"),
}


def parse(text: str) -> list[ox.Quad]:
    return list(ox.parse(HEADER + text, format=ox.RdfFormat.TURTLE))


@cache
def broken() -> list[Violation]:
    """Everything broken at once: the cases do not touch each other, and one run is fast."""
    text = "".join(f":{name} {said} .\n" for name, (said, _) in BROKEN.items())
    return validate(parse(text), context=parse(KNOWN))


@cache
def starter() -> list[Violation]:
    return validate(it for text in turtle.starter().values() for it in ox.parse(text, format=ox.RdfFormat.TURTLE))


def test_nothing_in_the_starter_knowledge_is_wrong():
    assert [it for it in starter() if it.severity is Severity.VIOLATION] == []


def test_the_one_source_whose_authors_are_unknown_is_warned_of():
    assert [(it.focus, it.path) for it in starter()] == [
        (f"{DEFAULT_BASE}id/source/epsbs2019coord", str(DCTERMS.creator))
    ]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_and_told_in_three_languages(name: str):
    found = [it for it in broken() if it.focus == EXAMPLE + name]
    assert found
    path = BROKEN[name][1]
    if path is not None:
        prefix, _, local = path.partition(":")
        assert (PREFIXES[prefix] + local if path else None) in {it.path for it in found}
    for violation in found:
        assert tuple(it.lang for it in violation.messages) == LANGUAGES
        assert violation.message("ar") == violation.messages[2].text


def test_every_message_of_the_shapes_is_met_by_some_broken_entry():
    shapes = ox.parse(turtle.shapes(), format=ox.RdfFormat.TURTLE)
    messages = {it.object.value for it in shapes if it.predicate == ox.NamedNode(SH.message)}
    assert messages == {text.text for it in broken() for text in it.messages}


def test_what_is_known_already_is_not_judged():
    context = KNOWN + ":role ks:requires :nothing ."
    assert validate(parse(f":tool {TOOL} ; ks:develops :competency ."), context=parse(context)) == []


def test_a_link_is_judged_by_what_is_known():
    tool = parse(f":tool {TOOL} ; ks:develops :competency .")
    assert [it.value for it in validate(tool)] == [f"{EXAMPLE}competency"]
    assert validate(tool, context=parse(KNOWN)) == []


def test_a_subclass_counts_as_its_class():
    kind = parse(':kind a ks:Misconception ; skos:prefLabel "k"@en .')
    assert validate(parse(f":tool {TOOL} ; ks:toolKind :kind ."), context=kind) == []


def test_what_must_be_mended_comes_first():
    severities = [it.severity for it in broken()]
    assert severities == sorted(severities, key=list(Severity).index)
    assert set(severities) == {Severity.VIOLATION, Severity.WARNING}


def test_a_verified_doi_may_be_a_link():
    said = (
        'bibo:doi "10.1000/1" ; foaf:page <https://doi.org/10.1000/1> ; ks:verification "doi_seen_with_matching_work"'
    )
    assert validate(parse(f":source {SOURCE} ; {said} .")) == []


def test_triples_and_quads_are_judged_alike():
    quads = parse(":concept a skos:Concept .")
    assert validate(quads) == validate(it.triple for it in quads)
    assert validate(quads) == validate(ox.Quad(*it.triple, ox.NamedNode(f"{EXAMPLE}graph")) for it in quads)


def test_nothing_at_all_is_well():
    assert validate([]) == []


def test_a_statement_about_a_statement_is_refused():
    inner = ox.Triple(ox.NamedNode(EXAMPLE), ox.NamedNode(RDF.type), ox.NamedNode(SKOS.Concept))
    with pytest.raises(BadInput, match="statement about a statement"):
        validate([ox.Triple(ox.NamedNode(EXAMPLE), ox.NamedNode(RDF.value), inner)])
