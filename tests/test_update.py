"""SPARQL updates: what they come to, which graphs they may write, and that all of an update happens or nothing."""

import re
import threading

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.curate import SetValues, Undo, curate
from ingest.desk import Desk, DraftWorker
from ingest.graphs import replace
from ingest.overlay import DEFAULT
from ingest.starter import load_schema
from ontology.errors import BadInput, Denied, ForbiddenQuery, MalformedQuery, QueryTimeout, QueryTooComplex
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import KS, SKOS
from tests.ingesting import AGENT, place
from tests.updating import BASE, alike, held, update_cases, work

E = "http://example.org/"
#: Tests of W3C that this endpoint fails on purpose, and why.
REFUSED = {
    "update-silent/load-silent": "LOAD is never allowed, and a refusal that says success would be a lie",
    "update-silent/load-into-silent": "LOAD is never allowed, and a refusal that says success would be a lie",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Desk(tmp_path_factory.mktemp("desk") / "updates", seconds=30.0) as found:
        yield found


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def quads(text: str) -> set[ox.Quad]:
    return set(ox.parse(f"PREFIX : <{E}> {text}", ox.RdfFormat.TRIG))


def run(here, desk, text: str, **more: object):
    return work(here, desk, f"PREFIX : <{E}> {text}", **more)


# --- what an update comes to ---


def test_data_is_put_in_and_taken_out_in_order(here, desk):
    commit = run(here, desk, "INSERT DATA { :a :p 1, 2 . GRAPH :g { :a :p 3 } }")
    assert (commit.changed_triples, commit.touched) == (3, {f"{E}a"})
    commit = run(here, desk, "DELETE DATA { :a :p 1, 4 }; INSERT DATA { :a :p 5, 6 }; DELETE DATA { :a :p 6 }")
    assert commit.changed_triples == 2
    assert held(here) == quads(":a :p 2, 5 . :g { :a :p 3 }")
    assert here.ledger.last == 2


def test_what_is_there_already_is_no_write(here, desk):
    run(here, desk, "INSERT DATA { GRAPH :g { :a :p 1 } }")
    assert run(here, desk, "INSERT DATA { GRAPH :g { :a :p 001 } }; DELETE DATA { :b :p 1 }").sequence == 1
    assert here.ledger.last == 1


def test_blank_nodes_stay_who_they_are(here, desk):
    run(here, desk, "INSERT DATA { GRAPH :g { :a :p _:x . _:x :q 1 } }")
    run(here, desk, "INSERT { GRAPH :h { ?x :r ?v } } WHERE { GRAPH :g { ?x :q ?v } }")
    run(here, desk, "DELETE WHERE { GRAPH :g { ?x :q ?v } }")
    assert alike(held(here), quads(":g { :a :p _:x } :h { _:x :r 1 }"))


def test_a_pattern_reads_the_union_as_a_query_does(here, desk):
    run(here, desk, "INSERT DATA { :a :p 1 . GRAPH :g { :b :p 2 } GRAPH :h { :b :q 3 } }")
    run(here, desk, "INSERT { GRAPH :all { ?s :seen ?v } } WHERE { { ?s :p ?v } UNION { ?s :p ?w ; :q ?v } }")
    assert {it for it in held(here) if "all" in str(it.graph_name)} == quads(":all { :a :seen 1 . :b :seen 2, 3 }")
    run(here, desk, "INSERT { GRAPH :one { ?s :seen ?v } } WHERE { ?s :p ?v }", strict=True)
    assert {it for it in held(here) if "one" in str(it.graph_name)} == quads(":one { :a :seen 1 }")
    run(here, desk, "DELETE WHERE { ?s :p ?v }")
    assert quads(":g { :b :p 2 }") < held(here)
    assert not here.graph.select("kind-counts")
    assert not any(isinstance(it.graph_name, ox.DefaultGraph) for it in held(here))


def test_no_name_of_a_graph_is_taken_by_the_program_itself(here, desk):
    run(here, desk, "INSERT DATA { :a :p 1 }")
    graph = "<urn:kesher:default-graph>"
    run(here, desk, f"INSERT {{ GRAPH {graph} {{ ?s :q ?o }} }} WHERE {{ ?s ?p ?o }}")
    assert held(here) == quads(f":a :p 1 . {graph} {{ :a :q 1 }}")


def test_each_operation_sees_what_the_one_before_it_wrote(here, desk):
    run(here, desk, "INSERT DATA { :a :p 1 }; INSERT { GRAPH :g { ?s :q ?v } } WHERE { ?s :p ?v };"
        "DELETE { ?s :p ?v } WHERE { ?s :p ?v ; :q ?v }")  # fmt: skip
    assert held(here) == quads(":g { :a :q 1 }")


def test_the_request_may_name_what_patterns_read(here, desk):
    run(here, desk, "INSERT DATA { GRAPH :g { :a :p 1 } GRAPH :h { :a :p 2 } }")
    text = "INSERT { GRAPH :x { ?s :seen ?v } } WHERE { ?s :p ?v }"
    run(here, desk, text, default_graphs=(f"{E}g",))
    assert quads(":x { :a :seen 1 }") == {it for it in held(here) if it.graph_name == ox.NamedNode(f"{E}x")}
    for own in ("WITH :g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "INSERT { :a :p 1 } USING :g WHERE { ?s ?p ?o }"):
        with pytest.raises(BadInput, match="names a dataset"):
            run(here, desk, own, named_graphs=(f"{E}g",))


def test_an_empty_graph_exists_until_it_is_dropped(here, desk):
    run(here, desk, "CREATE GRAPH :g")
    with pytest.raises(BadInput, match="already exists"):
        run(here, desk, "CREATE GRAPH :g")
    assert run(here, desk, "CREATE SILENT GRAPH :g").sequence == 1
    run(here, desk, "DROP GRAPH :g")
    with pytest.raises(BadInput, match="does not exist"):
        run(here, desk, "DROP GRAPH :g")
    assert here.writer.catalog().graphs() == set()


def test_relative_addresses_stand_below_the_endpoint(here, desk):
    run(here, desk, "INSERT DATA { <a> <b> <c> }")
    assert {it.subject.value for it in held(here)} == {BASE.replace("update", "a")}


# --- what an update may not do ---


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("LOAD <http://127.0.0.1:1/x>", ForbiddenQuery, "LOAD is never allowed"),
        ("LOAD SILENT <http://127.0.0.1:1/x> INTO GRAPH :g", ForbiddenQuery, "LOAD is never allowed"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", ForbiddenQuery, "SERVICE"),
        ("INSERT DATA { :a :p }", MalformedQuery, "} is not expected after :p"),
        ("INSERT DATA { :a :p 1 }; DELETE DATA { _:x :p 1 }", MalformedQuery, "Line 1"),
        ("CLEAR XYZ", MalformedQuery, "XYZ is no word of an update"),
        ("INSERT DATA { :a :p 'open }", MalformedQuery, "Line 1"),
        (f"INSERT DATA {{ :a :p {'(' * 70} }}", QueryTooComplex, "nests more than 64"),
        (f"INSERT {{ ?s ?p ?o }} WHERE {{ {'?s ?p ?o . ' * 300} }}", QueryTooComplex, "triple patterns"),
        ("INSERT DATA { :a :p <<( :a :p 1 )>> }", BadInput, "triple"),
    ],
)
def test_what_may_not_run_is_refused_with_its_place(here, desk, text, error, told):
    with pytest.raises(error, match=re.escape(told)):
        run(here, desk, text)
    assert here.ledger.last == 0


def test_data_may_be_as_long_as_it_likes(here, desk):
    text = " ".join(f":s{n} :p {n} ." for n in range(5_000))
    assert run(here, desk, f"INSERT DATA {{ {text} }}").changed_triples == 5_000


def test_an_update_without_end_is_stopped_and_writes_nothing(here, tmp_path):
    with Desk(tmp_path / "updates", seconds=2.0) as hasty:
        run(here, hasty, f"INSERT DATA {{ {' '.join(f':s{n} :p {n} .' for n in range(300))} }}")
        with pytest.raises(QueryTimeout, match="nothing was written"):
            run(here, hasty, "INSERT { ?a :q ?c } WHERE { ?a :p ?b . ?c :p ?d . ?e :p ?f . ?g :p ?h . ?i :p ?j }")
        assert here.ledger.last == 1
        assert run(here, hasty, "INSERT { ?a :q 1 } WHERE { ?a :p 7 }").changed_triples == 1


def test_a_write_stands_when_no_other_process_can_be_started_after_it(here, tmp_path, monkeypatch):
    def refused(_worker: DraftWorker) -> None:
        raise OSError("no more processes")

    with Desk(tmp_path / "updates", seconds=20) as desk, desk.lend() as worker:
        worker.kill()
        monkeypatch.setattr(DraftWorker, "usable", property(lambda _: False))
        monkeypatch.setattr(DraftWorker, "__init__", refused)


@pytest.mark.parametrize("name", ["catalog", "overridden", "schema"])
def test_the_program_s_own_graphs_are_not_written(here, desk, name):
    load_schema(here.writer)
    before, graph = held(here), f"<{DEFAULT_BASE}graph/{name}>"
    for text in (
        f"INSERT DATA {{ GRAPH {graph} {{ :a :p 1 }} }}",
        f"CLEAR GRAPH {graph}",
        f"DROP SILENT GRAPH {graph}",
        f"COPY DEFAULT TO {graph}",
        f"PREFIX k: <{DEFAULT_BASE}> WITH k:graph\\/{name} INSERT {{ :a :p 1 }} WHERE {{ }}",
        f"INSERT {{ GRAPH ?g {{ :a :p 1 }} }} WHERE {{ VALUES ?g {{ {graph} }} }}",  # noqa: S608 - SPARQL of a test
    ):
        with pytest.raises(Denied, match="kept by the program"):
            run(here, desk, text)
    assert held(here) == before


def test_dropping_all_takes_everything_but_what_the_program_keeps(here, desk):
    load_schema(here.writer)
    schema = held(here)
    here.take("notes.ttl", f"<{E}a> <{E}p> 1 .")
    run(here, desk, "INSERT DATA { :a :p 1 . GRAPH :g { _:x :p 2 } }; CREATE GRAPH :empty")
    run(here, desk, "DROP ALL")
    assert held(here) == schema
    assert here.writer.catalog().graphs() - {DEFAULT} == {here.writer.graph("schema")}


def test_a_file_that_an_update_changed_is_restored_by_its_next_ingestion(here, desk):
    here.take("notes.ttl", f"<{E}a> <{E}p> 1, 2 .")
    graph = here.writer.graph("source/notes.ttl")
    run(here, desk, f"DELETE DATA {{ GRAPH {graph} {{ :a :p 1 }} }}")
    assert here.writer.catalog().facts(graph).title == "notes.ttl"
    assert not here.writer.catalog().facts(graph).content_hash
    assert here.take("notes.ttl", f"<{E}a> <{E}p> 1, 2 .").changed_triples == 1
    assert here.writer.catalog().facts(graph).content_hash


# --- curation ---

NAME = ox.NamedNode(SKOS.prefLabel)


def names(here) -> set[str]:
    """The names of :a in the union, without what has been set aside."""
    return {it.object.value for it in here.graph.quads(ox.NamedNode(f"{E}a"), NAME)}


def curated(here, *values: str) -> None:
    edit = SetValues(SKOS.prefLabel, tuple(ox.Literal(it, language="en") for it in values), "en")
    curate(here.writer, f"{E}a", [edit], agent=AGENT)


def test_what_is_said_where_curation_speaks_steps_aside(here, desk):
    curated(here, "Curated")
    for graph in ("GRAPH :g", ""):
        data = ":a skos:prefLabel 'New'@en , 'חדש'@he"
        run(here, desk, f"INSERT DATA {{ {graph} {{ {data} }} }}" if graph else f"INSERT DATA {{ {data} }}")
    assert names(here) == {"Curated", "חדש"}
    assert run(here, desk, "INSERT DATA { GRAPH :g { :a skos:prefLabel 'New'@en } }").changed_triples == 0
    curate(here.writer, f"{E}a", [Undo(SKOS.prefLabel, "en")], agent=AGENT)
    assert held(here) == quads(f":a <{NAME.value}> 'New'@en, 'חדש'@he . :g {{ :a <{NAME.value}> 'New'@en, 'חדש'@he }}")


def test_a_graph_that_is_replaced_starts_anew_also_where_curation_speaks(here, desk):
    graph, named = ox.NamedNode(f"{E}g"), ox.NamedNode(f"{E}a")
    old, new = (f'{named} {NAME} "{it}"@en .\n'.encode() for it in ("Old", "New"))
    replace(here.writer, graph, old, agent=AGENT, check=lambda _: None)
    curated(here, "Curated")
    replace(here.writer, graph, new, agent=AGENT, check=lambda _: None)
    assert names(here) == {"Curated"}
    replace(here.writer, graph, new, agent=AGENT, check=lambda _: None)
    curate(here.writer, f"{E}a", [Undo(SKOS.prefLabel, "en")], agent=AGENT)
    assert names(here) == {"New"}


def test_an_update_of_the_curation_moves_what_sources_say(here, desk):
    here.take("notes.ttl", f"<{E}a> <{NAME.value}> 'Old'@en .")
    before, curation = held(here), here.writer.overlay.curation
    run(here, desk, f"INSERT DATA {{ GRAPH {curation} {{ :a skos:prefLabel 'Curated'@en }} }}")
    assert names(here) == {"Curated"}
    assert len(set(here.graph.quads(graph=here.writer.overlay.overridden))) == 6
    run(here, desk, f"CLEAR GRAPH {curation}")
    assert held(here) == before


def test_a_dropped_graph_takes_along_what_was_set_aside_of_it(here, desk):
    here.take("notes.ttl", f"<{E}a> <{NAME.value}> 'Old'@en ; <{E}p> 1 .")
    curated(here, "Curated")
    run(here, desk, f"DROP GRAPH {here.writer.graph('source/notes.ttl')}")
    assert not set(here.graph.quads(graph=here.writer.overlay.overridden))
    curate(here.writer, f"{E}a", [Undo(SKOS.prefLabel, "en")], agent=AGENT)
    assert held(here) == set()


# --- practice records ---

RECORD = f"{DEFAULT_BASE}id/practice/quiet"
PUBLIC = 'a ks:PracticeRecord ; ks:consent "public" ; ks:anonymisation "full"'


def test_no_update_shows_a_private_record(here, desk):
    here.take("r.ttl", f'PREFIX ks: <{KS}> <{RECORD}> a ks:PracticeRecord ; ks:consent "research" ; <{E}p> "secret" .')
    before, private = held(here), set(here.private.quads())
    for data in (
        f'<{RECORD}> ks:consent "public"',
        f"<{RECORD}> {PUBLIC}",
        f":list :mentions <{RECORD}>",
        ":new a ks:PracticeRecord ; :p 1",
        f':new {PUBLIC} ; :p "Call Dana, 052-1234567"',
        "ks:Tool rdfs:subClassOf ks:PracticeRecord . :new a ks:Tool",
    ):
        for graph in ("GRAPH :g", f"GRAPH <{DEFAULT_BASE}graph/curation>", f"GRAPH <{DEFAULT_BASE}graph/source/r.ttl>"):
            with pytest.raises(Denied):
                run(here, desk, f"INSERT DATA {{ {graph} {{ {data} }} }}")
    assert (held(here), set(here.private.quads())) == (before, private)


def test_a_public_record_may_be_told_of_and_goes_when_its_consent_does(here, desk):
    here.take("r.ttl", f'PREFIX ks: <{KS}> <{RECORD}> {PUBLIC} ; <{E}p> "ours" .')
    run(here, desk, f"INSERT DATA {{ GRAPH :g {{ <{RECORD}> :q 1 }} }}")
    graph = f"GRAPH <{DEFAULT_BASE}graph/source/r.ttl>"
    with pytest.raises(Denied, match="practice record"):
        run(here, desk, f'DELETE DATA {{ {graph} {{ <{RECORD}> ks:consent "public" }} }}')
    run(here, desk, f"DELETE WHERE {{ {graph} {{ <{RECORD}> ?p ?o }} }}; CLEAR GRAPH :g")
    assert held(here) == set()


def test_what_an_update_said_of_a_record_goes_with_its_consent(here, desk):
    file = f'PREFIX ks: <{KS}> <{RECORD}> {PUBLIC} ; <{E}p> "ours" .'
    here.take("r.ttl", file)
    run(here, desk, f"INSERT DATA {{ GRAPH :g {{ <{RECORD}> :q 1 . :a :p 2 }} :list :of <{RECORD}> }}")
    here.take("r.ttl", file.replace('"public"', '"research"'))
    assert held(here) == quads(":g { :a :p 2 }")
    assert here.private.select("kind-counts")


# --- two at once ---


def test_updates_from_many_threads_lose_nothing(here, desk):
    run(here, desk, "INSERT DATA { GRAPH :g { :a :n 0 } }")
    more = "WITH :g DELETE { :a :n ?n } INSERT { :a :n ?m } WHERE { :a :n ?n BIND(?n + 1 AS ?m) }"
    threads = [threading.Thread(target=run, args=(here, desk, more)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(here) == quads(":g { :a :n 4 }")


# --- W3C's own tests ---


@pytest.mark.soak
def test_the_update_suite_of_w3c(shared, tmp_path, desk):
    failed, cases = [], list(update_cases(shared / "w3c/sparql/sparql11"))
    assert len(cases) == 94
    for number, case in enumerate(cases):
        with place(tmp_path / str(number)) as here:
            here.graph.apply([], case.before.quads())
            try:
                work(here, desk, case.request, strict=True)
            except ForbiddenQuery:
                failed.append(case.name)
            else:
                failed += [] if alike(held(here), case.after.quads()) else [case.name]
    assert set(failed) == set(REFUSED)


# --- any sequence of updates, beside pyoxigraph's own ---

_GRAPHS = st.sampled_from(["GRAPH :g", "GRAPH :h", "DEFAULT"])
_TRIPLE = st.builds(
    "{} {} {} .".format,
    st.sampled_from([":a", ":b", "_:x", "_:y"]),
    st.sampled_from([":p", ":q"]),
    st.sampled_from([":a", ":b", "_:x", "1", '"שלום"@he', '"x\\n\\"y"']),
)
_NAMED = st.builds(lambda it: it.replace("_:x", ":c").replace("_:y", ":d"), _TRIPLE)
_DATA = st.lists(_TRIPLE, min_size=1, max_size=3).map(" ".join)
_GROUND = st.lists(_NAMED, min_size=1, max_size=3).map(" ".join)
_PATTERN = st.sampled_from(
    ["?s ?p ?o", "?s :p ?o", "?s :p ?x . ?x ?p ?o", "GRAPH :g { ?s ?p ?o }", "GRAPH ?g { ?s ?p ?o }"]
)
_WRITTEN = st.sampled_from(["?s ?p ?o", "GRAPH :h { ?s :r ?o }", "GRAPH :g { ?s ?p [ :w ?o ] }"])


def _inside(graph: str, data: str) -> str:
    return data if graph == "DEFAULT" else f"{graph} {{ {data} }}"


_OPERATION = st.one_of(
    st.builds(lambda graph, data: f"INSERT DATA {{ {_inside(graph, data)} }}", _GRAPHS, _DATA),
    st.builds(lambda graph, data: f"DELETE DATA {{ {_inside(graph, data)} }}", _GRAPHS, _GROUND),
    st.builds("INSERT {{ {} }} WHERE {{ {} }}".format, _WRITTEN, _PATTERN),
    st.builds("DELETE WHERE {{ {} }}".format, _PATTERN),
    st.builds("DELETE {{ ?s ?p ?o }} INSERT {{ {} }} WHERE {{ {} }}".format, _WRITTEN, _PATTERN),
    st.builds("WITH :g DELETE {{ ?s ?p ?o }} INSERT {{ {} }} WHERE {{ ?s ?p ?o }}".format, _WRITTEN),
    st.builds(
        "{} SILENT {}".format, st.sampled_from(["CLEAR", "DROP"]), st.one_of(_GRAPHS, st.sampled_from(["ALL", "NAMED"]))
    ),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(["ADD", "MOVE", "COPY"]), _GRAPHS, _GRAPHS),
)
_UPDATE = st.lists(_OPERATION, min_size=1, max_size=3).map(";\n".join)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(updates=st.lists(_UPDATE, min_size=1, max_size=3))
def test_any_sequence_of_updates_gives_what_a_bare_store_gives(tmp_path_factory, desk, updates):
    bare = ox.Store()
    with place(tmp_path_factory.mktemp("store")) as here:
        for number, text in enumerate(updates):
            named = f"PREFIX : <{E}> {text}"
            for label in ("x", "y"):  # the same label may not stand in two INSERT DATA of one request
                for place_, part in enumerate(named.split(";\n")):
                    named = named.replace(part, part.replace(f"_:{label}", f"_:{label}{number}n{place_}"))
            bare.update(named, base_iri=BASE)
            work(here, desk, named, strict=True)
            assert alike(held(here), bare), updates
            existing = {it.subject for it in here.graph.quads(graph=here.writer.graph("catalog"))}
            assert {it for it in bare.named_graphs() if any(bare.quads_for_pattern(None, None, None, it))} <= existing


# --- the processes of the desk ---


def test_a_worker_that_needed_little_is_used_again_whatever_this_process_needed(here, desk):
    ballast = bytearray(300 << 20)  # more than makes a worker spent
    run(here, desk, "INSERT DATA { :a :p 1 }")
    before = [it._process.pid for it in desk._idle]
    run(here, desk, "INSERT DATA { :a :p 2 }")
    assert len(ballast) > 0
    assert [it._process.pid for it in desk._idle] == before
