"""Things that stand somewhere: a lighthouse, a tree, a door, a circuit, a flower, birds."""

from __future__ import annotations

from math import cos, pi, sin, tau
from random import Random

from PIL import Image, ImageDraw

from bot.images.painting.canvas import (
    FINENESS,
    SIDE,
    Color,
    Point,
    blurred,
    covered,
    curved,
    disc,
    drawn,
    glowing,
    lamp,
    lit,
    mask_of,
    mixed,
    ramp,
    scaled,
    tinted,
)
from bot.images.painting.palette import Palette
from bot.images.painting.portrait import face

BLACK = (0, 0, 0)


def lighthouse(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A tower on a rock; its beam goes out to both sides."""
    x, top, foot = dice.uniform(0.3, 0.7) * SIDE, 0.26 * SIDE, 0.72 * SIDE
    angle = dice.uniform(-0.16, 0.16)
    for side, strength in ((0.0, 0.8), (pi, 0.55)):
        canvas = lit(canvas, tinted(_beam((x, top), angle + side, strength), mixed(palette.accent, palette.light, 0.5)))
    tower = [(x - 17, top + 18), (x + 17, top + 18), (x + 34, foot + 8), (x - 34, foot + 8)]
    rock = [
        (x + dx, foot + dy) for dx, dy in ((-150, 60), (-96, 26), (-52, 4), (-10, -6), (44, 0), (88, 30), (160, 60))
    ]
    dark = mixed(palette.deep, BLACK, 0.45)

    def draw(large: ImageDraw.ImageDraw) -> None:
        large.polygon(scaled(tower), fill=255)
        large.polygon(scaled(rock), fill=255)
        large.rectangle([v * FINENESS for v in (x - 24, top + 12, x + 24, top + 18)], fill=255)
        large.polygon(scaled([(x - 19, top - 14), (x + 19, top - 14), (x, top - 34)]), fill=255)
        large.rectangle([v * FINENESS for v in (x - 1, top - 48, x + 1, top - 30)], fill=255)

    canvas = covered(canvas, dark, mask_of(draw))
    glint = drawn(
        lambda large: large.rectangle([v * FINENESS for v in (x - 13, top - 13, x + 13, top + 11)], palette.light)
    )
    canvas = glowing(canvas, glint, 8.0, 1.4)
    return lamp(canvas, (x, top), 150, mixed(palette.accent, palette.light, 0.4), 2.2)


def _beam(source: Point, angle: float, strength: float) -> Image.Image:
    far, half = SIDE * 1.3, 0.1
    ends = [(source[0] + cos(a) * far, source[1] + sin(a) * far) for a in (angle - half, angle + half)]
    wedge = blurred(mask_of(lambda draw: draw.polygon(scaled([source, *ends]), fill=255)), 9)
    fall = disc(source, SIDE * 0.85, 0.9, strength)
    return Image.composite(fall, Image.new("L", fall.size), wedge)


def boat(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A small boat with one lamp, and its likeness in the water."""
    x, line, size = dice.uniform(0.3, 0.7) * SIDE, SIDE * 0.72, dice.uniform(54, 76)
    dark = mixed(palette.deep, BLACK, 0.55)
    for side, strength in ((-1, 0.45), (1, 1.0)):
        hull = [(-1.0, 0.0), (1.05, 0.0), (0.72, -0.34), (-0.74, -0.34)] if side < 0 else _HULL
        for shape, color in ((hull, dark), (_SAIL, mixed(palette.light, palette.haze, 0.45))):
            points = [(x + u * size, line - side * v * size) for u, v in shape]
            mask = mask_of(lambda draw, points=points: draw.polygon(scaled(points), fill=255))
            canvas = covered(canvas, color, curved(blurred(mask, 0.6 if side > 0 else 5), 1.0, strength * 0.94))
    canvas = lamp(canvas, (x + 0.62 * size, line - 0.4 * size), 26, palette.light, 1.6)
    return lamp(canvas, (x + 0.62 * size, line - 0.3 * size), 150, mixed(palette.accent, BLACK, 0.2), 2.6)


_HULL = [(-1.0, 0.26), (1.05, 0.3), (0.74, -0.16), (-0.76, -0.16)]
_SAIL = [(-0.06, 2.3), (-0.06, 0.4), (0.86, 0.46)]


def tree(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A single great tree, with lights where its leaves would be."""
    branches: list[tuple[Point, Point, float]] = []
    tips: list[Point] = []
    _grow(dice, (SIDE / 2, SIDE * 0.93), -pi / 2, SIDE * 0.19, 20.0, branches, tips)
    canvas = lamp(canvas, (SIDE / 2, SIDE * 0.42), SIDE * 0.46, mixed(palette.accent, BLACK, 0.5), 1.8)
    ground = mask_of(
        lambda draw: draw.ellipse([v * FINENESS for v in (-200, SIDE * 0.89, SIDE + 200, SIDE * 1.5)], fill=255)
    )

    def draw(large: ImageDraw.ImageDraw) -> None:
        for start, end, width in branches:
            large.line(scaled([start, end]), fill=255, width=max(1, round(width * FINENESS)))
            r = width * FINENESS / 2
            x, y = end[0] * FINENESS, end[1] * FINENESS
            large.ellipse((x - r, y - r, x + r, y + r), fill=255)

    dark = mixed(palette.deep, BLACK, 0.45)
    canvas = covered(covered(canvas, dark, ground), dark, mask_of(draw))
    return glowing(canvas, drawn(lambda large: _leaves(large, tips, palette, dice)), 6.0, 1.0)


def _grow(
    dice: Random,
    start: Point,
    angle: float,
    length: float,
    width: float,
    branches: list[tuple[Point, Point, float]],
    tips: list[Point],
) -> None:
    end = (start[0] + cos(angle) * length, start[1] + sin(angle) * length)
    branches.append((start, end, width))
    if length < 15:
        tips.append(end)
        return
    for turn in (-1, 1) if dice.random() < 0.8 else (-1, 0.1, 1):
        spread = turn * dice.uniform(0.26, 0.56)
        _grow(dice, end, angle + spread, length * dice.uniform(0.68, 0.82), width * 0.66, branches, tips)


def _leaves(draw: ImageDraw.ImageDraw, tips: list[Point], palette: Palette, dice: Random) -> None:
    for x, y in tips[:900]:
        r = dice.uniform(0.8, 3.2) * FINENESS / 1.5
        px, py = (x + dice.gauss(0, 5)) * FINENESS, (y + dice.gauss(0, 5)) * FINENESS
        color = mixed(palette.accent, palette.light, dice.random())
        draw.ellipse((px - r, py - r, px + r, py + r), fill=mixed(BLACK, color, dice.uniform(0.3, 1.0)))


def door(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A door of light standing in the open, its glow running out over the ground."""
    x, foot = dice.uniform(0.4, 0.6) * SIDE, SIDE * 0.74
    width, height = SIDE * 0.1, SIDE * 0.36
    spill = [(x - width / 2, foot), (x + width / 2, foot), (x + width * 2.1, SIDE), (x - width * 2.1, SIDE)]
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.4), ramp(0.66, 1.0, 200))
    canvas = lamp(canvas, (x, foot - height / 2), SIDE * 0.46, mixed(palette.accent, BLACK, 0.25), 2.2)
    light = blurred(mask_of(lambda draw: draw.polygon(scaled(spill), fill=200)), 9)
    fading = Image.composite(light, Image.new("L", light.size), disc((x, foot), SIDE * 0.34, 0.9))
    canvas = lit(canvas, tinted(fading, palette.accent))
    box = [v * FINENESS for v in (x - width / 2, foot - height, x + width / 2, foot)]
    leaf = drawn(lambda draw: draw.rectangle(box, fill=palette.light))
    canvas = glowing(canvas, leaf, 9.0, 1.2)
    frame = mask_of(lambda draw: draw.rectangle(box, outline=255, width=3 * FINENESS))
    return covered(canvas, palette.deep, frame)


