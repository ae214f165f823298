"""Where the bot may not read what people write, nothing says that the AIs hear it."""

from __future__ import annotations

import asyncio

from bot.client import BackroomBot
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import SECONDS, Stage, until

OPENING = "👂 What people say with `/backroom say`, or where they mention the bot, is heard and kept"
TRUE = "the AIs hear only `/backroom say` and messages that mention the bot"
UNTRUE = "whatever people write"
UNREAD, READ_AGAIN = "👂 The bot is not allowed to read", "👂 The bot may read again"


async def test_without_the_message_content_intent_nothing_promises_that_people_are_heard(stage: Stage) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    ulf = stage.guild.add_member("Ulf", locale="de")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.channel.wait_for(lambda m: OPENING in m.content)
        again = await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        assert again.content == f"People are already heard that way: {TRUE}."
        await stage.ann.slash(stage.channel, "backroom mode", mode="silent")
        changed = await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        assert changed.content == f"From now on, {TRUE}."
        await stage.channel.wait_for(lambda m: m.content.startswith("👂 Ann") and m.content.endswith(f": {TRUE}."))
        assert f"people: {TRUE}\n" in (await stage.ann.slash(stage.channel, "backroom status")).content
        german = (await ulf.slash(stage.channel, "backroom status")).content
        assert "die AIs hören nur `/backroom say` und Nachrichten, die den Bot erwähnen\n" in german
    assert not any(UNTRUE in content for _, content in stage.said())
    stage.nothing_is_wrong()


def told(stage: Stage, channel: Channel | None = None) -> list[str]:
    """Return in which order a channel was told that people are not read, and that they are again."""
    lines = [content for _, content in stage.said(channel)]
    return [begins for line in lines for begins in (UNREAD, READ_AGAIN) if line.startswith(begins)]


async def reconnects(stage: Stage, bot: BackroomBot, close_code: int) -> None:
    """Close the gateway, and wait until the bot is there again and has looked at its rooms."""
    was_ready = asyncio.create_task(bot.wait_for("ready", timeout=SECONDS))
    await stage.discord.gateway.drop(close_code, resumable=False)
    await was_ready
    await bot.wait_for("caught_up", timeout=SECONDS)


async def test_open_rooms_are_told_once_that_people_are_not_read_any_more_and_once_that_they_are_again(
    stage: Stage,
) -> None:
    allowed = stage.discord.world.application.privileged_intents
    curated = stage.guild.add_text_channel("curated")
    house = stage.discord.add_guild("Das Hinterzimmer")
    house.set_preferred_locale("de")
    german = house.add_text_channel("deutsch")
    ulf = house.add_member("Ulf", locale="de", permissions=Permission.MANAGE_CHANNELS)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.start(FLASH, R1, rounds=0, order="conductor", channel=curated, mode="curated")
        await ulf.slash(german, "backroom start", ai1=FLASH, rounds=0, order="conductor")
        assert told(stage) == []
        stage.discord.world.application.privileged_intents = Intent(0)
        await reconnects(stage, bot, 4014)
        await until(lambda: told(stage) == [UNREAD])
        await german.wait_for(lambda m: m.content.startswith("👂 Der Bot darf nicht lesen"))
        line = next(content for _, content in stage.said() if content.startswith(UNREAD))
        assert "/backroom say" in line
        assert "switch on the Message Content intent and start the bot again" in line
        await reconnects(stage, bot, 4009)
    async with stage.running() as bot:
        await bot.wait_for("caught_up", timeout=SECONDS)
        await stage.ann.slash(curated, "backroom mode", mode="open")
        await until(lambda: told(stage, curated) == [UNREAD])
    assert told(stage) == [UNREAD]
    stage.discord.world.application.privileged_intents = allowed
    for _ in range(2):
        async with stage.running() as bot:
            await bot.wait_for("caught_up", timeout=SECONDS)
            await until(lambda: told(stage) == told(stage, curated) == [UNREAD, READ_AGAIN])
            await german.wait_for(lambda m: m.content.startswith("👂 Der Bot darf wieder lesen"))
    assert len([content for _, content in stage.said(german) if content.startswith("👂 Der Bot darf")]) == 2
    stage.nothing_is_wrong()
