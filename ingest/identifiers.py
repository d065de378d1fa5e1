"""The identifiers by which a published work is known the world over, each in its one normal form.

ISBN: ISO 2108 (ten digits are written as thirteen; both check digits are verified). DOI: ISO 26324, in lower case. ERIC
accession numbers (EJ..., ED...), OpenAlex works (W...) and PubMed ids (PMID) as their services write them in addresses.
An ISSN names a journal, not a work, and so is none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ontology.namespaces import BIBO, DCTERMS, FOAF

#: Properties that may hold one.
PROPERTIES = tuple(map(str, (BIBO.doi, BIBO.isbn, DCTERMS.identifier, FOAF.page)))
_ISBN = re.compile(r"(?<![0-9])(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9Xx](?![0-9])")
_ELSEWHERE = (
    ("doi", re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(10\.[0-9.]+/\S+)", re.IGNORECASE)),
    (
        "eric",
        re.compile(r"(?:https?://(?:www\.)?eric\.ed\.gov/\?(?:\S*&)?id=|eric:?\s*)(E[JD][0-9]{5,8})\b", re.IGNORECASE),
    ),
    (
        "openalex",
        re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?|openalex:?\s*)(W[0-9]{3,12})\b", re.IGNORECASE),
    ),
    ("pmid", re.compile(r"(?:https?://pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)([0-9]{1,9})\b", re.IGNORECASE)),
)


def identifiers(stated: Iterable[tuple[str, str]]) -> list[str]:
    """What a work is known by, such as `isbn:9780321084057`, strongest first, each once.

    Args:
        stated: Property and text of what is said of it.
    """
    said = list(stated)
    dois = [f"doi:{text.strip().lower()}" for it, text in said if it == str(BIBO.doi) and text.strip()]
    others = [found for it, text in said if it in PROPERTIES and it != str(BIBO.doi) for found in _named(text)]
    isbns = [f"isbn:{isbn}" for it, text in said if it == str(BIBO.isbn) for isbn in isbns_of(text)[0]]
    return list(dict.fromkeys([*dois, *others, *isbns]))


def isbns_of(text: str) -> tuple[list[str], list[str]]:
    """The ISBNs in a text, as thirteen digits, and what looks like one and has a wrong check digit."""
    good: list[str] = []
    bad: list[str] = []
    for found in _ISBN.findall(text):
        isbn = normal_isbn(found)
        (good if isbn else bad).append(isbn or found.strip())
    return good, bad


def normal_isbn(written: str) -> str:
    """An ISBN as thirteen digits; "" when its check digit is not right."""
    digits = re.sub(r"[- ]", "", written).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        weighted = sum((10 - at) * (10 if it == "X" else int(it)) for at, it in enumerate(digits))
        return _with_check(f"978{digits[:9]}") if weighted % 11 == 0 else ""
    return digits if re.fullmatch(r"97[89][0-9]{10}", digits) and _with_check(digits[:12]) == digits else ""


def _with_check(twelve: str) -> str:
    weighted = sum(int(it) * (3 if at % 2 else 1) for at, it in enumerate(twelve))
    return f"{twelve}{-weighted % 10}"


def _named(text: str) -> Iterator[str]:
    for scheme, sign in _ELSEWHERE:
        for found in sign.findall(text):
            name = found.rstrip(".,;")
            yield f"{scheme}:{name.lower() if scheme == 'doi' else name.upper()}"
