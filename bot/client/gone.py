"""How what is gone is told from what Discord does not show to who may not read there."""

from __future__ import annotations

import discord

DISCORD_UNKNOWN_MESSAGE = 10008


async def is_gone(channel: discord.PartialMessageable, message: int) -> bool:
    """Whether Discord says of a message that there is none, and not only that we may not see it."""
    try:
        await channel.fetch_message(message)
    except discord.NotFound as error:
        return error.code == DISCORD_UNKNOWN_MESSAGE
    except discord.Forbidden:
        pass
    return False
