"""kesher lexicon: the words that an institute adds to the lexicons, in its data folder."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.terminal import out
from api.settings import load_settings
from language.affixes import AFFIXES
from language.folding import words
from language.lexicons import Lexicons
from ontology.model import Certainty

app = typer.Typer(no_args_is_help=True, help="Words of Hebrew and Arabic in English that your institute adds.")

_Lang = Annotated[str, typer.Argument(help="he or ar.")]


@app.command()
def add(
    lang: _Lang,
    forms: Annotated[str, typer.Argument(help="The word in its forms, with | between them.")],
    english: Annotated[str, typer.Argument(help="What it is in English, likeliest first, with ; between senses.")],
    certainty: Annotated[Certainty, typer.Option(help="sure or likely.")] = Certainty.LIKELY,
) -> None:
    """Add a word; searches know it at once, also those of a server that runs."""
    row = _own().add(lang, forms.split("|"), english.split(";"), certainty)
    out.print(f"{' | '.join(row.forms)}: {'; '.join(row.english)} ({row.certainty.value})")


@app.command()
def check() -> None:
    """Read the files again and tell how many rows each has, or which row is broken and why."""
    own = _own()
    for lang in AFFIXES:
        out.print(f"{lang}: {len(own.own(lang)):,} rows")


@app.command()
def gloss(text: Annotated[str, typer.Argument(help="Any text.")]) -> None:
    """Show what a text is in English, word by word."""
    typed = {folded: word.strip(".,;:!?()") for word in text.split() for folded in words(word)}  # as people write them
    for it in _own().gloss(text):
        shown = " ".join(typed.get(word, word) for word in it.words)
        out.print(f"{shown}: {'; '.join(it.english)} ({it.certainty.value})", markup=False)


def _own() -> Lexicons:
    return Lexicons(load_settings().data)
