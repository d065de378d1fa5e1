"""Writes the documentation: `python -m ontology.documentation docs/ontology`, or with --check only compares it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ontology.documentation.site import site

_SUFFIXES = {".md", ".svg"}


def stale(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """The files of the folder that are not as they would be written, and those that would not be."""
    wrong = [folder / name for name, text in files.items() if _text(folder / name) != text]
    return wrong + [it for it in _present(folder) if it.name not in files]


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, and take away those of an earlier time."""
    folder.mkdir(parents=True, exist_ok=True)
    for it in _present(folder):
        if it.name not in files:
            it.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{folder / name}\n")


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _present(folder: Path) -> list[Path]:
    return sorted(it for it in folder.iterdir() if it.suffix in _SUFFIXES) if folder.is_dir() else []


def main(arguments: Sequence[str]) -> int:
    """0 when all is written or up to date, 1 when files are stale, which are then named."""
    parser = argparse.ArgumentParser(prog="python -m ontology.documentation", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    asked = parser.parse_args(arguments)
    if not asked.check:
        write(asked.folder, site())
        return 0
    found = stale(asked.folder, site())
    sys.stderr.writelines(f"{it} is stale: run make docs\n" for it in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
