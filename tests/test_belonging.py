"""A record goes with its parts and with all that is said of it, whichever file says it and in whatever order."""

from datetime import date
from itertools import permutations

import pyoxigraph as ox
import pytest

from ingest.ledger import Dataset
from ingest.quarantine import clear, look, waiting
from ingest.starter import load_starter
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.namespaces import KS, SKOS
from tests.ingesting import AGENT, Place, place

TODAY = date(2026, 5, 1)
HEAD = f"""
@prefix ks: <{KS._NS}> . @prefix skos: <{SKOS._NS}> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix : <https://e.org/> .
"""
OPEN = 'ks:consent "public" ; ks:anonymisation "full"'
SHOWN = f':r a ks:PracticeRecord ; {OPEN} ; skos:prefLabel "A lesson"@en '
CLOSED = SHOWN.replace("public", "team")
NAMED = "Ms Cohen asked"
#: How a record reaches a part or a part its record, and what the part says, with %s for its text.
PARTS = {
    "label node": ("; skosxl:prefLabel :x .", ':x a skosxl:Label ; skosxl:literalForm "%s"@en .'),
    "other label node": ("; skosxl:altLabel :x .", ':x a skosxl:Label ; skosxl:literalForm "%s"@en .'),
    "episode": ("; prov:wasGeneratedBy :x .", ':x a ks:TeachingEpisode ; ks:setting "%s"@en .'),
    "episode that says so": (".", ':x prov:generated :r ; ks:setting "%s"@en .'),
    "label of the episode": (
        "; prov:wasGeneratedBy :e . :e skosxl:prefLabel :x .",
        ':x skosxl:literalForm "%s"@en .',
    ),
    "what stands in it": (".", ':x dct:isPartOf :r ; dct:description "%s"@en .'),
    "its part": ("; dct:hasPart :x .", ':x dct:description "%s"@en .'),
    "note on a link to it": (".", ':x a ks:Link ; owl:annotatedTarget :r ; ks:basis "%s"@en .'),
    "note on a link from it": (".", ':x a ks:Link ; owl:annotatedSource :r ; ks:basis "%s"@en .'),
    "note without a name": (".", '[] owl:annotatedSource :r ; ks:basis "%s"@en .'),
    "statement": (".", '[] rdf:subject :r ; rdfs:comment "%s"@en .'),
    "contributor": ("; dct:contributor :x .", ':x a ks:Contributor ; foaf:name "%s" .'),
}  # fmt: skip
BESIDE = {
    "author": ("; dct:creator :x .", ':x foaf:name "%s" .'),
    "photograph": (".", ':x foaf:topic :r ; dct:title "%s" .'),
    "node without a name": (".", ':r :seen [ :more [ rdfs:comment "%s" ] ] .'),
    "misconception": ("; ks:observedMisconception :x .", ':x a ks:Misconception ; skos:definition "%s" .'),
}  # fmt: skip


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def take(here: Place, name: str, *said: str) -> list[str]:
    return [
        it.code for it in here.take(name, HEAD + "\n".join(said), today=TODAY).problems if it.code.startswith("W20")
    ]


def public(here: Place) -> str:
    return " ".join(here.everything())


def cleared(here: Place) -> None:
    record = Iri("https://e.org/r")
    clear(here.writer, record, seen=look(here.writer, record, TODAY).text, agent=AGENT, today=TODAY)


# --- parts ---


@pytest.mark.parametrize("part", [*PARTS, *BESIDE])
def test_a_part_goes_with_its_record_and_its_text_is_looked_at(here, part):
    link, said = (PARTS | BESIDE)[part]
    assert take(here, "v.ttl", SHOWN, link, said % "a quiet minute") == []
    assert "a quiet minute" in public(here)
    assert take(here, "v.ttl", CLOSED, link, said % "a quiet minute") == []
    assert "a quiet minute" not in public(here), "consent was withdrawn"
    assert "e.org/r>" not in public(here)
    assert take(here, "v.ttl", SHOWN, link, said % NAMED) == ["W200"]
    assert "Cohen" not in public(here)
    assert "A lesson" not in public(here)
    cleared(here)
    assert "Cohen" in public(here)
    assert "A lesson" in public(here)
    assert not waiting(here.writer, TODAY)
    assert take(here, "v.ttl", SHOWN, link, said % NAMED) == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("first", ["record", "part"])
