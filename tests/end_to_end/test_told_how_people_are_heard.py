"""Where the bot may not read what people write, nothing says that the AIs hear it."""

from __future__ import annotations

from bot.rehearsal.world.events import Intent
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage

OPENING = "👂 What people say with `/backroom say`, or where they mention the bot, is heard and kept"
TRUE = "the AIs hear only `/backroom say` and messages that mention the bot"
UNTRUE = "whatever people write"


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
