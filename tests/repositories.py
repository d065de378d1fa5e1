"""A repository of OAI-PMH on this machine, over real HTTP: it behaves as a test wants it to."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Asked = dict[str, str]
#: Status, headers, body.
Reply = tuple[int, dict[str, str], bytes]
DATE = "2026-01-02T03:04:05Z"


def xml(inner: str, date: str = DATE) -> Reply:
    text = f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{date}</responseDate>{inner}</OAI-PMH>'
    return 200, {"Content-Type": "text/xml"}, text.encode()


def error(code: str) -> Reply:
    return xml(f'<error code="{code}">no</error>')


def title(number: int) -> str:
    """Like that of no other record."""
    return f"Study {hashlib.sha256(str(number).encode()).hexdigest()}"


def record(number: int, said: str = "", *, deleted: bool = False) -> str:
    status = ' status="deleted"' if deleted else ""
    header = f"<header{status}><identifier>oai:here:{number}</identifier><datestamp>2026-01-01</datestamp></header>"
    metadata = (
        '<dc:dc xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{said or title(number)}</dc:title><dc:creator>Levi, {number}</dc:creator>"
        f"<dc:identifier>10.5555/{number}</dc:identifier></dc:dc>"
    )
    return f"<record>{header}{'' if deleted else f'<metadata>{metadata}</metadata>'}</record>"


def page(*records: str, token: str = "") -> Reply:
    return xml(f"<ListRecords>{''.join(records)}<resumptionToken>{token}</resumptionToken></ListRecords>")


def identified(granularity: str = "YYYY-MM-DDThh:mm:ssZ") -> Reply:
    return xml(f"<Identify><repositoryName>R</repositoryName><granularity>{granularity}</granularity></Identify>")


@dataclass
class Repository:
    """`answer` says what the next question gets; `asked` is what was asked."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Reply] = lambda _asked: error("badVerb")


@contextmanager
def repository() -> Iterator[Repository]:
    here = Repository()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = dict(parse_qsl(urlsplit(self.path).query))
            here.asked.append(asked)
            status, headers, body = identified() if asked.get("verb") == "Identify" else here.answer(asked)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    here.address = f"http://127.0.0.1:{server.server_port}/oai"
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
