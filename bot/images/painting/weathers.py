"""What passes over a whole picture: rain, snow, fire, glitches, breaks in the glass."""

from __future__ import annotations

from math import cos, sin, tau
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance

from bot.images.painting.canvas import (
    FINENESS,
    SIDE,
    Point,
    blurred,
    colored,
    covered,
    curved,
    drawn,
    glowing,
    lit,
    mask_of,
    mixed,
    noise,
    ramp,
    resized,
    scaled,
)
from bot.images.painting.palette import Palette

BLACK = (0, 0, 0)


def rain(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Rain on a window: the world out of focus, lights as discs, drops and streaks in front."""
    canvas = Image.blend(canvas, blurred(canvas, 7), 0.75)
    discs = drawn(lambda draw: _bokeh(draw, palette, dice))
    canvas = lit(canvas, blurred(discs, 2.5))

    def draw(large: ImageDraw.ImageDraw) -> None:
        for _ in range(340):
            x, y = dice.random() * SIDE * 1.1, dice.uniform(-0.1, 1.0) * SIDE
            length, depth = dice.uniform(14, 70), dice.random()
            shade = mixed(BLACK, palette.light, 0.08 + 0.3 * depth)
            large.line(scaled([(x, y), (x - length * 0.12, y + length)]), fill=shade, width=1 + round(depth * 2))

    return lit(canvas, blurred(drawn(draw), 0.6))


def _bokeh(draw: ImageDraw.ImageDraw, palette: Palette, dice: Random) -> None:
    for _ in range(34):
        x, y = dice.random() * SIDE * FINENESS, dice.uniform(0.35, 1.0) * SIDE * FINENESS
        r = dice.uniform(10, 44) * FINENESS / 2
        color = mixed(palette.accent, palette.haze, dice.random())
        draw.ellipse(
            (x - r, y - r, x + r, y + r),
            fill=mixed(BLACK, color, dice.uniform(0.1, 0.34)),
            outline=mixed(BLACK, color, 0.4),
        )


def snow(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Slow flakes, or dust in a beam of light: some near and out of focus."""
    for count, size, focus, strength in ((420, 1.6, 0.5, 0.8), (110, 3.6, 2.0, 0.6), (24, 12.0, 7.0, 0.4)):

        def draw(
            large: ImageDraw.ImageDraw, count: int = count, size: float = size, strength: float = strength
        ) -> None:
            for _ in range(count):
                x, y = dice.random() * SIDE * FINENESS, dice.random() * SIDE * FINENESS
                r = size * dice.uniform(0.5, 1.3) * FINENESS / 2
                shade = mixed(BLACK, palette.light, strength * dice.uniform(0.4, 1.0))
                large.ellipse((x - r, y - r, x + r, y + r), fill=shade)

        canvas = lit(canvas, blurred(drawn(draw), focus))
    return canvas


def fire(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Flames from below and sparks above them."""
    tongues = noise(dice, 9, 4, 6)
    body = ImageChops.multiply(curved(tongues, 1.3), ramp(0.3, 0.96))
    body = ImageChops.add(body, ramp(0.72, 1.15, 190))
    hot = mixed(palette.accent, (255, 120, 30), 0.6)
    flames = colored(curved(body, 1.25), BLACK, mixed(hot, (120, 10, 10), 0.35), mixed(hot, (255, 244, 190), 0.75))
    canvas = lit(canvas, flames)
    canvas = lit(canvas, blurred(flames, 24))

    def draw(large: ImageDraw.ImageDraw) -> None:
        for _ in range(190):
            x, y = dice.random() * SIDE, SIDE * (1 - dice.random() ** 1.6)
            rise = dice.uniform(2, 14)
            line = scaled([(x, y), (x + dice.gauss(0, 3), y - rise)])
            large.line(line, fill=mixed(hot, (255, 240, 180), dice.random()), width=dice.choice((1, 2, 3)))

    return glowing(canvas, drawn(draw), 3.0, 1.0)


def glitch(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """Torn rows, colors that slipped apart, blocks that forgot their detail."""
    red, green, blue = canvas.split()
    slip = dice.randrange(5, 12)
    canvas = Image.merge("RGB", (ImageChops.offset(red, slip, 0), green, ImageChops.offset(blue, -slip, 0)))
    for _ in range(26):
        top, height = dice.randrange(SIDE - 8), dice.choice((2, 3, 5, 9, 16, 30))
        row = canvas.crop((0, top, SIDE, min(SIDE, top + height)))
        canvas.paste(ImageChops.offset(row, round(dice.gauss(0, 44)), 0), (0, top))
    for _ in range(30):
        _forget(canvas, palette, dice)
    lines = mask_of(_scan_lines)
    return covered(canvas, BLACK, lines)


def _scan_lines(draw: ImageDraw.ImageDraw) -> None:
    for y in range(0, SIDE * FINENESS, 4 * FINENESS):
        draw.line((0, y, SIDE * FINENESS, y), fill=46, width=FINENESS)


def _forget(canvas: Image.Image, palette: Palette, dice: Random) -> None:
    """Make one region coarse, or fill it with one flat color of the palette."""
    width, height = dice.choice((24, 48, 64, 128)), dice.choice((8, 8, 16, 24, 48))
    x, y = dice.randrange(0, SIDE - width, 8), dice.randrange(0, SIDE - height, 8)
    part = canvas.crop((x, y, x + width, y + height))
    coarse = resized(resized(part, (width // 16 + 1, height // 8)), part.size, Image.Resampling.NEAREST)
    if dice.random() < 0.35:
        color = dice.choice((palette.accent, palette.haze, palette.light, palette.middle))
        coarse = Image.blend(coarse, Image.new("RGB", part.size, color), 0.6)
    canvas.paste(coarse, (x, y))


def fracture(canvas: Image.Image, palette: Palette, dice: Random) -> Image.Image:
    """The picture as a broken mirror: every shard shows it a little differently."""
    hit = (dice.uniform(0.38, 0.62) * SIDE, dice.uniform(0.36, 0.58) * SIDE)
    shards = _shards(hit, dice)
    broken = canvas.copy()
    for shard in shards:
        piece = ImageChops.offset(canvas, round(dice.gauss(0, 30)), round(dice.gauss(0, 30)))
        piece = ImageEnhance.Brightness(piece).enhance(dice.uniform(0.62, 1.45))
        broken.paste(piece, mask=_mask(shard))
    edges = drawn(lambda draw: _edges(draw, shards, palette, dice))
    return glowing(broken, edges, 2.0, 0.5)


def _mask(shard: list[Point]) -> Image.Image:
    mask = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(mask).polygon(shard, fill=255)
    return mask


def _shards(hit: Point, dice: Random) -> list[list[Point]]:
    """Cut the canvas by rays from the point of impact, and the rays by uneven rings."""
    count = dice.randrange(11, 16)
    angles = sorted((i + dice.uniform(-0.34, 0.34)) / count * tau for i in range(count))
    radii = [0.0, 0.1, 0.24, 0.48, 1.3]
    grid = [
        [
            (hit[0] + cos(a) * r * SIDE * j, hit[1] + sin(a) * r * SIDE * j)
            for r, j in ((r, dice.uniform(0.75, 1.3)) for r in radii)
        ]
        for a in angles
    ]
    shards: list[list[Point]] = []
    for ray, following in zip(grid, [*grid[1:], grid[0]], strict=True):
        shards += [[ray[r], ray[r + 1], following[r + 1], following[r]] for r in range(len(radii) - 1)]
    return shards


def _edges(draw: ImageDraw.ImageDraw, shards: list[list[Point]], palette: Palette, dice: Random) -> None:
    for shard in shards:
        shade = mixed(BLACK, palette.light, dice.uniform(0.15, 0.75))
        draw.line(scaled([*shard, shard[0]]), fill=shade, width=dice.choice((1, 2, 3)))


WEATHERS = {"rain": rain, "snow": snow, "fire": fire, "glitch": glitch, "fracture": fracture}
