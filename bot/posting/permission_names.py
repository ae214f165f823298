"""What Discord's settings call permissions, in the language that is spoken here: people look for these words there."""

from __future__ import annotations

import discord

from bot.words import later, t

NAMES = {
    "view_channel": later("View Channel"),
    "send_messages": later("Send Messages"),
    "send_messages_in_threads": later("Send Messages in Threads"),
    "create_public_threads": later("Create Public Threads"),
    "embed_links": later("Embed Links"),
    "attach_files": later("Attach Files"),
    "read_message_history": later("Read Message History"),
    "manage_messages": later("Manage Messages"),
    "manage_webhooks": later("Manage Webhooks"),
    "manage_channels": later("Manage Channels"),
    "manage_guild": later("Manage Server"),
}
"""By discord.py's names. What else says one of these names says it in the same words, in every language."""
CREATE_POSTS = later("Create Posts")
"""What a forum's settings call Send Messages."""

_NAMES_BY_BIT = {getattr(discord.Permissions, flag).flag: name for flag, name in NAMES.items()}


def name_of_permission(flag: str) -> str:
    """Return what Discord's settings call a permission, by any of the names that discord.py has for it."""
    return t(_NAMES_BY_BIT[discord.Permissions.VALID_FLAGS[flag]])
