"""The pictures of the vocabulary: well-formed, legible, and the same each time."""

import random
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from ontology.documentation.drawing import svg
from ontology.documentation.drawing.lettering import FONTS, TEXT_SIZE, TITLE_SIZE, width_of
from ontology.documentation.drawing.plan import Area, Arrangement, Arrow, Block, Box, Point
from ontology.documentation.drawing.routing import arrange
from ontology.documentation.site import site, vocabulary

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = sorted(name for name in site() if name.endswith(".svg"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_well_formed_and_says_what_it_shows(name):
    root = ET.fromstring(site()[name])  # noqa: S314 - our own picture
    assert root.find(f"{SVG}title").text.strip()
    assert root.find(f"{SVG}desc").text.strip()
    assert root.get("role") == "img"
    background = root.find(f"{SVG}rect")
    assert (background.get("width"), background.get("height")) == (root.get("width"), root.get("height"))
    assert not [it for it in root.iter() if it.tag in {f"{SVG}script", f"{SVG}style"} or "style" in it.attrib]


def test_every_class_is_a_box_of_the_overview_and_of_its_module():
    def texts(name: str) -> set[str]:
        return {it.text for it in ET.fromstring(site()[name]).iter(f"{SVG}text")}  # noqa: S314 - our own picture

    for iri in vocabulary().classes:
        name = vocabulary().name(iri)
        assert name in texts("overview.svg")
        assert name in texts(f"{vocabulary().module_of(iri)}.svg")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_have_the_contrast_that_wcag_asks_of_text():
    for dark, pale in svg.HUES:
        for text, ground in [(svg.INK, pale), (svg.SOFT, pale), (dark, pale), (dark, svg.PAPER)]:
            assert contrast(text, ground) >= 4.5, (text, ground)
    assert len(svg.HUES) > len(vocabulary().modules), "two modules would have one colour"


def drawing(seed: int) -> tuple[list[Block], list[Arrow]]:
    """A vocabulary of about the size that ours grows to: 45 classes in ten modules, most of them linked."""
    chance = random.Random(seed)  # noqa: S311 - seeded, so that it is always the same picture
    boxes = [Box(f"c{n}", "Class" * chance.randint(1, 4), ("of:Standard",) * (n % 3), n % 7) for n in range(45)]
    cuts = [0, *sorted(chance.sample(range(1, 45), 9)), 45]
    blocks = [Block(f"m{one}", tuple(boxes[one:other]), f"Module {one}", one) for one, other in pairwise(cuts)]
    ends = [chance.choices(boxes, k=2) for _ in range(70)]
    arrows = [Arrow(a.key, b.key, tuple(["property"] * chance.randint(1, 3)), a.hue) for a, b in ends]
    return blocks, arrows


def along(one: Point, other: Point) -> list[Point]:
    """Points on a piece of an arrow: a straight line, or a curve with level ends."""
    if one.y == other.y:
        return [one, other]
    steps = [it / 20 for it in range(21)]
    return [
        Point(
            one.x + (other.x - one.x) * (1.5 * t * (1 - t) + t**3),
            one.y + (other.y - one.y) * (3 * t**2 - 2 * t**3),
        )
        for t in steps
    ]


def overlap(one: Area, other: Area) -> bool:
    apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
    apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (apart_x or apart_y)


def inside(area: Area, point: Point) -> bool:
    return area.x + 1 < point.x < area.x + area.width - 1 and area.y + 1 < point.y < area.y + area.height - 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_overlaps_and_no_line_runs_through_a_box_or_a_text(seed):
    blocks, arrows = drawing(seed)
    found = arrange(blocks, arrows)
    assert len(found.routes) == len(arrows)
    labels = [it.label for it in found.routes]
    for one, other in combinations([*found.blocks.values(), *labels], 2):
        assert not overlap(one, other)
    for one, other in combinations(found.boxes.values(), 2):
        assert not overlap(one, other)
    for route in found.routes:
        points = [it for run in route.strokes for one, other in pairwise(run) for it in along(one, other)]
        assert not [it for area in (*found.boxes.values(), *labels) for it in points if inside(area, it)]
        assert all(0 < it.x < found.width and 0 < it.y < found.height for it in points)


@pytest.mark.parametrize("seed", [1, 2])
def test_arrows_end_at_their_boxes_each_at_a_place_of_its_own(seed):
    blocks, arrows = drawing(seed)
    found = arrange(blocks, arrows)
    ends = [it.strokes[0][0] for it in found.routes] + [it.strokes[-1][-1] for it in found.routes]
    assert len(set(ends)) == len(ends)
    for route in found.routes:
        for key, point in ((route.arrow.source, route.strokes[0][0]), (route.arrow.target, route.strokes[-1][-1])):
            box = found.boxes[key]
            assert min(abs(point.x - box.x), abs(point.x - box.x - box.width)) < 1
            assert box.y < point.y < box.y + box.height


def test_texts_fit_their_boxes_and_the_font_list_begins_with_a_wide_one():
    blocks, arrows = drawing(4)
    found = arrange(blocks, arrows)
    for block in blocks:
        for box in block.boxes:
            assert width_of(box.title, TITLE_SIZE, bold=True) < found.boxes[box.key].width
            assert all(width_of(line, TEXT_SIZE) < found.boxes[box.key].width for line in box.subtitle)
    assert width_of("mmm") > width_of("iii")
    assert FONTS.startswith("Verdana")


def test_the_same_plan_gives_the_same_picture():
    def drawn() -> str:
        blocks, arrows = drawing(5)
        return svg.write(arrange(blocks, arrows), blocks, "title", "description")

    assert drawn() == drawn()


def test_a_plan_without_arrows_is_drawn_too():
    found: Arrangement = arrange([Block("a", (Box("x", "Alone"),)), Block("b", (Box("y", "Also"),))], [])
    assert not overlap(found.boxes["x"], found.boxes["y"])
