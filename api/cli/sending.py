"""Sending files to a running server and following what becomes of them: `kesher ingest --url`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from api.cli.remote import no_server, passed_on
from api.cli.terminal import Step, err
from api.settings import Settings
from ingest.source import BESIDE, files_below
from ontology.errors import InvalidParameter, KesherError, Unauthenticated, Unavailable
from ontology.model import Problem, Report

PATH = "/api/v1/ingest"
_TIMEOUT_S = 300
_POLL_S = 0.3
#: What one upload holds at most, unless a single file is larger: a server need not take more at once.
_TOGETHER_BYTES = 20 << 20
_TOGETHER = 100
_MOST_TRIES = 60
_BUSY = {429, 503}


@dataclass(slots=True)
class Outcome:
    """What came of everything that was sent: the account, and in a dry run the statements that would change."""

    report: Report = field(default_factory=Report)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def take(self, told: Mapping[str, Any]) -> None:
        """Add a report, or a page of one with the counts left out."""
        counts = {it: told[it] for it in told if it not in {"problems", "difference"}}
        problems = tuple(Problem(**it) for it in told["problems"])
        self.report += Report(**counts, problems=problems)
        difference = told.get("difference") or {"removed": [], "added": []}
        self.removed += difference["removed"]
        self.added += difference["added"]


def token_of(settings: Settings, file: Path | None) -> str:
    """The token to show: the first line of a file, or that of the environment.

    Raises:
        Unauthenticated: there is none.
        InvalidParameter: the file has none.
    """
    if file is not None:
        lines = file.read_text("utf-8", "replace").split()
        if not lines or not lines[0].isascii():
            raise InvalidParameter("token-file", f"There is no token in {file}.", remedy="Make one: `kesher token`.")
        return lines[0]
    if settings.token is None:
        remedy = "Put one into KESHER_TOKEN or a file for --token-file: `kesher token create --scope ingest`."
        raise Unauthenticated("Sending files to a server needs a token.", remedy=remedy)
    return settings.token.get_secret_value()


class Server:
    """A Kesher server that ingests.

    Args:
        url: Its address.
        token: A token with the scope ingest.
        step: Told how many records are read, of how many.
    """

    def __init__(self, url: str, token: str, step: Step) -> None:
        self._url = url.rstrip("/")
        self._step = step
        self._headers = {"Authorization": f"Bearer {token}"}

    def ingest(self, paths: Iterable[Path], fields: Mapping[str, str], mapping: Path | None) -> Outcome:
        """Send files and folders, in several jobs where they are many, and wait for their accounts.

        Raises:
            Unavailable: nobody answers, or not any more.
            KesherError: the server refuses, or a job failed as a whole.
        """
        outcome = Outcome()
        found = [it for path in paths for it in files_below(path)]
        if odd := next((it[0] for it in found if not isinstance(it, Problem) and not _can_be_sent(it[1])), None):
            raise InvalidParameter("paths", f"The name of {str(odd)!r} is not UTF-8.", remedy="Rename the file.")
        outcome.report += Report(problems=tuple(it for it in found if isinstance(it, Problem)))
        for some in _together([it for it in found if not isinstance(it, Problem)]):
            self._one(some, fields, mapping, outcome)
        return outcome

    def _one(
        self, files: list[tuple[Path, str]], fields: Mapping[str, str], mapping: Path | None, outcome: Outcome
    ) -> None:
        answer = self._sent(files, fields, mapping)
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY and "report" in answer.json():
            return outcome.take(answer.json()["report"])
        if answer.is_error:
            raise passed_on(answer)
        address = answer.headers["Location"]
        try:
            job = self._followed(address)
        except KeyboardInterrupt:
            err.print(f"The server goes on with {self._url}{address} all the same; DELETE cancels it.")
            raise
        while True:
            outcome.take(job["report"])
            if job["fault"]:
                raise _failed(job)
            if not job["next"]:
                return None
            job = self._asked(job["next"])
            job["report"] = {it: job["report"][it] for it in ("problems", "difference") if it in job["report"]}

    def _sent(self, files: list[tuple[Path, str]], fields: Mapping[str, str], mapping: Path | None) -> httpx.Response:
        """The answer to an upload; a server that is busy is asked again when it says so."""
        key = {"Idempotency-Key": uuid4().hex}
        for tries in count(1):
            with ExitStack() as stack:
                parts = [
                    (name, (called, stack.enter_context(path.open("rb"))))
                    for name, called, path in _parts(files, mapping)
                ]
                answer = self._request("POST", PATH, data=dict(fields), files=parts, headers=key)
            wait = answer.headers.get("Retry-After", "")
            if answer.status_code not in _BUSY or not wait.isdecimal() or tries == _MOST_TRIES:
                return answer
            err.print(f"The server is busy; sending again in {wait} s.", style="dim")
            time.sleep(int(wait))
        raise AssertionError  # `count` does not end

    def _followed(self, address: str) -> dict[str, Any]:
        """The job, once it has ended."""
        while True:
            job = self._asked(address)
            now = job["progress"]
            done, of = (now["encoded"], now["to_encode"]) if job["state"] == "indexing" else (now["files"], now["of"])
            self._step(done, of)
            if job["ended"]:
                return job
            time.sleep(_POLL_S)

    def _asked(self, address: str) -> dict[str, Any]:
        """A job as it is. A server that starts anew is waited for: jobs survive that."""
        for tries in count(1):
            try:
                answer = self._request("GET", address)
            except Unavailable:
                if tries == _MOST_TRIES:
                    raise
            else:
                if not answer.is_error:
                    told: dict[str, Any] = answer.json()
                    return told
                if answer.status_code not in _BUSY or tries == _MOST_TRIES:
                    raise passed_on(answer)
            time.sleep(1)
        raise AssertionError  # `count` does not end

    def _request(self, method: str, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401 - passed on to httpx
        headers = self._headers | sent.pop("headers", {})
        try:
            with httpx.Client(timeout=_TIMEOUT_S) as client:
                return client.request(method, self._url + path, headers=headers, **sent)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise no_server(self._url, error) from error


def _can_be_sent(name: str) -> bool:
    """A name that the file system keeps in some other encoding cannot."""
    return not any(0xD800 <= ord(it) <= 0xDFFF for it in name)


def _together(files: list[tuple[Path, str]]) -> Iterator[list[tuple[Path, str]]]:
    """The files in groups that one upload can hold."""
    some: list[tuple[Path, str]] = []
    size = 0
    for path, name in files:
        own = path.stat().st_size
        if some and (size + own > _TOGETHER_BYTES or len(some) == _TOGETHER):
            yield some
            some, size = [], 0
        some.append((path, name))
        size += own
    if some:
        yield some


def _parts(files: list[tuple[Path, str]], mapping: Path | None) -> Iterator[tuple[str, str, Path]]:
    """Name, file name and path of each part of a form: the files, and the YAML beside each."""
    for path, name in files:
        yield "files", name, path
        beside = path.with_suffix(BESIDE)
        if beside.is_file():
            yield "files", name.removesuffix(path.suffix) + BESIDE, beside
    if mapping:
        yield "mapping", mapping.name, mapping


def _failed(job: Mapping[str, Any]) -> KesherError:
    fault, report = job["fault"], job["report"]
    told = f"{fault['detail']} Of {report['read']} records {report['committed']} are taken; the job is {job['id']}."
    error = KesherError(told, remedy=fault["remedy"])
    error.code, error.title = fault["code"], fault["title"]
    return error
