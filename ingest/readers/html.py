"""HTML: one record, of the headings, paragraphs, lists and tables that a reader of the page sees.

Scripts, styles, forms, navigation and what is hidden are left out. Nothing is fetched: the parser (libxml2's) has no
network, and the page's addresses are only text here.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html  # type: ignore[import-untyped] # lxml has no types of its own

from ingest.prose import Block, prose_items
from ingest.record import Context, Document, Record
from ontology.errors import UnreadableFile
from ontology.model import Problem
from ontology.text import language_tag

_UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "nav", "form", "button", "select", "iframe", "object", "svg", "head")
)
_BLOCKS = frozenset(
    ("p", "li", "dt", "dd", "blockquote", "pre", "figcaption", "caption", "td", "th", "div", "section", "article")
) | {"main", "body", "header", "footer", "aside", "ul", "ol", "dl", "table", "tbody", "thead", "figure", "address"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read_html(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a page is.

    Raises:
        UnreadableFile: E111 the page has no words, or is nested more than 2,048 deep; E140 the YAML beside it does not
            parse; E150 the text is longer than 1 MiB.
    """
    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)  # without it, what is deep or long is cut off
        root = html.document_fromstring(document.text.replace("\x00", " ").encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile("The page cannot be read", place="document", problem="E111", remedy=_REMEDY) from error
    if any(it.type_name == "ERR_RESOURCE_LIMIT" for it in parser.error_log):
        raise UnreadableFile("The page is nested too deeply", place="document", problem="E111", remedy=_REMEDY)
    seen = _Page()
    seen.take(root)
    if not seen.blocks:
        raise UnreadableFile("There are no words on the page", place="document", problem="E111", remedy=_REMEDY)
    lang = language_tag(root.get("lang") or "")
    title = " ".join((root.findtext(".//title") or "").split())
    title = "" if any(it.level for it in seen.blocks) else title
    yield from prose_items(seen.blocks, document, context, title=title, front={"language": lang} if lang else None)


_REMEDY = "Open it in a browser and save it again."


class _Page:
    """What is seen on a page, block by block; the tree is walked without recursion, so that none is too deep."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._level = 0

    def take(self, root: etree._Element) -> None:
        hidden: etree._Element | None = None
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if hidden is None and event == "start":
                hidden = element if _is_unseen(element) else None
                if hidden is None:
                    self._open(element)
            elif hidden is None and event == "end":
                self._close(element)
            if event != "start":
                hidden = None if element is hidden else hidden
                if hidden is None:
                    self._say(element.tail)
        self._end()

    def _open(self, element: etree._Element) -> None:
        if element.tag == "br":
            self._words.append(" ")
        if element.tag in _BLOCKS or element.tag in _HEADINGS or element.tag == "tr":
            self._end()
            self._level = _HEADINGS.get(element.tag, 0)
        if element.tag == "img" and element.get("alt"):
            self._say(f" {element.get('alt')} ")
        self._say(element.text)

    def _close(self, element: etree._Element) -> None:
        if element.tag in _BLOCKS or element.tag in _HEADINGS or element.tag == "tr":
            self._end()
            self._level = 0

    def _say(self, words: str | None) -> None:
        if words:
            self._words.append(words)

    def _end(self) -> None:
        if text := " ".join("".join(self._words).split()):
            self.blocks.append(Block(text, f"block {len(self.blocks) + 1}", self._level))
        self._words.clear()


def _is_unseen(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return element.tag in _UNSEEN or hidden or "display:none" in style
