"""One HTTP exchange under a deadline that holds for the whole of it: connecting, sending, headers and every byte.

A timeout of a read begins anew with each byte, so a server that drips its headers holds a thread for hours. Here every
touch of the socket gets only the time that is left. Nothing is followed or undone on the server's word: no redirect, no
compression, no cookie, no proxy of the environment.
"""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit, urlunsplit

import httpcore

from ontology.errors import RemoteStoreFailed

_SocketOptions: TypeAlias = Iterable[httpcore.SOCKET_OPTION]

_PIECE = 65_536
_DEADLINE: ContextVar[float] = ContextVar("deadline of the exchange that this thread is in")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent.

    Attributes:
        headers: By name in lower case; of a name that comes twice, the last.
        cut: True when there is more body than was wanted, and it was not read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Request(NamedTuple):
    """What is sent.

    Attributes:
        target: What is appended to the address, such as a query string.
    """

    method: str
    headers: Mapping[str, str]
    body: bytes = b""
    target: str = ""


class Allowance(NamedTuple):
    """What an exchange may take.

    Attributes:
        seconds: Time for the whole of it.
        most: Bytes of the answer's body that are read.
        foreign: It asks what somebody outside wants to know, so that slowness is the question's own fault.
    """

    seconds: float
    most: int
    foreign: bool = False


class Exchange:
    """A few connections to one address. Safe to share between threads; each call blocks its own.

    Args:
        url: Address, with `user:password@` where the server wants them.
        connections: How many at most, at once.
    """

    def __init__(self, url: str, connections: int = 8) -> None:
        parts = urlsplit(url)
        self.url = without_credentials(url)
        credentials = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
        self._headers = {"Authorization": f"Basic {base64.b64encode(credentials).decode()}"} if parts.username else {}
        self._pool = httpcore.ConnectionPool(max_connections=connections, network_backend=_Timed())

    def send(self, request: Request, allowance: Allowance) -> Reply:
        """Send a request and read the answer, or as much of it as is allowed.

        Raises:
            TimeoutError: it took longer than allowed; whoever set the time says what that means.
            RemoteStoreFailed: the server cannot be reached, breaks off, or sends what was not asked for.
        """
        deadline = _DEADLINE.set(time.monotonic() + allowance.seconds)
        try:
            asked = {"Accept-Encoding": "identity", "User-Agent": "kesher", **self._headers, **request.headers}
            limits = {"timeout": dict.fromkeys(("pool", "connect", "read", "write"), allowance.seconds)}
            sending = self._pool.stream(
                request.method,
                self.url + request.target,
                headers=list(asked.items()),
                content=request.body or None,
                extensions=limits,
            )
            with _failures(), sending as answer:
                return _read(answer, allowance.most)
        finally:
            _DEADLINE.reset(deadline)

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()


def without_credentials(url: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _read(answer: httpcore.Response, most: int) -> Reply:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    if (encoding := headers.get("content-encoding", "identity").lower()) not in {"", "identity"}:
        raise RemoteStoreFailed(f"The graph store sends its answer as {encoding[:40]!r}, which was not asked for.")
    chunks: list[bytes] = []
    size = 0
    for chunk in answer.iter_stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            return Reply(answer.status, headers, b"".join(chunks)[:most], cut=True)
    return Reply(answer.status, headers, b"".join(chunks))


@contextmanager
def _failures() -> Iterator[None]:
    """Say what failed, without the address: readers of the service have no use for it, and the log has it."""
    try:
        yield
    except (httpcore.ConnectTimeout, httpcore.ConnectError) as error:
        raise RemoteStoreFailed(f"The graph store cannot be reached: {_told(error)}.", remedy=AGAIN) from error
    except httpcore.TimeoutException as error:
        raise TimeoutError from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise RemoteStoreFailed(f"The graph store's answer broke off: {_told(error)}.", remedy=AGAIN) from error


AGAIN = "Try again in a moment; the operators of this service see whether the store runs."


def _told(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__


def _left() -> float:
    remaining = _DEADLINE.get() - time.monotonic()
    if remaining <= 0:
        raise httpcore.ReadTimeout("the deadline passed")
    return remaining


class _Timed(httpcore.NetworkBackend):
    """Sockets that know the deadline of the exchange they serve."""

    def __init__(self) -> None:
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
        local_address: str | None = None,
        socket_options: _SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._network.connect_tcp(host, port, _left(), local_address, socket_options))


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline decides
        return self._stream.read(max_bytes, _left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline decides
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], _left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left()))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._stream.get_extra_info(info)
