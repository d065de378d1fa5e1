"""Licences of what comes in, as addresses."""

from __future__ import annotations

from ontology.errors import InvalidParameter
from ontology.kinds import is_web_address


def licence_iri(written: str) -> str:
    """A licence as an address; "" for none.

    Raises:
        InvalidParameter: it is neither an address nor an SPDX identifier.
    """
    if not written or is_web_address(written):
        return written
    if written.replace("-", "").replace(".", "").replace("+", "").isalnum() and written.isascii():
        return f"https://spdx.org/licenses/{written}"
    remedy = "Give its address, or an SPDX identifier such as CC-BY-4.0."
    raise InvalidParameter("licence", f"{written!r} is no licence", remedy=remedy)
