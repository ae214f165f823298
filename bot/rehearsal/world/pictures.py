"""What a file is by its name and its first bytes, and how large a picture is."""

from __future__ import annotations

import io
import mimetypes
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError


@dataclass(frozen=True, slots=True)
class Measured:
    """A file's media type; width and height in pixels for a picture."""

    content_type: str | None
    width: int | None = None
    height: int | None = None


def measure(filename: str, data: bytes) -> Measured:
    """Return what a file is. Only a picture's header is read, so this is quick."""
    content_type = mimetypes.guess_type(filename)[0]
    if content_type is None or not content_type.startswith("image/"):
        return Measured(content_type)
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return Measured(Image.MIME.get(picture.format or "", content_type), picture.width, picture.height)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return Measured(content_type)
