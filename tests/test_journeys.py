"""What the README promises its three users, through the real stores and the real model."""

import json
import re
import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from api.cli import app
from api.cli.demo import NEED
from api.services import Services, open_services
from api.settings import Settings
from graph.query import QueryRequest
from ingest.pipeline import Options
from ingest.starter import load_starter
from ontology.kinds import Kind
from ontology.model import Report
from ontology.questions import question
from search.answers import ReasonKind, SearchRequest

README = (Path(__file__).parents[1] / "README.md").read_text()


@pytest.fixture(scope="module")
def kesher(tmp_path_factory: pytest.TempPathFactory, exported: Path) -> Iterator[Services]:
    """The starter knowledge and the sample documents, indexed with the bundled model."""
    folder = tmp_path_factory.mktemp("kesher")
    shutil.copytree(exported, folder / exported.name)
    with open_services(Settings(data=folder)) as services:
        load_starter(services.writer)
        _ingest_samples(services)
        yield services


def _ingest_samples(services: Services) -> Report:
    with as_file(files("ingest") / "samples") as samples:
        return services.ingest([samples], Options(agent=services.agent, source="samples"))


def test_a_need_finds_what_shares_no_word_with_it(kesher: Services):
    hits = kesher.search.engine.search(SearchRequest(NEED, limit=5)).hits
    assert len(hits) == 5
    for hit in hits:
        assert [it.kind for it in hit.because] == [ReasonKind.MEANING]
    assert sum("noticing" in hit.label.lower() for hit in hits) >= 3
    assert hits[0].label[:40] in README


def test_a_query_joins_role_competency_tool_and_source(kesher: Services):
    request = QueryRequest(question("role-competency-tool-source"), "application/sparql-results+json")
    answer = json.loads(kesher.cage.run(request).body)
    rows = answer["results"]["bindings"]
    assert answer["head"]["vars"] == ["role", "competency", "tool", "source"]
    assert f"; {len(rows)} rows)" in README
    assert "Content-focused coaching" in {row["tool"]["value"] for row in rows}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("מועדון וידאו", "video-club"),
        ("במועדון הווידאו", "video-club"),
        ("نادي الفيديو", "video-club"),
        ("لنادي الفيديو", "video-club"),
        ("video club", "video-club"),
    ],
)
def test_a_name_is_found_in_three_languages_and_with_its_prefixes(kesher: Services, query: str, found: str):
    hits = kesher.search.engine.search(SearchRequest(query, limit=3)).hits
    assert f"{kesher.settings.base_iri}id/tool/{found}" in {hit.iri for hit in hits}


def test_what_was_ingested_is_found_and_the_same_file_again_changes_nothing(kesher: Services):
    again = _ingest_samples(kesher)
    assert (again.committed, again.changed_triples, again.encoded) == (0, 0, 0)
    assert again.read == again.skipped > 0
    hits = kesher.search.engine.search(
        SearchRequest("what pupils were thinking", kinds=frozenset({Kind.PRACTICE}))
    ).hits
    assert "A video club meeting on what pupils were thinking" in {hit.label for hit in hits}


def test_the_three_stores_agree(kesher: Services):
    assert kesher.search.disagreements() == []
    assert kesher.search.watermark == kesher.ledger.last


def test_every_command_of_the_readme_exists():
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {group.name for group in app.registered_groups}
    assert set(re.findall(r"`?\bkesher ([a-z]+)\b(?= |`)", README)) - {"is"} <= known
