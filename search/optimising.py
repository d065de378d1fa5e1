"""`python -m search.optimising SHARD`: put a copy of an index into order, in a process that gives way to all others."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ontology.errors import FolderDamaged

_LOOK_S = 0.2
_LOWEST_PRIORITY = 19


def optimise_apart(shard: Path, gone_on: Callable[[], None]) -> None:
    """Put the points of a shard that nobody has open into order, in another process; returns when that is done.

    Args:
        shard: Of an index of Qdrant Edge.
        gone_on: Called several times a second; what it raises stops the other process.

    Raises:
        FolderDamaged: the other process failed, in its own words.
    """
    command = [sys.executable, "-m", "search.optimising", str(shard)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module, no shell
        try:
            while (code := process.poll()) is None:
                gone_on()
                time.sleep(_LOOK_S)
        except BaseException:
            process.kill()
            raise
        told = process.stderr.read() if process.stderr else ""
    if code:
        last = told.strip().splitlines()[-1:] or [f"it ended with {code}"]
        raise FolderDamaged(
            f"The copy in {shard} could not be optimised: {last[0]}", remedy="The index serves as it is."
        )


def _end_with(parent: int) -> None:
    """A parent that was killed leaves nobody to use the copy."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main(shard: str) -> None:
    """Optimise a shard here; the process ends when the one that started it does."""
    from search.edge import optimise  # noqa: PLC0415 - a library that not every machine has; this process only

    os.nice(_LOWEST_PRIORITY)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    optimise(Path(shard))


if __name__ == "__main__":
    main(sys.argv[1])
