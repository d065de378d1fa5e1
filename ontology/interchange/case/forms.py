"""How the tables of CASE are written: a form for each of its classes, with its members and its lists."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from ontology.interchange.case.values import Kind
from ontology.namespaces import CASE, SKOS

#: The property of names.
NAME = str(SKOS.prefLabel)

#: Written where CASE asks for a time and none is known; read as "not known".
UNKNOWN_TIME = "1970-01-01T00:00:00Z"

#: The member, or the extension, that carries as N-Triples what CASE cannot say.
STATEMENTS = str(CASE["statements"])

#: Place of an object in its list, from 1.
INDEX = str(CASE["index"])


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class of CASE.

    Attributes:
        since: The first version that has it; "never" where both keep it to other objects than those of a package.
        default: What is written where CASE asks for the member and nothing is known, and what is read as nothing.
        asked: The first version that asks for it; "" for none.
    """

    name: str
    kind: Kind
    property: str
    since: str = "1.0"
    default: str | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A list of objects inside an object: the property leads from the part to the whole, or `outward` the other way."""

    name: str
    form: str
    property: str
    outward: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A class of CASE.

    Attributes:
        types: The classes of its objects; the last one tells them from others.
        named: Whether an object must have a name.
        open: Whether version 1.0 lets its objects have members of their own.
        aside: Names of members that are described elsewhere than by the table.
    """

    name: str
    types: tuple[str, ...]
    members: tuple[Member, ...]
    parts: tuple[Part, ...] = ()
    named: bool = False
    open: bool = False
    aside: frozenset[str] = frozenset()

    def member(self, name: str) -> Member | None:
        """The member of that name."""
        return next((it for it in self.members if it.name == name), None)

    @property
    def title(self) -> Member | None:
        """The member that is the name of an object."""
        return next((it for it in self.members if it.property == NAME), None)


def own(name: str) -> str:
    """The property of a member that no vocabulary has."""
    return str(CASE[quote(name, safe="").replace(".", "%2E")])


def name_of(property: str) -> str | None:
    """The member that a property of CASE's own stands for; None for other properties."""
    return unquote(property.removeprefix(CASE)) if property.startswith(CASE) else None
