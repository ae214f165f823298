"""One attempt to let one post appear: by a persona's webhook, or by the house itself."""

from __future__ import annotations

import io
import logging
from functools import partial
from secrets import token_hex
from typing import Any
from zlib import crc32

import discord

from bot.errors import DiscordUnavailable, PostingError
from bot.posting.budget import Budget
from bot.posting.faces import Faces
from bot.posting.invalid_requests import InvalidRequests
from bot.posting.refusals import hints_at_webhook
from bot.posting.repeating import tried
from bot.posting.webhooks import Webhooks, thread_of
from bot.posting.wire import FateUnknown, NotSent, judged
from bot.storage import Lease, OutboxPost, Pictures, Place
from bot.words import t

DISCORD_ALT_TEXT_LIMIT = 1024
MESSAGES_AMONG_COPIES = 100
"""In a channel that a webhook was moved to so many messages may have come between a post and its copy."""

_NO_PINGS = discord.AllowedMentions.none()
_log = logging.getLogger("backroom.posting")


class Misplaced(Exception):
    """The post's webhook is not the channel's any more: it did not appear, or in another channel."""


class NumberedFile(discord.File):
    """A file whose number is sent as text, as Discord's API description has it; discord.py sends a number."""

    def to_dict(self, index: int) -> dict[str, Any]:
        """Return what Discord is told of the file."""
        return {**super().to_dict(index), "id": str(index)}


