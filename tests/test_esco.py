"""ESCO's CSV files, each read for itself. The layout is ESCO's, the content our own."""

import csv
import io
import re
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import UnreadableFile
from ontology.interchange.addresses import absolute
from ontology.interchange.esco import read_esco, write_esco
from ontology.interchange.esco.columns import COLUMN, ESCO, ESSENTIAL, OPTIONAL
from ontology.interchange.outcome import Count, Mapped
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import DCTERMS, KS, OWL, RDF, SKOS
from ontology.text import clean
from tests.mutating import codes, few, is_balanced
from tests.starting import store

X = "https://example.org/"
LINKS = ("inScheme", "hasTopConcept", "broaderConceptUri")
SKILLS = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,"
    "definition,inScheme,description\n"
    f"KnowledgeSkillCompetence,{X}listen,skill/competence,transversal,listen to colleagues,"
    f'"hear colleagues out\ngive an ear",,released,2024-01-31,,,"{X}scheme, {X}other","Listen, then answer."\n'
    f"KnowledgeSkillCompetence,{X}fractions,knowledge,sector-specific,fractions,,,released,2024-01-31T10:00:00.000Z,,,"
    f"{X}scheme,\n"
)
ARABIC = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels\n"
    f"KnowledgeSkillCompetence,{X}fractions,knowledge,sector-specific,الكسور,كسور | أعداد كسرية\n"
)
GROUPS = (
    f"conceptType,conceptUri,preferredLabel,status,inScheme,code\nSkillGroup,{X}talk,talking,released,{X}scheme,S1\n"
)
OCCUPATIONS = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,regulatedProfessionNote,inScheme,description,code,naceCode\n"
    f"Occupation,{X}coordinator,2351,subject coordinator,,{X}law,{X}scheme,Leads a team.,2351.9,85.6\n"
)
ISCO = f"conceptType,conceptUri,code,preferredLabel,status,altLabels\nISCOGroup,{X}C2351,2351,methods,,\n"
SCHEMES = (
    f"conceptType,conceptSchemeUri,preferredLabel,title,status,hasTopConcept\nConceptScheme,{X}scheme,Ours,,,{X}talk\n"
)
BROADER = (
    "conceptType,conceptUri,conceptLabel,broaderType,broaderUri,broaderLabel\n"
    f"KnowledgeSkillCompetence,{X}listen,listen to colleagues,SkillGroup,{X}talk,talking\n"
)
OCCUPATIONAL = f"conceptType,conceptUri,broaderType,broaderUri\nOccupation,{X}coordinator,ISCOGroup,{X}C2351\n"
NEEDS = (
    "occupationUri,relationType,skillType,skillUri\n"
    f"{X}coordinator,essential,skill/competence,{X}listen\n"
    f"{X}coordinator,optional,knowledge,{X}fractions\n"
)
BETWEEN = (
    "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
    f"{X}listen,skill/competence,optional,knowledge,{X}fractions\n"
)
FILES = {
    "skills_en.csv": SKILLS,
    "skillGroups_en.csv": GROUPS,
    "occupations_en.csv": OCCUPATIONS,
    "ISCOGroups_en.csv": ISCO,
    "conceptSchemes_en.csv": SCHEMES,
    "broaderRelationsSkillPillar_en.csv": BROADER,
    "broaderRelationsOccPillar_en.csv": OCCUPATIONAL,
    "occupationSkillRelations_en.csv": NEEDS,
    "skillSkillRelations_en.csv": BETWEEN,
}


def read(text: str, file: str = "skills_en.csv") -> Mapped:
    return read_esco(text, DEFAULT_BASE, file)


def union(files: dict[str, str]) -> set[ox.Triple]:
    return {triple for name, text in files.items() for triple in read(text, name).triples}


