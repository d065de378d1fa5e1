"""docs/sparql.md: every block runs against a server, and every number is the program's."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.problems import explanations
from api.saved import MOST
from api.sparql_protocol import FORMATS
from api.tokens import Scope
from graph.cage import CageLimits
from graph.gate import GateLimits
from graph.results import GRAPHS, TABLES
from graph.snapshots import _KEPT
from ontology.namespaces import PREFIXES
from tests.live import serving_live
from tests.serving import services_of

PAGE = (Path(__file__).parents[1] / "docs" / "sparql.md").read_text(encoding="utf-8")
LOCAL = "http://127.0.0.1:8000"


@dataclass
class Server:
    url: str
    token: str


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with serving_live(tmp_path_factory.mktemp("page"), sparql_workers=1) as (url, client):
        yield Server(url, services_of(client).tokens.create("Dana Levi", [Scope.INGEST], 1))


def blocks(language: str, server: Server) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return [it.replace(LOCAL, server.url) for it in found]


def rows(heading: str) -> list[list[str]]:
    """Cells of the table under a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines[1:]]


def test_every_query_has_an_answer(server):
    for query in blocks("sparql", server):
        answer = httpx.get(f"{server.url}/sparql", params={"query": query})
        assert answer.status_code == 200, answer.text
        assert answer.json()["results"]["bindings"], query


def test_the_python_blocks_run_one_after_the_other(server):
    names = {"token": server.token}
    for block in blocks("python", server):
        exec(compile(block, "docs/sparql.md", "exec"), names)  # noqa: S102 - our own page is what is tested
        for name in ("first", "second"):
            if name in names:
                names[name].close()
    assert names["tools"]["grade"].count() == 150
    assert httpx.get(server.url + names["saved"]["replay"]).status_code == 200


def test_the_r_block_runs(server):
    if not (r := shutil.which("Rscript")):
        pytest.skip("needs R: apt-get install r-base-core")
    for block in blocks("r", server):
        ran = subprocess.run([r, "-e", block], capture_output=True, text=True, check=True, timeout=120)
        assert sum(map(int, ran.stdout.split("\n")[2].split())) == 150


def test_the_commands_run(server):
    if not (shutil.which("curl") and (bash := shutil.which("bash"))):
        pytest.skip("needs curl and bash")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = [
        subprocess.run([bash, "-ec", it], capture_output=True, text=True, check=True, env=os.environ | {"PATH": path})
        for it in blocks("sh", server)
    ]
    assert said[0].stdout.split() == ["n", "14"]
    assert "كفايات بلا أداة بالعربية" in said[1].stdout
    assert "sh:SPARQLSelectExecutable" in said[1].stdout
    assert said[2].stdout.count("look up ?role rdf:type ks:Role") == 2


def test_the_limits_are_the_programs():
    told = {row[0]: row[1] for row in rows("Limits")}
    cage, gate = CageLimits(), GateLimits()
    assert told == {
        "time": f"{cage.seconds:g} s (`KESHER_SPARQL_TIMEOUT_S`)",
        "memory": f"{cage.memory // 2**20:,} MB beside the store",
        "rows or triples of an answer": f"{cage.caps.rows:,}",
        "size of an answer": f"{cage.caps.bytes // 10**6} MB",
        "waiting for a free process": f"{cage.patience:g} s",
        "size of a query": f"{gate.bytes:,} bytes",
        "brackets within brackets": f"{gate.nesting}",
        "operators and groups": f"{gate.operators:,}",
        "triple patterns": f"{gate.triples}",
        "OPTIONAL parts": f"{gate.optionals}",
        "steps in property paths": f"{gate.paths}",
        "uses of AS": f"{gate.assignments}",
        "terms outside braces": f"{gate.outside:,}",
    }
    assert re.search(rf"keeps at most\s+{MOST}\.", PAGE)
    assert f"The last {_KEPT} snapshots" in PAGE


def test_formats_prefixes_and_errors_are_the_programs():
    formats = {row[0].strip("`"): row[2].strip("`") for row in rows("What comes back")}
    assert list(formats) == list(FORMATS)
    for name, media_type in formats.items():
        assert media_type in FORMATS[name]
        assert media_type in {*TABLES, *GRAPHS}
    prefixes = PAGE.partition("need no declaration:")[2].partition(". Declare")[0]
    assert re.findall(r"`(\w+):`", prefixes) == sorted(PREFIXES)
    known = explanations()
    for status, code, _ in rows("Errors"):
        assert known[code.strip("`")][2] == int(status), code