class Sending:
    """Sends posts, once each time it is asked to."""

    def __init__(
        self,
        client: discord.Client,
        pictures: Pictures,
        webhooks: Webhooks,
        faces: Faces,
        budget: Budget,
        invalid_requests: InvalidRequests,
        lease: Lease,
    ) -> None:
        self._client = client
        self._pictures = pictures
        self._webhooks = webhooks
        self._faces = faces
        self._budget = budget
        self._invalid_requests = invalid_requests
        self._lease = lease
        self._names_declined: set[tuple[int, str]] = set()  # with their rooms, each of which is to be told

    async def send(self, post: OutboxPost, place: Place, *, quiet: bool = True) -> int:
        """Send a post and return the message that it became; a `quiet` one notifies nobody.

        Raises:
            NotSent, FateUnknown: it did not arrive, or may not have.
            Misplaced: it has to be sent again.
            discord.HTTPException: Discord refused it.
            PlaceGone: there can be no webhook here.
            DiscordUnavailable: Discord has refused too much already, asks to wait, or another process may be posting.
            StorageError: that it was posted could not be noted.
        """
        self.check_may_send(place)
        self._lease.check_in_place()
        files = await self._files(post)
        if post.post.seat is None:
            return await self._send_as_house(place, post.post.text, files, _nonce(post), quiet=quiet)
        return await self._send_as_persona(post, place, files, quiet=quiet)

    async def send_unrecorded(self, place: Place, text: str) -> None:
        """Let the house say something that is in no outbox."""
        self.check_may_send(place)
        await self._send_as_house(place, text, [], token_hex(8))  # a nonce of its own: the same may be said again later

    async def take_back(self, message_id: int, place: Place) -> None:
        """Delete a message of a persona that should not be there; where its webhook is gone, as a moderator.

        Raises:
            NotSent, FateUnknown, PlaceGone, discord.HTTPException: it may still be there.
        """
        webhook = await self._webhooks.of(place.webhook_channel_id)
        async with judged():
            try:
                await webhook.delete_message(message_id, thread=thread_of(place))
            except discord.NotFound:  # one of a webhook that is gone only moderators may delete
                await self._client.get_partial_messageable(place.channel_id).get_partial_message(message_id).delete()

    def use_plain_name(self, post: OutboxPost) -> bool:
        """Call a persona of a room by its bare seat from now on; returns False where that was tried already."""
        was_new = not self._is_declined(post)
        self._names_declined.add((post.room_id, post.post.persona))
        return was_new

    def check_may_send(self, place: Place) -> None:
        """Raise `DiscordUnavailable` when Discord refused too much, or asks to wait, or another process may post."""
        if not self._lease.is_held:
            raise DiscordUnavailable(
                t("Another process may be running the rooms now, so nothing is posted for the moment.")
            )
        self._invalid_requests.check()
        self._budget.check_open(place.webhook_channel_id)

    async def _send_as_persona(self, post: OutboxPost, place: Place, files: list[discord.File], *, quiet: bool) -> int:
        webhook = await self._webhooks.of(place.webhook_channel_id)
        try:
            message = await self._send_by(webhook, post, place, files, quiet=quiet)
        except discord.HTTPException as error:
            if hints_at_webhook(error) and await self._was_wrong(webhook, place):
                raise Misplaced from error
            raise
        if message.channel.id != place.channel_id:
            await self._take_back(message, webhook, place)
        return message.id

    async def _send_by(
        self, webhook: discord.Webhook, post: OutboxPost, place: Place, files: list[discord.File], *, quiet: bool
    ) -> discord.WebhookMessage:
        said = post.post
        face = await self._faces.face_of(said.model) or _plain_face(said.model)
        async with self._budget.one_post(place.webhook_channel_id), judged():
            return await webhook.send(
                said.text,
                username=said.plain_persona if self._is_declined(post) else said.persona,
                avatar_url=face,
                files=files,
                allowed_mentions=_NO_PINGS,
                thread=thread_of(place),
                silent=quiet,
                wait=True,
            )

    def _is_declined(self, post: OutboxPost) -> bool:
        return (post.room_id, post.post.persona) in self._names_declined

    async def _was_wrong(self, webhook: discord.Webhook, place: Place) -> bool:
        try:
            return await self._webhooks.was_wrong(place.webhook_channel_id, webhook.id)
        except FateUnknown as failure:
            raise NotSent(str(failure)) from failure  # it is the look's fate; the post itself was declined

    async def _take_back(self, message: discord.WebhookMessage, webhook: discord.Webhook, place: Place) -> None:
        """Look for the webhook anew, and delete what appeared in another channel, in several tries if need be.

        Raises:
            Misplaced: whatever came of it.
        """
        _log.warning("the webhook of channel %s was moved to channel %s", place.channel_id, message.channel.id)
        await self._webhooks.forget(place.webhook_channel_id, webhook.id)
        for work in (message.delete, partial(self._delete_copies, message, webhook)):
            try:
                await tried(work)
            except PostingError as error:
                _log.warning("message %s may still stand in the wrong channel: %s", message.id, error)
        raise Misplaced

    async def _delete_copies(self, message: discord.WebhookMessage, webhook: discord.Webhook) -> None:
        """Delete what tries before, whose fate was unknown, have left in the same channel as a message."""
        channel = self._client.get_partial_messageable(message.channel.id)
        async for other in channel.history(limit=MESSAGES_AMONG_COPIES, before=message):
            is_alike = (other.author.name, other.content) == (message.author.name, message.content)
            if is_alike and other.webhook_id == webhook.id:
                await webhook.delete_message(other.id)

    async def _send_as_house(
        self, place: Place, text: str, files: list[discord.File], nonce: str, *, quiet: bool = True
    ) -> int:
        channel = self._client.get_partial_messageable(place.channel_id)
        async with judged():
            message = await channel.send(text, files=files, allowed_mentions=_NO_PINGS, nonce=nonce, silent=quiet)
        return message.id

    async def _files(self, post: OutboxPost) -> list[discord.File]:
        files: list[discord.File] = []
        if post.post.picture is not None:
            picture = await self._pictures.load(post.room_id, post.post.picture)
            name = _picture_name(post, picture.media_type)
            alt_text = post.post.alt_text[:DISCORD_ALT_TEXT_LIMIT] or None
            files.append(NumberedFile(io.BytesIO(picture.data), name, description=alt_text))
        if post.post.file is not None:
            files.append(NumberedFile(io.BytesIO(post.post.file.encode()), f"words-{post.id}.md"))
        return files


def _nonce(post: OutboxPost) -> str:
    """Discord takes a bot's message with the same nonce once, for some minutes (at most 25 characters)."""
    return f"{post.id}.{crc32(post.post.text.encode('utf-8', 'replace')):08x}"[-25:]


def _plain_face(model: str) -> str:
    """One of Discord's own avatars: a post without any shows the face that its webhook wore last."""
    return f"https://cdn.discordapp.com/embed/avatars/{crc32(model.encode()) % 6}.png"


def _picture_name(post: OutboxPost, media_type: str) -> str:
    who = f"ai-{post.post.seat}" if post.post.seat is not None else "room"
    return f"{who}-picture-{post.post.picture}.{media_type.removeprefix('image/')}"
