"""The endpoint as others read it: pandas and R take its tables from an address, as they are."""

import shutil
import subprocess
from collections.abc import Iterator
from urllib.parse import quote

import pandas as pd
import pytest

from ontology.examples import example
from tests.live import live

TOOLS = "SELECT ?tool ?name ?grade WHERE { ?tool a ks:Tool ; skos:prefLabel ?name ; ks:researchGrade ?grade FILTER(LANG(?name) = 'he') } ORDER BY ?name"  # noqa: E501 - one line, as in an address


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    with live(tmp_path_factory.mktemp("elsewhere"), sparql_workers=1) as url:
        yield url


def address(server: str, query: str, **params: str) -> str:
    more = "".join(f"&{name}={value}" for name, value in params.items())
    return f"{server}/sparql?query={quote(query)}{more}"


def test_pandas_reads_a_query_as_it_is(server):
    """pandas sends a User-Agent of its own and no Accept header."""
    table = pd.read_csv(address(server, TOOLS, format="csv"))
    assert list(table.columns) == ["tool", "name", "grade"]
    assert len(table) == 150
    assert str(table["grade"].dtype) == "int64"
    assert table["name"].str.contains("[א-ת]", regex=True).sum() > 140


def test_pandas_reads_tsv_and_json_of_an_example(server):
    query = example("sources-by-decade").query
    table = pd.read_csv(address(server, query, format="csv"))
    tabbed = pd.read_csv(address(server, query, format="tsv"), sep="\t")
    assert list(tabbed.columns) == [f"?{it}" for it in table.columns]
    assert len(tabbed) == len(table)
    assert table["sources"].sum() == 408


def test_pandas_reads_a_plan(server):
    steps = pd.DataFrame(pd.read_json(f"{server}/api/v1/explain?query={quote(TOOLS)}", typ="series")["steps"])
    assert {"does", "rows", "own_ms"} <= set(steps.columns)
    assert steps["rows"].max() >= 150


def test_what_pandas_cannot_have_is_an_error_and_no_table(server):
    with pytest.raises(OSError, match="400"):
        pd.read_csv(address(server, "SELECT ?s { ?s", format="csv"))


def test_r_reads_a_query_as_it_is(server):
    if not (r := shutil.which("Rscript")):
        pytest.skip("needs R: apt-get install r-base-core")
    program = f"""
        found <- read.csv("{address(server, TOOLS, format="csv")}", encoding = "UTF-8")
        cat(names(found), nrow(found), class(found$grade), sum(grepl("\\u05d0|\\u05d9", found$name)) > 100)
    """
    ran = subprocess.run([r, "-e", program], capture_output=True, text=True, check=False, timeout=120)
    assert ran.stdout.split() == ["tool", "name", "grade", "150", "integer", "TRUE"], ran.stderr
