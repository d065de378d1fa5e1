"""Texts in Hebrew and Arabic with the concepts that they are about, written by rule from the knowledge that ships.

`python -m bench.linking_items FOLDER` writes two collections for `kesher eval links`. Nobody judged them: they are made
by this project, and what they measure is that a way exists, not how well people's own texts are linked.

    described   What the starter knowledge says of a concept in one language (its definition; of a misconception, its
                correction and the task that shows it). The concept is right. Its own name may not stand in it.
    named       A sentence with the name of a concept after a prefix that is written together with it. The concept
                is right, and every other of that name.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from language.folding import key
from ontology import turtle
from ontology.kinds import Kind, kind_of, local_name
from ontology.namespaces import KS, RDF, SKOS

#: A sentence around a name, by language; the prefix stands for "in" and "about".
_NAMED = {
    "he": "בפגישה האחרונה של הצוות עסקנו ב{} ודנו בצעד הבא.",
    "ar": "في اللقاء الأخير للفريق عملنا ب{} وناقشنا الخطوة التالية.",
}
_KINDS = frozenset({Kind.ROLE, Kind.COMPETENCY, Kind.TOOL, Kind.CLAIM, Kind.MISCONCEPTION, Kind.SUBJECT, Kind.CONCEPT})
_NAMES = frozenset({str(SKOS.prefLabel), str(SKOS.altLabel)})
_DESCRIBING = (str(SKOS.definition), str(KS.correction), str(KS.diagnosticTask))


@dataclass
class _Concept:
    classes: set[str] = field(default_factory=set)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def write(folder: Path) -> Mapping[str, Path]:
    """Write both collections below a folder; their folders by what they are."""
    concepts = _concepts()
    return {
        "described": _written(folder / "described", concepts, _described(concepts)),
        "named": _written(folder / "named", concepts, _named(concepts)),
    }


def _concepts() -> Mapping[str, _Concept]:
    """What ships of the kinds that are linked, with what is said of each in every language."""
    found: defaultdict[str, _Concept] = defaultdict(_Concept)
    for text in turtle.starter().values():
        for it in ox.parse(text, format=ox.RdfFormat.TURTLE):
            if isinstance(it.subject, ox.NamedNode):
                _take(found[it.subject.value], it.predicate.value, it.object)
    return {iri: it for iri, it in sorted(found.items()) if kind_of(it.classes) in _KINDS and it.names}


def _take(concept: _Concept, property: str, value: object) -> None:
    if property == str(RDF.type) and isinstance(value, ox.NamedNode):
        concept.classes.add(value.value)
    elif isinstance(value, ox.Literal) and value.language:
        if property in _NAMES:
            concept.names[value.language].append(value.value)
        elif property in _DESCRIBING:
            concept.said[value.language].append(value.value)


def _described(concepts: Mapping[str, _Concept]) -> Iterator[tuple[str, str, str, set[str]]]:
    for iri, it in concepts.items():
        for lang in _NAMED:
            if it.said[lang]:
                yield f"{lang}-{local_name(iri)}", lang, " ".join(it.said[lang]), {iri}


def _named(concepts: Mapping[str, _Concept]) -> Iterator[tuple[str, str, str, set[str]]]:
    sharing: defaultdict[str, set[str]] = defaultdict(set)
    for iri, it in concepts.items():
        for name in [name for names in it.names.values() for name in names]:
            sharing[key(name)].add(iri)
    for iri, it in concepts.items():
        for lang, sentence in _NAMED.items():
            if it.names[lang]:
                name = it.names[lang][0]
                yield f"{lang}-{local_name(iri)}", lang, sentence.format(name), sharing[key(name)]


def _written(folder: Path, concepts: Mapping[str, _Concept], items: Iterator[tuple[str, str, str, set[str]]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    every = list(items)
    _lines(folder / "documents.jsonl", ({"_id": name, "text": text, "lang": lang} for name, lang, text, _ in every))
    told: Iterator[dict[str, object]] = (
        {
            "_id": iri,
            "labels": {lang: it.names[lang] for lang in sorted(it.names)},
            "definition": " ".join(it.said["en"]),
        }
        for iri, it in concepts.items()
    )
    _lines(folder / "concepts.jsonl", told)
    rows = (f"{name}\t{iri}\t1\n" for name, _, _, right in every for iri in sorted(right))
    (folder / "qrels.tsv").write_text("".join(rows), "utf-8")
    return folder


def _lines(file: Path, rows: Iterator[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(it, ensure_ascii=False) + "\n" for it in rows), "utf-8")


if __name__ == "__main__":
    for what, made in write(Path(sys.argv[1])).items():
        print(f"{what}: {made}")
