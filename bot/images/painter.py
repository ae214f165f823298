"""The offline painter: a picture from a description, without any endpoint, key or cost."""

from __future__ import annotations

import asyncio
from io import BytesIO

from bot.images.painting.composition import painting
from bot.images.picture import Picture

PNG_COMPRESSION = 4
"""Of zlib's nine levels: beyond it painted grain gets hardly smaller, only slower."""


class Painter:
    """Paints with Pillow what the words of a description name; each picture is a function of seed and words."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    async def make(self, description: str) -> Picture:
        """Return a PNG of 768 by 768 pixels, marked as the offline painter's, in about half a second."""
        return await asyncio.to_thread(_painted, description, self._seed)


def _painted(description: str, seed: int) -> Picture:
    canvas = painting(description, seed)
    file = BytesIO()
    canvas.save(file, "PNG", compress_level=PNG_COMPRESSION)
    return Picture(file.getvalue(), "image/png", *canvas.size, cost_usd=0.0)
