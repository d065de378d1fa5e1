"""What the commands for entries share: what they are given, and asking the folder or, with --url, a running server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

import typer
from pydantic import BaseModel, ValidationError

from api.cli.remote import send
from api.curation import Curator
from api.editing import EditsIn
from api.entity import read_entity
from api.preconditions import Seen
from api.services import Services, open_services
from api.settings import Settings, load_settings
from api.statements import Statements
from ontology.errors import InvalidParameter, Misconfigured
from ontology.kinds import Iri

Body: TypeAlias = dict[str, Any]
Entry = Annotated[str, typer.Argument(help="kind/slug, such as tool/video-lm.")]
LabelOption = Annotated[list[str] | None, typer.Option(help="A name with its language: en=Video club.")]
EditsOption = Annotated[Path | None, typer.Option(help="JSON file as PUT and PATCH take it; - for stdin.")]
TokenOption = Annotated[
    Path | None, typer.Option("--token-file", help="With --url: file of a token, - for stdin; else KESHER_TOKEN.")
]
#: Whatever is there: who sits at the command line has the folder.
ANY = Seen(None, given=True)
_NONE: Mapping[str, str] = MappingProxyType({})


def ask(  # noqa: PLR0913, PLR0917 - one question in two ways
    method: str,
    path: str,
    asked: BaseModel | None,
    url: str | None,
    token: Path | None,
    here: Callable[[Services], Body],
    headers: Mapping[str, str] = _NONE,
) -> Body:
    """The answer of a running server or, without --url, of the folder."""
    settings = load_settings()
    if url:
        content = asked.model_dump(mode="json", exclude_unset=True) if asked else None
        return send(url, method, path, content, {**headers, **_bearer(settings, token)})
    with open_services(settings, command="kesher entity") as services:
        return here(services)


def curator(services: Services) -> Curator:
    """Who sits at the command line."""
    return Curator(services, services.agent, records=True)


def names_in(entry: str) -> tuple[str, str]:
    """Kind and slug."""
    kind, slash, slug = entry.partition("/")
    if not slash or not kind or not slug:
        raise InvalidParameter("entry", f"{entry!r} is no kind/slug.", remedy="Such as tool/video-lm.")
    return kind, slug


def path_of(entry: str) -> str:
    """Where an entry is on a server."""
    return "/api/v1/entities/" + "/".join(names_in(entry))


def address_in(services: Services, entry: str) -> Iri:
    """Address of an entry of this installation."""
    kind, slug = names_in(entry)
    return Iri(f"{services.settings.base_iri}id/{kind}/{slug}")


def read(services: Services, entry: str) -> Body:
    """An entry as its route tells it."""
    iri = address_in(services, entry)
    found = read_entity(Statements([services.graph, services.private]), iri, "en")
    mended = {"faults": curator(services).faults(iri)} if found.state == "draft" else {}
    return found.model_copy(update=mended).model_dump(mode="json")


def asked_in(labels: list[str] | None, edits: Path | None, more: Body) -> EditsIn:
    """What is asked for on a command line.

    Raises:
        InvalidParameter: a label has no language, or the file is not what PUT and PATCH take.
    """
    names = dict(_label(it) for it in labels or ())
    text = "{}" if edits is None else sys.stdin.read() if str(edits) == "-" else edits.read_text("utf-8")
    try:
        given = EditsIn.model_validate_json(text).model_dump(exclude_unset=True, by_alias=True)
        return EditsIn.model_validate(given | more | {"labels": given.get("labels", {}) | names})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, it['loc']))}: {it['msg']}" for it in error.errors())
        remedy = 'Such as {"edits": [{"predicate": "skos:note", "lang": "en", "values": ["..."]}]}.'
        raise InvalidParameter("edits", f"These are no edits: {wrong}", remedy=remedy) from error


def _label(written: str) -> tuple[str, str]:
    lang, equals, text = written.partition("=")
    if not equals or not text:
        raise InvalidParameter("label", f"{written!r} has no language.", remedy="Write it as en=Video club.")
    return lang, text


def _bearer(settings: Settings, token: Path | None) -> dict[str, str]:
    """The header of a token from a file, from standard input or from the settings; none where there is none."""
    if token is not None:
        try:
            text = sys.stdin.read() if str(token) == "-" else token.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise Misconfigured(f"{token} holds no token.", remedy="`kesher token create` prints one.") from error
    else:
        text = settings.token.get_secret_value() if settings.token else ""
    return {"Authorization": f"Bearer {text.strip()}"} if text.strip() else {}
