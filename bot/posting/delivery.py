"""How the outbox is emptied: in order, nothing lost and nothing twice, with a retry policy of our own."""

from __future__ import annotations

import asyncio
import io
import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import discord

from bot.errors import DiscordUnavailable, PlaceGone, PostRefused
from bot.posting.faces import Faces
from bot.posting.webhooks import Webhooks
from bot.posting.wire import FateUnknown, NotSent, judged
from bot.room.posts import Post
from bot.storage import Database, OutboxPost, Place

DISCORD_ALT_TEXT_LIMIT = 1024
UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN = 10015, 50027
"""Discord's error codes for a webhook that was deleted."""
HISTORY_LOOKED_THROUGH = 50
"""Messages of the channel that are compared before something uncertain is sent again."""

_NO_PINGS = discord.AllowedMentions.none()
_log = logging.getLogger("backroom.posting")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a post is tried before the room has to wait."""

    attempts: int = 6
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0

    def seconds_before(self, attempt: int) -> float:
        """Return the wait before the try after `attempt` failed ones: doubling."""
        return min(self.longest_wait_seconds, self.first_wait_seconds * 2.0 ** (attempt - 1))


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages appeared, and which Discord declined, with its reason."""

    count: int
    refused: tuple[tuple[Post, str], ...]


class _File(discord.File):
    """A file whose number is sent as text, as Discord's API description has it; discord.py sends a number."""

    def to_dict(self, index: int) -> dict[str, Any]:
        return {**super().to_dict(index), "id": str(index)}


