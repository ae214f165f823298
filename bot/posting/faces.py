"""The faces of the models, kept as emojis of the application: their addresses are public and never expire."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from typing import Any

import discord

from bot.posting.portrait import portrait

DISCORD_EMOJI_NAME_LIMIT = 32
EMOJI_PREFIX = "backroom_"
SECONDS_TO_WAIT_FOR_A_FACE = 5.0
"""So long what is said waits for it, and not again: Discord limits emoji uploads tightly, and discord.py sits such
limits out."""

SECONDS_BEFORE_ANOTHER_TRY = 300.0

_HASH_LENGTH = 6
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")

log = logging.getLogger(__name__)


def emoji_name(model_name: str) -> str:
    """Return the name of a model's emoji: 2 to 32 letters, digits and underscores, different for every model."""
    digest = hashlib.sha256(model_name.encode("utf-8", "replace")).hexdigest()[:_HASH_LENGTH]
    room = DISCORD_EMOJI_NAME_LIMIT - len(EMOJI_PREFIX) - len(digest) - 1
    words = _NOT_IN_NAMES.sub("_", model_name.lower()).strip("_")[:room].strip("_")
    return f"{EMOJI_PREFIX}{words}_{digest}" if words else f"{EMOJI_PREFIX}{digest}"


class Faces:
    """Answers where a model's face is, and uploads it the first time it is asked for.

    A face is never worth a lost word: when Discord declines, there is none for a while, and that is all.
    """

    def __init__(self, bot: discord.Client, seconds_before_another_try: float = SECONDS_BEFORE_ANOTHER_TRY) -> None:
        self._bot = bot
        self._seconds_before_another_try = seconds_before_another_try
        self._not_before = 0.0
        self._has_warned = False
        self._uploaded: asyncio.Task[dict[str, str]] | None = None
        self._addresses: dict[str, asyncio.Task[str]] = {}
        self._awaited_until: dict[str, float] = {}

    async def face_of(self, model_name: str) -> str | None:
        """Return the address of a model's face for `avatar_url`, or None when there is none just now."""
        address, now = self._addresses.get(model_name), asyncio.get_running_loop().time()
        if address is None:
            if not model_name or now < self._not_before:
                return None
            address = asyncio.create_task(self._find_or_upload(model_name), name=f"face of {model_name}")
            self._addresses[model_name] = address
            self._awaited_until[model_name] = now + SECONDS_TO_WAIT_FOR_A_FACE
            address.add_done_callback(lambda task: self._settle(model_name, task))
        await asyncio.wait({address}, timeout=max(0.0, self._awaited_until[model_name] - now))
        failed = not address.done() or address.cancelled() or address.exception() is not None
        return None if failed else address.result()

    async def close(self) -> None:
        """Give up the uploads that are still under way."""
        tasks: list[asyncio.Task[Any]] = [*self._addresses.values()]
        tasks += [self._uploaded] if self._uploaded else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _find_or_upload(self, model_name: str) -> str:
        name = emoji_name(model_name)
        uploaded = await self._uploaded_before()
        if name in uploaded:
            return uploaded[name]
        picture = await asyncio.to_thread(portrait, model_name)
        emoji = await self._bot.create_application_emoji(name=name, image=picture)
        return str(emoji.url)

    async def _uploaded_before(self) -> dict[str, str]:
        if self._uploaded is None:
            self._uploaded = asyncio.create_task(self._fetch(), name="faces uploaded before")
        return await asyncio.shield(self._uploaded)

    async def _fetch(self) -> dict[str, str]:
        return {emoji.name: str(emoji.url) for emoji in await self._bot.fetch_application_emojis()}

    def _settle(self, model_name: str, address: asyncio.Task[str]) -> None:
        """Keep what was found; forget what failed, and what was thought to be uploaded with it."""
        error = None if address.cancelled() else address.exception()
        if error is None and not address.cancelled():
            self._has_warned = False
            return
        del self._addresses[model_name]
        if self._uploaded is not None and self._uploaded.done():
            self._uploaded = None
        self._not_before = address.get_loop().time() + self._seconds_before_another_try
        if error is not None:
            level = logging.DEBUG if self._has_warned else logging.WARNING
            log.log(level, "%s has no face for now: %s: %s", model_name, type(error).__name__, error)
            self._has_warned = True
