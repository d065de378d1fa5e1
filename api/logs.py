"""Structured logs: one JSON object a line on stderr, with the request id; no bodies, no secrets, nothing unescaped."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TextIO

import structlog
from asgi_correlation_id import correlation_id
from structlog.types import EventDict, Processor, WrappedLogger

LONGEST = 300

_JSON = json.JSONEncoder(default=str)
_TOKEN = re.compile(r"(ksh(?:_|%5f))[\w%-]+", re.ASCII | re.IGNORECASE)
#: What people put secrets in, though nothing here reads them there, and headers that hold some.
_SECRET = re.compile(
    r"((?:^|[?&;\s\"'{,])[\w-]*(?:token|secret|password|passwd|api[_-]?key|authorization)[\"']?\s*[=:]\s*[\"']?"
    r"(?:(?:bearer|basic)\s+)?)[^\s&;\"',}]+",
    re.ASCII | re.IGNORECASE,
)


def blotted(text: str) -> str:
    """A text without what looks like a token, or is given as a secret."""
    return _SECRET.sub(r"\1***", _TOKEN.sub(r"\1***", text))


def with_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the id that the answer carries in X-Request-ID."""
    if number := correlation_id.get():
        event["request_id"] = number
    return event


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blot out anything that looks like a token, and cut long values short (people's queries are theirs)."""
    event.pop("color_message", None)  # uvicorn's second copy, for terminals
    for name, value in event.items():
        if isinstance(value, str):
            shown = blotted(value)
            event[name] = shown if name == "exception" or len(shown) <= LONGEST else shown[:LONGEST] + "..."
    return event


def one_line(value: object, **options: object) -> str:
    """JSON in ASCII: control characters, escape sequences and bidi marks of a request cannot act on a terminal."""
    del options  # structlog passes its own fallback; ours is str
    return _JSON.encode(value).replace("\x7f", "\\u007f")


class Lines(structlog.WriteLogger):
    """Writes whole lines to a stream; `name` is what the lines call their logger."""

    def __init__(self, stream: TextIO, name: str) -> None:
        super().__init__(stream)
        self.name = name


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's records (uvicorn's too) to `stream` in the same form."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_request_id,
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    # Our own lines do not pass the standard library, whose way takes longer than many a request.
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=one_line)],
        logger_factory=lambda name="": Lines(stream, name),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,  # a later `configure` counts
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=one_line),
        ],
    )
    lines = logging.StreamHandler(stream)
    lines.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level)
    for client in ("httpx", "httpx2"):
        logging.getLogger(client).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True  # our own line says the same, and the request id
