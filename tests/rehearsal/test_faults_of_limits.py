"""Discord's limits: the bot's own posts, and the ban that too many invalid requests earn."""

from __future__ import annotations

import aiohttp
import pytest

from bot.rehearsal import RehearsalDiscord
from bot.rehearsal.faults import Fault, RateLimited
from tests.rehearsal.conftest import Stage


class Asker:
    """Asks with plain requests, which wait for nothing and try nothing again."""

    def __init__(self, discord: RehearsalDiscord, session: aiohttp.ClientSession) -> None:
        self._discord = discord
        self._session = session

    async def __call__(self, method: str, path: str, token: str | None = None, **how: object) -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bot {token or self._discord.token}", "User-Agent": "DiscordBot (x, 1)"}
        url = self._discord.api_url + path
        async with self._session.request(method, url, headers=headers, **how) as response:  # type: ignore[arg-type]
            await response.read()
            return response


@pytest.fixture
def ask(stage: Stage, session: aiohttp.ClientSession) -> Asker:
    return Asker(stage.rehearsal, session)


async def test_five_own_messages_in_a_channel_are_all_for_a_while_and_the_headers_say_so(
    stage: Stage, ask: Asker
) -> None:
    stage.rehearsal.limits.are_enforced = True
    other = stage.guild.add_text_channel("other")
    body = {"content": "hello", "allowed_mentions": {"parse": []}}
    answers = [await ask("POST", f"/channels/{stage.channel.id}/messages", json=body) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0"]
    assert answers[0].headers["X-RateLimit-Limit"] == "5"
    assert answers[-1].headers["X-RateLimit-Scope"] == "user"
    assert (await ask("POST", f"/channels/{other.id}/messages", json=body)).status == 200


async def test_invalid_requests_are_counted_but_not_those_of_a_shared_limit(stage: Stage, ask: Asker) -> None:
    faults, limits = stage.rehearsal.faults, stage.rehearsal.limits
    before = limits.invalid_requests
    faults.add(Fault(RateLimited(1, "shared"), "GET", "/users/@me", times=1))
    faults.add(Fault(RateLimited(1, "user"), "GET", "/users/@me", times=1))
    faults.add(Fault(RateLimited(1, via=False), "GET", "/users/@me", times=1))
    for _ in range(4):
        await ask("GET", "/users/@me")
    await ask("GET", "/users/@me", token="forged")
    await ask("GET", "/channels/1/messages/1")
    assert limits.invalid_requests - before == 3


async def test_too_many_invalid_requests_end_in_cloudflares_ban(stage: Stage, ask: Asker) -> None:
    limits = stage.rehearsal.limits
    limits.invalid_requests_allowed = 3
    for _ in range(3):
        assert (await ask("GET", "/users/@me", token="forged")).status == 401
    assert limits.bot_is_banned
    banned = await ask("GET", "/users/@me")
    assert (banned.status, banned.content_type) == (429, "text/html")
    assert "Via" not in banned.headers
    assert "X-RateLimit-Limit" not in banned.headers
    assert int(banned.headers["Retry-After"]) > 500
    assert limits.invalid_requests == 3
    limits.invalid_requests_allowed = 10_000
    assert (await ask("GET", "/users/@me")).status == 200
