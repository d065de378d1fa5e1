"""A bibliography of real abstracts, from file to searchable, beside encoding its passages and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from api.services import open_services
from api.settings import Settings
from bench.abstracts import scifact
from bench.measure import Line
from ingest.pipeline import Options
from language.transformer import load_transformer
from search.collection import Collection
from search.entities import read_entities
from search.passages import passages

RECORDS = 1000

_UNSAID = str.maketrans("", "", "{}\\%$&#_~^@")


def lines(folder: Path) -> Iterator[Line]:
    """The line of the table; `folder` is for scratch files. The rate is records a second, ratio ours / bare."""
    documents = dict(islice(Collection.read(scifact()).documents.items(), RECORDS))
    file = folder / "abstracts.bib"
    file.write_text(bibtex(documents), "utf-8")
    encoder = load_transformer()
    encoder.encode_documents(["The first call takes longer."])
    with open_services(Settings(data=folder / "data"), command="bench", encoder=lambda: encoder) as services:
        start = time.perf_counter()
        report = services.ingest([file], Options(agent=services.agent))
        whole = time.perf_counter() - start
        texts = [it.text for entity in read_entities(services.graph) for it in passages(entity, encoder.name)]
    start = time.perf_counter()
    encoder.encode_documents(texts)
    bare = time.perf_counter() - start
    yield Line(
        f"a BibTeX file of {report.committed:,} abstracts, read, written and indexed in {whole:.0f} s",
        f"{report.committed / whole:.0f}/s",
        f"encoding their {len(texts):,} passages alone",
        f"{report.committed / bare:.0f}/s",
        bare / whole,
    )


def bibtex(documents: Mapping[str, str]) -> str:
    """The documents as entries: the title is the first sentence, as in the collection."""
    return "\n".join(_entry(name, *text.translate(_UNSAID).split(". ", 1)) for name, text in documents.items())


def _entry(name: str, title: str, abstract: str = "") -> str:
    return f"@article{{scifact{name},\n  title = {{{title}}},\n  abstract = {{{abstract}}}\n}}\n"
