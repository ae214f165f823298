"""A turn that a person asks for where no AI can speak is not promised to them, and nobody is asked in vain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.rehearsal.faults import EventFault, Lost
from bot.rehearsal.world.channels import Thread
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.replies import Reply
from bot.room.state import Phase
from tests.end_to_end.paused_room import FLASH, R1, SLOW, open_paused
from tests.end_to_end.stage import Stage, until

AS_EXPECTED = (50013,)
"""A refusal that is no fault of the bot's, because it was we who took the permission away."""

WAYS: dict[str, Callable[[Stage, Person], Awaitable[Reply]]] = {
    "the button Step": lambda stage, who: who.press(stage.panels()[-1], "Step"),
    "the button Resume": lambda stage, who: who.press(stage.panels()[-1], "Resume"),
    "/backroom step": lambda stage, who: who.slash(stage.channel, "backroom step", seat="AI-2"),
    "/backroom resume": lambda stage, who: who.slash(stage.channel, "backroom resume"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_where_the_bot_lacks_a_permission_no_turn_is_promised_and_none_is_paid_for(
    stage: Stage, way: Callable[[Stage, Person], Awaitable[Reply]]
) -> None:
    stage.discord.faults.excuse(*AS_EXPECTED)
    zoe = stage.guild.add_member("Zoe", permissions=Permission.MANAGE_CHANNELS)
    zoe.locale = "de"
    async with stage.running():
        await open_paused(stage)
        await until(lambda: stage.panels() and "Resume" in str(stage.panels()[-1].components))
        stage.channel.take_bot_permissions(Permission.MANAGE_WEBHOOKS)
        room = stage.room()
        await until(lambda: stage.bot and stage.bot.doors.why_closed(room.place))
        state, asked = room.state, len(stage.host.requests)
        reply = await way(stage, stage.ann)
        assert reply.content.startswith("Nothing was changed, because no AI can speak here now. The bot lacks perm")
        assert "Manage Webhooks" in reply.content
        in_german = (await way(stage, zoe)).content
        assert in_german.startswith("Es wurde nichts geändert, weil hier gerade keine AI sprechen kann. Dem Bot fehlen")
        assert room.state == state
        stage.channel.give_back_bot_permissions()
        await until(lambda: stage.bot and not stage.bot.doors.why_closed(room.place))
        stage.host.answer("AI-1", "here again", SLOW)
        stage.host.answer("AI-2", "here again", SLOW)
        await way(stage, stage.ann)
        await stage.channel.wait_for(lambda message: message.content == "here again")
        assert len(stage.host.requests) > asked


async def test_a_thread_is_archived_until_somebody_asks_there_for_a_turn_after_it_was_opened_again(
    stage: Stage,
) -> None:
    thread = stage.channel.add_thread("deeper")
    stage.host.answer("AI-1", SLOW, "here again", SLOW)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, channel=thread)
        room = bot.rooms.at(thread.id)
        await until(lambda: stage.asked("AI-1"))
        await stage.ann.slash(thread, "backroom pause")
        await thread.wait_for(lambda message: message.content.startswith("⏸️"))
        await until(lambda: stage.panels(thread) and "Resume" in str(stage.panels(thread)[-1].components))
        (panel,) = stage.panels(thread)
        assert isinstance(thread, Thread)
        thread.set_archived(archived=True)
        await until(lambda: "archived" in bot.doors.why_closed(room.place))
        refused = await stage.ann.press(panel, "Step")
        assert refused.content.startswith("Nothing was changed, because no AI can speak here now.")
        assert "archived" in refused.content
        assert room.state.phase is Phase.PAUSED
        stage.discord.faults.add(EventFault(Lost(), "THREAD_UPDATE"))
        thread.set_archived(archived=False)
        assert "takes one turn" in (await stage.ann.press(panel, "Step")).content
        await thread.wait_for(lambda message: message.content == "here again")
