"""What a repository answered: records, each still XML, and how to go on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from ingest.readers.xml_records import first, local, records, text_of
from ingest.record import Document
from ontology.errors import UnreadableFile

_ASKED = frozenset({"record", "error", "resumptionToken", "responseDate", "granularity"})
_OUTER = "OAI-PMH"
_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"


@dataclass(frozen=True, slots=True)
class Harvested:
    """A record as it came.

    Attributes:
        identifier: By which the repository knows it; "" where it gives none.
        deleted: The repository says that it is gone.
        xml: The whole element.
    """

    identifier: str
    deleted: bool
    xml: str

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the element."""
        return hashlib.sha256(self.xml.encode()).hexdigest()


@dataclass(slots=True)
class Answer:
    """An answer to ListRecords or Identify.

    Attributes:
        error: Code and text of the repository's refusal; ("", "") without.
        token: With which to ask for the next answer; "" at the end.
        date: When the server says that it answered.
        granularity: Of its dates, where it identifies itself.
    """

    records: list[Harvested] = field(default_factory=list)
    error: tuple[str, str] = ("", "")
    token: str = ""
    date: str = ""
    granularity: str = ""


def answer_of(body: bytes, name: str) -> Answer:
    """An answer, read with the same suspicion as a file.

    Raises:
        UnreadableFile: E110 it has a document type; E111 it is no XML; E115 it is nested too deeply; E147 it is
            something else than OAI-PMH.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _foreign("is not in UTF-8") from error
    answer, known = Answer(), False
    for element in records(Document(name, text), _ASKED):
        known = known or element.tag.startswith(f"{{{_NAMESPACE}}}")
        _take(answer, element)
    if not known or _OUTER not in text[:2000]:
        raise _foreign("is not of OAI-PMH")
    return answer


def page_of(harvested: list[Harvested]) -> str:
    """A file that holds records, as a repository would have answered."""
    return "\n".join(
        (f'<{_OUTER} xmlns="{_NAMESPACE}"><ListRecords>', *(it.xml for it in harvested), f"</ListRecords></{_OUTER}>")
    )


def _take(answer: Answer, element: Element) -> None:
    match local(element):
        case "record":
            header = first(element, "header")
            deleted = header is not None and header.get("status") == "deleted"
            element.tail = None
            xml = tostring(element, "unicode")
            answer.records.append(Harvested(text_of(first(header, "identifier"))[:1000], deleted, xml))
        case "error":
            answer.error = (element.get("code", ""), text_of(element)[:200])
        case "resumptionToken":
            answer.token = text_of(element)
        case "responseDate":
            answer.date = text_of(element)
        case _:
            answer.granularity = text_of(element)


def _foreign(what: str) -> UnreadableFile:
    remedy = "Give the base URL of an OAI-PMH 2.0 repository; its pages for people are something else."
    return UnreadableFile(f"The answer {what}", place="repository", problem="E147", remedy=remedy)
