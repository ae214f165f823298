"""Plays rooms in the real process, kills it, starts it again, and tells in the end what did not hold."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.world.channels import Channel
from bot.room import notices
from bot.room.entries import Spoke
from bot.room.state import Phase
from tests.crash.cast import Cast
from tests.crash.moments import FROM_THE_START, MOMENTS, WITH_PEOPLE
from tests.crash.people import People
from tests.end_to_end.stage import Stage, a_stage, until
from tests.invariants import CLAIMS, Evidence, Moment, Witness, lost_between
from tests.invariants.asking import paid_twice
from tests.invariants.evidence import RoomEvidence
from tests.invariants.panels import wrong_panels
from tests.invariants.people import kept_in_spite_of_people, wrong_hearing, wrong_reactions

SECONDS_TO_MEET_A_MOMENT = 12.0
SECONDS_TO_START_UP = 60.0
"""Far more than it takes: the machine may have much else to do."""
SECONDS_TO_FINISH = 60.0
SHARE_OF_STEERING = 0.5
SECONDS_BETWEEN_LOOKS = 0.25
"""At all that is written down, which takes its time: the stage stands still meanwhile."""
SECONDS_BEFORE_STEERING = 1.5

KEPT = "what is written down stays as it is"
AS_BEFORE = "a room that comes back is as it was"
COMES_BACK = "the program comes back and brings its rooms to their end"


@dataclass
class Findings:
    """What came of a play: by claim, what did not hold and after which kill it was first seen."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter[str])
    wrong: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    rooms: int = 0
    turns: int = 0
    messages: int = 0
    pictures: int = 0
    paid_twice: int = 0

    def note(self, claim: str, sentences: Sequence[str], when: str) -> None:
        """Keep what is said against a claim, each sentence once."""
        for sentence in sentences:
            self.wrong.setdefault(claim, {}).setdefault(sentence, when)

    def against(self, claim: str) -> list[str]:
        """Return what was found against a claim."""
        return [f"{sentence} (Seen {when}.)" for sentence, when in self.wrong.get(claim, {}).items()]


async def play_and_kill(folder: Path, seed: int, moments: Sequence[str]) -> Findings:
    """Play rooms in channels and threads, kill the process at each of the moments, and let the rooms finish."""
    async with a_stage(folder) as stage:
        play = Play(stage, random.Random(seed), Findings(seed))
        for moment in moments:
            await play.one_life(moment)
        await play.last_life()
        play.count()
        return play.findings