def test_a_part_in_another_file_goes_with_its_record_in_either_order(here, part, first):
    link, said = PARTS[part]
    files = [("r.ttl", CLOSED, link), ("x.ttl", said % "a quiet minute")]
    for name, *text in files if first == "record" else reversed(files):
        assert take(here, name, *text) == []
    assert "a quiet minute" not in public(here)
    assert "e.org/r>" not in public(here)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("first", ["record", "part"])
def test_a_name_in_a_part_of_another_file_holds_the_record_in_either_order(here, part, first):
    link, said = PARTS[part]
    files = [("r.ttl", SHOWN, link), ("x.ttl", said % NAMED)]
    for name, *text in files if first == "record" else reversed(files):
        told = take(here, name, *text)
    assert told == ["W200"]
    assert "Cohen" not in public(here)
    assert "A lesson" not in public(here)
    for name, *text in files:
        assert take(here, name, *text) == ["W200"]
        assert here.take(name, HEAD + "\n".join(text), today=TODAY).changed_triples == 0
    cleared(here)
    assert "Cohen" in public(here)
    assert "A lesson" in public(here)
    for name, *text in files:
        assert take(here, name, *text) == []
    assert "Cohen" in public(here)


# --- all that is said of it ---

SAID = {"a.ttl": f':r dct:description "{NAMED}" .', "b.ttl": f"{SHOWN} .", "c.ttl": ':r skos:note "Nothing more." .'}


@pytest.mark.parametrize("order", list(permutations(SAID)))
def test_the_order_of_files_does_not_matter(here, order):
    for name in order:
        take(here, name, SAID[name])
    assert "e.org/r>" not in public(here)
    assert [it.term for found in waiting(here.writer, TODAY) for it in found.findings] == ["description"]
    cleared(here)
    for text in ("Cohen", "A lesson", "Nothing more"):
        assert text in public(here)


def test_a_clearance_stays_when_something_harmless_is_added(here):
    take(here, "b.ttl", SHOWN, f'; ks:observation "{NAMED}" .')
    cleared(here)
    assert take(here, "c.ttl", ':r skos:note "Nothing more." .') == []
    assert take(here, "b.ttl", SHOWN, f'; ks:observation "{NAMED}" .') == []
    assert "Cohen" in public(here)


@pytest.mark.parametrize(
    "value",
    [
        '"Dana Cohen 052-0001234"^^xsd:integer',
        '"2026-05-01 Ms Cohen"^^xsd:date',
        "0520001234",
        '"yes, Ms Cohen"^^xsd:boolean',
    ],
)
def test_a_datatype_makes_no_number_of_a_text(here, value):
    assert take(here, "v.ttl", SHOWN, f"; :said {value} .") == ["W200"]
    assert "said" not in public(here)


@pytest.mark.parametrize("value", ["12", '"2026-05-01"^^xsd:date', "true", "0.25", '"2026"^^xsd:gYear'])
def test_numbers_and_days_are_no_texts(here, value):
    assert take(here, "v.ttl", SHOWN, f"; :said {value} .") == []


@pytest.mark.parametrize(
    "address", ["https://e.org/rachel-levi/note", "https://e.org/u/NoaLevi/1", "https://e.org/noa_levi#it"]
)
def test_a_name_anywhere_in_an_address_is_found(here, address):
    assert take(here, "subject.ttl", SHOWN.replace(":r ", f"<{address}> "), ".") == ["W200"]
    assert take(here, "object.ttl", SHOWN, f"; skos:related <{address}> .") == ["W200"]
    assert address not in public(here)


# --- what counts as a record ---