def circuit(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Copper paths on a dark board, with light running in some of them."""
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.3), Image.new("L", canvas.size, 190))
    paths = [_path(dice) for _ in range(120)]
    quiet, live = paths[:92], paths[92:]
    canvas = lit(canvas, drawn(lambda draw: _traces(draw, quiet, mixed(palette.middle, palette.haze, 0.35))))
    chip = [v * FINENESS for v in (SIDE * 0.38, SIDE * 0.38, SIDE * 0.62, SIDE * 0.62)]
    canvas = glowing(canvas, drawn(lambda draw: _traces(draw, live, palette.accent)), 5.0, 1.2)
    block = mask_of(lambda draw: draw.rounded_rectangle(chip, 14 * FINENESS, fill=255))
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.6), block)
    edge = drawn(lambda draw: draw.rounded_rectangle(chip, 14 * FINENESS, outline=palette.light, width=2 * FINENESS))
    canvas = glowing(canvas, edge, 5.0, 1.0)
    return lamp(canvas, (SIDE / 2, SIDE / 2), SIDE * 0.14, palette.accent, 1.6)


def _path(dice: Random) -> list[Point]:
    """Return a path from the edge of the chip outward, in right angles and halves of them."""
    grid, side = 16.0, dice.randrange(4)
    along, out = dice.randrange(-5, 6) * grid, SIDE * 0.12
    points = [(along, out)]
    for _ in range(dice.randrange(2, 6)):
        step = dice.randrange(2, 7) * grid
        out += step
        along += dice.choice((-1, 0, 0, 1)) * step
        points.append((along, out))
    turn = side * pi / 2
    return [(SIDE / 2 + x * cos(turn) - y * sin(turn), SIDE / 2 + x * sin(turn) + y * cos(turn)) for x, y in points]


def _traces(draw: ImageDraw.ImageDraw, paths: list[list[Point]], color: Color) -> None:
    for path in paths:
        draw.line(scaled(path), fill=color, width=2 * FINENESS, joint="curve")
        x, y = scaled([path[-1]])[0]
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), outline=color, width=2 * FINENESS)


def flower(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A flower of thin petals laid over each other like glass."""
    center, petals = (SIDE / 2, SIDE * 0.48), dice.choice((7, 9, 11))
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.3), disc(center, SIDE * 0.6, 0.8, 0.65))
    for ring in range(4):
        reach = SIDE * (0.4 - 0.075 * ring)
        color = mixed(palette.haze, palette.accent, ring / 3)
        for petal in range(petals):
            angle = (petal + ring / 2) / petals * tau
            shape = scaled(_petal(center, angle, reach, pi / petals))
            light = drawn(lambda draw, s=shape, c=color: draw.polygon(s, fill=mixed(BLACK, c, 0.2)))
            edge = drawn(
                lambda draw, s=shape, c=color: draw.line([*s, s[0]], fill=mixed(BLACK, c, 0.6), width=FINENESS)
            )
            canvas = lit(lit(canvas, light), edge)
    return lamp(canvas, center, SIDE * 0.13, palette.light, 2.0)


