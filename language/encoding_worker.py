"""The process that encodes many documents, and exports models: the one that imports torch.

It reads orders on its standard input and answers on its standard output, one after the other. An order is a line of
JSON; so is the head of an answer:

    {"model": "all-MiniLM-L6-v2", "export": "/folder"}     {"done": true}
    {"model": "all-MiniLM-L6-v2", "texts": ["...", ...]}   {"rows": 2, "columns": 384}, then the float32 of the matrix
                                                           {"error": "...", "remedy": "..."}

It ends when nobody holds the other end, or when it has had no order for a while.
"""

from __future__ import annotations

import json
import logging
import os
import select
import sys
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from language.encoder import Encoder
from language.export import export
from language.model import find_model
from language.transformer import load_transformer
from ontology.errors import KesherError

#: Seconds without an order after which the process ends and gives its memory back.
_IDLE_S = 60.0
#: Searches, in the process that started this one, go first.
_NICENESS = 10

_loaded = cache(load_transformer)


def main() -> None:
    """Answer orders until there are none."""
    logging.disable(logging.WARNING)  # libraries advise whoever exports a model by hand
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the answers
    os.nice(_NICENESS)
    while select.select([sys.stdin.buffer], [], [], _IDLE_S)[0] and (line := sys.stdin.buffer.readline()):
        _answer(json.loads(line), answers)
        answers.flush()


def _answer(order: Mapping[str, Any], answers: BinaryIO) -> None:
    try:
        if "export" in order:
            export(find_model(order["model"]), Path(order["export"]))
            _write_head(answers, done=True)
        else:
            _write_matrix(answers, _loaded(order["model"]), order["texts"])
    except KesherError as error:
        _write_head(answers, error=error.message, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever it was, the one who waits must be told
        _write_head(answers, error=f"{type(error).__name__}: {error}", remedy="")


def _write_matrix(answers: BinaryIO, encoder: Encoder, texts: list[str]) -> None:
    vectors = encoder.encode_documents(texts)
    _write_head(answers, rows=vectors.shape[0], columns=vectors.shape[1])
    answers.write(vectors.astype("<f4").tobytes())


def _write_head(answers: BinaryIO, **told: object) -> None:
    answers.write(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main()
