"""Takes the turns: supervised tasks for each room, one for its turns, one for its pictures, one for what waits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from discord.ext import commands

from bot.client import BackroomBot
from bot.errors import BackroomError, DiscordUnavailable, PlaceGone, StorageError
from bot.listening import note_reactions
from bot.open_room import OpenRoom
from bot.pauses import pauses
from bot.pausing import pause, pause_without_a_turn, why_no_turn
from bot.picturing import make_picture
from bot.room import notices
from bot.room.entries import Ended, Resumed
from bot.room.hindrance import Hindrance
from bot.room.order import waits_for_conductor
from bot.room.state import Phase, RoomState
from bot.storage import LeaseTaken
from bot.supervisor import Supervisor
from bot.turn import take_turn
from bot.waiting import say_why, words_wait
from bot.words import later, speak, t

SECONDS_TO_SETTLE = 5.0
"""How long the end of the program waits for posts that are on their way; the outbox keeps them all the same."""
SECONDS_BEFORE_PROBE_AT_MOST = 600.0
"""How long a models' host that is out is left alone, doubling each time; each question costs what a turn costs."""
PROBES_THAT_DOUBLE = 30
"""A room may wait for weeks, and a number doubled that often is none any more."""

UNFORESEEN = later("Something went wrong that the bot did not expect; its log says what.")

_log = logging.getLogger("backroom.scheduler")


