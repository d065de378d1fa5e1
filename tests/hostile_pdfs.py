"""Hostile and broken PDFs, by hand: trees without an end, streams that unpack without measure, lies."""

import zlib
from collections.abc import Callable, Iterator

PDF = "%PDF-1.7\n"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
RESOURCES = b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]%b/Contents 4 0 R>>" % RESOURCES
WORDS = b"BT /F 12 Tf 20 200 Td (Words of a page) Tj ET"


def stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (head, len(content), content)


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, of which the first is its catalog."""
    body, offsets = bytearray(PDF, "ascii"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % it for it in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R%b>>" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        trailer,
    )
    return bytes(body) + head + b"\nstartxref\n%d\n%%%%EOF\n" % len(body)


def page(content: bytes, head: bytes = b"", *more: bytes, page: bytes = PAGE) -> bytes:
    """A PDF of one page with this content stream."""
    return pdf(CATALOG, PAGES, page, stream(content, head), FONT, *more)


def deflated(size: int, times: int = 1) -> bytes:
    """`size` bytes of spaces, compressed `times` over."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(size >> 20)) + packer.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    return packed


def many_pages(count: int) -> bytes:
    """A PDF of so many pages, which show the same words."""
    kids = b" ".join(b"%d 0 R" % (it + 6) for it in range(count))
    tree = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)
    return pdf(CATALOG, tree, b"null", stream(WORDS), FONT, *[PAGE] * count)


def light() -> Iterator[tuple[str, bytes, str]]:
    """Names, contents, and the codes of which one must be told; W142 for what is read: that nobody may see it yet."""
    good = page(WORDS)
    yield "good", good, "W142"
    yield "cut", good[:-30], "E101"
    yield "no-text", page(b""), "E113"
    yield "no-pages", pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"), "E113"
    yield "no-catalog", pdf(b"<</Type/Font>>"), "E111 E113"
    yield "only-marks", f"{PDF}%%EOF\n".encode(), "E111 E113"
    yield "noise", PDF.encode() + bytes(range(256)) * 64 + b"\n%%EOF\n", "E111 E113"
    before = b"/Root 1 0 R/Prev %d" % good.index(b"xref\n")
    yield "table-loop", good.replace(b"/Root 1 0 R", before), "E111 W142"
    yield (
        "password",
        pdf(CATALOG, PAGES, PAGE, trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/O(a)/U(b)/P -4>>/ID[(a)(a)]"),
        "E107 E111",
    )
    yield "own-encryption", pdf(CATALOG, PAGES, PAGE, trailer=b"/Encrypt<</Filter/Nobody>>/ID[(a)(a)]"), "E107 E111"
    yield "tree-loop", pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "E111 E113"
    yield (
        "content-itself",
        pdf(CATALOG, PAGES, PAGE.replace(b"4 0 R>>", b"[4 0 R 4 0 R]>>"), b"[4 0 R]", FONT),
        "E111 E113 E119",
    )
    yield "filter-unknown", page(b"?", b"/Filter/Nothing"), "E111 E113"
    yield "filter-broken", page(b"no zlib", b"/Filter/FlateDecode"), "E111 E113"
    yield "paper-of-words", page(WORDS, page=PAGE.replace(b"[0 0 300 300]", b"[(a)(b)(c)(d)]")), "E111 E113 W150 W141"
    yield (
        "action",
        pdf(
            b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
            PAGES,
            PAGE,
            stream(b""),
            FONT,
        ),
        "E113",
    )
    yield (
        "drawn-by-itself",
        page(
            b"/X Do",
            b"",
            stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"),
        ),
        "E111 E113 E119",
    )
    yield "brackets-open", page(b"[" * 50_000), "E111 E113 E119"
    yield "states-open", page(b"q " * 50_000), "E111 E113 E117"


def heavy() -> Iterator[tuple[str, Callable[[], bytes], str]]:
    """The same of those that take seconds; a content is made when it is needed."""
    late = "E111 E113 E117 E118 E119"
    yield "unpacks-to-2-gb", lambda: page(deflated(2 << 30), b"/Filter/FlateDecode"), late
    yield "unpacks-twice", lambda: page(deflated(1 << 30, 2), b"/Filter[/FlateDecode/FlateDecode]"), late
    yield "pages-without-end", lambda: many_pages(50_000), late
    yield "letters-without-end", lambda: page(b"BT /F 1 Tf (%b) Tj ET" % (b"x" * (8 << 20))), late
    deep = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (it + 3) for it in range(20_000)]
    yield "tree-deep", lambda: pdf(CATALOG, *deep, PAGE), late
