"""Bodies that keep no form, and files that are none: each is answered with a problem, and nothing of it is kept."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.tokens import Scope
from tests.serving import bearer, serving
from tests.uploading import PATH, followed, form, sent, spooled, tool

TYPE = "multipart/form-data; boundary=edge"
GOOD, _ = form({"good.ttl": tool("hostile-good", "Hostile good")})
MAPPING = b'Content-Disposition: form-data; name="mapping"; filename="m.yaml"'
SOURCE = b'Content-Disposition: form-data; name="source"'
FILE = b'Content-Disposition: form-data; name="files"; filename="a.ttl"'


def body(*parts: bytes, end: bytes = b"--edge--\r\n") -> bytes:
    return b"".join(b"--edge\r\n" + it + b"\r\n" for it in parts) + end


def part(head: bytes, content: bytes = b"x") -> bytes:
    return head + b"\r\n\r\n" + content


def zipped(name: str, content: bytes, times: int = 1) -> bytes:
    """An archive of one highly packed member, or of many."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for it in range(times):
            archive.writestr(f"{it or ''}{name}", content)
    return made.getvalue()


def office(parts: Mapping[str, bytes]) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = b'<Types><Override PartName="/xl/workbook.xml" ContentType="' + kind + b'"/></Types>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": types, "xl/workbook.xml": b"<workbook/>", **parts}.items():
            archive.writestr(name, content)
    return made.getvalue()


#: Content types with a good body behind them -> status.
TYPES = {
    "none": ("", 415),
    "JSON": ("application/json", 415),
    "Turtle": ("text/turtle", 415),
    "a form without files": ("application/x-www-form-urlencoded", 415),
    "mixed": ("multipart/mixed; boundary=edge", 415),
    "nonsense": (";;;/,", 415),
    "a word": ("multipart", 415),
    "in bytes beyond ASCII": ("multipart/form-dat\xe4; boundary=edge", 415),
    "no boundary": ("multipart/form-data", 400),
    "empty boundary": ("multipart/form-data; boundary=", 400),
    "quoted empty boundary": ('multipart/form-data; boundary=""', 400),
    "boundary by another name": ("multipart/form-data; bound=edge", 400),
    "extended boundary": ("multipart/form-data; boundary*=utf-8''edge", 400),
    "another boundary": ("multipart/form-data; boundary=other", 400),
    "boundary with a space": ("multipart/form-data; boundary=edge x", 400),
    "long boundary": ("multipart/form-data; boundary=" + "e" * 5_000, 400),
    "boundary in capitals": ("multipart/form-data; boundary=EDGE", 400),
}

