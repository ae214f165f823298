"""A real discord.py bot, connected over sockets to a rehearsal's Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.rehearsal import RehearsalDiscord
from bot.rehearsal.world.signal import Signal

SECONDS_TO_SEE = 10.0


class Room(app_commands.Group):
    """Commands of every manner: at once, deferred, whispered, followed up, late, and with autocompletion."""

    def __init__(self) -> None:
        super().__init__(name="backroom", description="A room of AIs", guild_only=True)

    @app_commands.command(description="Start a room")
    @app_commands.describe(rounds="How many", ai1="The first seat", mood="How it feels")
    @app_commands.choices(
        mood=[
            app_commands.Choice(name="Calm", value="calm"),
            app_commands.Choice(name="Wild, and not calm at all", value="wild"),
        ]
    )
    async def start(
        self,
        interaction: discord.Interaction,
        rounds: app_commands.Range[int, 0, 100] = 3,
        ai1: str = "nobody",
        mood: str = "calm",
    ) -> None:
        await interaction.response.send_message(f"{rounds} rounds with {ai1}, {mood}", suppress_embeds=True)

    @start.autocomplete("ai1")
    async def models(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        names = ["Kimi K2", "Claude 3 Opus"]
        return [app_commands.Choice(name=name, value=name.lower()) for name in names if current in name.lower()]

    @app_commands.command(description="Say how it goes")
    async def status(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("all is well", ephemeral=True)

    @app_commands.command(description="Think first")
    async def think(self, interaction: discord.Interaction, whisper: bool = False) -> None:
        await interaction.response.defer(ephemeral=whisper, thinking=True)
        await interaction.followup.send("thought it over")
        await interaction.followup.send("and more", ephemeral=True)

    @app_commands.command(description="Think, then edit the answer")
    async def edit(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(content="first")
        await interaction.edit_original_response(content="second")

    @app_commands.command(description="Take the answer back")
    async def vanish(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("gone in a moment")
        await interaction.delete_original_response()

    @app_commands.command(description="Answer twice")
    async def twice(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("once")
        again = discord.Interaction(data=interaction_data(interaction), state=interaction._state)
        await again.response.send_message("twice")

    @app_commands.command(description="Answer too late")
    async def late(self, interaction: discord.Interaction) -> None:
        await asyncio.sleep(0.6)
        await interaction.response.send_message("sorry")

    @app_commands.command(description="Needs somebody")
    async def greet(self, interaction: discord.Interaction, who: discord.Member, text: str) -> None:
        permissions = interaction.permissions.manage_channels, interaction.app_permissions.manage_webhooks
        await interaction.response.send_message(f"{text} {who.display_name} {permissions}")


def interaction_data(of: discord.Interaction) -> Any:
    """Return enough of an interaction's payload to answer it a second time."""
    return {
        "id": str(of.id),
        "application_id": str(of.application_id),
        "type": of.type.value,
        "token": of.token,
        "version": 1,
        "attachment_size_limit": 0,
        "channel": {"id": str(of.channel_id), "type": 0},
        "guild_id": str(of.guild_id),
    }


class Bot(commands.Bot):
    """Remembers every event that discord.py dispatched, and every error of a command."""

    def __init__(self, **options: Any) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, message_content=True, webhooks=True
        )
        self.seen: list[tuple[str, tuple[Any, ...]]] = []
        self.errors: list[app_commands.AppCommandError] = []
        self._saw = Signal()
        super().__init__(
            command_prefix="!",
            help_command=None,
            intents=options.pop("intents", intents),
            guild_ready_timeout=0.05,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.tree.on_error = self._note  # type: ignore[method-assign]

    async def setup_hook(self) -> None:
        self.tree.add_command(Room())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: five seconds of politeness are not owed to ourselves."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event, *args, **kwargs)
        self.seen.append((event, args))
        self._saw.give()

    async def sees(self, event: str, count: int = 1) -> tuple[Any, ...]:
        """Return what came with the `count`-th event of this name, waiting for it."""
        await self._saw.wait_until(lambda: len(self.all_seen(event)) >= count, SECONDS_TO_SEE)
        events = self.all_seen(event)
        assert len(events) >= count, (
            f"{event} was seen {len(events)} times; seen were {[name for name, _ in self.seen]}"
        )
        return events[count - 1]

    def all_seen(self, event: str) -> list[tuple[Any, ...]]:
        return [args for name, args in self.seen if name == event]

    async def _note(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(error)
        self._saw.give()

    async def fails(self) -> app_commands.AppCommandError:
        """Return the first error of a command, waiting for it."""
        assert await self._saw.wait_until(lambda: bool(self.errors), SECONDS_TO_SEE)
        return self.errors[0]


@contextmanager
def pointed_at(rehearsal: RehearsalDiscord) -> Any:
    """Let discord.py speak with a rehearsal instead of Discord."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rehearsal.api_url, yarl.URL(rehearsal.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def connected(rehearsal: RehearsalDiscord, **options: Any) -> AsyncGenerator[Bot]:
    """Run a bot against a rehearsal until the block is left."""
    with pointed_at(rehearsal):
        bot = Bot(**options)
        running = asyncio.create_task(bot.start(rehearsal.token))
        try:
            await rehearsal.bot_is_ready()
            await asyncio.wait_for(bot.wait_until_ready(), SECONDS_TO_SEE)
            yield bot
        finally:
            await bot.close()
            await asyncio.wait_for(running, SECONDS_TO_SEE)


async def history(channel: Any, **how: Any) -> list[str]:
    """Return the contents of a channel's history as discord.py reads it."""
    messages: AsyncIterator[discord.Message] = channel.history(**how)
    return [message.content async for message in messages]
