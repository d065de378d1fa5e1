"""What a picture is to show: boxes in blocks, and arrows between boxes; and where all of it stands once arranged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

#: Sizes in pixels.
BOX_HEIGHT = 34.0
SUBTITLE_HEIGHT = 15.0
BOX_GAP = 10.0
BLOCK_TITLE = 30.0
BLOCK_PADDING = 12.0
LINE_HEIGHT = 15.0
PORT_GAP = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """One class.

    Attributes:
        key: What arrows call it.
        subtitle: Lines below the title.
        hue: Number of its colour.
        foreign: True for what is at home elsewhere and only pointed at.
    """

    key: str
    title: str
    subtitle: tuple[str, ...] = ()
    hue: int = 0
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Boxes that stay together, one above the other; without a title, one box that stands alone."""

    key: str
    boxes: tuple[Box, ...]
    title: str = ""
    hue: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link from box to box, with the lines of its label.

    Attributes:
        refines: True for "is a": dashed, with a hollow head.
    """

    source: str
    target: str
    label: tuple[str, ...]
    hue: int = 0
    refines: bool = False


class Point(NamedTuple):
    """A place in the picture, from its upper left corner."""

    x: float
    y: float


class Area(NamedTuple):
    """A rectangle: its left and upper edge, its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow in its place.

    Attributes:
        strokes: Runs of points from the source on, broken where the label stands. Between points of one height the
            line is straight, between others it curves.
        label: Where the text stands.
    """

    arrow: Arrow
    strokes: tuple[tuple[Point, ...], ...]
    label: Area


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A picture with everything in its place."""

    width: float
    height: float
    blocks: Mapping[str, Area]
    boxes: Mapping[str, Area]
    routes: tuple[Route, ...]
