"""What the bot may do in each server, and in each channel where a room is open."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.doctor.discord import PERMISSIONS_CHECK, DiscordRest, bits_of, granted_in_channel, missing_of
from bot.doctor.findings import Finding, State, bad, ok, skipped, warn
from bot.models.json_values import as_list, as_table, as_text
from bot.storage import Place

DISCORD_GUILDS_A_PAGE = 200
_ROWS_AT_MOST = 20
_AT_ONCE = 5

Rooms = Sequence[tuple[int, Place]]


async def check_permissions(rest: DiscordRest, rooms: Rooms) -> list[Finding]:
    """Compare what the bot has with what it needs, everywhere."""
    answer = await rest.get("/users/@me/guilds", limit=DISCORD_GUILDS_A_PAGE)
    if answer.status != 200:
        return [skipped(PERMISSIONS_CHECK, f"Discord answered {answer.said}.")]
    guilds = [as_table(guild) for guild in as_list(answer.body)]
    if not guilds:
        to_do = "`backroom invite` prints the address that invites it."
        return [warn(PERMISSIONS_CHECK, "The bot is in no server yet.", to_do)]
    rooms = rooms[:_ROWS_AT_MOST]
    of_rooms = await _check_rooms(rest, rooms, {as_text(guild.get("id")) for guild in guilds})
    good = {str(place.guild_id) for (_, place), row in zip(rooms, of_rooms, strict=True) if row.state is State.OK}
    return [*_check_guilds(guilds, good), *of_rooms]


def _check_guilds(guilds: Sequence[Mapping[str, object]], with_a_good_room: set[str]) -> list[Finding]:
    rows: list[Finding] = []
    for guild in guilds:
        if missing := missing_of(bits_of(guild.get("permissions"))):
            row = _missing(f"The server “{_name_of(guild)}”", missing, "Server Settings, Roles")
            is_enough = as_text(guild.get("id")) in with_a_good_room
            rows.append(replace(row, state=State.WARN) if is_enough else row)
    fine = [guild for guild in guilds if not missing_of(bits_of(guild.get("permissions")))]
    if fine:
        named = f"The server “{_name_of(fine[0])}” gives" if len(fine) == 1 else f"{len(fine)} servers give"
        rows.insert(0, ok(PERMISSIONS_CHECK, f"{named} the bot all that it needs."))
    if len(rows) > _ROWS_AT_MOST:
        more = bad(PERMISSIONS_CHECK, f"{len(rows) - _ROWS_AT_MOST} more servers lack permissions.")
        rows[_ROWS_AT_MOST:] = [more]
    return rows


async def _check_rooms(rest: DiscordRest, rooms: Rooms, guild_ids: set[str]) -> list[Finding]:
    """Return one row for each room, in order."""
    if not rooms:
        return []
    us = as_table((await rest.get("/users/@me")).body)
    limit = asyncio.Semaphore(_AT_ONCE)
    members = {
        guild_id: await _Member.fetch(rest, guild_id, as_text(us.get("id")))
        for guild_id in {str(place.guild_id) for _, place in rooms} & guild_ids
    }

    async def check(room: int, place: Place) -> Finding:
        member = members.get(str(place.guild_id))
        if member is None:
            to_do = "Invite it again (`backroom invite`): the room goes on then."
            return bad(PERMISSIONS_CHECK, f"Room {room} is open in a server that the bot is no longer in.", to_do)
        async with limit:
            return await _check_room(rest, room, place, member)

    return list(await asyncio.gather(*(check(room, place) for room, place in rooms)))


@dataclass(frozen=True, slots=True)
class _Member:
    """The bot in a server, and what each role allows there."""

    guild_id: str
    user: Mapping[str, object]
    bits_by_role: Mapping[str, int]

    @classmethod
    async def fetch(cls, rest: DiscordRest, guild_id: str, user_id: str) -> Self:
        user = as_table((await rest.get(f"/guilds/{guild_id}/members/{user_id}")).body)
        roles = map(as_table, as_list((await rest.get(f"/guilds/{guild_id}/roles")).body))
        bits = {as_text(role.get("id")): bits_of(role.get("permissions")) for role in roles}
        return cls(guild_id, user, bits)


async def _check_room(rest: DiscordRest, room: int, place: Place, member: _Member) -> Finding:
    channel = await rest.get(f"/channels/{place.parent_id or place.channel_id}")
    if channel.status != 200:
        to_do = "Let the bot view the channel, if it is still there; else the room cannot go on."
        return bad(PERMISSIONS_CHECK, f"Room {room}: its channel is gone or hidden ({channel.said}).", to_do)
    thread = await rest.get(f"/channels/{place.channel_id}") if place.parent_id else channel
    if thread.status != 200:
        to_do = "Let the bot into the thread, if it is still there; else the room cannot go on."
        return bad(PERMISSIONS_CHECK, f"Room {room}: its thread is gone or hidden ({thread.said}).", to_do)
    table = as_table(channel.body)
    missing = missing_of(granted_in_channel(member.guild_id, member.bits_by_role, member.user, table))
    name = f"Room {room} in #{_name_of(table)}"
    if missing:
        return _missing(name, missing, "Edit Channel, Permissions")
    return ok(PERMISSIONS_CHECK, f"{name} has all that it needs.")


def _missing(where: str, missing: Sequence[str], settings: str) -> Finding:
    to_do = f"{settings}: give the bot's role {', '.join(missing)}."
    return bad(PERMISSIONS_CHECK, f"{where} does not give the bot: {', '.join(missing)}.", to_do)


def _name_of(thing: Mapping[str, object]) -> str:
    return as_text(thing.get("name"))[:60]
