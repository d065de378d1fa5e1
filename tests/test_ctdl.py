"""CTDL and CTDL-ASN: what a framework says, what is repaired, and that nothing changes on the way out and back."""

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import UnreadableFile
from ontology.interchange.ctdl import read_ctdl, write_ctdl
from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Count, Mapped
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import CETERMS, DCTERMS, KS, RDF, SCHEMA, SKOS
from tests.mutating import codes, few, is_balanced, mutated
from tests.starting import store

CONTEXT = "https://credreg.net/ctdlasn/schema/context/json"
X = "https://example.org/"
TYPE = str(RDF.type)

#: The layout of Credential Engine's registry, with words of our own.
FRAMEWORK: dict[str, Json] = {
    "@context": CONTEXT,
    "@graph": [
        {
            "@id": X + "framework",
            "@type": "ceasn:CompetencyFramework",
            "ceterms:ctid": "ce-0f3e6f2a-6f55-4f7c-9d7c-0f7a3f0a6f10",
            "ceasn:name": {"en-US": "Leading a team", "iw": "הובלת צוות"},
            "ceasn:description": {"en-US": "What a team needs."},
            "ceasn:inLanguage": ["en-US"],
            "ceasn:dateCreated": "2026-01-31",
            "ceasn:publisher": [X + "publisher"],
            "ceasn:hasTopChild": [X + "b", X + "a"],
        },
        {
            "@id": X + "a",
            "@type": "ceasn:Competency",
            "ceasn:competencyLabel": {"en-US": "Listening"},
            "ceasn:competencyText": {"en-US": "Listens before answering.", "ar": "يُصغي قبل أن يجيب."},
            "ceasn:codedNotation": "A",
            "ceasn:comment": {"en-US": ["One note.", "Another note."]},
            "ceasn:conceptKeyword": {"en-US": ["talk"]},
            "ceasn:educationLevelType": [X + "level"],
            "ceasn:hasChild": [X + "c"],
            "ceasn:isTopChildOf": X + "framework",
            "ceasn:isPartOf": X + "framework",
            "ceasn:exactAlignment": ["https://example.net/listening"],
            "ceasn:weight": 1.5,
            "ceasn:shouldIndex": True,
        },
        {
            "@id": X + "b",
            "@type": "ceasn:Competency",
            "ceasn:competencyText": {"en-US": "Plans a meeting."},
            "ceasn:isPartOf": X + "framework",
        },
        {
            "@id": X + "c",
            "@type": "ceasn:Competency",
            "ceasn:competencyText": {"en-US": "Asks what was meant."},
            "ceasn:isChildOf": [X + "a"],
            "ceasn:isPartOf": X + "framework",
            "ceasn:majorAlignment": ["https://example.net/asking"],
        },
    ],
}
PROGRAMME = {
    "@id": X + "programme",
    "@type": ["ceterms:LearningProgram", "ks:TrainingProgramme"],
    "ceterms:name": {"en": "A first year"},
    "ceterms:teaches": [
        {"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNode": X + "a"},
        {
            "@type": "ceterms:CredentialAlignmentObject",
            "ceterms:targetNode": X + "b",
            "ceterms:targetNodeName": {"en": "Planning"},
        },
    ],
}
WORDS = [
    *(X + "a", X + "b", X + "framework", "_:n", "near", "en", "iw", "xx_bad!", "@none", "name", "a b", "\ud800"),
    *("@id", "@type", "@value", "@language", "@list", "@set", "@graph", "id", "type"),
    *("ceasn:isChildOf", "ceasn:hasChild", "ceasn:isPartOf", "ceasn:hasTopChild", "ceasn:listID", "ks:ordinal"),
    *("ceasn:Competency", "ceasn:CompetencyFramework", "ceasn:competencyLabel", "ceasn:competencyText"),
    *("skos:prefLabel", "skos:definition", "skos:altLabel", "ceterms:teaches", "ceterms:targetNode"),
]


def read(document: Json, context: Json = CONTEXT) -> Mapped:
    if isinstance(document, list):
        document = {"@context": context, "@graph": document}
    return read_ctdl(json.dumps(document), DEFAULT_BASE, "framework.json")


def competency(name: str, **members: Json) -> dict[str, Json]:
    node = {"@id": X + name, "@type": "ceasn:Competency", "ceasn:competencyText": {"en": name}}
    return node | {f"ceasn:{key}": value for key, value in members.items()}


def values(mapped: Mapped, subject: str, predicate: object) -> set[str]:
    """Values in N-Triples, so that languages and datatypes show."""
    node, wanted = ox.NamedNode(subject), ox.NamedNode(str(predicate))
    return {str(it.object) for it in mapped.triples if it.subject == node and it.predicate == wanted}


