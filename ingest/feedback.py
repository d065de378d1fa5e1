"""What readers say of an entry: kept for a curator, without a name and without personal data, until it is decided.

Each word is a graph of its own in the private dataset. Once a curator has decided, the text is deleted; that there was
one, who decided and when stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

import pyoxigraph as ox

from ingest.catalog import Facts
from ingest.draft import replacement
from ingest.ledger import Dataset, Intent
from ingest.overlay import DEFAULT
from ingest.practice import STATUS, TYPE
from ingest.writer import Writer
from language.personal import find_personal
from ontology.errors import InvalidParameter, TooOften, UnknownEntity
from ontology.kinds import Iri, genid
from ontology.namespaces import DCTERMS, KS, PROV, RDF, SCHEMA, XSD

DOOR = "feedback"
WORDS = "feedback/"
#: Words that may wait at once: more than anybody will read.
MOST = 1_000
_ABOUT, _TEXT, _CREATED = ox.NamedNode(SCHEMA.about), ox.NamedNode(DCTERMS.description), ox.NamedNode(DCTERMS.created)
_PREDICATE, _OBJECT = ox.NamedNode(RDF.predicate), ox.NamedNode(RDF.object)


@dataclass(frozen=True, slots=True)
class Word:
    """What a reader says of an entry.

    Attributes:
        about: The entry.
        text: In the reader's own words.
        predicate: The property that should say something else; None: no property in particular.
        value: What it should say.
        id: Names it, once it is kept.
        created: When it came (ISO 8601, UTC).
    """

    about: Iri
    text: str
    predicate: Iri | None = None
    value: ox.NamedNode | ox.Literal | None = None
    id: str = ""
    created: str = ""


def keep(writer: Writer, word: Word, *, agent: str) -> str:
    """Keep a word for a curator, and give its id.

    Raises:
        InvalidParameter: it may hold personal data; says of which kind. Nothing of it is kept.
        TooOften: too many wait already.
    """
    said = "\n".join((word.text, word.value.value if word.value is not None else ""))
    if found := sorted({it.kind.value for it in find_personal(said)}):
        told = f"This may hold personal data ({', '.join(found)}), which is not kept."
        raise InvalidParameter("text", told, remedy="Say it without names, numbers and addresses of persons.")
    if sum(1 for _ in words(writer)) >= MOST:
        raise TooOften("Too many words of readers wait already.", retry_after_s=3600, remedy="Try again tomorrow.")
    number = token_hex(8)
    _write(writer, number, set(_triples(writer, number, word)), agent)
    return number


def words(writer: Writer) -> Iterator[Word]:
    """Every word that waits, the oldest first."""
    prefix = writer.graph(WORDS).value
    graphs = [it for it in writer.catalog(Dataset.PRIVATE).graphs() if it.value.startswith(prefix)]
    yield from sorted((_read(writer, it.value.removeprefix(prefix)) for it in graphs), key=lambda it: it.created)


def word(writer: Writer, number: str) -> Word:
    """One word that waits.

    Raises:
        UnknownEntity: there is none of this id, or it has been decided.
    """
    found = next((it for it in words(writer) if it.id == number), None)
    if found is None:
        raise UnknownEntity(f"No word of a reader {number[:40]!r} waits.", remedy="GET /api/v1/feedback lists them.")
    return found


def forget(writer: Writer, number: str, *, agent: str) -> None:
    """Delete a word, now that it is decided; the ledger says by whom."""
    _write(writer, word(writer, number).id, set(), agent)


def _write(writer: Writer, number: str, content: set[ox.Triple], agent: str) -> None:
    name, store = f"{WORDS}{number}", writer.store(Dataset.PRIVATE)
    writer.write(
        Intent(DOOR, agent, Dataset.PRIVATE, (name,)),
        lambda: replacement(store, writer.overlay, writer.graph(name), content),
        Facts(title="A reader's word") if content else None,
    )


def _triples(writer: Writer, number: str, word: Word) -> Iterator[ox.Triple]:
    node = ox.NamedNode(genid(writer.base, WORDS.rstrip("/"), number))
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    yield ox.Triple(node, TYPE, ox.NamedNode(PROV.Entity))
    yield ox.Triple(node, STATUS, ox.NamedNode(KS.Proposed))
    yield ox.Triple(node, _ABOUT, ox.NamedNode(word.about))
    yield ox.Triple(node, _TEXT, ox.Literal(word.text))
    yield ox.Triple(node, _CREATED, ox.Literal(now, datatype=ox.NamedNode(XSD.dateTime)))
    if word.predicate is not None and word.value is not None:
        yield ox.Triple(node, _PREDICATE, ox.NamedNode(word.predicate))
        yield ox.Triple(node, _OBJECT, word.value)


def _read(writer: Writer, number: str) -> Word:
    graph = writer.graph(f"{WORDS}{number}")
    said = {it.predicate: it.object for it in writer.store(Dataset.PRIVATE).quads(graph=graph)}
    about, text, created = (getattr(said.get(it, DEFAULT), "value", "") for it in (_ABOUT, _TEXT, _CREATED))
    predicate, value = said.get(_PREDICATE), said.get(_OBJECT)
    return Word(
        Iri(about),
        text,
        Iri(predicate.value) if isinstance(predicate, ox.NamedNode) else None,
        value if isinstance(value, ox.NamedNode | ox.Literal) else None,
        number,
        created,
    )
