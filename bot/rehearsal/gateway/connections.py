"""One websocket to a client: what is sent is queued, kept in order, and compressed when the client asked for it."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import WSMsgType, web

from bot.rehearsal.gateway.closing import DECODE_ERROR, GatewayClosed
from bot.rehearsal.wire.json import as_object

DISCORD_PAYLOAD_BYTES = 4096
"""The largest payload that a client may send."""


class Connection:
    """A client's websocket."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, compression: str | None
    ) -> None:
        self._socket = socket
        self._transport = transport
        # `zstd-stream` is answered in plain text frames, which its clients take too: Python has no zstd before 3.14.
        self._compressor = zlib.compressobj() if compression == "zlib-stream" else None
        self._is_closing = False
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write(), name="rehearsal gateway writer")

    def send(self, text: str) -> None:
        """Send a payload after all that were sent before."""
        self._waiting.put_nowait(text)

    def send_json(self, op: int, data: Any) -> None:
        """Send a payload that is no event."""
        self.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def payloads(self) -> AsyncIterator[dict[str, Any]]:
        """Yield what the client sends, until it goes. Raise `GatewayClosed` for what cannot be read."""
        async for message in self._socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            if len(message.data) > DISCORD_PAYLOAD_BYTES:
                raise GatewayClosed(*DECODE_ERROR)
            yield _parsed(message.data)

    async def close(self, code: int, reason: str = "") -> None:
        """Send what waits, then close with a code."""
        self._is_closing = True
        self._waiting.put_nowait(None)
        await asyncio.wait([self._writer], timeout=1)
        self._writer.cancel()
        await self._socket.close(code=code, message=reason.encode())

    def stop(self) -> None:
        """Send nothing more."""
        self._writer.cancel()

    def cut(self) -> None:
        """Drop the connection at once, without a word."""
        self.stop()
        if self._transport is not None:
            self._transport.abort()

    @property
    def was_closed_by_client(self) -> bool:
        """Whether it was the client who closed."""
        return not self._is_closing and self._socket.close_code is not None

    @property
    def close_code(self) -> int | None:
        """The code with which the client closed, once it has."""
        return self._socket.close_code

    async def _write(self) -> None:
        while (text := await self._waiting.get()) is not None:
            try:
                if self._compressor is None:
                    await self._socket.send_str(text)
                else:
                    data = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                    await self._socket.send_bytes(data)
            except (ConnectionError, RuntimeError):
                return  # the client is gone; its session keeps the events


def _parsed(text: str | bytes) -> dict[str, Any]:
    try:
        payload = as_object(json.loads(text))
        if payload is not None:
            return payload
    except ValueError as error:
        raise GatewayClosed(*DECODE_ERROR) from error
    raise GatewayClosed(*DECODE_ERROR)
