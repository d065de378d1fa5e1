"""A corpus of hostile and broken files, each with the codes that its report may give: what people, disks, and those who
mean harm make of the formats that are read. All bodies are written here, by hand or by the standard library."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ontology.namespaces import SKOS
from tests import hostile_pdfs

MEGABYTE = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{OOXML}wordprocessingml.document.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}presentationml.presentation.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}spreadsheetml.sheet.main+xml"),
}
MACROS = {
    "docx": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "pptx": "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    "xlsx": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
OFFICE = tuple(MAIN)
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
RELATIONS = f"{PACKAGE}relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(it + 1)} "{f"&{chr(it)};" * 10}">' for it in range(ord("a"), ord("j"))
)
LAUGHS = f"{BOMB}]><x>&j;</x>"
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]><x/>'
DOCTYPES = {"laughs": LAUGHS, "external": EXTERNAL, "remote": REMOTE, "parameter": PARAMETER}
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEBREW = "מה שואלים אחרי שיעור? הסתכלות בתלמידים"
ARABIC = "ماذا نسأل بعد الدرس؟"
MAPPING = "kind: tool\nid: code\nlanguage: en\ncolumns:\n  name: label\n"
BINARY = {
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "zip": b"PK\x03\x04" + bytes(60),
    "old": OLE + bytes(600),
    "gzip": b"\x1f\x8b\x08" + bytes(40),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(40),
    "gif": b"GIF89a" + bytes(40),
    "rtf": b"{\\rtf1 words}",
    "sqlite": b"SQLite format 3\x00" + bytes(90),
    "program": b"\x7fELF" + bytes(60),
    "noughts": bytes(4_000),
    "nul-inside": b"# A heading\n\nwords \x00 words",
}
TEXTS = ("md", "txt", "csv", "bib", "ris", "ttl", "json", "html")


@dataclass(frozen=True)
class Hostile:
    """A file.

    Attributes:
        name: Its name, in the corpus.
        content: Its bytes, made when they are needed.
        codes: One of them must be told of it, and be that of a refusal unless all are warnings.
        heavy: It takes seconds, or hundreds of megabytes.
    """

    name: str
    content: Callable[[], bytes]
    codes: frozenset[str]
    heavy: bool = False


def hostile(name: str, content: bytes | str | Callable[[], bytes], codes: str, *, heavy: bool = False) -> Hostile:
    if isinstance(content, str):
        content = content.encode()
    ready = content
    return Hostile(name, ready if callable(ready) else lambda: ready, frozenset(codes.split()), heavy)


def office(
    kind: str, *members: tuple[str | zipfile.ZipInfo, bytes], types: str = "", main: bytes | None = None
) -> bytes:
    """An Office file with a main part, beside other members."""
    place, content_type = MAIN[kind]
    override = f'<Override PartName="/{place}" ContentType="{types or content_type}"/>'
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    listed = f'<Types xmlns="{PACKAGE}content-types">{default}{override}</Types>'
    office_document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    start = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{office_document}" Target="{place}"/>'
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", listed)
        archive.writestr("_rels/.rels", f"{start}</Relationships>")
        if main is not None:
            archive.writestr(place, main)
        for name, content in members:
            archive.writestr(name, content)
    return whole.getvalue()


def word(body: str) -> bytes:
    return f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()


def claiming(content: bytes, *, packed: int | None = None, full: int | None = None, flags: int | None = None) -> bytes:
    """The same archive whose last member is said, in the directory, to have other sizes or flags."""
    changed, at = bytearray(content), content.rfind(b"PK\x01\x02")
    for offset, layout, value in ((8, "<H", flags), (20, "<I", packed), (24, "<I", full)):
        if value is not None:
            struct.pack_into(layout, changed, at + offset, value)
    return bytes(changed)


def announcing(content: bytes, members: int) -> bytes:
    """The same archive whose last record counts other members."""
    changed, at = bytearray(content), content.rfind(b"PK\x05\x06")
    struct.pack_into("<2H", changed, at + 8, members, members)
    return bytes(changed)


def overlapping(kind: str) -> bytes:
    """An archive in which all members lie at one place."""
    content = bytearray(office(kind, ("a.xml", b"<a/>"), ("b.xml", b"<b/>")))
    at = content.rfind(b"PK\x01\x02")
    before = content.rfind(b"PK\x01\x02", 0, at)
    content[at + 42 : at + 46] = content[before + 42 : before + 46]
    return bytes(content)


def linked(target: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    member = zipfile.ZipInfo("word/link.xml")
    member.create_system, member.external_attr = 3, 0xA1FF << 16
    return member, target


def twice(kind: str) -> bytes:
    """Two members of one name; the standard library would warn of writing them."""
    content = office(kind, ("aaaa.xml", b"<a/>"), ("bbbb.xml", b"<b/>"))
    return content.replace(b"bbbb.xml", b"aaaa.xml")


def damaged(kind: str) -> bytes:
    """A member whose bytes are not what was packed."""
    content = office(kind, main=b"<a>" + bytes(range(32, 127)) * 40 + b"</a>")
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(b"<a>" + bytes(range(32, 127)) * 40 + b"</a>") + packer.flush()
    return content.replace(packed, bytes(len(packed)))


def of_office() -> Iterator[Hostile]:
    for kind in OFFICE:
        good = office(kind, main=b"<x/>")
        others = [it for it in OFFICE if it != kind]
        yield hostile(f"cut-early.{kind}", good[:60], "E101")
        yield hostile(f"cut-late.{kind}", good[:-30], "E101")
        yield hostile(f"directory-spoilt.{kind}", good.replace(b"PK\x01\x02", b"PK\x09\x09"), "E101")
        yield hostile(f"damaged.{kind}", damaged(kind), "E101")
        yield hostile(f"no-main-part.{kind}", office(kind), "E127")
        yield hostile(f"main-part-no-xml.{kind}", office(kind, main=b"words"), "E127")
        yield hostile(f"main-part-cut.{kind}", office(kind, main=b"<x><y>"), "E127")
        yield hostile(f"main-part-empty.{kind}", office(kind, main=b""), "E127")
        yield hostile(f"main-part-foreign.{kind}", office(kind, main=b"<x/>"), "E127")
        yield hostile(f"ratio.{kind}", office(kind, main=b" " * (20 * MEGABYTE)), "E109")
        yield hostile(f"claimed-total.{kind}", claiming(good, full=0xFFFFFF00), "E109")
        yield hostile(f"claimed-small.{kind}", claiming(office(kind, main=b"<x>" + b"y" * 9_000), full=3), "E101")
        yield hostile(f"members.{kind}", office(kind, *((f"a/{it}.xml", b"") for it in range(2_001))), "E109")
        yield hostile(f"counted-down.{kind}", announcing(good, 0), "E109")
        yield hostile(f"counted-up.{kind}", announcing(good, 60_000), "E109")
        yield hostile(f"archive-inside.{kind}", office(kind, ("inner.zip", good)), "E109")
        yield hostile(f"itself-inside.{kind}", office(kind, (f"customXml/inner.{kind}", good)), "E109")
        yield hostile(f"upwards.{kind}", office(kind, ("../../etc/cron.d/x", b"x")), "E109")
        yield hostile(f"upwards-backwards.{kind}", office(kind, ("..\\..\\x.xml", b"x")), "E109")
        yield hostile(f"absolute.{kind}", office(kind, ("/etc/passwd", b"x")), "E109")
        yield hostile(f"drive.{kind}", office(kind, ("C:/x.xml", b"x")), "E109")
        yield hostile(f"overlap.{kind}", overlapping(kind), "E109")
        yield hostile(f"twice.{kind}", twice(kind), "E109")
        yield hostile(f"link.{kind}", office(kind, linked(b"/etc/passwd")), "E109")
        yield hostile(f"encrypted-part.{kind}", claiming(good, flags=1), "E107")
        yield hostile(f"macros-by-type.{kind}", office(kind, main=b"<x/>", types=MACROS[kind]), "E108")
        yield hostile(f"macros-by-part.{kind}", office(kind, ("word/vbaProject.bin", b"x"), main=b"<x/>"), "E108")
        yield hostile(f"password.{kind}", OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(50), "E107")
        yield hostile(f"is-html.{kind}", "<!DOCTYPE html><html><body><p>words</p></body></html>", "E104")
        yield hostile(f"is-text.{kind}", "words\n", "E104")
        for other in others:
            yield hostile(f"is-{other}.{kind}", office(other, main=b"<x/>"), "E104")
        for name, text in DOCTYPES.items():
            yield hostile(f"dtd-{name}.{kind}", office(kind, main=text.encode()), "E110")
        yield hostile(f"dtd-utf-16.{kind}", office(kind, main=LAUGHS.encode("utf-16")), "E110")
        yield hostile(
            f"dtd-elsewhere.{kind}", office(kind, ("docProps/core.xml", LAUGHS.encode()), main=b"<x/>"), "E110"
        )
        ebcdic = f'<?xml version="1.0" encoding="cp037"?>{EXTERNAL}'.encode("cp037")
        yield hostile(f"dtd-ebcdic.{kind}", office(kind, main=ebcdic), "E101")


def of_old_office() -> Iterator[Hostile]:
    for sign, kind in (("WordDocument", "docx"), ("Workbook", "xlsx"), ("PowerPoint Document", "pptx"), ("", "docx")):
        named = (sign.encode("utf-16-le") + b"\x00\x00") if sign else b""
        name = f"old-{sign.split(' ')[0].lower() or 'unknown'}.{kind}"
        yield hostile(name, OLE + bytes(500) + named + bytes(90), "E108")


def of_disguise() -> Iterator[Hostile]:
    for what, content in BINARY.items():
        for suffix in ("md", "csv") if what not in {"pdf", "zip", "noughts"} else TEXTS:
            yield hostile(f"is-{what}.{suffix}", content, "E104")
    page = "<!DOCTYPE html><html><body>words</body></html>"
    for suffix in ("csv", "bib", "ris", "ttl", "nt", "json"):
        yield hostile(f"is-a-page.{suffix}", page, "E104")
    for suffix in ("csv", "bib", "ris"):
        yield hostile(f"is-json.{suffix}", '{"a": 1}', "E104")


def of_text() -> Iterator[Hostile]:
    for suffix in (*TEXTS, *OFFICE):
        yield hostile(f"empty.{suffix}", b"", "E101")
    for suffix in TEXTS:
        yield hostile(f"blank.{suffix}", b" \n\t\r\n", "E101")
        # Read by its words where it is prose; elsewhere its words are no records.
        known = {"md": "W214", "txt": "W214", "html": "W214", "csv": "E122", "bib": "E130", "ris": "E210"}
        read = known.get(suffix, "E111")
        yield hostile(f"hebrew-cp1255.{suffix}", HEBREW.encode("cp1255"), read)
        yield hostile(f"hebrew-iso.{suffix}", HEBREW.encode("iso8859_8"), read)
        yield hostile(f"arabic-cp1256.{suffix}", ARABIC.encode("cp1256"), read)
        yield hostile(f"hebrew-mixed.{suffix}", HEBREW.encode() + HEBREW.encode("cp1255"), "E105")
    yield hostile("utf-8-cut.md", ("# " + HEBREW).encode()[:-1], "E105")
    yield hostile("utf-16-cut.md", ("# " + HEBREW).encode("utf-16")[:-1], "E105")
    yield hostile("utf-16-unmarked.md", ("# words " * 9).encode("utf-16-le"), "W214")
    yield hostile("utf-16-half.txt", b"\xff\xfe\x00\xd8a\x00", "E105")
    yield hostile("front-open.md", "---\nkind: tool\n# A\n", "E140")
    yield hostile("front-broken.md", "---\nkind: [tool\n---\n# A\n", "E140")
    yield hostile("front-aliases.md", "---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n# A\n", "E140")
    yield hostile("front-object.md", '---\na: !!python/object/apply:os.system ["true"]\n---\n# A\n', "W141")
    yield hostile("kind-unknown.md", "---\nkind: weapon\n---\n# A\n", "E141")
    for suffix in ("md", "txt", "html"):
        yield hostile(f"huge.{suffix}", lambda: b"words " * (2 * MEGABYTE // 6), "E150")
    yield hostile("page-deep.html", "<div>" * 5_000 + "words", "E111")
    yield hostile("page-silent.html", "<html><script>alert(1)</script></html>", "E111")


def of_tables() -> Iterator[Hostile]:
    head = "code,name\n"
    yield hostile("ragged-short.csv", f"{head}a,A\nb\n", "E120")
    yield hostile("ragged-long.csv", f"{head}a,A\nb,B,C,D\n", "E120")
    yield hostile("quote-open.csv", f'{head}a,"A\nb,B\n', "E125")
    yield hostile("cell-10-mb.csv", f"{head}a,{'x' * (10 * MEGABYTE)}\n".encode, "E150")
    yield hostile("column-twice.csv", "code,name,name\na,A,B\n", "E126")
    yield hostile("column-missing.csv", "code,title\na,A\n", "E122")
    yield hostile("no-id.csv", f"{head},A\n", "E124")
    yield hostile("header-huge.csv", "x" * 200_000 + ",name\na,A\n", "E122")


def of_bibliographies() -> Iterator[Hostile]:
    yield hostile("none.bib", "words, and no entry", "E130")
    yield hostile("cut.bib", "@article{a, title = {Ratio", "E131")
    yield hostile("deep.bib", "@article{a, title = " + "{" * 3_000 + "\n", "E131")
    yield hostile("untitled.bib", "@article{a, author = {Dana Levi}}", "E132")
    yield hostile("none.ris", "words, and no record", "E210")
    yield hostile("unclosed.ris", "TY  - JOUR\nTI  - Ratio\nAU  - Levi, Dana\n", "W211")
    yield hostile("untitled.ris", "TY  - JOUR\nAU  - Levi, Dana\nER  - \n", "E132")


def of_graphs() -> Iterator[Hostile]:
    for name, text in DOCTYPES.items():
        yield hostile(f"dtd-{name}.xml", text, "E110")
        yield hostile(f"dtd-{name}.rdf", '<?xml version="1.0"?>' + text, "E110")
    for name, text in DOCTYPES.items():
        yield hostile(f"dtd-{name}-oai.xml", text.replace("<x", "<OAI-PMH").replace("</x", "</OAI-PMH"), "E110")
    yield hostile("cut.rdf", RDF.format("")[:60], "E111")
    yield hostile("deep.rdf", ('<?xml version="1.0"?>' + "<a>" * 200_000).encode, "E115")
    yield hostile("cut.ttl", "<http://e/a> <http://e/p> ", "E111")
    yield hostile("words.nt", "these are words", "E111")
    yield hostile("silent.ttl", "# nothing\n", "E113")
    yield hostile("nested.ttl", "<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> .", "E114")
    yield hostile("iri-broken.nt", "<http://e/a b> <http://e/p> <http://e/c> .", "E111")
    yield hostile("cut.json", '{"@graph": [', "E111")
    yield hostile("deep.json", "[" * 100_000, "E115")
    yield hostile("context-remote.json", '{"@context": "http://127.0.0.1:9/c", "@id": "urn:a", "b": 1}', "E112")
    yield hostile("context-file.json", '{"@context": "file:///etc/passwd", "@id": "urn:a", "b": 1}', "E112")
    yield hostile("number-long.json", '{"a": ' + "9" * 9_000 + "}", "E111")
    yield hostile("text-long.ttl", f"<http://e/a> <{SKOS.prefLabel}> '{'x' * 70_000}' .", "E150")


def of_weight() -> Iterator[Hostile]:
    """Archives within the limits of their directories whose parts are too much for a parser."""
    deep = "<w:p>" * 100_000
    yield hostile("deep.docx", lambda: office("docx", main=word(deep)), "E127 E119 E118 E117", heavy=True)
    wide = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    many = lambda: office("docx", main=word("".join(wide.replace(">x<", f">{it * 7919:x}<") for it in range(500_000))))  # noqa: E731 - made when it is needed
    yield hostile("wide.docx", many, "E109 E117 E118 E119 E127 E150", heavy=True)


def of_pdf() -> Iterator[Hostile]:
    yield hostile("words.pdf", HEBREW.encode(), "E104")
    yield hostile("empty.pdf", b"", "E101")
    yield hostile("is-a-page.pdf", "<!DOCTYPE html><html><body>words</body></html>", "E104")
    yield hostile("is-old.pdf", OLE + bytes(600), "E104")
    for name, content, codes in hostile_pdfs.light():
        yield hostile(f"{name}.pdf", content, codes)
    for name, made, codes in hostile_pdfs.heavy():
        yield hostile(f"{name}.pdf", made, codes, heavy=True)


CORPUS = [
    *of_office(),
    *of_old_office(),
    *of_disguise(),
    *of_text(),
    *of_tables(),
    *of_bibliographies(),
    *of_graphs(),
    *of_weight(),
    *of_pdf(),
]
LIGHT = [it for it in CORPUS if not it.heavy]
HEAVY = [it for it in CORPUS if it.heavy]
