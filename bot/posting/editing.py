"""Changing and deleting what stands in a channel already: messages of personas, and of the house."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import discord

from bot.errors import PlaceGone
from bot.posting.layout import persona_posts
from bot.posting.repeating import MessageGone, tried
from bot.posting.sending import NumberedFile
from bot.posting.splitting import ATTACHED, LEAD_IN_LENGTH, split
from bot.posting.webhooks import Webhooks, thread_of
from bot.room.posts import Post
from bot.room.state import Seat
from bot.storage import Place

REST_ATTACHED = "… (the rest is attached)"

_NO_PINGS = discord.AllowedMentions.none()
_log = logging.getLogger("backroom.posting")


class Editing:
    """Changes and deletes messages of rooms, each again where Discord does not answer."""

    def __init__(self, client: discord.Client, webhooks: Webhooks) -> None:
        self._client = client
        self._webhooks = webhooks

    async def change(self, message_id: int, post: Post, place: Place) -> None:
        """Let a persona's message say what `post` says, in the same place and under the same name.

        Raises:
            PlaceGone, PostRefused, DiscordUnavailable: it stays as it was, or nobody knows.
        """

        async def edit() -> None:
            webhook = await self._webhooks.of(place.webhook_channel_id)
            await webhook.edit_message(
                message_id,
                content=post.text,
                attachments=[] if post.file is None else [_words_file(message_id, post.file)],
                allowed_mentions=_NO_PINGS,
                thread=thread_of(place),
            )

        await tried(edit)

    async def delete(self, message_id: int, place: Place, *, by_persona: bool) -> None:
        """Delete a message of the room; one that is gone already is fine.

        One of a webhook that is gone only moderators may delete: it stays where the bot is none.

        Raises:
            PlaceGone, DiscordUnavailable: it may still be there.
        """

        async def remove_as_persona() -> None:
            webhook = await self._webhooks.of(place.webhook_channel_id)
            await webhook.delete_message(message_id, thread=thread_of(place))

        async def remove_as_house() -> None:
            await self._client.get_partial_messageable(place.channel_id).get_partial_message(message_id).delete()

        try:
            await tried(remove_as_persona if by_persona else remove_as_house)
        except MessageGone:
            if not by_persona or await self.find(message_id, place) is None:
                _log.info("message %s was gone already", message_id)
                return
            try:
                await tried(remove_as_house)
            except PlaceGone as hindrance:
                _log.warning("message %s is of a webhook that is gone, and stays: %s", message_id, hindrance)

    async def find(self, message_id: int, place: Place) -> discord.Message | None:
        """Return a message as it stands in the channel; None when it is gone.

        Raises:
            PlaceGone, DiscordUnavailable: it is not known.
        """
        found: list[discord.Message] = []

        async def look() -> None:
            found.append(await self._client.get_partial_messageable(place.channel_id).fetch_message(message_id))

        try:
            await tried(look)
        except MessageGone:
            return None
        return found[0]


def refitted(seat: Seat, text: str, places: int) -> list[Post]:
    """Return `text` as at most so many messages of a seat's persona; the last one attaches what does not fit."""
    posts = persona_posts(seat, text)
    if len(posts) <= places:
        return posts
    last = posts[places - 1]
    beginning = split(last.text, LEAD_IN_LENGTH)[0]
    rest = text if places == 1 else "\n\n".join(post.text for post in posts[places - 1 :])
    label = ATTACHED if places == 1 else REST_ATTACHED
    return [*posts[: places - 1], replace(last, text=f"{beginning}\n\n{label}", file=rest)]


def _words_file(message_id: int, words: str) -> discord.File:
    return NumberedFile(io.BytesIO(words.encode()), f"words-{message_id}.md")
