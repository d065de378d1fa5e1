"""Exchange formats come in through the same door as everything else: recognised by content, counted, and once only."""

import json
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.formats import Format
from ingest.ledger import Dataset
from ingest.recognise import recognise
from ingest.record import Document
from ontology import turtle
from ontology.interchange.oak import CURRIC
from ontology.kinds import CLASS_OF, DEFAULT_BASE, Kind
from ontology.model import Report
from ontology.namespaces import KS, OWL, RDF, SKOS
from tests.ingesting import Place, place

CASE = "data/frameworks/case/opensalt-"
OAK = "data/frameworks/oak/"
DIGCOMP = "data/frameworks/digcomp/"

#: What each real file has, as its format counts it: read, and failed.
REAL = {
    f"{CASE}Ordering.json": (57, 0),
    f"{CASE}sample-framework.cfpackage.json": (59, 0),
    f"{OAK}science-key-stage-3.ttl": (7814, 0),
    f"{DIGCOMP}DigComp-3.0.jsonld": (3729, 0),
    f"{DIGCOMP}digcomp3-statements.en.csv": (362, 0),
}

SSSOM = """#curie_map: {ex: https://example.org/, orcid: https://orcid.org/}
#mapping_set_id: https://example.org/set
#license: https://creativecommons.org/licenses/by/4.0/
subject_id\tpredicate_id\tobject_id\tmapping_justification\treviewer_id
ex:a\tskos:exactMatch\tex:b\tsemapv:ManualMappingCuration\torcid:1
ex:a\tskos:exactMatch\tex:c\tsemapv:LexicalMatching\t
ex:a\tskos:exactMatch\tfoo:d\tsemapv:LexicalMatching\t
"""
ESCO = (
    "conceptType,conceptUri,preferredLabel,altLabels\nKnowledgeSkillCompetence,http://example.org/skill/1,listen,hear\n"
)
CTDL = {
    "@context": "https://credreg.net/ctdlasn/schema/context/json",
    "@graph": [
        {
            "@id": "https://example.org/framework",
            "@type": "ceasn:CompetencyFramework",
            "ceasn:name": {"en": "A framework"},
        },
        {
            "@id": "https://example.org/competency",
            "@type": "ceasn:Competency",
            "ceasn:competencyText": {"en": "Listens."},
            "ceasn:isPartOf": "https://example.org/framework",
        },
    ],
}


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def counts(report: Report) -> tuple[int, int, int, int]:
    assert report.read == report.committed + report.skipped + report.failed
    return report.read, report.committed, report.skipped, report.failed


def instances(here: Place, kind: Kind) -> set[str]:
    found = here.graph.quads(None, ox.NamedNode(RDF.type), ox.NamedNode(CLASS_OF[kind]))
    return {quad.subject.value for quad in found}


def of(text: str, name: str, *, has_mapping: bool = False) -> Format:
    promised = {".csv": Format.CSV, ".json": Format.JSON_LD}[Path(name).suffix]
    return recognise(Document(name, text), promised, has_mapping=has_mapping)


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_comes_in_whole_and_a_second_time_changes_nothing(here, shared, name):
    read, failed = REAL[name]
    first = here.ingest(shared / name)
    assert counts(first) == (read, read - failed, 0, failed)
    assert first.changed_triples > read
    again = here.ingest(shared / name)
    assert (counts(again), again.changed_triples) == ((read, 0, read - failed, failed), 0)


def test_the_real_curriculum_brings_its_misconceptions(here, shared):
    here.take("subjects.ttl", turtle.starter()["starter/subjects"])
    assert not here.ingest(*sorted((shared / OAK).glob("*-key-stage-*.ttl"))).problems
    found = instances(here, Kind.MISCONCEPTION)
    assert len(found) == 1014
    corrected = {it.subject.value for it in here.graph.quads(None, ox.NamedNode(KS.correction))}
    assert corrected == found


def test_a_real_package_brings_its_framework_with_every_item(here, shared):
    path = shared / f"{CASE}sample-framework.cfpackage.json"
    here.ingest(path)
    items = json.loads(path.read_text("utf-8"))["CFItems"]
    assert len(instances(here, Kind.COMPETENCY)) == len(items)
    assert len(instances(here, Kind.FRAMEWORK)) == 1


def test_a_table_of_mappings_gives_links_and_counts_the_row_that_failed(here):
    report = here.take("some.sssom.tsv", SSSOM)
    assert counts(report) == (3, 2, 0, 1)
    assert [(it.code, it.file, it.place) for it in report.problems] == [
        ("E123", "some.sssom.tsv", "row 7"),
        ("W190", "some.sssom.tsv", "row 6"),
        ("W180", "some.sssom.tsv", report.problems[2].place),
    ]
    stated = here.graph.quads(ox.NamedNode("https://example.org/a"))
    assert [(it.predicate.value, it.object.value) for it in stated] == [
        (str(SKOS.exactMatch), "https://example.org/b"),
    ]
    assert here.take("some.sssom.tsv", SSSOM).changed_triples == 0


