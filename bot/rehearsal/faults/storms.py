"""A storm over a rehearsal: begins with the block, lets its faults strike, and puts everything right at its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.rehearsal.faults.faults import Struck
from bot.rehearsal.faults.plans import EXCUSED, Plan
from bot.rehearsal.faults.scene import Scene
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.happenings import Disturbed, Posted

if TYPE_CHECKING:
    from bot.rehearsal.server import RehearsalDiscord


@asynccontextmanager
async def raging(plan: Plan, discord: RehearsalDiscord, channel: Channel, seed: int) -> AsyncGenerator[None]:
    """Let a storm rage over a channel while the block lasts. Each fault that strikes is seen in the channel."""

    def show(struck: Struck) -> None:
        channel.tell(Disturbed(struck.sentence))

    faults, limits, scene = discord.faults, discord.limits, Scene(discord, channel, seed)
    faults.seed = seed
    faults.excuse(*EXCUSED)
    faults.add(*plan.faults(discord.world))
    faults.listeners.append(show)
    limits.are_enforced = plan.limits_are_enforced
    befalling = asyncio.create_task(_befall(plan, scene), name="storm")
    try:
        yield
    finally:
        befalling.cancel()
        await asyncio.gather(befalling, return_exceptions=True)
        faults.clear()
        limits.are_enforced = False
        scene.put_all_right()
        faults.listeners.remove(show)


async def _befall(plan: Plan, scene: Scene) -> None:
    """Let an incident befall the room after every few messages of personas."""
    if not plan.incidents:
        return
    left = scene.random.randint(*plan.messages_between_incidents)
    with scene.channel.watch() as happenings:
        async for happening in happenings:
            if isinstance(happening, Posted) and happening.message.author.is_persona:
                left -= 1
            if left == 0:
                left = scene.random.randint(*plan.messages_between_incidents)
                await scene.random.choice(plan.incidents)(scene)
