"""The stage of the end-to-end tests: the real bot, a Discord of our own and a scripted OpenRouter, over sockets."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import HttpUrl, SecretStr

from bot.app import open_bot
from bot.client import BackroomBot
from bot.open_room import OpenRoom
from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person, Reply
from bot.rehearsal.world.permissions import Permission
from bot.room.notices import PANEL_SIGN
from bot.settings import Settings
from bot.storage.engine import read_url
from bot.storage.schema import bring_up_to_date
from tests.openrouter import Recorded, ScriptedOpenRouter
from tests.rehearsal.contract import problems_of_requests

KEY = "sk-or-v1-a-key-for-tests"
SECONDS = 20.0
CHECKOUT = Path(__file__).parents[2]


@dataclass
class Stage:
    """A channel with Ann, who may steer rooms, and what became of it."""

    discord: RehearsalDiscord
    host: ScriptedOpenRouter
    guild: Guild
    channel: Channel
    ann: Person
    folder: Path
    bot: BackroomBot | None = None

    def settings(self, **changes: Any) -> Settings:
        """What an operator would have set."""
        given: dict[str, Any] = {
            "discord_token": SecretStr(self.discord.token),
            "discord_api_url": HttpUrl(self.discord.api_url),
            "openrouter_api_key": SecretStr(KEY),
            "openrouter_base_url": HttpUrl(self.host.base_url),
            "posts_a_minute": 0,
            "database_url": f"sqlite+aiosqlite:///{self.database.as_posix()}",
        }
        return Settings(_env_file=None, **{**given, **changes})  # pyright: ignore[reportCallIssue]

    @asynccontextmanager
    async def running(self, **changes: Any) -> AsyncGenerator[BackroomBot]:
        """Run the bot, connected, until the block ends; then it is closed as by SIGTERM."""
        async with open_bot(self.settings(**changes)) as bot:
            self.bot = bot
            connected = asyncio.create_task(bot.run_until_closed(self.discord.token))
            try:
                ready = asyncio.create_task(self.discord.bot_is_ready())
                await asyncio.wait([ready, connected], return_when=asyncio.FIRST_COMPLETED)
                if connected.done():
                    await connected
                await ready
                yield bot
            finally:
                connected.cancel()
                await asyncio.gather(connected, return_exceptions=True)
                self.bot = None

    @property
    def database(self) -> Path:
        """The file that the bot keeps its journal in."""
        return self.folder / "backroom.sqlite3"

    @asynccontextmanager
    async def process(self, *, until_ready: bool = True) -> AsyncGenerator[asyncio.subprocess.Process]:
        """Run the bot as an operator would, in a process of its own, which is killed if it still runs at the end."""
        settings = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "OPENROUTER_API_KEY": KEY,
            "OPENROUTER_BASE_URL": self.host.base_url,
            "POSTS_A_MINUTE": "0",
            "DATABASE_URL": self.settings().database_url,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=CHECKOUT,
            env={**os.environ, **settings},
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            if until_ready:
                await self.discord.bot_is_ready()
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def start(self, *models: str, pace: float = 0, channel: Channel | None = None, **options: Any) -> Reply:
        """Let Ann open a room; it is an error of the test if she cannot."""
        chosen = {f"ai{number}": model for number, model in enumerate(models, 1)}
        reply = await self.ann.slash(channel or self.channel, "backroom start", pace=pace, **chosen, **options)
        assert reply.failed is None, reply.failed
        assert reply.content.startswith("The room is open"), reply.content
        return reply

    async def until_over(self, channel: Channel | None = None) -> None:
        """Wait until the room ended by itself and said so."""
        await (channel or self.channel).wait_for(lambda message: message.content.startswith("⏹️"), seconds=SECONDS)

    def room(self) -> OpenRoom:
        """The room that is open in the channel."""
        assert self.bot is not None
        return self.bot.rooms.at(self.channel.id)

    def said(self, channel: Channel | None = None) -> list[tuple[str, str]]:
        """Everything in the channel, in order, as (who, words); how the room stands, its panel says."""
        messages = (channel or self.channel).messages
        return [(message.author_name, message.content) for message in messages if not is_panel(message)]

    def panels(self, channel: Channel | None = None) -> list[Message]:
        """The panels in the channel, of the room that is open and of those that are over."""
        return [message for message in (channel or self.channel).messages if is_panel(message)]

    def words_of(self, persona: str) -> list[str]:
        """What a persona said, in order."""
        return [content for who, content in self.said() if who == persona]

    def asked(self, seat: str) -> list[Recorded]:
        """What a seat's model was sent, turn after turn."""
        return [request for request in self.host.requests if request.seat == seat]

    def nothing_is_wrong(self) -> None:
        """Neither Discord nor OpenRouter had anything to object to."""
        assert self.discord.problems == [], self.discord.problems
        assert self.host.problems() == []
        assert problems_of_requests(self.discord.exchanges) == []


@asynccontextmanager
async def a_stage(folder: Path, *, journal: bool = True) -> AsyncGenerator[Stage]:
    """Open an empty stage; the bot is not running yet, and finds an empty journal, or none."""
    async with RehearsalDiscord.open() as discord, ScriptedOpenRouter() as host:
        guild = discord.add_guild("The Back Room")
        channel = guild.add_text_channel("backroom")
        ann = guild.add_member("Ann", permissions=Permission.MANAGE_CHANNELS)
        stage = Stage(discord, host, guild, channel, ann, folder)
        if journal:
            stage.database.write_bytes(await asyncio.to_thread(empty_journal))
        yield stage


@cache
def empty_journal() -> bytes:
    """Return a database in which nothing was written down yet: making one takes a tenth of a test."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "backroom.sqlite3"
        bring_up_to_date(read_url(f"sqlite+aiosqlite:///{file.as_posix()}"), SECONDS)
        return file.read_bytes()


async def until(holds: Callable[[], object], seconds: float = SECONDS, *, every: float = 0.01) -> None:
    """Wait until something holds, which is looked at `every` so many seconds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for is not ours to signal
            await asyncio.sleep(every)


def is_panel(message: Message) -> bool:
    """Whether a message is a room's panel: it is the house's, and begins as no other line of it does."""
    return message.webhook_id is None and message.content.startswith(PANEL_SIGN)


def index_of(said: Sequence[tuple[str, str]], part: str) -> int:
    """Return where the first message stands that holds `part`."""
    return next(number for number, (_, content) in enumerate(said) if part in content)


def files_of(message: Message) -> list[str]:
    """Return the names of a message's files."""
    return [attachment.filename for attachment in message.attachments]
