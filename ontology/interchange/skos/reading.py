"""SKOS from strangers, cleaned (W3C Recommendation 2009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.interchange.facts import Statement, Term
from ontology.interchange.hierarchy import closing
from ontology.interchange.naming import named, spoken
from ontology.interchange.outcome import Mapped, Tally
from ontology.interchange.turtle_text import mended
from ontology.namespaces import DCTERMS, KS, RDF, RDFS, SKOS

_TYPE, _SCHEME = map(ox.NamedNode, (RDF.type, SKOS.ConceptScheme))
_NAME, _BROADER, _NARROWER = map(ox.NamedNode, (SKOS.prefLabel, SKOS.broader, SKOS.narrower))
_NAMED = {*map(ox.NamedNode, (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection))}
_STAND_INS = tuple(map(ox.NamedNode, (DCTERMS.title, RDFS.label)))


def is_vocabulary(triples: Iterable[ox.Triple]) -> bool:
    """Whether a file has a `skos:ConceptScheme` and nothing of a class of ours: those files speak for themselves."""
    classes = {it.object for it in triples if it.predicate == _TYPE}
    return _SCHEME in classes and not any(
        it.value.startswith(str(KS)) for it in classes if isinstance(it, ox.NamedNode)
    )


def read_skos(triples: Iterable[ox.Triple], file: str) -> Mapped:
    """Everything that a SKOS vocabulary says, as it says it.

    Repaired, each with a warning that names the place: language tags of yesterday (`iw`), texts that were encoded
    twice, second preferred names (W168), addresses that differ from a thing described here by `http` for `https` only
    (W171), and things without a name (W167), which take their title for one. A link that would close a circle is left
    out (E163). Links to what the file does not describe stay (W153 where they go up the tree), and so do terms that
    SKOS does not have (W169). Two things may have one name.

    Concepts are the things with a class, links the statements between two things.

    Args:
        triples: What the file states in whatever syntax, in its order, without nameless nodes.
        file: Name for problems.
    """
    tally = Tally(file)
    return tally.outcome(ox.Triple(*it) for it in _Cleaning(list(mended(triples, tally)), tally).statements())


@dataclass(slots=True)
class _Cleaning:
    """The statements of one vocabulary on their way to clean ones."""

    given: list[Statement]
    tally: Tally
    described: dict[ox.NamedNode, set[Term]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    texts: dict[ox.NamedNode, dict[ox.NamedNode, list[ox.Literal]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def statements(self) -> Iterator[Statement]:
        """What stays, and what was repaired."""
        for subject, predicate, value in self.given:
            if predicate == _TYPE:
                self.described.setdefault(subject, set()).add(value)
        turned = [(subject, predicate, self._turned(value)) for subject, predicate, value in self.given]
        cut = closing(filter(None, map(_edge, turned)))
        for subject, predicate, value in turned:
            self._look(predicate)
            if isinstance(value, ox.Literal):
                text = self._tagged(value, subject)
                self.texts[subject][predicate].append(text)
                if predicate != _NAME:
                    yield subject, predicate, text
            elif predicate == _TYPE or self._is_kept(subject, predicate, value, cut):
                yield subject, predicate, value
        yield from self._named()

    def _turned(self, value: Term) -> Term:
        """A link to what the file describes, where it differs by http for https only."""
        if isinstance(value, ox.Literal) or value in self.described:
            return value
        scheme, colon, rest = value.value.partition("://")
        other = {"http": "https", "https": "http"}.get(scheme)
        if other and (twin := ox.NamedNode(f"{other}{colon}{rest}")) in self.described:
            self.tally.note("W171", value.value, f"The file describes {twin.value}; the link was turned to that")
            return twin
        return value

    def _tagged(self, literal: ox.Literal, subject: ox.NamedNode) -> ox.Literal:
        return spoken(literal.value, literal.language, subject.value, self.tally) if literal.language else literal

    def _look(self, predicate: ox.NamedNode) -> None:
        """A warning for what is no SKOS term, once each."""
        term = predicate.value
        if term.startswith(str(SKOS)) and term.removeprefix(str(SKOS)) not in SKOS and term not in self.unknown:
            self.unknown.add(term)
            self.tally.note("W169", term, "SKOS has no such term; what it says was kept", "Look for a misspelt name.")

    def _is_kept(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode, cut: Collection[tuple[str, str]]
    ) -> bool:
        edge = _edge((subject, predicate, value))
        if edge and edge in cut:
            self.tally.drop_circle(*edge, subject.value)
            return False
        self.tally.keep_link()
        if edge and value not in self.described:
            self.tally.miss(value.value, subject.value)
        return True

    def _named(self) -> Iterator[Statement]:
        """Each thing with its names."""
        for _ in self.described:
            self.tally.keep_concept()
        for subject in dict.fromkeys((*self.described, *self.texts)):
            names = self._names(subject, self.texts[subject])
            yield from ((subject, *it) for it in named(names, subject.value, self.tally))

    def _names(self, subject: ox.NamedNode, texts: Mapping[ox.NamedNode, list[ox.Literal]]) -> Sequence[ox.Literal]:
        """The names of a thing, or its title where it has none, as schemes often do."""
        classes = self.described.get(subject, set())
        if _NAME in texts or classes.isdisjoint(_NAMED):
            return texts.get(_NAME, ())
        title = next((texts[it] for it in _STAND_INS if it in texts), ())
        if not title:
            self.tally.note("W167", subject.value, "This has no name (skos:prefLabel) and no title", "Give it a name.")
        elif _SCHEME not in classes:
            self.tally.note("W167", subject.value, f"This has no name; {title[0].value[:60]!r} was taken for one")
        return title


def _edge(statement: Statement) -> tuple[str, str] | None:
    """Child and parent, where a statement says that one stands under the other."""
    subject, predicate, value = statement
    if predicate == _BROADER:
        return subject.value, value.value
    return (value.value, subject.value) if predicate == _NARROWER else None
