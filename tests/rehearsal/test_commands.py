"""Slash commands: registered, offered, answered in time or not."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import discord
import pytest
from discord import app_commands

from bot.rehearsal import CommandNotOffered, OptionRefused, Permission, RehearsalDiscord
from tests.rehearsal.client import connected
from tests.rehearsal.conftest import Stage


@pytest.fixture
async def rehearsal() -> AsyncGenerator[RehearsalDiscord]:
    async with RehearsalDiscord.open(seconds_to_answer=0.4) as rehearsal:
        yield rehearsal


async def test_a_command_is_answered(stage: Stage) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom start", rounds=1, ai1="Claude 3 Opus", mood="Calm")
    assert reply.content == "1 rounds with Claude 3 Opus, calm"
    assert (reply.ephemeral, reply.deferred, reply.failed, reply.followups) == (False, False, None, [])
    assert reply.seconds_to_first_response is not None
    assert reply.seconds_to_first_response < 0.4
    posted = stage.channel.messages[0]
    assert posted.interaction is not None
    assert posted.interaction.line.startswith("/backroom start rounds:1")
    (seen,) = await stage.bot.sees("message")
    assert seen.interaction_metadata.user.id == stage.ann.id
    assert seen.author.id == stage.bot.application_id
    assert stage.rehearsal.problems == []


async def test_an_ephemeral_answer_is_in_nobodys_channel(stage: Stage) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom status")
    assert (reply.content, reply.ephemeral) == ("all is well", True)
    assert stage.channel.messages == []
    assert stage.bot.all_seen("message") == []


@pytest.mark.parametrize("whisper", [True, False])
async def test_a_deferred_answer_takes_its_ephemerality_from_the_promise(stage: Stage, whisper: bool) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom think", whisper=whisper)
    assert (reply.content, reply.deferred, reply.ephemeral) == ("thought it over", True, whisper)
    await reply.interaction.changed.wait_until(lambda: bool(reply.followups), 5)
    assert [message.content for message in reply.followups] == ["and more"]
    assert reply.followups[0].is_ephemeral
    assert [message.content for message in stage.channel.messages] == ([] if whisper else ["thought it over"])


async def test_the_answer_can_be_edited_and_taken_back(stage: Stage) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom edit")
    await stage.channel.wait_for(lambda message: message.content == "second")
    assert reply.content == "second"
    reply = await stage.ann.slash(stage.channel, "backroom vanish")
    await stage.channel.wait_until(lambda channel: len(channel.messages) == 1)
    assert reply.message is None


async def test_a_second_answer_is_refused(stage: Stage) -> None:
    await stage.ann.slash(stage.channel, "backroom twice")
    error = await stage.bot.fails()
    assert isinstance(error, app_commands.CommandInvokeError)
    assert isinstance(error.original, discord.HTTPException)
    assert error.original.code == 40060


async def test_an_answer_after_the_time_is_over_is_refused_and_the_person_told(stage: Stage) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom late")
    assert reply.failed == "The application did not respond"
    assert reply.content == ""
    assert reply.seconds_to_first_response is None
    error = await stage.bot.fails()
    assert isinstance(error, app_commands.CommandInvokeError)
    assert isinstance(error.original, discord.NotFound)
    assert error.original.code == 10062
    assert "/backroom late was not answered within 0.4 s" in stage.rehearsal.problems


async def test_autocompletion_offers_names_and_values(stage: Stage) -> None:
    choices = await stage.ann.autocomplete(stage.channel, "backroom start", option="ai1", text="kim")
    assert choices == [("Kimi K2", "kimi k2")]
    assert await stage.ann.autocomplete(stage.channel, "backroom start", option="ai1", text="zz", rounds=2) == []


async def test_a_member_option_and_both_permissions_arrive(stage: Stage) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom greet", who=stage.bob, text="hello")
    assert reply.content == "hello Bob (True, True)"
    reply = await stage.bob.slash(stage.channel, "backroom greet", who=stage.ann, text="hi")
    assert reply.content == "hi Ann (False, True)"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"ai9": "x"}, "no option 'ai9'"),
        ({"rounds": 101}, "from 0 to 100"),
        ({"rounds": "many"}, "whole number"),
        ({"mood": "angry"}, "The option “mood” takes one of: Calm, wild \\(Wild, and not calm at all\\), not “angry”"),
        ({"rounds": True}, "The option “rounds” takes a whole number"),
    ],
)
async def test_what_a_client_would_not_send_is_not_sent(stage: Stage, options: dict[str, object], says: str) -> None:
    with pytest.raises(OptionRefused, match=says):
        await stage.ann.slash(stage.channel, "backroom start", **options)


async def test_a_client_offers_members_for_an_option_that_takes_them(stage: Stage) -> None:
    with pytest.raises(OptionRefused, match="The option “who” takes somebody who is in this server, not “nobody”"):
        await stage.ann.slash(stage.channel, "backroom greet", who="nobody", text="hello")


async def test_required_options_are_required(stage: Stage) -> None:
    with pytest.raises(OptionRefused, match="needs the option 'who'"):
        await stage.ann.slash(stage.channel, "backroom greet", text="hello")


@pytest.mark.parametrize("line", ["nowhere", "backroom nowhere", "backroom"])
async def test_a_command_that_is_not_there_is_not_offered(stage: Stage, line: str) -> None:
    with pytest.raises(CommandNotOffered):
        await stage.ann.slash(stage.channel, line)


async def test_a_command_for_moderators_is_offered_to_them_unless_an_administrator_lifts_it(stage: Stage) -> None:
    group = stage.bot.tree.get_command("backroom")
    assert isinstance(group, app_commands.Group)
    group.default_permissions = discord.Permissions(manage_channels=True)
    await stage.bot.tree.sync()
    assert (await stage.ann.slash(stage.channel, "backroom status")).content
    with pytest.raises(CommandNotOffered, match="MANAGE_CHANNELS"):
        await stage.bob.slash(stage.channel, "backroom status")
    stage.guild.lift_command_permissions()
    assert (await stage.bob.slash(stage.channel, "backroom status")).content


async def test_syncing_again_keeps_the_ids(stage: Stage) -> None:
    (first,) = await stage.bot.tree.fetch_commands()
    await stage.bot.tree.sync()
    (second,) = await stage.bot.tree.fetch_commands()
    assert first.id == second.id
    assert [option.name for option in first.options][:2] == ["start", "status"]


async def test_commands_of_a_guild_are_its_own(stage: Stage) -> None:
    async def here(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")

    command = app_commands.Command(name="here", description="Only here", callback=here)
    stage.bot.tree.add_command(command, guild=discord.Object(stage.guild.id))
    await stage.bot.tree.sync(guild=discord.Object(stage.guild.id))
    assert (await stage.ann.slash(stage.channel, "here")).content == "here"


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ({"name": "Upper", "description": "x"}, "0.name"),
        ({"name": "x" * 33, "description": "x"}, "0.name"),
        ({"name": "a", "description": "x" * 101}, "0.description"),
        ({"name": "a", "description": ""}, "0.description"),
        ({"name": "a", "description": "x", "options": [{"type": 3, "name": "b"}]}, "0.options.0.description"),
        (
            {
                "name": "a",
                "description": "x",
                "options": [
                    {"type": 3, "name": "b", "description": "x"},
                    {"type": 3, "name": "c", "description": "x", "required": True},
                ],
            },
            "0.options.1.required",
        ),
        (
            {
                "name": "a",
                "description": "x",
                "options": [{"type": 3, "name": "b", "description": "x", "choices": [{"name": "", "value": "v"}]}],
            },
            "0.options.0.choices.0.name",
        ),
    ],
)
async def test_commands_are_held_to_discords_rules(stage: Stage, command: dict[str, object], field: str) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await stage.bot.http.bulk_upsert_global_commands(stage.bot.application_id, [command])  # type: ignore[list-item]
    assert refused.value.code == 50035
    assert f"In {field}:" in refused.value.text


async def test_a_bot_that_is_not_there_leaves_the_person_waiting_in_vain(rehearsal: RehearsalDiscord) -> None:
    guild = rehearsal.add_guild("G")
    channel = guild.add_text_channel("c")
    ann = guild.add_member("Ann", Permission.MANAGE_CHANNELS)
    async with connected(rehearsal):
        pass
    assert (await ann.slash(channel, "backroom status")).failed == "The application did not respond"
