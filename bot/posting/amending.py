"""How messages that stand in a channel come to show what their posts say since: changed, or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.errors import PostRefused
from bot.posting.doors import Doors
from bot.posting.editing import Editing
from bot.posting.repeating import MessageGone
from bot.posting.search import bare
from bot.posting.sending import Sending
from bot.storage import Amendments, OutboxPost, Place
from bot.storage.tables import DELETION, EDIT


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of changing messages.

    Args:
        gone: the messages that are not there any more.
        declined: why Discord declines what they were to say; then those after it are as they were.
    """

    gone: frozenset[int] = frozenset()
    declined: str = ""


class Amending:
    """Brings the channel what is owed to it, an entry at a time. An edit may be repeated safely, and so all of it."""

    def __init__(self, amendments: Amendments, doors: Doors, editing: Editing, sending: Sending) -> None:
        self._amendments = amendments
        self._doors = doors
        self._editing = editing
        self._sending = sending

    async def owed(self, room: int) -> list[OutboxPost]:
        """Return the posts of the oldest entry of a room whose messages do not show yet what they should."""
        return await self._amendments.owed(room)

    async def change(self, parts: Sequence[OutboxPost], place: Place) -> Changed:
        """Let the messages of an entry say what its posts say; nothing is noted yet.

        Words that Discord declines are left out where the old ones can come back. Where these are the old ones already,
        their message is taken away unless it says them: nobody is to read there what the journal does not have.

        Raises:
            PlaceGone, DiscordUnavailable: some of it is to be tried again.
        """
        await self._doors.wait_out_hiccup(place)
        self._doors.check_open(place)
        self._sending.check_may_send(place)
        gone: set[int] = set()
        for part in parts:
            if part.message_id is None or part.owes != EDIT:
                continue
            try:
                await self._editing.change(part.message_id, part.post, place)
            except (PostRefused, MessageGone) as refusal:
                message = await self._editing.find(part.message_id, place)
                if message is None:
                    gone.add(part.message_id)
                elif _says(message, part):
                    continue
                elif part.before is not None:
                    return Changed(frozenset(gone), str(refusal))
                else:
                    await self._editing.delete(part.message_id, place, by_persona=True)
                    gone.add(part.message_id)
        return Changed(frozenset(gone))

    async def settle(self, parts: Sequence[OutboxPost], place: Place) -> None:
        """Note that an entry's messages say what they should, then take away those that are not needed any more.

        Raises:
            PlaceGone, DiscordUnavailable, StorageError: some of it is to be tried again.
        """
        await self._amendments.mark_shown([part.id for part in parts])
        for part in parts:
            if part.owes == DELETION:
                await self._editing.delete(part.message_id or 0, place, by_persona=True)
                await self._amendments.mark_gone(part.id)


def _says(message: discord.Message, part: OutboxPost) -> bool:
    """Whether a message says its post's words; long words that are only alike are others."""
    files = part.post.file is not None
    return len(message.attachments) == files and bare(message.content) == bare(part.post.text)
