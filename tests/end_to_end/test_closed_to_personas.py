"""A place in which only personas cannot speak any more: the house says so there, and nobody needs a letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
PARTS = "\n\n".join(f"Part {number}. " + "Rain on the roof, and nobody is up. " * 40 for number in (1, 2, 3))
AS_EXPECTED = (50013,)
"""A refusal that is no fault of the bot's, because it was we who took the permission away."""

WHERE: dict[str, Callable[[Stage], Callable[[], object]]] = {
    "in the channel": lambda stage: take(stage, Permission.MANAGE_WEBHOOKS),
    "in the whole guild": lambda stage: take_everywhere(stage, Permission.MANAGE_WEBHOOKS),
    "also in a thread": lambda stage: take(stage, Permission.ATTACH_FILES),
}


def take(stage: Stage, permission: Permission) -> Callable[[], object]:
    stage.channel.take_bot_permissions(permission)
    return stage.channel.give_back_bot_permissions


def take_everywhere(stage: Stage, permission: Permission) -> Callable[[], object]:
    stage.guild.take_bot_permissions(permission)
    return stage.guild.give_back_bot_permissions


@pytest.mark.parametrize("where", WHERE)
async def test_the_house_says_in_the_channel_what_personas_lack_there_and_the_room_goes_on(
    stage: Stage, where: str
) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*AS_EXPECTED)
    stage.host.script = Chatter(seconds=0.1)
    place = stage.channel.add_thread("deeper") if "thread" in where else stage.channel
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, channel=place)
        await place.wait_for_messages(3)
        room = bot.rooms.at(place.id)
        give_back = WHERE[where](stage)
        told = await place.wait_for(lambda m: m.content.startswith("⏸️"))
        assert "The bot lacks permissions in this channel" in told.content
        assert room.state.phase is Phase.PAUSED
        give_back()
        await until(lambda: room.state.phase is Phase.RUNNING)
        await stage.ann.slash(place, "backroom stop")
        await witness.until_all_is_said()
    assert [content[0] for who, content in stage.said(place) if who == "Backroom"] == list("🚪⏸▶⏹")
    assert stage.ann.direct_messages == []
    assert witness.violations(Moment.DONE) == []


async def test_words_that_were_on_their_way_when_the_permission_went_appear_once_and_in_order(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*AS_EXPECTED)
    stage.host.answer("AI-1", PARTS)
    stage.host.script = lambda _: Reply(text="never said", seconds_before=60)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for(lambda m: m.content.startswith("Part 1"))
        give_back = take(stage, Permission.MANAGE_WEBHOOKS)
        await stage.channel.wait_for(lambda m: m.content.startswith("⏸️"))
        give_back()
        await stage.channel.wait_for(lambda m: m.content.startswith("Part 3"))
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert [words[:6] for words in stage.words_of(f"AI-1 ({FLASH})")] == ["Part 1", "Part 2", "Part 3"]
    assert stage.ann.direct_messages == []
    assert witness.violations(Moment.DONE) == []
