"""A Discord of our own: opens REST, gateway and file addresses on 127.0.0.1, and is what tests and rehearsals hold."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.rehearsal.faults import Faults
from bot.rehearsal.files import Files
from bot.rehearsal.gateway.gateway import Gateway
from bot.rehearsal.rest.handling import API_PATH, Exchange, Rest
from bot.rehearsal.rest.limits import Limits
from bot.rehearsal.rest.uploads import DISCORD_REQUEST_BYTES
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.happenings import Happening
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from bot.rehearsal.world.world import DISCORD_SECONDS_TO_ANSWER, World

HOST = "127.0.0.1"
SECONDS_TO_BECOME_READY = 30.0
SECONDS_TO_SHUT_DOWN = 1.0


class RehearsalDiscord:
    """A running Discord of our own. Make one with `RehearsalDiscord.open()`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.rest = Rest(world, self.faults)
        self.gateway = Gateway(world, self.faults)
        self.files = Files(world)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        port: int = 0,
        *,
        bot_name: str = "Backroom",
        token: str | None = None,
        privileged_intents: Intent = Intent.MESSAGE_CONTENT,
        seconds_to_answer: float = DISCORD_SECONDS_TO_ANSWER,
    ) -> AsyncGenerator[RehearsalDiscord]:
        """Serve a new, empty Discord on 127.0.0.1 until the block is left; port 0 takes a free one."""
        listening = socket.create_server((HOST, port))
        world = World(
            f"http://{HOST}:{listening.getsockname()[1]}",
            bot_name,
            token=token,
            privileged_intents=privileged_intents,
            seconds_to_answer=seconds_to_answer,
        )
        discord = cls(world)
        runner = web.AppRunner(discord._site(), access_log=None, shutdown_timeout=SECONDS_TO_SHUT_DOWN)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            yield discord
        finally:
            await discord._close()
            await runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base of REST, for `DISCORD_API_URL`."""
        return self.world.address + API_PATH

    @property
    def gateway_url(self) -> str:
        """The gateway's address, for `DISCORD_GATEWAY_URL`; `/gateway/bot` answers it too."""
        return self.world.gateway_address

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.application.token

    @property
    def problems(self) -> list[str]:
        """Every rule that the bot broke, in sentences: refused requests, late answers, pings let through."""
        return self.world.problems

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every REST request with its answer, oldest first."""
        return self.rest.exchanges

    @property
    def limits(self) -> Limits:
        """The rate limits, which are not enforced until `limits.are_enforced` is set."""
        return self.rest.limits

    def add_guild(self, name: str, bot_permissions: Permission | None = BOT_PERMISSIONS) -> Guild:
        """Make a guild with the bot in it, or without it when `bot_permissions` is None."""
        return self.world.add_guild(name, bot_permissions)

    def on_happening(self, listener: Callable[[Happening], None]) -> None:
        """Call `listener` with whatever is seen to happen in any channel."""
        self.world.listeners.append(listener)

    async def bot_is_ready(self, seconds: float = SECONDS_TO_BECOME_READY, *, with_commands: bool = True) -> None:
        """Wait until the bot listens at the gateway and has registered its commands; else raise `TimeoutError`."""

        def is_ready() -> bool:
            return self.gateway.has_a_client and (self.world.application.has_commands or not with_commands)

        if not await self.world.changed.wait_until(is_ready, seconds):
            client = "is" if self.gateway.has_a_client else "is not"
            commands = "has" if self.world.application.has_commands else "has no"
            raise TimeoutError(
                f"after {seconds:g} s the bot {client} at the gateway and {commands} commands; "
                f"problems: {self.problems or 'none'}"
            )

    def _site(self) -> web.Application:
        site = web.Application(client_max_size=2 * DISCORD_REQUEST_BYTES)
        self.rest.add_routes(site.router)
        self.files.add_routes(site.router)
        site.router.add_get("/gateway", self.gateway.handle)
        site.router.add_get("/gateway/", self.gateway.handle)
        return site

    async def _close(self) -> None:
        for interaction in self.world.interactions.values():
            interaction.abandon()
        await self.gateway.close()
        await asyncio.sleep(0)
