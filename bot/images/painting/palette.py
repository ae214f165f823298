"""Colors for a description: named ones, those of a mood, or a palette of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from bot.images.painting.canvas import Color, mixed


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colors that go together, from the darkest ground to the brightest light."""

    deep: Color
    middle: Color
    haze: Color
    accent: Color
    light: Color


PALETTES = (
    Palette((7, 9, 28), (32, 38, 92), (104, 92, 158), (255, 166, 92), (255, 236, 204)),
    Palette((4, 16, 26), (10, 66, 84), (76, 148, 152), (255, 196, 110), (236, 252, 240)),
    Palette((18, 6, 24), (84, 22, 74), (182, 74, 108), (255, 146, 92), (255, 232, 196)),
    Palette((6, 14, 14), (22, 66, 54), (108, 146, 106), (222, 206, 118), (250, 250, 218)),
    Palette((12, 10, 20), (56, 50, 84), (150, 134, 164), (110, 214, 224), (232, 250, 255)),
    Palette((16, 10, 8), (86, 44, 26), (178, 112, 70), (255, 186, 84), (255, 240, 202)),
    Palette((5, 8, 20), (18, 44, 96), (70, 120, 190), (124, 232, 255), (236, 248, 255)),
    Palette((14, 5, 14), (70, 16, 50), (150, 40, 92), (255, 84, 130), (255, 214, 220)),
    Palette((8, 12, 10), (38, 60, 60), (138, 158, 148), (240, 130, 84), (252, 244, 226)),
    Palette((10, 6, 30), (50, 26, 116), (128, 84, 204), (84, 244, 206), (232, 255, 248)),
)

COLORS: dict[str, Color] = {
    "gold": (255, 192, 84),
    "golden": (255, 192, 84),
    "amber": (255, 164, 58),
    "honey": (248, 182, 76),
    "yellow": (255, 220, 90),
    "orange": (255, 134, 52),
    "copper": (214, 122, 74),
    "rust": (176, 82, 46),
    "red": (228, 58, 58),
    "scarlet": (236, 50, 44),
    "crimson": (198, 30, 66),
    "rose": (242, 122, 144),
    "pink": (255, 132, 184),
    "magenta": (232, 52, 172),
    "purple": (142, 72, 214),
    "violet": (136, 88, 232),
    "lilac": (188, 158, 236),
    "indigo": (76, 72, 204),
    "blue": (58, 124, 242),
    "cobalt": (44, 92, 220),
    "azure": (84, 168, 255),
    "cyan": (82, 230, 246),
    "teal": (40, 172, 172),
    "turquoise": (70, 216, 204),
    "green": (72, 204, 112),
    "emerald": (44, 188, 122),
    "moss": (122, 146, 74),
    "olive": (146, 148, 74),
    "silver": (204, 214, 228),
    "pearl": (232, 226, 222),
    "ivory": (246, 238, 218),
    "white": (240, 244, 250),
    "grey": (146, 152, 162),
    "gray": (146, 152, 162),
    "ash": (158, 152, 150),
    "neon": (90, 255, 206),
    "electric": (70, 150, 255),
    "ember": (255, 112, 46),
}

_DARK = frozenset({"dark", "black", "void", "night", "midnight", "abyss", "shadow", "obsidian", "deep"})
_BRIGHT = frozenset({"bright", "dawn", "morning", "pale", "noon", "luminous", "radiant", "white", "snow"})


def words_of(description: str) -> list[str]:
    """Return the words of a description in lower case, with simple plurals also as singulars."""
    words = re.findall(r"[a-z]+", description.lower())
    return [form for word in words for form in ((word, word[:-1]) if word.endswith("s") else (word,))]


def palette_of(description: str, dice: Random) -> Palette:
    """Choose a palette: by the colors that are named, darker or brighter as the mood is."""
    words = words_of(description)
    named = list(dict.fromkeys(COLORS[word] for word in words if word in COLORS))
    palette = dice.choice(PALETTES)
    if named:
        palette = _of_named(named, palette)
    if _DARK.intersection(words) and not _BRIGHT.intersection(words):
        black = (2, 3, 7)
        palette = replace(palette, deep=mixed(palette.deep, black, 0.6), middle=mixed(palette.middle, black, 0.4))
    elif _BRIGHT.intersection(words) and not _DARK.intersection(words):
        palette = replace(
            palette,
            middle=mixed(palette.middle, palette.haze, 0.45),
            haze=mixed(palette.haze, palette.light, 0.4),
        )
    return palette


def _of_named(named: list[Color], base: Palette) -> Palette:
    """Build a palette around the first color, with the second (or the base's own) as the contrast."""
    first, second = named[0], named[1] if len(named) > 1 else base.accent
    warm, cool = sorted((first, second), key=lambda color: color[0] - color[2], reverse=True)
    return Palette(
        deep=mixed(mixed(cool, (4, 6, 16), 0.92), base.deep, 0.35),
        middle=mixed(mixed(cool, (8, 10, 26), 0.62), base.middle, 0.2),
        haze=mixed(cool, base.haze, 0.35),
        accent=warm,
        light=mixed(warm, (255, 252, 244), 0.72),
    )
