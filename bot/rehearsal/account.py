"""The account after a storm: what the bot wrote down to say, against what became of it in the channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.open_room import OpenRoom
from bot.rehearsal.world.messages import Message
from bot.room.notices import PANEL_SIGN
from bot.storage import Database


@dataclass(frozen=True, slots=True)
class Account:
    """How many posts of a room did not become a message of its channel, and how many messages are one too many."""

    lost: int
    doubled: int

    @property
    def is_settled(self) -> bool:
        """Whether everything was said once."""
        return self.lost == self.doubled == 0


async def account_for(database: Database, room: OpenRoom, appeared: Iterable[Message]) -> Account:
    """Compare a room's outbox with every message that ever appeared, also those deleted since; call `say` before.

    What the bot answered or wrote to a person alone is no part of the room, and its panel is in no outbox.
    """
    elsewhere = doubled = 0
    for message in appeared:
        if message.channel.is_direct or not _is_of_the_bot(message) or _stands_beside(message):
            continue
        if await database.outbox.posted_as(message.id) is None:
            doubled += 1
        elif message.channel.id != room.place.channel_id:
            elsewhere += 1
    return Account(len(await database.outbox.waiting(room.number)) + elsewhere, doubled)


def _is_of_the_bot(message: Message) -> bool:
    application = message.channel.guild.world.application
    return message.author is application.bot or message.application_id == application.id


def _stands_beside(message: Message) -> bool:
    """Whether a message is an answer to a person, or the room's panel."""
    is_panel = message.webhook_id is None and message.content.startswith(PANEL_SIGN)
    return is_panel or message.interaction is not None
