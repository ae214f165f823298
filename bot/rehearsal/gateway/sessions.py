"""A gateway session: numbered events, kept so that a dropped client can have them again."""

from __future__ import annotations

import json
import secrets
from collections import deque
from typing import Any

from bot.rehearsal.gateway.connections import Connection
from bot.rehearsal.wire.messages import without_content
from bot.rehearsal.world.events import Event, Intent

EVENTS_KEPT = 5_000
"""How many events a client may miss and still resume."""
DISPATCH = 0


class Session:
    """What one client is told, from its IDENTIFY on, over one connection after the other."""

    def __init__(self, intents: Intent, shard: tuple[int, int] = (0, 1)) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.sequence = 0
        self.connection: Connection | None = None
        self._sent: deque[tuple[int, str]] = deque(maxlen=EVENTS_KEPT)

    @property
    def is_connected(self) -> bool:
        """Whether a client listens now."""
        return self.connection is not None

    def tell(self, event: Event) -> None:
        """Send an event, if the client asked for its kind and may know of it."""
        if self._concerns(event):
            hidden = not event.shows_content and Intent.MESSAGE_CONTENT not in self.intents
            self.dispatch(event.name, without_content(event.data) if hidden else event.data)

    def dispatch(self, name: str, data: dict[str, Any]) -> None:
        """Send an event with the next number; while nobody listens it is only kept."""
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "t": name, "s": self.sequence, "d": data})
        self._sent.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send(text)

    def can_replay_from(self, sequence: int) -> bool:
        """Return whether everything after this number is still kept."""
        oldest = self._sent[0][0] if self._sent else self.sequence + 1
        return oldest - 1 <= sequence <= self.sequence

    def resume(self, connection: Connection, sequence: int) -> None:
        """Go on over another connection, with everything after this number again."""
        self.connection = connection
        for number, text in self._sent:
            if number > sequence:
                connection.send(text)
        self.dispatch("RESUMED", {})

    def _concerns(self, event: Event) -> bool:
        if event.intent and not event.intent & self.intents:
            return False
        if event.guild is not None:
            if event.guild.bot is None or not event.guild.is_available:
                return False
            if (event.guild.id >> 22) % self.shard[1] != self.shard[0]:
                return False
        return event.channel is None or event.channel.bot_can_see
