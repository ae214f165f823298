"""Reactions to messages."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import (
    TOO_MANY_REACTIONS,
    UNKNOWN_REACTION_EMOJI,
    UNKNOWN_USER,
    Refusal,
)
from bot.rehearsal.routes.found import bot_in, channel_of, message_in, must, must_be_open
from bot.rehearsal.wire.people import user
from bot.rehearsal.world.messages import DISCORD_REACTIONS_A_MESSAGE
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.world import World


def add_reaction(world: World, call: Call) -> Answer:
    """React as the bot; being the first with an emoji needs ADD_REACTIONS."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    message = message_in(channel, call)
    emoji = _emoji(world, call)
    must_be_open(channel)
    if emoji not in message.reactions:
        must(channel, Permission.ADD_REACTIONS)
        if len(message.reactions) >= DISCORD_REACTIONS_A_MESSAGE:
            raise Refusal(TOO_MANY_REACTIONS)
    message.react(bot_in(channel), emoji)
    return NO_CONTENT


def remove_own_reaction(world: World, call: Call) -> Answer:
    """Take a reaction of the bot's own back."""
    channel = channel_of(world, call)
    message_in(channel, call).unreact(bot_in(channel), _emoji(world, call))
    return NO_CONTENT


def remove_reaction(world: World, call: Call) -> Answer:
    """Take somebody's reaction away."""
    channel = channel_of(world, call, Permission.MANAGE_MESSAGES)
    message = message_in(channel, call)
    member = channel.guild.members.get(call.id("user_id"))
    if member is None:
        raise Refusal(UNKNOWN_USER)
    message.unreact(member, _emoji(world, call))
    return NO_CONTENT


def list_reactions(world: World, call: Call) -> Answer:
    """Return who reacted with an emoji, or, of type 1, who gave it as a super reaction: Discord lists them apart."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    message, emoji = message_in(channel, call), _emoji(world, call)
    supers = message.super_reactions.get(emoji, [])
    wants_supers = bool(call.number_in_query("type", 0, 1, 0))
    users = [one for one in message.reactions.get(emoji, []) if (one in supers) is wants_supers]
    limit = call.number_in_query("limit", 1, 100, 25)
    after = call.id_in_query("after") or 0
    return Answer(json=[user(one) for one in users if one.id > after][:limit])


def clear_reactions(world: World, call: Call) -> Answer:
    """Take all reactions away, or all with one emoji."""
    channel = channel_of(world, call, Permission.MANAGE_MESSAGES)
    message_in(channel, call).clear_reactions(_emoji(world, call) if "emoji" in call.parts else None)
    return NO_CONTENT


def _emoji(world: World, call: Call) -> str:
    """Return the emoji of the path: a character, or `name:id` of an emoji of the application."""
    emoji = call.parts["emoji"]
    _, separator, emoji_id = emoji.partition(":")
    known = emoji_id.isdigit() and int(emoji_id) in world.application.emojis
    if (separator and not known) or (not separator and emoji.isascii() and "\ufe0f\u20e3" not in emoji):
        raise Refusal(UNKNOWN_REACTION_EMOJI)
    return emoji


_OF_MESSAGE = "/channels/{channel_id}/messages/{message_id}/reactions"

ROUTES = (
    Route("PUT", _OF_MESSAGE + "/{emoji}/@me", add_reaction),
    Route("DELETE", _OF_MESSAGE + "/{emoji}/@me", remove_own_reaction),
    Route("DELETE", _OF_MESSAGE + "/{emoji}/{user_id}", remove_reaction),
    Route("GET", _OF_MESSAGE + "/{emoji}", list_reactions),
    Route("DELETE", _OF_MESSAGE + "/{emoji}", clear_reactions),
    Route("DELETE", _OF_MESSAGE, clear_reactions),
)
