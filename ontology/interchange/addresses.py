"""Addresses as they come: relative, with spaces in them, or none at all."""

from __future__ import annotations

import re
from typing import TypeGuard
from urllib.parse import quote, urljoin

import pyoxigraph as ox

from ontology.kinds import graph_iri

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NOT_IN_AN_IRI = re.compile(r'[\x00-\x20\x7f<>"{}|\\^`]')


def folder_of(base: str, file: str) -> str:
    """Where the relative addresses of a file lie: below its graph, so that they are never those of entries here."""
    return graph_iri(base, f"source/{quote(file)}/")


def is_absolute(written: object) -> TypeGuard[str]:
    """Whether this is an address that begins with a scheme."""
    return isinstance(written, str) and bool(_SCHEME.match(written))


def absolute(written: object, base: str) -> ox.NamedNode:
    """The address that is meant: resolved against `base` (RFC 3986), with `%20` for a space.

    Raises:
        ValueError: no address can be made of it: it is no text, or blank, or cannot be one.
    """
    if not isinstance(written, str) or not written.strip():
        raise ValueError("it is no text, or blank")
    mended = _NOT_IN_AN_IRI.sub(lambda found: quote(found[0]), written.strip())
    return ox.NamedNode(mended if is_absolute(mended) else urljoin(base, mended))