def test_a_class_below_that_of_records_counts_as_it(here):
    below = ":Diary rdfs:subClassOf :Note . :Note rdfs:subClassOf ks:PracticeRecord ."
    take(here, "v.ttl", below, f':r a :Diary ; skos:note "{NAMED}" .')
    assert "Cohen" not in public(here)
    take(here, "w.ttl", f':q a :Diary ; skos:note "{NAMED}" .')
    assert "Cohen" not in public(here)


def test_a_class_that_is_put_below_that_of_records_later_takes_its_records_along(here):
    take(here, "w.ttl", ':q a :Diary ; skos:note "Seen in class." .')
    assert "Seen in class" in public(here)
    take(here, "v.ttl", ":Diary rdfs:subClassOf ks:PracticeRecord .")
    assert "Seen in class" not in public(here)


def test_a_record_whose_class_is_misspelt_stays_private_until_it_says_public(here):
    take(here, "v.ttl", f':r a ks:PracticeRecord ; skos:note "{NAMED}" .')
    for _ in range(3):
        take(here, "v.ttl", f':r a ks:PractiseRecord ; skos:note "{NAMED}" .')
        assert "Cohen" not in public(here)
    assert take(here, "v.ttl", f':r a ks:PractiseRecord ; {OPEN} ; skos:note "{NAMED}" .') == ["W200"]
    assert take(here, "v.ttl", f':r a ks:PractiseRecord ; {OPEN} ; skos:note "Nobody" .') == []
    assert "Nobody" in public(here)


def test_a_file_that_calls_the_thing_of_another_a_record_hides_its_own_statements_only(here):
    tool = ':t a ks:Tool ; skos:prefLabel "A card"@en ; skosxl:prefLabel :l . :l skosxl:literalForm "Card"@en .'
    take(here, "tools.ttl", tool)
    before = here.said("source/tools.ttl")
    for claim in (":t a ks:PracticeRecord .", f":t a ks:PracticeRecord ; {OPEN} .", ":t a ks:PracticeRecord ."):
        take(here, "foreign.ttl", claim)
        assert here.said("source/tools.ttl") == before
        take(here, "tools.ttl", tool)
        assert here.said("source/tools.ttl") == before
        take(here, "more.ttl", ':t skos:note "Costs nothing." .')
        assert "Costs nothing" in public(here)


def test_what_has_the_address_of_a_record_is_one_whatever_else_it_is_called(here):
    record = f"<{DEFAULT_BASE}id/practice/r>"
    take(here, "v.ttl", SHOWN.replace(":r", record), ".")
    take(here, "w.ttl", f'{record} a ks:Tool ; skos:note "Seen in class." .')
    take(here, "v.ttl", CLOSED.replace(":r", record), ".")
    assert "Seen in class" not in public(here)
    take(here, "w.ttl", f'{record} a ks:Tool ; skos:note "Seen there." .')
    assert "Seen there" not in public(here)


def test_what_points_at_a_private_record_does_not_become_private_itself(here):
    take(here, "r.ttl", CLOSED, ".")
    take(here, "x.ttl", ':x skos:related :r ; skos:note "Of its own." .')
    take(here, "y.ttl", ':x skos:note "And more." .')
    assert "e.org/r>" not in public(here)
    assert "Of its own" in public(here)
    assert "And more" in public(here)


def test_what_the_program_ships_is_no_part_of_a_record(here):
    load_starter(here.writer)
    misconception = f"{DEFAULT_BASE}id/misconception/algebra-square-of-sum"
    before = set(here.graph.quads(ox.NamedNode(misconception)))
    take(
        here,
        "v.ttl",
        CLOSED,
        f"; ks:observedMisconception <{misconception}> ; dct:contributor <{DEFAULT_BASE}id/contributor/a1> .",
    )
    assert set(here.graph.quads(ox.NamedNode(misconception))) == before
    assert here.objects("contributor/a1", SKOS.prefLabel)
    assert "e.org/r>" in " ".join(here.said("source/v.ttl", Dataset.PRIVATE))
