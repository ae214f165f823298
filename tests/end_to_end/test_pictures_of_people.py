"""A picture that a person wanted is posted by the house, and leaves the room as an AI's does."""

from __future__ import annotations

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.paused_room import open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

RED_DOOR = '!image "a red door"'
POST = "/channels/{channel_id}/messages"


@pytest.mark.parametrize("way", ["deleted by a moderator", "crossed out"])
async def test_a_picture_of_a_person_that_is_taken_away_leaves_what_the_ais_see(stage: Stage, way: str) -> None:
    witness = Witness(stage)
    async with stage.running():
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom image", description="a red door")
        shown = await stage.channel.wait_for(lambda message: bool(message.attachments))
        assert RED_DOOR in (await take_turn(stage)).seen
        if way == "crossed out":
            await stage.ann.reacts(shown, "❌")
        else:
            await stage.guild.add_member("Mod", permissions=Permission.MANAGE_MESSAGES).deletes(shown)
        await until(lambda: shown.id in stage.room().history.withdrawn_messages)
        await until(lambda: shown not in stage.channel.messages)
        after = await take_turn(stage)
        assert RED_DOOR not in after.seen
        assert stage.room().history.pictures == []
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_a_picture_of_a_person_that_discord_declines_is_said_to_be_missing(stage: Stage) -> None:
    witness = Witness(stage)
    is_it = Fault(BLOCKED_BY_AUTOMOD, "POST", POST, lambda call: "created an image" in call.body.get("content", ""))
    stage.discord.faults.add(is_it)
    async with stage.running():
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom image", description="a red door")
        notice = await stage.channel.wait_for(lambda message: message.content.startswith("🚫"))
        assert notice.content == "🚫 A picture and its words are missing here. The server's AutoMod blocked them."
        after = await take_turn(stage)
        assert RED_DOOR not in after.seen
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []
