"""The whole service over the starter knowledge, with the hash encoder, for tests that ask it from outside."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.services import Services, open_services
from api.settings import Settings
from api.tokens import Scope
from ingest.pipeline import Options
from ingest.starter import load_starter
from language.hashing import HashEncoder

BASE = "https://w3id.org/kesher/"
SECRET_RECORD = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix id: <https://w3id.org/kesher/id/> .

<https://w3id.org/kesher/id/practice/quiet-class> a ks:PracticeRecord ;
    skos:prefLabel "Zanzibar conversation in a quiet class"@en ;
    ks:usedTool <https://w3id.org/kesher/id/tool/video-lm> .
"""


@cache
def with_starter() -> Path:
    """A data folder with the starter knowledge, indexed with the hash encoder: made once, to be copied."""
    folder = Path(tempfile.mkdtemp()) / "kesher"
    with open_services(Settings(data=folder), command="test", encoder=HashEncoder) as services:
        load_starter(services.writer)
        services.search.follow()
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    return folder


@contextmanager
def serving(folder: Path, **settings: object) -> Iterator[TestClient]:
    """A client of an app over a new data folder; its `services` are in `client.app.state.services`."""
    chosen = Settings(data=folder / "kesher", **{"linking": "names"} | settings)  # hashes have no meaning to compare
    if chosen.base_iri == BASE:
        shutil.copytree(with_starter(), chosen.data)
    with open_services(chosen, command="test", encoder=HashEncoder) as services:
        load_starter(services.writer)
        record = folder / "quiet-class.ttl"
        record.write_text(SECRET_RECORD, encoding="utf-8")
        services.ingest([record], Options(agent=services.agent))
        yield TestClient(create_app(services), raise_server_exceptions=False, client=("127.0.0.1", 50000))


def services_of(client: TestClient) -> Services:
    return client.app.state.services


def bearer(client: TestClient, *scopes: Scope) -> dict[str, str]:
    """The header of somebody with these scopes."""
    return {"Authorization": f"Bearer {services_of(client).tokens.create('Dana Levi', list(scopes), 1)}"}
