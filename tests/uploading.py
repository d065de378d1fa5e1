"""Sending files to a service and following the job that they become, for tests."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

from fastapi.testclient import TestClient

from api.tokens import Scope
from tests.serving import bearer, services_of

PATH = "/api/v1/ingest"
NOTE = "@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


def tool(slug: str, label: str) -> bytes:
    """A Turtle file that describes one tool."""
    return f'{NOTE}<https://w3id.org/kesher/id/tool/{slug}> a ks:Tool ; skos:prefLabel "{label}"@en .'.encode()


def tools(first: int, count: int) -> bytes:
    lines = (
        f'<https://w3id.org/kesher/id/tool/made-{it}> a ks:Tool ; skos:prefLabel "Made tool {it}"@en .'
        for it in range(first, first + count)
    )
    return (NOTE + "\n".join(lines)).encode()


def form(
    files: Mapping[str, bytes], fields: Mapping[str, str] = {}, boundary: str = "edge", name: str = "files"
) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a form, made by hand."""
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts += [
        f'Content-Disposition: form-data; name="{name}"; filename="{called}"\r\n\r\n'.encode() + content
        for called, content in files.items()
    ]
    body = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def sent(client: TestClient, files: Mapping[str, bytes], headers: Mapping[str, str] | None = None, **fields: str):
    """The answer to an upload."""
    body, own = form(files, fields)
    return client.post(PATH, content=body, headers=own | dict(headers or bearer(client, Scope.INGEST)))


def followed(client: TestClient, answer, headers: Mapping[str, str]) -> dict:
    """The job of an answer, once it has ended and its files are gone."""
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = client.get(answer.headers["Location"], headers=headers).json()
        if job["ended"] and not (services_of(client).folder.uploads / job["id"]).exists():
            return job
        time.sleep(0.02)
    raise AssertionError(f"the job did not end: {json.dumps(job)[:500]}")


def spooled(folder: Path) -> list[str]:
    """What lies in the spool of a data folder."""
    uploads = folder / "kesher" / "uploads"
    return sorted(str(it.relative_to(uploads)) for it in uploads.rglob("*")) if uploads.exists() else []
