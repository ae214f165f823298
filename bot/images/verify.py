"""What may be posted as a picture: bytes are proven by decoding them, and made smaller where needed."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence

from bot.errors import PictureError
from bot.images.picture import MediaType, Picture
from bot.words import later, t

DISCORD_UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What Discord takes for one attachment on a server without boosts."""
DISCORD_SIDE_LIMIT_PIXELS = 4096
"""The largest side that Discord's media proxy resizes well; anything larger is only slow to look at."""
PIXEL_LIMIT = 40_000_000
"""Pixels of one frame that are decoded at all: a small file can claim to be enormous."""
ANIMATION_PIXEL_LIMIT = 160_000_000
"""Pixels of all frames of an animation together."""
MODEL_SIDE_LIMIT_PIXELS = 1024
JPEG_QUALITIES = (92, 85, 76, 66, 55)
SMALLEST_SIDE_PIXELS = 256

_MEDIA_TYPES: dict[str, MediaType] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
_READ = ("PNG", "JPEG", "WEBP", "GIF")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
)
_TOO_LARGE = later("The picture that came back is too large to open safely.")


def verified(data: bytes, limit_bytes: int = DISCORD_UPLOAD_LIMIT_BYTES) -> Picture:
    """Return the picture that `data` really is, re-encoded only when it is larger than may be posted.

    Blocking: call it through a thread. Metadata is lost where the picture is re-encoded, and kept otherwise.

    Raises:
        PictureError: it is no PNG, JPEG, WebP or GIF, is damaged, or is too large to decode safely.
    """
    try:
        media_type, size = _proven(data)
        if len(data) <= limit_bytes and max(size) <= DISCORD_SIDE_LIMIT_PIXELS:
            return Picture(data, media_type, *size)
        return _made_smaller(data, limit_bytes)
    except PictureError:
        raise
    except _BOMBS as bomb:
        raise PictureError(t(_TOO_LARGE)) from bomb
    except _BROKEN as broken:
        raise PictureError(t("The picture that came back is damaged, or cut short.")) from broken


def for_models(picture: Picture, pixels: int = MODEL_SIDE_LIMIT_PIXELS) -> bytes:
    """Return a JPEG of the picture, its longest side at most `pixels`, for models that see. Blocking."""
    with Image.open(BytesIO(picture.data), formats=_READ) as image:
        flat = _flattened(image)
    flat.thumbnail((pixels, pixels), Image.Resampling.LANCZOS)
    return _as_jpeg(flat, quality=85)


def _proven(data: bytes) -> tuple[MediaType, tuple[int, int]]:
    """Decode every pixel, so that nothing damaged is posted."""
    with _opened(data) as image:
        media_type, size = _MEDIA_TYPES[image.format or ""], image.size
        if size[0] * size[1] > PIXEL_LIMIT:
            raise PictureError(t(_TOO_LARGE))
        image.verify()
    with _opened(data) as image:
        for number, frame in enumerate(ImageSequence.Iterator(image), 1):
            if number * frame.width * frame.height > ANIMATION_PIXEL_LIMIT:
                raise PictureError(t(_TOO_LARGE))
            frame.load()
    return media_type, size


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=_READ)
    except Image.UnidentifiedImageError:
        raise PictureError(
            t("What came back is not a picture that Discord can show: it has to be PNG, JPEG, WebP or GIF.")
        ) from None


def _made_smaller(data: bytes, limit_bytes: int) -> Picture:
    """Lower the quality first, then the size, until it fits; of an animation the first frame stays."""
    with _opened(data) as image:
        flat = _flattened(image)
    side = min(max(flat.size), DISCORD_SIDE_LIMIT_PIXELS)
    smallest = min(side, SMALLEST_SIDE_PIXELS)
    while side >= smallest:
        flat.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in JPEG_QUALITIES:
            jpeg = _as_jpeg(flat, quality)
            if len(jpeg) <= limit_bytes:
                return Picture(jpeg, "image/jpeg", *flat.size)
        side = side * 3 // 4
    raise PictureError(t("The picture that came back cannot be made small enough for Discord."))


def _flattened(image: Image.Image) -> Image.Image:
    """Return an upright RGB copy; what was transparent becomes white."""
    upright = ImageOps.exif_transpose(image)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    layer = upright.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _as_jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
