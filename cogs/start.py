"""Opening a room: `/backroom start`, here or in a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import (
    MODE_CHOICES,
    ORDER_CHOICES,
    BackroomBot,
    CommandCog,
    answer,
    ask_for_time,
    backroom_command,
    check_age,
    find_spot,
    make_known,
    model_called,
    name_of_asker,
    suggest_models,
    suggest_scenarios,
    usual_cast,
)
from bot.guild_settings import (
    DEFAULT_ROUNDS,
    DEFAULT_SECONDS_BETWEEN_TURNS,
    MOST_ROUNDS,
    MOST_SECONDS_BETWEEN_TURNS,
    GuildSettings,
    Right,
)
from bot.models.catalogue import Model
from bot.open_room import OpenRoom
from bot.posting.layout import house_posts
from bot.room import notices
from bot.room.entries import Entry, Joined, Mode, Opened, Order
from bot.room.fold import fold
from bot.scenarios import Scenario
from bot.words import later, spoken, t

OPENING_LIMIT = 4000
NOT_THE_USUAL_CAST = later(
    "This server does not allow all of the usual cast, so others sit in. `ai1:` names who takes part; people with "
    "Manage Server set the usual cast with `/backroom settings room cast:`."
)

Number = TypeVar("Number", int, float)


class Start(CommandCog):
    """The command by which people open a room."""

    @backroom_command("start", "Open a room in this channel: AI models begin to talk with each other", Right.START)
    @app_commands.describe(
        scenario="What the room is about",
        opening="The first words that the AIs are given",
        ai1="The first AI; if you name none, the scenario's cast takes part",
        ai2="The second AI",
        ai3="The third AI",
        ai4="The fourth AI",
        ai5="The fifth AI",
        rounds="How often everyone speaks; 0: until the room is stopped",
        pace="Seconds between one message and the next, at least",
        thread="Whether the room gets a thread of its own; in a forum, it always gets a post",
        mode="How people are heard",
        order="Who speaks next",
    )
    @app_commands.autocomplete(
        scenario=suggest_scenarios,
        ai1=suggest_models,
        ai2=suggest_models,
        ai3=suggest_models,
        ai4=suggest_models,
        ai5=suggest_models,
    )
    @app_commands.choices(mode=MODE_CHOICES, order=ORDER_CHOICES)
    async def start(
        self,
        interaction: discord.Interaction[BackroomBot],
        scenario: str | None = None,
        opening: app_commands.Range[str, 1, OPENING_LIMIT] | None = None,
        ai1: str | None = None,
        ai2: str | None = None,
        ai3: str | None = None,
        ai4: str | None = None,
        ai5: str | None = None,
        rounds: app_commands.Range[int, 0, MOST_ROUNDS] | None = None,
        pace: app_commands.Range[float, 0.0, MOST_SECONDS_BETWEEN_TURNS] | None = None,
        thread: bool | None = None,
        mode: Mode | None = None,
        order: Order | None = None,
    ) -> None:
        """Open a room."""
        settings = self.bot.guild_settings.of(interaction.guild_id)
        spot = find_spot(interaction, settings, thread)
        chosen = self.bot.scenarios.named(scenario or settings.scenario)
        check_age(interaction, chosen, chosen=bool(scenario))
        names = [ai for ai in (ai1, ai2, ai3, ai4, ai5) if ai]
        cast, is_usual = [model_called(interaction, name) for name in names], True
        if not names:
            cast, is_usual = usual_cast(interaction, settings.cast or chosen.cast)
        opened = self._opened(interaction, chosen, settings, opening, rounds, pace, mode, order)
        if not spot.takes_a_thread:
            self.bot.rooms.check_free(spot.home.id)
        await ask_for_time(interaction)
        await self.bot.supplies.database.check_writable()
        entries: list[Entry] = [opened, *(Joined(seat=n, model=m.name) for n, m in enumerate(cast, 1))]
        with spoken(opened.locale):
            lines = notices.opened(fold(entries), chosen.summary, readable=self.bot.hears_people)
            posts = house_posts(lines)
        name = f"{chosen.title}: {opened.opening}"
        async with spot.taken(self.bot.threads_begun, name, posts[0].text) as place:
            room = await self.bot.rooms.open(place, entries, posts, said=spot.message_in(place))
        await make_known(interaction, room)
        where = f"<#{place.channel_id}>" if spot.takes_a_thread else ""
        await answer(interaction, _started(room, cast, where, is_usual=is_usual))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Take away the threads in which the program ended before it could open a room."""
        await self.bot.threads_begun.take_away_left()

    def _opened(
        self,
        interaction: discord.Interaction[BackroomBot],
        scenario: Scenario,
        settings: GuildSettings,
        opening: str | None,
        rounds: int | None,
        pace: float | None,
        mode: Mode | None,
        order: Order | None,
    ) -> Opened:
        """What a person does not say, the server does; what it does not say, the house."""
        return Opened(
            by=interaction.user.id,
            by_name=name_of_asker(interaction),
            scenario=scenario.title,
            prompt=scenario.prompt,
            opening=(opening or "").strip() or scenario.opening,
            rounds=_first(rounds, settings.rounds, DEFAULT_ROUNDS),
            seconds_between_turns=_first(pace, settings.pace, DEFAULT_SECONDS_BETWEEN_TURNS),
            offline=self.bot.is_offline,
            mode=mode or settings.mode,
            order=order or settings.order,
            quiet=settings.quiet,
            locale=str(interaction.guild_locale or discord.Locale.american_english),
        )


def _first(asked: Number | None, of_the_server: Number | None, otherwise: Number) -> Number:
    return next(value for value in (asked, of_the_server, otherwise) if value is not None)


def _started(room: OpenRoom, cast: Sequence[Model], where: str, *, is_usual: bool) -> str:
    seats = ", ".join(seat.label for seat in room.state.seats)
    if where:
        lines = [t("The room is open in {where}: {seats}. `/backroom stop` ends it.", where=where, seats=seats)]
    else:
        lines = [t("The room is open: {seats}. `/backroom stop` ends it.", seats=seats)]
    if room.state.opened and not room.state.opened.offline:
        lines += [notices.retired(model.name, model.instead) for model in dict.fromkeys(cast) if model.retired]
    return "\n".join(lines if is_usual else [*lines, t(NOT_THE_USUAL_CAST)])


async def setup(bot: BackroomBot) -> None:
    """Add the command to the bot."""
    await bot.add_cog(Start(bot))
