"""Office files are judged by the directory of their archive, before anything of them is unpacked."""

import io
import zipfile

import docx
import pytest

from ingest.guard import MEGABYTE, open_document
from ontology.errors import UnreadableFile

TYPES = (
    b'<Types><Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
DTD = b'<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'
TEXT = b"<d/>"


def packed(*members: tuple[str, bytes], types=TYPES):
    """An archive of some members, each a name and its content, beside the list of content types."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("[Content_Types].xml", types), *members):
            archive.writestr(name, content)
    return whole.getvalue()


def flagged(content):
    """The same archive, whose parts claim to be encrypted."""
    return content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


def word():
    """A real Word document."""
    whole = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("מה שואלים אחרי שיעור?")
    document.save(whole)
    return whole.getvalue()


def refusal(tmp_path, content, name="a.docx"):
    """Code with which a file is refused."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        open_document(path, name, encoding=None, most_bytes=100 * MEGABYTE)
    assert refused.value.remedy
    return refused.value.problem


HOSTILE = {
    "a part that grows": ("E109", packed(("word/document.xml", b" " * (20 * MEGABYTE)))),
    "very many parts": ("E109", packed(*((f"word/{it}.xml", TEXT) for it in range(2001)))),
    "an archive inside": ("E109", packed(("word/inner.zip", b"PK"))),
    "a place outside": ("E109", packed(("../../etc/cron.d/x", TEXT))),
    "a document type": ("E110", packed(("word/document.xml", DTD))),
    "macros": ("E108", packed(("word/vbaProject.bin", b"program"))),
    "a password on a part": ("E107", flagged(packed(("word/document.xml", TEXT)))),
    "cut off": ("E101", word()[:2000]),
    "another archive": ("E104", packed(("a.txt", b"text"), types=b"<Types/>")),
    "an old Word file": ("E108", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(9)),
    "a password": ("E107", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_by_its_directory(tmp_path, kind):
    code, content = HOSTILE[kind]
    assert refusal(tmp_path, content) == code


def test_a_word_file_called_a_spreadsheet_is_disguised(tmp_path):
    assert refusal(tmp_path, word(), "a.xlsx") == "E104"


def test_a_real_document_is_let_through(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(word())
    found = open_document(path, "a.docx", encoding=None, most_bytes=MEGABYTE)
    assert (found.text, found.content) == ("", path.read_bytes())
