"""A face for every model: a symmetric sign in its family's colour, painted from its name alone."""

from __future__ import annotations

import colorsys
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

PORTRAIT_SIZE = 128
"""Pixels a side: what Discord keeps of an application's emoji."""

PORTRAITS_KEPT = 64
"""Some 10 kB each."""
_OVERSAMPLING = 4
_CANVAS = PORTRAIT_SIZE * _OVERSAMPLING
_POINTS = 720

_FAMILY_HUES = {
    "claude": 0.05,
    "gemini": 0.59,
    "gemma": 0.55,
    "gpt": 0.44,
    "chatgpt": 0.44,
    "deepseek": 0.65,
    "kimi": 0.77,
    "llama": 0.52,
    "mistral": 0.10,
    "qwen": 0.71,
    "grok": 0.95,
    "glm": 0.36,
    "command": 0.83,
    "nova": 0.13,
    "minimax": 0.99,
    "hermes": 0.16,
}
"""Hues, from 0 to 1, of the best known families, so that no two of them meet; others get one from their name."""

_PETALS = (
    (0.55, 0.45),  # rounded, like a leaf of clover
    (1.0, 0.30),
    (1.0, 0.55),
    (2.2, 0.45),
    (2.2, 0.62),  # thin, like a ray
    (4.0, 0.50),
)
"""Sharpness of the petals, and how deep they are cut, as a part of the radius."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Sign:
    """What is painted: all that a name decides."""

    hue: float
    drift: float
    petals: int
    sharpness: float
    depth: float
    twist: float
    turn: float
    inner: int
    core: int


@lru_cache(maxsize=PORTRAITS_KEPT)
def portrait(name: str) -> bytes:
    """Return the face of the model called `name` as a PNG of 128 by 128 pixels, always the same for one name.

    Nothing of note stands in the corners: clients crop it to a circle. The first time takes some forty milliseconds of
    a core.
    """
    sign = _sign(name)
    canvas = _background(sign)
    for shape, colour in _shapes(sign):
        canvas.paste(Image.new("RGB", canvas.size, colour), mask=shape)
    png = BytesIO()
    _resized(canvas, PORTRAIT_SIZE).save(png, "PNG", optimize=True)
    return png.getvalue()


def _sign(name: str) -> _Sign:
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    sharpness, depth = _PETALS[digest[3] % len(_PETALS)]
    return _Sign(
        hue=(_family_hue(name) + (digest[0] / 255 - 0.5) * 0.035) % 1,
        drift=(0.03 + 0.04 * digest[1] / 255) * (1 if digest[1] % 2 else -1),
        petals=3 + digest[2] % 6,
        sharpness=sharpness,
        depth=depth,
        twist=(-0.55, 0.0, 0.0, 0.0, 0.55)[digest[4] % 5],
        turn=digest[5] % 2 * 0.5,
        inner=digest[6] % 4,
        core=digest[7] % 3,
    )


def _family_hue(name: str) -> float:
    words = "".join(character if character.isalpha() else " " for character in name.lower()).split()
    family = words[0] if words else ""
    if family in _FAMILY_HUES:
        return _FAMILY_HUES[family]
    return hashlib.sha256(family.encode()).digest()[0] / 256


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _background(sign: _Sign) -> Image.Image:
    """Paint light falling from above on the family's colour."""
    light = _resized(Image.radial_gradient("L"), _CANVAS * 2)
    light = light.crop((_CANVAS // 2, _CANVAS * 5 // 8, _CANVAS * 3 // 2, _CANVAS * 13 // 8))
    dark = Image.new("RGB", (_CANVAS, _CANVAS), _colour(sign.hue + sign.drift, 0.90, 0.36))
    bright = Image.new("RGB", (_CANVAS, _CANVAS), _colour(sign.hue - sign.drift / 2, 0.72, 0.96))
    return Image.composite(dark, bright, _relit(light, 1.5))


def _shapes(sign: _Sign) -> list[tuple[Image.Image, Colour]]:
    """Return what is painted over the background, each shape as a mask with its colour, the lowest first."""
    bloom = _flower(sign, 0.42, sign.turn)
    shadow = ImageChops.offset(bloom, 0, _CANVAS // 50).filter(ImageFilter.GaussianBlur(_CANVAS // 40))
    blush = ImageChops.multiply(bloom, _glow())
    pale = _colour(sign.hue + sign.drift, 0.06, 1.0)
    warm = _colour(sign.hue - sign.drift, 0.42, 1.0)
    deep = _colour(sign.hue + sign.drift, 0.85, 0.30)
    accent = _colour(sign.hue + (0.42, 0.5, 0.58)[sign.petals % 3], 0.60, 1.0)
    shapes = [(_relit(shadow, 0.5), deep), (bloom, pale), (blush, warm)]
    shapes += [(mask, deep) for mask in _inner(sign)]
    return shapes + _core(sign, pale, deep, accent)


def _glow() -> Image.Image:
    """Return a mask that is full in the middle and fades towards the edge."""
    return _relit(ImageChops.invert(_resized(Image.radial_gradient("L"), _CANVAS)), 2, above=110)


def _inner(sign: _Sign) -> list[Image.Image]:
    if sign.inner == 0:
        return [_flower(sign, 0.25, sign.turn + 0.5)]
    if sign.inner == 1:
        return [_flower(sign, 0.26, sign.turn)]
    if sign.inner == 2:
        return [_ring_of_dots(sign)]
    return [_disc(0.19)]


def _core(sign: _Sign, pale: Colour, deep: Colour, accent: Colour) -> list[tuple[Image.Image, Colour]]:
    if sign.core == 0:
        return [(_disc(0.085), accent)]
    if sign.core == 1:
        return [(_disc(0.115), accent), (_disc(0.055), deep)]
    return [(_disc(0.105), deep), (_disc(0.075), pale)]


def _flower(sign: _Sign, radius: float, turn: float) -> Image.Image:
    """Return the mask of a flower; `radius` is a part of the picture's side, `turn` a part of one petal."""
    outline: list[tuple[float, float]] = []
    for step in range(_POINTS):
        angle = 2 * math.pi * step / _POINTS
        petal = abs(math.cos(sign.petals * angle / 2)) ** sign.sharpness
        reach = 1 - sign.depth + sign.depth * petal
        direction = angle + 2 * math.pi * turn / sign.petals - math.pi / 2 + sign.twist * reach
        outline.append(_point(direction, radius * reach))
    return _polygon(outline)


def _ring_of_dots(sign: _Sign) -> Image.Image:
    mask = _disc(0.13)
    draw = ImageDraw.Draw(mask)
    for petal in range(sign.petals):
        direction = 2 * math.pi * (petal + sign.turn) / sign.petals - math.pi / 2 + sign.twist
        x, y = _point(direction, 0.26)
        size = 0.042 * _CANVAS
        draw.ellipse((x - size, y - size, x + size, y + size), fill=255)
    return mask


def _disc(radius: float) -> Image.Image:
    mask = Image.new("L", (_CANVAS, _CANVAS))
    edge = radius * _CANVAS
    middle = _CANVAS / 2
    ImageDraw.Draw(mask).ellipse((middle - edge, middle - edge, middle + edge, middle + edge), fill=255)
    return mask


def _polygon(outline: Sequence[tuple[float, float]]) -> Image.Image:
    mask = Image.new("L", (_CANVAS, _CANVAS))
    ImageDraw.Draw(mask).polygon(list(outline), fill=255)
    return mask


def _point(direction: float, radius: float) -> tuple[float, float]:
    return (0.5 + radius * math.cos(direction)) * _CANVAS, (0.5 + radius * math.sin(direction)) * _CANVAS


def _resized(image: Image.Image, side: int) -> Image.Image:
    return image.resize((side, side), Image.Resampling.LANCZOS)  # pyright: ignore[reportUnknownMemberType] - its types name numpy


def _relit(mask: Image.Image, factor: float, above: int = 0) -> Image.Image:
    """Return `mask` with each level, less `above`, times `factor`."""
    levels = [max(0, min(255, round((level - above) * factor))) for level in range(256)]
    return mask.point(levels)  # pyright: ignore[reportUnknownMemberType] - its types name numpy