def iris(*names: str) -> set[str]:
    return {f"<{name}>" for name in names}


def again(mapped: Mapped) -> Mapped:
    return read_ctdl(write_ctdl(mapped.triples), DEFAULT_BASE, "framework.json")


def test_a_framework_comes_in_with_its_tree_and_every_member():
    mapped = read(FRAMEWORK)
    assert mapped.read == mapped.kept == Count(concepts=4, links=12)
    assert values(mapped, X + "framework", TYPE) == iris(KS.Framework)
    assert values(mapped, X + "framework", SKOS.prefLabel) == {'"Leading a team"@en-us', '"הובלת צוות"@he'}
    assert values(mapped, X + "framework", DCTERMS.created) == {'"2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'}
    assert values(mapped, X + "a", TYPE) == iris(KS.Competency)
    assert values(mapped, X + "a", SKOS.prefLabel) == {'"Listening"@en-us', '"يُصغي قبل أن يجيب."@ar'}
    assert values(mapped, X + "a", SKOS.definition) == {'"Listens before answering."@en-us'}
    assert values(mapped, X + "a", SKOS.note) == {'"One note."@en-us', '"Another note."@en-us'}
    assert values(mapped, X + "a", SKOS.exactMatch) == iris("https://example.net/listening")
    assert values(mapped, X + "c", SKOS.closeMatch) == iris("https://example.net/asking")
    assert values(mapped, X + "c", SKOS.broader) == iris(X + "a")
    assert values(mapped, X + "b", SKOS.topConceptOf) == values(mapped, X + "b", SKOS.inScheme) == iris(X + "framework")
    assert values(mapped, X + "a", "https://purl.org/ctdlasn/terms/weight") == {
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#double>'
    }


def test_lists_of_children_keep_their_order():
    mapped = read(FRAMEWORK)
    ordinals = {name: values(mapped, X + name, KS.ordinal) for name in "abc"}
    number = '"{}"^^<http://www.w3.org/2001/XMLSchema#integer>'.format
    assert ordinals == {"a": {number(2)}, "b": {number(1)}, "c": {number(1)}}
    written = {node["@id"]: node for node in json.loads(write_ctdl(mapped.triples))["@graph"]}
    assert written[X + "framework"]["ceasn:hasTopChild"] == [X + "b", X + "a"]


def test_a_framework_goes_out_and_comes_back_the_same():
    mapped = read(FRAMEWORK)
    assert again(mapped).triples == mapped.triples
    alone = write_ctdl(mapped.triples | read([PROGRAMME]).triples, X + "framework")
    assert read_ctdl(alone, DEFAULT_BASE, "framework.json").triples == mapped.triples


def test_what_is_written_needs_no_context_from_elsewhere():
    written = write_ctdl(read(FRAMEWORK).triples)
    seen = {quad.triple for quad in ox.parse(written, ox.RdfFormat.JSON_LD)}
    ceasn = "https://purl.org/ctdlasn/terms/"
    a, framework = ox.NamedNode(X + "a"), ox.NamedNode(X + "framework")
    assert ox.Triple(a, ox.NamedNode(ceasn + "isPartOf"), framework) in seen
    assert ox.Triple(a, ox.NamedNode(ceasn + "competencyLabel"), ox.Literal("Listening", language="en-us")) in seen
    assert ox.Triple(framework, ox.NamedNode(ceasn + "hasTopChild"), a) in seen


def test_all_starter_knowledge_survives_the_way_through_ctdl():
    own = {quad.triple for quad in store()}
    back = read_ctdl(write_ctdl(own), DEFAULT_BASE, "starter.json")
    assert back.triples == own
    assert codes(back) == ["W231"]


@pytest.mark.parametrize(
    ("ours", "theirs", "member"),
    [
        (KS.TrainingProgramme, CETERMS.LearningProgram, "ceterms:teaches"),
        (KS.Accreditation, CETERMS.AccreditAction, "ceterms:object"),
        (KS.Credential, CETERMS.Credential, "ceterms:name"),
        (KS.Pathway, CETERMS.Pathway, "ceterms:hasPart"),
        (KS.PathwayStep, CETERMS.PathwayComponent, "ceterms:name"),
        (KS.JobDefinition, CETERMS.Job, "ceterms:hasTask"),
    ],
)
def test_every_kind_below_a_ctdl_class_is_written_as_that_class(ours, theirs, member):
    written = json.loads(write_ctdl({quad.triple for quad in store()}))["@graph"]
    types = [f"ceterms:{str(theirs).removeprefix(str(CETERMS))}", f"ks:{str(ours).removeprefix(str(KS))}"]
    nodes = [node for node in written if node["@type"] == types]
    assert nodes
    assert all("ceterms:name" in node for node in nodes)
    assert any(member in node for node in nodes)


