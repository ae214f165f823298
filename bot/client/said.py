"""What a person's message says, as a room comes to know it: words, the names of files, pictures."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord

from bot.errors import PictureError
from bot.images.verify import for_models, verified
from bot.room import notices
from bot.room.hearing import is_off_the_record
from bot.storage import StoredPicture

HIDES = "🙈"
"""A reaction by which the author, or who may steer, takes a message off the record."""
PICTURES_A_MESSAGE = 4
PICTURE_LIMIT_BYTES = 8 * 1024 * 1024
"""Of a picture that a person shows; models are shown it much smaller."""
SECONDS_TO_FETCH = 10.0
"""After which the words are heard without the picture."""
FILE_NAME_LIMIT = 60

_log = logging.getLogger("backroom.audience")


def is_by_person(message: discord.Message) -> bool:
    """Whether a person wrote it: no bot, no webhook, and not Discord itself."""
    is_said = message.type in (discord.MessageType.default, discord.MessageType.reply)
    return is_said and not message.author.bot and message.webhook_id is None


def words_of(message: discord.Message) -> str:
    """Return what a message says, with names in place of mentions and the names of its files.

    Empty for what is off the record, and for what the bot may not read.
    """
    if is_off_the_record(message.content):
        return ""
    return notices.with_files(message.clean_content.strip(), _files_of(message))


def lost_files(message: discord.Message, said: str) -> bool:
    """Whether its author took files away from a message, with which it once `said` something; none can be added.

    Nobody noted which of its pictures are left then.
    """
    return not message.attachments or not said.endswith(notices.with_files("", _files_of(message)))


def _files_of(message: discord.Message) -> list[str]:
    names = [attachment.filename for attachment in message.attachments]
    names += [sticker.name for sticker in message.stickers]
    return [name[:FILE_NAME_LIMIT] for name in names]


async def pictures_of(message: discord.Message) -> list[StoredPicture]:
    """Fetch the pictures of a message, as models are shown them; what is none, or too large, is left out."""
    claimed = [one for one in message.attachments if (one.content_type or "").startswith("image/")]
    fetched = await asyncio.gather(*(_fetched(one) for one in claimed[:PICTURES_A_MESSAGE]))
    return [picture for picture in fetched if picture is not None]


async def _fetched(attachment: discord.Attachment) -> StoredPicture | None:
    if attachment.size > PICTURE_LIMIT_BYTES:
        return None
    try:
        async with asyncio.timeout(SECONDS_TO_FETCH):
            data = await attachment.read()
        return await asyncio.to_thread(_shrunk, data)
    except (PictureError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        _log.info("a picture that a person showed was left out: %s", error or type(error).__name__)
        return None


def _shrunk(data: bytes) -> StoredPicture:
    """Keep only what models are shown: without the place and the camera that a photograph may tell of."""
    seen = for_models(verified(data))
    picture = verified(seen)
    return StoredPicture(seen, picture.media_type, picture.width, picture.height, seen)
