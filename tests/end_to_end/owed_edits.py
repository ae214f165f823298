"""A room whose AI has spoken and is to say it again, and what stands between the journal and the channel then."""

from __future__ import annotations

from bot.rehearsal.faults import Blow, Fault, RateLimited
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.messages import Message
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.invariants.evidence import read_rooms

HERE = "AI-1 (Gemini 3 Flash)"
AGAIN = "Say it again"
OF_PERSONAS = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
LONG = "\n\n".join(f"Paragraph {number}: {'word ' * 150}" for number in range(6))
TOO_LONG = RateLimited(40)
"""Nobody who asks for something waits so long."""


async def a_room_that_says(stage: Stage, words: str) -> list[Message]:
    """Open a room, let AI-1 say something, and pause; returns the messages of it."""
    await open_paused(stage)
    stage.host.answer("AI-1", words)
    await stage.ann.slash(stage.channel, "backroom step")
    ending = " ".join(words.split())[-20:]
    await stage.channel.wait_for(lambda message: ending in " ".join(message.content.split()))
    await until_nothing_is_owed(stage)
    return spoken(stage)


def spoken(stage: Stage) -> list[Message]:
    """What stands in the channel of AI-1."""
    return [message for message in stage.channel.messages if message.author_name == HERE]


async def until_nothing_is_owed(stage: Stage) -> None:
    """Wait until the outbox owes Discord nothing, neither posts nor edits nor deletions."""
    await until(lambda: not any(room.owes_words for room in read_rooms(stage.database)))


def break_edits(stage: Stage, blow: Blow, words: str = "", skip: int = 0, times: int | None = None) -> None:
    """Let something happen to edits that bring certain words."""

    def is_one(call: Call) -> bool:
        return is_edit(stage, call) and words in str(call.body.get("content"))

    stage.discord.faults.add(Fault(blow, only=is_one, skip=skip, times=times))


def is_edit(stage: Stage, call: Call) -> bool:
    """Whether a request changes a persona's message, and not the answer to a command."""
    return call.method == "PATCH" and _is_of_persona(stage, call)


def is_deletion(stage: Stage, call: Call) -> bool:
    """Whether a request deletes a persona's message."""
    return call.method == "DELETE" and _is_of_persona(stage, call)


def _is_of_persona(stage: Stage, call: Call) -> bool:
    return call.template == OF_PERSONAS and call.parts["webhook_id"] != str(stage.discord.world.application.id)
