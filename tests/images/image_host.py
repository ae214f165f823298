"""An image host of our own on 127.0.0.1: answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import httpx
from aiohttp import web
from PIL import Image

Answer = Callable[[web.Request], Any]


def png(width: int = 40, height: int = 30, color: str = "teal") -> bytes:
    """Return a small PNG."""
    return encoded(Image.new("RGB", (width, height), color), "PNG")


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """Return an image as a file of some format."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def base64_of(data: bytes) -> str:
    """Return bytes as JSON carries them."""
    return base64.b64encode(data).decode()


def picture_answer(data: bytes | None = None, cost: float | None = 0.04) -> dict[str, Any]:
    """Return the body of a successful answer."""
    return {
        "created": 1,
        "data": [{"b64_json": base64_of(data or png()), "media_type": "image/png"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 99, "total_tokens": 108, "cost": cost},
    }


class ImageHost:
    """A running image host; `answers` are given in turn, the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[Answer | dict[str, Any] | tuple[int, dict[str, Any], dict[str, str]]] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.port = 0

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/api/v1"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ImageHost]:
        """Listen until left."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        self.headers.append(dict(request.headers))
        if request.method == "POST":
            self.asked.append(await request.json())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, dict):
            return web.json_response(answer)
        if isinstance(answer, tuple):
            status, body, headers = answer
            return web.json_response(body, status=status, headers=headers)
        given = answer(request)
        return given if isinstance(given, web.StreamResponse) else await given


class Detour(httpx.AsyncBaseTransport):
    """Stands for the internet: whatever address is called, the connection goes to one host here.

    The request is otherwise what it was; `called` keeps the addresses and TLS names that were meant.
    """

    def __init__(self, port: int) -> None:
        self.called: list[tuple[str, str | None]] = []
        self._port = port
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.called.append((str(request.url), request.extensions.get("sni_hostname")))
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


def claims_to_be(width: int, height: int) -> bytes:
    """Return a tiny PNG whose header claims another size."""
    data = bytearray(png())
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)
