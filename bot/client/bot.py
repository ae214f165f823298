"""The bot as Discord sees it: its intents, its cogs, and its way to Discord."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import aiohttp
import discord
from discord.ext import commands

from bot.amends import Amends
from bot.client.asides import Asides
from bot.client.catching_up import CatchingUp
from bot.client.commands import BackroomCommands, BackroomTree, Interactions
from bot.client.ears import Ears
from bot.client.letters import Letters
from bot.client.login import find_gateway, login_refusals, speak_to
from bot.client.looking_back import LookingBack
from bot.client.offering import Offering
from bot.client.reaching import reached
from bot.client.threads_begun import ThreadsBegun
from bot.client.translator import HouseTranslator
from bot.forgetting import Forgetting
from bot.guild_settings import SettingsOfGuilds
from bot.images.picture import PictureMaker
from bot.models.answering import Answerer
from bot.models.catalogue import Catalogue
from bot.open_room import OpenRoom
from bot.posting.amending import Amending
from bot.posting.budget import Budget
from bot.posting.delivery import Delivery
from bot.posting.doors import Doors
from bot.posting.editing import Editing
from bot.posting.faces import Faces
from bot.posting.invalid_requests import InvalidRequests
from bot.posting.search import Search
from bot.posting.sending import Sending
from bot.posting.taking_away import TakingAway
from bot.posting.webhooks import Webhooks
from bot.posting.wire import trace
from bot.pseudonyms import Pseudonyms
from bot.room.capability import Capability
from bot.rooms import Rooms
from bot.scenarios import Scenarios
from bot.settings import Settings
from bot.storage import Database, Lease
from bot.turn import Table

CANNOT_HEAR = (
    "The developer portal does not give the bot the Message Content intent: the AIs hear people only where they "
    "mention the bot. Switch it on under Bot, Privileged Gateway Intents, and start the bot again."
)

SECONDS_WITHOUT_ANOTHER_GUILD = 1.0
"""After which the start counts as over; discord.py's own 2 s would be half of every comeback."""

_log = logging.getLogger("backroom.client")


@dataclass(frozen=True, slots=True)
class Supplies:
    """What is opened before the bot and closed after it."""

    settings: Settings
    database: Database
    lease: Lease
    catalogue: Catalogue
    scenarios: Scenarios
    answerer: Answerer
    picture_maker: PictureMaker
    posting_session: aiohttp.ClientSession
    invalid_requests: InvalidRequests


