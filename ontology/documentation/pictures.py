"""The pictures of the vocabulary: one of each module, and one of everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from ontology.documentation.drawing.plan import Arrow, Block, Box
from ontology.documentation.drawing.routing import arrange
from ontology.documentation.drawing.svg import write
from ontology.documentation.model import Link, Module, TermKind, Vocabulary


def overview(vocabulary: Vocabulary) -> str:
    """Every class, in a block for each module, and every link between them, as SVG."""
    hues = _hues(vocabulary)
    blocks = [
        Block(
            it.name,
            tuple(Box(doc.term.iri, vocabulary.name(doc.term.iri), hue=hues[it.name]) for doc in it.classes),
            it.title,
            hues[it.name],
        )
        for it in vocabulary.modules
        if it.classes
    ]
    links = [it for it in vocabulary.links if {it.source, it.target} <= vocabulary.classes.keys()]
    told = f"{len(vocabulary.classes)} classes in {len(blocks)} modules, and {len(links)} links between them."
    arrows = [*_arrows(vocabulary, links), *_refinements(vocabulary, vocabulary.classes)]
    return write(arrange(blocks, arrows), blocks, "The Kesher vocabulary", told)


def picture(vocabulary: Vocabulary, module: Module) -> str:
    """The classes of a module, what they link to and what links to them, as SVG."""
    own = {it.term.iri: None for it in module.classes}
    links = [it for it in vocabulary.links if it.source in own or it.target in own]
    family = [iri for doc in module.classes for iri in (*doc.term.parents, *doc.subclasses) if iri in vocabulary.terms]
    neighbours = [iri for it in links for iri in (it.source, it.target)]
    blocks = [
        Block(iri, (_box(vocabulary, iri, foreign=iri not in own),))
        for iri in dict.fromkeys([*own, *neighbours, *family])
    ]
    told = f"{len(own)} classes, and {len(links)} links from or to them."
    refinements = (it for it in _refinements(vocabulary, {*own, *family}) if it.source in own or it.target in own)
    arrows = [*_arrows(vocabulary, links), *refinements]
    return write(arrange(blocks, arrows), blocks, f"{module.title} in the Kesher vocabulary", told)


def _box(vocabulary: Vocabulary, iri: str, *, foreign: bool) -> Box:
    """A class of the module with the standards that it refines, or one of elsewhere with its module."""
    home, hue = vocabulary.module_of(iri), _hue(vocabulary, iri)
    if foreign:
        return Box(iri, vocabulary.name(iri), (f"in {home}",) if home else (), hue, foreign=True)
    standards = [it for it in vocabulary.classes[iri].term.parents if it not in vocabulary.terms]
    return Box(iri, vocabulary.name(iri), tuple(map(vocabulary.short, standards)), hue)


def _arrows(vocabulary: Vocabulary, links: Iterable[Link]) -> Iterator[Arrow]:
    """One arrow for each pair of classes, with all the links between the two as its label."""
    labels: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for it in links:
        labels[it.source, it.target][vocabulary.name(it.predicate)] = None
    for (source, target), names in labels.items():
        yield Arrow(source, target, tuple(names), _hue(vocabulary, source))


def _refinements(vocabulary: Vocabulary, shown: Collection[str]) -> Iterator[Arrow]:
    """An arrow from each own class to the own class that it refines, where both are shown."""
    present = vocabulary.terms.keys() & set(shown)
    for term in vocabulary.terms.values():
        for parent in term.parents:
            if term.kind is TermKind.CLASS and {term.iri, parent} <= present:
                yield Arrow(term.iri, parent, ("is a",), _hue(vocabulary, term.iri), refines=True)


def _hues(vocabulary: Vocabulary) -> dict[str, int]:
    return {it.name: hue for hue, it in enumerate(vocabulary.modules, 1)}


def _hue(vocabulary: Vocabulary, iri: str) -> int:
    return _hues(vocabulary).get(vocabulary.module_of(iri), 0)
