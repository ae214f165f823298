"""A dot before words keeps them off the record, said or edited, however many follow it."""

from __future__ import annotations

import asyncio

import pytest

from tests.end_to_end.paused_room import open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.images.image_host import png


@pytest.mark.parametrize(
    "words",
    [
        ".between us", ". between us", ".", "  .between us", "... between us", "．between us", "\u200b.between us",
        "\u3164\u2800 .between us", "{bea} .between us", "{bot}\u2060.between us", "@AI-1 {bea} .between us",
    ],
)  # fmt: skip
async def test_a_dot_hides(stage: Stage, words: str) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        assert bot.user is not None
        await open_paused(stage)
        await stage.ann.says(stage.channel, words.format(bea=f"<@{bea.id}>", bot=f"<@{bot.user.id}>"))
        await stage.ann.says(stage.channel, "…good evening")
        asked = await take_turn(stage)
        assert "[Ann]: …good evening" in asked.seen
        assert "between us" not in asked.seen
        assert asked.seen.count("[Ann]") == 1


async def test_an_edit_that_begins_with_a_dot_withdraws(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        slower = await stage.ann.says(stage.channel, "the tide is blue")
        secret = await stage.ann.says(stage.channel, "the key is under the mat")
        await until(lambda: stage.room().history.entry_of_message(secret.id))
        await stage.ann.edits(slower, "the tide is grey")
        await stage.ann.edits(secret, ".the key is under the mat")
        await until(lambda: secret.id in stage.room().history.withdrawn_messages)
        asked = await take_turn(stage)
        assert "[Ann]: the tide is grey" in asked.seen
        assert "under the mat" not in asked.seen


async def test_what_a_dot_hides_is_not_pictured(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        shown = await stage.ann.says(stage.channel, "a boat in the fog")
        hidden = await stage.ann.says(stage.channel, ".a boat in the fog")
        assert "being made" in (await stage.ann.uses_on(shown, "Picture this")).content
        assert "off the record" in (await stage.ann.uses_on(hidden, "Picture this")).content


async def test_what_a_dot_hides_is_said_by_no_command_and_by_no_form(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", locale="de")
    async with stage.running():
        await open_paused(stage)
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        told = "What begins with “.” stays off the record, so this was not said."
        for words in (". between us", "... between us"):
            assert (await stage.ann.slash(stage.channel, "backroom say", words=words)).content == told
        form = await stage.ann.press(stage.panels()[-1], "Say something")
        assert (await form.submit(words=" .between us")).content == told
        german = (await ulf.slash(stage.channel, "backroom say", words=".between us")).content
        assert german == "Was mit „.“ beginnt, ist nicht für die AIs bestimmt, also wurde es nicht gesagt."
        assert "will hear" in (await stage.ann.slash(stage.channel, "backroom say", words="…good evening")).content
        asked = await take_turn(stage)
        assert "[Ann]: …good evening" in asked.seen
        assert "between us" not in asked.seen
    assert not any("between us" in content for _, content in stage.said())
    stage.nothing_is_wrong()


@pytest.mark.parametrize("who", ["its author", "who may steer"])
async def test_what_is_hidden_before_it_is_written_down_is_not_heard(stage: Stage, who: str) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        stage.discord.files.gate.clear()
        shown = await bea.says(stage.channel, "the third plank", files={"plank.png": png()})
        await until(lambda: stage.discord.files.waiting)
        behind = await bea.says(stage.channel, "the fourth plank")  # which is heard after that one
        for message in (shown, behind):
            told = bot.wait_for("raw_reaction_add")
            await (bea if who == "its author" else stage.ann).reacts(message, "🙈")
            await told
        await until(lambda: not _are_deciding())
        stage.discord.files.gate.set()
        await bea.says(stage.channel, "good evening")
        asked = await take_turn(stage)
        assert "[Bea]: good evening" in asked.seen
        assert "plank" not in asked.seen
        assert stage.room().history.pictures == []


async def test_who_may_not_hide_it_keeps_nothing_from_being_heard(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        stage.discord.files.gate.clear()
        shown = await stage.ann.says(stage.channel, "the third plank", files={"plank.png": png()})
        await until(lambda: stage.discord.files.waiting)
        told = bot.wait_for("raw_reaction_add")
        await bea.reacts(shown, "🙈")
        await told
        stage.discord.files.gate.set()
        assert "the third plank" in (await take_turn(stage)).seen


def _are_deciding() -> bool:
    """Whether anybody still looks for the message that somebody reacted to."""
    return any(task.get_name() == "discord.py: on_raw_reaction_add" for task in asyncio.all_tasks())
