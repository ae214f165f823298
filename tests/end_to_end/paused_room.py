"""A room that waits, turn by turn, so that a test can say what happens between two questions."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.world.messages import Message
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Recorded, Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
SLOW = Reply(text="too late", seconds_before=30)


async def open_paused(stage: Stage, *models: str, **options: Any) -> None:
    """Open a room that is paused before anybody has spoken."""
    stage.host.answer("AI-1", SLOW)
    await stage.start(*(models or (FLASH, R1)), rounds=0, **options)
    await until(lambda: stage.asked("AI-1"))
    await stage.ann.slash(stage.channel, "backroom pause")
    await stage.channel.wait_for(lambda message: message.content.startswith("⏸️"))


async def take_turn(stage: Stage, **options: Any) -> Recorded:
    """Let one turn be taken and its words appear; returns what was asked."""
    room = stage.room()
    turn, asked = room.state.turn, len(stage.host.chats)
    reply = await stage.ann.slash(stage.channel, "backroom step", **options)
    assert "takes one turn" in reply.content, reply.content
    await until(lambda: room.state.turn > turn)
    await room.say()
    return stage.host.chats[asked]


def last_of(stage: Stage, persona: str) -> Message:
    """The newest message of a persona, named by the beginning of its name."""
    return next(m for m in reversed(stage.channel.messages) if m.author_name.startswith(persona))
