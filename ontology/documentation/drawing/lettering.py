"""How wide a text is, without a font at hand.

Widths are those of DejaVu Sans, the widest of the fonts that the pictures name, so that a text fits in all of them.
"""

from __future__ import annotations

FONTS = "Verdana, 'DejaVu Sans', Geneva, 'Noto Sans', Arial, sans-serif"
TITLE_SIZE = 13.0
TEXT_SIZE = 11.0

_WIDTHS = {
    0.32: "'ijlIJ ,.",
    0.40: "/:;\\|f-()[]t!",
    0.46: 'r"*_',
    0.56: "szcL?",
    0.64: "FkvxyPTYaoeESbdghnpqu$0123456789{}",
    0.70: "KAVBRXZC",
    0.79: "UHNDGOQ&",
    0.88: "w#+<=>^~M",
    1.00: "m%W@",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_BOLD = 1.11


def width_of(text: str, size: float = TEXT_SIZE, *, bold: bool = False) -> float:
    """Width of a line in pixels, never too small."""
    ems = sum(_WIDTH_OF.get(letter, 1.0) for letter in text)
    return ems * size * (_BOLD if bold else 1.0)
