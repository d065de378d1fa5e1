"""The W3C's SPARQL suites through our endpoint: all that pyoxigraph passes, and what fails is known by its name.

The same runs make docs/conformance.md (`make conformance`). Every suite is one test here: it compares the names of the
tests that failed with those that are pinned, so that a pinned test that passes is told as well as a new one that fails.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bench.conformance import judge
from bench.conformance.answers import Rows, Unreadable, read_answer, same, stored
from bench.conformance.judge import is_ordered
from bench.conformance.pins import AS_STORED, BROKEN, ENGINE, EXPECTED, OURS
from bench.conformance.protocol import Talk
from bench.conformance.service import Service
from bench.conformance.serving import kesher
from bench.conformance.suites import CONVERSATIONS, OUT_OF_SCOPE, SUITES, Faults, converse, describe, run
from bench.conformance.yardstick import Engine, files_from

pytestmark = pytest.mark.soak  # a minute and more; .ci/run has it
TITLES = [it.title for it in SUITES]


@pytest.fixture(scope="module")
def suites(shared: Path) -> Path:
    folder = shared / "w3c" / "sparql"
    if not folder.is_dir():
        pytest.skip(f"needs the W3C's suites; {folder} is not there")
    return folder


@pytest.fixture(scope="module")
def service(suites) -> Iterator[Service]:
    with kesher(suites) as service:
        yield service


def surprises(faults: Faults, pinned: Mapping[str, str]) -> dict[str, str]:
    """Tests that did not do what their pins say, in both directions."""
    failed = {name: fault for name, fault in faults.items() if fault and name not in pinned}
    return failed | {name: "pinned, and passes" for name, fault in faults.items() if not fault and name in pinned}


@pytest.mark.parametrize("suite", SUITES, ids=TITLES)
def test_the_engine_passes_what_it_is_known_to_pass(suites, suite):
    assert surprises(run(suite, suites, Engine(suites)), ENGINE) == {}


@pytest.mark.parametrize("suite", SUITES, ids=TITLES)
def test_what_the_engine_passes_passes_through_the_endpoint(suites, service, suite):
    assert surprises(run(suite, suites, service), EXPECTED) == {}


@pytest.mark.parametrize("title", CONVERSATIONS)
def test_the_protocols_are_spoken(suites, service, title):
    assert surprises(converse(title, suites, service), EXPECTED) == {}


def test_the_service_describes_itself(service):
    assert surprises(describe(service), EXPECTED) == {}


# --- nothing is left out ---


@pytest.fixture(scope="module")
def names(suites) -> set[str]:
    ours = {case.name for suite in SUITES for case in suite.cases(suites)}
    spoken = {it.name for read in CONVERSATIONS.values() for it in read(suites)}
    assert not ours & spoken
    return ours | spoken


def test_every_test_of_the_suites_is_run_or_named_as_out_of_scope(suites, names):
    folders = {name.partition("#")[0] for name in names}
    on_disk = {path.parent.relative_to(suites).as_posix() for path in suites.glob("*/*/manifest.ttl")}
    assert on_disk - folders - OUT_OF_SCOPE.keys() == {"sparql11/service-description"}
    assert not folders & OUT_OF_SCOPE.keys()
    assert len(names) > 1200


def test_as_many_tests_are_run_as_the_manifests_count(suites):
    counted = {suite.title: len(suite.cases(suites)) for suite in SUITES}
    counted |= {title: len(read(suites)) for title, read in CONVERSATIONS.items()}
    assert list(counted.values()) == [283, 199, 225, 10, 103, 3, 94, 63, 25, 183, 34, 9, 4, 18]


def test_the_report_says_what_is_pinned(suites):
    report = (Path(__file__).parents[1] / "docs" / "conformance.md").read_text("utf-8")
    rows = {it[1].strip(): it for line in report.splitlines() if len(it := line.split("|")) == 7}
    listed = {suite.title: [it.name for it in suite.cases(suites)] for suite in SUITES}
    for title, tests in (
        listed | {title: [it.name for it in read(suites)] for title, read in CONVERSATIONS.items()}
    ).items():
        told = [int(rows[title][column]) for column in (2, 5)]
        assert told == [len(tests), len(tests) - len(EXPECTED.keys() & set(tests))], title
        if title in listed:
            assert int(rows[title][4]) == len(tests) - len(ENGINE.keys() & set(tests)), title
    assert "Not expected" not in report
    assert all(re.search(rf"\b{re.escape(name.partition('#')[2])}\b", report) for name in EXPECTED.keys() | AS_STORED)


def test_lenience_is_given_where_the_engine_needs_it(suites, monkeypatch):
    monkeypatch.setattr(judge, "AS_STORED", frozenset())
    engine = Engine(suites)
    faults = {name: it for suite in SUITES for name, it in run(suite, suites, engine).items()}
    assert {name for name, it in faults.items() if it and name not in ENGINE} == AS_STORED


def test_every_pin_names_a_test(names):
    described = {"sparql11/service-description#has-endpoint-triple", "sparql11/service-description#conforms-to-schema"}
    assert not (EXPECTED.keys() | AS_STORED) - names - described
    assert len(EXPECTED) == len(ENGINE) + len(OURS) + len(BROKEN)


# --- the comparison can tell answers apart ---


def table(*lines: str) -> Rows:
    return read_answer("\n".join(lines).encode(), "text/tab-separated-values")


def test_rows_are_the_same_but_for_the_names_of_blank_nodes():
    one = table("?a\t?b", "_:x\t_:y", "_:y\t1")
    assert same(one, table("?b\t?a", "_:q\t_:p", "1\t_:q"))
    assert not same(one, table("?a\t?b", "_:x\t_:y", "_:z\t1"))
    assert not same(one, table("?a\t?b", "_:x\t_:y", "_:y\t2"))
    assert not same(one, table("?a", "_:x"))


def test_rows_count_as_often_as_they_come():
    once, twice = table("?a", "1", "2"), table("?a", "1", "1", "2")
    assert not same(once, twice)
    assert same(twice, once, lax=True)
    assert not same(once, twice, lax=True)
    blank = table("?a", "_:x", "_:x")
    assert not same(blank, table("?a", "_:x", "_:y"))


def test_order_counts_where_the_query_sorts():
    up, down = table("?a", "1", "2"), table("?a", "2", "1")
    assert same(up, down)
    assert not same(up, down, ordered=True)
    assert is_ordered("SELECT * { ?s ?p ?o } ORDER BY ?s")
    assert not is_ordered("SELECT * { { SELECT * { ?s ?p ?order } ORDER BY ?s } }")


def test_literals_are_compared_as_stored_and_no_further():
    def written(number: str) -> Rows:
        return stored(table("?a", number))

    assert same(written("01"), written("1"))
    assert not same(written("1.0"), written("1"))
    assert not same(written('"01"'), written('"1"'))


def test_another_kind_of_answer_is_another_answer():
    graph = read_answer(b"<urn:a> <urn:b> <urn:c> .", "text/turtle")
    assert not same(True, graph)
    assert not same(graph, table("?a", "1"))
    assert not same(graph, read_answer(b"<urn:a> <urn:b> <urn:d> .", "text/turtle"))
    with pytest.raises(Unreadable):
        read_answer(b'{"head":{"vars":["a"]},"results":{"bindings":[', "application/sparql-results+json")


def test_what_fails_is_told_in_both_directions():
    faults = {"a": "broken", "b": "", "c": "broken", "d": ""}
    assert set(surprises(faults, {"c": "known", "d": "known"})) == {"a", "d"}


def test_a_conversation_that_goes_wrong_is_told(suites, service):
    talks = {it.name: it for it in CONVERSATIONS["SPARQL 1.1 Protocol"](suites)}
    bad = talks["sparql11/protocol#bad_query_syntax"]
    service.client.headers["X-Nothing"] = "1"
    assert Talk(service).fault(bad) == ""
    expected = bad.exchanges[0].expected
    good = bad.__class__(bad.name, (bad.exchanges[0].__class__("GET", "/sparql/?query=ASK%7B%7D", (), b"", expected),))
    assert "expected 4xx, got 200" in Talk(service).fault(good)


def test_the_files_that_a_query_names_are_found(suites):
    dataset = {it.name: it for suite in SUITES[:1] for it in suite.cases(suites)}
    found = files_from(dataset["sparql10/dataset#dawg-dataset-06"])
    assert [it.rpartition("/")[2] for it in found] == ["data-g1.ttl", "data-g2.ttl"]
