"""What Discord offers while a person types an option: where nothing can be offered, it is answered all the same."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands

from bot.client import BackroomBot
from bot.client.choices import Choices
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage


async def test_roles_that_lose_a_right_are_offered_once_it_is_known_which(stage: Stage) -> None:
    boss = stage.guild.add_member("Boss", permissions=Permission.MANAGE_GUILD)
    friends = stage.guild.add_member("Bea").roles[0]
    rights = "backroom settings rights"
    async with stage.running():
        await boss.slash(stage.channel, rights, right="start", give=friends)
        offered = await boss.autocomplete(stage.channel, rights, option="take", right="start")
        assert offered == [(friends.name, str(friends.id))]
        assert await boss.autocomplete(stage.channel, rights, option="take") == []
    stage.nothing_is_wrong()


async def test_choices_that_cannot_be_found_are_logged_and_answered_with_none(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def suggest(_interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
        raise RuntimeError(f"nobody foresaw {typed}")

    @app_commands.command(description="A command whose choices cannot be found")
    @app_commands.autocomplete(what=suggest)
    async def broken(_interaction: discord.Interaction[BackroomBot], what: str) -> None:
        raise AssertionError(what)

    async with stage.running() as bot:
        bot.tree.add_command(broken)
        await bot.tree.sync()
        assert await stage.ann.autocomplete(stage.channel, "broken", option="what", text="this") == []
        bot.tree.remove_command("broken")  # Discord still offers what is no more
        assert await stage.ann.autocomplete(stage.channel, "broken", option="what", text="that") == []
    assert "nobody foresaw this" in caplog.text
    assert "no choices were found for what a person types" in caplog.text
    stage.nothing_is_wrong()
