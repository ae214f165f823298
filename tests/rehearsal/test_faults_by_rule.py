"""Faults by rule: which requests they strike, how often, what the bot gets, and what Discord did all the same."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import discord
import pytest

from bot.rehearsal.faults import (
    BLOCKED_BY_AUTOMOD,
    BLOCKED_FOR_A_LINK,
    Blow,
    Cut,
    Delay,
    Fault,
    Html,
    NothingLeft,
    RateLimited,
    Refuse,
    ServerError,
    StoredLate,
)
from tests.rehearsal.conftest import Stage

POST = "/webhooks/{webhook_id}/{webhook_token}"


class Poster:
    """Posts through a webhook by plain requests, so that nothing is tried again behind the test's back."""

    def __init__(self, stage: Stage, webhook: discord.Webhook, session: aiohttp.ClientSession) -> None:
        self.stage = stage
        self._url = f"{stage.rehearsal.api_url}/webhooks/{webhook.id}/{webhook.token}?wait=true"
        self._session = session

    async def __call__(self, content: str = "hello") -> aiohttp.ClientResponse:
        body = {"content": content, "allowed_mentions": {"parse": []}}
        async with self._session.post(self._url, json=body) as response:
            await response.read()
            return response

    async def statuses(self, count: int) -> list[int]:
        return [(await self(str(number))).status for number in range(count)]

    @property
    def stored(self) -> list[str]:
        return [message.content for message in self.stage.channel.messages]


@pytest.fixture
async def post(stage: Stage, session: aiohttp.ClientSession) -> Poster:
    return Poster(stage, await stage.webhook(), session)


def add(stage: Stage, blow: Blow, **rule: Any) -> None:
    stage.rehearsal.faults.add(Fault(blow, "POST", POST, **rule))


def struck(stage: Stage) -> list[str]:
    return [one.sentence for one in stage.rehearsal.faults.struck]


async def test_a_server_error_before_the_effect_leaves_nothing_and_after_it_the_message(post: Poster) -> None:
    add(post.stage, ServerError(503), times=1)
    add(post.stage, ServerError(502, after=True), times=1)
    assert await post.statuses(3) == [503, 502, 200]
    assert post.stored == ["1", "2"]
    assert struck(post.stage) == [
        "Discord does not take a post and answers 503",
        "Discord stores a post and answers 502",
    ]
    assert {(one.kind, one.route) for one in post.stage.rehearsal.faults.struck} == {("ServerError", f"POST {POST}")}
    assert post.stage.rehearsal.problems == []


async def test_a_connection_is_cut_before_or_after_the_effect(post: Poster) -> None:
    add(post.stage, Cut(), times=1)
    add(post.stage, Cut(after=True), times=1)
    for content in ("lost", "stored"):
        with pytest.raises((aiohttp.ClientError, OSError)):
            await post(content)
    assert post.stored == ["stored"]
    assert [one.status for one in list(post.stage.rehearsal.exchanges)[-2:]] == [None, None]


async def test_a_rule_lets_some_pass_and_strikes_so_many(post: Poster) -> None:
    add(post.stage, ServerError(500), skip=1, times=2)
    assert await post.statuses(5) == [200, 500, 500, 200, 200]


async def test_chance_strikes_the_same_again_under_the_same_seed(post: Poster) -> None:
    faults = post.stage.rehearsal.faults
    seen: list[list[int]] = []
    for seed in (1, 1, 2):
        faults.clear()
        faults.seed = seed
        add(post.stage, ServerError(500), chance=0.5)
        seen.append(await post.statuses(12))
    assert seen[0] == seen[1] != seen[2]
    assert {200, 500} == set(seen[0])


async def test_a_fault_is_for_its_route_its_method_and_its_condition(post: Poster) -> None:
    faults = post.stage.rehearsal.faults
    faults.add(Fault(ServerError(501), "GET", POST))
    faults.add(Fault(ServerError(502), route="/channels/*"))
    faults.add(Fault(ServerError(503), only=lambda call: call.body.get("content") == "this one"))
    assert (await post("another")).status == 200
    assert (await post("this one")).status == 503
    with pytest.raises(discord.HTTPException):
        await post.stage.place.fetch_message(1)
    faults.clear()
    assert (await post("this one")).status == 200


