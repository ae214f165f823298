"""Bright things that hang in the air: moon, bubble, eye, spiral, labyrinth, network, clock."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, pi, sin, sqrt, tau
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageOps

from bot.images.painting.canvas import (
    FINENESS,
    SIDE,
    Color,
    Point,
    blurred,
    colored,
    covered,
    curved,
    disc,
    drawn,
    glowing,
    lamp,
    lit,
    mask_of,
    mixed,
    noise,
    resized,
    scaled,
    tinted,
)
from bot.images.painting.palette import Palette

BLACK = (0, 0, 0)


def circle(center: Point, radius: float) -> Image.Image:
    """Return a smooth mask of a disc."""
    x, y = center
    box = [value * FINENESS for value in (x - radius, y - radius, x + radius, y + radius)]
    return mask_of(lambda draw: draw.ellipse(box, fill=255))


def moon(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A great moon with its seas, lit from one side."""
    center = (dice.uniform(0.3, 0.7) * SIDE, dice.uniform(0.24, 0.36) * SIDE)
    radius = dice.uniform(0.11, 0.18) * SIDE
    canvas = lamp(canvas, center, radius * 3.6, mixed(palette.light, palette.accent, 0.5), 3.2)
    seas = noise(dice, 7, octaves=5)
    face = colored(
        seas, mixed(palette.haze, palette.light, 0.35), mixed(palette.light, palette.haze, 0.25), palette.light
    )
    canvas = covered(canvas, face, circle(center, radius))
    shade = ImageChops.multiply(
        circle(center, radius * 1.01),
        ImageOps.invert(disc((center[0] - radius * 0.5, center[1] - radius * 0.35), radius * 2.1, 0.7)),
    )
    return covered(canvas, palette.deep, curved(shade, 1.0, 0.9))