class BackroomBot(commands.Bot):
    """The bot, ready to be connected. Its cogs find in it what they need, by name."""

    def __init__(self, supplies: Supplies) -> None:
        speak_to(supplies.settings)
        self._listening = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, webhooks=True)
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=self._listening,
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,
            tree_cls=BackroomTree,
            max_messages=None,
            guild_ready_timeout=SECONDS_WITHOUT_ANOTHER_GUILD,
            http_trace=trace(supplies.invalid_requests),
        )
        self.supplies = supplies
        self.catalogue = supplies.catalogue
        self.scenarios = supplies.scenarios
        self.picture_maker = supplies.picture_maker
        self.is_offline = supplies.settings.is_offline
        self.webhooks = Webhooks(self, supplies.posting_session, supplies.database.webhooks)
        self.guild_settings = SettingsOfGuilds(supplies.database.guilds)
        self.doors = Doors(self)
        self.editing = Editing(self, self.webhooks)
        self.faces = Faces(self)
        self.budget = Budget(supplies.settings.posts_a_minute)
        sending = self._sending()
        self._delivery = self._delivery_by(sending)
        self.rooms = Rooms(supplies.database, self._delivery, supplies.settings.history_tokens, self.room_changed)
        amending = Amending(supplies.database.amendments, self.doors, self.editing, sending)
        self.amends = Amends(supplies.database, amending, self.rooms.withdraw)
        self.interactions = Interactions()
        self.asides = Asides(self)
        self.letters = Letters(self)
        self.ears = Ears(self)
        self.catching_up = CatchingUp(self, self.ears)
        self.looking_back = LookingBack(self)
        self.threads_begun = ThreadsBegun(self)
        self._offering = Offering(self)
        self.pseudonyms = Pseudonyms(supplies.database.marks)
        self.forgetting = Forgetting(self.rooms, self.pseudonyms, supplies.database.marks)
        self.backroom = BackroomCommands()
        self.tree.add_command(self.backroom)

    def _sending(self) -> Sending:
        return Sending(
            self,
            self.supplies.database.pictures,
            self.webhooks,
            self.faces,
            self.budget,
            self.supplies.invalid_requests,
            self.supplies.lease,
        )

    def _delivery_by(self, sending: Sending) -> Delivery:
        database = self.supplies.database
        search = Search(self, database.outbox)
        taking_away = TakingAway(self, database.privacy)
        return Delivery(database, self.doors, self.webhooks, search, sending, self.budget, taking_away)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        """What AIs can ask for, by verb: every cog that is a capability."""
        found = (cog for cog in self.cogs.values() if isinstance(cog, Capability))
        return {capability.form.verb: capability for capability in found}

    @cached_property
    def table(self) -> Table:
        """What every turn needs."""
        settings = self.supplies.settings
        return Table(
            self.catalogue,
            self.supplies.answerer,
            self.capabilities,
            settings.history_tokens,
            settings.room_budget_usd,
            self.pseudonyms.of,
        )

    def room_budget_usd(self, room: OpenRoom) -> float:
        """What a room may cost until a person lets it go on: a server can only lower what the operator allows."""
        return self.guild_settings.of(room.place.guild_id).budget_usd(self.table.room_budget_usd)

    @property
    def hears_people(self) -> bool:
        """Whether Discord lets the bot read what people say; known once it connects."""
        return self._listening.message_content

    async def login(self, token: str) -> None:
        """Log in as soon as Discord can be reached; then load the rooms that were open, and tell it new commands."""
        await reached(partial(self._log_in, token))
        await self.guild_settings.load()
        await self.pseudonyms.load()
        await self.rooms.load()
        await self.letters.load()
        await self.threads_begun.load()
        await self._delivery.resume()
        await self.forgetting.finish()
        await self.tree.set_translator(HouseTranslator())
        await self._offering.begin()

    async def _log_in(self, token: str) -> None:
        try:
            await super().login(token)
        except Exception:
            await self.http.close()
            self.http.connector = discord.utils.MISSING  # closed as well; the next login opens another
            raise

    async def on_message(self, message: discord.Message, /) -> None:
        """Look for no command in what people say: who mentions the bot speaks to the AIs, and no log repeats it."""

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log what an event's listener did not foresee; once the program ends, nothing has to work any more."""
        if not self.is_closed():
            _log.exception("%s met an error that nobody foresaw", event_method)

    def room_changed(self, room: OpenRoom) -> None:
        """Let whoever runs rooms know that a person changed one."""
        self.dispatch("room_changed", room)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Find the gateway and stay connected to it, listening to what the developer portal allows."""
        await reached(lambda: find_gateway(self, self.supplies.settings))
        flags = self.application_flags
        self._listening.message_content = flags.gateway_message_content or flags.gateway_message_content_limited
        try:
            await self._stay_connected(reconnect=reconnect)
        except discord.PrivilegedIntentsRequired:
            if not self.hears_people:
                raise
            self._listening.message_content = False  # it was taken away while the bot was connected
            await self._stay_connected(reconnect=reconnect)

    async def _stay_connected(self, *, reconnect: bool) -> None:
        if not self.hears_people:
            _log.warning(CANNOT_HEAR)
        await super().connect(reconnect=reconnect)

    async def run_until_closed(self, token: str) -> None:
        """Log in and stay connected until the bot is closed; where Discord cannot be reached, wait until it can.

        Raises:
            SettingsError: Discord does not let the bot in, or no longer.
            DiscordUnavailable: Discord ended the connection for good.
        """
        async with login_refusals():
            await self.start(token)

    async def close(self) -> None:
        """Let go of Discord, and of what is still on its way there."""
        self.supplies.database.transactions.make_haste()
        await self._offering.close()
        await self.asides.close()
        await self.looking_back.close()
        await self.threads_begun.close()
        await self.faces.close()
        await self.rooms.half_open.close()
        await self._delivery.close()
        await super().close()
