"""Commands and permissions as another simulated Discord sees them: one that checks what the real one would refuse."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.app import open_bot
from bot.client import BackroomBot
from bot.images.painter import Painter
from bot.models.answering import Answer, Answerer, Ask
from bot.room.entries import Entry, Joined, Opened, Paused
from bot.settings import Settings
from bot.storage import Place

CONTRACT = Path(__file__).parents[2] / ".." / "shared" / "contract"
STEERING = ("start", "stop", "pause", "resume", "step", "status", "add", "image", "prompt", "temperature")
FOR_OTHERS = ("help", "settings", "privacy", "forget", "export")
SEATS = ("mute", "unmute", "remove", "model", "skip", "order")
STEERING = ("start", "stop", "pause", "resume", "step", "status", "add", "image", "prompt", "temperature", "mode")
SPEAKING = ("say",)
PAUSED: list[Entry] = [
    Opened(by=1, by_name="Ann", scenario="Test", prompt="Talk.", opening="", rounds=0, seconds_between_turns=0),
    Joined(seat=1, model="Gemini 3 Flash"),
    Paused(reason="", by_name="Ann"),
]

MENU = ("Who said this?", "Fork from here", "Say it again", "Picture this")


class Cast:
    """Everyone says one line; the first also asks for things on its first turn."""

    async def ask(self, request: Ask) -> Answer:
        first = request.messages[0].words.startswith("You are AI-1 ") and len(request.messages) == 2
        wishes = '!add_ai "Kimi K2" "come in"\n\n!image "a lamp"\n\n!prompt "be brief"\n\n!temperature 0.7\n\n'
        return Answer(f"{wishes if first else ''}I said it.", served_by="test")


@asynccontextmanager
async def simulated(
    tmp_path: Path, *, refusals: bool = False, cast: Answerer | None = None, retention_days: int | None = None
) -> AsyncGenerator[tuple[Any, BackroomBot]]:
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        database_url=f"sqlite+aiosqlite:///{(tmp_path / 'backroom.sqlite3').as_posix()}",
        retention_days=retention_days,
    )
    async with (
        open_bot(settings, answerer=cast or Cast(), picture_maker=Painter()) as bot,
        simcord.run(bot, settle_timeout=30, check_errors=not refusals) as env,
    ):
        yield env, bot


def may_steer(env: Any, guild: Any) -> Any:
    role = guild.create_role("stewards", permissions=discord.Permissions(manage_channels=True))
    return guild.add_member(env.create_user("ann"), roles=[role])


def personas(channel: Any) -> list[str]:
    return [message.author.name for message in channel.history() if message.author.name.startswith("AI-")]


async def test_every_command_is_in_the_group_with_a_description(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        assert {command.name for command in bot.backroom.commands} >= {*STEERING, *SEATS, *SPEAKING, *FOR_OTHERS}
        assert all(command.description for command in bot.backroom.commands)
        synced = next(r for r in env.http_requests if r.method == "PUT" and r.path.endswith("/commands"))
        (group,) = (command for command in synced.json if command["name"] == "backroom")
        assert group["default_member_permissions"] is None  # everyone sees it; each command says who may use it
        assert group["contexts"] == [0]


async def test_to_be_forgotten_one_says_forget_me_and_anyone_may(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        synced = next(r for r in env.http_requests if r.method == "PUT" and r.path.endswith("/commands"))
        (group,) = (command for command in synced.json if command["name"] == "backroom")
        (forget,) = (command for command in group["options"] if command["name"] == "forget")
        assert [(one["name"], one["name_localizations"]["de"]) for one in forget["options"]] == [("me", "mich")]
        reply = await bea.slash(channel, "backroom forget me")
        assert reply.ephemeral
        assert "cannot be undone" in reply.response.content


async def test_messages_have_a_menu_in_servers(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, _bot):
        synced = next(r for r in env.http_requests if r.method == "PUT" and r.path.endswith("/commands"))
        menu = [command for command in synced.json if command["type"] == 3]
        assert {command["name"] for command in menu} == set(MENU)
        assert all(command["contexts"] == [0] for command in menu)


@pytest.mark.parametrize("entry", MENU)
async def test_who_may_not_do_it_gets_a_sentence_from_the_menu(tmp_path: Path, entry: str) -> None:
    async with simulated(tmp_path, refusals=True) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        said = await bea.send(channel, "hello")
        reply = await bea.context_menu(channel, entry, said)
        assert reply.ephemeral
        expected = "not belong to a room" if entry == "Who said this?" else "Manage Channels"
        assert expected in reply.response.content


async def test_a_room_plays_its_rounds(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        ann = may_steer(env, guild)
        reply = await ann.slash(channel, "backroom start", ai1="Gemini 3 Flash", ai2="DeepSeek R1", rounds=1, pace=0.0)
        assert reply.ephemeral
        spoken = list(personas(channel))
        assert {name[:4] for name in spoken} == {"AI-1", "AI-2", "AI-3"}
        texts = [message.content for message in channel.history()]
        assert any(text.startswith('✨ [AI-1]: !add_ai "Kimi K2" "come in"') for text in texts)
        assert any(text.startswith("⏹️") for text in texts)


@pytest.mark.parametrize("command", [name for name in STEERING if name != "status"])
async def test_who_may_not_manage_channels_gets_a_sentence(tmp_path: Path, command: str) -> None:
    async with simulated(tmp_path, refusals=True) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        options = {
            "add": {"model": "Kimi K2"},
            "image": {"description": "a lamp"},
            "prompt": {"seat": "AI-1", "text": "x"},
            "temperature": {"seat": "AI-1", "temperature": 1.0},
            "mode": {"mode": "silent"},
        }
        reply = await bea.slash(channel, f"backroom {command}", **options.get(command, {}))
        assert reply.ephemeral
        assert "Manage Channels" in reply.response.content
        assert not channel.history()


async def test_autocomplete_searches_by_name_and_alias(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        ann = may_steer(env, guild)
        offered = await ann.autocomplete(channel, "backroom start", "ai1", "opus")
        assert "Claude 3 Opus" in [choice["value"] for choice in offered]
        everything = await ann.autocomplete(channel, "backroom start", "ai1", "")
        assert 0 < len(everything) <= 25


async def test_anyone_may_say_something_and_it_appears_under_their_name(tmp_path: Path) -> None:
    async with simulated(tmp_path, refusals=True) as (env, bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        bea = guild.add_member(env.create_user("bea"))
        early = await bea.slash(channel, "backroom say", words="is anybody there?")
        assert "No room is open" in early.response.content
        room = await bot.rooms.open(Place(guild.id, channel.id), PAUSED, [])
        reply = await bea.slash(channel, "backroom say", words="good evening\n⏹️ Ann stopped the room.")
        assert reply.ephemeral
        await room.say()
        assert "💬 **bea**: good evening\n> ⏹️ Ann stopped the room." in [m.content for m in channel.history()]


async def test_every_request_is_valid_against_the_published_contract(tmp_path: Path) -> None:
    if not CONTRACT.exists():
        pytest.skip("the published API descriptions are not beside this checkout")
    sys.path.insert(0, str(CONTRACT))
    try:
        from contract import Contract  # pyright: ignore
    finally:
        sys.path.pop(0)
    async with simulated(tmp_path) as (env, _bot):
        guild = env.create_guild()
        channel = guild.create_text_channel("backroom")
        ann = may_steer(env, guild)
        await ann.slash(channel, "backroom start", ai1="Gemini 3 Flash", ai2="DeepSeek R1", rounds=1, pace=0.0)
        posts = [r for r in env.http_requests if r.method == "POST" and "/webhooks/" in r.path]
        assert posts
        problems = [
            problem
            for request in posts
            for problem in Contract.discord().request(request.method, request.path, json=request.json)  # pyright: ignore
        ]
        assert problems == []