def sun(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A low burning sun with bands across it."""
    center = (dice.uniform(0.35, 0.65) * SIDE, 0.44 * SIDE)
    radius = 0.17 * SIDE
    canvas = lamp(canvas, center, radius * 4, palette.accent, 2.6)
    mask = circle(center, radius)
    cuts = mask_of(lambda draw: _bands(draw, center, radius))
    disk = colored(resized(Image.linear_gradient("L"), (SIDE, SIDE)), palette.light, palette.light, palette.accent)
    return covered(canvas, disk, ImageChops.subtract(mask, cuts))


def _bands(draw: ImageDraw.ImageDraw, center: Point, radius: float) -> None:
    for band in range(6):
        y = center[1] + radius * (0.1 + 0.16 * band)
        height = radius * (0.015 + 0.013 * band)
        box = scaled([(center[0] - radius, y), (center[0] + radius, y + height)])
        draw.rectangle((*box[0], *box[1]), fill=255)


def bubble(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A soap bubble: the world upside down inside it, and colors of oil on its skin."""
    center, radius = (SIDE / 2 + dice.uniform(-40, 40), SIDE * 0.45), SIDE * 0.31
    inside = resized(ImageOps.flip(canvas), (round(radius * 2.2), round(radius * 2.2)))
    lens = canvas.copy()
    lens.paste(inside, (round(center[0] - radius * 1.1), round(center[1] - radius * 1.1)))
    body = circle(center, radius)
    canvas = covered(canvas, Image.blend(lens, canvas, 0.25), body)
    hues = curved(noise(dice, 2, 4, 4), 1.0)
    skin = Image.merge("HSV", (hues, Image.new("L", hues.size, 150), Image.new("L", hues.size, 255))).convert("RGB")
    rim = ImageChops.multiply(body, ImageOps.invert(disc(center, radius * 1.04, 0.55)))
    canvas = lit(canvas, ImageChops.multiply(skin, Image.merge("RGB", (curved(rim, 1.4, 0.95),) * 3)))
    edge = drawn(lambda draw: _highlights(draw, center, radius, palette.light))
    return glowing(canvas, edge, 3.0, 0.6)


def _highlights(draw: ImageDraw.ImageDraw, center: Point, radius: float, color: Color) -> None:
    for share, start, end, width, strength in (
        (0.995, 0, 360, 1, 0.42),
        (0.9, 205, 248, 5, 0.8),
        (0.9, 254, 262, 5, 0.6),
        (0.92, 32, 62, 3, 0.45),
    ):
        r = radius * share
        box = [v * FINENESS for v in (center[0] - r, center[1] - r, center[0] + r, center[1] + r)]
        draw.arc(box, start, end, fill=mixed(BLACK, color, strength), width=width * FINENESS)


def eye(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A wide open eye; its iris is made of rays."""
    center, radius = (SIDE / 2, SIDE * 0.48), SIDE * 0.2
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.4), disc(center, SIDE * 0.56, 0.6, 0.8))
    lid = mask_of(lambda draw: draw.polygon(scaled(_almond(center, SIDE * 0.42, SIDE * 0.2)), fill=255))
    white = colored(
        disc(center, SIDE * 0.46, 1.0), palette.middle, mixed(palette.haze, palette.middle, 0.3), palette.haze
    )
    ball = covered(white, mixed(palette.deep, BLACK, 0.5), circle(center, radius * 1.04))
    ball = lit(ball, drawn(lambda draw: _rays(draw, center, radius, palette, dice)))
    ball = covered(ball, (2, 2, 6), blurred(circle(center, radius * 0.38), 3))
    ball = lamp(ball, (center[0] - radius * 0.3, center[1] - radius * 0.36), radius * 0.3, palette.light, 1.4)
    canvas = covered(canvas, ball, blurred(lid, 1))
    rim = drawn(lambda draw: draw.line(scaled(_almond(center, SIDE * 0.42, SIDE * 0.2)), palette.accent, 2 * FINENESS))
    return glowing(canvas, rim, 5.0, 1.0)


def _almond(center: Point, width: float, height: float) -> list[Point]:
    steps = [i / 60 for i in range(61)]
    upper = [(center[0] - width + 2 * width * s, center[1] - height * sin(pi * s) ** 0.85) for s in steps]
    lower = [(center[0] + width - 2 * width * s, center[1] + height * 0.86 * sin(pi * s) ** 0.85) for s in steps]
    return [*upper, *lower]


def _rays(draw: ImageDraw.ImageDraw, center: Point, radius: float, palette: Palette, dice: Random) -> None:
    for _ in range(1400):
        angle = dice.random() * tau
        inner = radius * dice.uniform(0.36, 0.7)
        outer = min(radius, inner + radius * dice.uniform(0.1, 0.5))
        share = dice.random()
        color = mixed(palette.accent if inner < radius * 0.5 else palette.haze, palette.light, share * share)
        line = [
            (center[0] + cos(angle + bend) * r, center[1] + sin(angle + bend) * r)
            for r, bend in ((inner, 0.0), ((inner + outer) / 2, dice.uniform(-0.02, 0.02)), (outer, 0.0))
        ]
        draw.line(scaled(line), fill=mixed(BLACK, color, dice.uniform(0.25, 0.9)), width=FINENESS)


def spiral(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A galaxy of sparks wound around a bright heart."""
    center, arms, tilt = (SIDE / 2, SIDE * 0.46), dice.choice((2, 2, 3, 4)), dice.uniform(0.5, 0.95)

    def draw(large: ImageDraw.ImageDraw) -> None:
        for _ in range(4200):
            way = dice.random() ** 0.7
            angle = way * tau * 1.15 + dice.randrange(arms) * tau / arms + dice.gauss(0, 0.12 + 0.1 * (1 - way))
            r = way * SIDE * 0.46 + dice.gauss(0, 7)
            x, y = center[0] + cos(angle) * r, center[1] + sin(angle) * r * tilt
            size = (0.5 + dice.random() ** 5 * 2.6) * FINENESS / 1.6
            color = mixed(palette.light, mixed(palette.accent, palette.haze, dice.random()), min(1, way * 1.5))
            shade = mixed(BLACK, color, (1 - way) * 0.8 + 0.15)
            x, y = x * FINENESS, y * FINENESS
            large.ellipse((x - size, y - size, x + size, y + size), fill=shade)

    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.5), disc(center, SIDE * 0.62, 0.8, 0.7))
    canvas = glowing(canvas, drawn(draw), 5.0, 1.2)
    return lamp(canvas, center, SIDE * 0.2, palette.light, 2.4)


