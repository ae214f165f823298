"""The painter's materials: gradients, noise, glows, grain, and drawing that is smooth at the edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Color = tuple[int, int, int]
Point = tuple[float, float]
Image.init()

SIDE = 768
"""Width and height of a painting in pixels."""
FINENESS = 2
"""Drawings are made so many times larger and then reduced, which smooths their edges."""


def dice_for(*things: object) -> Random:
    """Return a source of chance that is the same for the same things, on every machine."""
    return Random("\x1f".join(map(str, things)))  # noqa: S311 - a painting, not a secret


def mixed(one: Color, other: Color, share: float) -> Color:
    """Return the color that lies between two, `share` of the way (0 to 1) to the other."""
    share = min(1.0, max(0.0, share))
    r, g, b = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return r, g, b


def resized(
    image: Image.Image, size: tuple[int, int], resample: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    """Return the image at another size."""
    return image.resize(size, resample)  # pyright: ignore[reportUnknownMemberType] - its types name numpy


def toned(image: Image.Image, levels: Sequence[int]) -> Image.Image:
    """Return the image with each level from 0 to 255 replaced by the one at its place in `levels`."""
    table = [*levels] * len(image.getbands())
    return image.point(table)  # pyright: ignore[reportUnknownMemberType] - its types name numpy


def gradient(*stops: Color) -> Image.Image:
    """Return a canvas that runs through the colors from top to bottom, evenly spaced."""
    strip = Image.new("RGB", (1, 256))
    for y in range(256):
        place = y / 255 * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        strip.putpixel((0, y), mixed(stops[index], stops[index + 1], place - index))
    return resized(strip, (SIDE, SIDE))


def ramp(top: float, bottom: float, strength: int = 255) -> Image.Image:
    """Return a mask that grows from 0 at height `top` to `strength` at height `bottom` (both 0 to 1)."""
    strip = Image.new("L", (1, SIDE))
    for y in range(SIDE):
        share = (y / SIDE - top) / (bottom - top)
        share = min(1.0, max(0.0, share))
        strip.putpixel((0, y), round(strength * share * share * (3 - 2 * share)))
    return resized(strip, (SIDE, SIDE))


def noise(dice: Random, across: int, down: int | None = None, octaves: int = 5) -> Image.Image:
    """Return a cloudy gray canvas; its largest shapes are as many as `across` times `down`."""
    down = down or across
    cloud = Image.new("L", (SIDE, SIDE), 128)
    weights = 0.0
    for octave in range(octaves):
        size = (min(SIDE, round(across * 2.17**octave)), min(SIDE, round(down * 2.17**octave)))
        rough = Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))
        layer = resized(rough, (SIDE, SIDE))
        weights += 0.56**octave
        cloud = Image.blend(cloud, layer, 0.56**octave / weights)
    return ImageOps.autocontrast(cloud, cutoff=1)


def curved(mask: Image.Image, power: float, strength: float = 1.0) -> Image.Image:
    """Return a mask with its middle tones raised (power below 1) or lowered (above 1)."""
    return toned(mask, [round(255 * strength * (v / 255) ** power) for v in range(256)])


def colored(mask: Image.Image, dark: Color, middle: Color, light: Color) -> Image.Image:
    """Return a gray canvas in three colors."""
    return ImageOps.colorize(mask, dark, light, mid=middle)


def disc(center: Point, radius: float, power: float = 2.0, strength: float = 1.0) -> Image.Image:
    """Return a mask that is full at `center` and fades to nothing at `radius` pixels."""
    side = max(2, round(radius * 2))
    # Pillow's radial gradient reaches white in the corners, 181 of 255 in the middle of an edge.
    falloff = [round(255 * strength * max(0.0, 1 - v / 180) ** power) for v in range(256)]
    spot = resized(toned(Image.radial_gradient("L"), falloff), (side, side))
    mask = Image.new("L", (SIDE, SIDE))
    mask.paste(spot, (round(center[0] - radius), round(center[1] - radius)))
    return mask


def tinted(mask: Image.Image, color: Color) -> Image.Image:
    """Return a mask as light of one color on black."""
    return ImageOps.colorize(mask, (0, 0, 0), color)


def lit(canvas: Image.Image, light: Image.Image) -> Image.Image:
    """Add light to a canvas without burning it out."""
    return ImageChops.screen(canvas, light)


def lamp(canvas: Image.Image, center: Point, radius: float, color: Color, power: float = 2.2) -> Image.Image:
    """Let a round light shine on a canvas."""
    return lit(canvas, tinted(disc(center, radius, power), color))


def drawn(draw: Callable[[ImageDraw.ImageDraw], None], ground: Color = (0, 0, 0)) -> Image.Image:
    """Return what `draw` draws, smooth at the edges; it draws `FINENESS` times as large."""
    large = Image.new("RGB", (SIDE * FINENESS, SIDE * FINENESS), ground)
    draw(ImageDraw.Draw(large))
    return large.reduce(FINENESS)


def mask_of(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """Return a mask of what `draw` draws (in white or grays), smooth at the edges."""
    large = Image.new("L", (SIDE * FINENESS, SIDE * FINENESS))
    draw(ImageDraw.Draw(large))
    return large.reduce(FINENESS)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Return the image out of focus."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def glowing(canvas: Image.Image, light: Image.Image, radius: float = 6.0, halo: float = 1.0) -> Image.Image:
    """Add a drawing of light to a canvas, with a halo around it."""
    wide = ImageChops.multiply(blurred(light, radius * 3), Image.new("RGB", light.size, _gray(halo)))
    near = ImageChops.add(blurred(light, radius), wide)
    return lit(lit(canvas, near), light)


def covered(canvas: Image.Image, color: Color | Image.Image, mask: Image.Image) -> Image.Image:
    """Cover a canvas with a color, or with another canvas, where the mask is."""
    over = color if isinstance(color, Image.Image) else Image.new("RGB", canvas.size, color)
    return Image.composite(over, canvas, mask)


def scaled(points: Sequence[Point]) -> list[Point]:
    """Return points of a canvas as points of its large drawing."""
    return [(x * FINENESS, y * FINENESS) for x, y in points]


def finished(canvas: Image.Image, dice: Random) -> Image.Image:
    """Darken the corners, lift the contrast and lay a little grain over everything."""
    edge = curved(resized(ImageOps.invert(Image.radial_gradient("L")), (SIDE, SIDE)), 0.42)
    edge = toned(edge, [80 + v * 175 // 255 for v in range(256)])
    canvas = ImageChops.multiply(canvas, Image.merge("RGB", (edge, edge, edge)))
    canvas = ImageOps.autocontrast(canvas, cutoff=(0.2, 0.05), preserve_tone=True)
    grain = Image.frombytes("L", (SIDE, SIDE), dice.randbytes(SIDE * SIDE))
    grain = toned(grain, [128 + (v - 128) // 14 for v in range(256)])
    return ImageChops.overlay(canvas, Image.merge("RGB", (grain, grain, grain)))


def _gray(share: float) -> Color:
    level = min(255, round(255 * share))
    return level, level, level
