"""A rehearsal's Discord with one guild, one channel, two people, and a connected bot."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import discord
import pytest
from aiohttp import ClientSession

from bot.rehearsal import Channel, Guild, Permission, Person, RehearsalDiscord
from tests.rehearsal.client import Bot, connected
from tests.rehearsal.contract import problems_of_answers


@dataclass
class Stage:
    """What a test stands on: our own Discord on one side, discord.py's view of it on the other."""

    rehearsal: RehearsalDiscord
    guild: Guild
    channel: Channel
    ann: Person
    bob: Person
    bot: Bot

    @property
    def place(self) -> discord.TextChannel:
        """The channel as discord.py holds it."""
        place = self.bot.get_channel(self.channel.id)
        assert isinstance(place, discord.TextChannel)
        return place

    async def webhook(self) -> discord.Webhook:
        """Make a webhook in the channel."""
        return await self.place.create_webhook(name="Backroom")


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def rehearsal() -> AsyncGenerator[RehearsalDiscord]:
    async with RehearsalDiscord.open() as rehearsal:
        yield rehearsal
    assert problems_of_answers(rehearsal.exchanges) == []


@pytest.fixture
async def stage(rehearsal: RehearsalDiscord) -> AsyncGenerator[Stage]:
    guild = rehearsal.add_guild("The Back Room")
    channel = guild.add_text_channel("backroom")
    ann = guild.add_member("Ann", Permission.MANAGE_CHANNELS | Permission.MANAGE_MESSAGES | Permission.MANAGE_WEBHOOKS)
    bob = guild.add_member("Bob")
    async with connected(rehearsal) as bot:
        yield Stage(rehearsal, guild, channel, ann, bob, bot)
