"""Commands of a message's context menu, and commands in other languages."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from aiohttp import ClientSession
from discord import app_commands

from bot.rehearsal import CommandNotOffered, MayNot, Permission, RehearsalDiscord
from tests.rehearsal.client import Bot, connected
from tests.rehearsal.conftest import Stage
from tests.rehearsal.views import Panel, fork, panel, who


async def with_commands(stage: Stage, *commands: Any) -> None:
    for command in commands:
        stage.bot.tree.add_command(command)
    await stage.bot.tree.sync()


async def test_a_command_is_used_on_a_message(stage: Stage) -> None:
    await with_commands(stage, who)
    webhook = await stage.webhook()
    await webhook.send("I think", username="AI-1", wait=True)
    reply = await stage.bob.uses_on(stage.channel.messages[0], "Who said this?")
    assert (reply.content, reply.ephemeral) == ("AI-1: I think", True)
    seen = (await stage.bot.sees("interaction"))[0]
    assert seen.data["type"] == 3
    assert seen.data["target_id"] == str(stage.channel.messages[0].id)
    assert stage.rehearsal.problems == []


async def test_its_answer_in_the_channel_shows_the_message(stage: Stage) -> None:
    await with_commands(stage, fork)
    said = await stage.ann.says(stage.channel, "here")
    await stage.ann.uses_on(said, "Fork from here")
    answer = await stage.place.fetch_message(stage.channel.messages[-1].id)
    assert answer.type is discord.MessageType.context_menu_command
    assert answer.interaction_metadata is not None
    assert answer.interaction_metadata.target_message_id == said.id
    assert answer.reference is not None
    assert answer.reference.message_id == said.id


async def test_it_is_offered_by_the_rules_of_slash_commands(stage: Stage) -> None:
    await with_commands(stage, fork, panel)
    said = await stage.ann.says(stage.channel, "here")
    with pytest.raises(CommandNotOffered, match="MANAGE_CHANNELS"):
        await stage.bob.uses_on(said, "Fork from here")
    with pytest.raises(CommandNotOffered, match="Fork from here"):
        await stage.ann.uses_on(said, "panel")
    with pytest.raises(CommandNotOffered):
        await stage.ann.slash(stage.channel, "Fork from here")
    mine = (await stage.ann.slash(stage.channel, "panel")).message
    assert mine is not None
    with pytest.raises(MayNot):
        await stage.bob.uses_on(mine, "Fork from here")


async def test_a_message_is_shown_whole_also_without_the_content_intent(rehearsal: RehearsalDiscord) -> None:
    guild = rehearsal.add_guild("G")
    channel = guild.add_text_channel("c")
    ann = guild.add_member("Ann", Permission.MANAGE_CHANNELS)
    async with connected(rehearsal, intents=discord.Intents(guilds=True, guild_messages=True)) as bot:
        bot.tree.add_command(who)
        await bot.tree.sync()
        said = await ann.says(channel, "words")
        assert (await bot.sees("message"))[0].content == ""
        assert (await ann.uses_on(said, "Who said this?")).content == "ann: words"


async def put(stage: Stage, session: ClientSession, commands: list[dict[str, Any]], query: str = "") -> Any:
    url = f"{stage.rehearsal.api_url}/applications/{stage.bot.application_id}/commands"
    headers = {"Authorization": f"Bot {stage.rehearsal.token}", "User-Agent": "DiscordBot (tests, 1)"}
    async with session.put(url, json=commands, headers=headers) as response:
        answer = await response.json()
    if response.status == 200 and query:
        async with session.get(url + query, headers=headers) as response:
            answer = await response.json()
    return answer


async def test_fifteen_commands_on_messages_are_the_most(stage: Stage, session: ClientSession) -> None:
    commands = [{"type": 3, "name": f"Do {number}"} for number in range(16)]
    assert len(await put(stage, session, commands[:15])) == 15
    assert (await put(stage, session, commands))["code"] == 30032
    described = await put(stage, session, [{"type": 3, "name": "Do it", "description": "no"}])
    assert described["errors"].keys() == {"0"}


class Translator(app_commands.Translator):
    """Translates names and descriptions into German."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        return f"{string.message} auf deutsch"[-30:] if "Ask" in string.message and locale.value == "de" else None


async def test_commands_have_names_in_other_languages(stage: Stage) -> None:
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{interaction.locale.value} {interaction.guild_locale}")

    await stage.bot.tree.set_translator(Translator())
    await with_commands(
        stage, app_commands.Command(name="ask", description=app_commands.locale_str("Ask"), callback=ask)
    )
    stage.guild.set_preferred_locale("fr")
    ben = stage.guild.add_member("Ben", locale="de")
    assert (await ben.slash(stage.channel, "ask")).content == "de fr"
    assert (await stage.ann.slash(stage.channel, "ask")).content == "en-US fr"
    guild = await stage.bot.fetch_guild(stage.guild.id)
    assert guild.preferred_locale is discord.Locale.french
    registered = [one.definition for one in stage.rehearsal.world.application.commands_in(stage.guild.id)]
    assert registered[-1]["description_localizations"] == {"de": "Ask auf deutsch"}


async def test_other_languages_are_listed_only_when_they_are_asked_for(stage: Stage, session: ClientSession) -> None:
    option = {"type": 3, "name": "text", "description": "d", "name_localizations": {"de": "wörter"}}
    command = {"name": "say", "description": "d", "options": [option], "name_localizations": {"de": "sagen"}}
    (asked,) = await put(stage, session, [command], "?with_localizations=true")
    assert asked["name_localizations"] == {"de": "sagen"}
    assert asked["options"][0]["name_localizations"] == {"de": "wörter"}
    (plain,) = await put(stage, session, [command], "?limit=1")
    assert "name_localizations" not in plain
    assert "name_localizations" not in plain["options"][0]


@pytest.mark.parametrize(
    ("localized", "field"),
    [
        ({"name_localizations": {"de": "Sagen"}}, "name_localizations"),
        ({"name_localizations": {"xx": "sagen"}}, "name_localizations"),
        ({"name_localizations": {"de": "x" * 33}}, "name_localizations"),
        ({"description_localizations": {"de": "x" * 101}}, "description_localizations"),
    ],
)
async def test_other_languages_are_held_to_the_same_rules(
    stage: Stage, session: ClientSession, localized: dict[str, Any], field: str
) -> None:
    answer = await put(stage, session, [{"name": "say", "description": "d", **localized}])
    assert field in answer["errors"]["0"]


async def test_persistent_buttons_and_commands_work_after_a_restart(rehearsal: RehearsalDiscord) -> None:
    guild = rehearsal.add_guild("G")
    channel = guild.add_text_channel("c")
    ann = guild.add_member("Ann", Permission.MANAGE_CHANNELS)
    async with connected(rehearsal) as first:
        place = first.get_channel(channel.id)
        assert isinstance(place, discord.TextChannel)
        await place.send("running", view=Panel())
    async with connected(rehearsal) as second:
        assert isinstance(second, Bot)
        second.add_view(Panel())
        assert (await ann.press(channel.messages[0], "Say")).content == "Ann pressed"
