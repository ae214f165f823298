"""The one webhook of a channel through which every persona there speaks: found or made once, by whoever asks first."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord

from bot.errors import PlaceGone
from bot.posting.refusals import WEBHOOK_GONE, refusal_of
from bot.posting.wire import judged
from bot.storage import Place, RememberedWebhook, WebhookMemory
from bot.words import later, t

WEBHOOK_NAME = "Backroom"
DISCORD_WEBHOOKS_PER_CHANNEL = 30007
"""Discord's error code for a channel that holds its 15 webhooks already."""
DISCORD_WEBHOOKS_PER_GUILD = 30058
"""And for a server that holds its 1,000."""

_TOO_MANY = {
    DISCORD_WEBHOOKS_PER_CHANNEL: later(
        "This channel already has 15 webhooks, as many as Discord allows, and the AIs need one. "
        "Delete one under Edit Channel → Integrations."
    ),
    DISCORD_WEBHOOKS_PER_GUILD: later(
        "This server already has 1,000 webhooks, as many as Discord allows, and the AIs need one. "
        "Delete one under Server Settings → Integrations."
    ),
}

_MAY_NOT_USE_WEBHOOKS = later("The bot may not use webhooks in this channel. Give its role Manage Webhooks.")

_log = logging.getLogger("backroom.posting")


class Webhooks:
    """Our webhook of each channel: recognised by its creator and its name, remembered between runs."""

    def __init__(self, client: discord.Client, session: aiohttp.ClientSession, memory: WebhookMemory) -> None:
        self._client = client
        self._session = session
        self._memory = memory
        self._pending: dict[int, asyncio.Task[discord.Webhook]] = {}
        self._doubtful: set[int] = set()

    async def of(self, channel_id: int) -> discord.Webhook:
        """Return our webhook of a channel (of a thread: its parent).

        Raises:
            PlaceGone: the channel is not there, or does not let us have a webhook.
            NotSent, FateUnknown: Discord could not be asked.
        """
        if channel_id in self._doubtful:
            await self._look_again(channel_id)
        task = self._pending.get(channel_id)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(self._find_or_make(channel_id), name=f"webhook-{channel_id}")
            self._pending[channel_id] = task
        return await asyncio.shield(task)

    def doubt(self, channel_id: int) -> None:
        """Learn that a channel's webhooks were changed, so that ours is looked at before its next use."""
        self._doubtful.add(channel_id)

    async def was_wrong(self, channel_id: int, used: int) -> bool:
        """Look at the webhook that was `used` in a channel; forget it and return True when another is to be used now.

        Raises:
            NotSent, FateUnknown: Discord could not be asked.
        """
        remembered = await self._memory.load(channel_id)
        if remembered is not None and remembered.id == used and await self._is_there(remembered, channel_id):
            self._doubtful.discard(channel_id)
            return False
        await self.forget(channel_id, used)
        return True

    async def forget(self, channel_id: int, used: int) -> None:
        """Look for the webhook anew next time, because the one that was `used` is gone or was moved.

        A room in the channel and one in a thread of it may find that out one after the other: the second leaves alone
        what the first has found, or is about to find.
        """
        self._doubtful.discard(channel_id)
        task = self._pending.get(channel_id)
        if task is not None and task.done() and (task.cancelled() or task.exception() or task.result().id == used):
            del self._pending[channel_id]
        await self._memory.forget(channel_id, used)

    async def _look_again(self, channel_id: int) -> None:
        remembered = await self._memory.load(channel_id)
        if remembered is not None:
            await self.was_wrong(channel_id, remembered.id)
        else:
            self._doubtful.discard(channel_id)

    async def _is_there(self, remembered: RememberedWebhook, channel_id: int) -> bool:
        """Ask by its token, which needs no permission: a webhook that answers 404 must not be used again."""
        async with judged():
            try:
                webhook = await self._with_our_session(*remembered).fetch(prefer_auth=False)
            except discord.HTTPException as error:
                if error.code in WEBHOOK_GONE or isinstance(error, discord.NotFound):
                    return False
                raise refusal_of(error) from error
        return webhook.channel_id == channel_id

    async def _find_or_make(self, channel_id: int) -> discord.Webhook:
        remembered = await self._memory.load(channel_id)
        if remembered is not None:
            return self._with_our_session(*remembered)
        channel = await self._channel(channel_id)
        async with judged():
            try:
                found = next(iter(await self._ours(channel)), None) or await self._make(channel)
            except discord.HTTPException as error:
                raise _place_gone(error) from error
        if found.token is None:
            raise PlaceGone(t(_MAY_NOT_USE_WEBHOOKS))
        await self._memory.remember(channel_id, found.id, found.token)
        return self._with_our_session(found.id, found.token)

    async def _make(self, channel: discord.TextChannel | discord.ForumChannel) -> discord.Webhook:
        """Make a webhook where none of ours was; discord.py asks again after a 5xx, and Discord may have made two."""
        made = await channel.create_webhook(name=WEBHOOK_NAME)
        kept, *surplus = await self._ours(channel) or [made]
        for webhook in surplus:
            try:
                await webhook.delete()
            except discord.HTTPException as error:
                _log.warning("channel %s has a webhook of ours too many: %s", channel.id, error)
        return kept

    async def _ours(self, channel: discord.TextChannel | discord.ForumChannel) -> list[discord.Webhook]:
        """Return our webhooks in a channel, the oldest first."""
        there = sorted(await channel.webhooks(), key=lambda webhook: webhook.id)
        return [one for one in there if one.user == self._client.user and one.name == WEBHOOK_NAME and one.token]

    async def _channel(self, channel_id: int) -> discord.TextChannel | discord.ForumChannel:
        channel = self._client.get_channel(channel_id)
        if channel is None:
            async with judged():
                try:
                    channel = await self._client.fetch_channel(channel_id)
                except discord.HTTPException as error:
                    raise _place_gone(error) from error
        if not isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.ForumChannel):
            raise PlaceGone(t("AIs can speak in text and voice channels, in threads and in forum posts, but not here."))
        return channel  # pyright: ignore[reportReturnType] - a voice channel's text has webhooks as well

    def _with_our_session(self, webhook_id: int, token: str) -> discord.Webhook:
        return discord.Webhook.partial(webhook_id, token, session=self._session, client=self._client)


def thread_of(place: Place) -> discord.abc.Snowflake:
    """Return the thread for which a webhook is asked, as discord.py takes it: none where the place is the channel."""
    return discord.Object(place.channel_id) if place.parent_id else discord.utils.MISSING


def _place_gone(error: discord.HTTPException) -> Exception:
    if error.status == 429 or error.status >= 500:
        return error  # it may pass: `judged` says how
    if error.code in _TOO_MANY:
        return PlaceGone(t(_TOO_MANY[error.code]))
    if isinstance(error, discord.Forbidden):
        return PlaceGone(t(_MAY_NOT_USE_WEBHOOKS))
    return refusal_of(error)
