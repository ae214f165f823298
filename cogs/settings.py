"""What a server sets: `/backroom settings show`, `rights`, `where`, `models`, `room` and `caps`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import (
    MODE_CHOICES,
    ORDER_CHOICES,
    BackroomBot,
    answer,
    ask_for_time,
    model_called,
    suggest_models,
    suggest_scenarios,
)
from bot.client.commands import MayNot
from bot.client.settings_choices import (
    PlaceForRooms,
    suggest_any_model,
    suggest_cast,
    suggest_channels_held,
    suggest_roles_held,
)
from bot.client.what_holds import (
    MOST_ENTRIES,
    RIGHTS,
    caps_held,
    models_held,
    name_of_channel,
    name_of_role,
    rights_held,
    room_held,
    what_holds,
    where_held,
)
from bot.client.where import NOT_IN_A_SERVER
from bot.errors import NotPossible
from bot.guild_settings import MOST_ROUNDS, MOST_SECONDS_BETWEEN_TURNS, GuildSettings, Right
from bot.models.catalogue import Catalogue
from bot.room.entries import Mode, Order
from bot.room.state import SEATS_IN_A_ROOM
from bot.words import later, t

MOST_USD, MOST_DAYS = 10_000.0, 3650
MAY_NOT = later("Only people with Manage Server can see and change these settings.")

BEGINNING = ("scenario", "cast", "rounds", "pace", "mode", "order", "thread", "quiet", "panel")
"""The settings that say how a room begins."""

RIGHT_CHOICES = [app_commands.Choice(name=does, value=right.value) for right, does in RIGHTS.items()]
Asked = discord.Interaction[BackroomBot]


class SettingsCommands(app_commands.Group):
    """`/backroom settings`: for those who manage the server. Every answer says what holds now."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        super().__init__(
            name="settings",
            description="Who may do what here, where rooms may be, and how they begin",
            extras={"needs": "manage_guild"},
        )

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Refuse who does not manage the server."""
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise MayNot(t(NOT_IN_A_SERVER if interaction.guild_id is None else MAY_NOT))
        return True

    @app_commands.command(description="Show what is set in this server")
    async def show(self, interaction: Asked) -> None:
        """Tell all settings."""
        settings = self.bot.guild_settings.of(interaction.guild_id)
        operators = self.bot.supplies.settings
        await answer(interaction, what_holds(settings, interaction.guild, self.bot, operators))

    @app_commands.command(
        description="Which roles may open and steer rooms, speak to the AIs, and reach them by reacting"
    )
    @app_commands.describe(right="Which right", give="The role that gets it", take="The role that loses it")
    @app_commands.choices(right=RIGHT_CHOICES)
    @app_commands.autocomplete(take=suggest_roles_held)
    async def rights(
        self, interaction: Asked, right: str, give: discord.Role | None = None, take: str | None = None
    ) -> None:
        """Give a right to a role, or take it."""
        which = Right(right)

        def changed(settings: GuildSettings) -> Mapping[str, object]:
            held = {role: name_of_role(role, interaction.guild) for role in settings.roles_with(which)}
            return settings.with_right(which, _with_and_without(held, give.id if give else None, take))

        settings = await self._revise(interaction, changed)
        await answer(interaction, rights_held(settings, interaction.guild))

    @app_commands.command(description="In which channels rooms may be; without any, in all of them")
    @app_commands.describe(
        add="A channel, with its threads, or a category with its channels", remove="One to take off the list"
    )
    @app_commands.autocomplete(remove=suggest_channels_held)
    async def where(
        self,
        interaction: Asked,
        add: app_commands.Transform[int, PlaceForRooms] | None = None,
        remove: str | None = None,
    ) -> None:
        """Say where rooms may be."""

        def changed(settings: GuildSettings) -> Mapping[str, object]:
            held = {channel: name_of_channel(channel, interaction.guild) for channel in settings.channels}
            return {"channels": _with_and_without(held, add, remove)}

        settings = await self._revise(interaction, changed)
        await answer(interaction, where_held(settings, interaction.guild, rooms_are_open=self._any_room(interaction)))

    @app_commands.command(description="Which models may take part")
    @app_commands.describe(
        allow="A model to allow; the first one that you allow is the only one until you allow more",
        disallow="A model to disallow",
        all_again="Allow every model again",
    )
    @app_commands.autocomplete(allow=suggest_any_model, disallow=suggest_models)
    async def models(
        self, interaction: Asked, allow: str | None = None, disallow: str | None = None, all_again: bool = False
    ) -> None:
        """Say which models may sit down."""
        catalogue = self.bot.catalogue
        more = catalogue.resolve(allow).name if allow else None
        less = _known_name(disallow, catalogue, self.bot.guild_settings.of(interaction.guild_id)) if disallow else None

        def changed(settings: GuildSettings) -> Mapping[str, object]:
            return {"models": _models_after(() if all_again else settings.models, more, less, catalogue)}

        settings = await self._revise(interaction, changed)
        await answer(interaction, models_held(settings, catalogue, rooms_are_open=self._any_room(interaction)))

    @app_commands.command(description="How a room begins unless somebody says otherwise")
    @app_commands.describe(
        scenario="What it is about",
        cast="Who takes part when nobody is named: models, separated by commas",
        rounds="How often everyone speaks; 0: until the room is stopped",
        pace="Seconds between one message and the next, at least",
        mode="How people are heard",
        order="Who speaks next",
        thread="Whether a room in a text channel gets a thread of its own",
        quiet="Whether messages are silent and notify nobody",
        panel="Whether a room has a panel: a message with buttons that shows how it stands",
        reset="Undo everything that was set here before",
    )
    @app_commands.choices(mode=MODE_CHOICES, order=ORDER_CHOICES)
    @app_commands.autocomplete(scenario=suggest_scenarios, cast=suggest_cast)
    async def room(
        self,
        interaction: Asked,
        scenario: str | None = None,
        cast: str | None = None,
        rounds: app_commands.Range[int, 0, MOST_ROUNDS] | None = None,
        pace: app_commands.Range[float, 0.0, MOST_SECONDS_BETWEEN_TURNS] | None = None,
        mode: Mode | None = None,
        order: Order | None = None,
        thread: bool | None = None,
        quiet: bool | None = None,
        panel: bool | None = None,
        reset: bool = False,
    ) -> None:
        """Say how a room begins."""
        asked: dict[str, object] = {
            "scenario": self.bot.scenarios.named(scenario).title if scenario else None,
            "cast": _cast(interaction, cast) if cast else None,
            "rounds": rounds,
            "pace": pace,
            "mode": mode,
            "order": order,
            "thread": thread,
            "quiet": quiet,
            "panel": panel,
        }
        before = GuildSettings().model_dump(include=set(BEGINNING)) if reset else {}
        changes = before | {name: value for name, value in asked.items() if value is not None}
        settings = await self._revise(interaction, lambda _: changes)
        if "panel" in changes:
            self._stir_panels(interaction.guild_id or 0)
        await answer(interaction, room_held(settings, self.bot.scenarios))

    @app_commands.command(description="What a room may cost, how long it is kept, whether reactions count")
    @app_commands.describe(
        room_budget_usd="US dollars until somebody has to resume it, never above the operator's limit; 0: that limit",
        retention_days="Days that a room is kept after its end; 0: as long as the bot's operator keeps rooms",
        reactions="Whether reactions reach the AIs",
    )
    async def caps(
        self,
        interaction: Asked,
        room_budget_usd: app_commands.Range[float, 0.0, MOST_USD] | None = None,
        retention_days: app_commands.Range[int, 0, MOST_DAYS] | None = None,
        reactions: bool | None = None,
    ) -> None:
        """Say what is limited."""
        changes: dict[str, object] = {}
        if room_budget_usd is not None:
            changes["room_budget_usd"] = room_budget_usd or None
        if retention_days is not None:
            changes["retention_days"] = retention_days or None
        if reactions is not None:
            changes["reactions"] = reactions
        settings = await self._revise(interaction, lambda _: changes)
        await answer(interaction, caps_held(settings, self.bot.supplies.settings))

    def _any_room(self, interaction: Asked) -> bool:
        return bool(self.bot.rooms.in_guild(interaction.guild_id or 0))

    def _stir_panels(self, guild_id: int) -> None:
        """Let the rooms that are open have panels, or have none, from now on."""
        for room in self.bot.rooms.in_guild(guild_id):
            if room.watch is not None:
                room.watch()

    async def _revise(
        self, interaction: Asked, change: Callable[[GuildSettings], Mapping[str, object]]
    ) -> GuildSettings:
        await ask_for_time(interaction)
        return await self.bot.guild_settings.revise(interaction.guild_id or 0, change)


class ServerSettings(commands.Cog):
    """Adds the commands to `/backroom`."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Add the group."""
        self.bot.backroom.add_command(SettingsCommands(self.bot))

    async def cog_unload(self) -> None:
        """Take the group out."""
        self.bot.backroom.remove_command("settings")


