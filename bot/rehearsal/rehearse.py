"""A rehearsal: the unmodified bot on a Discord of our own, with an offline cast and a person who starts a room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import HttpUrl, SecretStr
from rich.console import Console

from bot.app import open_bot
from bot.client import BackroomBot
from bot.images.painter import Painter
from bot.models.answering import Answerer
from bot.models.offline import OfflineCast
from bot.open_room import OpenRoom
from bot.rehearsal.faults.host import UnsteadyHost
from bot.rehearsal.faults.plans import STORMS, Plan
from bot.rehearsal.keyboard import listen_to_keyboard
from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.stormy_room import StormyRoom
from bot.rehearsal.terminal import ChannelView
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.happenings import Disturbed
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from bot.room.state import Phase
from bot.settings import Settings

PICTURES_FOLDER = Path("data/rehearsal")
DEFAULT_SECONDS_BETWEEN_TURNS = 4.0
GIVEN_AS_WELL = Permission.CREATE_PUBLIC_THREADS | Permission.MANAGE_MESSAGES
"""What a bot's role is given beyond the invitation: so that threads, forks and ❌ can be tried."""
ANOTHER_ROOM = "The room is over. /backroom start opens another, Ctrl+C ends the rehearsal."
SECONDS_TO_BEGIN = 5.0
"""How long what is typed waits at most until the room has said that it is open."""
SECONDS_TO_ANSWER = (0.6, 2.5)
"""How long the offline cast seems to think, unless the pace is 0."""


async def rehearse(
    settings: Settings,
    *,
    rounds: int | None,
    seed: int,
    pace: float | None,
    interactive: bool = False,
    faults: str | None = None,
    locale: str = "en-US",
) -> int:
    """Play a room in the terminal until its rounds are over or somebody ends it; returns the exit code.

    Whoever sits at a terminal can type into the room; `interactive` reads standard input that is none all the same.
    Whatever keys the settings hold, a rehearsal asks no host and costs nothing. `faults` names a storm, `locale`
    the language of the people and of their server.
    """
    pace = DEFAULT_SECONDS_BETWEEN_TURNS if pace is None else pace
    plan = STORMS[faults] if faults else None
    well = True
    console = Console()
    async with RehearsalDiscord.open() as discord, _bot_on(discord, settings, seed, pace, plan) as bot:
        guild = discord.add_guild("The Back Room", BOT_PERMISSIONS | GIVEN_AS_WELL)
        guild.set_preferred_locale(locale)
        channel = guild.add_text_channel("backroom")
        ann = guild.add_member("Ann", Permission.MANAGE_CHANNELS | Permission.MANAGE_GUILD, locale=locale)
        connected = asyncio.create_task(bot.run_until_closed(discord.token), name="bot")
        shown = asyncio.create_task(ChannelView(console, PICTURES_FOLDER).show(channel), name="terminal")
        is_open = asyncio.Event()
        listening = listen_to_keyboard(ann, channel, console, is_wanted=interactive, begins=is_open)
        typed = asyncio.create_task(listening, name="keyboard")
        try:
            await discord.bot_is_ready()
            over = asyncio.create_task(_until_over(bot, channel), name="until-over")
            await _start_room(ann, channel, rounds or 0, pace)
            is_open.set()
            if plan is not None:
                room = StormyRoom(discord, bot, channel, ann)
                outcome = await room.weather(plan, seed, pace, (over, connected, shown))
                channel.tell(Disturbed(outcome.sentence))
                well = outcome.is_well
            else:
                await _play(bot, channel, over, (connected, shown), None if rounds else typed, console)
            await asyncio.sleep(0.2)  # what was posted last is still on its way to the terminal
        finally:
            for task in (typed, shown, connected):
                task.cancel()
            await asyncio.gather(typed, shown, connected, return_exceptions=True)
    for problem in discord.problems:
        console.print(f"Discord would have objected: {problem}", markup=False)
    return 1 if discord.problems or not well else 0


@asynccontextmanager
async def _bot_on(
    discord: RehearsalDiscord, settings: Settings, seed: int, pace: float, plan: Plan | None
) -> AsyncGenerator[BackroomBot]:
    with TemporaryDirectory(prefix="backroom-") as folder:
        here = settings.model_copy(
            update={
                "discord_token": SecretStr(discord.token),
                "discord_api_url": HttpUrl(discord.api_url),
                "discord_gateway_url": None,
                "openrouter_api_key": None,
                "images_base_url": None,
                "database_url": f"sqlite+aiosqlite:///{Path(folder).as_posix()}/rehearsal.sqlite3",
            }
        )
        cast: Answerer = OfflineCast(seed, seconds_to_answer=SECONDS_TO_ANSWER if pace else (0.0, 0.0))
        if plan is not None:
            cast = UnsteadyHost(cast, plan.host, seed, discord.faults.note)
        async with open_bot(here, answerer=cast, picture_maker=Painter(seed)) as bot:
            yield bot


async def _start_room(ann: Person, channel: Channel, rounds: int, pace: float) -> None:
    """Let Ann open the room, and wait until it says so."""
    await ann.slash(channel, "backroom start", rounds=rounds, pace=pace)
    with suppress(TimeoutError):
        await channel.wait_for(lambda _: True, seconds=SECONDS_TO_BEGIN)


async def _play(
    bot: BackroomBot,
    channel: Channel,
    over: asyncio.Task[OpenRoom],
    others: Collection[asyncio.Task[None]],
    typed: asyncio.Task[None] | None,
    console: Console,
) -> None:
    """Wait until the room is over; while somebody types, who may open another, until that one is over as well."""
    try:
        while True:
            done, _ = await asyncio.wait([over, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
            if not over.done():
                return
            room, over = over.result(), asyncio.create_task(_until_over(bot, channel), name="until-over")
            await room.say()
            if typed is None or typed.done():
                return
            console.print(f"\n{ANOTHER_ROOM}", style="dim", markup=False, highlight=False, soft_wrap=True)
            await asyncio.wait([over, typed, *others], return_when=asyncio.FIRST_COMPLETED)
            if typed.done() and bot.rooms.find(channel.id) is None and not over.done():
                return
    finally:
        over.cancel()


async def _until_over(bot: BackroomBot, channel: Channel) -> OpenRoom:
    def is_over(room: OpenRoom) -> bool:
        return room.state.phase is Phase.ENDED and room.place.channel_id == channel.id

    return await bot.wait_for("room_changed", check=is_over)
