"""What becomes of a picture: asked for, begun, made or not."""

from __future__ import annotations

from typing import Literal

from bot.room.entries.record import Record


class PictureAsked(Record):
    """A picture is to be made: for a seat, or for a person (`seat` None).

    `of_entry` is the entry whose words it is to show, 0 where it was described by who asked.
    """

    kind: Literal["picture_asked"] = "picture_asked"
    picture: int
    description: str
    seat: int | None = None
    by_name: str = ""
    of_entry: int = 0


class PictureBegun(Record):
    """An image host is asked for a picture, which may cost, whatever becomes of it."""

    kind: Literal["picture_begun"] = "picture_begun"
    picture: int


class PictureMade(Record):
    """A picture is there; its bytes are kept beside the journal."""

    kind: Literal["picture_made"] = "picture_made"
    picture: int
    cost_usd: float | None = None


class PictureFailed(Record):
    """No picture came of it; `cost_usd` is what the host charged all the same."""

    kind: Literal["picture_failed"] = "picture_failed"
    picture: int
    reason: str
    cost_usd: float | None = None
