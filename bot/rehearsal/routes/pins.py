"""Pinned messages, by the old routes and the new."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import TOO_MANY_PINS, Refusal
from bot.rehearsal.routes.found import channel_of, message_in
from bot.rehearsal.routes.messages import shown
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.messages import Message, MessageType
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.world import World

DISCORD_PINS_A_CHANNEL = 250


def list_pins(world: World, call: Call) -> Answer:
    """Return the pinned messages, the latest pinned first, with the time of pinning."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    items = [
        {"pinned_at": message.pinned_at.isoformat(), "message": shown(world, message)}
        for message in _pinned(channel)
        if message.pinned_at is not None
    ]
    return Answer(json={"items": items, "has_more": False})


def list_pins_as_before(world: World, call: Call) -> Answer:
    """Return the pinned messages alone, as the deprecated route does."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    return Answer(json=[shown(world, message) for message in _pinned(channel)])


def pin(world: World, call: Call) -> Answer:
    """Pin a message; Discord says so in the channel."""
    channel = channel_of(world, call, Permission.PIN_MESSAGES)
    message = message_in(channel, call)
    if message.pinned_at is not None:
        return NO_CONTENT
    if len(_pinned(channel)) >= DISCORD_PINS_A_CHANNEL:
        raise Refusal(TOO_MANY_PINS)
    channel.pin(message, pinned=True)
    said = Message(
        id=world.ids.next(),
        channel=channel,
        author=world.application.bot,
        type=MessageType.PIN_ADDED,
        reply_to=message,
    )
    channel.publish(said)
    return NO_CONTENT


def unpin(world: World, call: Call) -> Answer:
    """Unpin a message."""
    channel = channel_of(world, call, Permission.PIN_MESSAGES)
    channel.pin(message_in(channel, call), pinned=False)
    return NO_CONTENT


def _pinned(channel: Channel) -> list[Message]:
    pinned = [(message.pinned_at, message) for message in channel.history.values() if message.pinned_at]
    return [message for _, message in sorted(pinned, key=lambda pair: pair[0], reverse=True)]


ROUTES = (
    Route("GET", "/channels/{channel_id}/messages/pins", list_pins),
    Route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", pin),
    Route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", unpin),
    Route("GET", "/channels/{channel_id}/pins", list_pins_as_before),
    Route("PUT", "/channels/{channel_id}/pins/{message_id}", pin),
    Route("DELETE", "/channels/{channel_id}/pins/{message_id}", unpin),
)
