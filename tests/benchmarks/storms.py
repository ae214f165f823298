"""What is left of a room in a storm: turns that were delivered, the pace, and how soon it goes on after a fault."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from statistics import median

from bot.client import BackroomBot
from bot.models.answering import Answer, Ask
from bot.open_room import OpenRoom
from bot.rehearsal.account import Account, account_for
from bot.rehearsal.faults.faults import Struck
from bot.rehearsal.faults.host import UnsteadyHost
from bot.rehearsal.faults.plans import STORMS, Plan
from bot.rehearsal.stormy_room import StormyRoom
from bot.rehearsal.world.happenings import Happening, Posted
from bot.rehearsal.world.messages import Message
from bot.room.entries import Failed, Spoke
from bot.room.state import Phase
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, NewWords, a_bench, connected
from tests.end_to_end.stage import Stage

SEED = 4
"""The vandal's few incidents are grave ones under it: a kick, deleted messages, a permission taken."""
SEATS = 2
ROUNDS, ROUNDS_QUICK = 6, 2
SECONDS_BETWEEN_TURNS = 0.3
SECONDS_AT_MOST, SECONDS_AT_MOST_QUICK = 30.0, 9.0
"""After so long a storm is over, whether the room has come to its end or not."""
SECONDS_AFTERWARDS, SECONDS_AFTERWARDS_QUICK = 8.0, 3.0
"""So long the room may go on after that; what is not said then counts as not delivered."""
POSTS_A_MINUTE = 30
CALM = Plan()


async def measure(quick: bool = False) -> list[Figure]:
    """Return what becomes of one scripted room in each storm, beside the same room without any."""
    rounds = ROUNDS_QUICK if quick else ROUNDS
    seconds = (SECONDS_AT_MOST_QUICK, SECONDS_AFTERWARDS_QUICK) if quick else (SECONDS_AT_MOST, SECONDS_AFTERWARDS)
    calm = await _play(CALM, rounds, *seconds)
    figures = [
        Figure("calm: turns delivered, of those asked for", calm.delivered / calm.answered, "x", at_least=1),
        Figure("calm: turns a minute", calm.turns_a_minute, "turns/min"),
    ]
    for name, plan in STORMS.items():
        figures += _figures(name, await _play(plan, rounds, *seconds), calm)
    return figures


@dataclass(frozen=True, slots=True)
class _Course:
    """How a room went. `answered` are the turns asked for, but for those that the models' host left unanswered."""

    answered: int
    unanswered: int
    delivered: int
    turns_a_minute: float
    account: Account
    faults: int
    recoveries: list[float]


def _figures(name: str, stormy: _Course, calm: _Course) -> list[Figure]:
    unanswered = f", without {stormy.unanswered} that the models' host failed" if stormy.unanswered else ""
    account = stormy.account
    delivered = f"{name}: turns delivered, of those asked for{unanswered}"
    figures = [
        Figure(delivered, stormy.delivered / max(1, stormy.answered), "x", at_least=1),
        Figure("messages lost and doubled", account.lost + account.doubled, "messages", 0),
        Figure(
            f"turns a minute as a ratio to calm, {stormy.faults} faults",
            stormy.turns_a_minute / calm.turns_a_minute,
            "x",
        ),
    ]
    if stormy.recoveries:
        figures += [
            Figure("from a fault to the next post, median", median(stormy.recoveries), "s"),
            Figure("from a fault to the next post, at most", max(stormy.recoveries), "s"),
        ]
    return figures


async def _play(plan: Plan, rounds: int, seconds_at_most: float, seconds_afterwards: float) -> _Course:
    """Let a room talk through a storm until its rounds are over, or its time."""
    async with a_bench() as stage:
        host = UnsteadyHost(InstantWords(), plan.host, SEED, stage.discord.faults.note)
        async with connected(stage, host, posts_a_minute=POSTS_A_MINUTE) as bot:
            moments = Moments(stage)
            over = asyncio.create_task(_until_over(bot), name="until-over")
            time_is_up = asyncio.create_task(asyncio.sleep(seconds_at_most), name="time-is-up")
            try:
                await stage.start(*CAST[:SEATS], rounds=rounds, pace=SECONDS_BETWEEN_TURNS)
                room = bot.rooms.at(stage.channel.id)
                stormy_room = StormyRoom(stage.discord, bot, stage.channel, stage.ann)
                outcome = await stormy_room.weather(plan, SEED, SECONDS_BETWEEN_TURNS, (over, time_is_up))
                spoken = tuple(moments.of_words)
                await asyncio.wait([over], timeout=seconds_afterwards)
                await room.say()
            finally:
                over.cancel()
                time_is_up.cancel()
            failed, delivered = await _turns(bot, room, moments)
            account = await account_for(bot.supplies.database, room, moments.appeared.values())
    span = spoken[-1] - spoken[0] if len(spoken) > 1 else seconds_at_most
    return _Course(
        answered=rounds * SEATS - failed,
        unanswered=failed,
        delivered=delivered,
        turns_a_minute=(len(spoken) - 1) / span * 60,
        account=account,
        faults=outcome.faults,
        recoveries=moments.recoveries,
    )


async def _until_over(bot: BackroomBot) -> None:
    await bot.wait_for("room_changed", check=lambda room: room.state.phase is Phase.ENDED)


async def _turns(bot: BackroomBot, room: OpenRoom, moments: Moments) -> tuple[int, int]:
    """Return how many turns failed, and how many were spoken and stood in the room's channel with all their posts."""
    database = bot.supplies.database
    failed = delivered = 0
    for line in await database.journal.entries(room.number):
        failed += isinstance(line.entry, Failed)
        if isinstance(line.entry, Spoke):
            posts = await database.outbox.of_entry(room.number, line.seq)
            found = [moments.appeared.get(post.message_id or 0) for post in posts]
            delivered += bool(found) and all(
                message and message.channel.id == room.place.channel_id for message in found
            )
    return failed, delivered


class InstantWords:
    """A model that answers at once, always, and never twice the same."""

    def __init__(self) -> None:
        self._words = NewWords()

    async def ask(self, request: Ask) -> Answer:
        """Return some new words."""
        return Answer(self._words.line(), served_by=request.model.name)


class Moments:
    """Notes when personas' messages appeared, and how long after the last fault before each of them."""

    def __init__(self, stage: Stage) -> None:
        self.appeared: dict[int, Message] = {}
        self.of_words: list[float] = []
        self.recoveries: list[float] = []
        self._channel = stage.channel
        self._last_fault_at: float | None = None
        stage.discord.faults.listeners.append(self._note_fault)
        stage.discord.on_happening(self._see)

    def _note_fault(self, _struck: Struck) -> None:
        """A fault of a message's own event strikes just before that message is seen: the next one counts."""
        asyncio.get_running_loop().call_soon(self._arm, time.perf_counter())

    def _arm(self, moment: float) -> None:
        self._last_fault_at = moment

    def _see(self, happening: Happening) -> None:
        if not isinstance(happening, Posted):
            return
        self.appeared[happening.message.id] = happening.message
        if happening.message.author.is_persona and happening.message.channel is self._channel:
            now = time.perf_counter()
            self.of_words.append(now)
            if self._last_fault_at is not None:
                self.recoveries.append(now - self._last_fault_at)
                self._last_fault_at = None
