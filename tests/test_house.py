"""The rules of the house that a program can check. CONTRIBUTING.md names each one."""

import ast
import re
import subprocess
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("ontology", "language", "graph", "ingest", "search", "api")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
LONGEST_FILE = 250
LONGEST_FUNCTION = 40


def tracked() -> list[Path]:
    """Files under version control, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("needs a git checkout")
    return [path for line in listing.stdout.splitlines() if (path := ROOT / line).is_file()]


def functions() -> list[tuple[Path, ast.FunctionDef]]:
    trees = ((path, ast.parse(path.read_text())) for path in SOURCES)
    return [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_two_rooms():
    long = {
        str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_two_thoughts():
    long = {f"{path.relative_to(ROOT)}:{node.name}": length(node) for path, node in functions()}
    assert not {name: size for name, size in long.items() if size > LONGEST_FUNCTION}
    assert sorted(long.values())[len(long) // 2] <= 10, "the median function is longer than ten lines"


def test_every_exception_to_a_rule_gives_its_reason():
    exception = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\]|fmt: (?:off|skip))(.*)$")
    bare = re.compile(r"#\s*(noqa|type: ignore)\s*(?!\[|:)")
    for path in SOURCES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            place = f"{path.relative_to(ROOT)}:{number}"
            assert not bare.search(line), f"{place}: name the rule"
            if found := exception.search(line):
                assert len(found[2].strip(" #-:")) > 8 or "fmt:" in found[1], f"{place}: give the reason on the line"


def test_names_say_what_a_thing_is():
    empty = {"Manager", "Helper", "Utils", "Handler", "Processor", "Base", "Impl", "Data", "Info"}
    established = {
        "DataFolder": "the folder that KESHER_DATA names, as its users call it",
        "data": "an entity as data beside its page: the word of Linked Data (api/addresses.py)",
        "limit_processor_time": "the processor of the machine (graph/worker.py)",
        "get_extra_info": "the name by which httpcore asks a stream (graph/remote/exchange.py)",
        "data_received": "what asyncio calls on a protocol (api/patience.py)",
        "_base": "the base IRI of an installation, as RDF calls it (api/settings.py)",
    }
    trees = (ast.parse(path.read_text()) for path in SOURCES)
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    names = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)} - set(established)
    words = {name: {it.capitalize() for it in re.findall("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)} for name in names}
    assert not {name for name, parts in words.items() if parts & empty}


def test_only_settings_reads_the_environment():
    readers = [path for path in SOURCES if re.search(r"os\.environ|getenv", path.read_text())]
    assert [str(path.relative_to(ROOT)) for path in readers] in ([], ["api/settings.py"])


def test_heavy_libraries_have_one_door():
    doors = {
        "sentence_transformers": {"language/transformer.py"},
        "torch": {"language/transformer.py", "language/export.py"},
        "onnx": {"language/quantise.py"},
        "onnxruntime": {"language/onnx.py", "language/quantise.py"},
        "qdrant_edge": {"search/edge.py"},
        "qdrant_client": {"search/cluster.py"},
    }
    for library, expected in doors.items():
        importer = re.compile(rf"^\s*(?:from|import) {library}\b", re.MULTILINE)
        found = {str(path.relative_to(ROOT)) for path in SOURCES if importer.search(path.read_text())}
        assert found == expected, library


def test_queries_are_files_not_strings():
    spelt = re.compile(r"\b(?:SELECT|CONSTRUCT|DESCRIBE)\s+(?:DISTINCT\s+)?[?*(]\w*[^\"']*\{|\bASK\s*\{|\bWHERE\s*\{")
    found = [str(path.relative_to(ROOT)) for path in SOURCES if spelt.search(_code_without_docstrings(path))]
    assert not found


def _code_without_docstrings(path: Path) -> str:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def test_the_tree_speaks_of_itself_alone():
    foreign = re.compile(r"(?:^|[^\w.])/(?:work|root|home)/|(?:index|find)-(?:url|links)|\"resolved\": *\"http")
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "ignore")
        if path != Path(__file__):
            assert not foreign.search(text), path.relative_to(ROOT)


def test_no_other_distribution_overwrites_a_room():
    owners = packages_distributions()
    assert {room: owners.get(room, ["kesher"]) for room in ROOMS} == {room: ["kesher"] for room in ROOMS}


def test_documents_point_at_things_that_exist():
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    missing = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in tracked()
        if page.suffix == ".md"
        for target in link.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not missing


def test_every_problem_code_is_explained_once_and_used():
    said = {code for path in SOURCES for code in re.findall(r"[\"']([EW][12]\d\d)[\"']", path.read_text())}
    listed = re.findall(r"^\| ([EW]\d{3}) \|", (ROOT / "docs/problems.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(said)


def test_the_changelog_counts_down():
    versions = re.findall(r"^## (\d+)\.(\d+)\.(\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    numbers = [tuple(map(int, version)) for version in versions]
    assert numbers
    assert all(later > earlier for later, earlier in pairwise(numbers))
