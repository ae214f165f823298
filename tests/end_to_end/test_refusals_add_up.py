"""Discord has refused much lately: the bot posts nothing more, long before it is shut out, and people are answered."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import discord

from bot.posting.invalid_requests import INVALID_REQUESTS_AT_MOST
from bot.rehearsal.faults import Fault, Refuse
from bot.rehearsal.rest.handling import Exchange
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.stage import Stage
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
NO_ACCESS = Refuse(403, 50001, "Missing Access")
SECONDS_UNDER_WAY = 0.5
SECONDS_OF_PEACE = 1.5


async def test_a_bot_that_was_refused_too_much_posts_nothing_more_and_answers_people(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.add(Fault(NO_ACCESS, "GET", "/channels/{channel_id}"))
    stage.host.script = Chatter(seconds=0.1)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        for _ in range(INVALID_REQUESTS_AT_MOST):
            with suppress(discord.Forbidden):
                await bot.fetch_channel(stage.channel.id)
        await asyncio.sleep(SECONDS_UNDER_WAY)  # what was on its way has arrived
        before, asked = len(stage.discord.exchanges), len(stage.host.requests)
        await asyncio.sleep(SECONDS_OF_PEACE)
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert "running" not in status.content
        assert "The room has been waiting since <t:" in status.content
        assert f"Discord has refused {INVALID_REQUESTS_AT_MOST} requests" in status.content
        reply = await stage.ann.slash(stage.channel, "backroom stop")
        assert "The room is over." in reply.content
        assert [one.path for one in list(stage.discord.exchanges)[before:] if posts(one)] == []
        assert len(stage.host.requests) == asked
        assert witness.violations(Moment.ANY_INSTANT) == []


def posts(exchange: Exchange) -> bool:
    """Whether something was to appear in a channel; answers to commands are no messages of the room."""
    return exchange.method == "POST" and not exchange.path.startswith("/interactions/")