def _with_and_without(held: Mapping[int, str], more: int | None, less: str | None) -> tuple[int, ...]:
    """Return what is held with `more` and without what `less` means: an id, or a name as it is shown."""
    kept = list(held)
    if less is not None:
        gone = [
            one for one in held if less.strip().lstrip("#@").casefold() in (str(one), held[one].lstrip("#@").casefold())
        ]
        if not gone:
            on_it = ", ".join(held.values()) or t("nothing")
            raise NotPossible(t("“{name}” is not on the list. It holds: {held}.", name=less[:80], held=on_it))
        kept = [one for one in kept if one not in gone]
    if more is not None and more not in kept:
        kept.append(more)
    if len(kept) > MOST_ENTRIES:
        raise NotPossible(t("The list holds at most {most}. Remove one first.", most=MOST_ENTRIES))
    return tuple(kept)


def _known_name(name: str, catalogue: Catalogue, settings: GuildSettings) -> str:
    """A model that has left the catalogue can still be on the list."""
    return name if name in settings.models else catalogue.resolve(name).name


def _models_after(models: tuple[str, ...], more: str | None, less: str | None, catalogue: Catalogue) -> tuple[str, ...]:
    kept = list(models or ([model.name for model in catalogue.models] if less else []))
    if less in kept:
        kept.remove(less)
        if not kept and more is None:
            raise NotPossible(t("Then no model could take part. `all_again:True` allows every model."))
    if more is not None and more not in kept:
        kept.append(more)
    return tuple(kept)


def _cast(interaction: Asked, names: str) -> tuple[str, ...]:
    cast = tuple(model_called(interaction, name).name for name in names.split(",") if name.strip())
    if not 1 <= len(cast) <= SEATS_IN_A_ROOM:
        raise NotPossible(t("A cast has 1 to {most} models, separated by commas.", most=SEATS_IN_A_ROOM))
    return cast


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(ServerSettings(bot))
