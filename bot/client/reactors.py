"""Who gave a reaction: Discord lists those apart who gave it as a super reaction, and counts all of them together."""

from __future__ import annotations

import discord

DISCORD_USERS_A_PAGE = 100


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
