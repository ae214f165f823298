"""Whatever people, moderators, the network and the operator do in whatever order, nothing is lost and nothing doubled.

A later kind of fault is one more rule here: it arms something, and the claims of `tests.invariants` judge.
"""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.rehearsal.faults import (
    BLOCKED_BY_AUTOMOD,
    Cut,
    Delay,
    EventFault,
    Fault,
    Html,
    Late,
    Overtaken,
    RateLimited,
    ServerError,
    StoredLate,
    Twice,
)
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Reply
from bot.rehearsal.world.permissions import Permission
from tests.crash.cast import Cast
from tests.end_to_end.stage import Stage, a_stage, until
from tests.invariants import Moment, Witness

EXAMPLES = 15
STEPS = 8
SECONDS_A_POST_IS_DELAYED = 0.05
_OF_PERSONAS = "/webhooks/{webhook_id}/{webhook_token}"
_OF_THE_HOUSE = "/channels/{channel_id}/messages"
_BLOWS = {
    "cut before": Cut(),
    "cut after": Cut(after=True),
    "429": RateLimited(SECONDS_A_POST_IS_DELAYED, "shared"),
    "503 before": ServerError(503),
    "502 after": ServerError(502, after=True),
    "a web page": Html(),
    "late": Delay(SECONDS_A_POST_IS_DELAYED, after=True),
    "stored late": StoredLate(SECONDS_A_POST_IS_DELAYED),
    "AutoMod": BLOCKED_BY_AUTOMOD,
}
_FATES = {"twice": Twice(), "late": Late(0.2), "overtaken": Overtaken()}
_EXCUSED = (10015, 40060, 50001, 50013)
"""Refusals that are no fault of the bot's, because it was we who took away what it asked for."""

_T = TypeVar("_T")


