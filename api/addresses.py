"""Where things are on this server: the page and the data of an entity, from its address."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pyoxigraph as ox

from ontology.errors import InvalidParameter
from ontology.kinds import Iri

_SAFE = "/:@!$&'()*+,;=~"


def address_of(written: str) -> Iri:
    """What somebody gave as an address.

    Raises:
        InvalidParameter: it is none.
    """
    try:
        return Iri(ox.NamedNode(written).value)
    except ValueError as error:
        remedy = "Give a full one, such as https://..."
        raise InvalidParameter("iri", f"{written[:200]!r} is not an address.", remedy=remedy) from error


def header_link(iri: str, relation: str) -> str:
    """A value of the header Link (RFC 8288); an address in letters of another script is written in ASCII."""
    return f'<{quote(iri, _SAFE + "#?[]%")}>; rel="{relation}"'


class Addresses:
    """Paths on this server for the entities of one base.

    Args:
        base: What the addresses of this installation's entities begin with.
    """

    def __init__(self, base: str) -> None:
        self._own = f"{base}id/"

    def page(self, iri: Iri, lang: str) -> str:
        """The page of an entity; an imported one, which keeps its own address, is named in the query."""
        if iri.startswith(self._own):
            return f"/page/{quote(iri.removeprefix(self._own), _SAFE)}?lang={lang}"
        return "/page?" + urlencode({"iri": iri, "lang": lang})

    def data(self, iri: Iri, format: str) -> str:
        """The entity as data in one of the formats of `graph.results`."""
        if iri.startswith(self._own):
            return f"/id/{quote(iri.removeprefix(self._own), _SAFE)}?format={format}"
        return "/id?" + urlencode({"iri": iri, "format": format})

    def itself(self, iri: Iri) -> str:
        """The entity at its own address."""
        if iri.startswith(self._own):
            return f"/id/{quote(iri.removeprefix(self._own), _SAFE)}"
        return "/id?" + urlencode({"iri": iri})
