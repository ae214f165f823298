"""Grounds that fill the whole canvas: what is behind everything else."""

from __future__ import annotations

from math import sin, tau
from random import Random

from PIL import Image, ImageChops, ImageDraw

from bot.images.painting.canvas import (
    FINENESS,
    SIDE,
    blurred,
    colored,
    covered,
    curved,
    drawn,
    glowing,
    gradient,
    lamp,
    lit,
    mixed,
    noise,
    ramp,
    resized,
    scaled,
    tinted,
)
from bot.images.painting.palette import Palette

BLACK = (0, 0, 0)


def nebula(palette: Palette, dice: Random) -> Image.Image:
    """Clouds of gas, two lights inside them, and stars."""
    canvas = gradient(mixed(palette.deep, BLACK, 0.4), palette.deep, mixed(palette.deep, BLACK, 0.5))
    far, near = noise(dice, 2, octaves=6), noise(dice, 3, octaves=6)
    canvas = lit(canvas, colored(curved(far, 2.4), BLACK, mixed(palette.middle, BLACK, 0.3), palette.haze))
    wisps = ImageChops.multiply(curved(near, 2.8), curved(far, 0.8))
    canvas = lit(canvas, colored(wisps, BLACK, mixed(palette.accent, BLACK, 0.45), palette.light))
    dust = curved(noise(dice, 4, octaves=6), 3.0, 0.6)
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.5), dust)
    for color in (palette.accent, palette.haze):
        center = (dice.uniform(0.2, 0.8) * SIDE, dice.uniform(0.2, 0.7) * SIDE)
        canvas = lamp(canvas, center, dice.uniform(0.4, 0.7) * SIDE, mixed(color, BLACK, 0.55), 2.6)
    return starry(canvas, palette, dice, 420)


