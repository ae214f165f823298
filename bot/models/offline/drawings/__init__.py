"""ASCII art for the offline cast: every drawing is made anew from a source of chance and a word."""

from __future__ import annotations

from random import Random

from bot.models.offline.drawings.frames import FRAMES
from bot.models.offline.drawings.objects import OBJECTS
from bot.models.offline.drawings.patterns import PATTERNS
from bot.models.offline.drawings.places import PLACES

DRAWINGS = (*FRAMES, *OBJECTS, *PATTERNS, *PLACES)
"""Each takes a source of chance and a word, and returns its lines, aligned in any fixed-width type."""

WORD_LIMIT = 14
"""Longer words would make a frame wider than a phone shows. Several are joined: a caption is one sign."""

CAPTION_INDENT = 3
"""A caption that stands in from the edge belongs to its drawing, also to the eye."""


def drawing(dice: Random, word: str, number: int) -> str:
    """Return the drawing at place `number` (it goes round), with `word` in or under it."""
    draw = DRAWINGS[number % len(DRAWINGS)]
    lines = [line.rstrip() for line in draw(dice, word.upper()[:WORD_LIMIT].strip().replace(" ", "_"))]
    while lines and not lines[0]:
        lines.pop(0)
    caption = lines[-1]
    if any(map(str.isalpha, caption)) and len(caption) - len(caption.lstrip()) < CAPTION_INDENT:
        lines = [" " * CAPTION_INDENT + line for line in lines]
    return "\n".join(lines)