def _petal(center: Point, angle: float, reach: float, width: float) -> list[Point]:
    steps = [i / 24 for i in range(25)]
    sides: list[Point] = []
    for sign, shares in ((1, steps), (-1, steps[::-1])):
        for share in shares:
            r, a = reach * share, angle + sign * width * 0.9 * sin(pi * share) ** 0.9
            sides.append((center[0] + cos(a) * r, center[1] + sin(a) * r))
    return sides


def birds(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A flock that turns together, larger where it is near."""
    dark = mixed(palette.deep, BLACK, 0.6)
    shapes: list[list[Point]] = []
    for index in range(70):
        share = index / 70
        x = SIDE * (0.12 + 0.76 * share) + dice.gauss(0, 34)
        y = SIDE * (0.3 + 0.16 * sin(share * tau * 0.8)) + dice.gauss(0, 30)
        shapes.append(_bird(x, y, (5 + 22 * share**1.8) * dice.uniform(0.7, 1.2), dice.uniform(-0.4, 0.7)))

    def draw(large: ImageDraw.ImageDraw) -> None:
        for shape in shapes:
            large.polygon(scaled(shape), fill=255)

    return covered(canvas, dark, mask_of(draw))


def _bird(x: float, y: float, size: float, lift: float) -> list[Point]:
    wing = size * (0.5 + lift)
    return [
        (x - size * 1.5, y - wing * 0.7),
        (x - size * 0.7, y - wing),
        (x, y - size * 0.06),
        (x + size * 0.7, y - wing),
        (x + size * 1.5, y - wing * 0.6),
        (x + size * 0.72, y - wing * 0.66),
        (x, y + size * 0.22),
        (x - size * 0.72, y - wing * 0.66),
    ]


LANDMARKS = {
    "lighthouse": lighthouse,
    "boat": boat,
    "tree": tree,
    "door": door,
    "face": face,
    "circuit": circuit,
    "flower": flower,
    "birds": birds,
}