class AnyRoom(RuleBasedStateMachine):
    """A channel, the bot, and everything that may happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.Runner()
        self._opened = AsyncExitStack()
        self._bot = AsyncExitStack()
        self._crashes_left = 0
        self.stage, self.witness = self._run(self._open())

    # What people do

    @initialize(seed=st.integers(0, 999), crashes=st.sampled_from([0, 0, 0, 0, 1]))
    def a_room_is_opened(self, seed: int, crashes: int) -> None:
        cast = Cast(random.Random(seed))
        self.stage.host.script, self.stage.host.picture_script = cast.answer, cast.paint
        self._crashes_left = crashes
        self.start()

    @precondition(lambda self: not self.is_open)
    @rule()
    def start(self) -> None:
        self._command("start", ai1="Gemini 3 Flash", ai2="DeepSeek R1", rounds=0, pace=0.0)

    @rule(seconds=st.sampled_from([0.05, 0.2, 0.5]))
    def let_it_go_on(self, seconds: float) -> None:
        self._run(asyncio.sleep(seconds))

    @rule(command=st.sampled_from(["pause", "resume", "resume", "step", "status"]))
    def steer(self, command: str) -> None:
        self._command(command)

    @rule(number=st.integers(0, 9))
    def change_the_room(self, number: int) -> None:
        command, options = (
            ("image", {"description": f"a kite, number {number}"}),
            ("prompt", {"seat": "AI-1", "text": f"think of {number}"}),
            ("temperature", {"seat": "AI-2", "temperature": number / 10}),
            ("add", {"model": "Kimi K2", "words": f"take chair {number}"}),
            ("stop", {}),
        )[number % 5]
        self._command(command, **options)

    @rule(lines=st.sampled_from([1, 5]))
    def say_something(self, lines: int) -> None:
        for number in range(lines):
            self._run(self.stage.ann.says(self.stage.channel, f"Is anybody there? ({number})"))

    # What moderators do

    @rule()
    def delete_the_webhook(self) -> None:
        for webhook in list(self.stage.channel.webhooks.values()):
            self._run(self._moderator.deletes(webhook))

    @rule()
    def delete_the_last_words(self) -> None:
        words = [message for message in self.stage.channel.messages if message.webhook_id is not None]
        if words:
            self._run(self._moderator.deletes(words[-1]))

    @rule()
    def delete_the_last_words_together(self) -> None:
        words = [message for message in self.stage.channel.messages if message.webhook_id is not None]
        if len(words) > 1:
            Message.delete_together(words[-2:])

    @rule(
        permission=st.sampled_from([Permission.SEND_MESSAGES, Permission.MANAGE_WEBHOOKS]),
        seconds=st.sampled_from([0.0, 0.2]),
    )
    def take_a_permission_and_give_it_back(self, permission: Permission, seconds: float) -> None:
        self.stage.channel.take_bot_permissions(permission)
        self._run(asyncio.sleep(seconds))
        self.stage.channel.give_back_bot_permissions()

    # What the network and the operator do

    @rule(blow=st.sampled_from(sorted(_BLOWS)), route=st.sampled_from([_OF_PERSONAS, _OF_PERSONAS, _OF_THE_HOUSE]))
    def let_the_next_post_meet(self, blow: str, route: str) -> None:
        self.stage.discord.faults.add(Fault(_BLOWS[blow], "POST", route, times=1))

    @rule(fate=st.sampled_from(sorted(_FATES)))
    def let_the_next_event_be(self, fate: str) -> None:
        self.stage.discord.faults.add(EventFault(_FATES[fate], "MESSAGE_*", times=1))

    @rule()
    def drop_the_gateway(self) -> None:
        self._run(self.stage.discord.gateway.drop())

    @rule()
    def restart(self) -> None:
        self._run(self._stop_bot())
        self._run(self._start_bot())

    @precondition(lambda self: self._crashes_left > 0)
    @rule(seconds=st.floats(0, 1))
    def crash(self, seconds: float) -> None:
        self._crashes_left -= 1
        self._run(self._stop_bot())
        self._run(self._crash(seconds))
        self._run(self._start_bot())

    # What must hold

    @property
    def is_open(self) -> bool:
        """Whether a room goes on here."""
        return any(not room.is_over for room in self.witness.evidence().rooms)

    @invariant()
    def nothing_is_lost_and_nothing_doubled(self) -> None:
        assert self.witness.violations(Moment.ANY_INSTANT) == []

    def teardown(self) -> None:
        try:
            self.stage.discord.faults.clear()
            if self.is_open:
                self._command("stop")
            self._run(self.witness.until_all_is_said())
            assert self.witness.violations(Moment.DONE) == []
        finally:
            self._run(self._bot.aclose())
            self._run(self._opened.aclose())
            self._loop.close()
            gc.collect()  # what was left open is this test's, not a later one's

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._loop.run(work)

    def _command(self, name: str, **options: Any) -> None:
        self._run(until(lambda: self.stage.discord.gateway.has_a_client))
        reply: Reply = self._run(self.stage.ann.slash(self.stage.channel, f"backroom {name}", **options))
        assert reply.failed is None, f"/backroom {name} was not answered: {reply.failed}"

    async def _open(self) -> tuple[Stage, Witness]:
        folder = self._opened.enter_context(tempfile.TemporaryDirectory())
        self.stage = await self._opened.enter_async_context(a_stage(Path(folder)))
        self._moderator = self.stage.guild.add_member(
            "Mod", permissions=Permission.MANAGE_WEBHOOKS | Permission.MANAGE_MESSAGES
        )
        self.stage.discord.faults.excuse(*_EXCUSED)
        witness = Witness(self.stage)
        await self._start_bot()
        return self.stage, witness

    async def _start_bot(self) -> None:
        await until(lambda: not self.stage.discord.gateway.has_a_client)
        await self._bot.enter_async_context(self.stage.running())

    async def _stop_bot(self) -> None:
        await self._bot.aclose()
        self.witness.stops += 1

    async def _crash(self, seconds: float) -> None:
        """Let the room be played by a process of its own for a while, and kill it."""
        await until(lambda: not self.stage.discord.gateway.has_a_client)
        async with self.stage.process() as process:
            await asyncio.sleep(2 + seconds)
            process.kill()
        self.witness.stops += 1


AnyRoom.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # what depends on time cannot be made smaller by trying again
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyRoom = AnyRoom.TestCase
