"""The process that counts or writes out a snapshot: long work, kept away from the one that serves.

    python -m api.publishing.child count SNAPSHOT BASE          prints the statistics as JSON
    python -m api.publishing.child dump SNAPSHOT BASE FOLDER    writes the files, prints nothing

It has no network and yields the processor to everybody else. It ends with 0, or with the number of the system's error
(28: no space left) after telling what it was on standard error.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pyoxigraph as ox

from api.publishing.counting import count
from api.publishing.dump import write_dump
from api.publishing.statistics import STATISTICS
from graph.confinement import leave_network

_NICENESS = 10


def main() -> None:
    """Do what the command line says."""
    task, snapshot, base, *rest = sys.argv[1:]
    leave_network()
    os.nice(_NICENESS)
    store = ox.Store.read_only(snapshot)
    try:
        if task == "count":
            sys.stdout.buffer.write(STATISTICS.dump_json(count(store, base)))
        else:
            write_dump(store, base, Path(rest[0]))
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        full = "No space left" in str(error)  # pyoxigraph leaves the number out
        sys.exit(errno.ENOSPC if full else error.errno or 1)


if __name__ == "__main__":
    main()
