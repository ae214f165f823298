"""What a server sets while rooms are open: what of it holds for them, and what does not."""

from __future__ import annotations

import pytest

from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.owed_edits import AGAIN, a_room_that_says
from tests.end_to_end.stage import Stage

KIMI = "Kimi K2"


@pytest.fixture
def boss(stage: Stage) -> Person:
    return stage.guild.add_member("Boss", permissions=Permission.MANAGE_GUILD)


async def test_a_model_that_the_server_has_ruled_out_says_nothing_again(stage: Stage, boss: Person) -> None:
    async with stage.running():
        (first,) = await a_room_that_says(stage, "old words")
        asked = len(stage.asked("AI-1"))
        await boss.slash(stage.channel, "backroom settings models", allow=KIMI)
        reply = await stage.ann.uses_on(first, AGAIN)
        refused = "This server does not allow Gemini 3 Flash in its rooms. It allows: Kimi K2."
        assert reply.content == f"The old words stay. {refused}"
        assert len(stage.asked("AI-1")) == asked
        await boss.slash(stage.channel, "backroom settings models", all_again=True)
        stage.host.answer("AI-1", "finer words")
        assert "has said it again" in (await stage.ann.uses_on(first, AGAIN)).content
    stage.nothing_is_wrong()


async def test_rooms_that_are_open_keep_their_ais_and_their_place_and_who_sets_is_told_so(
    stage: Stage, boss: Person
) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_GUILD, locale="de")
    elsewhere = stage.guild.add_text_channel("elsewhere")
    async with stage.running():
        models, where = "backroom settings models", "backroom settings where"
        assert "open keep" not in (await boss.slash(stage.channel, models, allow=KIMI)).content
        assert "open stay" not in (await boss.slash(stage.channel, where, add=elsewhere)).content
        await stage.start(KIMI, rounds=0, pace=600, channel=elsewhere)
        told = (await boss.slash(stage.channel, models)).content
        assert told == f"**Models allowed:** {KIMI} (set here).\nRooms that are open keep the AIs that sit in them."
        told = (await boss.slash(stage.channel, where)).content
        assert told.endswith("\nRooms that are open stay where they are.")
        told = (await ulf.slash(stage.channel, models)).content
        assert told.endswith("\nRäume, die offen sind, behalten die AIs, die darin sitzen.")
        told = (await ulf.slash(stage.channel, where)).content
        assert told.endswith("\nRäume, die offen sind, bleiben, wo sie sind.")
        assert "open keep" not in (await boss.slash(stage.channel, models, all_again=True)).content
        gone = (await boss.slash(stage.channel, where, remove=str(elsewhere.id))).content
        assert gone == "**Rooms may be opened in:** every channel (the bot's default)."
    stage.nothing_is_wrong()
