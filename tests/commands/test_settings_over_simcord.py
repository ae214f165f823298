"""`/backroom settings`, `help` and the wrong places, as another simulated Discord sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.client import BackroomBot
from bot.guild_settings import GuildSettings, Right
from tests.commands.test_over_simcord import may_steer, simulated

DISCORD_COMMANDS_IN_A_GROUP = 25
DEFAULTS = GuildSettings().model_dump()
SETTINGS = ("show", "rights", "where", "models", "room", "caps")


def who_manages_the_server(env: Any, guild: Any) -> Any:
    role = guild.create_role("owners", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("zoe"), roles=[role])


def found(bot: BackroomBot, guild: Any) -> discord.Guild:
    known = bot.get_guild(guild.id)
    assert known is not None
    return known


async def told(who: Any, channel: Any, command: str, **options: Any) -> str:
    reply = await who.slash(channel, f"backroom {command}", **options)
    assert reply.ephemeral
    return reply.response.content


@pytest.mark.parametrize("command", SETTINGS)
async def test_only_who_manages_the_server_sets_what_holds(tmp_path: Path, command: str) -> None:
    async with simulated(tmp_path, refusals=True) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        options = {"rights": {"right": "start"}}.get(command, {})
        said = await told(may_steer(env, guild), channel, f"settings {command}", **options)
        assert said == "Only people with Manage Server can see and change these settings."
        before = bot.guild_settings.of(guild.id)
        assert await told(who_manages_the_server(env, guild), channel, f"settings {command}", **options)
        assert bot.guild_settings.of(guild.id) == before


async def test_a_role_that_is_given_the_right_opens_rooms_until_it_is_taken(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        friends = guild.create_role("friends")
        bea = guild.add_member(env.create_user("bea"), roles=[friends])
        assert "Manage Channels" in await told(bea, channel, "start", rounds=1, pace=0.0)
        said = await told(zoe, channel, "settings rights", right="start", give=friends)
        assert f"**Who may open rooms:** people with Manage Channels, <@&{friends.id}> (set here)." in said
        assert "The room is open" in await told(bea, channel, "start", rounds=1, pace=0.0)
        offered = await zoe.autocomplete(channel, "backroom settings rights", "take", "", right="start")
        assert [(choice["name"], choice["value"]) for choice in offered] == [("friends", str(friends.id))]
        said = await told(zoe, channel, "settings rights", right="start", take="@Friends")
        assert "**Who may open rooms:** people with Manage Channels (the bot's default)." in said
        assert "Manage Channels" in await told(bea, channel, "start", rounds=1, pace=0.0)


async def test_a_role_that_was_deleted_is_shown_as_such_and_can_be_taken_off(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        friends = guild.create_role("friends")
        await told(zoe, channel, "settings rights", right="speak", give=friends)
        role = found(bot, guild).get_role(friends.id)
        assert role is not None
        await role.delete()
        assert f"a deleted role ({friends.id})" in await told(zoe, channel, "settings show")
        offered = await zoe.autocomplete(channel, "backroom settings rights", "take", "", right="speak")
        assert [choice["value"] for choice in offered] == [str(friends.id)]
        said = await told(zoe, channel, "settings rights", right="speak", take=str(friends.id))
        assert "**Who may speak to the AIs:** everyone (the bot's default)." in said
        again = await told(zoe, channel, "settings rights", right="speak", take=str(friends.id))
        assert again == f"“{friends.id}” is not on the list. It holds: nothing."


async def test_models_are_allowed_one_by_one_and_all_again(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        said = await told(zoe, channel, "settings models", disallow="gpt 5.5")
        assert said == "**Models allowed:** all but GPT-5.5 (set here)."
        assert "GPT-5.5" not in bot.guild_settings.of(guild.id).models
        await told(zoe, channel, "settings models", all_again=True)
        said = await told(zoe, channel, "settings models", allow="Kimi K2")
        assert said == "**Models allowed:** Kimi K2 (set here)."
        assert "no model could take part" in await told(zoe, channel, "settings models", disallow="Kimi K2")
        assert "Kimi K2" in await told(zoe, channel, "settings models")
        said = await told(zoe, channel, "settings models", all_again=True)
        assert said == "**Models allowed:** all (the bot's default)."
        assert "nonsense" in await told(zoe, channel, "settings models", allow="nonsense")
        assert await told(zoe, channel, "settings models") == "**Models allowed:** all (the bot's default)."


async def test_how_a_room_begins_is_set_bit_by_bit_and_forgotten_together(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        await told(zoe, channel, "settings room", cast="kimi k2, DeepSeek R1", rounds=0)
        said = await told(zoe, channel, "settings room", mode="silent", thread=True)
        assert "**Cast:** Kimi K2, DeepSeek R1 (set here).\n**Rounds:** until the room is stopped (set here)." in said
        assert "**Place:** a thread of its own (set here)." in said
        assert "the AIs hear nobody" in said
        offered = await zoe.autocomplete(channel, "backroom settings room", "cast", "Kimi K2, deepseek r")
        assert "Kimi K2, DeepSeek R1" in [choice["value"] for choice in offered]
        crowd = ", ".join(["Kimi K2"] * 6)
        assert "1 to 5 models" in await told(zoe, channel, "settings room", cast=crowd)
        said = await told(zoe, channel, "settings room", reset=True, rounds=3)
        assert "(the scenario's).\n**Rounds:** 3 (set here)." in said
        assert bot.guild_settings.of(guild.id).mode == "open"


async def test_caps_are_set_and_lifted(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        said = await told(zoe, channel, "settings caps", room_budget_usd=0.5, retention_days=30, reactions=False)
        assert "$0.50" in said
        assert "for 30 days" in said
        assert "**Reactions reach the AIs:** no (set here)." in said
        said = await told(zoe, channel, "settings caps", room_budget_usd=0.0, retention_days=0)
        assert "$5.00" in said
        assert "**A room is kept:** for ever (the bot's default)." in said
        assert not bot.guild_settings.of(guild.id).reactions


async def test_how_long_rooms_are_kept_is_said_as_it_holds_here(tmp_path: Path) -> None:
    async with simulated(tmp_path, retention_days=90) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        by_operator = "**A room is kept:** for 90 days after its end (set by the bot's operator)."
        assert by_operator in await told(zoe, channel, "settings show")
        said = await told(zoe, channel, "settings caps", retention_days=7)
        assert "**A room is kept:** for 7 days after its end (set here)." in said
        said = await told(zoe, channel, "settings caps", retention_days=0)
        assert by_operator in said


async def test_what_nobody_has_set_is_shown_with_its_value_and_where_that_comes_from(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        shown = (await told(zoe, channel, "settings show")).split("\n")
        usual = bot.scenarios.named(None)
        assert len(shown) == 19
        assert all(line.endswith(").") for line in shown if not line.startswith("How a room begins"))
        for line in (
            f"**Scenario:** {usual.title} (the bot's default).",
            f"**Cast:** {', '.join(usual.cast)} (the scenario's).",
            "**Rounds:** 5 (the bot's default).",
            "**Pace:** a message stands for at least 8 seconds (the bot's default).",
            "**A room may cost:** $5.00 before somebody has to resume it (the bot's default).",
        ):
            assert line in shown
        await told(zoe, channel, "settings caps", room_budget_usd=9.0)  # above the operator's limit
        assert "$5.00 before somebody has to resume it (the bot's default)" in await told(zoe, channel, "settings show")
        other = bot.scenarios.search("")[-1]
        said = await told(zoe, channel, "settings room", scenario=other.title)
        assert f"**Scenario:** {other.title} (set here).\n**Cast:** {', '.join(other.cast)} (the scenario's)." in said


async def test_everything_that_a_server_can_set_is_set_by_a_command_and_shown(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        zoe = who_manages_the_server(env, guild)
        friends = guild.create_role("friends")
        scenario = bot.scenarios.search("")[-1].title
        by_command: list[tuple[str, dict[str, Any]]] = [
            *(("rights", {"right": right.value, "give": friends}) for right in Right),
            ("where", {"add": channel}),
            ("models", {"allow": "Kimi K2"}),
            *(("room", {name: value}) for name, value in {"scenario": scenario, "cast": "Kimi K2"}.items()),
            *(("room", {name: value}) for name, value in {"rounds": 7, "pace": 2.5, "mode": "silent"}.items()),
            *(("room", {name: value}) for name, value in {"order": "conductor", "thread": True}.items()),
            *(("room", {name: value}) for name, value in {"quiet": False, "panel": False}.items()),
            *(("caps", {name: value}) for name, value in {"room_budget_usd": 0.5, "retention_days": 3}.items()),
            ("caps", {"reactions": False}),
        ]
        shown = await told(zoe, channel, "settings show")
        for command, options in by_command:
            await told(zoe, channel, f"settings {command}", **options)
            now_shown = await told(zoe, channel, "settings show")
            assert now_shown != shown, options
            shown = now_shown
        settings = bot.guild_settings.of(guild.id)
        assert [name for name in GuildSettings.model_fields if getattr(settings, name) == DEFAULTS[name]] == []


async def test_settings_are_there_after_a_restart(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        await told(who_manages_the_server(env, guild), channel, "settings where", add=channel)
        set_before = bot.guild_settings.of(guild.id)
        assert set_before.channels == (channel.id,)
    async with simulated(tmp_path) as (_, bot):
        assert bot.guild_settings.of(guild.id) == set_before


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("news", "announcement channel"),
        ("stage", "stage"),
        ("forum", "lacks permissions"),
    ],
)
async def test_in_the_wrong_place_a_sentence_says_why(tmp_path: Path, kind: str, sentence: str) -> None:
    async with simulated(tmp_path, refusals=True) as (env, bot):
        guild = env.create_guild()
        channel = getattr(guild, f"create_{kind}_channel")("there")
        if kind == "forum":
            forum = found(bot, guild).get_channel(channel.id)
            assert isinstance(forum, discord.ForumChannel)
            await forum.set_permissions(forum.guild.me, send_messages=False)
        said = await told(may_steer(env, guild), channel, "start")
        assert sentence in said
        assert not list(bot.rooms)


async def test_a_voice_channels_text_holds_a_room_but_no_thread(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_voice_channel("there")
        ann = may_steer(env, guild)
        assert "no threads" in await told(ann, channel, "start", thread=True)
        assert "The room is open" in await told(ann, channel, "start", rounds=1, pace=0.0)


async def test_help_is_for_everybody_and_fits_into_one_message(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        said = await told(bea, channel, "help")
        assert len(said) <= 2000
        assert all(f"`{command.name}" in said for command in bot.backroom.commands)


async def test_help_becomes_shorter_when_there_is_more_to_tell(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))

        async def nothing(_: discord.Interaction) -> None: ...

        while len(bot.backroom.commands) < DISCORD_COMMANDS_IN_A_GROUP:
            number = len(bot.backroom.commands)
            name, description = f"a-long-name-for-number-{number}", "words of their own " * 5
            bot.backroom.add_command(discord.app_commands.Command(name=name, description=description, callback=nothing))
        said = await told(bea, channel, "help")
        assert len(said) <= 2000
        assert all(f"`{command.name}" in said for command in bot.backroom.commands)
        assert "`forget me`" in said
        assert all(f"!{verb}" in said for verb in bot.capabilities)
