"""Taking away messages of the house that show words which are to be seen no more: hidden, deleted, forgotten."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord

from bot.errors import BackroomError
from bot.storage import Privacy

_log = logging.getLogger("backroom.privacy")


class TakingAway:
    """Deletes what is noted to be still shown, as far as it can be done; what is left is for the next time."""

    def __init__(self, client: discord.Client, privacy: Privacy) -> None:
        self._client = client
        self._privacy = privacy
        self._one_at_a_time = asyncio.Lock()

    async def take_away(self) -> None:
        """Delete all that is noted, in whichever channel."""
        try:
            async with self._one_at_a_time:
                for channel_id, message_id in await self._privacy.still_shown():
                    if await self._delete(channel_id, message_id):
                        await self._privacy.note_deleted(channel_id, message_id)
        except BackroomError as error:
            _log.warning("words that are to be seen no more leave the channels later: %s", error)

    async def _delete(self, channel_id: int, message_id: int) -> bool:
        """Delete a message; returns whether there is nothing more to do about it, because the bot may not, too."""
        try:
            await self._client.get_partial_messageable(channel_id).get_partial_message(message_id).delete()
        except (discord.NotFound, discord.Forbidden) as error:
            _log.info("message %s of channel %s is gone, or stays: %s", message_id, channel_id, error)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("message %s of channel %s is deleted later: %s", message_id, channel_id, error)
            return False
        return True
