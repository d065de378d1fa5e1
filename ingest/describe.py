"""Records to triples: pure, so that the same record is always the same triples.

What comes from outside carries `ks:status ks:Unverified` until somebody says otherwise, unless its mapping does.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from ingest.record import Context, Fields, Record, Statements, Target, Value
from ontology.kinds import CLASS_OF, Iri, Kind, entity_iri, is_web_address, slug_of
from ontology.model import Problem
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, RDF, RDFS, SKOS, SKOSXL
from ontology.release import retired
from ontology.text import MOST_LABEL_BYTES, MOST_TEXT_BYTES, clean, is_clean, is_repaired, language_tag

_LABELS = frozenset(
    map(
        str,
        (
            *(SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, SKOSXL.literalForm),
            *(RDFS.label, DCTERMS.title, FOAF.name),
        ),
    )
)
# As pyoxigraph writes N-Triples: characters that are not for text, and the language of one.
_ESCAPED = (b"\\b", b"\\f", b"\\u", b"\\U", b"\x7f")
_TAG = re.compile(rb'"@([^ "]+) \.$', re.MULTILINE)
# What a bibliography adds to a source that is already known by a name of its own. Its title and authors stay as that
# name's owner wrote them: a second spelling would not make the source better known.
_ADDS_TO_KNOWN = frozenset(
    map(str, (BIBO.doi, FOAF.page, DCTERMS.subject, DCTERMS.abstract, DCTERMS.bibliographicCitation))
)


def iri_of(record: Record, context: Context) -> Iri:
    """The address of what a record describes."""
    return _address(Target(record.name, record.kind), context.base)


def describe(item: Record | Statements, context: Context, file: str) -> Iterator[ox.Triple | Problem]:
    """The triples of a record or document; a problem stands for each literal that had to be repaired or refused.

    Args:
        item: What a reader yielded.
        context: Base IRI.
        file: Name for problems.
    """
    triples = item.triples if isinstance(item, Statements) else tuple(_triples(item, context, file))
    yield from _foreign_terms(triples, file, item.place)
    for triple in _of_today(triples, file, item.place):
        if isinstance(triple, ox.Triple):
            yield from tidy(triple, file, item.place if isinstance(item, Record) else place_of(triple))
        else:
            yield triple


def place_of(triple: ox.Triple) -> str:
    """Where in RDF a text stands: with the thing that it is said of."""
    return triple.subject.value if isinstance(triple.subject, ox.NamedNode) else "document"


def _foreign_terms(triples: Iterable[ox.Triple | Problem], file: str, place: str) -> Iterator[Problem]:
    """W159 once for each term under the schema's address that the schema does not have; proposes the nearest."""
    said = {term for it in triples if isinstance(it, ox.Triple) for term in _own_terms(it)}
    for term in sorted(said):
        if term not in KS:
            near = difflib.get_close_matches(term, [it.removeprefix(str(KS)) for it in dir(KS)], n=1)
            remedy = f"Did you mean ks:{near[0]}?" if near else "The terms stand in the schema."
            yield Problem("W159", file, place, f"The schema has no term ks:{term}; it was kept", remedy)


def _own_terms(triple: ox.Triple) -> Iterator[str]:
    """Local names of the property, and of the class where it says what a thing is, under the schema's address."""
    stated = (triple.predicate, triple.object) if triple.predicate.value == str(RDF.type) else (triple.predicate,)
    for term in stated:
        if isinstance(term, ox.NamedNode) and term.value.startswith(str(KS)):
            yield term.value.removeprefix(str(KS))


def _of_today(triples: Iterable[ox.Triple | Problem], file: str, place: str) -> Iterator[ox.Triple | Problem]:
    """The statements in the terms of this release; W158 once for each retired term that was met."""
    said: set[str] = set()
    for triple in triples:
        successor = retired().get(Iri(triple.predicate.value)) if isinstance(triple, ox.Triple) else None
        if not isinstance(triple, ox.Triple) or successor is None:
            yield triple
            continue
        if (term := triple.predicate.value) not in said:
            said.add(term)
            message = f"{term} is retired; {successor} was written instead"
            yield Problem("W158", file, place, message, "Use the new term in the file.")
        yield ox.Triple(triple.subject, ox.NamedNode(successor), triple.object)


