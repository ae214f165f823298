"""Who comes into a channel learns whom the AIs hear there: from the first words of a room or a fork, and the panel."""

from __future__ import annotations

from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.events import Intent
from tests.end_to_end.forks import FORK, let_threads_be_opened
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
HEARD = "👂 What people write here is heard and kept, and goes to the hosts of the models; what begins with `.` is not."
MENTIONED = (
    "👂 What people say with `/backroom say`, or where they mention the bot, is heard and kept, and goes to the hosts "
    "of the models."
)
CONDUCTED = [
    "Who speaks: only whom `/backroom step` names. People: the AIs hear what people say with `/backroom say`.",
    "🎼 The room waits for its conductor: `/backroom step seat:` lets an AI speak.",
]
UNREAD = "👂 People: the AIs hear only `/backroom say` and messages that mention the bot."
UNHEARD = "👂 People: the AIs hear what people say with `/backroom say`."


def first_words(stage: Stage, channel: Channel | None = None) -> list[str]:
    """The lines of the first message in a channel."""
    return stage.said(channel)[0][1].splitlines()


def panel(stage: Stage) -> str:
    """What the newest panel says."""
    return stage.panels()[-1].content if stage.panels() else ""


async def test_an_open_room_says_what_becomes_of_what_people_write(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
        assert HEARD in first_words(stage)
    stage.nothing_is_wrong()


async def test_a_bot_that_may_not_read_does_not_say_that_it_does(stage: Stage) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
        assert MENTIONED in first_words(stage)
        assert HEARD not in first_words(stage)
    stage.nothing_is_wrong()


async def test_the_panel_tells_latecomers_that_they_are_not_heard(stage: Stage) -> None:
    stage.host.answer("AI-1", Reply(text="late", seconds_before=60))
    async with stage.running():
        await stage.start(FLASH, rounds=0, mode="curated")
        await until(lambda: UNHEARD in panel(stage))
        assert HEARD not in first_words(stage)
        await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        await until(lambda: "👂" not in panel(stage))
        await stage.ann.slash(stage.channel, "backroom mode", mode="silent")
        await until(lambda: "👂 People: the AIs hear nobody." in panel(stage))
    stage.nothing_is_wrong()


async def test_the_panel_tells_latecomers_that_the_bot_may_not_read(stage: Stage) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    stage.host.answer("AI-1", Reply(text="late", seconds_before=60))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await until(lambda: UNREAD in panel(stage))
        await stage.ann.slash(stage.channel, "backroom mode", mode="silent")
        await until(lambda: "👂 People: the AIs hear nobody." in panel(stage))
        await stage.ann.slash(stage.channel, "backroom stop")
        await until(lambda: "👂" not in panel(stage))
    stage.nothing_is_wrong()


async def test_a_fork_says_how_it_goes_as_a_room_that_begins(stage: Stage) -> None:
    let_threads_be_opened(stage)
    stage.host.answer("AI-1", "first")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, order="conductor", mode="curated")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        said = await stage.channel.wait_for(lambda message: message.content == "first")
        await stage.ann.slash(stage.channel, "backroom pause")
        assert "The fork continues" in (await stage.ann.uses_on(said, FORK)).content
        (thread,) = stage.guild.threads
        await until(lambda: stage.said(thread))
        assert first_words(stage, thread)[-2:] == CONDUCTED == first_words(stage)[-2:]
        await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        await stage.ann.slash(stage.channel, "backroom order", order="round_robin")
        await stage.ann.slash(stage.channel, "backroom step")
        await stage.channel.wait_for(lambda message: message.author_name.startswith("AI-2"))
        newest = next(m for m in reversed(stage.channel.messages) if m.author_name.startswith("AI-2"))
        await stage.ann.uses_on(newest, FORK)
        (other,) = [one for one in stage.guild.threads if one is not thread]
        await until(lambda: stage.said(other))
        assert first_words(stage, other)[-1] == HEARD
    stage.nothing_is_wrong()
