"""A gateway that closes and allows no other connection: the program ends with a sentence, or goes on with less."""

from __future__ import annotations

import asyncio

import pytest

from bot.client.bot import CANNOT_HEAR
from bot.rehearsal.world.events import Intent
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_program import SECONDS
from tests.openrouter import Reply

ENDS = {
    4004: (2, "Discord refuses DISCORD_TOKEN. Copy the token anew from the developer portal: Bot, Reset Token."),
    4011: (
        1,
        "Discord ended the connection and allows no other: "
        "the bot is in more servers than Discord serves over one connection.",
    ),
    4012: (
        1,
        "Discord ended the connection and allows no other: "
        "it no longer speaks the version of its API that the bot does. Update Backroom.",
    ),
}


async def end_of(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Wait until the program ends by itself; returns its exit code and the last line that it wrote."""
    _, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert b"Traceback" not in err, err.decode()
    return process.returncode, err.decode().splitlines()[-1]


@pytest.mark.parametrize("close_code", ENDS)
async def test_a_connection_that_discord_ends_for_good_ends_the_program_with_a_sentence(
    stage: Stage, close_code: int
) -> None:
    stage.host.answer("AI-1", Reply(text="never arrives", seconds_before=30))
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.asked("AI-1"))
        await stage.discord.gateway.drop(close_code, resumable=False)
        assert await end_of(process) == ENDS[close_code]


async def test_a_token_that_is_reset_while_the_gateway_is_gone_ends_the_program_as_at_the_start(stage: Stage) -> None:
    async with stage.process() as process:
        stage.discord.world.application.token = "reset-by-its-owner"
        await stage.discord.gateway.drop()
        assert await end_of(process) == ENDS[4004]


async def test_without_the_intent_that_is_taken_away_meanwhile_rooms_go_on_and_new_ones_say_so(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", "two")
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await stage.channel.wait_for(lambda message: message.content == "one")
        assert CANNOT_HEAR not in caplog.text
        stage.discord.world.application.privileged_intents = Intent(0)
        was_ready = asyncio.create_task(bot.wait_for("ready", timeout=SECONDS))
        await stage.discord.gateway.drop(4014, resumable=False)
        await was_ready
        assert CANNOT_HEAR in caplog.text
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
        await stage.channel.wait_for(lambda message: message.content == "two")
        other = stage.guild.add_text_channel("next-door")
        await stage.start(FLASH, R1, rounds=0, order="conductor", channel=other)
        await other.wait_for(lambda message: "not allowed to read" in message.content)
    stage.nothing_is_wrong()
