"""Where a moment lies: at a request of the bot's, before Discord does what it asks for, after that, or soon after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from bot.rehearsal.rest.calls import Answer, Call

if TYPE_CHECKING:
    from tests.crash.playing import Play

POST_OF_PERSONA = "/webhooks/{webhook_id}/{webhook_token}"
POSTED_BY_PERSONA = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
POST_OF_HOUSE = "/channels/{channel_id}/messages"
POSTED = "/channels/{channel_id}/messages/{message_id}"

_Hook = TypeVar("_Hook")
IsMeant = Callable[[Call], bool]


async def kill_before(play: Play, is_meant: IsMeant) -> None:
    """Kill when a request has been sent, before Discord does anything."""

    async def before(call: Call) -> Answer | None:
        return play.kill_and_cut() if is_meant(call) else None

    with hooked(play.stage.discord.rest.before_effect, before):
        await play.killed.wait()


async def kill_after(play: Play, is_meant: IsMeant) -> None:
    """Kill when Discord has done what a request asks for, before it answers."""

    async def after(call: Call, answer: Answer) -> Answer | None:
        return play.kill_and_cut() if answer.status < 300 and is_meant(call) else None

    with hooked(play.stage.discord.rest.after_effect, after):
        await play.killed.wait()


async def kill_soon_after(play: Play, is_meant: IsMeant, seconds: float) -> None:
    """Kill when Discord's answer to a request is on its way, or so many seconds later at most."""
    loop, delay = asyncio.get_running_loop(), play.chance.uniform(0, seconds)

    async def after(call: Call, _answer: Answer) -> Answer | None:
        if is_meant(call):
            loop.call_later(delay, play.kill)
        return None

    with hooked(play.stage.discord.rest.after_effect, after):
        await play.killed.wait()


def is_of_a_command(call: Call, play: Play) -> bool:
    """Whether a request answers somebody's command, and is nothing that appears in a room."""
    return call.parts.get("webhook_id") == str(play.stage.discord.world.application.id)


@contextmanager
def hooked(hooks: list[_Hook], hook: _Hook) -> Generator[None]:
    """Let a hook be called until the block ends."""
    hooks.append(hook)
    try:
        yield
    finally:
        hooks.remove(hook)