class Scheduler(commands.Cog):
    """Keeps every running room going, and stops at once what is not to go on."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._supervisor = Supervisor()
        self._rooms: set[OpenRoom] = set()

    async def cog_load(self) -> None:
        """Go on with the rooms of an earlier run, once Discord has said what is there."""
        self._supervisor.start(("resume", 0), self._go_on_with_open_rooms)

    async def cog_unload(self) -> None:
        """Cancel what is under way, and let posts that have begun arrive."""
        settled = (room.settle(SECONDS_TO_SETTLE) for room in self._rooms)
        await asyncio.gather(self._supervisor.close(), *settled, return_exceptions=True)

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Make what is under way agree with the room's state."""
        state = room.state
        self._rooms.add(room)
        if room.asks_in_vain:
            self._keep("turns", room, self._take_turns, wanted=False)
        self._keep("turns", room, self._take_turns, wanted=_takes_turns(state))
        self._keep_pictures(room)
        self._keep("probe", room, self._probe, wanted=state.phase is Phase.PAUSED and state.pause_cause == "host")
        self._keep("words", room, self._say_what_waits, wanted=True)
        if state.phase is Phase.ENDED:
            self.bot.rooms.close(room)

    async def _go_on_with_open_rooms(self) -> None:
        await self.bot.wait_until_ready()
        self.bot.catching_up.fall_behind(self.bot.rooms)
        for room in self.bot.rooms:
            self.bot.room_changed(room)
        for seconds in pauses():
            try:
                owing = await self.bot.rooms.owing_words()
            except StorageError as error:
                _log.warning("rooms that are over may still owe words: %s", error)
                await asyncio.sleep(seconds)
            else:
                for room in owing:
                    self.bot.room_changed(room)
                return

    async def _take_turns(self, room: OpenRoom) -> None:
        """A fault in one room pauses that room, or lets it wait; it never ends the others."""
        await self.bot.catching_up.glance_before_turns(room)
        await self._getting_through(room, self._say_first)
        while _takes_turns(room.state):
            await self._getting_through(room, self._take_next_turn)
        self.bot.room_changed(room)

    async def _getting_through(self, room: OpenRoom, work: Callable[[OpenRoom], Awaitable[None]]) -> None:
        """Do some work for a room, and meet whatever hinders it: wait for what passes, pause for what does not."""
        try:
            try:
                await work(room)
            except PlaceGone as gone:
                await pause(room, str(gone), "place")
            except (DiscordUnavailable, StorageError):
                raise
            except BackroomError as error:
                _log.warning("room %s: %s", room.number, error)
                await pause(room, str(error))
            except Exception:  # noqa: BLE001 - one room's fault is never another's
                _log.exception("room %s: an error that nobody foresaw", room.number)
                await pause(room, UNFORESEEN)
        except PlaceGone as gone:
            await self._tell_of(room, gone)
        except LeaseTaken:
            raise  # the program is ending
        except BackroomError as trouble:
            await self._wait_out(room, trouble)
        except Exception:  # noqa: BLE001 - the room could not even be paused
            _log.exception("room %s: an error that nobody foresaw, while another was met", room.number)
            await self._wait_out(room, BackroomError(UNFORESEEN))

    async def _say_first(self, room: OpenRoom) -> None:
        """Nobody is asked about words that may never appear: Discord could decline what a crash left behind."""
        if room.owes_words:
            await room.say()

    async def _take_next_turn(self, room: OpenRoom) -> None:
        budget = self.bot.room_budget_usd(room)
        if room.state.rounds_are_over:
            await self._end_after_its_rounds(room)
        elif why_no_turn(room, room.state, budget) is not None:
            await pause_without_a_turn(room, budget)
        else:
            await take_turn(room, self.bot.table)
            self._keep_pictures(room)
            self._keep("words", room, self._say_what_waits, wanted=room.owes_words)

    async def _end_after_its_rounds(self, room: OpenRoom) -> None:
        self._keep_pictures(room)
        await self._supervisor.until_ended(("pictures", room.number))
        while seconds := await room.say():  # noqa: ASYNC110 - it is the time that lets pictures through
            await asyncio.sleep(seconds)
        await note_reactions(room)
        async with room.draft() as draft:
            if draft.state.phase is not Phase.RUNNING or draft.state.pictures_pending:
                return  # somebody has paused it, or asked for one more picture
            draft.enter(Ended(reason="rounds"))
            draft.notice(notices.rounds_over(draft.state.opened.rounds if draft.state.opened else 0))

    async def _wait_out(self, room: OpenRoom, trouble: BackroomError) -> None:
        """Wait until what hinders a room has passed; meanwhile people can see what that is."""
        try:
            closed = await self._try_again_and_again(room, trouble)
        finally:
            room.hindrance = None
            room.stir()
        if closed is not None:
            await self._getting_through(room, lambda room: pause(room, str(closed), "place"))

    async def _try_again_and_again(self, room: OpenRoom, trouble: BackroomError) -> PlaceGone | None:
        """Try again and again what Discord or the disk did not let happen; what cannot be written down is said once.

        Returns why the room cannot go on yet, if its place is closed by now.
        """
        closed: PlaceGone | None = None
        _log.warning("room %s waits: %s", room.number, trouble)
        disk_failed = False
        since = time.time()
        for seconds in pauses():
            room.hindrance = Hindrance(str(trouble), since)
            room.stir()
            if isinstance(trouble, StorageError) and not disk_failed:
                disk_failed = True
                await room.say_unrecorded(notices.waits_for_the_disk(t(str(trouble))))
            await asyncio.sleep(seconds)
            try:
                await room.check_writable()
                await room.say()
            except PlaceGone as gone:
                closed = gone
                break
            except LeaseTaken:
                raise  # the program is ending
            except BackroomError as still:
                trouble = still
            except Exception:  # noqa: BLE001 - what waits is tried again, whatever it met
                _log.exception("room %s: an error that nobody foresaw", room.number)
            else:
                break
        _log.info("room %s goes on", room.number)
        if disk_failed:
            await room.say_unrecorded(notices.goes_on(t(notices.DISK_IS_BACK)))
        return closed

    async def _probe(self, room: OpenRoom) -> None:
        """Let the next seat ask a host that is out, after a while: if it answers, the room goes on."""
        doublings = min(room.state.probes, PROBES_THAT_DOUBLE)
        seconds = self.bot.supplies.settings.seconds_before_probe * 2.0**doublings
        await asyncio.sleep(min(seconds, SECONDS_BEFORE_PROBE_AT_MOST))
        await self._getting_through(room, self._resume_for_probe)
        self.bot.room_changed(room)

    async def _resume_for_probe(self, room: OpenRoom) -> None:
        async with room.draft() as draft:
            if draft.state.phase is Phase.PAUSED and draft.state.pause_cause == "host":
                draft.enter(Resumed(probe=True))

    def _keep_pictures(self, room: OpenRoom) -> None:
        """Let pictures be made that are pending; one that nobody wants any more comes to its end: it costs the same."""
        is_open = room.state.phase is not Phase.ENDED
        if room.state.pictures_pending or not is_open:
            self._keep("pictures", room, self._make_pictures, wanted=is_open)

    async def _make_pictures(self, room: OpenRoom) -> None:
        while room.state.pictures_pending:
            next_one, budget = room.state.pictures_pending[0], self.bot.room_budget_usd(room)
            await make_picture(room, self.bot.picture_maker, next_one, budget)
            self._keep("words", room, self._say_what_waits, wanted=True)

    async def _tell_of(self, room: OpenRoom, gone: PlaceGone) -> None:
        """Let people know of a closed place: there where the house can speak, else by letter.

        Of a room that is over, nobody hears by the gateway that its place is gone for good.
        """
        state, told = room.state, gone.told and room.state.phase is not Phase.ENDED
        is_to_pause = state.phase is Phase.RUNNING and ("turns", room.number) in self._supervisor
        if state.phase is not Phase.ENDED and state.pause_cause != "place" and not is_to_pause:
            words_wait(room, str(gone))
            told = told and await say_why(room, self.bot.supplies.database.outbox, gone)
        if not told:
            self.bot.dispatch("place_closed", room, str(gone))

    async def _say_what_waits(self, room: OpenRoom) -> None:
        """Let appear what waits in the outbox, however long Discord takes."""
        seconds_between_tries = pauses()
        while room.owes_words:
            try:
                await room.until_more_to_say(await room.say())
            except PlaceGone as gone:
                await self._tell_of(room, gone)
                if room.state.phase is not Phase.ENDED and not room.has_more_to_say:
                    return  # when its place opens, somebody says so or looks
                await asyncio.sleep(next(seconds_between_tries))
            except BackroomError as error:
                _log.warning("room %s: %s", room.number, error)
                words_wait(room, str(error))
                await room.until_more_to_say(next(seconds_between_tries))
            except Exception:  # noqa: BLE001 - what waits is tried again, whatever it met
                _log.exception("room %s: an error that nobody foresaw", room.number)
                await asyncio.sleep(next(seconds_between_tries))
        if room.state.phase is Phase.ENDED:
            self._rooms.discard(room)
            room.stir()

    def _keep(self, what: str, room: OpenRoom, work: Callable[[OpenRoom], Awaitable[None]], *, wanted: bool) -> None:
        """Start `work` if it is wanted and not under way; cancel it if it is under way and not wanted."""
        self._supervisor.keep((what, room.number), lambda: _in_its_language(room, work), wanted=wanted)


def _takes_turns(state: RoomState) -> bool:
    """Whether there is a turn to take, or to find out why there is none; a conductor's room waits without a task."""
    return state.phase is Phase.RUNNING and not waits_for_conductor(state)


async def _in_its_language(room: OpenRoom, work: Callable[[OpenRoom], Awaitable[None]]) -> None:
    """Speak the room's language, not that of the person because of whom the task began."""
    speak(room.locale)
    await work(room)


async def setup(bot: BackroomBot) -> None:
    """Add the scheduler to the bot."""
    await bot.add_cog(Scheduler(bot))
