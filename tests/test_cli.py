"""The command line: what it prints for programs and for people, its exit codes, and that errors are paragraphs."""

import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from fastapi.testclient import TestClient

from api import cli
from api.app import create_app
from api.services import open_services
from api.settings import load_settings
from api.sparql_protocol import FORMATS
from language.hashing import HashEncoder
from language.model import Model
from tests.serving import with_starter

SAMPLES = Path(cli.__file__).parents[2] / "ingest" / "samples"


class Kesher:
    """Runs commands in this process and returns what they print."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.err = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        self._monkeypatch.setattr(sys, "argv", ["kesher", *arguments])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, self.err = self._capsys.readouterr()
        assert (ended.value.code or 0) == code, self.err
        assert "Traceback" not in out + self.err
        return out

    def json(self, *arguments: str, code: int = 0) -> dict:
        return json.loads(self(*arguments, "--json", code=code))

    @property
    def said(self) -> str:
        """What was said on stderr, without the frame around it."""
        return " ".join(re.sub("[│╭╮╰╯─]", " ", self.err).split())


@pytest.fixture
def kesher(monkeypatch, capsys, tmp_path) -> Kesher:
    """The command line over a new folder, with the hash encoder in the model's place."""
    for name in [it for it in os.environ if it.startswith("KESHER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KESHER_DATA", str(tmp_path / "kesher"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("api.searching.find_model", lambda _: Model("hash@256", tmp_path, frozenset({"en"})))
    monkeypatch.setattr("api.searching.open_encoder", lambda *_, **__: HashEncoder())
    return Kesher(monkeypatch, capsys)


def fill(folder: Path) -> None:
    shutil.copytree(with_starter(), folder)


@pytest.fixture(scope="module")
def starter(tmp_path_factory) -> Path:
    """A data folder with the starter knowledge, for tests that only read."""
    folder = tmp_path_factory.mktemp("cli") / "kesher"
    fill(folder)
    return folder


@pytest.fixture
def filled(kesher, starter, monkeypatch) -> Kesher:
    """The command line over the starter knowledge, to read."""
    monkeypatch.setenv("KESHER_DATA", str(starter))
    return kesher


@pytest.fixture
def fresh(kesher) -> Kesher:
    """The command line over starter knowledge of its own, to write."""
    fill(load_settings().data)
    return kesher


def test_an_empty_folder_gets_the_schema_and_nothing_else(kesher):
    assert kesher.json("check")["counts"] == {}
    rows = kesher.json("sparql", "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")["results"]["bindings"]
    assert {row["g"]["value"].rpartition("/")[2] for row in rows} == {"schema", "catalog"}


def test_what_is_logged_is_no_part_of_an_answer(kesher, monkeypatch):
    def opened(*_: object, **__: object) -> HashEncoder:
        structlog.get_logger("kesher.test").info("exporting the model")
        structlog.get_logger("kesher.test").warning("it takes long")
        return HashEncoder()

    monkeypatch.setattr("api.searching.open_encoder", opened)
    assert kesher.json("search", "video club")["hits"] == []
    assert "it takes long" in kesher.err
    assert "exporting" not in kesher.err


def test_search_and_tools_print_the_bodies_of_their_routes(filled):
    search = filled.json("search", "video club", "--limit", "3", "--lang", "he", "--kind", "tool")
    tools = filled.json("tools", "subject-coordinator", "--min-evidence", "2", "--limit", "4")
    with open_services(load_settings()) as services:
        services.search.load()
        client = TestClient(create_app(services))
        assert client.get("/api/v1/search?q=video club&limit=3&lang=he&kind=tool").json() == search
        assert client.get("/api/v1/roles/subject-coordinator/tools?min_evidence=2&limit=4").json() == tools


def test_answers_for_people(filled):
    assert "Video club" in filled("search", "video club")
    assert "requires" in filled("tools", "subject-coordinator", "--limit", "2")
    hebrew = filled("tools", "subject-coordinator", "--lang", "he")
    assert "התפקיד" in hebrew
    assert not set(hebrew) & {"\u2068", "\u2069", "│"}


def test_a_search_shows_what_is_beside_its_hits(filled):
    shown = filled("search", "vidoe club")
    assert "Did you mean: video club?" in shown
    assert "Linked to these:" in filled("search", "video club")
    vain = filled("search", "sourdough bread recipe", "--lang", "he")
    assert "Nothing here fits this well" in vain
    assert "Broader concepts:" in vain
    assert not set(vain) & {"\u2068", "\u2069"}
    near = json.loads(filled("search", "noticing", "--near", "tool/video-club", "--json"))
    assert near["hits"]


def test_gaps_are_reported_and_demand_is_forgotten(filled):
    shown = filled("gaps", "--limit", "2")
    assert "Competencies that a role requires and no tool develops: 11" in shown
    assert "Asked for in vain: 0" in shown
    (only,) = json.loads(filled("gaps", "--kind", "orphans", "--json"))["gaps"]
    assert (only["kind"], only["total"]) == ("orphans", 7)
    assert "Erased: 0" in filled("gaps", "--forget", "all")


@pytest.mark.parametrize("format", FORMATS)
def test_sparql_answers_in_every_format(filled, format):
    graph = format in {"turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml"}
    query = "CONSTRUCT WHERE { ?s a ks:Role }" if graph else "SELECT ?s WHERE { ?s a ks:Role }"
    assert filled("sparql", query, "--format", format).count("/id/role/") >= 14


def test_a_truth_is_a_word_and_one_row_is_one(filled):
    assert filled("sparql", "ASK { ?s a ks:Role }").strip() == "true"
    assert "1 row\n" in filled("sparql", "SELECT (1 AS ?n) {}")


def test_sparql_reads_a_file_and_shows_a_table_in_which_brackets_are_text(filled, tmp_path):
    file = tmp_path / "query.rq"
    file.write_text('SELECT ("[bold]x[/bold]" AS ?it) ?s WHERE { ?s a ks:Subject }')
    shown = filled("sparql", "--file", str(file))
    assert "[bold]x[/bold]" in shown
    assert "5 rows" in shown


def test_a_plan_is_a_tree_for_people_and_json_for_programs(filled):
    query = "SELECT ?name { ?role a ks:Role ; skos:prefLabel ?name } ORDER BY ?name"
    shown = filled("sparql", query, "--explain")
    assert "└── sort by ASC(?name)" in shown
    assert "look up ?role rdf:type ks:Role  14 rows" in shown
    steps = filled.json("sparql", query, "--explain")["steps"]
    assert [it["operator"] for it in steps][:2] == ["Project", "Sort"]
    filled("sparql", "SELECT ?s { ?s ?p }", "--explain", code=1)
    assert "Line 1, column 19" in filled.said


def test_ingest_accounts_for_every_record_and_does_nothing_the_second_time(fresh):
    first = fresh.json("ingest", str(SAMPLES))
    again = fresh.json("ingest", str(SAMPLES))
    assert set(first) == {"read", "committed", "skipped", "failed", "problems", "changed_triples", "encoded"}
    assert first["read"] == first["committed"] + first["skipped"] + first["failed"]
    assert first["committed"] > 0
    assert first["encoded"] > 0
    assert (again["committed"], again["changed_triples"], again["encoded"]) == (0, 0, 0)


def test_a_dry_run_writes_nothing(filled):
    everything = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    before = filled.json("sparql", everything)
    assert filled.json("ingest", str(SAMPLES), "--dry-run")["changed_triples"] > 0
    assert filled.json("sparql", everything) == before


def test_a_broken_file_fails_with_file_place_and_remedy(kesher, tmp_path):
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix ks: <https://w3id.org/kesher/schema#> .\n<a:b> a ks:Tool ;;; nonsense .\n")
    report = kesher.json("ingest", str(broken), code=1)
    assert (report["committed"], report["failed"]) == (0, 1)
    problem = report["problems"][0]
    assert (problem["file"], "line 2" in problem["place"]) == ("broken.ttl", True)
    kesher("ingest", str(broken), code=1)
    assert "broken.ttl, line 2" in kesher.err


def test_check_finds_what_is_wrong(fresh, tmp_path):
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(
        "@prefix ks: <https://w3id.org/kesher/schema#> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<https://w3id.org/kesher/id/role/x> a ks:Role ; skos:prefLabel "X"@en ;\n'
        "  ks:requires <https://w3id.org/kesher/id/competency/nowhere> .\n"
    )
    fresh("ingest", str(wrong))
    found = fresh.json("check", code=1)
    assert not found["ok"]
    assert "dangling-links" in {it["code"] for it in found["faults"]}
    assert any("competency/nowhere" in it["message"] for it in found["faults"])


def test_check_counts_what_the_fact_base_counts(filled):
    found = filled.json("check")
    expected = {"role": 14, "competency": 99, "standard": 43, "tool": 150, "source": 412}
    assert {kind: found["counts"][kind] for kind in expected} == expected
    assert found["ok"]
    assert found["faults"] == []
    shares = found["labels"]["role"]["ar"]
    assert shares["missing"] == round(4 / 14, 4)
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)


def test_reindex_mends_a_damaged_index(fresh, tmp_path):
    (state,) = (tmp_path / "kesher" / "index").glob("*/state.json")
    state.write_text("{")
    assert fresh("check", code=1) == ""
    assert "kesher reindex" in fresh.said
    report = fresh.json("reindex")
    assert report["encoded"] > 500
    assert fresh.json("check")["ok"]
    again = fresh.json("reindex", "--optimise")
    assert again == {"optimised": False, "watermark": report["watermark"], "points": report["points"]}
    assert "nothing to put into order" in fresh("reindex", "--optimise")


def test_a_token_is_shown_once_and_can_be_revoked(kesher):
    text = kesher.json("token", "create", "--name", "Dana", "--scope", "review", "--scope", "ingest", "--days", "2")[
        "token"
    ]
    listed = kesher.json("token", "list")
    assert text.startswith("ksh_")
    assert [(it["name"], it["scopes"], it["valid"]) for it in listed] == [("Dana", ["review", "ingest"], True)]
    assert text not in json.dumps(listed)
    kesher("token", "revoke", listed[0]["id"])
    assert not kesher.json("token", "list")[0]["valid"]
    kesher("token", "revoke", "nobody", code=1)
    assert "nobody" in kesher.said


def test_config_names_every_setting_and_notices_a_misspelling(kesher, monkeypatch):
    monkeypatch.setenv("KESHER_DTAA", "x")
    monkeypatch.setenv("KESHER_PORT", "9000")
    rows = {row["name"]: row for row in kesher.json("config")}
    assert (rows["KESHER_PORT"]["default"], rows["KESHER_PORT"]["value"]) == (8000, 9000)
    assert "KESHER_DTAA" in kesher.err
    assert "default: 8000" in kesher("config")


def test_config_names_the_remote_store_and_what_is_wrong_with_it_without_its_password(kesher, monkeypatch):
    monkeypatch.setenv("KESHER_GRAPH_QUERY_URL", "http://dana:secret@127.0.0.1:9/query")
    rows = {row["name"]: row for row in kesher.json("config")}
    assert rows["KESHER_GRAPH_QUERY_URL"]["value"] == "http://127.0.0.1:9/query"
    assert "http://127.0.0.1:9/query: The graph store cannot be reached" in kesher.said
    kesher("check", code=1)
    assert "http://127.0.0.1:9/query" in kesher.said
    assert "KESHER_GRAPH_QUERY_URL" in kesher.said
    assert "secret" not in kesher.err + kesher("config")


def test_migrate_has_nothing_to_do_in_a_new_folder_and_refuses_a_newer_one(kesher, tmp_path):
    kesher("check")
    assert kesher.json("migrate", "--dry-run") == {
        "format": 2, "schema": "0.2.0", "dry_run": True, "steps": [], "difference": [], "hidden": [], "files": [],
    }  # fmt: skip
    (tmp_path / "kesher" / "format.json").write_text('{"format": 99}')
    kesher("check", code=1)
    assert "99" in kesher.said


def test_a_folder_in_use_names_the_process_and_the_way_to_reach_it(kesher, tmp_path):
    with open_services(load_settings(), command="kesher serve", url="http://127.0.0.1:8123"):
        kesher("search", "video", code=1)
        assert f"process {os.getpid()} (kesher serve)" in kesher.said
        assert "--url http://127.0.0.1:8123" in kesher.said
        assert kesher.json("token", "create", "--name", "D", "--scope", "admin")["token"]


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (["search"], 2, "text"),
        (["nonsense"], 2, "nonsense"),
        (["sparql"], 2, "--file"),
        (["sparql", ""], 1, "query"),
        (["search", "x", "--kind", "toool"], 2, "toool"),
        (["ingest", "/nowhere/at/all"], 2, "/nowhere/at/all"),
        (["search", "x", "--limit", "0"], 1, "limit"),
        (["search", " "], 1, "empty"),
        (["tools", "no-such-role"], 1, "no-such-role"),
        (["sparql", "SELECT ?s { ?s ?p }"], 1, "Line 1, column 19"),
        (["sparql", "SELECT * { SERVICE <http://x/> {} }"], 1, "SERVICE"),
        (["sparql", "ASK {}", "--format", "docx"], 1, "docx"),
        (["search", "x", "--url", "http://127.0.0.1:9"], 1, "http://127.0.0.1:9"),
        (["search", "x", "--url", "nonsense"], 1, "nonsense"),
        (["eval", "retrieval", "/nowhere"], 1, "/nowhere"),
    ],
)
def test_an_error_is_a_paragraph_that_names_what_was_wrong(kesher, monkeypatch, arguments, code, named):
    monkeypatch.setattr("api.cli.evaluate.open_encoder", lambda *_, **__: HashEncoder())
    kesher(*arguments, code=code)
    assert named in kesher.said


