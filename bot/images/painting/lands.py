"""What lies under a sky: water, mountains, a forest, a city, a plain."""

from __future__ import annotations

from itertools import pairwise
from math import sin, tau
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageOps

from bot.images.painting.canvas import (
    FINENESS,
    SIDE,
    Point,
    blurred,
    covered,
    curved,
    disc,
    drawn,
    glowing,
    lit,
    mask_of,
    mixed,
    noise,
    ramp,
    resized,
    scaled,
    tinted,
)
from bot.images.painting.palette import Palette

BLACK = (0, 0, 0)
WAVE_REACH = 34
"""How far a wave moves the reflection to a side at most, in pixels."""
HORIZON = 0.58
"""Where the land begins, as a share of the canvas's height."""


def sea(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Water that gives the sky back, broken by waves, with a path of light on it."""
    shore = round(HORIZON * SIDE)
    mirrored = blurred(ImageOps.flip(canvas.crop((0, 2 * shore - SIDE, SIDE, shore))), 2.5)
    water = Image.blend(mirrored, Image.new("RGB", mirrored.size, palette.deep), 0.42)
    water = resized(water, (SIDE + 2 * WAVE_REACH, water.height))
    canvas = canvas.copy()
    phases = [dice.random() * tau for _ in range(3)]
    for y in range(water.height):
        depth = y / water.height
        shift = sum(sin(y / (2.2 + 9 * depth) * (i + 1) * 0.6 + phases[i]) / (i + 1) for i in range(3))
        left = WAVE_REACH + round(shift * (2 + 15 * depth))
        canvas.paste(water.crop((left, y, left + SIDE, y + 1)), (0, shore + y))
    return _glitter(canvas, palette, dice, shore)


def _glitter(canvas: Image.Image, palette: Palette, dice: Random, shore: int) -> Image.Image:
    light = _brightest_column(canvas, shore)

    def draw(large: ImageDraw.ImageDraw) -> None:
        for _ in range(900):
            depth = dice.random() ** 1.7
            y = shore + 3 + depth * (SIDE - shore)
            spread = (0.05 + 0.34 * depth) * SIDE
            x = dice.gauss(light, spread) if dice.random() < 0.6 else dice.random() * SIDE
            length = (2 + 26 * depth) * dice.uniform(0.4, 1.5)
            near = max(0.0, 1 - abs(x - light) / (spread * 2.4 + 1))
            shade = mixed(BLACK, mixed(palette.haze, palette.light, near), 0.1 + 0.62 * near)
            ends = scaled([(x - length / 2, y), (x + length / 2, y)])
            large.line(ends, fill=shade, width=max(1, round(FINENESS * (0.6 + 1.5 * depth))))

    canvas = glowing(canvas, drawn(draw), 2.0, 0.45)
    haze = ImageChops.multiply(ramp(HORIZON - 0.07, HORIZON), ImageOps.invert(ramp(HORIZON, HORIZON + 0.06)))
    return covered(canvas, palette.haze, curved(haze, 1.0, 0.36))


def _brightest_column(canvas: Image.Image, shore: int) -> float:
    """Find where the light stands over the horizon: x in pixels."""
    strip = resized(blurred(canvas.crop((0, shore // 2, SIDE, shore)).convert("L"), 20), (24, 1))
    levels = list(strip.tobytes())
    return (levels.index(max(levels)) + 0.5) * SIDE / 24


def ridge(dice: Random, base: float, height: float, roughness: float) -> list[Point]:
    """Return a mountain line by halving: points from the left edge to the right, in pixels."""
    heights = [dice.uniform(0.2, 1.0) for _ in range(4)]
    swing = 0.5
    while len(heights) < 200:
        finer: list[float] = []
        for a, b in pairwise(heights):
            finer += [a, (a + b) / 2 + dice.uniform(-swing, swing) * roughness]
        heights = [*finer, heights[-1]]
        swing *= 0.52
    step = SIDE / (len(heights) - 1)
    return [(i * step, (base - height * h) * SIDE) for i, h in enumerate(heights)]


def mountains(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Ranges behind ranges, each nearer one darker, with mist between them."""
    layers = 6
    for layer in range(layers):
        nearness = layer / (layers - 1)
        line = ridge(dice, HORIZON + 0.05 + 0.36 * nearness, 0.34 - 0.2 * nearness, 0.95)
        canvas = _range(canvas, palette, line, nearness)
    return canvas


def _range(canvas: Image.Image, palette: Palette, line: list[Point], nearness: float) -> Image.Image:
    color = mixed(mixed(palette.haze, palette.middle, min(1.0, nearness * 1.6)), palette.deep, nearness**1.3)
    shape = [*line, (SIDE, SIDE), (0, SIDE)]
    mask = mask_of(lambda draw: draw.polygon(scaled(shape), fill=255))
    canvas = covered(canvas, color, mask)
    foot = max(y for _, y in line) / SIDE
    mist = ImageChops.multiply(ramp(foot - 0.2, foot + 0.12, round(150 * (1 - nearness))), mask)
    return covered(canvas, mixed(palette.haze, palette.light, 0.25), mist)


def forest(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Firs in rows that fade into the mist, and lights that wander between them."""
    layers = 5
    for layer in range(layers):
        nearness = layer / (layers - 1)
        color = mixed(mixed(palette.haze, palette.middle, nearness), palette.deep, nearness**0.8)
        canvas = _firs(canvas, dice, color, nearness)
        mist = ramp(0.5 + 0.08 * layer, 0.98, round(130 * (1 - nearness)))
        canvas = covered(canvas, mixed(palette.haze, palette.light, 0.2), mist)
    return fireflies(canvas, palette, dice)


def _firs(canvas: Image.Image, dice: Random, color: tuple[int, int, int], nearness: float) -> Image.Image:
    trees: list[list[Point]] = []
    x = dice.uniform(-60, 0)
    while x < SIDE + 60:
        height = (0.2 + 0.5 * nearness) * SIDE * dice.uniform(0.7, 1.25)
        trees.append(_fir(dice, x, (0.73 + 0.25 * nearness) * SIDE, height))
        gap = 14 + 74 * nearness**1.5
        x += gap * dice.uniform(0.5, 1.7) * (2.4 if nearness > 0.9 and 0.25 < x / SIDE < 0.6 else 1.0)

    def draw(large: ImageDraw.ImageDraw) -> None:
        for tree in trees:
            large.polygon(scaled(tree), fill=255)
        large.rectangle((0, (0.72 + 0.24 * nearness) * SIDE * FINENESS, SIDE * FINENESS, SIDE * FINENESS), fill=255)

    return covered(canvas, color, mask_of(draw))


def _fir(dice: Random, x: float, foot: float, height: float) -> list[Point]:
    """Return the outline of one fir: branches on both sides, shorter towards the top."""
    tiers = 15
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        share = tier / tiers
        y = foot - height * (0.08 + 0.92 * share)
        reach = height * 0.2 * (1 - share) * dice.uniform(0.7, 1.15)
        droop = height * 0.035 * (1 - share)
        left += [(x - reach, y + droop), (x - reach * 0.38, y - droop * 0.8)]
        right += [(x + reach * dice.uniform(0.8, 1.1), y + droop), (x + reach * 0.38, y - droop * 0.8)]
    return [*left, (x, foot - height), *reversed(right), (x + 3, foot + 20), (x - 3, foot + 20)]


def fireflies(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Scatter small warm lights near the ground."""

    def draw(large: ImageDraw.ImageDraw) -> None:
        for _ in range(46):
            x, y = dice.random() * SIDE * FINENESS, dice.uniform(0.5, 0.94) * SIDE * FINENESS
            r = dice.uniform(1.2, 4.2)
            color = mixed(palette.accent, palette.light, dice.random())
            large.ellipse((x - r, y - r, x + r, y + r), fill=color)

    return glowing(canvas, drawn(draw), 4.5, 1.0)


def city(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Towers in three rows with lit windows, and the glow of streets between them."""
    canvas = lit(canvas, tinted(ramp(HORIZON - 0.2, 1.0, 120), mixed(palette.accent, BLACK, 0.5)))
    for layer in range(3):
        nearness = layer / 2
        color = mixed(mixed(palette.haze, palette.middle, 0.55 + 0.3 * nearness), palette.deep, 0.25 + 0.7 * nearness)
        towers = _towers(dice, nearness)
        canvas = covered(canvas, color, mask_of(lambda draw, t=towers: _walls(draw, t)))
        windows = drawn(lambda draw, t=towers, n=nearness: _windows(draw, t, palette, dice, n))
        canvas = glowing(canvas, windows, 2.6, 0.6)
        if layer < 2:
            mist = ramp(0.55, 1.0, 120 - 50 * layer)
            canvas = covered(canvas, mixed(palette.haze, palette.accent, 0.3), mist)
    return canvas


_Box = tuple[float, float, float, float]


def _towers(dice: Random, nearness: float) -> list[_Box]:
    towers: list[_Box] = []
    x = dice.uniform(-40, 0)
    while x < SIDE:
        width = (24 + 52 * nearness) * dice.uniform(0.7, 1.4)
        top = (HORIZON + 0.12 * nearness - 0.34 * dice.random() ** 1.8) * SIDE
        towers.append((x, top, x + width, SIDE))
        x += width * dice.uniform(0.75, 1.35)
    return towers


def _walls(draw: ImageDraw.ImageDraw, towers: list[_Box]) -> None:
    for left, top, right, bottom in towers:
        draw.rectangle([value * FINENESS for value in (left, top, right, bottom)], fill=255)
        middle = (left + right) / 2 * FINENESS
        if (right - left) % 3 < 1:
            draw.line((middle, (top - 26) * FINENESS, middle, top * FINENESS), fill=255, width=FINENESS)


def _windows(draw: ImageDraw.ImageDraw, towers: list[_Box], palette: Palette, dice: Random, nearness: float) -> None:
    size, gap = 1.6 + 2.2 * nearness, 5.0 + 5.0 * nearness
    for left, top, right, _ in towers:
        lights = mixed(palette.accent, palette.light, dice.random())
        share = dice.uniform(0.12, 0.5)
        y = top + gap
        while y < SIDE:
            x = left + gap * 0.6
            while x < right - gap * 0.8:
                if dice.random() < share:
                    shade = mixed(BLACK, lights, dice.uniform(0.3, 0.95))
                    box = [v * FINENESS for v in (x, y, x + size, y + size * 1.5)]
                    draw.rectangle(box, fill=shade)
                x += gap
            y += gap * 1.25


def plain(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """An endless floor of thin lines that run to the horizon."""
    floor = mask_of(lambda draw: draw.rectangle((0, HORIZON * SIDE * FINENESS, SIDE * 2, SIDE * 2), fill=255))
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.25), curved(floor, 1.0, 0.9))

    def draw(large: ImageDraw.ImageDraw) -> None:
        for column in range(-26, 27):
            line = [(SIDE / 2 + column * 9, HORIZON * SIDE), (SIDE / 2 + column * 96, SIDE)]
            large.line(scaled(line), fill=mixed(BLACK, palette.haze, 0.5), width=FINENESS)
        for row in range(1, 26):
            y = (HORIZON + (1 - HORIZON) * (row / 25) ** 2.4) * SIDE
            shade = mixed(BLACK, palette.haze, 0.25 + 0.4 * row / 25)
            large.line(scaled([(0, y), (SIDE, y)]), fill=shade, width=FINENESS)

    canvas = glowing(canvas, drawn(draw), 3.0, 0.7)
    glow = disc((dice.uniform(0.35, 0.65) * SIDE, HORIZON * SIDE), SIDE * 0.55, 2.4)
    canvas = lit(canvas, tinted(glow, mixed(palette.accent, BLACK, 0.35)))
    fog = curved(noise(dice, 3, 12, 5), 1.8, 0.6)
    near = ImageChops.multiply(fog, ImageOps.invert(ramp(HORIZON, HORIZON + 0.25)))
    band = ImageChops.multiply(near, ramp(HORIZON - 0.12, HORIZON))
    return covered(canvas, palette.haze, band)


LANDS = {"sea": sea, "mountains": mountains, "forest": forest, "city": city, "plain": plain}
