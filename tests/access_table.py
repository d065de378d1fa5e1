"""`python -m tests.access_table`: write the rules that the routes enforce into docs/access.md."""

import re
import tempfile
from pathlib import Path

from api.access import table
from tests.serving import serving

PAGE = Path(__file__).parent.parent / "docs" / "access.md"


def main() -> None:
    """Put the rows of today in the place of those that are there."""
    with serving(Path(tempfile.mkdtemp())) as client:
        rows = "\n".join(table(client.app.routes))
    text = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(r"(?<=\| door \| who \|\n\|---\|---\|\n)(?:\| .*\n)*", f"{rows}\n", text), "utf-8")


if __name__ == "__main__":
    main()
