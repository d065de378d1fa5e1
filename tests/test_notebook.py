"""The notebook for researchers runs from first cell to last against a server, and is committed without results."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.live import live

NOTEBOOK = Path(__file__).parents[1] / "docs" / "notebooks" / "asking-the-graph.ipynb"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    with live(tmp_path_factory.mktemp("notebook"), sparql_workers=1) as url:
        yield url


def read() -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def test_the_notebook_is_committed_without_results():
    nbformat.validate(read())
    for cell in read().cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_the_notebook_runs_and_shows_what_it_promises(server, tmp_path, monkeypatch):
    monkeypatch.setenv("SPARQL_SERVER", server)
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    resources = {"metadata": {"path": tmp_path}}
    ran = NotebookClient(read(), timeout=60, kernel_name="python3", resources=resources).execute()
    shown = {cell.source.partition("\n")[0]: text(cell) for cell in ran.cells if cell.cell_type == "code"}
    assert all(told for source, told in shown.items() if not source.startswith("import os"))
    everything = "\n".join(shown.values())
    assert "(5, 412, True)" in everything, "412 sources come in five pages, each once"
    assert {"researchGrade", "rank", "own_ms"} <= set(everything.split())
    assert "snapshot=" in everything


def text(cell: nbformat.NotebookNode) -> str:
    parts = [it.get("text") or it.get("data", {}).get("text/plain", "") for it in cell.outputs]
    assert not [it for it in cell.outputs if it.output_type == "error" or it.get("name") == "stderr"]
    return "".join(parts)
