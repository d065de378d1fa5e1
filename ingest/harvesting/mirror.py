"""What was harvested from one repository, on disk: pages of records, each record in the newest page that has it.

A page is a file, and becomes a graph of its own. A record that comes again, changed or deleted, leaves the page where
it was, so that nothing old is said beside the new. Files are written before the one commit that counts; what a crash
leaves is written again by the next run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.harvesting.answer import Harvested, answer_of, page_of

_TABLES = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    identifier TEXT PRIMARY KEY, page INTEGER NOT NULL, digest TEXT NOT NULL, deleted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_of_pages ON records (page);
CREATE TABLE IF NOT EXISTS pages (number INTEGER PRIMARY KEY, unread INTEGER NOT NULL); -- 1: new, 2: left by records
"""


class Mirror:
    """The mirror in a folder, which is made when it is not there; for one process at a time.

    Args:
        folder: Where its pages and its index lie.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._index = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
        self._index.execute("PRAGMA journal_mode=WAL")
        self._index.execute("PRAGMA synchronous=FULL")
        self._index.executescript(_TABLES)

    def get(self, name: str) -> str:
        """A word of its state: `repository`, `token`, `from`, `began`, `since`; "" where there is none."""
        rows = self._rows("select value from state where name = ?", name)
        return str(rows[0][0]) if rows else ""

    def set(self, **state: str) -> None:
        """Change words of its state together."""
        self._index.executemany("insert or replace into state values (?, ?)", state.items())

    def take(self, records: Iterable[Harvested], **state: str) -> int:
        """Keep the records of an answer, with the state after it; how many of them were known as they are.

        Args:
            records: The answer's.
            state: Words to change in the same commit, such as the token of the next answer.
        """
        newest = {it.identifier or it.digest: it for it in records}
        known = {key: self._known(key) for key in newest}
        new = {key: it for key, it in newest.items() if known[key][1] != it.digest}
        number = int(self._rows("select coalesce(max(number), 0) + 1 from pages")[0][0])
        left = sorted({known[key][0] for key in new} - {0})
        if new:
            self._write(number, list(new.values()))
        for page in left:
            self._write(page, [it for it in self._read(page) if (it.identifier or it.digest) not in new])
        with self._index:
            self._index.execute("begin immediate")
            rows = ((key, number, it.digest, it.deleted) for key, it in new.items())
            self._index.executemany("insert or replace into records values (?, ?, ?, ?)", rows)
            # The new page is read first, so that a work that moves is known by its address when it leaves.
            left_behind = "insert into pages values (?, 2) on conflict do update set unread = 2 where not unread"
            self._index.executemany(left_behind, ((it,) for it in left))
            self._index.executemany("insert into pages values (?, 1)", [(number,)] if new else [])
            self.set(**state)
        return len(newest) - len(new)

    def unread(self) -> list[tuple[int, bool]]:
        """Pages that are not in the graph as they are now, newest first; true for one that never was."""
        rows = self._rows("select number, unread = 1 from pages where unread order by number desc")
        return [(number, bool(is_new)) for number, is_new in rows]

    def was_read(self, page: int) -> None:
        """A page is in the graph as it is now."""
        self._index.execute("update pages set unread = 0 where number = ?", (page,))

    def is_empty(self, page: int) -> bool:
        """True when a page has no record any more, or only such as say that they are gone."""
        return not self._rows("select 1 from records where page = ? and not deleted limit 1", page)

    def path(self, page: int) -> Path:
        """The file of a page."""
        return self._folder / f"{page:06}.xml"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._index.close()

    def _known(self, key: str) -> tuple[int, str]:
        """The page of a record, and its hash; (0, "") for a new one."""
        rows = self._rows("select page, digest from records where identifier = ?", key)
        return (int(rows[0][0]), str(rows[0][1])) if rows else (0, "")

    def _read(self, page: int) -> list[Harvested]:
        return answer_of(self.path(page).read_bytes(), self.path(page).name).records

    def _write(self, page: int, records: list[Harvested]) -> None:
        path = self.path(page)
        new = path.with_suffix(".new")
        new.write_text(page_of(records), "utf-8")
        new.replace(path)

    def _rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        return self._index.execute(question, values).fetchall()


def state_of(asked: Mapping[str, str]) -> str:
    """A repository, with what is asked of it, as one word of the state."""
    return " ".join(f"{name}={value}" for name, value in sorted(asked.items()) if value)