def test_the_dates_of_an_accreditation_are_those_of_the_action():
    written = json.loads(write_ctdl({quad.triple for quad in store()}))["@graph"]
    action = next(node for node in written if "ks:Accreditation" in node["@type"])
    assert {"ceterms:actingAgent", "ceterms:startDate", "ceterms:endDate"} <= set(action)
    assert str(SCHEMA.validFrom) not in action


def test_an_alignment_object_becomes_a_direct_link_and_stays_if_it_says_more():
    mapped = read([PROGRAMME])
    assert values(mapped, X + "programme", KS.develops) == iris(X + "a", X + "b")
    (kept,) = values(mapped, X + "programme", f"{CETERMS}teaches")
    assert "/.well-known/genid/framework-json/" in kept
    assert again(mapped).triples == mapped.triples


def test_one_direction_of_the_tree_is_enough():
    down = read([competency("a", hasChild=[X + "b"]), competency("b")])
    up = read([competency("a"), competency("b", isChildOf=X + "a")])
    assert values(down, X + "b", SKOS.broader) == values(up, X + "b", SKOS.broader) == iris(X + "a")


def test_a_child_of_the_framework_is_a_top_one():
    framework = {"@id": X + "f", "@type": "ceasn:CompetencyFramework", "ceasn:name": {"en": "F"}}
    mapped = read([framework, competency("a", isChildOf=X + "f")])
    assert values(mapped, X + "a", SKOS.topConceptOf) == iris(X + "f")
    assert not values(mapped, X + "a", SKOS.broader)


def test_a_circle_is_cut_with_its_place():
    mapped = read(
        [competency("a", isChildOf=X + "b"), competency("b", isChildOf=X + "c"), competency("c", isChildOf=X + "a")]
    )
    (problem,) = mapped.problems
    assert problem.code == "E163"
    assert X + "c" in problem.place
    assert (mapped.kept.links, mapped.dropped.links) == (2, 1)


def test_a_missing_parent_is_named_and_its_link_kept():
    mapped = read([competency("a", isChildOf=X + "elsewhere")])
    assert codes(mapped) == ["W153"]
    assert values(mapped, X + "a", SKOS.broader) == iris(X + "elsewhere")


def test_a_thing_described_twice_is_one_thing_with_one_name():
    mapped = read([competency("a"), competency("a") | {"ceasn:competencyText": {"en": "Other"}}])
    assert codes(mapped) == ["W166", "W168"]
    assert values(mapped, X + "a", SKOS.prefLabel) == {'"a"@en'}
    assert values(mapped, X + "a", SKOS.altLabel) == {'"Other"@en'}


def test_language_tags_are_mended_or_named():
    texts = {"iw": "שם", "en-US": "Name", "x_1!": "?"}
    mapped = read([competency("a") | {"ceasn:competencyText": texts}])
    plain = read([competency("a") | {"skos:altLabel": {"@value": "Nom", "@language": "not a tag"}}])
    assert values(mapped, X + "a", SKOS.prefLabel) == {'"שם"@he', '"Name"@en-us', '"?"'}
    assert codes(mapped) == ["W156", "W155"]
    assert codes(plain) == ["W155"]
    assert values(plain, X + "a", SKOS.altLabel) == {'"Nom"'}


def test_relative_addresses_are_resolved_and_counted():
    mapped = read([competency("a") | {"@id": "near one", "ceasn:isChildOf": ["up"]}])
    assert codes(mapped)[0] == "W165"
    folder = f"{DEFAULT_BASE}graph/source/framework.json/"
    assert values(mapped, folder + "near%20one", SKOS.broader) == iris(folder + "up")


def test_an_object_of_which_nothing_is_said_is_told_and_not_counted():
    mapped = read([competency("a"), {"@id": X + "q2"}])
    assert mapped.read == Count(concepts=1)
    assert [(it.code, it.place) for it in mapped.problems] == [("W192", f"node 2 ({X}q2)")]


@pytest.mark.parametrize("name", ["competencyText", "competencyLabel", "codedNotation"])
def test_a_name_that_is_too_long_takes_out_its_own_thing_only(name):
    mapped = read([competency("a") | {f"ceasn:{name}": "x" * 70_000}, competency("b")])
    assert (mapped.kept, mapped.dropped) == (Count(concepts=1), Count(concepts=1))
    assert [(it.code, it.place) for it in mapped.problems] == [("E150", f"node 1 ({X}a) ceasn:{name}")]
    assert {it.subject.value for it in mapped.triples} == {X + "b"}