def test_mappings_that_a_better_file_no_longer_has_are_taken_away(here):
    here.take("some.sssom.tsv", SSSOM)
    mended = "".join(line for line in SSSOM.splitlines(keepends=True) if "foo:" not in line and "ex:c" not in line)
    assert counts(here.take("some.sssom.tsv", mended)) == (1, 1, 0, 0)
    assert len(list(here.graph.quads(None, ox.NamedNode(OWL.annotatedTarget)))) == 1


def test_a_file_of_esco_in_a_language_gives_competencies_named_in_it(here):
    report = here.take("skills_en.csv", ESCO)
    assert counts(report)[3] == 0
    assert instances(here, Kind.COMPETENCY) == {"http://example.org/skill/1"}
    names = here.graph.quads(ox.NamedNode("http://example.org/skill/1"), ox.NamedNode(SKOS.prefLabel))
    assert [str(it.object) for it in names] == ['"listen"@en']


def test_a_framework_of_ctdl_comes_in_without_fetching_its_context(here):
    report = here.take("framework.jsonld", json.dumps(CTDL))
    assert report.failed == 0
    assert instances(here, Kind.FRAMEWORK) == {"https://example.org/framework"}
    assert instances(here, Kind.COMPETENCY) == {"https://example.org/competency"}


def test_a_table_with_a_mapping_stays_a_table_whatever_its_columns(here):
    mapping = "kind: tool\nid: conceptUri\nlanguage: en\ncolumns:\n  preferredLabel: label\n"
    here.file("skills_en.mapping.yaml", mapping)
    here.take("skills_en.csv", ESCO)
    assert instances(here, Kind.TOOL) == {"http://example.org/skill/1"}
    assert not instances(here, Kind.COMPETENCY)


def test_the_framework_whose_context_explains_too_little_comes_in_with_every_name(here, shared):
    here.ingest(shared / f"{DIGCOMP}DigComp-3.0.jsonld")
    graph = json.loads((shared / f"{DIGCOMP}DigComp-3.0.jsonld").read_text("utf-8"))["@graph"]
    wanted = {node["name"] for node in graph if "name" in node}
    names = {it.object.value for it in here.graph.quads(None, ox.NamedNode(SKOS.prefLabel))}
    assert wanted
    assert wanted <= names


def test_a_broken_package_is_refused_with_its_place_and_leaves_what_was_known(here, shared):
    text = (shared / f"{CASE}Ordering.json").read_text("utf-8")
    here.take("a.json", text)
    before = here.everything()
    report = here.take("a.json", '{"CFDocument": 7}')
    assert counts(report) == (1, 0, 0, 1)
    (problem,) = report.problems
    assert problem.place
    assert here.everything() == before


def test_private_records_inside_a_mapped_file_stay_private(here):
    record = (
        f'<{DEFAULT_BASE}id/practice/p> a <{KS.PracticeRecord}> ; <{SKOS.prefLabel}> "A quiet class"@en .\n'
        f'<https://example.org/m> a <{CURRIC}Misconception> ; <{CURRIC}statement> "x"@en .\n'
    )
    here.take("oak.ttl", record)
    assert not any("quiet" in it for it in here.said("source/oak.ttl"))
    assert any("quiet" in it for it in here.said("source/oak.ttl", Dataset.PRIVATE))