def starry(canvas: Image.Image, palette: Palette, dice: Random, count: int) -> Image.Image:
    """Scatter stars; a few of them shine."""

    def small(draw: ImageDraw.ImageDraw) -> None:
        for _ in range(count):
            x, y = dice.random() * SIDE * FINENESS, dice.random() * SIDE * FINENESS
            r = 0.7 + dice.random() ** 6 * 2.6
            color = mixed((150, 160, 190), palette.light, dice.random())
            draw.ellipse((x - r, y - r, x + r, y + r), fill=mixed(BLACK, color, 0.35 + dice.random() * 0.65))

    def large(draw: ImageDraw.ImageDraw) -> None:
        for _ in range(max(3, count // 50)):
            x, y = dice.random() * SIDE * FINENESS, dice.random() * SIDE * FINENESS
            r = dice.uniform(1.8, 3.8)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=palette.light)

    return glowing(lit(canvas, drawn(small)), drawn(large), 3.0, 0.9)


def dusk(palette: Palette, dice: Random) -> Image.Image:
    """A low light over the horizon, and long clouds in its colors."""
    dark = mixed(palette.deep, BLACK, 0.3)
    high = mixed(palette.middle, palette.haze, 0.4)
    low = mixed(palette.haze, palette.accent, 0.6)
    canvas = gradient(dark, palette.deep, palette.middle, high, low, palette.accent, palette.accent)
    canvas = covered(canvas, mixed(palette.deep, palette.middle, 0.5), ramp(0.62, 1.0))
    sun = (dice.uniform(0.25, 0.75) * SIDE, 0.56 * SIDE)
    canvas = lamp(canvas, sun, 0.6 * SIDE, mixed(palette.accent, BLACK, 0.35), 2.0)
    clouds = ImageChops.multiply(curved(noise(dice, 2, 9, 6), 2.2), ImageChops.invert(ramp(0.1, 0.62, 190)))
    canvas = covered(canvas, mixed(palette.middle, palette.deep, 0.45), curved(clouds, 1.0, 0.85))
    edges = curved(noise(dice, 2, 12, 6), 4.5, 0.8)
    canvas = lit(canvas, tinted(ImageChops.multiply(edges, ramp(0.05, 0.55)), palette.accent))
    return starry(canvas, palette, dice, 40)


def storm(palette: Palette, dice: Random) -> Image.Image:
    """Heavy clouds with one break of light in them."""
    cloud = noise(dice, 3, 5, 6)
    dim = mixed(palette.haze, (96, 104, 116), 0.4)
    canvas = colored(cloud, mixed(palette.deep, BLACK, 0.3), mixed(palette.middle, palette.deep, 0.3), dim)
    canvas = covered(canvas, palette.deep, ramp(0.45, 1.0, 190))
    break_ = (dice.uniform(0.3, 0.7) * SIDE, dice.uniform(0.2, 0.36) * SIDE)
    canvas = lamp(canvas, break_, 0.52 * SIDE, mixed(palette.accent, BLACK, 0.35), 2.4)
    shade = curved(noise(dice, 4, 7, 6), 2.6, 0.75)
    return covered(canvas, mixed(palette.deep, BLACK, 0.35), shade)


def aurora(palette: Palette, dice: Random) -> Image.Image:
    """Curtains of light over a starry night."""
    canvas = gradient(mixed(palette.deep, BLACK, 0.5), palette.deep, palette.middle)
    canvas = starry(canvas, palette, dice, 260)
    for color in (palette.haze, palette.accent, mixed(palette.haze, palette.light, 0.5)):
        canvas = lit(canvas, _curtain(color, dice))
    return canvas


def _curtain(color: tuple[int, int, int], dice: Random) -> Image.Image:
    base, swing, phase = dice.uniform(0.34, 0.6), dice.uniform(0.03, 0.09), dice.random() * tau
    rays = resized(noise(dice, 26, 1, 2), (SIDE, 1))

    def draw(large: ImageDraw.ImageDraw) -> None:
        for x in range(SIDE):
            ray = rays.getpixel((x, 0))
            strength = (ray if isinstance(ray, int) else 128) / 255
            wave = sin(x / SIDE * tau * 1.3 + phase) + 0.4 * sin(x / SIDE * tau * 3.1 + phase * 2)
            foot = (base + swing * wave) * SIDE
            top = foot - (0.14 + 0.3 * strength) * SIDE
            for step in range(28):
                share = step / 28
                y = top + (foot - top) * share * 1.12
                fade = share**1.7 if share < 0.86 else (1 - share) / 0.14 * 0.77
                shade = mixed(BLACK, color, fade * (0.12 + 0.66 * strength**1.4))
                line = scaled([(x, y), (x, y + (foot - top) / 24 + 1)])
                large.line(line, fill=shade, width=FINENESS)

    light = drawn(draw)
    return lit(blurred(light, 3.2), blurred(light, 22))


def streams(palette: Palette, dice: Random) -> Image.Image:
    """A dark hall crossed by falling columns of light: data, or rain that never lands."""
    canvas = gradient(mixed(palette.deep, BLACK, 0.6), palette.deep, mixed(palette.middle, palette.deep, 0.5))
    canvas = lamp(canvas, (SIDE / 2, SIDE * 0.46), SIDE * 0.6, mixed(palette.middle, BLACK, 0.2), 1.8)

    def draw(large: ImageDraw.ImageDraw) -> None:
        for _ in range(170):
            x = dice.random() * SIDE * FINENESS
            top, length = dice.uniform(-0.3, 0.9) * SIDE, dice.uniform(0.05, 0.4) * SIDE
            color = mixed(palette.haze, palette.accent, dice.random() ** 2)
            depth = dice.random() ** 2
            for step in range(14):
                y = (top + length * step / 14) * FINENESS
                share = (step / 14) ** 1.6 * (0.16 + 0.62 * depth)
                end = y + length / 14 * FINENESS * 0.66
                large.line((x, y, x, end), fill=mixed(BLACK, color, share), width=round(1 + 3 * depth))

    return glowing(canvas, drawn(draw), 4.0, 0.9)


SKIES = {"nebula": nebula, "dusk": dusk, "storm": storm, "aurora": aurora, "streams": streams}
