"""A large document comes to the same as in the ordinary journey, whichever way it is written."""

import pyoxigraph as ox
import pytest

from ingest import graphs, large
from ingest.curate import SetValues, curate
from ingest.ledger import Dataset
from ontology.errors import Denied
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.namespaces import SKOS
from tests.ingesting import AGENT, Place, place

E = "http://example.org/"
PREFIXES = f"""@prefix : <{E}> . @prefix ks: <https://w3id.org/kesher/schema#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix id: <{DEFAULT_BASE}id/role/> .
"""
PLAIN = {
    "links, texts and a statement twice": r":a a :Thing ; :p :b , 'x' , 'x' . :b :q 'שלום'@he , 'one\ntwo'@en .",
    "nodes without a name": ":a :p [ :q [ :r 1 ] ] , _:x . _:x :q _:y . _:y :q _:x .",
    "values in other spellings": ":a :p 1 , 001 , 1.50 , true , '1'^^xsd:boolean , '2020-01-01'^^xsd:date .",
    "control characters": r":a :p 'bell \u0007 rings' , 'tab\tstays' .",
    "texts to be normalised": r":a :p 'cafe\u0301' , '\u202eopen' , 'colour'@en-GB , 'ישן'@iw .",
    "escapes": r""":a :p 'quoted \\u0041 \"' , ' .\n} ' , '_:x <<( @en .' .""",
}
JUDGED = {
    "a practice record": ":r a ks:PracticeRecord ; ks:consent 'public' ; dct:description 'Call 050-1234567' .",
    "a class of records": ":Mine rdfs:subClassOf ks:PracticeRecord . :r a :Mine ; :p 'x' .",
    "an instance of a class of records": ":r a :Known ; :p 'x' .",
    "a part of a private record": ":part dct:isPartOf :secret ; :p 'x' .",
    "a mention of a private record": ":a :p :secret .",
    "more about a private record": ":secret :p 'x' .",
    "what a curator has spoken of": ":curated skos:prefLabel 'Old'@en .",
    "a thing with a shape": ":a a skos:Concept ; :p 'x' .",
    "a term of ours that there is not": ":a ks:nothing 'x' .",
    "a retired term": ":a ks:level 'x' .",
    "what the starter knowledge describes": "id:one skos:prefLabel 'Another'@en .",
    "a label that is too long": f":a :p 'x' . :b skos:prefLabel '{'x' * 70_000}' .",
    "nothing": "# only a comment",
    "a syntax error": ":a :p 1 . :b :p",
    "a triple inside a triple": ":a :p <<( :b :q 1 )>> .",
}


@pytest.fixture
def large_from(monkeypatch):
    def at(size: int) -> None:
        monkeypatch.setattr(large, "LARGE", size)
        monkeypatch.setattr(graphs, "LARGE", size)

    return at


def prepared(here: Place) -> Place:
    starter = [it.triple for it in ox.parse(f"{PREFIXES} id:one skos:prefLabel 'One'@en .", ox.RdfFormat.TURTLE)]
    here.writer.replace("starter/roles", starter, door="test", agent=AGENT)
    here.take("known.ttl", f"{PREFIXES} :Known rdfs:subClassOf ks:PracticeRecord .")
    here.take("secret.ttl", f"{PREFIXES} :secret a ks:PracticeRecord ; ks:consent 'private' ; dct:title 'Hidden' .")
    value = ox.Literal("Curated", language="en")
    curate(here.writer, Iri(f"{E}curated"), [SetValues(Iri(str(SKOS.prefLabel)), (value,), "en")], agent=AGENT)
    return here


def outcome(here: Place, name: str) -> dict[str, object]:
    graph = here.writer.graph(name)
    hidden = (it for it in here.private.quads() if it.graph_name != here.writer.graph("catalog"))
    return {
        "statements": [here.everything(), set(map(str, hidden))],
        "facts": [here.writer.catalog(it).facts(graph) for it in Dataset],
        "changes": [it.iris for it in here.ledger.changes_since(0)],
    }


def both(tmp_path, large_from, work) -> list[object]:
    found = []
    for size in (1 << 30, 0):
        with place(tmp_path / str(size)) as here:
            large_from(1 << 30)
            prepared(here)
            large_from(size)
            found.append(work(here))
    return found


@pytest.mark.parametrize("text", [*PLAIN.values(), *JUDGED.values()], ids=[*PLAIN, *JUDGED])
def test_a_document_comes_to_the_same_either_way(tmp_path, large_from, text):
    def work(here: Place) -> object:
        first = here.take("big.ttl", PREFIXES + text)
        return first, outcome(here, "source/big.ttl"), here.take("big.ttl", PREFIXES + text)

    ordinary, whole = both(tmp_path, large_from, work)
    assert whole == ordinary


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_plain_document_is_filled_in(tmp_path, large_from, monkeypatch, text):
    with place(tmp_path) as here:
        prepared(here)
        large_from(0)
        monkeypatch.setattr("ingest.pipeline.account_of", None)
        assert here.take("big.ttl", PREFIXES + text).committed


def test_a_document_that_fails_midway_leaves_nothing(tmp_path, large_from):
    with place(tmp_path) as here:
        large_from(0)
        before, statements = here.ledger.last, here.everything()
        report = here.take("big.nt", f"<{E}a> <{E}p> <{E}b> .\n" * 30_000 + "<broken\n")
        assert (report.failed, report.problems[0].code) == (1, "E111")
        assert (here.ledger.last, here.everything()) == (before, statements)
        assert here.take("big.nt", f"<{E}a> <{E}p> <{E}b> .\n").changed_triples == 1
    with place(tmp_path) as again:
        assert again.said("source/big.nt") == {f"<{E}a> <{E}p> <{E}b>"}


@pytest.mark.parametrize("text", [*PLAIN.values(), *list(JUDGED.values())[:8]], ids=[*PLAIN, *list(JUDGED)[:8]])
def test_a_graph_that_is_put_or_posted_comes_to_the_same_either_way(tmp_path, large_from, text):
    lines = ox.serialize(ox.parse(PREFIXES + text, ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)

    def work(here: Place) -> object:
        seen: list[int | None] = []
        outcomes: list[object] = []
        for put in (graphs.replace, graphs.merge):
            graph = ox.NamedNode(f"{E}{put.__name__}")
            try:
                outcomes.append(put(here.writer, graph, lines, agent=AGENT, check=seen.append).changed_triples)
            except Denied as error:
                outcomes.append(error.message)
            if b"_:" not in lines:  # such nodes have labels of their own each time
                outcomes.append(outcome(here, graph.value))
        return outcomes

    ordinary, whole = both(tmp_path, large_from, work)
    assert whole == ordinary
