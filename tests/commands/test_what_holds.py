"""What holds in a server is told in one message, whatever was set, with numbers as each language writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.client.what_holds import MOST_ENTRIES, caps_held, rights_held, room_held, what_holds
from bot.guild_settings import MOST_ROUNDS, MOST_SECONDS_BETWEEN_TURNS, GuildSettings
from bot.models.catalogue import Catalogue
from bot.room import notices
from bot.room.entries import Answered, Joined, Opened
from bot.room.fold import fold
from bot.scenarios import Scenario, Scenarios
from bot.settings import Settings
from bot.words import spoken, t
from cogs.settings import MOST_DAYS, MOST_USD
from tests.commands.test_over_simcord import simulated
from tests.commands.test_settings_over_simcord import found

LOCALES = ("en-US", "de")
LIMIT = 2000


def all_that_can_be_set(catalogue: Catalogue, scenario: Scenario) -> GuildSettings:
    """All of it, at its longest: every role and channel was deleted since."""
    ids = tuple(2**63 + number for number in range(MOST_ENTRIES))
    names = sorted((model.name for model in catalogue.models), key=len, reverse=True)
    return GuildSettings(
        start_roles=ids,
        steer_roles=ids,
        speak_roles=ids,
        react_roles=ids,
        channels=ids,
        models=tuple(names[: len(names) // 2]),
        scenario=scenario.title,
        cast=tuple(names[:1] * 5),
        rounds=MOST_ROUNDS,
        pace=MOST_SECONDS_BETWEEN_TURNS - 0.5,
        mode="curated",
        order="addressed",
        room_budget_usd=MOST_USD,
        thread=True,
        quiet=False,
        reactions=False,
        panel=False,
        retention_days=MOST_DAYS,
    )


@pytest.mark.parametrize("locale", LOCALES)
async def test_all_that_holds_fits_into_one_message_and_ends_with_what_is_limited(tmp_path: Path, locale: str) -> None:
    operators = Settings(_env_file=None, room_budget_usd=MOST_USD)  # pyright: ignore[reportCallIssue]
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        longest = max(bot.scenarios.all, key=lambda one: len(one.title))
        settings = all_that_can_be_set(bot.catalogue, longest)
        with spoken(locale):
            told = what_holds(settings, found(bot, guild), bot, operators)
            assert told.endswith(caps_held(settings, operators))
            assert len(told) <= LIMIT
            assert len(rights_held(settings, found(bot, guild))) <= LIMIT
            long = settings.model_copy(update={"scenario": "a title of an owner's own " * 50})
            told = what_holds(long, found(bot, guild), bot, operators)
            assert told.endswith(caps_held(settings, operators))
            assert len(told) <= LIMIT
            few = settings.model_copy(update=dict.fromkeys(("start_roles", "steer_roles"), settings.channels[:2]))
            assert str(few.start_roles[1]) in what_holds(few, found(bot, guild), bot, operators)


async def test_as_many_names_are_told_as_fit(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        roles = [guild.create_role(f"role {number}") for number in range(MOST_ENTRIES)]
        settings = GuildSettings(speak_roles=tuple(role.id for role in roles))
        with spoken("en-US"):
            told = rights_held(settings, found(bot, guild))
            assert told.count("<@&") == MOST_ENTRIES
            many = settings.model_copy(
                update={"steer_roles": settings.speak_roles, "react_roles": settings.speak_roles}
            )
            told = rights_held(many, found(bot, guild))
        named = told.split("speak to the AIs")[1].split("\n")[0].count("<@&")
        assert 1 < named < MOST_ENTRIES
        assert told.count(f" and {MOST_ENTRIES - named} more") == 3


@pytest.mark.parametrize(
    ("pace", "english", "german"),
    [(1.0, "1 second (", "1 Sekunde ("), (8.5, "8.5 seconds (", "8,5 Sekunden (")],
)
def test_numbers_are_written_as_each_language_writes_them(pace: float, english: str, german: str) -> None:
    settings = GuildSettings(pace=pace, room_budget_usd=2.5)
    operators = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    for locale, seconds, cost in (("en-US", english, "$2.50 before"), ("de", german, "2,50 $, bis")):
        with spoken(locale):
            assert seconds in room_held(settings, Scenarios.load())
            assert cost in caps_held(settings, operators)


@pytest.mark.parametrize(("locale", "written"), [("en-US", "$0.0125"), ("de", "0,0125 $")])
def test_what_a_room_costs_is_written_alike_in_its_panel_and_its_status(locale: str, written: str) -> None:
    opened = Opened(
        by=1, by_name="Ann", scenario="", prompt="", opening="", rounds=1, seconds_between_turns=0, locale=locale
    )
    answered = Answered(turn=1, seat=1, text="so", served_by="host", cost_usd=0.0125)
    state = fold((opened, Joined(seat=1, model="Kimi K2"), answered))
    with spoken(locale):
        assert written in notices.panel(state)
        assert written in notices.status(state)


def test_large_numbers_and_numbers_within_words_stay_legible() -> None:
    sentence = "Tokens: {read:,} read, {written:,} written · cost: {cost}"
    with spoken("de"):
        said = t(sentence, read=12_345, written=6, cost="GPT-5.5")
    assert "12.345" in said
    assert "GPT-5.5" in said
