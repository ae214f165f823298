"""What a request's path names, found in the world, or refused as unknown or out of bounds for the bot."""

from __future__ import annotations

from bot.rehearsal.rest.calls import Call
from bot.rehearsal.rest.refusals import (
    INVALID_WEBHOOK_TOKEN,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_DIRECT_CHANNEL,
    THREAD_IS_ARCHIVED,
    UNKNOWN_APPLICATION,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Refusal,
)
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.members import Member
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.webhooks import Webhook
from bot.rehearsal.world.world import World


def application_id(world: World, call: Call) -> int:
    """Return the application's id when the path names it."""
    if call.id("application_id") != world.application.id:
        raise Refusal(UNKNOWN_APPLICATION)
    return world.application.id


def guild_of(world: World, call: Call) -> Guild:
    """Return the guild of the path, if the bot is in it."""
    guild = world.guilds.get(call.id("guild_id"))
    if guild is None:
        raise Refusal(UNKNOWN_GUILD)
    if guild.bot is None:
        raise Refusal(MISSING_ACCESS)
    return guild


def channel_of(world: World, call: Call, *needed: Permission) -> Channel:
    """Return the channel of the path, if the bot may see it and has what is needed there."""
    channel = world.channel(call.id("channel_id"))
    if channel is None:
        raise Refusal(UNKNOWN_CHANNEL)
    must(channel, *needed)
    return channel


def must(channel: Channel, *needed: Permission) -> None:
    """Raise `Refusal` unless the bot sees the channel and has all these permissions there."""
    has = channel.bot_permissions
    if Permission.VIEW_CHANNEL not in has:
        raise Refusal(MISSING_ACCESS)
    if any(permission not in has for permission in needed):
        raise Refusal(NO_DIRECT_CHANNEL if channel.is_direct else MISSING_PERMISSIONS)


def refuse_if_archived(channel: Channel) -> None:
    """Raise `Refusal` in an archived thread, where nothing that stands can be changed."""
    if isinstance(channel, Thread) and channel.is_archived:
        raise Refusal(THREAD_IS_ARCHIVED)


def message_in(channel: Channel, call: Call) -> Message:
    """Return the message of the path."""
    message = channel.history.get(call.id("message_id"))
    if message is None:
        raise Refusal(UNKNOWN_MESSAGE)
    return message


def bot_in(channel: Channel) -> Member:
    """Return the bot as a member of the channel's guild."""
    if channel.guild.bot is None:
        raise Refusal(MISSING_ACCESS)
    return channel.guild.bot


def webhook_by_token(world: World, call: Call) -> Webhook:
    """Return the webhook of the path, if the token opens it."""
    webhook = world.webhooks.get(call.id("webhook_id"))
    if webhook is None:
        raise Refusal(UNKNOWN_WEBHOOK)
    if webhook.token != call.parts["webhook_token"]:
        raise Refusal(INVALID_WEBHOOK_TOKEN)
    return webhook
