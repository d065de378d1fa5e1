"""What was asked for and is not there: counted by topic, for the gap report, and by nothing that leads to a person.

A topic is the telling words of a query, folded and in alphabetic order: no numbers, no names, nothing that a detector
of `language.personal` finds. It is written down only when several clients have asked for it; until then there are only
keyed hashes in the memory of this process, whose key is drawn anew at each start. Kept are topic, language, the nearest
broader concept, month and count: no client, no day, no hour.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from language.folding import words
from language.function_words import FUNCTION_WORDS
from language.personal import find_personal
from language.personal.lists import bare_sort_of
from language.script import language_of
from ontology.kinds import Iri

#: Clients that must have asked for a topic before it is written down, as in k-anonymity (Sweeney 2002).
CLIENTS = 5
#: Words of a topic; a longer query is no topic but a story.
_LONGEST = 8
#: Words that a longer text says more than once and that may be topics: how many, and longer than what.
_OFTEN, _SHORTEST = 3, 3
#: Topics that wait in memory to be asked for again, the longest unasked ones giving way.
_WAITING = 20_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS demand (
  topic TEXT NOT NULL, lang TEXT NOT NULL, month TEXT NOT NULL, asked INTEGER NOT NULL, nearest TEXT NOT NULL,
  PRIMARY KEY (topic, lang, month)
) STRICT
"""
_COUNT = """
INSERT INTO demand VALUES (?, ?, ?, ?, ?)
ON CONFLICT (topic, lang, month) DO UPDATE SET asked = asked + excluded.asked, nearest = excluded.nearest
"""
_TOTALS = """
SELECT topic, lang, sum(asked) AS asked, min(month) AS first, max(month) AS last, max(nearest) AS nearest
FROM demand GROUP BY topic, lang ORDER BY asked DESC, topic, lang LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Demand:
    """A topic that several have asked for in vain.

    Attributes:
        topic: Folded words in alphabetic order.
        asked: By how many clients, as far as one process can tell them apart.
        first: Month of the first count, `2026-11`.
        last: Month of the last.
        nearest: The broader concept that was offered; empty where there was none.
    """

    topic: str
    lang: str
    asked: int
    first: str
    last: str
    nearest: Iri


def topic_of(query: str) -> str:
    """The topic of a query; empty where nothing is left of it that may be kept."""
    text = query
    for it in reversed(find_personal(query)):
        text = f"{text[: it.start]} {text[it.end :]}"
    told = {it for it in words(text) if len(it) > 1 and it.isalpha() and it not in FUNCTION_WORDS and not _is_name(it)}
    topic = " ".join(sorted(told))
    return "" if len(told) > _LONGEST or find_personal(topic) else topic


def topics_of(text: str) -> list[str]:
    """The topics of a text: itself, where it is as short as a query; else what it says again and again, word by word.

    Words of a longer text are kept one by one, so that nobody's story can be put together from them.
    """
    if topic := topic_of(text):
        return [topic]
    told = Counter(it for it in words(text) if len(it) > _SHORTEST and it not in FUNCTION_WORDS)
    often = [it for it, times in told.most_common() if times > 1 and topic_of(it)]
    return often[:_OFTEN]


class DemandSignals:
    """The file demand.sqlite of a data folder. Safe to share between threads and processes.

    Args:
        path: The file; it is made when the first topic has been asked for by enough clients.
        clients: How many that is.
    """

    def __init__(self, path: Path, clients: int = CLIENTS) -> None:
        self._path = path
        self._clients = clients
        self._key = secrets.token_bytes(32)
        self._asked: OrderedDict[str, set[str]] = OrderedDict()  # hash of a topic -> hashes of who asked for it
        self._counting = Lock()

    def note(self, query: str, client: str, nearest: Iri | None) -> bool:
        """Count a query that was not answered; says whether that was written down.

        Args:
            query: As it was typed.
            client: Whatever tells one client from another; only its keyed hash is kept, and only in memory.
            nearest: The broader concept that was offered.
        """
        topic = topic_of(query)
        if not topic:
            return False
        count = self._newly_asked(topic, client)
        if not count:
            return False
        month = datetime.now(UTC).strftime("%Y-%m")
        with self._open() as database:
            database.execute(_COUNT, (topic, language_of(topic), month, count, nearest or ""))
        return True

    def most_asked(self, limit: int = 50) -> list[Demand]:
        """What most have asked for in vain."""
        if not self._path.exists():
            return []
        with self._open() as database:
            return [_demand(row) for row in database.execute(_TOTALS, (limit,))]

    def erase(self, topic: str | None = None) -> int:
        """Forget a topic, or all (None); says how many rows are gone for good."""
        with self._counting:
            self._asked.clear()
        if not self._path.exists():
            return 0
        with self._open() as database:
            gone = database.execute("DELETE FROM demand WHERE topic = coalesce(?, topic)", (topic,)).rowcount
        with closing(sqlite3.connect(self._path, timeout=10)) as database:
            database.execute("VACUUM")  # outside any transaction: what was deleted leaves the file
        return gone

    def _newly_asked(self, topic: str, client: str) -> int:
        """By how many to raise the count of a topic: 0 while too few have asked, or where this client has before."""
        with self._counting:
            own = self._asked.setdefault(self._hashed(topic), set())
            self._asked.move_to_end(self._hashed(topic))
            if len(self._asked) > _WAITING:
                self._asked.popitem(last=False)
            asker = self._hashed(topic, client)
            if asker in own:
                return 0
            own.add(asker)
            if len(own) > self._clients:
                return 1
            return len(own) if len(own) == self._clients else 0

    def _hashed(self, *parts: str) -> str:
        return hashlib.blake2b("\0".join(parts).encode(), key=self._key, digest_size=12).hexdigest()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of this thread."""
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            database.execute("PRAGMA secure_delete = ON")
            database.execute(_SCHEMA)
            yield database


def _is_name(word: str) -> bool:
    """Whether a word is a name of persons and nothing else, or one that is a word too: a topic can do without it."""
    sort = bare_sort_of(word, language_of(word) or "en")
    return sort is not None and sort.is_name


def _demand(row: Sequence[object]) -> Demand:
    topic, lang, asked, first, last, nearest = map(str, row)
    return Demand(topic, lang, int(asked), first, last, Iri(nearest))
