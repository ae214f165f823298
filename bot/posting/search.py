"""Whether a post whose fate is unknown is in the channel already: Discord does not tell twice-sent posts apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import discord
from rapidfuzz import fuzz

from bot.errors import DiscordUnavailable
from bot.posting.refusals import refusal_of
from bot.posting.wire import FateUnknown, NotSent, judged
from bot.storage import Outbox, OutboxPost, Place
from bot.words import t

MESSAGES_LOOKED_THROUGH = 500
"""Of those that came after the last one that is surely ours, the first and the newest; people may have written more
before a post was sent, or since.
"""
CLOCK_AHEAD_AT_MOST = timedelta(minutes=10)
"""So far our clock, which tells when a room was opened, may be ahead of Discord's, by which messages are numbered."""
ALIKE_PERCENT = 95.0
"""Discord takes out characters that it thinks break the layout: long words may differ by so much."""
_NOT_SHOWN = ("C", "Z")
_LONG = 60


class Search:
    """Looks for posts among the messages of a channel."""

    def __init__(self, client: discord.Client, outbox: Outbox) -> None:
        self._client = client
        self._outbox = outbox

    async def find(self, posts: Sequence[OutboxPost], place: Place) -> dict[int, int]:
        """Return which of these posts, in their order, stand in the channel, and as which message.

        A message that says exactly what one of them says is that one's, however much another is like it.

        Raises:
            PlaceGone: the bot may not read there.
            DiscordUnavailable: Discord could not be asked.
        """
        if not posts:
            return {}
        strangers = await self._messages_of_nobody(posts[0], place)
        found: dict[int, int] = {}
        for is_said in (is_exactly, is_same):
            for post in [post for post in posts if post.id not in found]:
                message = next((message for message in strangers if self._shows(message, post, is_said)), None)
                if message is not None:
                    found[post.id] = message.id
                    strangers.remove(message)
        return found

    async def _messages_of_nobody(self, first: OutboxPost, place: Place) -> list[discord.Message]:
        """Return the bot's messages, oldest first, that came after the post before `first` and are no post's yet."""
        since = await self._outbox.newest_message_before(first) or await self._beginning(first)
        channel = self._client.get_partial_messageable(place.channel_id)
        after: dict[str, Any] = {} if since is None else {"after": discord.Object(since)}
        try:
            async with judged():
                messages = [m async for m in channel.history(limit=MESSAGES_LOOKED_THROUGH, **after)]
                if not messages and since is not None:
                    await _check_readable(channel, since)
                if len(messages) == MESSAGES_LOOKED_THROUGH:
                    messages += [m async for m in channel.history(limit=MESSAGES_LOOKED_THROUGH)]
        except (NotSent, FateUnknown) as error:
            sentence = t(
                "Discord cannot be asked which messages it has: {reason}. What was said waits and is not lost.",
                reason=error,
            )
            raise DiscordUnavailable(sentence) from error
        except discord.HTTPException as error:
            raise refusal_of(error) from error
        ours = {message.id: message for message in messages if self._is_ours(message)}
        known = await self._outbox.known_among([*ours])
        return [ours[number] for number in sorted(ours.keys() - known)]

    async def _beginning(self, post: OutboxPost) -> int | None:
        """Return an id before all messages of a post's room: the same words of an earlier one may stand there.

        Whose those are the outbox may know no more, for rooms are not kept for ever.
        """
        opened_at = await self._outbox.room_opened_at(post)
        return None if opened_at is None else discord.utils.time_snowflake(opened_at - CLOCK_AHEAD_AT_MOST)

    def _is_ours(self, message: discord.Message) -> bool:
        return message.application_id == self._client.application_id or message.author == self._client.user

    def _shows(self, message: discord.Message, post: OutboxPost, is_said: Callable[[str, str], bool]) -> bool:
        said, files = post.post, len(message.attachments)
        if said.seat is None:
            by_whom = message.webhook_id is None and message.author == self._client.user
        else:
            names = (bare(said.persona), bare(said.plain_persona))
            by_whom = message.webhook_id is not None and bare(message.author.name) in names
        is_as_before = post.fingerprint is not None and post.fingerprint.fits(message.content, files)
        if is_as_before or (post.fingerprint is not None and not said.text):
            return by_whom and is_as_before
        with_files = (said.picture is not None) + (said.file is not None)
        return by_whom and files == with_files and is_said(message.content, said.text)


async def _check_readable(channel: discord.PartialMessageable, message: int) -> None:
    """Raise `discord.Forbidden` without Read Message History: Discord shows an empty history then, and no error."""
    with suppress(discord.NotFound):
        await channel.fetch_message(message)


def is_exactly(shown: str, sent: str) -> bool:
    """Whether Discord shows what it was sent, but for spaces and what does not show."""
    return bare(shown) == bare(sent)


def is_same(shown: str, sent: str) -> bool:
    """Whether what Discord shows is what it was sent; of long words, a few letters may differ."""
    one, other = bare(shown), bare(sent)
    return one == other or (len(other) >= _LONG and fuzz.ratio(one, other, score_cutoff=ALIKE_PERCENT) > 0)


def bare(text: str) -> str:
    """Return a text without spaces and what does not show: these Discord may change."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] not in _NOT_SHOWN)