class Play:
    """A stage with some rooms, a cast, people, and a process that is started and killed."""

    process: asyncio.subprocess.Process

    def __init__(self, stage: Stage, chance: random.Random, findings: Findings) -> None:
        self.stage = stage
        self.chance = chance
        self.findings = findings
        self.cast = Cast(chance)
        self.people = People(stage, chance)
        self.killed = asyncio.Event()
        self._greeted = asyncio.Event()
        self._under_way: list[asyncio.Task[Any]] = []
        self._witness = Witness(stage)
        self._before = Evidence()
        stage.host.script = self.cast.answer
        stage.host.picture_script = self.cast.paint

    def kill(self) -> None:
        """Kill the process now."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)  # its own kill() may reap a process that has just ended
        self.killed.set()

    def kill_and_cut(self) -> None:
        """Kill the process now, and let the request that is being answered break off."""
        self.kill()
        raise ConnectionCut

    def begin(self, deed: Coroutine[Any, Any, Any]) -> None:
        """Let somebody begin something that a kill may interrupt; it is given up with this life of the process."""
        self._under_way.append(asyncio.create_task(deed))

    async def until_rooms_move(self) -> None:
        """Wait until a model is asked."""
        asked = len(self.stage.host.requests)
        await until(lambda: len(self.stage.host.requests) > asked)

    def owes_nothing_in(self, channel: Channel) -> bool:
        """Whether all that is written down for a channel has appeared there."""
        return not any(room.owes_words for room in self._witness.evidence().rooms if room.channel == channel.id)

    async def one_life(self, moment: str) -> None:
        """Start the process, kill it at the moment, and look at what it left."""
        self.killed, self._greeted = asyncio.Event(), asyncio.Event()
        async with self.stage.process(until_ready=False) as self.process:
            self.begin(self._greet_and_steer())
            try:
                await self._meet(moment)
            except TimeoutError:
                moment += " (not met)"
            self.kill()
            await self._give_up()
            await self._until_gone()
        self.findings.kills[moment] += 1
        self._look(f"after kill {self.findings.kills.total()}, {moment}")
        await self.people.talk_meanwhile()

    async def last_life(self) -> None:
        """Start the process once more, let every room come to its end, and hold all claims against it."""
        async with self.stage.process() as self.process:
            await self._compare_rooms()
            await self._resume_rooms()
            if self._owes_forgetting():
                await self.people.forget()
            await self._close_parlours()
            try:
                await until(self._all_is_over, SECONDS_TO_FINISH, every=SECONDS_BETWEEN_LOOKS)
            except TimeoutError:
                self.findings.note(COMES_BACK, [f"Not over: {self._left_over()}"], "at the end")
            await self._close_panels()
            self.process.terminate()
            await self._until_gone()
            if self.process.returncode != 0:
                self.findings.note(COMES_BACK, [f"SIGTERM ended it with {self.process.returncode}."], "at the end")
        self._look("at the end", Moment.DONE)

    def count(self) -> None:
        """Note how much was played."""
        evidence = self._before
        if not evidence.rooms:
            self.findings.note(COMES_BACK, ["Nothing was played at all."], "at the end")
        entries = [one.entry for room in evidence.rooms for one in room.entries]
        self.findings.rooms = len(evidence.rooms)
        self.findings.turns = sum(isinstance(entry, Spoke) for entry in entries)
        self.findings.messages = sum(map(len, evidence.channels.values()))
        self.findings.pictures = sum(len(room.pictures) for room in evidence.rooms)
        self.findings.paid_twice = paid_twice(evidence)

    async def _meet(self, moment: str) -> None:
        seconds = SECONDS_TO_MEET_A_MOMENT
        if moment in FROM_THE_START:
            seconds += SECONDS_TO_START_UP
        else:
            await self.stage.discord.bot_is_ready(SECONDS_TO_START_UP)
        if moment in WITH_PEOPLE:
            await asyncio.wait_for(self._greeted.wait(), SECONDS_TO_START_UP)
        await asyncio.wait_for(MOMENTS[moment](self), seconds)

    def _look(self, when: str, moment: Moment = Moment.ANY_INSTANT) -> None:
        self._witness.stops += 1
        evidence = self._witness.evidence(is_down=True)
        self.findings.note(KEPT, lost_between(self._before, evidence), when)
        for name, claim in CLAIMS.items():
            self.findings.note(name, list(claim(evidence, moment)), when)
        self._before = evidence

    async def _until_gone(self) -> None:
        """Wait until the process has ended and Discord has noticed, and read what it logged."""
        _, logged = await asyncio.wait_for(self.process.communicate(), SECONDS_TO_MEET_A_MOMENT)
        if b"Traceback" in logged:
            last_lines = logged.decode("utf-8", "replace").strip().splitlines()[-12:]
            self.findings.note(COMES_BACK, ["The log holds a traceback: " + " / ".join(last_lines)], "in the log")
        await until(lambda: not self.stage.discord.gateway.has_a_client)

    async def _give_up(self) -> None:
        """Cancel what people had begun, and raise what had already gone wrong in it."""
        tasks, self._under_way = self._under_way, []
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()

    def _owes_forgetting(self) -> bool:
        """Whether somebody wanted to be forgotten and was never told that they are."""
        wishes = self._witness.evidence(is_down=True).wishes
        return bool(wishes) and wishes[-1].told is None

    async def _close_parlours(self) -> None:
        """Wait until the rooms that wait for their conductor have heard everything, and stop them."""
        waiting = [room for room in _open_rooms(self._before) if room.state.order == "conductor"]
        self._witness.listened |= {room.number for room in waiting}
        with suppress(TimeoutError):  # what is missing then, the claims will say
            await until(self._is_everything_heard, every=SECONDS_BETWEEN_LOOKS)
        for room in waiting:
            await self.stage.ann.slash(self._channel_of(room), "backroom stop")

    async def _close_panels(self) -> None:
        """Wait until no room that is over can be pressed."""
        self._witness.closed |= {room.number for room in self._witness.evidence().rooms if room.is_over}
        with suppress(TimeoutError):  # what is missing then, the claims will say
            await until(self._is_no_panel_wrong, every=SECONDS_BETWEEN_LOOKS)

    def _is_no_panel_wrong(self) -> bool:
        return not list(wrong_panels(self._witness.evidence(), Moment.DONE))

    def _is_everything_heard(self) -> bool:
        evidence = self._witness.evidence()
        claims = (wrong_hearing, wrong_reactions, kept_in_spite_of_people)
        return not any(list(claim(evidence, Moment.DONE)) for claim in claims)

    async def _compare_rooms(self) -> None:
        """Ask about every room that came back, before it goes on; the answer must be what the journal says."""
        for room in _open_rooms(self._before):
            reply = await self.stage.ann.slash(self._channel_of(room), "backroom status")
            as_it_was = reply.content.startswith(notices.status(room.state))  # below it stand the most loved lines
            if not self.killed.is_set() and not as_it_was:
                wrong = f"Room {room.number} was {notices.status(room.state)!r} and is {reply.content!r}."
                self.findings.note(AS_BEFORE, [wrong], "when it came back")

    async def _greet_and_steer(self) -> None:
        """Do what people do once the bot is there: look how rooms stand, let them go on, open new ones, steer."""
        await self.stage.discord.bot_is_ready(SECONDS_TO_START_UP)
        await self._compare_rooms()
        await self._resume_rooms()
        open_here = {room.channel for room in _open_rooms(self._before)}
        for channel in (*self.people.running, self.people.parlour):
            if channel.id not in open_here:
                await self.people.open_room(channel)
        self._greeted.set()
        if self._owes_forgetting():
            await self.people.forget()
        await self.people.call_on(self.chance.choice(("AI-1", "AI-2")))
        if self.chance.random() < SHARE_OF_STEERING:
            await asyncio.sleep(self.chance.uniform(0, SECONDS_BEFORE_STEERING))
            await self.people.steer(f"in life {self.findings.kills.total()}")

    async def _resume_rooms(self) -> None:
        for room in _open_rooms(self._before):
            if room.state.phase is Phase.PAUSED:
                await self.stage.ann.slash(self._channel_of(room), "backroom resume")

    def _channel_of(self, room: RoomEvidence) -> Channel:
        return self.stage.guild.channels[room.channel]

    def _all_is_over(self) -> bool:
        rooms = self._witness.evidence().rooms
        return all(room.is_over and not room.owes_words for room in rooms)

    def _left_over(self) -> str:
        rooms = self._witness.evidence().rooms
        unfinished = [room for room in rooms if not room.is_over or room.owes_words]
        return "; ".join(
            f"room {room.number}, {sum(line.waits for line in room.outbox)} posts wait: {notices.status(room.state)!r}"
            for room in unfinished
        )


def _open_rooms(evidence: Evidence) -> list[RoomEvidence]:
    return [room for room in evidence.rooms if not room.is_over]
