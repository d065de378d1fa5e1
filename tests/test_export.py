"""What goes out: every format read back, by the command and by the route, and never anything private."""

import csv
import io
import json
import shutil
import time
import zipfile
from pathlib import Path
from threading import Thread

import pyoxigraph as ox
import pytest
import uvicorn
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import cli
from api.app import create_app
from api.exporting import EXPORTS, unzipped, write_export
from api.selecting import Selection, gather
from api.services import open_services
from api.settings import Settings
from api.tabulating import tabulate
from graph.embedded import EmbeddedGraph
from ingest.pipeline import Options, ingest
from ingest.starter import load_starter
from language.hashing import HashEncoder
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.interchange.case import read_case, write_case
from ontology.interchange.ctdl import read_ctdl
from ontology.interchange.esco import read_esco
from ontology.interchange.outcome import Count
from ontology.interchange.skos import read_skos, skos_view
from ontology.interchange.sssom import read_sssom
from ontology.kinds import DEFAULT_BASE, Iri, Kind
from ontology.namespaces import KS, RDF, SKOS, SKOSXL
from tests.ingesting import AGENT
from tests.serving import SECRET_RECORD, services_of

FRAMEWORK = f"{DEFAULT_BASE}id/framework/kesher-competencies"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SSSOM = f"""#curie_map: {{c: "{DEFAULT_BASE}id/competency/", ex: "https://example.org/", orcid: "https://orcid.org/"}}
#mapping_set_id: https://example.org/set
#license: {LICENCE}
subject_id\tpredicate_id\tobject_id\tmapping_justification\treviewer_id
c:dia-1\tskos:exactMatch\tex:b\tsemapv:ManualMappingCuration\torcid:1
c:dia-2\tskos:exactMatch\tex:c\tsemapv:LexicalMatching\t
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A data folder with the starter knowledge, a private record, and an alignment of two competencies."""
    folder = tmp_path_factory.mktemp("export")
    files = {"quiet-class.ttl": SECRET_RECORD, "alignment.sssom.tsv": SSSOM}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_services(Settings(data=folder / "kesher"), encoder=HashEncoder) as services:
        load_starter(services.writer)
        report = ingest([folder / name for name in files], services.writer, Options(agent=AGENT))
        assert (report.committed, report.failed) == (3, 0)
    return folder / "kesher"