def _triples(record: Record, context: Context, file: str) -> Iterator[ox.Triple | Problem]:
    try:
        iri = iri_of(record, context)
        subject = ox.NamedNode(iri)
    except ValueError as error:
        yield Problem("E151", file, record.place, f"No address can be made of {record.name[:80]!r}: {error}")
        return
    yield from (ox.Triple(subject, _node(RDF.type), kind) for kind in _classes(record.kind))
    fields = {iri: values for iri, values in record.fields.items() if not record.known or iri in _ADDS_TO_KNOWN}
    if not record.known and str(KS.status) not in fields:
        yield ox.Triple(subject, _node(KS.status), _node(KS.Unverified))
    yield from _statements(subject, fields, context.base, file, record.place)


def _statements(
    subject: ox.NamedNode, fields: Fields, base: str, file: str, place: str
) -> Iterator[ox.Triple | Problem]:
    for iri, values in fields.items():
        for value in values:
            try:
                yield ox.Triple(subject, ox.NamedNode(iri), _term(value, base))
            except ValueError as error:
                written = value.name if isinstance(value, Target) else value.text
                message = f"{written[:80]!r} cannot be the value of {iri}: {error}"
                yield Problem("E152", file, place, message, "Write an address with https:// or a slug.")


def _classes(kind: Kind) -> Iterator[ox.NamedNode]:
    yield ox.NamedNode(CLASS_OF[kind])
    if kind is Kind.SOURCE:
        yield _node(BIBO.Document)


def _node(term: str) -> ox.NamedNode:
    return ox.NamedNode(term)


def _term(value: Value | Target, base: str) -> ox.NamedNode | ox.Literal:
    if isinstance(value, Target):
        return ox.NamedNode(_address(value, base))
    if value.lang:
        return ox.Literal(value.text, language=value.lang)
    return ox.Literal(value.text, datatype=ox.NamedNode(value.datatype) if value.datatype else None)


def _address(target: Target, base: str) -> Iri:
    """Where a link leads: an IRI as it is, `kind/slug`, or a slug of the kind that the property wants."""
    name = target.name.strip()
    if is_web_address(name) or name.startswith(("urn:", "mailto:")) or target.kind is None:
        return Iri(name)
    kind, slash, slug = name.partition("/")
    if slash and kind in set(Kind) and slug_of(slug):
        return entity_iri(base, Kind(kind), slug_of(slug))
    if not slug_of(name) or "://" in name:
        raise ValueError("it is neither a slug nor an address")
    return entity_iri(base, target.kind, slug_of(name))


def tidy(triple: ox.Triple, file: str, place: str) -> Iterator[ox.Triple | Problem]:
    """A statement with clean text, after W150 if that took characters away; E150 instead if the text is too long."""
    literal = triple.object
    if not isinstance(literal, ox.Literal):
        yield triple
        return
    text = clean(literal.value)
    most = MOST_LABEL_BYTES if triple.predicate.value in _LABELS else MOST_TEXT_BYTES
    if len(text) > most // 4 and len(text.encode()) > most:
        message = f"A value of {triple.predicate.value} is longer than {most // 1024} KiB"
        yield Problem("E150", file, place, message, "Shorten it, or keep the text elsewhere and link to it.")
        return
    if is_repaired(literal.value, text):
        message = f"Control characters were taken out of a value of {triple.predicate.value}"
        yield Problem("W150", file, place, message, "Remove them in the file.")
    lang = language_tag(literal.language or "") or literal.language
    if text == literal.value and lang == literal.language:
        yield triple
    elif lang:
        tagged = ox.Literal(text, language=lang, direction=literal.direction)
        yield ox.Triple(triple.subject, triple.predicate, tagged)
    else:
        yield ox.Triple(triple.subject, triple.predicate, ox.Literal(text, datatype=literal.datatype))


def are_tidy(whole: bytes, lines: Collection[bytes]) -> bool:
    """True for N-Triples, given whole and as lines, of which `tidy` certainly leaves every statement as it is."""
    if any(it in whole for it in _ESCAPED) or max(map(len, lines), default=0) > MOST_LABEL_BYTES:
        return False
    tags = {it.decode() for it in _TAG.findall(whole)}
    if any(language_tag(it) != it for it in tags):
        return False
    return is_clean(b"\n".join(it for it in lines if not it.isascii()).decode())