VOCABULARY = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://example.org/> .
:s a skos:ConceptScheme ; skos:prefLabel "Scheme"@en .
<#near> a skos:Concept ; skos:prefLabel "קרוב"@iw ; skos:inScheme :s .
:a a skos:Concept ; skos:prefLabel "A"@en ; skos:broader :b .
:b a skos:Concept ; skos:prefLabel "B"@en ; skos:broader :a .
"""


@pytest.mark.parametrize(
    ("suffix", "syntax"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("trig", ox.RdfFormat.TRIG),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_a_vocabulary_of_others_is_cleaned_whatever_its_syntax(here, suffix, syntax):
    name = f"v.{suffix}"
    graph = here.writer.graph(f"source/{name}").value
    stated = [it.triple for it in ox.parse(VOCABULARY, ox.RdfFormat.TURTLE, base_iri=graph)]
    report = here.take(name, VOCABULARY if suffix == "ttl" else ox.serialize(stated, format=syntax))
    assert (counts(report), sorted(it.code for it in report.problems)) == ((7, 6, 0, 1), ["E163", "W156"])
    near = here.graph.quads(ox.NamedNode(f"{graph}#near"), ox.NamedNode(SKOS.prefLabel))
    assert [str(it.object) for it in near] == ['"קרוב"@he']
    assert len(list(here.graph.quads(None, ox.NamedNode(SKOS.broader)))) == 1
    assert here.take(name, VOCABULARY if suffix == "ttl" else ox.serialize(stated, format=syntax)).changed_triples == 0


def test_a_vocabulary_beside_things_of_ours_is_taken_as_it_is(here):
    ours = f'<{DEFAULT_BASE}id/tool/t> a <{KS.Tool}> ; skos:prefLabel "T"@en .'
    report = here.take("v.ttl", VOCABULARY + ours)
    assert not {"E163", "W156"} & {it.code for it in report.problems}
    assert len(list(here.graph.quads(None, ox.NamedNode(SKOS.broader)))) == 2


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (SSSOM, "a.csv", Format.SSSOM),
        (SSSOM.partition("licenses/by/4.0/\n")[2], "a.csv", Format.SSSOM),
        (ESCO, "a.csv", Format.ESCO),
        (ESCO.replace(",", ";"), "a.csv", Format.ESCO),
        ("name,code\nx,y\n", "a.csv", Format.CSV),
        ('"location","context","source","target"\n"digcomp.area.1.label","","x",""\n', "a.csv", Format.DIGCOMP),
        ("location,context,source,target\nHaifa,,x,\n", "a.csv", Format.CSV),
        ('{"@graph": [{"@type": "CompetenceArea"}]}', "a.json", Format.DIGCOMP),
        ('{"@graph": [{"@type": "LearningOutcome"}]}', "a.json", Format.JSON_LD),
        ('{"CFDocument": {}}', "a.json", Format.CASE),
        ('{"a": {"CFDocument": {}}}', "a.json", Format.JSON_LD),
        (json.dumps(CTDL), "a.json", Format.CTDL),
        (json.dumps([{"@type": ["ceterms:Job"]}]), "a.json", Format.CTDL),
        (json.dumps({"@context": {"a": "http://e.org/a"}, "@type": "a"}), "a.json", Format.JSON_LD),
        ('{"CFDocument": {', "a.json", Format.JSON_LD),
        ("[" * 100_000, "a.json", Format.JSON_LD),
    ],
)
def test_a_file_is_known_by_what_stands_inside(text, name, expected):
    assert of(text, name) is expected


def test_problems_are_counted_as_what_they_cost(here, shared):
    report = here.ingest(shared / f"{CASE}sample-framework.cfpackage.json")
    assert report.failed == 0
    assert Counter(it.code[0] for it in report.problems) == {"W": len(report.problems)}


BOMB = "a0: &a0 [lol, lol]\na1: &a1 [*a0, *a0]\n"


@pytest.mark.parametrize(
    ("files", "code", "line"),
    [
        ({"t.csv": "name\nx\n", "t.mapping.yaml": f"kind: tool\n{BOMB}"}, "E122", "line 2"),
        ({"n.md": f"---\ntitle: T\n{BOMB}---\nText.\n"}, "E140", "line 3"),
        ({"m.sssom.tsv": SSSOM.replace("#license", "#a0: &a0 x\n#license")}, "E193", "line 3"),
    ],
)
def test_yaml_that_repeats_itself_is_refused_with_its_line(here, files, code, line):
    for name, text in files.items():
        here.file(name, text)
    report = here.ingest(here.folder / "files" / next(iter(files)))
    assert [(it.code, it.place) for it in report.problems] == [(code, line)]
    assert report.committed == 0


def test_a_file_with_one_label_that_is_too_long_comes_in_without_that_row(here):
    report = here.take("skills_en.csv", f"{ESCO}KnowledgeSkillCompetence,http://example.org/skill/2,{'x' * 70_000},\n")
    assert counts(report) == (2, 1, 0, 1)
    assert [(it.code, it.place) for it in report.problems] == [("E150", "row 3, preferredLabel")]
    assert instances(here, Kind.COMPETENCY) == {"http://example.org/skill/1"}


def test_a_skill_of_esco_is_in_a_known_framework(here):
    scheme = "http://data.europa.eu/esco/concept-scheme/skills"
    text = f"conceptType,conceptUri,preferredLabel,inScheme\nKnowledgeSkillCompetence,http://example.org/1,listen,{scheme}\n"
    report = here.take("skills_en.csv", text)
    assert not [it for it in report.problems if it.code == "W220" and "framework" in it.message]
    assert instances(here, Kind.FRAMEWORK) == {scheme}
