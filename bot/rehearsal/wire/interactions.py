"""Interactions in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.messages import message
from bot.rehearsal.wire.people import member

if TYPE_CHECKING:
    from bot.rehearsal.world.interactions import Interaction
    from bot.rehearsal.world.members import Member
    from bot.rehearsal.world.messages import Message

DISCORD_ATTACHMENT_BYTES = 10 * 1024 * 1024
"""The largest file that a guild without boosts takes."""

_WITH_RESOURCE = (4, 7)
"""The answers whose callback shows a message, new or changed; a promise of one has no resource yet."""


def interaction_event(of: Interaction) -> Json:
    """Return an interaction as the gateway tells it."""
    guild, channel = of.channel.guild, of.channel
    shown: Json = {
        "id": str(of.id),
        "application_id": str(of.world.application.id),
        "type": int(of.kind),
        "token": of.token,
        "version": 1,
        "data": of.data,
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": []},
        "guild_locale": guild.preferred_locale,
        "locale": of.person.locale,
        "channel_id": str(channel.id),
        "channel": {**channel.shown(), "permissions": _permissions(of.person, of)},
        "member": {**member(of.person), "permissions": _permissions(of.person, of)},
        "app_permissions": str(int(channel.bot_permissions)),
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
        "attachment_size_limit": DISCORD_ATTACHMENT_BYTES,
    }
    if of.source is not None:
        shown["message"] = message(of.source)
    return shown


def callback(of: Interaction) -> Json:
    """Return what Discord answers to a first answer when it is asked to (`with_response`)."""
    shown: Json = {
        "interaction": {
            "id": str(of.id),
            "type": int(of.kind),
            "channel_id": str(of.channel.id),
            "guild_id": str(of.channel.guild.id),
        }
    }
    if of.original is not None:
        shown["interaction"] |= _response_message(of.original)
        if of.answer_kind in _WITH_RESOURCE:
            shown["resource"] = {"type": int(of.answer_kind), "message": message(of.original)}
    return shown


def _response_message(of: Message) -> Json:
    return {
        "response_message_id": str(of.id),
        "response_message_loading": of.is_loading,
        "response_message_ephemeral": of.is_ephemeral,
    }


def _permissions(who: Member, of: Interaction) -> str:
    return str(int(who.permissions_in(of.channel)))
