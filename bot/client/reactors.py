"""Who gave a reaction, and whether any of them may steer: what is looked up tells of users alone, without their roles.

Discord lists those apart who gave it as a super reaction, and counts all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from bot.client.members import Members
from bot.client.rights import may_here
from bot.guild_settings import Right

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.open_room import OpenRoom

DISCORD_USERS_A_PAGE = 100
REACTORS_LOOKED_UP_AT_MOST = 20
"""Of those who gave one message a reaction; each costs a request. Who is past them can react anew."""


async def people_with(reaction: discord.Reaction, *, as_counted: bool = True) -> list[discord.User | discord.Member]:
    """Return the people who gave a reaction, of each kind no more than a page of Discord's holds; bots are left out.

    Asks for no more than were counted, because discord.py asks for one more page where there are fewer; or, not
    `as_counted`, also for those who have come since.
    """
    counts = {
        discord.ReactionType.normal: reaction.count - reaction.burst_count,
        discord.ReactionType.burst: reaction.burst_count,
    }
    people: list[discord.User | discord.Member] = []
    for kind, count in counts.items():
        limit = min(count, DISCORD_USERS_A_PAGE) if as_counted else DISCORD_USERS_A_PAGE
        if count:
            people += [who async for who in reaction.users(limit=limit, type=kind) if not who.bot]
    return people


async def any_may_steer(
    bot: BackroomBot, room: OpenRoom, people: Sequence[discord.User | discord.Member], members: Members
) -> bool:
    """Whether any of these people may steer a room; the first of them are looked up among the `members`."""
    if any(may_here(bot, room, Right.STEER, who) for who in people):
        return True  # who opened the room may, whichever roles they have
    for who in people[:REACTORS_LOOKED_UP_AT_MOST]:
        if may_here(bot, room, Right.STEER, await members.find(room.place.guild_id, who)):
            return True
    return False
