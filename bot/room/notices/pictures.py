"""The lines about pictures."""

from __future__ import annotations

from bot.room.notices.foreign import in_a_line, in_a_line_for_ais
from bot.words import later, t

SHORT_DESCRIPTION = 50
"""Characters of a description that stand in the line that a picture is being made."""
WORDS_TAKEN_BACK = later("The words that it was to show were taken back.")
NOT_HEARD = later("The AIs of this room have not heard that message, so no picture is made of it.")
WAS_FORGOTTEN = later("Who said that wanted it to be forgotten, so no picture is made of it.")


def image_asked(author: str, description: str) -> str:
    """`🎨 [AI-1 (Gemini 3 Flash)]: !image "a cinematic visualization of…..." (generating...)`."""
    one_line = in_a_line(description)
    short = one_line[:SHORT_DESCRIPTION] + ("..." if len(one_line) > SHORT_DESCRIPTION else "")
    return f'🎨 [{author}]: !image "{short}" (generating...)'


def image_created(author: str, description: str) -> str:
    """Say that a picture is there, with the whole description under it."""
    return f'🎨 {author} created an image\n[{author}]: !image "{in_a_line(description)}"'


def picture_line(author: str, description: str) -> str:
    """Tell AIs whose picture this is: `[AI-1 (Gemini 3 Flash)]: !image "the whole description"`."""
    return f'[{author}]: !image "{in_a_line_for_ais(description)}"'


def image_failed(author: str, reason: str) -> str:
    """Say that no picture came of it, and why."""
    return t("🎨 {author}'s image could not be made. {reason}", author=author, reason=in_a_line(reason))