class Delivery:
    """Takes what waits in the outbox to Discord."""

    def __init__(
        self,
        client: discord.Client,
        database: Database,
        webhooks: Webhooks,
        faces: Faces,
        patience: Patience | None = None,
    ) -> None:
        self._client = client
        self._database = database
        self._webhooks = webhooks
        self._faces = faces
        self._patience = patience or Patience()
        self._one_at_a_time: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._in_step: set[int] = set()  # rooms whose outbox and channel are known to agree

    async def deliver(self, room: int, place: Place) -> Delivered:
        """Post everything of a room that waits, in order; what Discord declines is left out and reported.

        Raises:
            PlaceGone, DiscordUnavailable: the rest still waits.
        """
        async with self._one_at_a_time[room]:
            waiting = await self._database.outbox.waiting(room)
            uncertain = room not in self._in_step
            self._in_step.discard(room)
            refused: list[tuple[Post, str]] = []
            for post in waiting:
                try:
                    uncertain = await self._deliver_one(post, place, uncertain)
                except PostRefused as refusal:
                    _log.warning("room %s: Discord refused post %s: %s", room, post.id, refusal)
                    await self._database.outbox.mark_refused(post.id, str(refusal))
                    refused.append((post.post, str(refusal)))
            self._in_step.add(room)
            return Delivered(len(waiting) - len(refused), tuple(refused))

    def nothing_posted_yet(self, room: int) -> None:
        """Learn that a room is new, so that its first post need not be looked for in the channel."""
        self._in_step.add(room)

    def forget(self, room: int) -> None:
        """Let go of what is kept about a room that is over."""
        self._one_at_a_time.pop(room, None)
        self._in_step.discard(room)

    async def _deliver_one(self, post: OutboxPost, place: Place, uncertain: bool) -> bool:
        """Post one message; returns whether the next one's fate is uncertain as well."""
        found = await self._find(post, place) if uncertain else None
        await self._database.outbox.mark_posted(post.id, found or await self._send_until_it_is_there(post, place))
        return found is not None

    async def _send_until_it_is_there(self, post: OutboxPost, place: Place) -> int:
        webhook_was_gone = False
        for attempt in range(1, self._patience.attempts + 1):
            try:
                return await self._send(post, place)
            except NotSent as failure:
                await self._wait(failure.seconds or self._patience.seconds_before(attempt), failure)
            except FateUnknown as failure:
                await self._wait(self._patience.seconds_before(attempt), failure)
                if found := await self._find(post, place):
                    return found
            except discord.HTTPException as error:
                if error.code not in (UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN) or webhook_was_gone:
                    raise _refusal(error) from error
                webhook_was_gone = True
                await self._webhooks.forget(place.parent_id or place.channel_id)
        raise DiscordUnavailable("Discord does not take messages at the moment. What was said waits and is not lost.")

    async def _wait(self, seconds: float, why: Exception) -> None:
        if seconds > self._patience.longest_wait_seconds:
            raise DiscordUnavailable(f"Discord asks to wait {seconds:.0f} seconds. What was said waits.") from why
        _log.info("a post waits %.1f s: %s", seconds, why)
        await asyncio.sleep(seconds)

    async def _send(self, post: OutboxPost, place: Place) -> int:
        files = await self._files(post)
        if post.post.seat is None:
            return await self._send_as_house(post, place, files)
        webhook = await self._webhooks.of(place.parent_id or place.channel_id)
        thread = discord.Object(place.channel_id) if place.parent_id else discord.utils.MISSING
        async with judged():
            message = await webhook.send(
                post.post.text,
                username=post.post.persona,
                avatar_url=await self._faces.face_of(post.post.model) or _plain_face(post.post.model),
                files=files,
                allowed_mentions=_NO_PINGS,
                thread=thread,
                wait=True,
            )
        return message.id

    async def _send_as_house(self, post: OutboxPost, place: Place, files: list[discord.File]) -> int:
        channel = self._client.get_partial_messageable(place.channel_id)
        async with judged():
            message = await channel.send(post.post.text, files=files, allowed_mentions=_NO_PINGS, nonce=_nonce(post))
        return message.id

    async def _files(self, post: OutboxPost) -> list[discord.File]:
        files: list[discord.File] = []
        if post.post.picture is not None:
            picture = await self._database.pictures.load(post.room_id, post.post.picture)
            name = _picture_name(post, picture.media_type)
            alt_text = post.post.alt_text[:DISCORD_ALT_TEXT_LIMIT] or None
            files.append(_File(io.BytesIO(picture.data), name, description=alt_text))
        if post.post.file is not None:
            files.append(_File(io.BytesIO(post.post.file.encode()), f"words-{post.id}.md"))
        return files

    async def _find(self, post: OutboxPost, place: Place) -> int | None:
        """Look for a post among the channel's newest messages, because it may have arrived unnoticed."""
        channel = self._client.get_partial_messageable(place.channel_id)
        try:
            async with judged():
                recent = [message async for message in channel.history(limit=HISTORY_LOOKED_THROUGH)]
        except (NotSent, FateUnknown) as error:
            raise DiscordUnavailable(f"Discord cannot be asked what it has: {error}. What was said waits.") from error
        except discord.HTTPException as error:
            raise _refusal(error) from error
        ours = await self._database.outbox.known_message_ids(post.room_id, since=recent[-1].id if recent else 0)
        return next((m.id for m in reversed(recent) if m.id not in ours and self._shows(m, post)), None)

    def _shows(self, message: discord.Message, post: OutboxPost) -> bool:
        if post.post.seat is None:
            by_us = message.author == self._client.user
        else:
            by_us = message.webhook_id is not None and message.author.name == post.post.persona
        with_files = (post.post.picture is not None) + (post.post.file is not None)
        same_words = " ".join(message.content.split()) == " ".join(post.post.text.split())
        return by_us and same_words and len(message.attachments) == with_files


def _nonce(post: OutboxPost) -> str:
    """Discord takes a bot's message with the same nonce once, for some minutes (at most 25 characters)."""
    return f"{post.id}.{crc32(post.post.text.encode('utf-8', 'replace')):08x}"[-25:]


def _plain_face(model: str) -> str:
    """One of Discord's own avatars: a post without any shows the face that its webhook wore last."""
    return f"https://cdn.discordapp.com/embed/avatars/{crc32(model.encode()) % 6}.png"


def _picture_name(post: OutboxPost, media_type: str) -> str:
    who = f"ai-{post.post.seat}" if post.post.seat is not None else "room"
    return f"{who}-picture-{post.post.picture}.{media_type.removeprefix('image/')}"


def _refusal(error: discord.HTTPException) -> PostRefused | PlaceGone:
    if isinstance(error, discord.NotFound | discord.Forbidden):
        return PlaceGone(f"The bot cannot speak here: {error.text or 'the channel is closed to it'}.")
    return PostRefused(f"Discord did not accept a message: {error.text or error.status}.")
