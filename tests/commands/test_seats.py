"""The commands about seats as another simulated Discord sees them: who may use them, and what is offered to type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.client import BackroomBot
from bot.open_room import OpenRoom
from bot.room.entries import Joined, Opened
from bot.storage import Place
from tests.commands.test_over_simcord import SEATS, may_steer, simulated

OPTIONS = {
    "mute": {"seat": "AI-1", "rounds": 2},
    "unmute": {"seat": "AI-1"},
    "remove": {"seat": "AI-1"},
    "model": {"seat": "AI-1", "model": "Kimi K2"},
    "order": {"order": "conductor"},
}


@pytest.mark.parametrize("command", SEATS)
async def test_who_may_not_steer_gets_a_sentence_and_nothing_changes(tmp_path: Path, command: str) -> None:
    async with simulated(tmp_path, refusals=True) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        reply = await bea.slash(channel, f"backroom {command}", **OPTIONS.get(command, {}))
        assert reply.ephemeral
        assert "Manage Channels" in reply.response.content
        assert not channel.history()


async def open_room(bot: BackroomBot, guild: Any, channel: Any, opener: int) -> OpenRoom:
    """Open a room in which nobody speaks of themselves: it has a conductor."""
    opened = Opened(
        by=opener,
        by_name="Bea",
        scenario="Test",
        prompt="Talk.",
        opening="",
        rounds=0,
        seconds_between_turns=0,
        order="conductor",
    )
    seats = [Joined(seat=1, model="Gemini 3 Flash"), Joined(seat=2, model="DeepSeek R1")]
    return await bot.rooms.open(Place(guild.id, channel.id, None), [opened, *seats], [])


async def test_seats_and_models_are_offered_while_a_person_types(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        ann = may_steer(env, guild)
        assert await ann.autocomplete(channel, "backroom mute", "seat", "") == []
        await open_room(bot, guild, channel, opener=1)
        for command in ("mute", "unmute", "remove", "model", "step"):
            offered = await ann.autocomplete(channel, f"backroom {command}", "seat", "deep")
            assert [choice["value"] for choice in offered] == ["AI-2"]
        offered = await ann.autocomplete(channel, "backroom model", "model", "opus")
        assert "Claude 3 Opus" in [choice["value"] for choice in offered]


async def test_who_opened_the_room_steers_its_seats(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        room = await open_room(bot, guild, channel, opener=bea.id)
        for command, options in (
            ("mute", {"seat": "AI-1", "rounds": 2}),
            ("unmute", {"seat": "AI-1"}),
            ("model", {"seat": "AI-2", "model": "Kimi K2"}),
            ("remove", {"seat": "AI-1"}),
        ):
            reply = await bea.slash(channel, f"backroom {command}", **options)
            assert reply.ephemeral
        assert [seat.label for seat in room.state.present] == ["AI-2 (Kimi K2)"]
        texts = [message.content for message in channel.history()]
        assert any("bea removed AI-1 (Gemini 3 Flash)" in text for text in texts)
