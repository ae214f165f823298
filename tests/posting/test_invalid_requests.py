"""Discord shuts out who is refused again and again; we stop long before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.errors import DiscordUnavailable
from bot.posting.invalid_requests import DISCORD_INVALID_REQUESTS, INVALID_REQUESTS_AT_MOST, InvalidRequests
from bot.posting.wire import FateUnknown, NotSent, open_posting_session

MINUTE = 60.0

Session = Callable[[InvalidRequests], AbstractAsyncContextManager[aiohttp.ClientSession]]


def session_with_trace(counter: InvalidRequests) -> aiohttp.ClientSession:
    """Open a session as discord.py does for all but webhook posts."""
    return aiohttp.ClientSession(trace_configs=[counter.trace()])


each_session = pytest.mark.parametrize(
    "session_of", [open_posting_session, session_with_trace], ids=["webhook posts", "all else"]
)


async def _answered(session_of: Session, counter: InvalidRequests, statuses: list[tuple[int, str]]) -> None:
    """Send one request for each status, over a socket, through a session that the counter watches."""
    waiting = list(statuses)

    async def answer(_request: web.Request) -> web.Response:
        status, scope = waiting.pop(0)
        return web.Response(status=status, headers={"X-RateLimit-Scope": scope} if scope else {})

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        async with session_of(counter) as session:
            for _ in statuses:
                with suppress(NotSent, FateUnknown):
                    async with session.get(f"http://{host}:{port}/"):
                        pass
    finally:
        await runner.cleanup()


@each_session
async def test_too_many_refusals_let_nothing_be_posted_for_ten_minutes(session_of: Session) -> None:
    now = [0.0]
    counter = InvalidRequests(at_most=3, clock=lambda: now[0])
    await _answered(session_of, counter, [(403, ""), (401, "")])
    counter.check()
    await _answered(session_of, counter, [(429, "user")])
    with pytest.raises(DiscordUnavailable, match="for 10 minutes"):
        counter.check()
    now[0] = 9 * MINUTE
    with pytest.raises(DiscordUnavailable, match="for 1 minute;"):
        counter.check()
    now[0] = 10 * MINUTE
    counter.check()


@each_session
async def test_what_is_not_our_fault_does_not_count(session_of: Session) -> None:
    counter = InvalidRequests(at_most=2)
    await _answered(session_of, counter, [(429, "shared"), (404, ""), (200, ""), (502, ""), (403, "")])
    counter.check()


def test_we_stop_long_before_discord_does() -> None:
    assert DISCORD_INVALID_REQUESTS[0] / 10 >= INVALID_REQUESTS_AT_MOST
