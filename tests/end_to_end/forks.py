"""Forks of the room on the stage, and what their AIs see."""

from __future__ import annotations

from bot.open_room import OpenRoom
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage

FORK = "Fork from here"


def let_threads_be_opened(stage: Stage) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.CREATE_PUBLIC_THREADS)


async def fork(stage: Stage, message: Message) -> OpenRoom:
    """Let Ann fork the room of a message there; the fork goes on at once."""
    assert stage.bot is not None
    before = {room.number for room in stage.bot.rooms}
    reply = await stage.ann.uses_on(message, FORK)
    assert "The fork continues" in reply.content, reply.content
    (forked,) = [room for room in stage.bot.rooms if room.number not in before]
    return forked


def shows(room: OpenRoom, words: str) -> bool:
    """Whether the AIs of a room see these words."""
    return any(words in line.text for line in room.history.lines)