@pytest.fixture(scope="module")
def client(filled, tmp_path_factory):
    """A server over a copy of that folder."""
    folder = tmp_path_factory.mktemp("served") / "kesher"
    shutil.copytree(filled, folder)
    with open_services(Settings(data=folder), encoder=HashEncoder) as services:
        yield TestClient(create_app(services), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def graph(client) -> EmbeddedGraph:
    return services_of(client).graph


@pytest.fixture(scope="module")
def starter(graph) -> Selection:
    return gather(graph, DEFAULT_BASE, "kesher-competencies")


def get(client: TestClient, **params: str):
    return client.get("/api/v1/export", params=params)


def text_of(graph: EmbeddedGraph, format: str, what: str | None = FRAMEWORK, kind: Kind | None = None) -> str:
    (text,) = write_export(graph, DEFAULT_BASE, format, what, kind).files.values()
    return text


def own(selection: Selection) -> set[ox.Triple]:
    """Statements of the framework and its competencies themselves."""
    entities = {ox.NamedNode(iri) for found in selection.kinds.values() for iri in found}
    return {it for it in selection.triples if it.subject in entities}


def turtle(text: str) -> list[ox.Triple]:
    return [it.triple for it in ox.parse(text, ox.RdfFormat.TURTLE)]


# --- What is selected ---


def test_a_framework_comes_with_all_that_is_in_it_its_labels_and_its_links(starter, graph):
    members = {it.subject.value for it in graph.quads(None, ox.NamedNode(SKOS.inScheme), ox.NamedNode(FRAMEWORK))}
    assert members
    subjects = {it.subject.value for it in starter.triples}
    assert {FRAMEWORK, *members, "https://example.org/set"} <= subjects
    labels = {it.object.value for it in starter.triples if it.predicate == ox.NamedNode(SKOSXL.prefLabel)}
    assert labels
    assert labels <= subjects
    links = {it.subject for it in starter.triples if it.object == ox.NamedNode(KS.Link)}
    assert len(links) == 2
    assert starter.framework == FRAMEWORK


def test_another_framework_and_other_kinds_stay_out(starter):
    assert set(starter.kinds) == {Kind.FRAMEWORK, Kind.COMPETENCY}


def test_the_licences_of_mapping_sets_and_files_are_known(graph, starter, client, tmp_path):
    assert starter.licences == (LICENCE,)
    note = tmp_path / "note.ttl"
    note.write_text(f"<{DEFAULT_BASE}id/subject/botany> a <{KS.Subject}> ; <{SKOS.prefLabel}> 'botany'@en .")
    ingest([note], services_of(client).writer, Options(agent=AGENT, licence="CC0-1.0"))
    found = gather(graph, DEFAULT_BASE, f"{DEFAULT_BASE}id/subject/botany")
    assert found.licences == ("https://spdx.org/licenses/CC0-1.0",)


def test_nothing_private_and_no_book_keeping_goes_out(client):
    for name in set(EXPORTS) - {"csv", "case", "case-1.0"}:
        body = get(client, format=name).content
        texts = unzipped(body).values() if zipfile.is_zipfile(io.BytesIO(body)) else [body.decode()]
        for text in texts:
            assert "Zanzibar" not in text
            assert "quiet-class" not in text
            assert str(KS.contentHash) not in text
    assert "quiet-class" in SECRET_RECORD
    assert get(client, framework=f"{DEFAULT_BASE}id/practice/quiet-class").status_code == 404
    assert "Zanzibar" not in get(client, format="csv", kind="practice").text


@pytest.mark.parametrize(
    ("format", "what", "kind", "told"),
    [
        ("docx", None, None, "case, case-1.0, ctdl"),
        ("case", None, None, FRAMEWORK),
        ("case", f"{DEFAULT_BASE}id/competency/dia-1", None, "There is none"),
        ("csv", None, None, "competency"),
    ],
)
def test_what_cannot_be_written_says_what_can(graph, format, what, kind, told):
    with pytest.raises(InvalidParameter) as caught:
        write_export(graph, DEFAULT_BASE, format, what, kind)
    assert told in caught.value.remedy


def test_an_unknown_framework_is_told_with_those_that_are_known(graph):
    with pytest.raises(UnknownEntity, match="nothing-such") as caught:
        write_export(graph, DEFAULT_BASE, "skos", "nothing-such")
    assert "kesher-competencies" in caught.value.remedy


# --- Every format, read back ---


def test_turtle_read_back_is_the_same_graph(graph, starter):
    assert set(turtle(text_of(graph, "turtle"))) == starter.triples


def test_case_read_back_holds_everything_that_is_said_of_the_framework_and_its_competencies(graph, starter):
    back = read_case(text_of(graph, "case"), DEFAULT_BASE, "x.json")
    assert own(starter) <= back.triples
    assert back.dropped == Count()


def test_ctdl_read_back_holds_everything_that_went_out(graph, starter):
    back = read_ctdl(text_of(graph, "ctdl"), DEFAULT_BASE, "x.jsonld")
    links = f"{DEFAULT_BASE}id/link/"
    here = {it for it in starter.triples if it.subject.value.startswith(f"{DEFAULT_BASE}id/")}
    assert {it for it in here if not it.subject.value.startswith(links)} == back.triples
    assert back.dropped == Count()


def test_skos_read_back_is_the_same_view(graph, starter):
    back = read_skos(turtle(text_of(graph, "skos")), "x.ttl")
    assert back.triples == skos_view(starter.triples, FRAMEWORK)


def test_sssom_read_back_is_the_same_mappings(graph, starter):
    back = read_sssom(text_of(graph, "sssom"), DEFAULT_BASE, "x.tsv")
    links = read_sssom(SSSOM, DEFAULT_BASE, "alignment.sssom.tsv").triples
    # What the file calls accepted is what it declares: nobody here has decided, so no plain statement is exported.
    state, accepted = ox.NamedNode(KS.linkState), ox.Literal("accepted")
    decided = {it.subject for it in links if it.predicate == state and it.object == accepted}
    plain = {it for it in links if it.predicate == ox.NamedNode(SKOS.exactMatch)}
    declared = {ox.Triple(it, state, ox.Literal("declared")) for it in decided}
    assert len(decided) == len(plain) == 1
    assert back.triples == links - plain - {ox.Triple(it, state, accepted) for it in decided} | declared
    assert back.kept.links == 2


def test_esco_read_back_has_every_name_and_every_step_of_the_tree(graph, starter):
    files = write_export(graph, DEFAULT_BASE, "esco", FRAMEWORK).files
    back = set().union(*(read_esco(text, DEFAULT_BASE, name).triples for name, text in files.items()))
    kept = {ox.NamedNode(it) for it in (SKOS.prefLabel, SKOS.broader, SKOS.inScheme)}
    assert {it for it in starter.triples if it.predicate in kept} <= back


def test_a_table_has_a_row_for_each_entity_and_a_column_for_each_property_and_language(graph, starter):
    text = text_of(graph, "csv", FRAMEWORK, Kind.COMPETENCY)
    assert text.startswith("\ufeffiri,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["iri"] for row in rows} == starter.kinds[Kind.COMPETENCY]
    one = next(row for row in rows if row["iri"].endswith("/dia-1"))
    assert one["skos:prefLabel@en"] == "Eliciting student thinking"
    assert one["skos:prefLabel@he"]
    assert one["skos:broader"] == f"{DEFAULT_BASE}id/competency/dia"
    said = {it.predicate.value for it in starter.triples if it.subject.value == one["iri"]}
    named = {name for name, cell in one.items() if cell and name != "iri"}
    assert len({name.partition("@")[0] for name in named}) == len(
        said - {str(RDF.type)} - {str(SKOSXL.prefLabel), str(SKOSXL.altLabel)}
    )


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2.5", "-2.5"), ("-x", "'-x"), ("+972 3", "'+972 3"), ("a=b", "a=b")],
)
def test_a_cell_is_never_a_formula(value, cell):
    iri = Iri("https://example.org/a")
    triple = ox.Triple(ox.NamedNode(iri), ox.NamedNode(SKOS.notation), ox.Literal(value))
    selection = Selection(frozenset({triple}), None, {Kind.TOOL: frozenset({iri})}, ())
    _, row = csv.reader(io.StringIO(tabulate(selection, Kind.TOOL)))
    assert row == [iri, cell]


# --- By the route ---


@pytest.mark.parametrize("format", EXPORTS)
def test_the_route_gives_a_file_with_its_type_its_name_and_its_licence(client, graph, format):
    kind = {"kind": "competency"} if format == "csv" else {}
    answer = get(client, format=format, framework="kesher-competencies", **kind)
    assert answer.status_code == 200
    assert answer.headers["Link"] == f'<{LICENCE}>; rel="license"'
    disposition = answer.headers["Content-Disposition"]
    files = write_export(graph, DEFAULT_BASE, format, FRAMEWORK, Kind(kind["kind"]) if kind else None).files
    if len(files) == 1:
        ((name, text),) = files.items()
        assert answer.headers["Content-Type"].startswith(EXPORTS[format].media_type)
        assert disposition == f'attachment; filename="{name}"'
        assert answer.content.decode() == text
    else:
        assert answer.headers["Content-Type"] == "application/zip"
        assert unzipped(answer.content) == files


def test_the_route_answers_mistakes_as_problems(client):
    assert get(client, format="docx").status_code == 422
    assert get(client, format="case").status_code == 422
    assert get(client, framework="nothing-such").status_code == 404
    assert get(client, format="csv", kind="nothing").status_code == 422
    assert get(client, framework="no:address here").status_code == 422
    assert get(client, framework="no slug").status_code == 422


# --- By the command ---


@pytest.fixture
def kesher(filled, monkeypatch):
    """Runs `kesher` over the starter knowledge."""
    monkeypatch.setenv("KESHER_DATA", str(filled))
    return lambda *arguments: CliRunner().invoke(cli.app, ["export", *arguments])


def test_the_command_prints_a_file(kesher):
    done = kesher("kesher-competencies", "--format", "case")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["CFDocument"]["uri"] == FRAMEWORK


def test_the_command_writes_a_file_or_a_folder(kesher, tmp_path):
    file = tmp_path / "framework.ttl"
    assert kesher("kesher-competencies", "--format", "skos", "--output", str(file)).exit_code == 0
    assert turtle(file.read_text("utf-8"))
    told = json.loads(kesher(FRAMEWORK, "--format", "esco", "--output", str(tmp_path / "esco"), "--json").stdout)
    assert sorted(told["files"]) == sorted(str(it) for it in (tmp_path / "esco").iterdir())
    assert {"skills_en.csv", "skills_he.csv"} <= {it.name for it in (tmp_path / "esco").iterdir()}


def test_the_command_tells_programs_what_it_wrote(kesher):
    told = json.loads(kesher("--format", "csv", "--kind", "role", "--json").stdout)
    assert (told["format"], told["media_type"], told["licences"]) == ("csv", "text/csv", [LICENCE])
    assert list(told["content"]) == ["kesher-role.csv"]


@pytest.mark.parametrize(
    "arguments",
    [["--format", "docx"], ["--format", "case"], ["nothing-such"], ["kesher-competencies", "--format", "esco"]],
)
def test_the_command_fails_with_a_remedy(kesher, arguments):
    done = kesher(*arguments)
    assert done.exit_code == 1
    assert done.exception.remedy


def test_the_command_asks_a_running_server(client, kesher, graph, tmp_path):
    server = uvicorn.Server(uvicorn.Config(client.app, port=0, log_config=None))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        for name in ("case", "esco"):
            kesher(FRAMEWORK, "--format", name, "--url", url, "--output", str(tmp_path))
    finally:
        server.should_exit = True
        thread.join()
    wanted = [write_export(graph, DEFAULT_BASE, name, FRAMEWORK).files for name in ("case", "esco")]
    # Bytes, because the line ends of CSV are part of it.
    written = {it.name: it.read_bytes() for it in tmp_path.iterdir()}
    assert written == {name: text.encode() for files in wanted for name, text in files.items()}


# --- What the command says of what it wrote ---


@pytest.mark.parametrize("format", sorted(set(EXPORTS) - {"csv"}))
def test_the_command_accounts_for_every_statement(kesher, starter, format):
    told = json.loads(kesher("kesher-competencies", "--format", format, "--json").stdout)["account"]
    assert told["statements"] == len(starter.triples)
    assert told["kept"] + sum(told["left_out"].values()) == told["statements"]
    assert (told["kept"] == told["statements"]) == (format == "turtle")
    assert told["kept"] > 0


def test_the_command_tells_people_what_a_format_leaves_out(kesher, starter, tmp_path):
    done = kesher("kesher-competencies", "--format", "skos", "--output", str(tmp_path / "a.ttl"))
    assert f"{len(starter.triples)} public statements" in done.stderr
    assert "Left out, or said in other words:" in done.stderr
    assert "ks:depth (" in done.stderr
    assert "Left out" not in kesher("kesher-competencies").stderr


def test_the_account_of_a_table_is_its_size(kesher, starter):
    arguments = ("kesher-competencies", "--format", "csv", "--kind", "competency", "--json")
    told = json.loads(kesher(*arguments).stdout)
    (text,) = told["content"].values()
    table = list(csv.reader(io.StringIO(text)))
    assert (told["account"]["rows"], told["account"]["columns"]) == (len(table) - 1, len(table[0]))
    assert told["account"]["rows"] == len(starter.kinds[Kind.COMPETENCY])


def test_an_older_version_of_case_is_written_by_its_name(graph):
    old, new = (json.loads(text_of(graph, it)) for it in ("case-1.0", "case"))
    assert "extensions" in new["CFDocument"]
    assert "extensions" not in old["CFDocument"]
    assert old == json.loads(write_case(gather(graph, DEFAULT_BASE, FRAMEWORK).triples, FRAMEWORK, "1.0"))
