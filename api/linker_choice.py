"""What an ingestion links by: names always, meaning where that is soon done, and what decisions have taught."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.item_texts import concept_labels
from ingest.ledger import Dataset
from ingest.lessons import lessons
from ingest.writer import Writer
from language.encoder import Encoder
from language.features import Features
from language.lexicons import Lexicons
from language.link_model import FEWEST, Decision, LinkModel, fit
from language.linking import SURFACE, UNION, Linker, linker_over
from ontology.errors import BadInput
from ontology.kinds import Iri
from search.entities import read_entities

#: Items of one run, and concepts of the graph, up to which meaning is compared: an item takes a tenth of a second, and
#: the texts of the concepts are encoded before the first. `kesher review propose --all` knows no such bound.
MOST_ITEMS, MOST_CONCEPTS = 100, 5_000
#: Of the decisions that a model was fitted on: when so many more are there, it is fitted anew.
_MORE = 10  # a tenth


@dataclass(frozen=True, slots=True)
class LinkerChoice:
    """How items are linked.

    Attributes:
        encoder: Gives what compares meanings, or None while it is not there; None: only names are looked for.
        data: The data folder, with the institute's own words.
        taught: The file of what decisions have taught.
    """

    encoder: Callable[[], Encoder | None] | None
    data: Path
    taught: Path

    @property
    def method(self) -> str:
        """How most proposals come about, with the version of the rule."""
        return SURFACE if self.encoder is None else UNION

    def linker(self, writer: Writer, items: int, *, everything: bool) -> Linker:
        """A linker over the public concepts for so many items.

        Raises:
            UnreadableFile: the file of what decisions have taught is damaged.
        """
        store = writer.store(Dataset.PUBLIC)
        labels = concept_labels(store, writer.base)
        few = items <= MOST_ITEMS and len(labels) <= MOST_CONCEPTS
        encoder = self.encoder() if self.encoder is not None and (few or everything) else None
        if encoder is None:
            return Linker(labels)
        return linker_over(read_entities(store, _iris(labels)), encoder, Lexicons(self.data), self._learnt(writer))

    def _learnt(self, writer: Writer) -> LinkModel | None:
        """What decisions teach, from 200 on; fitted anew when there are a tenth more of them."""
        known, found = LinkModel.read(self.taught), decided(writer)
        more = len(found) - (known.decisions if known else 0)
        if len(found) < FEWEST or (known and more * _MORE < known.decisions):
            return known
        try:
            model = fit(found)
        except BadInput:  # nearly all of them were accepted, or rejected
            return known
        model.save(self.taught)
        return model


def decided(writer: Writer) -> Sequence[Decision]:
    """The decisions about proposals that were ranked by the features of today, meaning among them."""
    told = (it for it in lessons(writer) if it.method != SURFACE and it.features.keys() == set(Features._fields))
    return [Decision(Features(**it.features), it.accepted) for it in told]


def _iris(labels: Mapping[str, object]) -> list[Iri]:
    return [Iri(it) for it in labels]
