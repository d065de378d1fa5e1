"""What can be told of an upload at once: it need not wait in the queue to hear that nothing of it can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from threading import Lock

from api.jobs.job import Asked
from ingest.formats import promised_format
from ingest.guard import MEGABYTE, open_document
from ingest.licence import licence_iri
from ingest.source import Sent
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.model import LANGUAGES, Problem

FIELDS = frozenset({"source", "licence", "encoding", "lang", "dry_run"})
_YES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_LONGEST_NAME = 200
#: Larger files are judged when their turn has come.
_MOST_BYTES = 16 * MEGABYTE
_one_at_a_time = Lock()  # each is in memory meanwhile


def asked_for(fields: Mapping[str, str]) -> Asked:
    """The options of a form; empty ones are as good as none.

    Raises:
        InvalidParameter: one of them is not what it should be.
    """
    given = {name: text for name, text in fields.items() if text}
    dry_run = given.get("dry_run", "false").lower()
    if dry_run not in _YES:
        raise InvalidParameter("dry_run", f"{dry_run[:40]!r} is neither true nor false.")
    lang = given.get("lang", "en")
    if lang not in LANGUAGES:
        raise InvalidParameter("lang", f"{lang[:40]!r} is no language of messages.", remedy="One of en, he, ar.")
    source = given.get("source")
    if source and (len(source) > _LONGEST_NAME or not source.strip("./ ") or not source.isprintable()):
        raise InvalidParameter("source", "This is no name for a source.", remedy="Give it a short one.")
    licence_iri(given.get("licence", ""))
    return Asked(source, given.get("licence", ""), _encoding(given.get("encoding")), lang, _YES[dry_run])


def _encoding(declared: str | None) -> str | None:
    try:
        " ".encode(declared or "utf-8")
    except (LookupError, ValueError) as error:
        remedy = "Such as utf-8, windows-1255 (Hebrew) or windows-1256 (Arabic)."
        raise InvalidParameter("encoding", f"There is no text encoding {declared!r}.", remedy=remedy) from error
    return declared


def refusals(files: Collection[Sent], asked: Asked) -> tuple[Problem, ...]:
    """Why nothing of an upload can be read, a reason for each file; empty if something may be."""
    problems = tuple(_refused(files, asked))
    return problems if len(problems) == len(files) else ()


def _refused(files: Collection[Sent], asked: Asked) -> Iterator[Problem]:
    for it in files:
        try:
            if it.path.stat().st_size <= _MOST_BYTES:
                promised_format(it.name)
                with _one_at_a_time:
                    open_document(it.path, it.name, encoding=asked.encoding, most_bytes=_MOST_BYTES)
        except UnreadableFile as error:
            yield Problem(error.problem, it.name, error.place, error.message, error.remedy)
        else:
            return  # one is enough
