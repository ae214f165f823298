"""What a server's owner has set: who may do what, where rooms may be, and how a room begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.errors import NotPossible
from bot.room.entries import Mode, Order
from bot.storage import Guilds
from bot.words import t

MODELS_NAMED_IN_A_SENTENCE = 12
DEFAULT_ROUNDS = 5
DEFAULT_SECONDS_BETWEEN_TURNS = 8.0
MOST_ROUNDS = 1000
MOST_SECONDS_BETWEEN_TURNS = 3600.0


class Right(StrEnum):
    """What a person may do with rooms."""

    START = "start"
    STEER = "steer"
    SPEAK = "speak"
    REACT = "react"


class GuildSettings(BaseModel):
    """The settings of one server. Empty lists set nothing apart: they are the defaults.

    Args:
        start_roles, steer_roles: who may, besides those who have Manage Channels.
        speak_roles, react_roles: who alone reaches the AIs; empty is everybody.
        channels: where alone rooms may be; empty is everywhere.
        models: which models alone may sit down; empty is all of the catalogue.
        scenario, cast, rounds, pace, mode, order: how a room begins unless told otherwise.
        room_budget_usd: what a room may cost until a person lets it go on; None is what the operator has set.
        thread: whether a room opens a thread of its own.
        quiet: whether messages notify nobody.
        reactions: whether reactions reach the AIs.
        panel: whether a room has a message with buttons that shows how it stands.
        retention_days: how long a room that is over is kept; None is what the operator has set.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    start_roles: tuple[int, ...] = ()
    steer_roles: tuple[int, ...] = ()
    speak_roles: tuple[int, ...] = ()
    react_roles: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    models: tuple[str, ...] = ()
    scenario: str = ""
    cast: tuple[str, ...] = ()
    rounds: int | None = None
    pace: float | None = None
    mode: Mode = "open"
    order: Order = "round_robin"
    room_budget_usd: float | None = None
    thread: bool = False
    quiet: bool = True
    reactions: bool = True
    panel: bool = True
    retention_days: int | None = None

    def roles_with(self, right: Right) -> tuple[int, ...]:
        """Return the roles that a right was given to."""
        return {
            Right.START: self.start_roles,
            Right.STEER: self.steer_roles,
            Right.SPEAK: self.speak_roles,
            Right.REACT: self.react_roles,
        }[right]

    def allows_model(self, name: str) -> bool:
        """Whether the model of that display name may sit down."""
        return not self.models or name in self.models

    def check_model(self, name: str) -> None:
        """Raise `NotPossible`, with what is allowed instead, where a model may not sit down."""
        if self.allows_model(name):
            return
        named = ", ".join(self.models[:MODELS_NAMED_IN_A_SENTENCE])
        refusal = t("This server does not allow {name} in its rooms.", name=name)
        more = len(self.models) - MODELS_NAMED_IN_A_SENTENCE
        if more > 0:
            raise NotPossible(f"{refusal} {t('It allows: {models} and {more} more.', models=named, more=more)}")
        raise NotPossible(f"{refusal} {t('It allows: {models}.', models=named)}")

    def budget_usd(self, operators_usd: float) -> float:
        """Return what a room may cost, where the operator allows so much; 0 is without limit."""
        if self.room_budget_usd is None:
            return operators_usd
        return min(self.room_budget_usd, operators_usd) if operators_usd else self.room_budget_usd

    def with_right(self, right: Right, roles: tuple[int, ...]) -> Mapping[str, object]:
        """Return the change that gives a right to just these roles."""
        return {f"{right.value}_roles": roles}


class SettingsOfGuilds:
    """The settings of all servers, at hand; every change is written down first."""

    def __init__(self, guilds: Guilds) -> None:
        self._guilds = guilds
        self._known: dict[int, GuildSettings] = {}
        self._one_writer = asyncio.Lock()

    async def load(self) -> None:
        """Read what was set in earlier runs."""
        records = await self._guilds.all_settings()
        self._known = {guild_id: GuildSettings.model_validate(record) for guild_id, record in records.items()}

    def of(self, guild_id: int | None) -> GuildSettings:
        """Return a server's settings; the defaults where nothing was set."""
        return self._known.get(guild_id or 0) or GuildSettings()

    async def change(self, guild_id: int, **changes: object) -> GuildSettings:
        """Change some settings of a server and return all of them.

        Raises:
            StorageError: nothing was changed.
        """
        return await self.revise(guild_id, lambda _: changes)

    async def revise(self, guild_id: int, change: Callable[[GuildSettings], Mapping[str, object]]) -> GuildSettings:
        """Change what `change` returns when it sees the settings as they are; nobody else changes them meanwhile.

        Raises:
            StorageError: nothing was changed. What `change` raises passes through.
        """
        async with self._one_writer:
            before = self.of(guild_id)
            changed = GuildSettings.model_validate({**before.model_dump(), **change(before)})
            await self._guilds.save_settings(guild_id, changed.model_dump(mode="json", exclude_defaults=True))
            self._known[guild_id] = changed
        return changed

    def forget(self, guild_id: int) -> None:
        """Let go of a server's settings, because nothing of it is kept any more."""
        self._known.pop(guild_id, None)