async def test_a_429_of_discord_can_be_told_from_one_of_cloudflare(post: Poster) -> None:
    add(post.stage, RateLimited(0.5, "shared", shows_remaining=True), times=1)
    add(post.stage, RateLimited(1.5), times=1)
    add(post.stage, RateLimited(40, via=False), times=1)
    hidden, shown, cloudflare = [await post() for _ in range(3)]
    assert [one.status for one in (hidden, shown, cloudflare)] == [429, 429, 429]
    assert "Via" in hidden.headers
    assert hidden.headers["X-RateLimit-Scope"] == "shared"
    assert int(hidden.headers["X-RateLimit-Remaining"]) > 0
    assert shown.headers["X-RateLimit-Remaining"] == "0"
    assert shown.headers["X-RateLimit-Reset-After"] == "1.500"
    assert "Via" not in cloudflare.headers
    assert not any(name.startswith("X-RateLimit") for name in cloudflare.headers)
    assert cloudflare.headers["Retry-After"] == "41"
    assert cloudflare.content_type == "text/html"


async def test_discord_py_waits_for_what_a_429_asks(stage: Stage) -> None:
    stage.rehearsal.faults.add(Fault(RateLimited(0.2), "POST", "/channels/*/messages", times=1))
    began = time.monotonic()
    await stage.place.send("hello")
    assert time.monotonic() - began >= 0.2
    assert [message.content for message in stage.channel.messages] == ["hello"]


async def test_a_true_answer_may_say_that_nothing_is_left(post: Poster) -> None:
    add(post.stage, NothingLeft(2.5), times=1)
    answer = await post()
    assert (answer.status, answer.headers["X-RateLimit-Remaining"]) == (200, "0")
    assert answer.headers["X-RateLimit-Reset-After"] == "2.500"


async def test_an_answer_may_be_late_or_a_web_page(post: Poster) -> None:
    add(post.stage, Delay(0.2), times=1)
    add(post.stage, Html(503), skip=1, times=1)
    began = time.monotonic()
    assert (await post("late")).status == 200
    assert time.monotonic() - began >= 0.2
    page = await post("page")
    assert (page.status, page.content_type) == (503, "text/html")
    assert post.stored == ["late"]


async def test_a_delayed_answer_comes_after_the_message_is_there(post: Poster) -> None:
    add(post.stage, Delay(30, after=True), times=1)
    posting = asyncio.create_task(post("there"))
    await post.stage.channel.wait_for_messages(1)
    assert not posting.done()
    posting.cancel()
    await asyncio.gather(posting, return_exceptions=True)


async def test_a_post_may_be_stored_when_nobody_waits_for_it_any_more(post: Poster) -> None:
    add(post.stage, StoredLate(0.2), times=1)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await post("late")
    assert post.stored == []
    await post.stage.channel.wait_for_messages(1)
    assert post.stored == ["late"]


@pytest.mark.parametrize(
    ("refusal", "code"), [(BLOCKED_BY_AUTOMOD, 200000), (BLOCKED_FOR_A_LINK, 240000), (Refuse(403, 50013, "no"), 50013)]
)
async def test_discord_may_refuse_what_is_said_and_that_is_no_problem(stage: Stage, refusal: Refuse, code: int) -> None:
    webhook = await stage.webhook()
    add(stage, refusal, times=1)
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("words", wait=True)
    assert refused.value.code == code
    assert stage.channel.messages == []
    assert stage.rehearsal.problems == []


async def test_a_field_may_be_refused_as_a_form_is(stage: Stage) -> None:
    webhook = await stage.webhook()
    add(stage, Refuse.field("username", "USERNAME_INVALID", "Username cannot contain this"))
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("words", wait=True)
    assert refused.value.code == 50035
    assert "username: Username cannot contain this" in refused.value.text


async def test_what_a_fault_took_away_can_be_excused(stage: Stage, session: aiohttp.ClientSession) -> None:
    webhook = await stage.webhook()
    post = Poster(stage, webhook, session)
    stage.rehearsal.world.webhooks[webhook.id].delete()
    assert (await post()).status == 404
    assert len(stage.rehearsal.problems) == 1
    stage.rehearsal.faults.excuse(10015)
    assert (await post()).status == 404
    assert len(stage.rehearsal.problems) == 1
