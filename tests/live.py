"""A server on a port of this machine, over the starter knowledge, for programs that speak HTTP by themselves."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi.testclient import TestClient

from tests.serving import serving


@contextmanager
def live(folder: Path, **settings: object) -> Iterator[str]:
    """Address of a server that runs in a thread of this process."""
    with serving_live(folder, **settings) as (url, _):
        yield url


@contextmanager
def serving_live(folder: Path, **settings: object) -> Iterator[tuple[str, TestClient]]:
    """The same, and a client that asks the same app without a network."""
    with serving(folder, **settings) as client, socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(client.app, log_config=None, lifespan="off", proxy_headers=False, server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", client
        finally:
            server.should_exit = True
            thread.join()
