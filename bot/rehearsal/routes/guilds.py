"""Guilds: what the bot can ask about where it is."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import MISSING_ACCESS, UNKNOWN_GUILD, UNKNOWN_MEMBER, Refusal
from bot.rehearsal.routes.found import guild_of
from bot.rehearsal.wire.people import member, role
from bot.rehearsal.wire.places import guild as shown
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.permissions import permissions_of
from bot.rehearsal.world.world import World


def get_guild(world: World, call: Call) -> Answer:
    """Return a guild; with counts when they are asked for."""
    guild = guild_of(world, call)
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return Answer(json=shown(guild) | (counts if call.is_asked("with_counts") else {}))


def list_own_guilds(world: World, _call: Call) -> Answer:
    """Return the guilds that the bot is in, in short."""
    own = [(guild, guild.bot) for guild in world.guilds.values() if guild.bot is not None]
    return Answer(
        json=[
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(int(permissions_of(bot))),
                "features": [],
            }
            for guild, bot in own
        ]
    )


def leave_guild(world: World, call: Call) -> Answer:
    """Let the bot leave a guild."""
    guild = world.guilds.get(call.id("guild_id"))
    if guild is None or guild.bot is None:
        raise Refusal(UNKNOWN_GUILD)
    guild.remove_bot()
    return NO_CONTENT


def list_channels(world: World, call: Call) -> Answer:
    """Return a guild's channels, without threads."""
    return Answer(json=[channel.shown() for channel in guild_of(world, call).text_channels])


def list_roles(world: World, call: Call) -> Answer:
    """Return a guild's roles."""
    return Answer(json=[role(one) for one in guild_of(world, call).roles.values()])


def list_members(world: World, call: Call) -> Answer:
    """Return a guild's members; needs the privileged intent."""
    guild = guild_of(world, call)
    if Intent.GUILD_MEMBERS not in world.application.privileged_intents:
        raise Refusal(MISSING_ACCESS)
    limit = call.number_in_query("limit", 1, 1000, 1)
    after = call.id_in_query("after") or 0
    later = sorted((one for one in guild.members.values() if one.id > after), key=lambda one: one.id)
    return Answer(json=[member(one) for one in later[:limit]])


def get_member(world: World, call: Call) -> Answer:
    """Return one member."""
    found = guild_of(world, call).members.get(call.id("user_id"))
    if found is None:
        raise Refusal(UNKNOWN_MEMBER)
    return Answer(json=member(found))


ROUTES = (
    Route("GET", "/users/@me/guilds", list_own_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("GET", "/guilds/{guild_id}", get_guild),
    Route("GET", "/guilds/{guild_id}/channels", list_channels),
    Route("GET", "/guilds/{guild_id}/roles", list_roles),
    Route("GET", "/guilds/{guild_id}/members", list_members),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", get_member),
)
