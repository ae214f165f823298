"""Messages of a channel: reading, writing as the bot, editing, deleting, pinning."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import (
    INVALID_FORM,
    NO_REPLY_WITHOUT_HISTORY,
    NOT_A_TEXT_CHANNEL,
    NOT_THE_AUTHOR,
    TAKES_NO_DIRECT_MESSAGES,
    THREAD_IS_LOCKED,
    UNKNOWN_MESSAGE,
    Refusal,
)
from bot.rehearsal.routes.found import bot_in, channel_of, message_in, must, must_be_open
from bot.rehearsal.routes.writing import rewrite, written
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.messages import Draft, read_draft
from bot.rehearsal.wire import messages as wire
from bot.rehearsal.world.channels import Channel, ChannelType, Thread
from bot.rehearsal.world.direct import DirectChannel
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.messages import Message, MessageType
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.snowflakes import moment_of, now
from bot.rehearsal.world.world import World

DISCORD_HISTORY_PAGE = 100
DISCORD_NONCE_LIMIT = 25
SECONDS_A_NONCE_COUNTS = 300.0
"""Discord's documentation says "the past few minutes"."""


def list_messages(world: World, call: Call) -> Answer:
    """Return a page of the history, newest first; empty, and no error, without READ_MESSAGE_HISTORY."""
    channel = channel_of(world, call)
    limit = call.number_in_query("limit", 1, DISCORD_HISTORY_PAGE, 50)
    if Permission.READ_MESSAGE_HISTORY not in channel.bot_permissions:
        return Answer(json=[])
    page = _page(list(channel.history.values()), call, limit)
    return Answer(json=[shown(world, message) for message in reversed(page)])


def shown(world: World, message: Message) -> dict[str, Any]:
    """Return a message as the bot may read it: without content where the portal does not allow it."""
    data = wire.message(message)
    allowed = Intent.MESSAGE_CONTENT in world.application.privileged_intents
    return data if allowed or world.shows_content_of(message) else wire.without_content(data)


def get_message(world: World, call: Call) -> Answer:
    """Return one message."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    return Answer(json=shown(world, message_in(channel, call)))


def create_message(world: World, call: Call) -> Answer:
    """Post a message as the bot; the same enforced nonce again gives the message that is already there."""
    channel = channel_of(world, call)
    must(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
    if channel.type is ChannelType.FORUM:
        raise Refusal(NOT_A_TEXT_CHANNEL)
    if isinstance(channel, DirectChannel) and not world.takes_direct_messages(channel.person):
        raise Refusal(TAKES_NO_DIRECT_MESSAGES)
    if isinstance(channel, Thread) and channel.is_locked:
        raise Refusal(THREAD_IS_LOCKED)
    draft = read_draft(call)
    nonce = _nonce(call.body)
    draft.refuse_if_empty()
    _must_for_what_it_shows(channel, draft)
    if call.body.get("enforce_nonce") and (posted := _posted_with(channel, nonce)) is not None:
        return Answer(json=wire.message(posted))
    reply_to = _reply_to(channel, call)
    message = written(channel, world.application.bot, draft, nonce=nonce, reply_to=reply_to)
    message.type = MessageType.DEFAULT if reply_to is None else MessageType.REPLY
    return Answer(json=wire.message(channel.publish(message)))


def edit_message(world: World, call: Call) -> Answer:
    """Change a message of the bot's own."""
    channel = channel_of(world, call)
    message = message_in(channel, call)
    if message.author is not world.application.bot:
        raise Refusal(NOT_THE_AUTHOR)
    must_be_open(channel)
    rewrite(message, read_draft(call, of=message))
    message.changed()
    return Answer(json=wire.message(message))


def delete_message(world: World, call: Call) -> Answer:
    """Delete a message; somebody else's, and a webhook's, needs MANAGE_MESSAGES."""
    channel = channel_of(world, call)
    message = message_in(channel, call)
    if message.author is not world.application.bot:
        must(channel, Permission.MANAGE_MESSAGES)
    message.delete()
    return NO_CONTENT


def delete_messages(world: World, call: Call) -> Answer:
    """Delete 2 to 100 messages at once."""
    channel = channel_of(world, call, Permission.MANAGE_MESSAGES)
    form = Form(call.body)
    ids = form.snowflakes("messages", 100)
    if len(ids) < 2:
        form.wrong("messages", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
    form.refuse_if_wrong()
    if found := [channel.history[message_id] for message_id in dict.fromkeys(ids) if message_id in channel.history]:
        Message.delete_together(found)
    return NO_CONTENT


def start_typing(world: World, call: Call) -> Answer:
    """Show that the bot is typing."""
    channel = channel_of(world, call)
    must(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
    bot_in(channel)
    return NO_CONTENT


def _page(messages: list[Message], call: Call, limit: int) -> list[Message]:
    """Return the asked part of a history, both oldest first."""
    before, after, around = (call.id_in_query(name) for name in ("before", "after", "around"))
    if around is not None:
        older = [message for message in messages if message.id <= around][-(limit // 2 + 1) :]
        newer = [message for message in messages if message.id > around][: limit // 2]
        return (older + newer)[:limit]
    if after is not None:
        return [message for message in messages if message.id > after][:limit]
    if before is not None:
        messages = [message for message in messages if message.id < before]
    return messages[-limit:]


def _nonce(body: dict[str, Any]) -> int | str | None:
    nonce = body.get("nonce")
    if nonce is None or isinstance(nonce, int):
        return nonce
    form = Form(body)
    text = form.text("nonce", DISCORD_NONCE_LIMIT)
    form.refuse_if_wrong()
    return text


def _posted_with(channel: Channel, nonce: int | str | None) -> Message | None:
    if nonce is None:
        return None
    for message in reversed(channel.history.values()):
        if (now() - moment_of(message.id)).total_seconds() > SECONDS_A_NONCE_COUNTS:
            return None
        if message.nonce == nonce and message.author is channel.guild.world.application.bot:
            return message
    return None


def _reply_to(channel: Channel, call: Call) -> Message | None:
    if call.body.get("message_reference") is None:
        return None
    form = Form(call.body)
    reference = form.nested("message_reference")
    message_id = reference.snowflake("message_id")
    form.refuse_if_wrong()
    if Permission.READ_MESSAGE_HISTORY not in channel.bot_permissions:
        raise Refusal(NO_REPLY_WITHOUT_HISTORY)
    message = channel.history.get(message_id or 0)
    if message is None and reference.body.get("fail_if_not_exists", True):
        error = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": UNKNOWN_MESSAGE.message}
        raise Refusal(INVALID_FORM, {"message_reference": {"_errors": [error]}})
    return message


def _must_for_what_it_shows(channel: Channel, draft: Draft) -> None:
    if draft.embeds:
        must(channel, Permission.EMBED_LINKS)
    if draft.new_files:
        must(channel, Permission.ATTACH_FILES)


ROUTES = (
    Route("GET", "/channels/{channel_id}/messages", list_messages),
    Route("POST", "/channels/{channel_id}/messages", create_message, posts_text=True),
    Route("POST", "/channels/{channel_id}/messages/bulk-delete", delete_messages),
    Route("GET", "/channels/{channel_id}/messages/{message_id}", get_message),
    Route("PATCH", "/channels/{channel_id}/messages/{message_id}", edit_message, posts_text=True),
    Route("DELETE", "/channels/{channel_id}/messages/{message_id}", delete_message),
    Route("POST", "/channels/{channel_id}/typing", start_typing),
)
