"""Asking one repository over HTTP, within limits: of bytes, of time, of patience, and never another server.

What a server sends back leads nowhere: a redirect is followed to the same server only, no proxy is asked, nothing
packed is unpacked, and what is longer or slower than allowed is cut off.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from ontology.errors import InvalidParameter, UnreadableFile

_BUSY = {429, 503}
_MOVED = {301, 302, 303, 307, 308}
_AGAIN = "Run the same command again later: it goes on where it stopped."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one harvest may cost.

    Attributes:
        answer_bytes: Largest answer.
        answer_s: Seconds for one answer, from the question to its last byte.
        silence_s: Seconds without a byte.
        patience_s: Seconds to wait in all where the server asks for it (Retry-After).
        redirects: Steps to another address of the same server.
        pages: Answers in one run.
    """

    answer_bytes: int = 32 << 20
    answer_s: float = 120.0
    silence_s: float = 20.0
    patience_s: float = 600.0
    redirects: int = 3
    pages: int = 100_000


class Repository:
    """A repository at an address; close it in the end.

    Args:
        address: Its base URL.
        limits: What it may cost.
        anywhere: A person has named it; without that only this machine is asked.
        pause: Waits so many seconds.

    Raises:
        InvalidParameter: the address is none that is asked.
    """

    def __init__(
        self, address: str, limits: Limits, *, anywhere: bool, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.address = _checked(address, anywhere=anywhere)
        self._limits = limits
        self._pause = pause
        self._patience = limits.patience_s
        self._client = httpx.Client(
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(limits.silence_s),
            headers={"User-Agent": "kesher (OAI-PMH harvester)", "Accept-Encoding": "identity"},
        )

    def ask(self, arguments: Mapping[str, str]) -> bytes:
        """The body of an answer, which may be anything.

        Raises:
            UnreadableFile: E143 there is none; E144 it says no, or later than patience lasts; E145 it leads elsewhere;
                E146 it is too long or too slow.
        """
        while True:
            try:
                status, headers, body = self._got(httpx.URL(self.address, params=dict(arguments)))
            except httpx.TimeoutException as error:
                raise _failed("E146", f"The repository was silent for {self._limits.silence_s:g} s") from error
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise _failed("E143", f"The repository does not answer: {error or type(error).__name__}") from error
            if status == httpx.codes.OK:
                return body
            if status not in _BUSY:
                raise _failed("E144", f"The repository answered with the status {status}")
            self._wait(_seconds(headers.get("retry-after", "")))

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _got(self, url: httpx.URL) -> tuple[int, httpx.Headers, bytes]:
        deadline = time.monotonic() + self._limits.answer_s
        for _ in range(self._limits.redirects + 1):
            with self._client.stream("GET", url) as response:
                if response.status_code not in _MOVED:
                    return response.status_code, response.headers, self._body(response, deadline)
                url = _same_server(url, response.headers.get("location", ""))
        raise _failed("E145", f"The repository redirects more than {self._limits.redirects} times")

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
            raise _failed("E147", "The repository sends packed answers although it was asked for plain ones")
        body = bytearray()
        for part in response.iter_raw():
            body += part
            if len(body) > self._limits.answer_bytes:
                raise _failed("E146", f"An answer is larger than {self._limits.answer_bytes >> 20} MB")
            if time.monotonic() > deadline:
                raise _failed("E146", f"An answer took more than {self._limits.answer_s:g} s")
        return bytes(body)

    def _wait(self, seconds: float) -> None:
        if seconds > self._patience:
            raise _failed("E144", f"The repository asks to come back in {seconds:.0f} s, which is not waited for")
        self._patience -= seconds
        self._pause(seconds)


def _checked(address: str, *, anywhere: bool) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise InvalidParameter("url", f"{address!r} is no address") from error
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
        remedy = "Give the base URL of an OAI-PMH repository: http or https, no name or password, nothing after a `?`."
        raise InvalidParameter("url", f"{address!r} is no address of a repository", remedy=remedy)
    if not anywhere and not _is_here(url.host):
        raise InvalidParameter("url", f"{url.host} is another machine", remedy="A person names it: `kesher harvest`.")
    return str(url)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _same_server(url: httpx.URL, location: str) -> httpx.URL:
    try:
        target = url.join(location)
    except httpx.InvalidURL as error:
        raise _failed("E145", "The repository redirects to no address") from error
    if not location or (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
        message = (
            f"The repository redirects to another server ({target.scheme}://{target.host[:80]}), which is not asked"
        )
        raise _failed("E145", message, remedy="If that is where it is now, give its new address.")
    return target


def _seconds(retry_after: str) -> float:
    """How long a server asks to wait, between 1 s and for ever; ten seconds where it does not say."""
    if retry_after.strip().isdecimal():
        return max(1.0, float(retry_after[:9]))
    try:
        return max(1.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 10.0


def _failed(code: str, message: str, *, remedy: str = _AGAIN) -> UnreadableFile:
    return UnreadableFile(message, place="repository", problem=code, remedy=remedy)
