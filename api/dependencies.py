"""What handlers ask for: the services, who is reading, and which entity an address means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated

from fastapi import Depends, Query, Request

from api.addresses import Addresses, address_of
from api.drafts import readable
from api.entity import read_entity
from api.names import read_name
from api.portal.texts import choose_lang
from api.schemas import EntityOut
from api.services import Services
from api.statements import Statements
from api.tokens import Principal, principal_of
from ingest.writer import Commit
from language.script import primary
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import Iri
from ontology.model import LANGUAGES
from search.naming import Named

_LOOK = "Look for it with /api/v1/search?q=..."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what they may see, and in which language they want names."""

    statements: Statements
    lang: str

    def entity(self, iri: Iri) -> EntityOut:
        """One entity whole.

        Raises:
            UnknownEntity: nothing that this reader may see speaks of it.
        """
        return read_entity(self.statements, iri, self.lang)

    def name(self, iri: Iri) -> Named:
        """An entity as it is mentioned."""
        return read_name(self.statements, iri, self.lang)


def services_of(request: Request) -> Services:
    """The services of this app."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(services_of)]


def display_lang(
    request: Request,
    lang: Annotated[str | None, Query(description="language of names: en, he or ar; else by Accept-Language")] = None,
) -> str:
    """The language to show names in.

    Raises:
        InvalidParameter: a program asks for one that names are not kept in. A page is shown in another instead, which
            its header Content-Language tells.
    """
    if lang and primary(lang) not in LANGUAGES and request.url.path.startswith("/api/"):
        remedy = f"One of {', '.join(LANGUAGES)}; without `lang`, Accept-Language decides."
        raise InvalidParameter("lang", f"{lang[:40]!r} is no language of names.", remedy=remedy)
    return choose_lang(lang, request.headers.get("Accept-Language", ""))


class OnlyParameters:
    """Refuses what an address does not take, so that a filter with a slip in its name is not passed over in silence.

    Args:
        names: Parameters that it takes, besides `lang`.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names) | {"lang"}

    def __call__(self, request: Request) -> None:
        """Look at the parameters of a request.

        Raises:
            InvalidParameter: one is unknown; names the nearest that is known.
        """
        for name in request.query_params:
            if name not in self._names:
                near = get_close_matches(name, self._names, n=1)
                known = f"Is it {near[0]!r}?" if near else f"Known are: {', '.join(sorted(self._names))}."
                raise InvalidParameter(name[:40], f"There is no parameter {name[:40]!r} here.", remedy=known)


async def body_of(request: Request) -> bytes:
    """The body of the request, as sent."""
    return await request.body()


def written(commit: Commit) -> dict[str, str]:
    """The headers that tell of a write: its number in the ledger, and how many statements came or went."""
    return {"Kesher-Sequence": str(commit.sequence), "Kesher-Changed": str(commit.changed_triples)}


LangDep = Annotated[str, Depends(display_lang)]


def reader_of(
    services: ServicesDep, principal: Annotated[Principal | None, Depends(principal_of)], lang: LangDep
) -> Reader:
    """This reader: private records are seen only with the scope for them, and drafts by curators."""
    return Reader(Statements(readable(services, principal)), lang)


def addresses_of(services: ServicesDep) -> Addresses:
    """Where entities are on this server."""
    return Addresses(services.settings.base_iri)


def named_entity(kind: str, slug: str, services: ServicesDep) -> Iri:
    """The entity of a path that ends with kind and slug.

    Raises:
        UnknownEntity: no address can look like that.
    """
    try:
        return address_of(f"{services.settings.base_iri}id/{kind}/{slug}")
    except InvalidParameter as error:
        raise UnknownEntity(f"There is no {kind[:40]} {slug[:80]!r}.", remedy=_LOOK) from error


ReaderDep = Annotated[Reader, Depends(reader_of)]
AddressesDep = Annotated[Addresses, Depends(addresses_of)]
EntityDep = Annotated[Iri, Depends(named_entity)]
