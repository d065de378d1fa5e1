"""How well concepts are proposed for texts: library records that librarians indexed, and texts written by rule.

The first run encodes 76,748 labels, which takes minutes; later ones find the vectors in the machine's folder for
temporary files. The texts in Hebrew and Arabic are written by this project (`bench.linking_items`): they show that a
way exists, and no quality may be claimed from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from api.encoding import open_encoder, vector_cache
from bench.kept import CACHE
from bench.linking_items import write
from bench.measure import Line, in_turns, milliseconds
from bench.world import shared
from language.concept_vectors import silent
from language.encoder import Encoder
from language.linking import Linker
from language.meaning import Meaning
from language.model import BUNDLED, find_model
from search.link_collection import LinkCollection
from search.link_evaluation import Scores, evaluate_decisions, evaluate_links, find

_DECISIONS = 200
_NAMES = {"he": "Hebrew", "ar": "Arabic"}


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; the ratio is F1@5 / what is asked for, recall@20 of what is made by rule, or of time."""
    encoder = open_encoder(find_model(BUNDLED), CACHE, vector_cache(CACHE))
    records = LinkCollection.read(shared() / "data" / "linking")
    linker = _linker(records, encoder)
    yield _judged("library records, labels alone", _scores(records, Linker(records.labels))["all"], 0.20)
    found = find(records.documents, linker, silent)
    yield _judged("library records, labels and meaning", evaluate_links(found, linker)["all"], 0.20)
    for name, scores in evaluate_decisions(found, linker, _DECISIONS)[0].items():
        yield _judged(f"library records, {name}", scores, 0.23)
    for name, made in write(folder).items():
        items = LinkCollection.read(made)
        by_lang = _scores(items, _linker(items, encoder))
        for lang, language in _NAMES.items():
            yield _by_rule(f"{language}, {name} by rule", by_lang[lang])
    yield _speed(records, linker, encoder)


def _linker(collection: LinkCollection, encoder: Encoder) -> Linker:
    return Linker(collection.labels, Meaning(collection.texts, encoder))


def _scores(collection: LinkCollection, linker: Linker) -> Mapping[str, Scores]:
    return evaluate_links(find(collection.documents, linker, silent), linker)


def _judged(what: str, scores: Scores, target: float) -> Line:
    told = f"F1@5 {scores['f1@5']:.3f}, R@20 {scores['recall@20']:.3f}, ECE {scores['ece']:.3f}"
    return Line(what, told, "F1@5 asked for", f"{target:.2f}", scores["f1@5"] / target)


def _by_rule(what: str, scores: Scores) -> Line:
    told = f"R@20 {scores['recall@20']:.3f}, nDCG@10 {scores['ndcg@10']:.3f}"
    return Line(what, told, "written by this project", "1", scores["recall@20"])


def _speed(collection: LinkCollection, linker: Linker, encoder: Encoder) -> Line:
    """Twenty records linked with vectors at hand, beside encoding them."""
    texts = [it.text for it in collection.documents[:20]]
    taken = in_turns({"propose": linker.propose, "encode": encoder.encode_query}, texts)
    ours, theirs = taken["propose"].p50, taken["encode"].p50
    return Line(
        "a record among 78,741 concepts", milliseconds(ours), "encoding it", milliseconds(theirs), ours / theirs
    )