def labyrinth(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Rings of light with gaps in them and walls between: a way in, if it is one."""
    center, rings = (SIDE / 2, SIDE * 0.48), 11
    step = SIDE * 0.43 / rings

    def draw(large: ImageDraw.ImageDraw) -> None:
        for ring in range(1, rings + 1):
            radius = step * ring
            color = mixed(palette.light, palette.haze, ring / rings)
            gap, width = dice.random() * 360, max(9.0, 150 / ring)
            box = [
                v * FINENESS for v in (center[0] - radius, center[1] - radius, center[0] + radius, center[1] + radius)
            ]
            large.arc(box, gap + width, gap + 360, fill=color, width=3 * FINENESS)
            for _ in range(ring // 2 if ring < rings else 0):
                angle = dice.random() * tau
                ends = [(center[0] + cos(angle) * r, center[1] + sin(angle) * r) for r in (radius, radius + step)]
                large.line(scaled(ends), fill=color, width=3 * FINENESS)

    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.4), disc(center, SIDE * 0.66, 0.7, 0.75))
    canvas = lamp(canvas, center, SIDE * 0.3, palette.accent, 2.6)
    return glowing(canvas, drawn(draw), 4.0, 0.9)


def network(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Nodes of light joined to their neighbors, denser towards the middle."""
    nodes = [_node(dice) for _ in range(190)]
    canvas = lamp(canvas, (SIDE / 2, SIDE * 0.47), SIDE * 0.4, mixed(palette.haze, BLACK, 0.55), 1.8)
    canvas = glowing(canvas, drawn(lambda draw: _edges(draw, nodes, palette, dice)), 2.5, 0.8)
    return glowing(canvas, drawn(lambda draw: _knots(draw, nodes, palette, dice)), 7.0, 1.2)


def _node(dice: Random) -> Point:
    angle, reach = dice.random() * tau, sqrt(dice.random()) * SIDE * 0.5 * dice.uniform(0.4, 1.0)
    return SIDE / 2 + cos(angle) * reach * 1.05, SIDE * 0.47 + sin(angle) * reach * 0.9


def _edges(draw: ImageDraw.ImageDraw, nodes: Sequence[Point], palette: Palette, dice: Random) -> None:
    for index, (x, y) in enumerate(nodes):
        near = sorted(nodes[index + 1 :], key=lambda other: hypot(other[0] - x, other[1] - y))[:4]
        for other in near:
            closeness = max(0.0, 1 - hypot(other[0] - x, other[1] - y) / (SIDE * 0.26))
            color = mixed(palette.haze, palette.accent, dice.random())
            draw.line(scaled([(x, y), other]), fill=mixed(BLACK, color, 0.12 + 0.6 * closeness), width=FINENESS)


def _knots(draw: ImageDraw.ImageDraw, nodes: Sequence[Point], palette: Palette, dice: Random) -> None:
    for x, y in scaled(nodes):
        r = (1.3 + dice.random() ** 4 * 6) * FINENESS / 1.4
        draw.ellipse((x - r, y - r, x + r, y + r), fill=mixed(palette.accent, palette.light, dice.random()))


def clock(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A clock face of thin light, its hands at an hour of their own."""
    center, radius = (SIDE / 2, SIDE * 0.46), SIDE * 0.33

    def draw(large: ImageDraw.ImageDraw) -> None:
        for share, width in ((1.0, 3), (0.93, 1), (0.3, 1)):
            r = radius * share
            box = [v * FINENESS for v in (center[0] - r, center[1] - r, center[0] + r, center[1] + r)]
            large.ellipse(box, outline=mixed(BLACK, palette.haze, 0.9), width=width * FINENESS)
        for mark in range(60):
            inner = 0.8 if mark % 15 == 0 else 0.86 if mark % 5 == 0 else 0.9
            width = 4 if mark % 5 == 0 else 1
            large.line(scaled(_hand(center, radius, mark / 60, inner, 0.92)), fill=palette.haze, width=width * FINENESS)
        for length, width in ((0.5, 6), (0.76, 3), (0.86, 1)):
            large.line(
                scaled(_hand(center, radius, dice.random(), -0.08, length)), fill=palette.light, width=width * FINENESS
            )

    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.3), disc(center, radius * 1.5, 0.8, 0.8))
    canvas = lamp(canvas, center, radius * 1.2, mixed(palette.accent, BLACK, 0.3), 2.0)
    return glowing(canvas, drawn(draw), 4.5, 1.0)


def _hand(center: Point, radius: float, turn: float, inner: float, outer: float) -> list[Point]:
    angle = turn * tau - pi / 2
    return [(center[0] + cos(angle) * radius * r, center[1] + sin(angle) * radius * r) for r in (inner, outer)]


def rings(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Waves that spread from two places and meet: sound, or rain on still water."""
    centers = [(dice.uniform(0.2, 0.45) * SIDE, 0.5 * SIDE), (dice.uniform(0.55, 0.8) * SIDE, 0.46 * SIDE)]

    def draw(large: ImageDraw.ImageDraw) -> None:
        for center, color in zip(centers, (palette.accent, palette.haze), strict=True):
            for ring in range(1, 22):
                r = ring * SIDE * 0.026
                box = [v * FINENESS for v in (center[0] - r, center[1] - r * 0.8, center[0] + r, center[1] + r * 0.8)]
                large.ellipse(box, outline=mixed(BLACK, color, 0.95 - ring / 25), width=2 * FINENESS)

    light = drawn(draw)
    canvas = glowing(canvas, light, 3.5, 1.0)
    for center in centers:
        canvas = lit(canvas, tinted(disc(center, SIDE * 0.1, 2.2), palette.light))
    return canvas


FIGURES = {
    "moon": moon,
    "sun": sun,
    "bubble": bubble,
    "eye": eye,
    "spiral": spiral,
    "labyrinth": labyrinth,
    "network": network,
    "clock": clock,
    "rings": rings,
}
