"""Whether the parts of a data folder agree, looked at when it was not closed in peace, and told to whoever asks."""

from __future__ import annotations

from threading import Thread

import structlog

from graph.closing import Opening
from ingest.agreement import Disagreement, disagreements
from ingest.writer import Writer
from ontology.errors import FolderDamaged, KesherError

log = structlog.get_logger("kesher.agreement")


class Agreement:
    """What is known of the agreement of ledger and graphs.

    Args:
        writer: The door to both.
        opening: How the folder was found; a folder that is not sound is not called so when it is closed.
    """

    def __init__(self, writer: Writer, opening: Opening) -> None:
        self._writer = writer
        self._opening = opening
        self._found: list[Disagreement] | None = [] if opening.undisturbed else None

    def look(self) -> list[Disagreement]:
        """Compare everything now; some hundred thousand statements a second, and writes wait meanwhile."""
        found = list(disagreements(self._writer))
        self._found, self._opening.sound = found, not found
        for it in found:
            log.error("the stores disagree", code=it.code, place=it.place, reason=it.message, remedy=it.remedy)
        return found

    def expect(self) -> None:
        """Look, unless the folder was closed in peace and nothing has happened to it since.

        Raises:
            FolderDamaged: something differs.
        """
        if self._found is None and (found := self.look()):
            first, more = found[0], len(found) - 1
            told = f"{first.code} {first.place}: {first.message}" + (f" And {more} more: `kesher check`." * (more > 0))
            raise FolderDamaged(told, remedy=first.remedy)

    def end(self) -> None:
        """Put everything on disk, as far as it can be; for closing, which must come to its end."""
        try:
            self._writer.flush()
        except (KesherError, OSError) as error:
            self._opening.sound = False
            log.warning("not everything is on disk; the next start makes it good", reason=str(error))

    def look_soon(self) -> None:
        """As `expect`, in a thread, for a server: it is not ready until then, nor where something differs."""
        if self._found is None:
            self._opening.sound = False
            Thread(target=self._look_quietly, name="kesher-agreement", daemon=True).start()

    def _look_quietly(self) -> None:
        try:
            self.look()
        except KesherError as error:
            self._found = [Disagreement("E293", "data folder", error.message, error.remedy)]

    def waiting(self) -> dict[str, str]:
        """Why the service is not ready; empty where all agrees."""
        if self._found is None:
            return {"agreement": "ledger and graphs are being compared, as this folder was not closed in peace"}
        return {f"{it.code} {it.place}": f"{it.message} {it.remedy}" for it in self._found}