def counted(text: str) -> Count:
    """Rows, and the links of those that are taken, counted apart from the reader."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    header = [clean(it).strip() for it in header]
    filled = [row for row in rows if any(row)]
    key = "conceptUri" if {"conceptUri", "preferredLabel"} <= set(header) else "conceptSchemeUri"
    if key not in header or "preferredLabel" not in header or "broaderUri" in header:
        return Count(links=len(filled))
    taken: dict[str, int] = {}
    for row in filled:
        cells = dict(zip(header, (clean(it).strip() for it in row), strict=False))
        with suppress(ValueError):
            iri = absolute(cells.get(key), DEFAULT_BASE).value
            links = [part for name in LINKS for part in re.split(r"[\s,|]+", cells.get(name, "")) if part]
            taken |= {iri: len(links)} if len(row) == len(header) and iri not in taken else {}
    return Count(len(filled), sum(taken.values()))


def values(triples: Mapped, subject: str, predicate: object) -> set[str]:
    node, wanted = ox.NamedNode(subject), ox.NamedNode(str(predicate))
    return {str(it.object) for it in triples.triples if it.subject == node and it.predicate == wanted}


def test_a_skill_comes_in_as_a_competency_with_every_column():
    mapped = read(SKILLS)
    assert mapped.read == mapped.kept == Count(concepts=2, links=3)
    assert not mapped.problems
    skill = X + "listen"
    assert values(mapped, skill, RDF.type) == {f"<{KS.Competency}>", f"<{SKOS.Concept}>"}
    assert values(mapped, skill, SKOS.prefLabel) == {'"listen to colleagues"@en'}
    assert values(mapped, skill, SKOS.altLabel) == {'"hear colleagues out"@en', '"give an ear"@en'}
    assert values(mapped, skill, SKOS.inScheme) == {f"<{X}scheme>", f"<{X}other>"}
    assert values(mapped, skill, f"{ESCO}skillType") == {'"skill/competence"'}
    assert values(mapped, skill, f"{ESCO}skillReuseLevel") == {'"transversal"'}
    assert values(mapped, skill, DCTERMS.description) == {'"Listen, then answer."@en'}
    assert values(mapped, skill, DCTERMS.modified) == {'"2024-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'}
    cells = [cell for row in csv.reader(io.StringIO(SKILLS)) for cell in row][13:]
    told = {it.object.value for it in mapped.triples} | {it.subject.value for it in mapped.triples}
    assert {part for cell in cells for part in cell.replace(", http", "\nhttp").split("\n") if part} <= told


def test_the_language_is_that_of_the_file_name():
    mapped = read(ARABIC, "ESCO/skills_ar.csv")
    assert values(mapped, X + "fractions", SKOS.prefLabel) == {'"الكسور"@ar'}
    assert values(mapped, X + "fractions", SKOS.altLabel) == {'"كسور"@ar', '"أعداد كسرية"@ar'}
    assert values(read(ARABIC, "skills_iw.csv"), X + "fractions", SKOS.prefLabel) == {'"الكسور"@he'}
    nameless = read(ARABIC, "skills.csv")
    assert codes(nameless) == ["W172"]
    assert values(nameless, X + "fractions", SKOS.prefLabel) == {'"الكسور"'}


def test_an_occupation_is_a_role_and_keeps_columns_that_esco_has_no_term_for():
    mapped = read(OCCUPATIONS, "occupations_en.csv")
    role = X + "coordinator"
    assert values(mapped, role, RDF.type) == {f"<{KS.Role}>", f"<{SKOS.Concept}>"}
    assert values(mapped, role, SKOS.notation) == {'"2351.9"'}
    assert values(mapped, role, f"{COLUMN}iscoGroup") == {'"2351"'}
    assert values(mapped, role, f"{COLUMN}naceCode") == {'"85.6"'}
    assert values(mapped, role, f"{ESCO}regulatedProfessionNote") == {f'"{X}law"'}


def test_essential_and_optional_are_links_and_no_importance_is_made_up():
    mapped = read(NEEDS, "occupationSkillRelations_en.csv")
    assert mapped.read == mapped.kept == Count(links=2)
    assert values(mapped, X + "coordinator", KS.requires) == {f"<{X}listen>", f"<{X}fractions>"}
    said = {it.object.value for it in mapped.triples if it.predicate == ox.NamedNode(OWL.annotatedProperty)}
    assert said == {ESSENTIAL, OPTIONAL}
    states = {it.object.value for it in mapped.triples if it.predicate == ox.NamedNode(KS.linkState)}
    assert states == {"declared"}
    assert ox.NamedNode(KS.importance) not in {it.predicate for it in mapped.triples}


def test_columns_that_repeat_names_are_left_out_with_a_word():
    mapped = read(BROADER, "broaderRelationsSkillPillar_en.csv")
    assert [(it.code, it.place) for it in mapped.problems] == [
        ("W170", "column broaderLabel"),
        ("W170", "column conceptLabel"),
    ]
    assert values(mapped, X + "listen", SKOS.broader) == {f"<{X}talk>"}


def test_everything_goes_out_and_comes_back_the_same():
    given = union(FILES)
    written = write_esco(given, "en")
    assert set(written) == set(FILES)
    assert union(written) == given
    assert write_esco(union(written), "en") == written


def test_two_languages_are_two_sets_of_files():
    both = union(FILES) | read(ARABIC, "skills_ar.csv").triples
    english, arabic = write_esco(both, "en"), write_esco(both, "ar")
    assert "الكسور" not in english["skills_en.csv"]
    assert "الكسور" in arabic["skills_ar.csv"]
    assert union(english) | union(arabic) == both


def test_our_roles_and_competencies_go_out_as_occupations_and_skills():
    own = {quad.triple for quad in store()}
    files = write_esco(own, "he")
    rows = {name: list(csv.DictReader(io.StringIO(text))) for name, text in files.items()}

    def count(cls: object) -> int:
        return sum(it.object == ox.NamedNode(str(cls)) for it in own)

    assert len(rows["skills_he.csv"]) == count(KS.Competency)
    assert len(rows["occupations_he.csv"]) == count(KS.Role)
    assert len(rows["occupationSkillRelations_he.csv"]) == count(KS.CompetencyRequirement)
    assert {row["relationType"] for row in rows["occupationSkillRelations_he.csv"]} == {"essential", "optional"}
    important = {it.subject for it in own if it.predicate == ox.NamedNode(KS.importance) and it.object.value == "5"}
    essential = [row for row in rows["occupationSkillRelations_he.csv"] if row["relationType"] == "essential"]
    assert len(essential) == len(important)


@pytest.mark.parametrize(
    ("row", "code", "dropped"),
    [
        (f"KnowledgeSkillCompetence,{X}fractions,,,again", "E173", Count(concepts=1)),
        ("KnowledgeSkillCompetence,,,,nameless", "E124", Count(concepts=1)),
        ("KnowledgeSkillCompetence,http://[,,,bad", "E151", Count(concepts=1)),
        (f"KnowledgeSkillCompetence,{X}short", "E120", Count(concepts=1)),
        (f"KnowledgeSkillCompetence,{X}n,,,", "W167", Count()),
        ("KnowledgeSkillCompetence,near one,,,relative", "W165", Count()),
        (f"Mystery,{X}m,,,mystery", "W169", Count()),
        (f"KnowledgeSkillCompetence,{X}b,,,be\x07ep", "W150", Count()),
        (f"KnowledgeSkillCompetence,{X}b,,,{'It’s'.encode().decode('cp1252')}", "W154", Count()),
    ],
)
def test_a_bad_row_is_mended_or_dropped_with_its_place(row, code, dropped):
    header = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel\n"
    mapped = read(f"{header}KnowledgeSkillCompetence,{X}fractions,,,fractions\n{row}\n")
    assert codes(mapped) == [code]
    assert mapped.problems[0].place.startswith("row 3")
    assert mapped.dropped == dropped
    assert is_balanced(mapped, Count(concepts=2))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{X}coordinator,mystery,,{X}listen", "E165"),
        (f"{X}coordinator,essential,,", "E124"),
        (f"{X}coordinator,essential,,http://[", "E151"),
        (f"{X}coordinator,essential", "E120"),
    ],
)
def test_a_bad_relation_is_dropped_with_its_place(row, code):
    mapped = read(f"{NEEDS}{row}\n", "occupationSkillRelations_en.csv")
    assert [(it.code, it.place) for it in mapped.problems] == [(code, "row 4")]
    assert (mapped.kept.links, mapped.dropped.links) == (2, 1)


def test_a_circle_is_cut_with_its_place():
    header = "conceptType,conceptUri,broaderType,broaderUri\n"
    mapped = read(f"{header},{X}a,,{X}b\n,{X}b,,{X}c\n,{X}c,,{X}a\n", "broaderRelationsSkillPillar_en.csv")
    assert [(it.code, it.place) for it in mapped.problems] == [("E163", "row 4")]
    assert (mapped.kept.links, mapped.dropped.links) == (2, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "E126"),
        ("a,b\n1,2\n", "E126"),
        (SKILLS.replace("skillType", "status"), "E126"),
        (SKILLS[: SKILLS.index("give an ear")], "E125"),
        ("{}", "E126"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, problem):
    with pytest.raises(UnreadableFile) as caught:
        read(text)
    assert (caught.value.problem, bool(caught.value.place)) == (problem, True)


def test_semicolons_and_a_byte_order_mark_are_understood():
    mapped = read("\ufeffconceptUri;preferredLabel\r\n" + f'{X}a;"A; or a"\r\n')
    assert values(mapped, X + "a", SKOS.prefLabel) == {'"A; or a"@en'}


CELLS = st.sampled_from(
    [X + "listen", X + "talk", X + "talk | " + X + "listen", "near", "essential", "http://[", "S | T"]
)


@few
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 60), CELLS | st.text(alphabet='abש ,|\n\r"\x00\x07', max_size=6)), max_size=4),
    st.integers(0, 80),
)
def test_no_file_breaks_the_account_or_the_way_back(name, changes, cut):
    cells = list(csv.reader(io.StringIO(FILES[name])))
    for place, cell in changes:
        row = cells[place % len(cells)]
        row[place % len(row)] = cell
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    text = text.getvalue()[: -cut if cut > 70 else None]
    try:
        mapped = read(text, name)
    except UnreadableFile:
        return
    assert is_balanced(mapped, counted(text))
    if "W169" not in codes(mapped):  # a concept of no type that ESCO has is not written
        assert union(write_esco(mapped.triples, "en")) == mapped.triples


@pytest.mark.parametrize("size", [70_000, 200_000])
def test_a_label_that_is_too_long_takes_out_its_own_row_only(size):
    mapped = read(SKILLS.replace("listen to colleagues", "x" * size))
    assert (mapped.kept, mapped.dropped) == (Count(concepts=1, links=1), Count(concepts=1))
    assert [(it.code, it.place) for it in mapped.problems] == [("E150", "row 2, preferredLabel")]


def test_a_scheme_that_a_file_only_names_is_a_framework_with_a_name_and_its_version():
    for name, text, wanted in (("skills", SKILLS, "skills"), ("occupations", OCCUPATIONS, "occupations")):
        mapped = read(text, f"ESCO dataset v1.2.0 {name}_en.csv")
        assert f"<{KS.Framework}>" in values(mapped, X + "scheme", RDF.type)
        assert values(mapped, X + "scheme", SKOS.prefLabel) == {f'"ESCO {wanted} (scheme)"'}
        assert values(mapped, X + "scheme", OWL.versionInfo) == {'"1.2.0"'}
    real = read(SKILLS.replace(X + "scheme", "http://data.europa.eu/esco/concept-scheme/skills"))
    assert values(real, "http://data.europa.eu/esco/concept-scheme/skills", SKOS.prefLabel) == {'"ESCO skills"'}


def test_a_scheme_keeps_one_name_in_a_language_when_its_own_file_comes_too():
    both = union({name: FILES[name] for name in ("skills_en.csv", "conceptSchemes_en.csv")})
    names = [
        it.object.language
        for it in both
        if it.subject.value == X + "scheme" and it.predicate.value == str(SKOS.prefLabel)
    ]
    assert sorted(it or "" for it in names) == ["", "en"]


def test_a_relative_address_never_is_one_of_an_entry_here():
    mapped = read(SKILLS.replace(f"{X}listen", "id/tool/video-club"))
    assert {f"{DEFAULT_BASE}esco/id/tool/video-club"} < {it.subject.value for it in mapped.triples}
    assert "W231" not in codes(mapped)
    assert "W231" in codes(read(SKILLS.replace(f"{X}listen", f"{DEFAULT_BASE}id/tool/video-club")))
