"""kesher serve: the portal, the API and the SPARQL endpoint."""

from __future__ import annotations

import json
import os
import socket
from functools import partial
from ipaddress import ip_network
from typing import Annotated

import typer
import uvicorn

from api import logs
from api.app import create_app
from api.cli.terminal import JsonFlag, err, print_json
from api.patience import Patience, PatientProtocol
from api.services import Services, open_services
from api.settings import load_settings
from ontology.errors import Misconfigured


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else KESHER_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; else KESHER_PORT.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Serve until Ctrl-C."""
    given = {"host": host, "port": port}
    settings = load_settings().model_copy(update={name: it for name, it in given.items() if it is not None})
    expect_free(settings.host, settings.port)
    url = f"http://{settings.host}:{settings.port}"
    with open_services(settings, command="kesher serve", url=url, background=True) as services:
        if as_json:
            print_json(json.dumps({"url": url, "pid": os.getpid()}))
        run(services)


def run(services: Services) -> None:
    """Serve an app over these services until Ctrl-C."""
    settings = services.settings
    logs.configure()
    services.jobs.start()
    err.print(f"Kesher serves on [bold]http://{settings.host}:{settings.port}[/] until Ctrl-C.")
    uvicorn.run(
        create_app(services),
        host=settings.host,
        port=settings.port,
        log_config=None,
        proxy_headers=False,  # our own middleware trusts only KESHER_TRUSTED_PROXIES
        server_header=False,
        timeout_keep_alive=10,
        limit_concurrency=500,
        http=partial(PatientProtocol, patience=Patience(proxies=tuple(map(ip_network, settings.proxies)))),  # type: ignore[arg-type] # it wants the class; whatever makes one when called will do
    )


def expect_free(host: str, port: int) -> None:
    """Return if a server can listen here.

    Raises:
        Misconfigured: it cannot; says why.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            told = f"Kesher cannot listen on {host}:{port}: {error.strerror}."
            raise Misconfigured(told, remedy="Choose another port: --port 8001, or KESHER_PORT.") from error
