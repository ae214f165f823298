"""How something that is to be said becomes messages of Discord's size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.posting.art import fence_art
from bot.posting.names import persona_name
from bot.posting.splitting import DISCORD_MESSAGE_LIMIT, lay_out
from bot.room.posts import Post
from bot.room.state import Seat

GOES_ON = "… "
"""Stands before the rest of a line that is too long for one message: foreign words in it are not the house's own."""
LETTERS_COMPARED = 40


def persona_posts(seat: Seat, text: str) -> list[Post]:
    """Return the messages in which a seat's persona says `text`."""
    parts = lay_out(fence_art(text))
    persona = persona_name(seat.label)
    last = len(parts.messages) - 1
    return [
        Post(
            message,
            seat=seat.number,
            persona=persona,
            model=seat.model,
            file=parts.file if index == last else None,
        )
        for index, message in enumerate(parts.messages)
    ]


def house_posts(lines: Sequence[str]) -> list[Post]:
    """Return the messages in which the house says these lines, as few as they fit in."""
    parts = lay_out("\n".join(lines), DISCORD_MESSAGE_LIMIT - len(GOES_ON))
    if not parts.messages:
        return []
    first, *more = parts.messages
    messages = [first, *(message if _begins_a_line(message, lines) else GOES_ON + message for message in more)]
    return [
        Post(message, file=parts.file if number == len(messages) else None)
        for number, message in enumerate(messages, 1)
    ]


def _begins_a_line(message: str, lines: Sequence[str]) -> bool:
    """Whether a message begins where a line of the house does, and not in the middle of somebody's words in it."""
    beginning = message.partition("\n")[0][:LETTERS_COMPARED]
    return any(line.startswith(beginning) for line in lines)


def picture_posts(seat: Seat | None, caption: str, picture: int, alt_text: str) -> list[Post]:
    """Return the messages that show a picture: by the seat's persona, or by the house for a person's picture."""
    *before, last = house_posts([caption])
    posts = [*before, replace(last, picture=picture, alt_text=alt_text)]
    if seat is None:
        return posts
    return [replace(p, seat=seat.number, persona=persona_name(seat.label), model=seat.model) for p in posts]
