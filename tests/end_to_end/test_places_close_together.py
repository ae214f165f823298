"""Several rooms of one server lose their places at the same moment, of several kinds, and get them back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

EXCUSED = (10003, 10004, 10015, 50001, 50007, 50013)


@dataclass(frozen=True)
class Row:
    """What closes all places and opens them again, and how many letters that is worth."""

    close: Callable[[Stage], object]
    open: Callable[[Stage], object]
    letters: int
    words: str = ""


ROWS = {
    "the server is gone for a while": Row(
        lambda stage: stage.guild.set_available(available=False),
        lambda stage: stage.guild.set_available(available=True),
        3,
        "the server is unavailable at the moment.",
    ),
    "the bot is kicked and invited again": Row(
        lambda stage: stage.guild.remove_bot(), lambda stage: stage.guild.invite_bot(), 0
    ),
    "the bot may see nothing any more": Row(
        lambda stage: stage.guild.take_bot_permissions(Permission.VIEW_CHANNEL),
        lambda stage: stage.guild.give_back_bot_permissions(),
        3,
        "The bot lacks permissions in this channel: View Channel. Give",
    ),
    "personas may not speak any more": Row(
        lambda stage: stage.guild.take_bot_permissions(Permission.MANAGE_WEBHOOKS),
        lambda stage: stage.guild.give_back_bot_permissions(),
        0,
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_each_says_so_once_at_the_right_place_and_goes_on(stage: Stage, row: Row) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.3)
    forum = stage.guild.add_forum("ideas")
    places = [stage.channel, stage.channel.add_thread("deeper")]
    async with stage.running() as bot:
        await bot.wait_until_ready()
        for place in places:
            await stage.start(FLASH, R1, rounds=0, channel=place)
        await stage.ann.slash(forum, "backroom start", pace=0, rounds=0, ai1=FLASH, ai2=R1)
        (post,) = (thread for thread in stage.guild.threads if thread.parent is forum)
        places.append(post)
        for place in places:
            await place.wait_for_messages(4)
        rooms = [bot.rooms.at(place.id) for place in places]
        row.close(stage)
        await until(lambda: all(room.state.phase is Phase.PAUSED for room in rooms))
        await until(lambda: len(stage.ann.direct_messages) == row.letters)
        await asyncio.sleep(1.0)
        row.open(stage)
        await until(lambda: all(room.state.phase is Phase.RUNNING for room in rooms))
        for place in places:
            await place.wait_for(lambda message: message.content.startswith("▶️"))
            await stage.ann.slash(place, "backroom stop")
        await witness.until_all_is_said()
    for place in places:
        assert "".join(content[0] for who, content in stage.said(place) if who == "Backroom") == "🚪⏸▶⏹"
    assert len(stage.ann.direct_messages) == row.letters
    assert all(row.words in letter.content for letter in stage.ann.direct_messages)
    assert witness.violations(Moment.DONE) == []
