"""DigComp 3.0: every member of the real file comes in, keeps its type, and goes out with an address for every word."""

import contextlib
import json
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given

from ontology.errors import UnreadableFile
from ontology.interchange.addresses import absolute
from ontology.interchange.ctdl import read_ctdl, write_ctdl
from ontology.interchange.digcomp import read_digcomp, write_digcomp
from ontology.interchange.digcomp.vocabulary import CLASSES, DIGCOMP, OTHER, Holds
from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Count, Mapped
from ontology.interchange.skos import skos_view
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import ASN, CEASN, DCTERMS, KS, RDF, SKOS
from ontology.text import clean
from tests.mutating import codes, few, is_balanced, mutated

TYPE = ox.NamedNode(RDF.type)
D = DEFAULT_BASE + "digcomp/"

#: The layout of DigComp's own file, with words of our own.
DOCUMENT: dict[str, Json] = {
    "@context": {"CompetenceArea": "CompetenceArea", "Glossary": "Glossary"},
    "@graph": [
        {"@type": "CompetenceArea", "@id": "CompetenceArea/1", "name": "Finding", "description": "To find."},
        {
            "@type": "Competence",
            "@id": "Competence/1.1",
            "name": "Searching",
            "description": "To search.",
            "competence_area_id": "CompetenceArea/1",
        },
        {
            "@type": "ProficiencyLevel",
            "@id": "ProficiencyLevel/Highly skilled_7",
            "four_levels_name": "Highly skilled",
            "eight_levels_mapping": 7,
            "six_levels_mapping": "C1",
            "four_levels_description": "Alone.",
            "eight_levels_description": "Mostly alone.",
            "applies_to": "Work.",
        },
        *(
            {
                "@type": kind,
                "@id": f"{kind}/{code}",
                "description": "Tells one search from another.",
                **more,
                "ai_label": "AI-Implicit",
                "competence_area_id": "CompetenceArea/1",
                "competence_id": "Competence/1.1",
                "four_levels_proficiency_name": "ProficiencyLevel/Highly skilled",
            }
            for kind, code, more in (
                ("CompetenceStatement", "CS1.1.01", {}),
                ("LearningOutcome", "LO1.1.01", {"type": "Skill"}),
            )
        ),
        {"@type": "Glossary", "@id": "Glossary/Search engine (web)", "explanation": "What searches."},
    ],
}
NODES = DOCUMENT["@graph"]
WORDS = [
    *(
        "CompetenceArea/1",
        "Competence/1.1",
        "ProficiencyLevel/Highly skilled",
        "https://example.org/a",
        "a b",
        "\ud800",
    ),
    *("@id", "@type", "@value", "@language", "@graph", "name", "description", "competence_id", "explanation"),
    *(
        "CompetenceStatement",
        "Glossary",
        "ProficiencyLevel",
        "four_levels_name",
        "eight_levels_mapping",
        "iw",
        "no tag",
    ),
]


def read(document: Json, file: str = "digcomp.jsonld") -> Mapped:
    return read_digcomp(json.dumps(document), DEFAULT_BASE, file)


def several(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def counted(document: dict[str, Json]) -> Count:
    """The nodes, and the links of those that are taken, counted apart from the reader."""
    nodes = several(document.get("@graph", document))
    taken: dict[str, int] = {}
    for node in filter(lambda it: isinstance(it, dict), nodes):
        words = [it for it in several(node.get("@type")) if isinstance(it, str) and clean(it)]
        with contextlib.suppress(ValueError):
            iri = absolute(node.get("@id"), D).value
            taken |= {iri: links_of(node, words)} if words and iri not in taken else {}
    return Count(len(nodes), sum(taken.values()))


def links_of(node: dict[str, Json], words: list[str]) -> int:
    kind = next((CLASSES[it] for it in words if it in CLASSES), OTHER)
    links = {name for name, member in kind.members.items() if member.holds is Holds.LINK}
    found = sum(len(several(value)) for name, value in node.items() if name in links)
    names = several(node.get("four_levels_name")) if kind is CLASSES["ProficiencyLevel"] else []
    texts = [it.get("@value") if isinstance(it, dict) else it for it in names]
    return found + any(clean(it).strip() if isinstance(it, str) else it is not None for it in texts)


def values(mapped: Mapped, subject: str, predicate: object) -> set[str]:
    node, wanted = ox.NamedNode(D + subject), ox.NamedNode(str(predicate))
    return {str(it.object) for it in mapped.triples if it.subject == node and it.predicate == wanted}


def instances(mapped: Mapped, cls: str) -> set[str]:
    return {it.subject.value for it in mapped.triples if it.predicate == TYPE and it.object == ox.NamedNode(cls)}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data/frameworks/digcomp"


@pytest.fixture(scope="module")
def real(folder: Path) -> Mapped:
    return read_digcomp((folder / "DigComp-3.0.jsonld").read_text("utf-8"), DEFAULT_BASE, "DigComp-3.0.jsonld")


def test_every_node_and_link_of_the_real_file_comes_in(real):
    assert real.read == real.kept == Count(concepts=1045, links=2684)
    assert codes(real) == ["W165"]
    own = Counter(
        it.object.value.removeprefix(DIGCOMP)
        for it in real.triples
        if it.predicate == TYPE and it.object.value.startswith(DIGCOMP)
    )
    assert own == {
        "CompetenceArea": 5,
        "Competence": 21,
        "CompetenceStatement": 362,
        "LearningOutcome": 523,
        "ProficiencyLevel": 8,
        "Glossary": 126,
    }


def test_every_member_of_the_real_file_is_accounted_for(real, folder):
    told = Counter()
    for it in real.triples:
        told[it.subject.value, it.object.value] += 1
    document = json.loads((folder / "DigComp-3.0.jsonld").read_text("utf-8"))
    for node in document["@graph"]:
        subject = D + node["@id"].replace(" ", "%20")
        for name, value in node.items():
            link = name.endswith("_id") or name == "four_levels_proficiency_name"
            if name not in ("@id", "@type"):
                expected = D + value.replace(" ", "%20") if link else str(value).strip()
                assert told[subject, expected], (node["@id"], name)


def test_statements_and_outcomes_that_share_their_words_stay_apart(real):
    statements, outcomes = (instances(real, f"{DIGCOMP}{it}") for it in ("CompetenceStatement", "LearningOutcome"))
    names = {it.subject.value: it.object.value for it in real.triples if it.predicate == ox.NamedNode(SKOS.prefLabel)}
    shared_words = {names[it] for it in statements} & {names[it] for it in outcomes}
    assert sum(names[it] in shared_words for it in statements) == 196
    assert statements <= instances(real, str(KS.Competency))
    assert not outcomes & instances(real, str(KS.Competency))
    assert outcomes <= instances(real, str(SKOS.Concept))


def test_the_four_levels_that_nothing_describes_are_made_of_the_eight(real):
    broad = {it.object.value for it in real.triples if it.predicate == ox.NamedNode(ASN.hasProgressionLevel)}
    levels = instances(real, str(ASN.ProgressionLevel))
    assert (len(broad), len(levels)) == (4, 12)
    assert broad <= levels
    assert values(real, "ProficiencyLevel/Highly%20advanced", SKOS.prefLabel) == {'"Highly advanced"@en'}
    assert values(real, "ProficiencyLevel/Highly%20advanced_8", SKOS.broader) == {
        f"<{D}ProficiencyLevel/Highly%20advanced>"
    }


def test_the_real_file_goes_out_and_comes_back_the_same(real):
    back = read_digcomp(write_digcomp(real.triples, DEFAULT_BASE), DEFAULT_BASE, "back.jsonld")
    assert back.triples == real.triples


def test_what_is_written_leaves_no_word_without_an_address(real):
    seen = {it.triple for it in ox.parse(write_digcomp(real.triples, DEFAULT_BASE), ox.RdfFormat.JSON_LD)}
    names = {it for it in seen if it.predicate.value == f"{DIGCOMP}name"}
    assert len(names) == 5 + 21 + 126
    area = ox.NamedNode(f"{DIGCOMP}competence_area_id")
    assert {it.object for it in seen if it.predicate == area} == {
        ox.NamedNode(f"{D}CompetenceArea/{n}") for n in range(1, 6)
    }


def test_the_real_file_goes_out_as_skos_and_ctdl_too(real):
    concepts = skos_view(real.triples, D + "framework")
    assert sum(it.object == ox.NamedNode(SKOS.Concept) for it in concepts) == 5 + 21 + 362 + 523 + 126
    back = read_ctdl(write_ctdl(real.triples), DEFAULT_BASE, "digcomp.json")
    assert back.triples == real.triples


@pytest.mark.parametrize(
    ("name", "concepts", "different"),
    [
        ("digcomp3-core-framework.en.csv", 26, 0),
        ("digcomp3-statements.en.csv", 362, 0),
        ("digcomp3-outcomes.en.csv", 523, 0),
        ("digcomp3-glossary.en.csv", 126, 1),  # one definition is worded differently in the two files
    ],
)
def test_the_csv_files_say_the_same_of_the_same_things(real, folder, name, concepts, different):
    mapped = read_digcomp((folder / name).read_text("utf-8"), DEFAULT_BASE, name)
    assert mapped.read == mapped.kept == Count(concepts=concepts)
    assert not mapped.problems
    assert len(mapped.triples - real.triples) == different


def test_a_translation_has_its_language_from_the_name_of_the_file():
    rows = (
        "digcomp.area.1.label,,Finding,מציאה\n"
        "digcomp.glossary.web.label,,Web,רשת\n"
        "digcomp.glossary.web.definition,,W.,\n"
    )
    mapped = read_digcomp(f"location,context,source,target\n{rows}", DEFAULT_BASE, "digcomp3-all.iw.csv")
    assert values(mapped, "CompetenceArea/1", SKOS.prefLabel) == {'"Finding"@en', '"מציאה"@he'}
    assert values(mapped, "Glossary/Web", SKOS.prefLabel) == {'"Web"@en', '"רשת"@he'}
    assert values(mapped, "Glossary/Web", SKOS.definition) == {'"W."@en'}
    nameless = read_digcomp(f"location,context,source,target\n{rows}", DEFAULT_BASE, "digcomp3.csv")
    assert codes(nameless) == ["W172"]


def test_a_document_of_the_same_layout_is_read_by_type():
    mapped = read(DOCUMENT)
    assert values(mapped, "CompetenceStatement/CS1.1.01", SKOS.broader) == {f"<{D}Competence/1.1>"}
    assert values(mapped, "CompetenceStatement/CS1.1.01", DCTERMS.isPartOf) == {f"<{D}CompetenceArea/1>"}
    assert values(mapped, "LearningOutcome/LO1.1.01", CEASN.competencyCategory) == {'"Skill"'}
    assert values(mapped, "LearningOutcome/LO1.1.01", SKOS.notation) == {'"LO1.1.01"'}
    assert values(mapped, "Glossary/Search%20engine%20(web)", SKOS.prefLabel) == {'"Search engine (web)"@en'}
    assert values(mapped, "Competence/1.1", SKOS.inScheme) == {f"<{D}framework>"}


def test_a_translation_says_its_language_in_the_context():
    mapped = read({"@context": {"@language": "iw"}, "@graph": NODES[:1]})
    assert values(mapped, "CompetenceArea/1", SKOS.prefLabel) == {'"Finding"@he'}
    assert set(codes(mapped)) == {"W156", "W165"}


def area(**members: Json) -> dict[str, Json]:
    return {"@type": "CompetenceArea", "@id": "https://example.org/a", "name": "A"} | members


@pytest.mark.parametrize(
    ("nodes", "expected", "dropped"),
    [
        ([area(), area(name="B")], "E173", Count(concepts=1)),
        ([area(), "text"], "E164", Count(concepts=1)),
        ([{}], "E151", Count(concepts=1)),
        ([{"@id": "https://example.org/a", "name": "A"}], "E165", Count(concepts=1)),
        ([{"@type": "CompetenceArea", "name": "A"}], "E151", Count(concepts=1)),
        ([area(**{"@id": "http://["})], "E151", Count(concepts=1)),
        ([area(**{"@type": "Competence", "competence_area_id": 7})], "E151", Count(links=1)),
        ([area(**{"@type": "Competence", "competence_area_id": "https://example.org/a"})], "E163", Count(links=1)),
        ([area(**{"@type": "Competence", "competence_area_id": "https://example.org/b"})], "W153", Count()),
        ([area(colour="blue")], "W169", Count()),
        ([area(**{"@type": ["CompetenceArea", "Theme"]})], "W169", Count()),
        ([area(name=None)], "W167", Count()),
        ([area(name={"text": "A"}, description=["B"])], "W189", Count()),
        ([area(name="be\x07ep")], "W150", Count()),
        ([area(name="It’s".encode().decode("cp1252"))], "W154", Count()),
        ([area(name={"@value": "A", "@language": "no tag"})], "W155", Count()),
    ],
)
def test_what_is_wrong_is_mended_or_dropped_with_its_place(nodes, expected, dropped):
    mapped = read({"@graph": nodes})
    assert codes(mapped)[0] == expected
    assert mapped.problems[0].place
    assert mapped.dropped == dropped
    assert is_balanced(mapped, counted({"@graph": nodes}))


def test_a_member_that_digcomp_lacks_is_kept_and_comes_back():
    mapped = read({"@graph": [area(colour="blue", weight=2.5)]})
    assert {it.predicate.value for it in mapped.triples} >= {f"{DIGCOMP}colour", f"{DIGCOMP}weight"}
    assert read_digcomp(write_digcomp(mapped.triples, DEFAULT_BASE), DEFAULT_BASE, "x").triples == mapped.triples


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "E126"),
        ('{"@graph": []}', "E113"),
        (json.dumps(DOCUMENT)[:-30], "E111"),
        ("[" * 100_000, "E115"),
        ("a,b\n1,2\n", "E126"),
        ("location,context,source,target\n", "E113"),
        ('location,context,source,target\ndigcomp.area.1.label,,"Find', "E125"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, problem):
    with pytest.raises(UnreadableFile) as caught:
        read_digcomp(text, DEFAULT_BASE, "x")
    assert (caught.value.problem, bool(caught.value.place)) == (problem, True)


