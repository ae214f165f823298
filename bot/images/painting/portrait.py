"""A face, modelled as a relief and drawn in scan lines."""

from __future__ import annotations

from math import exp
from random import Random

from PIL import Image, ImageDraw

from bot.images.painting.canvas import (
    FINENESS,
    SIDE,
    Point,
    covered,
    disc,
    drawn,
    glowing,
    mixed,
    scaled,
    toned,
)
from bot.images.painting.palette import Palette

BLACK = (0, 0, 0)


def face(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """A face that rises out of scan lines."""
    canvas = covered(canvas, mixed(palette.deep, BLACK, 0.5), disc((SIDE / 2, SIDE / 2), SIDE * 0.8, 0.6, 0.9))
    light = drawn(lambda draw: _scan_lines(draw, palette, dice))
    fade = disc((SIDE / 2, SIDE * 0.5), SIDE * 0.47, 0.55)
    return glowing(covered(canvas, light, fade), _dimmed(light, fade), 4.0, 0.5)


def _scan_lines(draw: ImageDraw.ImageDraw, palette: Palette, dice: Random) -> None:
    """Draw from the back to the front; each line hides what lies behind it."""
    rows, jitter = 84, dice.uniform(0.3, 0.8)
    ground = mixed(palette.deep, BLACK, 0.55)
    for row in range(rows):
        v = row / (rows - 1) * 2.5 - 1.2
        line = [_relief_point(u / 110 * 2.4 - 1.2, v, dice, jitter) for u in range(111)]
        color = mixed(mixed(palette.haze, palette.accent, row / rows), palette.light, 0.3)
        draw.polygon(scaled([*line, (SIDE, SIDE * 1.1), (0, SIDE * 1.1)]), fill=ground)
        draw.line(scaled(line), fill=color, width=FINENESS + 1)


def _dimmed(light: Image.Image, fade: Image.Image) -> Image.Image:
    """Return a drawing of light that fades with a mask, dimmed for a halo."""
    dim = Image.composite(light, Image.new("RGB", light.size), fade)
    return toned(dim, [v * 2 // 5 for v in range(256)])


def _relief_point(u: float, v: float, dice: Random, jitter: float) -> Point:
    """Return where a scan line passes: `u`, `v` from -1 to 1 across and down the face."""
    height = _relief(u, v)
    x = SIDE / 2 + u * SIDE * 0.4
    y = SIDE * 0.54 + v * SIDE * 0.36 - height * SIDE * 0.16 + dice.gauss(0, jitter)
    return x, y


_FEATURES = (
    # height, across, down, width, length: of each half, mirrored
    (0.42, 0.0, 0.02, 0.085, 0.24),
    (0.34, 0.0, 0.23, 0.13, 0.08),
    (0.26, 0.28, -0.24, 0.17, 0.07),
    (-0.46, 0.3, -0.12, 0.15, 0.1),
    (0.3, 0.3, -0.1, 0.085, 0.05),
    (0.2, 0.38, 0.14, 0.16, 0.16),
    (0.24, 0.0, 0.5, 0.2, 0.035),
    (-0.16, 0.0, 0.545, 0.22, 0.02),
    (0.26, 0.0, 0.6, 0.17, 0.04),
    (0.24, 0.0, 0.84, 0.16, 0.09),
    (-0.3, 0.62, 0.3, 0.1, 0.3),
)


def _relief(u: float, v: float) -> float:
    """Return the height of the face: a head, and what is on it as bumps and hollows."""
    inside = 1 - (u / 0.74) ** 2 - (v / 1.02) ** 2
    head = inside**0.5 if inside > 0 else 0.0
    if not head:
        return 0.0
    total = head * 0.95
    for height, across, down, width, length in _FEATURES:
        total += height * exp(-(((abs(u) - across) / width) ** 2) - ((v - down) / length) ** 2) * min(1.0, head * 2)
    return total
