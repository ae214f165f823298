"""Is the bot let in, what is it allowed to read, and what may it do where it sits?"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from bot.client import PERMISSIONS
from bot.doctor.asking import Answer, Asking, NoAnswer
from bot.doctor.findings import Finding, bad, ok, skipped, warn
from bot.models.json_values import as_list, as_table, as_text
from bot.posting.permission_names import name_of_permission
from bot.posting.wire import USER_AGENT
from bot.settings import Settings

TOKEN, INTENTS, PERMISSIONS_CHECK = "Token", "Intents", "Permissions"
NO_TOKEN = "There is no DISCORD_TOKEN: the bot rehearses on a Discord of its own."  # noqa: S105 - a sentence

DISCORD_MAY_READ_MESSAGES = 1 << 18 | 1 << 19
"""Flags of an application that was granted the message content intent, or switched it on for up to 100 servers."""
DISCORD_ADMINISTRATOR = 1 << 3

_NAMES_FOR_A_SERVER = {"read_messages": "View Channels"}
"""Where a permission is called otherwise than in a channel."""


class DiscordRest:
    """Discord's REST API with the bot's token."""

    def __init__(self, asking: Asking, settings: Settings, token: SecretStr) -> None:
        self._asking = asking
        self._base = str(settings.discord_api_url).rstrip("/")
        self._headers = {"Authorization": f"Bot {token.get_secret_value()}", "User-Agent": USER_AGENT}

    async def get(self, path: str, **query: str | int) -> Answer:
        """Return what Discord answers.

        Raises:
            NoAnswer: nothing that tells what was asked.
        """
        answer = await self._asking.get(self._base + path, self._headers, tells_time=True, **query)
        if answer.status == 429 or answer.status >= 500:
            raise NoAnswer(f"answered {answer.said}")
        return answer


async def check_token(rest: DiscordRest) -> list[Finding]:
    """Log in, as far as REST does."""
    answer = await rest.get("/users/@me")
    if answer.status == 401:
        to_do = "Copy the token anew from the developer portal (Bot, Reset Token) into DISCORD_TOKEN."
        return [bad(TOKEN, "Discord refuses DISCORD_TOKEN.", to_do)]
    if answer.status != 200:
        return [bad(TOKEN, f"Discord answered {answer.said}.", "Look at DISCORD_API_URL.")]
    user = as_table(answer.body)
    return [ok(TOKEN, f"The bot is {as_text(user.get('username'))} ({as_text(user.get('id'))}).")]


async def check_intents(rest: DiscordRest) -> list[Finding]:
    """See whether people's words reach the bot."""
    answer = await rest.get("/applications/@me")
    if answer.status != 200:
        return [skipped(INTENTS, f"Discord answered {answer.said}.")]
    flags = as_table(answer.body).get("flags")
    if isinstance(flags, int) and flags & DISCORD_MAY_READ_MESSAGES:
        return [ok(INTENTS, "Message content is allowed: what people say can reach the AIs.")]
    return [
        warn(
            INTENTS,
            "Message content is not allowed: rooms run, but the AIs do not hear what people say.",
            "Switch on Message Content Intent in the developer portal (Bot), then start the bot again.",
        )
    ]


def missing_of(granted: int) -> tuple[str, ...]:
    """Return the permissions that a room needs and these bits do not hold, as Discord's settings call them."""
    if granted & DISCORD_ADMINISTRATOR:
        return ()
    needed = (name for name, is_needed in PERMISSIONS if is_needed)
    return tuple(title_of(name) for name in needed if not granted & PERMISSIONS.VALID_FLAGS[name])


def title_of(permission: str) -> str:
    """Return what Discord's settings call a permission."""
    return _NAMES_FOR_A_SERVER.get(permission) or name_of_permission(permission)


def granted_in_channel(
    guild_id: str, roles: Mapping[str, int], member: Mapping[str, object], channel: Mapping[str, object]
) -> int:
    """Return what a member may do in a channel: its roles', then everyone's, its roles' and its own overwrites."""
    own_roles = [role for role in as_list(member.get("roles")) if isinstance(role, str)]
    granted = roles.get(guild_id, 0)
    for role in own_roles:
        granted |= roles.get(role, 0)
    if granted & DISCORD_ADMINISTRATOR:
        return granted
    overwrites = {as_text(one.get("id")): one for one in map(as_table, as_list(channel.get("permission_overwrites")))}
    user_id = as_text(as_table(member.get("user")).get("id"))
    for targets in ([guild_id], own_roles, [user_id]):
        met = [overwrites[target] for target in targets if target in overwrites]
        for overwrite in met:
            granted &= ~bits_of(overwrite.get("deny"))
        for overwrite in met:
            granted |= bits_of(overwrite.get("allow"))
    return granted


def bits_of(value: object) -> int:
    """Read permission bits, which Discord sends as digits."""
    return int(value) if isinstance(value, str) and value.isdecimal() else 0
