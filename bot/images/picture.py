"""A picture, and whoever can make one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

MediaType = Literal["image/png", "image/jpeg", "image/webp", "image/gif"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is posted: verified bytes, within Discord's size limit; width and height in pixels."""

    data: bytes
    media_type: MediaType
    width: int
    height: int
    cost_usd: float | None = None


class PictureMaker(Protocol):
    """Whoever can make a picture."""

    async def make(self, description: str) -> Picture:
        """Return a picture of `description`, or raise a `PictureError` whose text can be said in the room."""
        ...
