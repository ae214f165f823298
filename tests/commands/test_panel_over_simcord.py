"""The panel's buttons as another simulated Discord sees them: components, forms, permissions, after a restart too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.errors import EmptyAnswer
from bot.models.answering import Answer, Ask
from bot.room.notices import PANEL_SIGN
from bot.room.state import Phase
from tests.commands.test_over_simcord import may_steer, simulated

BUTTONS = ("Resume", "Step", "Skip", "Stop", "Invite", "Mute", "Say something")


class Nobody:
    """A cast that never answers: so the room pauses, stays open, and the simulation comes to rest."""

    async def ask(self, request: Ask) -> Answer:
        raise EmptyAnswer("It said nothing.")


def panel_in(channel: Any) -> Any:
    return next(message for message in channel.history() if message.content.startswith(PANEL_SIGN))


async def a_room(env: Any) -> tuple[Any, Any, Any]:
    """Open a room, and return its channel, Ann who may steer it, and Bea who may not."""
    guild = env.create_guild()
    channel = guild.create_text_channel("backroom")
    ann, bea = may_steer(env, guild), guild.add_member(env.create_user("bea"))
    await ann.slash(channel, "backroom start", ai1="Gemini 3 Flash", ai2="DeepSeek R1", rounds=0, pace=0.0)
    return channel, ann, bea


async def test_the_panel_shows_its_buttons_and_answers_the_presser_alone(tmp_path: Path) -> None:
    async with simulated(tmp_path, cast=Nobody()) as (env, bot):
        channel, ann, bea = await a_room(env)
        panel = panel_in(channel)
        shown = [button.label for row in panel.components for button in row.children]
        assert shown == list(BUTTONS)
        reply = await ann.click(panel, label="Skip")
        assert reply.ephemeral
        form = await bea.click(panel, label="Say something")
        await bea.submit_modal(form, {"words": "hello there"})
        assert any(message.content == "💬 **bea**: hello there" for message in channel.history())
        form = await ann.click(panel, label="Invite")
        await ann.submit_modal(form, {"model": "Claude 3 Opus", "words": "come in"})
        assert "Claude 3 Opus" in [seat.model for seat in bot.rooms.at(channel.id).state.seats]


async def test_who_may_not_steer_gets_a_sentence(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True, cast=Nobody()) as (env, bot):
        channel, _ann, bea = await a_room(env)
        for button in BUTTONS[:-1]:
            reply = await bea.click(panel_in(channel), label=button)
            assert reply.ephemeral
            assert "Manage Channels" in reply.response.content
        assert bot.rooms.at(channel.id).state.phase is Phase.PAUSED
