"""A listener on loopback that notes who calls: nobody should."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def canary() -> Iterator[tuple[str, list[object]]]:
    """An address that notes who connects."""
    visits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, visitor = server.accept()
                except OSError:
                    return
                visits.append(visitor)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/sparql", visits
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
