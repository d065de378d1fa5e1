"""What Word and PowerPoint files have in common: words in elements, pictures, and packages that do not open.

Elements are told by their local names, because the strict and the transitional form of ISO/IEC 29500 spell the same
elements under different namespaces. Text stands in `t`, of Word, of DrawingML and of formulas (OMML) alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from ingest.prose import Block
from ontology.errors import UnreadableFile
from ontology.model import Problem

#: What stands twice (the second time for older programs), or was deleted by who tracked changes.
_PASSED_OVER = frozenset({"Fallback", "del", "moveFrom", "rPr", "pPr", "instrText"})
_SPACES = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Titles that programs give by themselves.
_NO_TITLES = {"word document", "powerpoint presentation", "untitled", "slide 1"}


class Element(Protocol):
    """The part of an lxml element that is used here."""

    @property
    def tag(self) -> object: ...

    @property
    def text(self) -> str | None: ...

    def __iter__(self) -> Iterator[Element]: ...

    def get(self, name: str) -> str | None: ...

    @property
    def attrib(self) -> Mapping[str, str]: ...


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def inside(element: Element, *, without: frozenset[str] = frozenset()) -> Iterator[Element]:
    """An element and all below it that a reader is shown, in order; what `without` names is given, not entered."""
    yield element
    if local(element) not in without:
        for child in element:
            if local(child) not in _PASSED_OVER:
                yield from inside(child, without=without)


def words(element: Element, *, without: frozenset[str] = frozenset()) -> str:
    """The text of a paragraph, white space as one space except for line breaks."""
    parts = []
    for it in inside(element, without=without):
        name = local(it)
        parts.append((it.text or "") if name == "t" else _SPACES.get(name, ""))
    return "\n".join(filter(None, (" ".join(line.split()) for line in "".join(parts).split("\n"))))


def child(element: Element, *names: str) -> Element | None:
    """The element at the end of a path of local names, the first at each step; None where one is missing."""
    found: Element | None = element
    for name in names:
        found = next((it for it in found if local(it) == name), None) if found is not None else None
    return found


def alternative_text(element: Element, named: str) -> str:
    """What somebody wrote for those who do not see a picture; "" when nobody did."""
    found = next((it for it in inside(element) if local(it) == named), None)
    return " ".join((found.get("descr") or "").split()) if found is not None else ""


def written_title(title: str | None, blocks: list[Block]) -> str:
    """The title among a file's properties, for a text without a heading: often it is that of an older file."""
    if title is None or title.strip().lower() in _NO_TITLES or any(block.level for block in blocks):
        return ""
    return " ".join(title.split())


def unseen(places: list[str], file: str) -> Iterator[Problem]:
    """A warning that pictures without text were left out; one for the whole file."""
    if places:
        message = f"{len(places)} pictures, charts or objects have no text and were left out"
        remedy = "Write alternative text for what a reader must know of them."
        yield Problem("W207", file, ", ".join(dict.fromkeys(places))[:200], message, remedy)


def left_out(what: str, count: int, file: str) -> Iterator[Problem]:
    """A warning that a part of a file which is not its text was left out."""
    if count:
        message = f"{count} {what} were left out"
        yield Problem("W208", file, what, message, "Put into the text what belongs to it.")


@contextmanager
def opened(what: str) -> Iterator[None]:
    """Tell what a library says of a broken package as a refusal.

    Raises:
        UnreadableFile: E127 the package lacks a part, or a part is not what it should be.
    """
    try:
        yield
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        message = f"The {what} file is damaged, or is none: {type(error).__name__}"
        remedy = "Open it in the program that made it and save it again; a file with a password cannot be read."
        raise UnreadableFile(message, place="file", problem="E127", remedy=remedy) from error
