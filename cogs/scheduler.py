"""Takes the turns: one supervised task for each running room, and one for the pictures that it waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from discord.ext import commands

from bot.client import BackroomBot
from bot.errors import BackroomError, PictureError
from bot.images.verify import for_models
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Ended, Paused, PictureAsked, PictureFailed, PictureMade
from bot.room.state import Phase, whose_turn
from bot.storage import StoredPicture
from bot.turn import take_turn

SECONDS_TO_SETTLE = 5.0
"""How long the end of the program waits for posts that are on their way; the outbox keeps them all the same."""

_log = logging.getLogger("backroom.scheduler")


class Scheduler(commands.Cog):
    """Keeps every running room going, and stops at once what is not to go on."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}

    async def cog_load(self) -> None:
        """Go on with the rooms of an earlier run, once Discord has said what is there."""
        self._start("resume", 0, self._go_on_with_open_rooms())

    async def cog_unload(self) -> None:
        """Cancel what is under way, and let posts that have begun arrive."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(
            *tasks, *(room.settle(SECONDS_TO_SETTLE) for room in self.bot.rooms), return_exceptions=True
        )

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Make what is under way agree with the room's state."""
        self._keep("turns", room, self._take_turns(room), wanted=room.state.phase is Phase.RUNNING)
        pictures_wanted = bool(room.state.pictures_pending) and room.state.phase is not Phase.ENDED
        self._keep("pictures", room, self._make_pictures(room), wanted=pictures_wanted)
        await self._say(room)
        if room.state.phase is Phase.ENDED:
            self.bot.rooms.close(room)

    async def _go_on_with_open_rooms(self) -> None:
        await self.bot.wait_until_ready()
        for room in (*self.bot.rooms, *await self.bot.rooms.owing_words()):
            self.bot.room_changed(room)

    async def _take_turns(self, room: OpenRoom) -> None:
        """A fault in one room pauses that room and says so; it never ends the others."""
        while room.state.phase is Phase.RUNNING:
            try:
                await self._take_next_turn(room)
            except BackroomError as error:
                _log.warning("room %s: %s", room.number, error)
                await self._pause(room, str(error))
            except Exception:  # noqa: BLE001 - one room's fault is never another's
                _log.exception("room %s: an error that nobody foresaw", room.number)
                await self._pause(room, "The bot met an error that it did not foresee; its log says which.")

    async def _take_next_turn(self, room: OpenRoom) -> None:
        if room.state.rounds_are_over:
            await self._end_after_its_rounds(room)
        elif whose_turn(room.state) is None:
            await self._pause(room, notices.NOBODY_ANSWERS)
        else:
            await take_turn(room, self.bot.table)
            self._keep("pictures", room, self._make_pictures(room), wanted=bool(room.state.pictures_pending))

    async def _end_after_its_rounds(self, room: OpenRoom) -> None:
        if pictures := self._tasks.get(("pictures", room.number)):
            await asyncio.wait([pictures])
        rounds = room.state.opened.rounds if room.state.opened else 0
        async with room.draft() as draft:
            if draft.state.phase is not Phase.RUNNING:
                return
            draft.enter(Ended(reason="rounds"))
            draft.notice(notices.rounds_over(rounds))
        self.bot.room_changed(room)

    async def _pause(self, room: OpenRoom, reason: str) -> None:
        async with room.draft() as draft:
            if draft.state.phase is Phase.RUNNING:
                draft.enter(Paused(reason=reason))
                draft.notice(notices.paused(reason))
        await self._say(room)

    async def _make_pictures(self, room: OpenRoom) -> None:
        while room.state.pictures_pending:
            await self._make_picture(room, room.state.pictures_pending[0])
            await self._say(room)

    async def _make_picture(self, room: OpenRoom, asked: PictureAsked) -> None:
        try:
            picture = await self.bot.picture_maker.make(asked.description)
            seen = await asyncio.to_thread(for_models, picture)
        except PictureError as error:
            await self._give_up_picture(room, asked, str(error))
        except Exception:  # noqa: BLE001 - the same picture would fail, and perhaps cost, again and again
            _log.exception("room %s: picture %s met an error that nobody foresaw", room.number, asked.picture)
            await self._give_up_picture(room, asked, "The bot met an error that it did not foresee.")
        else:
            stored = StoredPicture(picture.data, picture.media_type, picture.width, picture.height, seen)
            async with room.draft() as draft:
                draft.enter(PictureMade(picture=asked.picture, cost_usd=picture.cost_usd))
                draft.show(asked, stored)

    async def _give_up_picture(self, room: OpenRoom, asked: PictureAsked, reason: str) -> None:
        author = asked.by_name if asked.seat is None else room.state.seat(asked.seat).label
        async with room.draft() as draft:
            draft.enter(PictureFailed(picture=asked.picture, reason=reason))
            draft.notice(notices.image_failed(author, reason))

    async def _say(self, room: OpenRoom) -> None:
        try:
            await room.say()
        except BackroomError as error:
            _log.warning("room %s: %s", room.number, error)

    def _keep(self, what: str, room: OpenRoom, work: Coroutine[Any, Any, None], *, wanted: bool) -> None:
        """Start `work` if it is wanted and not under way; cancel it if it is under way and not wanted."""
        under_way = self._tasks.get((what, room.number))
        if under_way is not None and (under_way.done() or under_way.cancelling()):
            under_way = None
        if wanted and under_way is None:
            self._start(what, room.number, work)
            return
        work.close()
        if under_way is not None and not wanted and under_way is not asyncio.current_task():
            under_way.cancel()

    def _start(self, what: str, number: int, work: Coroutine[Any, Any, None]) -> None:
        before = self._tasks.get((what, number))
        task = asyncio.create_task(_after(before, work), name=f"{what}-{number}")
        self._tasks[what, number] = task
        task.add_done_callback(lambda done: self._forget(what, number, done))

    def _forget(self, what: str, number: int, task: asyncio.Task[None]) -> None:
        if self._tasks.get((what, number)) is task:
            del self._tasks[what, number]
        if not task.cancelled() and (error := task.exception()):
            _log.error("%s of room %s ended", what, number, exc_info=error)


async def _after(before: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
    """Begin when a task that is being cancelled has come to its end."""
    try:
        if before is not None:
            await asyncio.wait([before])
        await work
    finally:
        work.close()


async def setup(bot: BackroomBot) -> None:
    """Add the scheduler to the bot."""
    await bot.add_cog(Scheduler(bot))
