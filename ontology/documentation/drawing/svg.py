"""An arrangement written as SVG 1.1: no styles, no scripts, a background of its own, a title and a description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from ontology.documentation.drawing.lettering import FONTS, TEXT_SIZE, TITLE_SIZE
from ontology.documentation.drawing.plan import (
    BLOCK_PADDING,
    BLOCK_TITLE,
    LINE_HEIGHT,
    SUBTITLE_HEIGHT,
    Area,
    Arrangement,
    Block,
    Box,
    Point,
    Route,
)

PAPER = "#ffffff"
INK = "#1d2b36"
SOFT = "#46545f"
#: A dark colour for lines and edges, a pale one for what they enclose; text on either pale one is INK.
HUES: Sequence[tuple[str, str]] = (
    ("#46545f", "#eef1f3"),
    ("#0b6a6a", "#e0f2f0"),
    ("#8a4b00", "#fbeed9"),
    ("#3f4fa8", "#e8ebfb"),
    ("#a02c5a", "#fbe7ef"),
    ("#3c6e1f", "#e8f3df"),
    ("#7a3d9c", "#f3e8f9"),
    ("#a33a1a", "#fce9e2"),
    ("#14618f", "#e1f0fa"),
    ("#6b5f00", "#f6f3d5"),
    ("#334155", "#e8edf4"),
    ("#5a3e2b", "#f3ece6"),
)


def write(picture: Arrangement, blocks: Iterable[Block], title: str, description: str) -> str:
    """The picture as an SVG document."""
    width, height = round(picture.width), round(picture.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title desc" font-family="{FONTS}" font-size="{TEXT_SIZE:g}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        f'<rect width="{width}" height="{height}" rx="10" fill="{PAPER}"/>',
    ]
    for block in blocks:
        parts += _block(block, picture)
    for route in picture.routes:
        parts += _route(route)
    return "\n".join([*parts, "</svg>", ""])


def _block(block: Block, picture: Arrangement) -> Iterator[str]:
    if block.title:
        area, (dark, pale) = picture.blocks[block.key], _hue(block.hue)
        yield _rectangle(area, fill=pale, stroke=dark, rounded=12)
        place = Point(area.x + BLOCK_PADDING, area.y + BLOCK_TITLE - 10)
        yield _title(place, block.title, dark, "start")
    for box in block.boxes:
        yield from _box(box, picture.boxes[box.key], paper=bool(block.title))


def _box(box: Box, area: Area, *, paper: bool) -> Iterator[str]:
    dark, pale = _hue(box.hue)
    yield _rectangle(area, fill=PAPER if paper or box.foreign else pale, stroke=dark, dashes=box.foreign)
    middle, top = area.x + area.width / 2, area.y + area.height / 2 - SUBTITLE_HEIGHT * len(box.subtitle) / 2
    yield _title(Point(middle, top + TITLE_SIZE * 0.36), box.title, INK)
    for number, line in enumerate(box.subtitle, 1):
        yield _text(Point(middle, top + TITLE_SIZE * 0.36 + number * SUBTITLE_HEIGHT), line, SOFT)


def _route(route: Route) -> Iterator[str]:
    dark, _ = _hue(route.arrow.hue)
    line = " ".join(_stroke(it) for it in route.strokes)
    dashes = ' stroke-dasharray="5 4"' if route.arrow.refines else ""
    yield f'<path d="{line}" fill="none" stroke="{dark}" stroke-width="1.3"{dashes}/>'
    before, tip = route.strokes[-1][-2:]
    yield _head(tip, 1 if tip.x > before.x else -1, dark, hollow=route.arrow.refines)
    top = route.label.y + LINE_HEIGHT * 0.75
    for number, text in enumerate(route.arrow.label):
        place = Point(route.label.x + route.label.width / 2, top + number * LINE_HEIGHT)
        yield _text(place, text, INK)


def _stroke(points: Sequence[Point]) -> str:
    first = points[0]
    return f"M{_n(first.x)} {_n(first.y)}" + "".join(_piece(one, other) for one, other in pairwise(points))


def _piece(one: Point, other: Point) -> str:
    if abs(one.y - other.y) < 0.5:
        return f"L{_n(other.x)} {_n(other.y)}"
    middle = _n((one.x + other.x) / 2)
    return f"C{middle} {_n(one.y)} {middle} {_n(other.y)} {_n(other.x)} {_n(other.y)}"


def _head(tip: Point, way: int, colour: str, *, hollow: bool) -> str:
    back = tip.x - way * 8
    points = f"{_n(tip.x)},{_n(tip.y)} {_n(back)},{_n(tip.y - 4)} {_n(back)},{_n(tip.y + 4)}"
    return f'<polygon points="{points}" fill="{PAPER if hollow else colour}" stroke="{colour}"/>'


def _rectangle(area: Area, *, fill: str, stroke: str, rounded: int = 6, dashes: bool = False) -> str:
    dashed = ' stroke-dasharray="4 3"' if dashes else ""
    return (
        f'<rect x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.width)}" height="{_n(area.height)}" '
        f'rx="{rounded}" fill="{fill}" stroke="{stroke}" stroke-width="1.4"{dashed}/>'
    )


def _title(place: Point, text: str, fill: str, anchor: str = "middle") -> str:
    """A line of bold text."""
    return (
        f'<text x="{_n(place.x)}" y="{_n(place.y)}" font-size="{TITLE_SIZE:g}" font-weight="bold" '
        f'text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )


def _text(place: Point, text: str, fill: str) -> str:
    """A line of small text around its place."""
    return f'<text x="{_n(place.x)}" y="{_n(place.y)}" text-anchor="middle" fill="{fill}">{escape(text)}</text>'


def _hue(number: int) -> tuple[str, str]:
    return HUES[number % len(HUES)]


def _n(value: float) -> str:
    """A number as short as a tenth of a pixel allows."""
    return f"{value:.1f}".removesuffix(".0")