@pytest.mark.parametrize(
    ("row", "code"), [("digcomp.level.1.label,,x,", "E165"), ("digcomp.area.1.definition,,x,", "E165"), ("a,b", "E120")]
)
def test_a_bad_row_is_dropped_with_its_place(row, code):
    text = f"location,context,source,target\ndigcomp.area.1.label,,Finding,\n{row}\n"
    mapped = read_digcomp(text, DEFAULT_BASE, "digcomp.csv")
    assert [(it.code, it.place) for it in mapped.problems] == [(code, "row 3")]
    assert (mapped.kept.concepts, mapped.dropped.concepts) == (1, 1)


@few
@given(mutated(DOCUMENT, WORDS))
def test_no_document_breaks_the_account_or_the_way_back(document):
    try:
        mapped = read(document)
    except UnreadableFile:
        return
    assert is_balanced(mapped, counted(document))
    if mapped.triples:
        back = read_digcomp(write_digcomp(mapped.triples, DEFAULT_BASE), DEFAULT_BASE, "digcomp.jsonld")
        assert back.triples == mapped.triples


def test_a_name_that_is_too_long_takes_out_its_own_node_only():
    long = {"@type": "CompetenceArea", "@id": "CompetenceArea/2", "name": "x" * 70_000, "description": "d"}
    whole, mapped = (read_digcomp(json.dumps({"@graph": it}), DEFAULT_BASE, "a.json") for it in (NODES, [*NODES, long]))
    assert mapped.triples == whole.triples
    assert (mapped.kept, mapped.dropped) == (whole.kept, Count(concepts=1))
    assert [(it.code, it.place) for it in mapped.problems if it.code == "E150"] == [
        ("E150", f"node {len(NODES) + 1} (CompetenceArea/2)")
    ]


def test_a_row_with_a_text_that_is_too_long_is_left_out_alone():
    rows = f"location,context,source,target\ndigcomp.area.1.label,,{'x' * 70_000},\ndigcomp.area.2.label,,Finding,\n"
    mapped = read_digcomp(rows, DEFAULT_BASE, "areas.nl.csv")
    assert (mapped.kept, mapped.dropped) == (Count(concepts=1), Count(concepts=1))
    assert [(it.code, it.place) for it in mapped.problems] == [("E150", "row 2")]
