"""`python -m bench.conformance docs/conformance.md`: run every suite and write the report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.conformance.pins import EXPECTED
from bench.conformance.report import Line, written
from bench.conformance.serving import kesher, oxigraph_serve
from bench.conformance.suites import CONVERSATIONS, DESCRIPTION, SUITES, converse, describe, run
from bench.conformance.yardstick import Engine

_ROOT = Path(os.environ.get("KESHER_SHARED", Path(__file__).parents[3] / "shared")) / "w3c" / "sparql"


def main() -> None:
    """Write the report; say on standard error what was not expected, and exit with 1 then."""
    if not _ROOT.is_dir():
        sys.exit(f"The suites are not at {_ROOT}: set KESHER_SHARED to the folder with w3c/sparql in it.")
    lines = list(_lines(_ROOT))
    Path(sys.argv[1]).write_text(written(lines), encoding="utf-8")
    surprises = [
        f"{name}: {fault}" for it in lines for name, fault in it.ours.items() if bool(fault) != (name in EXPECTED)
    ]
    print(*surprises, sep="\n", file=sys.stderr)
    sys.exit(1 if surprises else 0)


def _lines(root: Path) -> Iterator[Line]:
    engine = Engine(root)
    with kesher(root) as ours:
        for suite in SUITES:
            yield Line(suite.title, "pyoxigraph", run(suite, root, engine), run(suite, root, ours))
        with oxigraph_serve(root) as theirs:
            for title in CONVERSATIONS:
                yield Line(title, "oxigraph serve", converse(title, root, theirs), converse(title, root, ours))
            yield Line(DESCRIPTION, "oxigraph serve", describe(theirs), describe(ours))


main()
