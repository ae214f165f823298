"""Permissions, and how Discord computes what a member may do in a channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel
    from bot.rehearsal.world.members import Member


class Permission(IntFlag):
    """Discord's permission bits, as far as a bot of this kind meets them."""

    NONE = 0
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    SEND_POLLS = 1 << 49
    PIN_MESSAGES = 1 << 51


class MayNot(Exception):
    """A person tried what Discord's client would not let them do: they lack a permission, or it is not offered."""


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies to a role or a member, beside their roles."""

    allowed: Permission
    denied: Permission
    is_for_a_member: bool


EVERYTHING = Permission((1 << 53) - 1)

BOT_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.MANAGE_WEBHOOKS
)
"""What the bot's invitation asks for, and a guild gives it unless told otherwise."""

PERSON_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
)
"""What every person of a guild may do, besides what they are given."""

_NEEDS_SENDING = (
    Permission.SEND_TTS_MESSAGES | Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE
)


def permissions_of(member: Member) -> Permission:
    """Return what a member may do in the guild as a whole, before any channel's overwrites."""
    guild = member.guild
    if member.id == guild.owner.id:
        return EVERYTHING
    total = guild.everyone.permissions
    for role in member.roles:
        total |= role.permissions
    return EVERYTHING if Permission.ADMINISTRATOR in total else total


def permissions_in(channel: Channel, member: Member) -> Permission:
    """Return what a member may do in a channel; a thread's rules are its parent's."""
    total = permissions_of(member)
    if total == EVERYTHING:
        return total
    total = _after_overwrites(total, channel.rule_giver.overwrites, member)
    if Permission.VIEW_CHANNEL not in total or _is_kept_out(channel, member, total):
        return Permission.NONE
    if not channel.is_thread and Permission.SEND_MESSAGES not in total:
        total &= ~_NEEDS_SENDING
    return total


def _is_kept_out(channel: Channel, member: Member, has: Permission) -> bool:
    only = channel.only_for
    return only is not None and member.id not in only and Permission.MANAGE_THREADS not in has


def _after_overwrites(total: Permission, overwrites: dict[int, Overwrite], member: Member) -> Permission:
    """Apply a channel's overwrites in Discord's order: everyone, then all roles at once, then the member."""
    if everyone := overwrites.get(member.guild.everyone.id):
        total = total & ~everyone.denied | everyone.allowed
    of_roles = [overwrites[role.id] for role in member.roles if role.id in overwrites]
    for overwrite in of_roles:
        total &= ~overwrite.denied
    for overwrite in of_roles:
        total |= overwrite.allowed
    if own := overwrites.get(member.id):
        total = total & ~own.denied | own.allowed
    return total