def test_a_bad_setting_is_named(kesher, monkeypatch):
    monkeypatch.setenv("KESHER_PORT", "eighty")
    kesher("check", code=1)
    assert "KESHER_PORT is 'eighty'" in kesher.said


def test_a_taken_port_is_a_clear_error(kesher, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        kesher("serve", "--port", str(taken.getsockname()[1]), code=1)
    assert "cannot listen" in kesher.said


def test_the_demo_gives_three_answers_and_the_second_time_reuses_what_is_there(kesher):
    first = kesher("demo", "--no-serve")
    assert max(len(line) for line in first.splitlines()) <= 100
    assert all(mark in first for mark in ("words in common", "competency", "requires"))
    writes = kesher.json("sparql", "SELECT (MAX(?n) AS ?last) WHERE { ?g ks:sequence ?n }")
    kesher("demo", "--no-serve")
    assert kesher.json("sparql", "SELECT (MAX(?n) AS ?last) WHERE { ?g ks:sequence ?n }") == writes


def test_every_command_takes_json_and_explains_itself(kesher):
    for command in ("ingest", "search", "tools", "sparql", "check", "reindex", "migrate", "config", "demo", "serve"):
        shown = kesher(command, "--help")
        assert "--json" in shown, command


def test_the_installed_command_starts(tmp_path):
    command = Path(sys.executable).with_name("kesher")
    if not command.exists():
        pytest.skip("Kesher is not installed as a command here")
    ran = subprocess.run([command, "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0
    assert "demo" in ran.stdout


def test_an_error_for_a_program_is_json(kesher):
    told = kesher.json("tools", "no-such-role", code=1)["error"]
    assert told["code"] == "unknown-entity"
    assert "no-such-role" in told["message"]
    assert not kesher.err


def test_an_empty_folder_says_how_to_fill_it(kesher):
    kesher("search", "feedback")
    assert "Nothing is loaded yet" in kesher.said
    assert "Nothing is loaded yet" in kesher("ask", "missing-labels")


def test_an_answer_without_rows_says_so_and_no_more(filled):
    said = filled("ask", "broader-cycles")
    assert "0 rows" in said
    assert "Nothing is loaded" not in said


def test_check_finds_a_circle_in_a_long_chain_at_once(kesher, tmp_path):
    places = [f"<https://example.org/{it}>" for it in (*range(6_000), 0)]
    broader = "<http://www.w3.org/2004/02/skos/core#broader>"
    links = [f"{child} {broader} {parent} ." for child, parent in itertools.pairwise(places)]
    (tmp_path / "chain.nt").write_text("\n".join(links), encoding="utf-8")
    kesher("ingest", str(tmp_path / "chain.nt"))
    found = kesher.json("check", code=1)
    assert len([it for it in found["faults"] if it["code"] == "broader-cycles"]) == 1


# --- words ---


def test_an_institute_adds_a_word_and_is_told_of_a_broken_row(fresh):
    fresh("lexicon", "add", "he", "בלומפיל|בלומפילים", "bloom chart; flower")
    assert "bloom chart" in fresh("lexicon", "gloss", "בבלומפילים")
    assert "he: 1 rows" in fresh("lexicon", "check")
    file = Path(os.environ["KESHER_DATA"]) / "lexicon" / "he.tsv"
    file.write_text(file.read_text("utf-8") + "מילה\n", "utf-8")
    fresh("lexicon", "check", code=1)
    assert "line 2: 1 columns instead of 3" in fresh.said
    assert "line 2" in fresh.json("check", code=1)["faults"][-1]["place"]
    fresh("lexicon", "add", "fr", "mot", "word", code=1)
    assert "There is no lexicon for 'fr'" in fresh.said


def test_coverage_is_printed_of_the_texts_that_ship_and_of_a_file(kesher, tmp_path):
    shipped = kesher.json("eval", "gloss")
    assert min(shipped["he"]["by_tokens"], shipped["ar"]["by_tokens"]) > 0.65
    (tmp_path / "text.txt").write_text("תלמידים בקזוארינה\n", "utf-8")
    found = kesher.json("eval", "gloss", str(tmp_path / "text.txt"), "--missing", "3")
    assert found["he"] == {"tokens": 2, "by_tokens": 0.5, "types": 2, "by_types": 0.5, "missing": {"בקזוארינה": 1}}
    assert found["ar"]["tokens"] == 0
    assert "Glosses of running text" in kesher("eval", "gloss", "--missing", "2")


def test_a_topic_is_not_erased_here_when_a_server_was_meant(kesher):
    kesher("gaps", "--forget", "all", "--url", "http://127.0.0.1:9", code=1)
    assert "not through a server" in kesher.said