#: Bodies that keep no form -> status.
BODIES = {
    "nothing": (b"", 400),
    "a line": (b"\r\n", 400),
    "text": (b"hello", 400),
    "zeros": (bytes(1000), 400),
    "random bytes": (bytes(range(256)) * 40, 400),
    "JSON": (b'{"files": []}', 400),
    "gzip": (b"\x1f\x8b\x08" + bytes(100), 400),
    "only the first boundary": (b"--edge", 400),
    "only the first boundary, ended": (b"--edge\r\n", 400),
    "only the last boundary": (b"--edge--\r\n", 400),
    "boundary without hyphens": (b"edge\r\n" + part(FILE), 400),
    "boundary with one hyphen": (b"-edge\r\n" + part(FILE), 400),
    "text before it": (b"hello" + GOOD, 400),
    "cut in the head": (GOOD[:40], 400),
    "cut in the name": (GOOD[:70], 400),
    "cut in the file": (GOOD[: len(GOOD) // 2], 400),
    "cut before the last hyphens": (GOOD[:-4], 400),
    "no last boundary": (body(part(FILE), end=b""), 400),
    "last boundary misspelt": (body(part(FILE), end=b"--egde--\r\n"), 400),
    "boundary ends with zero": (GOOD.replace(b"--edge\r\n", b"--edge\0\r\n", 1), 400),
    "line feeds alone": (GOOD.replace(b"\r\n", b"\n"), 400),
    "carriage returns alone": (GOOD.replace(b"\r\n", b"\r"), 400),
    "no head": (body(b"\r\nx"), 400),
    "head without colon": (body(b"Content-Disposition\r\n\r\nx"), 400),
    "head that begins with a colon": (body(b": form-data\r\n\r\nx"), 400),
    "head with a space in its name": (body(b"Content Disposition: form-data\r\n\r\nx"), 400),
    "head of zeros": (body(b"\0\0: x\r\n\r\nx"), 400),
    "folded head": (body(b'Content-Disposition: form-data;\r\n name="files"; filename="a.ttl"\r\n\r\nx'), 400),
    "another disposition": (body(part(b'Content-Disposition: attachment; name="files"; filename="a.ttl"')), 400),
    "no name": (body(part(b'Content-Disposition: form-data; filename="a.ttl"')), 400),
    "empty disposition": (body(part(b"Content-Disposition:")), 400),
    "only a type": (body(part(b"Content-Type: text/turtle")), 400),
    "base64": (body(part(FILE + b"\r\nContent-Transfer-Encoding: base64", b"eA==")), 400),
    "quoted-printable": (body(part(FILE + b"\r\nContent-Transfer-Encoding: quoted-printable")), 400),
    "a long head": (body(part(FILE + b"\r\nX: " + b"x" * 10_000)), 400),
    "a long name of a head": (body(part(FILE + b"\r\n" + b"X" * 10_000 + b": x")), 400),
    "a head without end": (b"--edge\r\nX: " + b"x" * 900_000, 400),
    "many heads": (body(part(b"\r\n".join([FILE, *[b"X: x"] * 100]))), 400),
    "a million letters of a name": (body(part(b'Content-Disposition: form-data; name="' + b"x" * 999_000 + b'"')), 400),
    "quotes without end": (body(part(b'Content-Disposition: form-data; name="files; filename="a.ttl')), 422),
    "many quotes": (body(part(b"Content-Disposition: form-data; " + b'";' * 1900)), 400),
    "many fields": (body(*[part(b'Content-Disposition: form-data; name="lang"', b"en")] * 3_000), 422),
    "many files": (body(*[part(FILE.replace(b"a.ttl", b"%d.ttl" % it)) for it in range(3_000)]), 400),
    "files of one name": (body(part(FILE), part(FILE)), 422),
    "no file": (body(part(b'Content-Disposition: form-data; name="lang"', b"en")), 400),
    "a mapping alone": (body(part(MAPPING)), 400),
    "two mappings": (body(part(FILE), *[part(MAPPING)] * 2), 422),
    "a YAML for nobody": (body(part(FILE), part(FILE.replace(b"a.ttl", b"b.mapping.yaml"))), 422),
    "a file without name": (body(part(b'Content-Disposition: form-data; name="files"')), 422),
    "a file with an empty name": (body(part(b'Content-Disposition: form-data; name="files"; filename=""')), 422),
    "no file chosen": (body(part(b'Content-Disposition: form-data; name="files"; filename=""', b"")), 400),
    "a name in the extended way": (body(part(FILE.replace(b"filename=", b"filename*=utf-8''"))), 422),
    "an unknown field": (body(part(b'Content-Disposition: form-data; name="path"', b"/etc/passwd"), part(FILE)), 422),
    "a field of no letters": (body(part(b'Content-Disposition: form-data; name=""'), part(FILE)), 422),
    "a field that is not UTF-8": (body(part(SOURCE, b"\xff"), part(FILE)), 422),
    "a long field": (body(part(SOURCE, b"x" * 900_000), part(FILE)), 422),
    "a field twice": (body(*[part(b'Content-Disposition: form-data; name="lang"', b"en")] * 2, part(FILE)), 422),
    "a nested form": (body(part(b"Content-Type: multipart/mixed; boundary=x\r\n" + FILE[:-4] + b'"', GOOD)), 422),
}  # fmt: skip

#: Names that are none.
NAMES = {
    "upwards": b"../../etc/cron.d/x.ttl",
    "upwards in the middle": b"a/../../b.ttl",
    "upwards, backslashes": b"..\\\\..\\\\b.ttl",
    "absolute": b"/etc/passwd.ttl",
    "of a share": b"//host/share/a.ttl",
    "here": b"./a.ttl",
    "nothing between": b"a//b.ttl",
    "dots": b"..",
    "a dot": b".",
    "a space": b" ",
    "zero": b"a\0b.ttl",
    "escape": b"a\x1b[2Jb.ttl",
    "delete": b"a\x7fb.ttl",
    "tabulator": b"a\tb.ttl",
    "right to left": "a\u202eltt.exe.ttl".encode(),
    "isolate": "a\u2067b.ttl".encode(),
    "line separator": "a\u2028b.ttl".encode(),
    "byte order mark": "a\ufeffb.ttl".encode(),
    "next line": "a\x85b.ttl".encode(),
    "not UTF-8": b"\xe0\xe1.ttl",
    "half a surrogate": b"\xed\xa0\x80.ttl",
    "long": b"x" * 300 + b".ttl",
    "very long": b"x" * 3_000 + b".ttl",
    "a drive": b"C:a.ttl",
}

#: Files of which nothing can be read -> their code.
FILES = {
    "empty": ("a.ttl", b"", "E101"),
    "white": ("a.md", b" \r\n\t" * 100, "E101"),
    "no suffix": ("README", b"x", "E103"),
    "a program": ("a.exe", b"MZ" + bytes(100), "E103"),
    "an archive": ("a.zip", zipped("a.ttl", b"x"), "E103"),
    "an archive named Word": ("a.docx", zipped("a.ttl", b"x"), None),
    "a picture named text": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "E104"),
    "HTML named PDF": ("a.pdf", b"<html><body>x</body></html>", "E104"),
    "a program named text": ("a.txt", b"\x7fELF" + bytes(100), "E104"),
    "zeros": ("a.csv", bytes(10_000), "E104"),
    "old Word": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), None),
    "a bomb": ("a.xlsx", office({"xl/worksheets/sheet1.xml": bytes(60 << 20)}), "E109"),
    "many members": ("a.xlsx", office({f"xl/{it}.xml": b"<x/>" for it in range(2_500)}), "E109"),
    "foreign places": ("a.xlsx", office({"../../etc/cron.d/x": b"x"}), "E109"),
    "an archive in an archive": ("a.xlsx", office({"xl/inner.zip": zipped("a", b"x")}), "E109"),
    "entities": ("a.xlsx", office({"xl/s.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "E110"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def client(folder) -> Iterator[TestClient]:
    with serving(folder, max_upload_mb=4) as client:
        yield client


@pytest.fixture(scope="module")
def headers(client) -> dict[str, str]:
    return bearer(client, Scope.INGEST)


def refused(folder: Path, answer, status: int) -> dict:
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert str(folder) not in answer.text
    assert "Traceback" not in answer.text
    assert spooled(folder) == []
    return problem


def test_there_are_a_hundred():
    assert len(TYPES) + len(BODIES) + len(NAMES) + len(FILES) > 100


@pytest.mark.parametrize("name", TYPES)
def test_a_content_type_that_is_none_of_a_form(client, headers, folder, name):
    content_type, status = TYPES[name]
    given = {"Content-Type": content_type.encode("latin-1")} if content_type else {}
    refused(folder, client.post(PATH, content=GOOD, headers=given | headers), status)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_keeps_no_form(client, headers, folder, name):
    content, status = BODIES[name]
    refused(folder, client.post(PATH, content=content, headers={"Content-Type": TYPE} | headers), status)


@pytest.mark.parametrize("name", BODIES)
def test_the_same_in_small_pieces(client, headers, folder, name):
    content, status = BODIES[name]
    pieces = (content[at : at + 997] for at in range(0, len(content), 997))
    refused(folder, client.post(PATH, content=pieces, headers={"Content-Type": TYPE} | headers), status)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_none(client, headers, folder, name):
    content = body(part(FILE.replace(b"a.ttl", NAMES[name])))
    answer = client.post(PATH, content=content, headers={"Content-Type": TYPE} | headers)
    assert refused(folder, answer, 422)["parameter"] == "files"


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_which_nothing_can_be_read(client, headers, folder, name):
    called, content, code = FILES[name]
    problem = refused(folder, sent(client, {called: content}, headers), 422)
    assert [it["file"] for it in problem["report"]["problems"]] == [called]
    assert problem["problem"] == (code or problem["problem"])
    assert problem["remedy"] or problem["detail"]


def test_after_all_of_it_a_good_file_is_taken(client, headers):
    job = followed(client, client.post(PATH, content=GOOD, headers={"Content-Type": TYPE} | headers), headers)
    assert job["report"]["committed"] == 1
