"""A hall: many rooms side by side, one for each row of a table, each with a fault of its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.faults import Blow, Fault
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.channels import Channel
from bot.room.notices import PANEL_SIGN
from tests.end_to_end.stage import Stage, is_panel
from tests.invariants import Moment, Witness
from tests.openrouter import Reply, seat_of

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
UNDISTURBED = "nothing"
POST = "/webhooks/{webhook_id}/{webhook_token}"
MESSAGES = "/channels/{channel_id}/messages"
WEBHOOKS = "/channels/{channel_id}/webhooks"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ANSWER = f"{POST}/messages/{{message_id}}"
LINES = ("🚪", "[AI-1 modified", "Part 1 of", "Part 2 of", "Part 3 of", "A word", "🎨 [AI-1", "🎨 AI-1", "⏹️")
"""How everything begins that is said in such a room."""
_FILLER = "Rain on the roof, and nobody is up. " * 40


def speak(request: Mapping[str, Any]) -> Reply:
    """Answer with everything that can meet a fault: a prompt, a message of three parts, a picture."""
    if seat_of(request) != "AI-1":
        return Reply(text="A word.")
    parts = "\n\n".join(f"Part {number} of three. {_FILLER}" for number in (1, 2, 3))
    return Reply(text=f'!prompt "keep to the lamp"\n\n{parts}\n\n!image "a lamp over the table"')


@dataclass(frozen=True)
class Target:
    """Which request a fault is for: the first one of a route that says such words, or carries such files."""

    method: str
    route: str
    says: str = ""

    def is_for(self, call: Call) -> bool:
        """Return whether a request is one of these."""
        return self.says in _content(call.json)


class Hall:
    """Rooms of one guild that are played side by side to their end."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.witness = Witness(stage)
        self.rooms: dict[str, Channel] = {}
        stage.host.script = speak

    def add(self, name: str, *faults: tuple[Target, Blow]) -> Channel:
        """Add a room in which each of these blows falls, so many times, on what it is meant for."""
        channel = self.rooms[name] = self.stage.guild.add_text_channel(f"room-{len(self.rooms)}")
        for target, blow in faults:
            self.strike(channel, target, blow)
        return channel

    def strike(self, channel: Channel, target: Target, blow: Blow, times: int = 1) -> None:
        """Let a blow fall, so many times, on what it is meant for in one of the rooms."""
        only = self._only_in(channel, target)
        self.stage.discord.faults.add(Fault(blow, target.method, target.route, only, times=times))

    async def open(self, rounds: int = 1) -> None:
        """Open all rooms at once."""
        rooms = self.rooms.values()
        await asyncio.gather(*(self.stage.start(FLASH, R1, rounds=rounds, channel=room) for room in rooms))

    async def play(self, rounds: int = 1) -> None:
        """Open all rooms, and wait until all are over and have said so."""
        await self.open(rounds)
        await asyncio.gather(*map(self.stage.until_over, self.rooms.values()))
        await self.witness.until_all_is_said()

    def violations(self) -> list[str]:
        """Return what is wrong with any room, when all is done."""
        return self.witness.violations(Moment.DONE)

    def words(self, name: str) -> list[str]:
        """Return everything that stands in a room, without its pictures, as it begins, in order."""
        return [beginning(m.content) for m in self.rooms[name].messages if not (m.attachments or is_panel(m))]

    def pictures(self, name: str) -> int:
        """Return how many pictures stand in a room."""
        return sum(len(message.attachments) for message in self.rooms[name].messages)

    def times_sent(self, name: str) -> Counter[str]:
        """Return how often Discord was asked to take each of a room's messages."""
        channel = self.rooms[name]
        posts = [one for one in self.stage.discord.exchanges if one.method == "POST" and _content(one.json)]
        sent = [_content(one.json) for one in posts if self._place_of(one.path) is channel]
        return Counter(beginning(content) for content in sent if not content.startswith(PANEL_SIGN))

    def _only_in(self, channel: Channel, target: Target) -> Callable[[Call], bool]:
        return lambda call: target.is_for(call) and self._place_of(call.path) is channel

    def _place_of(self, path: str) -> Channel | None:
        kind, number, *more = path.strip("/").split("/")
        world = self.stage.discord.world
        if kind == "channels":
            return self.stage.guild.channels.get(int(number))
        if more and (interaction := world.interactions.get(more[0])):
            return interaction.channel
        webhook = world.webhooks.get(int(number)) if kind == "webhooks" else None
        return None if webhook is None else webhook.channel


@asynccontextmanager
async def a_hall(stage: Stage, **settings: Any) -> AsyncGenerator[Hall]:
    """Open a hall while the bot runs; rooms are added before they are played."""
    hall = Hall(stage)
    async with stage.running(**settings):
        yield hall


def beginning(content: str) -> str:
    """Return which line of such a room this is; what is none of them is returned as it is."""
    return next((line for line in LINES if content.startswith(line)), content)


def _content(body: Any) -> str:
    return body.get("content") or "" if isinstance(body, dict) else ""