def test_a_definition_may_be_longer_than_a_name():
    both = {"ceasn:competencyLabel": {"en": "Short"}, "ceasn:competencyText": {"en": "x" * 70_000}}
    assert read([competency("a") | both]).kept == Count(concepts=1)


def test_texts_are_repaired_with_a_word():
    broken = "It’s".encode().decode("cp1252")
    mapped = read([competency("a") | {"ceasn:competencyText": {"en": broken}, "ceasn:comment": {"en": "be\x07ep"}}])
    assert codes(mapped) == ["W154", "W150"]
    assert values(mapped, X + "a", SKOS.prefLabel) == {'"It’s"@en'}
    assert values(mapped, X + "a", SKOS.note) == {'"beep"@en'}


@pytest.mark.parametrize("wrong", [7, True, {"@id": 5}, {"@id": ["x"], "ceasn:name": "y"}, "", "http://[", "\ud800"])
def test_a_link_that_is_none_is_dropped_with_its_place(wrong):
    mapped = read([competency("a", isPartOf=[wrong, X + "f"])])
    assert values(mapped, X + "a", SKOS.inScheme) == iris(X + "f")
    assert mapped.dropped.links == 1
    assert all("ceasn:isPartOf" in it.place for it in mapped.problems if it.code == "E151")


def test_a_node_that_is_no_object_is_dropped_with_its_place():
    mapped = read(["a", 5, competency("a")])
    assert [(it.code, it.place) for it in mapped.problems] == [("E164", "node 1"), ("E164", "node 2")]
    assert mapped.read == Count(concepts=3)


def test_a_key_without_meaning_is_named():
    mapped = read([competency("a") | {"colour": "blue"}])
    assert [(it.code, "colour" in it.place) for it in mapped.problems] == [("W141", True)]


def test_an_inline_context_gives_words_their_meaning():
    context = {"c": "https://purl.org/ctdlasn/terms/", "text": {"@id": "c:competencyText", "@container": "@language"}}
    context |= {"up": {"@id": "c:isChildOf", "@type": "@id"}, "uri": "@id"}
    mapped = read([{"uri": X + "a", "@type": "c:Competency", "text": {"en": "A"}, "up": X + "b"}], context)
    assert values(mapped, X + "a", TYPE) == iris(KS.Competency)
    assert values(mapped, X + "a", SKOS.broader) == iris(X + "b")


def test_the_envelope_of_the_registry_is_opened():
    mapped = read({"envelope_id": "1", "decoded_resource": FRAMEWORK})
    assert mapped.triples == read(FRAMEWORK).triples
    assert codes(mapped) == ["W170", "W156"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "E111"),
        (json.dumps(FRAMEWORK)[:-40], "E111"),
        ("[" * 100_000, "E115"),
        ("{}", "E113"),
        ('{"@graph": []}', "E113"),
        ('{"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": [{"name": "bare"}]}', "E113"),
        ('{"@context": "https://example.org/context", "@graph": [{}]}', "E112"),
        ('{"@context": 5, "@graph": [{}]}', "E116"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, problem):
    with pytest.raises(UnreadableFile) as caught:
        read_ctdl(text, DEFAULT_BASE, "framework.json")
    assert (caught.value.problem, bool(caught.value.place)) == (problem, True)


LINKS = st.dictionaries(
    st.sampled_from(["isChildOf", "hasChild", "isPartOf", "isTopChildOf", "hasTopChild", "exactAlignment", "license"]),
    st.lists(
        st.sampled_from(
            [*(X + it for it in "abcdf"), "near", {"@id": X + "b"}, {"@id": 5}, 7, "", "http://[", "\ud800"]
        ),
        max_size=4,
    ),
    max_size=4,
)
OTHERS = st.lists(st.sampled_from(["text", 5, None, {"@id": 5}, {"@id": "http://["}]), max_size=2)


@few
@given(st.lists(LINKS, min_size=1, max_size=5), OTHERS)
def test_every_node_and_every_link_is_kept_or_dropped_with_a_word(links, others):
    nodes = [competency(name, **members) for name, members in zip("abcde", links, strict=False)]
    mapped = read([*nodes, *others])
    assert is_balanced(
        mapped, Count(len(nodes) + len(others), sum(len(it) for members in links for it in members.values()))
    )


@few
@given(mutated(FRAMEWORK | {"@graph": [*FRAMEWORK["@graph"], PROGRAMME]}, WORDS), st.integers(0, 30))
def test_no_document_breaks_the_account_or_the_way_back(document, cut):
    text = json.dumps(document)
    try:
        mapped = read_ctdl(text[:-cut] if cut > 28 else text, DEFAULT_BASE, "framework.json")
    except UnreadableFile:
        return
    assert is_balanced(mapped, mapped.read)
    assert not mapped.triples or again(mapped).triples == mapped.triples
