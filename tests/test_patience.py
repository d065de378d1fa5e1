"""Connections that are slow, or too many: what they get, and what others get meanwhile."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from ipaddress import ip_network

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response

from api.patience import Patience, PatientProtocol

HASTY = Patience(head_s=0.2, body_s=0.2, slowest=1e9, head_bytes=20_000, connections=3)
HEAD = b"POST / HTTP/1.1\r\nhost: x\r\n"


async def echo(scope, receive, send) -> None:
    request = Request(scope, receive)
    await Response(await request.body() or b"nothing")(scope, receive, send)


@contextmanager
def serving(patience: Patience) -> Iterator[int]:
    """Port of a server that sends back what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        http = partial(PatientProtocol, patience=patience)
        server = uvicorn.Server(uvicorn.Config(echo, log_config=None, lifespan="off", http=http))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(HASTY) as port:
        yield port


def told(port: int, *parts: bytes) -> tuple[int, dict[str, object]]:
    """What a client is told that sends these and waits; (status, problem)."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        for part in parts:
            client.sendall(part)
        received = b"".join(iter(lambda: client.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"G",),
        (HEAD,),
        (HEAD + b"content-length: 10\r\n\r\nhalf",),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n4",),
    ],
    ids=["nothing", "a byte", "half a head", "half a body", "half a chunk"],
)
def test_a_request_that_does_not_come_whole_is_given_up(port, parts):
    status, problem = told(port, *parts)
    assert (status, problem["status"]) == (408, 408)
    assert "whole in time" in str(problem["detail"])


def test_one_that_stops_in_its_second_request_is_given_up_too(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        client.sendall(HEAD)
        assert client.recv(65_536).startswith(b"HTTP/1.1 408")


def test_a_head_without_end_is_refused(port):
    status, problem = told(port, HEAD + b"x: " + b"y" * 20_001)
    assert status == 431
    assert "20,000 bytes" in str(problem["detail"])


def test_a_body_may_be_slow_as_long_as_it_comes():
    with serving(Patience(head_s=0.2, body_s=0.1, slowest=1.0)) as port:
        parts = (b"a" * 20, b"b" * 20, b"c" * 20)

        def slowly() -> Iterator[bytes]:
            for part in parts:
                yield part
                time.sleep(0.25)

        answer = httpx.post(f"http://127.0.0.1:{port}/", content=slowly())
    assert answer.content == b"".join(parts)


def test_an_address_has_so_many_connections_and_no_more():
    patience = Patience(head_s=30, connections=3)
    with serving(patience) as port, ExitStack() as idle:
        for _ in range(3):
            idle.enter_context(socket.create_connection(("127.0.0.1", port)))
        status, problem = told(port)
        assert status == 429
        assert "3 connections already" in str(problem["detail"])
        idle.close()
        while httpx.get(f"http://127.0.0.1:{port}/").status_code != 200:
            time.sleep(0.01)


def test_a_proxy_that_is_trusted_may_have_any_number():
    patience = Patience(head_s=30, connections=1, proxies=(ip_network("127.0.0.0/8"),))
    with serving(patience) as port, ExitStack() as idle:
        for _ in range(5):
            idle.enter_context(socket.create_connection(("127.0.0.1", port)))
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "nothing"
