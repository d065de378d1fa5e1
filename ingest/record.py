"""What readers yield: the content of a file before it is triples.

A reader turns a `Document` into `Record`s (tables, bibliographies, prose) or `Statements` (RDF), and says with a
`Problem` which record it could not take. A file that cannot be taken at all raises `UnreadableFile` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from ontology.kinds import Kind
from ontology.model import Problem

#: What pyoxigraph allows as a subject; past the readers only named nodes are left.
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass(frozen=True, slots=True)
class Document:
    """A file that passed the guard.

    Attributes:
        name: How messages call it: its path as the user knows it, never a machine path.
        text: Its content, decoded, without a byte order mark; "" for a file that is no text.
        content: The bytes of a file that is no text.
        told: What its owner should know of how it was decoded.
    """

    name: str
    text: str
    content: bytes = b""
    told: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What reading and describing need to know beside the file itself.

    Attributes:
        base: Base IRI of this installation.
        graph: Name of the graph that the file becomes, such as `source/notes.md`.
        mapping: The YAML beside the file: the mapping of a table, the front matter of prose; None where there is none.
    """

    base: str
    graph: str
    mapping: Document | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: with a language, with a datatype (an XSD IRI), or plain when both are empty."""

    text: str
    lang: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The other end of a link.

    Attributes:
        name: An absolute IRI, `kind/slug`, or a bare slug or code (`OBS.2`) of the kind below.
        kind: What a bare name means; None when only an absolute IRI will do.
    """

    name: str
    kind: Kind | None = None


Fields: TypeAlias = Mapping[str, tuple[Value | Target, ...]]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that a file describes.

    Attributes:
        kind: What it is.
        name: Its slug, or an absolute IRI.
        fields: Property IRI to values, in the order of the file.
        place: Where in the file: "row 3", "line 12".
        known: It is a source that has a name of its own already: this record only adds to it.
    """

    kind: Kind
    name: str
    fields: Fields
    place: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Statements:
    """What a document says: no blank nodes, named graphs flattened.

    Attributes:
        place: Where in the file: "document".
        taken: How many things and links they are, by their format's own count; None to count what they describe.
        failed: How many more the document has that are not among them.
        problems: Why not, and what was repaired.
    """

    triples: tuple[ox.Triple, ...]
    place: str = "document"
    taken: int | None = None
    failed: int = 0
    problems: tuple[Problem, ...] = ()


Item: TypeAlias = Record | Statements | Problem
