"""Threads that are opened for rooms: noted first, so that none is left behind in which no room came to be."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import StorageError

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

_MARK = "thread-begun-"
MESSAGES_LOOKED_AT = 10
SECONDS_UNTIL_TOLD = 3.0
"""So long after a failure the gateway may take to tell of a thread that Discord opened all the same."""

_log = logging.getLogger("backroom.client")


@dataclass(frozen=True, slots=True)
class _Begun:
    """A thread that was to be opened under `home`, maybe on the message `on`; `asked` is the interaction."""

    guild: int
    home: int
    asked: int
    on: int | None

    def may_be(self, thread: discord.Thread) -> bool:
        """Whether it may have become this thread."""
        return thread.id == self.on or (thread.id > self.asked and thread.parent_id == self.home)


class ThreadsBegun:
    """Notes which threads are about to be opened, and takes away those that were left empty, by an earlier run too."""

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._marks = bot.supplies.database.marks
        self._left: dict[str, str] = {}
        self._under_way: set[_Begun] = set()
        self._looks: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """Learn what an earlier run began and did not end."""
        self._left = await self._marks.beginning_with(_MARK)

    @asynccontextmanager
    async def noted(self, asked: int, home: discord.abc.GuildChannel, on: int | None) -> AsyncGenerator[None]:
        """Note for the length of the block that a thread is opened under `home`, maybe on the message `on`.

        `asked` is the interaction in which it was asked for. Who is interrupted has the next run look; who fails, or
        had to ask twice, leaves nothing either: Discord may have opened a thread and not have said so.
        """
        begun, mark = _Begun(home.guild.id, home.id, asked, on), f"{_MARK}{asked}"
        self._under_way.add(begun)
        try:
            await self._marks.keep(mark, json.dumps(astuple(begun)))
            try:
                yield
            except Exception:
                self._look_soon(mark, begun)
                raise
        finally:
            self._under_way.discard(begun)
        await self._take_away_of(mark, begun)

    async def take_away_left(self) -> None:
        """Take away what an earlier run left, once Discord has said which threads there are."""
        left, self._left = self._left, {}
        for mark, value in left.items():
            await self._take_away_of(mark, _Begun(*json.loads(value)))

    async def close(self) -> None:
        """Look no more: the next start does."""
        for task in (tasks := tuple(self._looks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _look_soon(self, mark: str, begun: _Begun) -> None:
        task = asyncio.create_task(self._look(mark, begun), name=mark)
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _look(self, mark: str, begun: _Begun) -> None:
        await asyncio.sleep(SECONDS_UNTIL_TOLD)
        await self._take_away_of(mark, begun)

    async def _take_away_of(self, mark: str, begun: _Begun) -> None:
        """Take away what was opened and left empty; what cannot be looked at now is left to the next start."""
        guild = self._bot.get_guild(begun.guild)
        if guild is None or guild.unavailable:
            return
        try:
            for thread in guild.threads:
                is_it = begun.may_be(thread) and thread.owner_id == guild.me.id
                if is_it and not self._is_being_opened(thread) and await self._is_empty(thread):
                    _log.info("thread %s is taken away: no room was opened in it", thread.id)
                    await take_away(thread)
        except (discord.HTTPException, aiohttp.ClientError, OSError, StorageError) as error:
            _log.warning("a thread in which no room was opened may be left under channel %s: %s", begun.home, error)
        else:
            await self._drop(mark)

    def _is_being_opened(self, thread: discord.Thread) -> bool:
        """Whether this run may be about to open a room in a thread: the database knows nothing of that room yet."""
        return any(begun.may_be(thread) for begun in self._under_way)

    async def _is_empty(self, thread: discord.Thread) -> bool:
        """Whether no room ever was in a thread and nobody but the bot has said anything there."""
        if await self._bot.supplies.database.exports.newest_at(thread.id) is not None:
            return False
        said = [message async for message in thread.history(limit=MESSAGES_LOOKED_AT)]
        return all(message.is_system() or message.author.id == thread.owner_id for message in said)

    async def _drop(self, mark: str) -> None:
        try:
            await self._marks.drop(mark)
        except StorageError as error:
            _log.info("%s is looked at again at the next start: %s", mark, error)


async def take_away(thread: discord.Thread) -> None:
    """Delete a thread in which no room was opened, or close it where the bot may not delete even its own."""
    try:
        if thread.permissions_for(thread.guild.me).manage_threads:
            await thread.delete()
        else:
            await thread.edit(archived=True)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("thread %s stays, though no room was opened in it: %s", thread.id, error)
