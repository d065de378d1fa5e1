"""The command line: one file a command, or a family of commands."""

from __future__ import annotations

import io
import sys

import typer

from api.cli import entity, evaluate, feedback, lexicon, review, token
from api.cli.ask import ask
from api.cli.backup import backup, restore
from api.cli.check import check
from api.cli.clear import clear
from api.cli.config import config
from api.cli.connect import connect
from api.cli.demo import demo
from api.cli.dump import dump
from api.cli.export import export
from api.cli.gaps import gaps
from api.cli.gloss import gloss
from api.cli.harvest import harvest
from api.cli.ingest import ingest
from api.cli.migrate import migrate
from api.cli.reindex import reindex
from api.cli.search import search
from api.cli.serve import serve
from api.cli.sparql import sparql
from api.cli.template import template
from api.cli.terminal import quiet_logs, show_error
from api.cli.tools import tools
from ontology.errors import KesherError, Misconfigured

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Kesher: roles, competencies, tools and research for those who lead teachers of mathematics and science.",
)
for command in (demo, serve, ingest, clear, export, dump, search, tools, ask, gaps, sparql, check, reindex, migrate):
    app.command()(command)
app.command()(connect)
app.command()(backup)
app.command()(restore)
app.command()(config)
app.command()(template)
app.command()(harvest)
app.add_typer(token.app, name="token")
app.add_typer(review.app, name="review")
app.add_typer(entity.app, name="entity")
app.add_typer(feedback.app, name="feedback")
evaluate.app.command()(gloss)
app.add_typer(evaluate.app, name="eval")
app.add_typer(lexicon.app, name="lexicon")


def main() -> None:
    """Entry point: exit 0 when done, 1 when it failed with a clear reason, 2 when asked wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whoever calls may have put another in its place
            stream.reconfigure(encoding="utf-8", errors="replace")
    quiet_logs()
    try:
        app()
    except KesherError as error:
        show_error(error, as_json="--json" in sys.argv)
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe had enough
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        show_error(Misconfigured(f"{place}{error.strerror or error}"))
        sys.exit(1)
