"""The witness of an update: what it saw the update touch is all that changed, and what it cannot see is told."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.update_reading import read_update
from ingest import witness, worked
from ingest.witness import witness_of
from ingest.worked import Copy, Language, Worked, on_copy
from ontology.errors import MalformedQuery

E = "https://example.org/"
LANGUAGE = Language({"ex": E}, E)
NOWHERE: tuple[list[str], list[str]] = ([], [])


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(E + name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A store of three graphs, with blank nodes and a default graph."""
    path = tmp_path_factory.mktemp("witness") / "graph"
    store, blank = ox.Store(path), ox.BlankNode("b")
    graphs = [node("g"), node("h"), ox.DefaultGraph()]
    store.extend(
        ox.Quad(subject, node(predicate), value, graph)
        for subject in (node("a"), node("b"), blank)
        for predicate, value in (("p", node("a")), ("p", blank), ("q", ox.Literal("x", language="he")))
        for graph in graphs
    )
    store.flush()
    return path


def work(folder: Path, scratch: Path, text: str, *, large: bool, union: bool = True) -> Worked:
    ox.Store.read_only(str(folder)).backup(scratch)
    before, worked._LARGE = worked._LARGE, -1 if large else 1 << 40
    try:
        return on_copy(Copy(str(scratch), [], []), read_update(text), NOWHERE, LANGUAGE, union=union)
    finally:
        worked._LARGE = before


TEMPLATES = st.sampled_from(
    ["?s ?p ?o", "?s ex:r ?o ; ex:r 1", "GRAPH ?g { ?s ?p ?o }", "GRAPH ex:h { ?o ex:p ?s }", "ex:a a ?o"]
)
PATTERNS = st.sampled_from(
    [
        "?s ?p ?o",
        "GRAPH ?g { ?s ?p ?o }",
        "?s ex:p ?o OPTIONAL { ?o ?p ?x }",
        "{ ?s ex:p ?o } UNION { GRAPH ?g { ?s ?p ?o FILTER(isBlank(?s)) } }",
        "SELECT ?s ?o WHERE { ?s ex:q ?o } LIMIT 1",
        "?s ?p ?o . VALUES ?s { ex:a } # }",
        "",
    ]
)
OPERATIONS = st.one_of(
    st.builds("DELETE {{ {} }} INSERT {{ {} }} WHERE {{ {} \n}}".format, TEMPLATES, TEMPLATES, PATTERNS),
    st.builds("INSERT {{ {} }} WHERE {{ {} \n}}".format, TEMPLATES, PATTERNS),
    st.builds("WITH ex:g DELETE {{ {} }} WHERE {{ {} \n}}".format, TEMPLATES, PATTERNS),
    st.builds("DELETE {{ {} }} USING ex:h WHERE {{ {} \n}}".format, TEMPLATES, PATTERNS),
    st.sampled_from(["DELETE WHERE { ?s ex:q ?o }", "DELETE WHERE { GRAPH ?g { ?s ex:p ?o } }"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations=st.lists(OPERATIONS, min_size=1, max_size=3), union=st.booleans())
def test_what_was_seen_is_all_that_changed(folder, tmp_path_factory, operations, union):
    text = f"PREFIX ex: <{E}> " + " ;\n".join(operations)
    scratch = tmp_path_factory.mktemp("scratch")
    assert witness_of(read_update(text), LANGUAGE.prefixes) is not None
    seen = work(folder, scratch / "seen", text, large=True, union=union)
    compared = work(folder, scratch / "compared", text, large=False, union=union)
    assert seen == compared


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { ?s ex:p [ ex:q 1 ] } WHERE { ?s ex:p ?o }",
        "INSERT { ?s ex:p _:new } WHERE { ?s ex:p ?o }",
        "INSERT { ?s ex:p (1 2) } WHERE { ?s ex:p ?o }",
        "INSERT { ?s unheard:p ?o } WHERE { ?s ex:p ?o }",
        "INSERT DATA { ex:a ex:b 1 }",
        "DELETE WHERE { ?s ex:p ?o } ; CLEAR GRAPH ex:g",
    ],
)
def test_what_cannot_be_seen_is_compared_whole(text):
    assert witness_of(read_update(text), LANGUAGE.prefixes) is None


def test_too_much_to_note_is_compared_whole(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(witness, "_MOST", 1)
    text = "DELETE { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert work(folder, tmp_path / "one", text, large=True) == work(folder, tmp_path / "two", text, large=False)


def test_an_error_is_told_by_its_place_in_what_was_sent(folder, tmp_path):
    with pytest.raises(MalformedQuery) as refused:
        work(folder, tmp_path / "one", "DELETE { ?s ?p ?o }\nWHERE { ?s ?p }", large=True)
    assert (refused.value.line, refused.value.column) == (2, 15)
