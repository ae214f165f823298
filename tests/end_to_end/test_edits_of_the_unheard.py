"""An edit takes old words back and lets no new ones in where whoever makes it may not be heard, or cannot be."""

from __future__ import annotations

import pytest

from bot.rehearsal.wire.messages import message_event
from bot.rehearsal.world.events import Intent
from tests.end_to_end.paused_room import FLASH, KIMI, open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import open_running, words
from tests.end_to_end.test_looking_later import started_without_the_server


@pytest.mark.parametrize("why", ["silent", "curated", "no right"])
async def test_who_may_not_be_heard_any_more_takes_back_words_by_editing_them(stage: Stage, why: str) -> None:
    dan, bea = stage.guild.add_member("Dan"), stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        said = await dan.says(stage.channel, "a polite word")
        await dan.says(stage.channel, "and a second one")
        await until(lambda: "second one" in words(stage))
        if why == "no right":
            await bot.guild_settings.change(stage.guild.id, speak_roles=[bea.roles[-1].id])
        else:
            await stage.ann.slash(stage.channel, "backroom mode", mode=why)
        for shouted in ("I shout", "I shout again"):
            await dan.edits(said, shouted)
        await until(lambda: "a polite word" not in words(stage))
        asked = await take_turn(stage)
        assert "[Dan]: and a second one" in asked.seen
        assert "polite" not in asked.seen
        assert "shout" not in asked.seen


async def test_what_is_edited_while_the_bot_is_away_is_weighed_by_the_right_that_holds_now(stage: Stage) -> None:
    dan, bea = stage.guild.add_member("Dan"), stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        no_more = await dan.says(stage.channel, "a polite word")
        still = await bea.says(stage.channel, "the tide is blue")
        await until(lambda: "a polite word" in words(stage) and "blue" in words(stage))
        await bot.guild_settings.change(stage.guild.id, speak_roles=[bea.roles[-1].id])
    await dan.edits(no_more, "I shout")
    await bea.edits(still, "the tide is grey")
    async with stage.running():
        await until(lambda: "the tide is grey" in words(stage) and "a polite word" not in words(stage))
        assert "shout" not in (await take_turn(stage)).seen


async def test_while_nobody_knows_who_has_which_role_an_edit_is_not_decided(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_running(stage)
        said = await bea.says(stage.channel, "the tide is blue")
        await until(lambda: "blue" in words(stage))
        await bot.guild_settings.change(stage.guild.id, speak_roles=[bea.roles[-1].id])
    await bea.edits(said, "the tide is grey")
    async with started_without_the_server(stage) as bot:
        edited = await bot.get_partial_messageable(stage.channel.id).fetch_message(said.id)
        await bot.ears.hear_again(stage.room(), edited)
        assert "the tide is blue" in words(stage)
        stage.guild.set_available(available=True)
        await until(lambda: "the tide is grey" in words(stage))


@pytest.mark.parametrize("is_away", [False, True])
async def test_an_edit_that_hides_words_from_the_bot_takes_them_back(stage: Stage, is_away: bool) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    to_us = f"<@{stage.discord.world.application.bot.id}>"
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage, FLASH, KIMI)
        number = await bea.says(stage.channel, f"{to_us} my number is 555")
        tide = await bea.says(stage.channel, f"{to_us} the tide is blue")
        await bea.says(stage.channel, f"{to_us} the lamp is lit")
        await until(lambda: "the lamp is lit" in words(stage))
        if not is_away:
            await bea.edits(number, "never mind")
            await until(lambda: "555" not in words(stage))
    if is_away:
        await bea.edits(number, "never mind")
    await bea.edits(tide, f"{to_us} the tide is grey")
    async with stage.running():
        await until(lambda: "555" not in words(stage) and "the tide is grey" in words(stage))
        asked = await take_turn(stage)
        assert "the lamp is lit" in asked.seen
        assert "555" not in asked.seen


async def test_a_message_that_is_shown_anew_and_was_not_edited_keeps_its_words(stage: Stage) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    to_us = f"<@{stage.discord.world.application.bot.id}>"
    async with stage.running() as bot:
        await open_paused(stage, FLASH, KIMI)
        said = await stage.ann.says(stage.channel, f"{to_us} the lamp is lit")
        await until(lambda: "the lamp is lit" in words(stage))
        told = bot.wait_for("raw_message_edit")
        stage.channel.announce("MESSAGE_UPDATE", message_event(said), Intent.GUILD_MESSAGES, shows_content=False)
        await told
        await take_turn(stage)
        assert "the lamp is lit" in words(stage)
