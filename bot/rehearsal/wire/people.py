"""Users, members and roles in Discord's JSON."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.rehearsal.wire.json import Json

if TYPE_CHECKING:
    from bot.rehearsal.world.members import Member, Role, User


def picture_hash(address: str) -> str:
    """Return the name under which Discord would keep a picture."""
    return hashlib.blake2b(address.encode(), digest_size=16).hexdigest()


def user(who: User) -> Json:
    """Return a user. A persona's picture becomes a hash, as Discord re-hosts it."""
    return {
        "id": str(who.id),
        "username": who.username,
        "discriminator": "0000" if who.is_bot else "0",
        "global_name": None if who.is_bot else who.name,
        "avatar": picture_hash(who.avatar_url) if who.avatar_url else None,
        "bot": who.is_bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def member_without_user(who: Member) -> Json:
    """Return what a guild adds to a user, as messages carry it."""
    return {
        "roles": [str(role.id) for role in who.roles],
        "joined_at": who.joined_at.isoformat(),
        "nick": who.nick,
        "avatar": None,
        "banner": None,
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def member(who: Member) -> Json:
    """Return a member with its user."""
    return {**member_without_user(who), "user": user(who.user)}


def role(of: Role) -> Json:
    """Return a role."""
    shown: Json = {
        "id": str(of.id),
        "name": of.name,
        "permissions": str(int(of.permissions)),
        "position": of.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": of.bot_id is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if of.bot_id is not None:
        shown["tags"] = {"bot_id": str(of.bot_id)}
    return shown
