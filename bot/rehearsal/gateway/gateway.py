"""The gateway: takes connections, starts and resumes sessions, and tells each what happens in the world."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.rehearsal.faults import Faults
from bot.rehearsal.gateway.closing import (
    ALREADY_AUTHENTICATED,
    AUTHENTICATION_FAILED,
    CODES_THAT_END_A_SESSION,
    DECODE_ERROR,
    DISALLOWED_INTENTS,
    GOING_AWAY,
    INVALID_INTENTS,
    INVALID_SHARD,
    NOT_AUTHENTICATED,
    UNKNOWN_OPCODE,
    GatewayClosed,
)
from bot.rehearsal.gateway.connections import Connection
from bot.rehearsal.gateway.sessions import Session
from bot.rehearsal.wire.applications import flags
from bot.rehearsal.wire.json import as_list, as_object
from bot.rehearsal.wire.people import member, user
from bot.rehearsal.wire.places import guild_event
from bot.rehearsal.world.events import PRIVILEGED_INTENTS, Event, Intent
from bot.rehearsal.world.world import World

DISCORD_HEARTBEAT_MILLISECONDS = 41_250
DISCORD_KNOWN_INTENTS = (1 << 26) - 1
SECONDS_TO_ACKNOWLEDGE = 0.02
"""As a network takes: discord.py notes when it sent a heartbeat only after that, and thinks of the one before else."""
SECONDS_TO_CLOSE = 1.0
"""How long a client may take to answer a close."""
_HEARTBEAT, _IDENTIFY, _PRESENCE, _VOICE, _RESUME, _RECONNECT = 1, 2, 3, 4, 6, 7
_REQUEST_MEMBERS, _INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 8, 9, 10, 11


class Gateway:
    """All sessions. For rehearsing bad days it can drop connections, end sessions and stop acknowledging heartbeats."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self._faults = faults
        self.sessions: dict[str, Session] = {}
        self.acknowledges_heartbeats = True
        self.heartbeat_milliseconds = DISCORD_HEARTBEAT_MILLISECONDS
        self._connections: set[Connection] = set()
        world.announce = self.announce

    @property
    def has_a_client(self) -> bool:
        """Whether any session is listened to now."""
        return any(session.is_connected for session in self.sessions.values())

    def announce(self, event: Event) -> None:
        """Tell every session of an event, as far as no fault has other plans for it."""
        self._faults.carry(event, self._tell)

    def _tell(self, event: Event) -> None:
        for session in self.sessions.values():
            session.tell(event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket from HELLO until it closes."""
        socket = web.WebSocketResponse(timeout=SECONDS_TO_CLOSE, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request.transport, request.query.get("compress"))
        self._connections.add(connection)
        try:
            connection.send_json(_HELLO, {"heartbeat_interval": self.heartbeat_milliseconds})
            await self._serve(connection)
        except GatewayClosed as closed:
            await connection.close(closed.code, closed.reason)
        finally:
            self._left(connection)
        return socket

    async def close(self) -> None:
        """Close all connections, because the rehearsal ends."""
        for connection in list(self._connections):
            await connection.close(*GOING_AWAY)

    async def drop(self, code: int | None = None, *, resumable: bool = True) -> None:
        """Drop every connection: with a close code, or without a word. Sessions are gone unless `resumable`."""
        if not resumable:
            self.sessions.clear()
        for connection in list(self._connections):
            if code is None:
                connection.cut()
            else:
                await connection.close(code, "dropped")

    def ask_to_reconnect(self) -> None:
        """Ask every client to connect anew and resume."""
        for connection in list(self._connections):
            connection.send_json(_RECONNECT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid; one that is not `resumable` is gone."""
        if not resumable:
            self.sessions.clear()
        for connection in list(self._connections):
            connection.send_json(_INVALID_SESSION, resumable)

    async def _serve(self, connection: Connection) -> None:
        session: Session | None = None
        async for payload in connection.payloads():
            op, data = payload.get("op"), payload.get("d")
            if op == _HEARTBEAT:
                if self.acknowledges_heartbeats:
                    later = asyncio.get_running_loop().call_later
                    later(SECONDS_TO_ACKNOWLEDGE, connection.send_json, _HEARTBEAT_ACK, None)
            elif op in (_IDENTIFY, _RESUME):
                if session is not None and session.connection is connection:
                    raise GatewayClosed(*ALREADY_AUTHENTICATED)
                start = self._identify if op == _IDENTIFY else self._resume
                session = start(connection, data)
            elif session is None:
                raise GatewayClosed(*NOT_AUTHENTICATED)
            elif op == _REQUEST_MEMBERS:
                self._tell_members(session, data)
            elif op not in (_PRESENCE, _VOICE):
                raise GatewayClosed(*UNKNOWN_OPCODE)

    def _identify(self, connection: Connection, data: Any) -> Session:
        self._check_token(data)
        intents, shard = self._checked_intents(data), _checked_shard(data)
        self._forget_left_sessions(shard)
        session = Session(intents, shard)
        session.connection = connection
        self.sessions[session.id] = session
        self.world.sessions_started += 1
        self._welcome(session)
        self.world.changed.give()
        return session

    def _resume(self, connection: Connection, data: Any) -> Session | None:
        self._check_token(data)
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int) or not session.can_replay_from(sequence):
            connection.send_json(_INVALID_SESSION, False)
            return None
        session.resume(connection, sequence)
        self.world.changed.give()
        return session

    def _welcome(self, session: Session) -> None:
        """Send READY, and each of the bot's guilds after it."""
        app = self.world.application
        own = [guild for guild in self.world.guilds.values() if guild.bot is not None]
        mine = [guild for guild in own if (guild.id >> 22) % session.shard[1] == session.shard[0]]
        ready = {
            "v": 10,
            "user": user(app.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.world.gateway_address,
            "shard": list(session.shard),
            "application": {"id": str(app.id), "flags": flags(app)},
            "private_channels": [],
            "relationships": [],
        }
        session.dispatch("READY", ready)
        for guild in mine:
            if guild.is_available and Intent.GUILDS in session.intents:
                session.dispatch("GUILD_CREATE", {**guild_event(guild), "unavailable": False})

    def _tell_members(self, session: Session, data: Any) -> None:
        guild = self.world.guilds.get(int(data["guild_id"]))
        if guild is None or guild.bot is None:
            return
        start = str(data.get("query") or "").lower()
        ids = {int(one) for one in as_list(data.get("user_ids")) or ()}
        members = [
            member(one)
            for one in guild.members.values()
            if (one.id in ids if ids else one.name.lower().startswith(start))
        ]
        chunk = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1}
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce"), "not_found": []})

    def _check_token(self, data: Any) -> None:
        identity = as_object(data)
        if identity is None:
            raise GatewayClosed(*DECODE_ERROR)
        if str(identity.get("token")).removeprefix("Bot ") != self.world.application.token:
            raise GatewayClosed(*AUTHENTICATION_FAILED)

    def _checked_intents(self, data: Any) -> Intent:
        bits = data.get("intents")
        if not isinstance(bits, int) or bits & ~DISCORD_KNOWN_INTENTS:
            raise GatewayClosed(*INVALID_INTENTS)
        intents = Intent(bits)
        if intents & PRIVILEGED_INTENTS & ~self.world.application.privileged_intents:
            raise GatewayClosed(*DISALLOWED_INTENTS)
        return intents

    def _forget_left_sessions(self, shard: tuple[int, int]) -> None:
        left = [one.id for one in self.sessions.values() if not one.is_connected and one.shard == shard]
        for session_id in left:
            del self.sessions[session_id]

    def _left(self, connection: Connection) -> None:
        self._connections.discard(connection)
        connection.stop()
        for session in list(self.sessions.values()):
            if session.connection is connection:
                session.connection = None
                if connection.close_code in CODES_THAT_END_A_SESSION and connection.was_closed_by_client:
                    del self.sessions[session.id]
        self.world.changed.give()


def _checked_shard(data: Any) -> tuple[int, int]:
    number, count = data.get("shard") or (0, 1)
    if not 0 <= number < count:
        raise GatewayClosed(*INVALID_SHARD)
    return number, count
