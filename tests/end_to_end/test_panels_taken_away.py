"""A panel that somebody deletes comes back at once, also where nothing happens; who deletes it again and again wins."""

from __future__ import annotations

import pytest

from bot.client.panel.showing import TIMES_TAKEN_AWAY
from bot.rehearsal.world.messages import Message
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import with_events, with_no_event


async def shown_panel(stage: Stage) -> Message:
    """Return the panel of a paused room, once it is up to date."""
    await until(lambda: stage.panels() and "paused" in stage.panels()[-1].content)
    return stage.panels()[-1]


@pytest.mark.parametrize("together", [False, True])
async def test_a_deleted_panel_comes_back_in_a_paused_room(stage: Stage, together: bool) -> None:
    async with stage.running():
        await open_paused(stage)
        panel = await shown_panel(stage)
        if together:
            Message.delete_together([panel, stage.channel.messages[0]])
        else:
            panel.delete()
        assert (await shown_panel(stage)).components
        assert len(stage.panels()) == 1
    stage.nothing_is_wrong()


async def test_a_deletion_that_nobody_told_of_shows_with_the_next_change_and_the_panel_comes_back(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        panel = await shown_panel(stage)
        with_no_event(stage)
        panel.delete()
        with_events(stage)
        await stage.ann.slash(stage.channel, "backroom temperature", seat="AI-1", temperature=0.5)
        assert "temperature 0.5" in (await shown_panel(stage)).content


async def test_who_deletes_the_panel_again_and_again_gets_no_other(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        for _ in range(TIMES_TAKEN_AWAY):
            panel = await shown_panel(stage)
            deleted = bot.wait_for("raw_message_delete")
            panel.delete()
            await deleted
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.until_over()
    assert stage.panels() == []
