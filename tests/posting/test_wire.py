"""A request for a post is made once: discord.py, which repeats what it takes for a broken connection, sees none."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest
from aiohttp import web

from bot.posting.invalid_requests import InvalidRequests
from bot.posting.wire import FateUnknown, NotSent, open_posting_session

RESET_AT_ONCE = struct.pack("ii", 1, 0)


async def reset(request: web.Request) -> web.Response:
    """Take the request, and break the connection off."""
    await request.read()
    assert request.transport is not None
    request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
    request.transport.abort()
    await asyncio.sleep(0)
    return web.Response()


async def test_a_connection_that_is_reset_is_a_fate_that_is_unknown_and_no_connection_is_a_post_not_sent() -> None:
    app = web.Application()
    app.router.add_post("/", reset)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with open_posting_session(InvalidRequests()) as session:
        with pytest.raises(FateUnknown, match="the connection to Discord broke"):
            await session.post(f"http://{host}:{port}/", json={"content": "The only word."})
        await runner.cleanup()
        with pytest.raises(NotSent, match="no connection to Discord"):
            await session.post(f"http://{host}:{port}/", json={"content": "The only word."})
