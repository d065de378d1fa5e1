"""kesher config: every setting with its meaning, default and present value."""

from __future__ import annotations

import json
from contextlib import closing

from rich.padding import Padding
from rich.text import Text

from api.cli.terminal import JsonFlag, err, out, print_json
from api.graphs import remote_graph
from api.settings import Settings, load_settings, unknown_variables, variable, without_password
from graph.remote.faults import described


def config(as_json: JsonFlag = False) -> None:
    """Print every setting: its name, meaning, default and present value."""
    settings = load_settings()
    rows = [
        {
            "name": variable(name),
            "meaning": field.description,
            "default": _shown(field.default),
            "value": _shown(getattr(settings, name)),
        }
        for name, field in Settings.model_fields.items()
    ]
    if settings.graph_query_url:
        with closing(remote_graph(settings)) as graph:
            err.print(f"The graph store {described(graph)}.", style="yellow")
    for name in unknown_variables():
        err.print(f"{name} is set, but is not a setting of Kesher: it has no effect.", style="yellow")
    if as_json:
        return print_json(json.dumps(rows))
    for row in rows:
        default = "" if row["value"] == row["default"] else f"   (default: {row['default'] or 'none'})"
        out.print(Text.assemble((str(row["name"]), "bold"), f" = {row['value'] or ''}", (default, "yellow")))
        out.print(Padding(Text(str(row["meaning"]), style="dim"), (0, 0, 0, 4), expand=False))
    return None


def _shown(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, int | float) else without_password(value)
