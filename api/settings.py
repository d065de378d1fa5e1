"""The one reader of the environment: every setting, with its meaning and its default, frozen once read."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ontology.errors import Misconfigured
from ontology.kinds import DEFAULT_BASE

PREFIX = "KESHER_"


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be an http or https address such as http://127.0.0.1:6333")
    return value


def _base(value: str) -> str:
    if not _http_url(value).endswith(("/", "#")):
        raise ValueError("must end with / or #, because names are appended to it")
    return value


def _networks(value: str) -> str:
    for item in filter(None, map(str.strip, value.split(","))):
        ipaddress.ip_network(item)  # a misspelt address would otherwise silently trust nobody
    return value


def without_password(value: object) -> str:
    """A value as it may be shown: an address without the user and the password in it."""
    return re.sub(r"(?<=://)[^/?#]*@", "", str(value))


HttpUrl = Annotated[str, AfterValidator(_http_url)]


class Settings(BaseSettings):
    """Every setting of Kesher. Each is read from `KESHER_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    data: Path = Field(
        default=Path(".kesher"), description="folder of the knowledge, the index, the ledger and the tokens"
    )
    base_iri: Annotated[str, AfterValidator(_base)] = Field(
        default=DEFAULT_BASE, description="what the addresses of entities begin with: {base}id/{kind}/{slug}"
    )
    host: str = Field(default="127.0.0.1", description="address that `kesher serve` listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that `kesher serve` listens on")
    model: str = Field(
        default="all-MiniLM-L6-v2", description="sentence-transformers model: the bundled name, or a folder with one"
    )
    graph_query_url: HttpUrl | None = Field(
        default=None,
        repr=False,
        description="query address of a remote SPARQL 1.1 store (http://user:password@... where it wants them); "
        "absent: the embedded Oxigraph",
    )
    graph_update_url: HttpUrl | None = Field(
        default=None, repr=False, description="update address of the remote SPARQL 1.1 store; absent: the query address"
    )
    qdrant_url: HttpUrl | None = Field(
        default=None, description="a Qdrant server or cluster for the index; absent: the embedded Qdrant Edge"
    )
    index: Literal["edge", "exact"] = Field(
        default="edge",
        description="make of the embedded index: edge (Qdrant Edge) or exact (numpy, slower where there are many); "
        "where the present index is of another make, one of this is built beside it",
    )
    linking: Literal["meaning", "names"] = Field(
        default="meaning",
        description="what links are proposed by while knowledge comes in: meaning and names, or names alone (sooner)",
    )
    sparql_timeout_s: float = Field(
        default=10.0, gt=0, le=3600, description="seconds after which a SPARQL query is stopped"
    )
    sparql_workers: int = Field(
        default=2, ge=1, le=64, description="processes that run SPARQL queries at the same time"
    )
    sparql_budget_s: float = Field(
        default=0.0,
        ge=0,
        description="query-seconds a minute for each client of /sparql, a failure counting one at least; 0: none",
    )
    sparql_strict: bool = Field(
        default=False,
        description="read what names no graph on the store's own default graph, as W3C has it, not on all graphs",
    )
    requests_a_minute: int = Field(
        default=12_000, ge=0, description="requests a minute from one address, beyond which it waits (429); 0: no bound"
    )
    max_upload_mb: int = Field(
        default=100,
        ge=1,
        description="greatest size of one ingested file, or of one graph sent to /graphs, in megabytes",
    )
    job_queue: int = Field(
        default=40, ge=1, description="jobs of POST /api/v1/ingest that may wait at the same time, of all clients"
    )
    job_queue_client: int = Field(default=10, ge=1, description="the same, of one client")
    job_days: float = Field(default=7.0, gt=0, description="days for which the report of an ended job is kept")
    disk_reserve_mb: int = Field(
        default=500, ge=0, description="space on the disk of the data folder that uploads leave free, in megabytes"
    )
    token: SecretStr | None = Field(
        default=None, description="what `kesher ingest --url` shows to a server: a token of `kesher token create`"
    )
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        default="", description="addresses or networks, with commas, whose X-Forwarded-For and -Proto are believed"
    )
    shared: Path | None = Field(default=None, description="tests and benchmarks only: the folder with data/ and w3c/")

    @property
    def proxies(self) -> list[str]:
        """The addresses and networks of `trusted_proxies`."""
        return [it.strip() for it in self.trusted_proxies.split(",") if it.strip()]

    @property
    def shown_store(self) -> str:
        """Where the public graph is, as it may be shown."""
        return without_password(self.graph_query_url) if self.graph_query_url else str(self.data / "graph")


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        Misconfigured: a value is outside its range; the message names the setting and the value.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{variable(str(it['loc'][0]))} is {without_password(it['input'])!r}: {_plain(it['msg'])}"
            for it in error.errors()
        )
        raise Misconfigured(wrong, remedy="`kesher config` lists every setting with its meaning.") from error


def _plain(message: str) -> str:
    """Pydantic's sentence without its class name before it."""
    return message.removeprefix("Value error, ").removeprefix("Input ")


def variable(name: str) -> str:
    """Environment variable of a setting."""
    return PREFIX + name.upper()


def unknown_variables() -> list[str]:
    """Variables of the environment that look like settings and are none: misspellings that would be ignored."""
    known = {variable(name) for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
