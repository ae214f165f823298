"""The bot's application: its token, its commands, its emojis, what its owner allowed it in the portal."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.world.events import PRIVILEGED_INTENTS, Intent
from bot.rehearsal.world.members import User

DISCORD_COMMANDS_A_SCOPE = {1: 100, 2: 15, 3: 15}
"""Slash commands, and commands on users and on messages, globally and again in each guild; more are refused (30032)."""
DISCORD_APPLICATION_EMOJIS = 2000
"""More are refused with 30008."""


@dataclass(slots=True)
class Command:
    """An application command as it was registered; `guild_id` is None for a global one."""

    id: int
    version: int
    guild_id: int | None
    definition: dict[str, Any]

    @property
    def name(self) -> str:
        """The command's name, without its slash."""
        return self.definition["name"]


@dataclass(slots=True)
class Emoji:
    """An emoji of the application, with its picture's bytes."""

    id: int
    name: str
    data: bytes
    content_type: str


class Application:
    """The application and its bot user. `privileged_intents` are those its owner switched on in the portal."""

    def __init__(
        self, application_id: int, name: str, token: str | None = None, privileged_intents: Intent | None = None
    ) -> None:
        self.id = application_id
        self.bot = User(id=application_id, name=name, is_bot=True)
        self.token = token or _new_token(application_id)
        self.privileged_intents = (
            Intent.MESSAGE_CONTENT if privileged_intents is None else privileged_intents & PRIVILEGED_INTENTS
        )
        self.commands: dict[int | None, dict[int, Command]] = {}
        self.emojis: dict[int, Emoji] = {}

    @property
    def has_commands(self) -> bool:
        """Whether any command is registered, globally or in a guild."""
        return any(self.commands.values())

    def commands_in(self, guild_id: int) -> list[Command]:
        """Return the commands of a guild: its own first, then the global ones."""
        return [*self.commands.get(guild_id, {}).values(), *self.commands.get(None, {}).values()]


def _new_token(application_id: int) -> str:
    owner = base64.urlsafe_b64encode(str(application_id).encode()).decode().rstrip("=")
    return f"{owner}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
