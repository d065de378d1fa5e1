"""What is encoded of an entity: per language, its names and then its descriptions. Pure.

An encoder reads about 250 tokens, so long descriptions become several passages, each of which begins with the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5

from language.affixes import AFFIXES
from language.folding import key
from language.script import language_of, primary
from language.vector_cache import KEY_DIGITS, text_key
from ontology.kinds import Iri
from ontology.model import Entity, Label, Text

#: Characters of a passage, about; a single longer sentence is cut at a space.
LONGEST = 1000
_UNNAMED_LANGUAGE = "en"
_SENTENCE_END = re.compile(r"(?<=[.!?؟…])(?<!\b\w\.)\s+")  # not after an initial: "Ball, D. L."
_INNER_UNDERSCORE = re.compile(r"(?<=\w)_(?=\w)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an entity's text in one language.

    Attributes:
        id: UUIDv5 of entity, number, language and model.
        text_hash: The key of the text (`language.vector_cache`), then 32 hexadecimal digits of the SHA-256 of all else
            that the index keeps of the entity.
        names: The entity's names in Hebrew, then those in Arabic, for a passage in another language; they are a field
            of it, so that a query in these languages and its glosses meet in one passage.
    """

    id: UUID
    iri: Iri
    lang: str
    text: str
    text_hash: str
    names: tuple[tuple[str, ...], ...] = ()


def passages(entity: Entity, model: str) -> list[Passage]:
    """The passages of an entity in the order of their languages; none for an entity without a name or text."""
    return [
        Passage(
            id=uuid5(NAMESPACE_URL, f"{entity.iri} {number} {lang} {model}"),
            iri=entity.iri,
            lang=lang,
            text=text,
            text_hash=_hash(entity, text, names),
            names=names,
        )
        for lang in sorted({*map(_language, entity.labels), *map(_language, entity.descriptions)})
        for names in [_other_names(entity, lang)]
        for number, text in enumerate(_texts(entity, lang))
    ]


def key_of(text_hash: str) -> str:
    """Key of the text in the hash of a passage."""
    return text_hash[:KEY_DIGITS]


def sentences(text: str) -> list[str]:
    """The sentences of a text, split where one of these marks and a space follow each other: . ! ? ؟ …."""
    return [it for it in _SENTENCE_END.split(text.strip()) if it]


def _texts(entity: Entity, lang: str) -> Iterator[str]:
    heading = _joined(_names(entity, lang))
    body = _joined(it.text for it in entity.descriptions if _language(it) == lang)
    for piece in _pieces(body, max(LONGEST - len(heading), LONGEST // 2)):
        yield f"{heading} {piece}".strip()


def _names(entity: Entity, lang: str) -> list[str]:
    """The names in a language, preferred first, each spelling once; the best foreign one where there are none."""
    own = sorted((it for it in entity.labels if _language(it) == lang), key=lambda it: (not it.preferred, it.text))
    if not own and entity.labels:
        return [entity.label(lang).text]
    return list({key(it.text): it.text for it in reversed(own)}.values())[::-1]


def _other_names(entity: Entity, lang: str) -> tuple[tuple[str, ...], ...]:
    """The names in each language that has a lexicon; none for a passage in one of them."""
    if lang in AFFIXES:
        return ()
    found = (tuple(sorted(it.text for it in entity.labels if primary(it.lang) == other)) for other in AFFIXES)
    return tuple(filter(None, found))


def _joined(parts: Iterable[str]) -> str:
    """Parts as sentences, one after the other."""
    cleaned = (" ".join(_INNER_UNDERSCORE.sub(" ", it).split()) for it in parts)
    return " ".join(it if it.endswith((".", "!", "?", "؟", "…")) else f"{it}." for it in cleaned if it)


def _pieces(text: str, longest: int) -> Iterator[str]:
    """The text in pieces of whole sentences, at least one, which may be empty."""
    piece = ""
    for sentence in (part for it in sentences(text) for part in _cut(it, longest)):
        if piece and len(piece) + 1 + len(sentence) > longest:
            yield piece
            piece = sentence
        else:
            piece = f"{piece} {sentence}".strip()
    yield piece


def _cut(sentence: str, longest: int) -> Iterator[str]:
    while len(sentence) > longest:
        at = sentence.rfind(" ", 1, longest) if " " in sentence[1:longest] else longest
        yield sentence[:at]
        sentence = sentence[at:].lstrip()
    if sentence:
        yield sentence


def _language(text: Label | Text) -> str:
    return primary(text.lang) or language_of(text.text) or _UNNAMED_LANGUAGE


def _hash(entity: Entity, text: str, names: tuple[tuple[str, ...], ...]) -> str:
    shown_or_filtered = (
        entity.kind.value,
        entity.content_languages,
        entity.subjects,
        entity.grades,
        entity.research_grade,
        entity.field_grade,
        entity.statuses,
    )
    return text_key(text) + sha256(repr((names, shown_or_filtered)).encode()).hexdigest()[:32]
