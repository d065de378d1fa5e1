"""kesher template: an empty table or document to fill in, with headings in Hebrew, Arabic or English."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal import out
from ingest.template import template as made
from ontology.errors import InvalidParameter
from ontology.kinds import Kind


def template(
    kind: Annotated[Kind, typer.Argument(help="What is described.")],
    file: Annotated[Path, typer.Argument(help="The file to write: .csv, .xlsx or .docx.")],
    lang: Annotated[str, typer.Option(help="Language of the headings: he, ar or en.")] = "en",
) -> None:
    """Write an empty table or document; filled in, it is read by `kesher ingest` without a mapping."""
    content = made(file.name, kind, lang)
    try:
        with file.open("xb") as written:
            written.write(content)
    except FileExistsError as error:
        raise InvalidParameter("file", f"{file.name} is there already", remedy="Give another name.") from error
    out.print(f"Fill in {file}, and read it: kesher ingest {file}", soft_wrap=True)
