"""Whom a text pings: the mentions in it, as far as `allowed_mentions` lets them through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.rehearsal.world.messages import Mentions

if TYPE_CHECKING:
    from bot.rehearsal.world.guilds import Guild

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)")
EVERY_KIND = frozenset({"users", "roles", "everyone"})
ONLY_USERS = frozenset({"users"})
"""What webhooks and interactions may ping when `allowed_mentions` is not given; a bot may ping every kind."""


def mentions_in(
    content: str, guild: Guild, allowed: dict[str, Any] | None, unless_told: frozenset[str] = EVERY_KIND
) -> Mentions:
    """Return whom `content` pings, given `allowed_mentions` and what holds when that is absent."""
    if "@" not in content:
        return Mentions()
    text = _CODE.sub("", content)
    kinds = unless_told if allowed is None else frozenset(allowed.get("parse") or ())
    users = _chosen(_USER, text, "users", kinds, allowed)
    roles = _chosen(_ROLE, text, "roles", kinds, allowed)
    return Mentions(
        users=[guild.members[one].user for one in users if one in guild.members],
        roles=[guild.roles[one] for one in roles if one in guild.roles],
        everyone="everyone" in kinds and _EVERYONE.search(text) is not None,
    )


def _chosen(
    pattern: re.Pattern[str], text: str, kind: str, kinds: frozenset[str], allowed: dict[str, Any] | None
) -> list[int]:
    found = list(dict.fromkeys(int(one) for one in pattern.findall(text)))
    if kind in kinds:
        return found
    named = {int(one) for one in (allowed or {}).get(kind) or ()}
    return [one for one in found if one in named]
