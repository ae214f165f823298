"""Emojis as they are typed: the character itself, or a shortcode such as `:fire:`."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

SHORTCODES = {
    "fire": "🔥",
    "skull": "💀",
    "heart": "❤️",
    "joy": "😂",
    "rofl": "🤣",
    "smile": "😄",
    "cry": "😢",
    "sob": "😭",
    "thinking": "🤔",
    "scream": "😱",
    "eyes": "👀",
    "clap": "👏",
    "wave": "👋",
    "pray": "🙏",
    "thumbsup": "👍",
    "+1": "👍",
    "thumbsdown": "👎",
    "-1": "👎",
    "100": "💯",
    "tada": "🎉",
    "sparkles": "✨",
    "star": "⭐",
    "rocket": "🚀",
    "robot": "🤖",
    "brain": "🧠",
    "ghost": "👻",
    "moon": "🌙",
    "infinity": "♾️",
    "see_no_evil": "🙈",
    "mute": "🔇",
    "question": "❓",
    "x": "❌",
    "white_check_mark": "✅",
}
"""Discord's names for a few emojis."""
_LINE = re.compile(r"(?P<back>-\s*)?(?P<emoji>:[\w+-]+:|\S+?)(?:\s+(?P<number>\d{1,3}))?")
_JOINERS = "\u200d\ufe0f\u20e3"
_LONGEST = 16
_CHANGES = "\ufe0f\u20e3\U0001f3fb-\U0001f3ff"
_SIGN = f"[^\u200d{_CHANGES}][{_CHANGES}]*"
_ONE = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|{_SIGN}(?:\u200d{_SIGN})*")
"""A flag, or a sign with its colour, or several joined; two beside each other are words."""


class Reaction(NamedTuple):
    """What a line asks for: an emoji, to the how-many-th last message, added or taken back."""

    emoji: str
    number: int
    is_taken_back: bool


def reaction_in(line: str) -> Reaction | None:
    """Return the reaction that a line is, such as `:fire:`, `🔥 3` or `-🔥`; None for any other line."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return None
    emoji = SHORTCODES.get(match["emoji"].strip(":"), "") if match["emoji"].startswith(":") else match["emoji"]
    if not is_emoji(emoji):
        return None
    return Reaction(emoji, int(match["number"] or 1), match["back"] is not None)


def is_emoji(text: str) -> bool:
    """Return whether a text is one emoji alone; one more or less exotic is let through."""
    if len(text) > _LONGEST or not _ONE.fullmatch(text):
        return False
    is_keycap = len(text) <= 3 and text[0] in "0123456789#*" and text.endswith("\u20e3")
    return is_keycap or (all(map(_belongs, text)) and any(unicodedata.category(one) == "So" for one in text))


def _belongs(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) in ("So", "Sk")
