"""The places where faults hook into a request's way: before its effect, after it, or instead of any answer."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.rest.limits import too_many_requests
from tests.rehearsal.conftest import Stage


def is_post(call: Call) -> bool:
    return call.method == "POST" and call.template == "/webhooks/{webhook_id}/{webhook_token}"


async def test_an_answer_before_the_effect_leaves_nothing(stage: Stage) -> None:
    webhook = await stage.webhook()

    async def refuse(call: Call) -> Answer | None:
        return Answer(403, {"message": "no", "code": 50013}) if is_post(call) else None

    stage.rehearsal.rest.before_effect.append(refuse)
    with pytest.raises(discord.Forbidden):
        await webhook.send("hello", wait=True)
    assert stage.channel.messages == []
    assert stage.rehearsal.problems == []


async def test_a_connection_cut_after_the_effect_leaves_the_message(stage: Stage) -> None:
    webhook = await stage.webhook()

    async def cut(call: Call, answer: Answer) -> Answer | None:
        if is_post(call):
            raise ConnectionCut
        return None

    stage.rehearsal.rest.after_effect.append(cut)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await webhook.send("hello", wait=True)
    assert [message.content for message in stage.channel.messages] == ["hello"]
    assert list(stage.rehearsal.exchanges)[-1].status is None


async def test_a_429_is_waited_for_and_the_post_done_once(stage: Stage) -> None:
    webhook = await stage.webhook()
    refusals = [too_many_requests(0.05)]

    async def refuse_once(call: Call) -> Answer | None:
        return refusals.pop() if is_post(call) and refusals else None

    stage.rehearsal.rest.before_effect.append(refuse_once)
    await webhook.send("hello", wait=True)
    assert [message.content for message in stage.channel.messages] == ["hello"]


async def test_an_answer_need_not_be_json(stage: Stage) -> None:
    async def html(call: Call) -> Answer | None:
        return Answer(403, text="<h1>Blocked</h1>", content_type="text/html")

    stage.rehearsal.rest.before_effect.append(html)
    with pytest.raises(discord.Forbidden) as refused:
        await stage.place.fetch_message(1)
    assert refused.value.text == "<h1>Blocked</h1>"
    stage.rehearsal.rest.before_effect.clear()


async def test_every_exchange_is_recorded(stage: Stage) -> None:
    webhook = await stage.webhook()
    await webhook.send("hello", username="AI-1", wait=True)
    made, posted = list(stage.rehearsal.exchanges)[-2:]
    assert (made.method, made.path, made.status, made.was_authorised) == (
        "POST",
        f"/channels/{stage.channel.id}/webhooks",
        200,
        True,
    )
    assert posted.path == f"/webhooks/{webhook.id}/{webhook.token}"
    assert not posted.was_authorised
    assert posted.json["username"] == "AI-1"
    assert posted.query["wait"] == "1"
    assert posted.answer["content"] == "hello"
