"""Threads: opening, joining, listing."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import ALREADY_HAS_A_THREAD, UNKNOWN_CHANNEL, Refusal
from bot.rehearsal.routes.channels import DISCORD_ARCHIVE_MINUTES, DISCORD_CHANNEL_NAME_LIMIT
from bot.rehearsal.routes.found import channel_of, guild_of, message_in
from bot.rehearsal.rules.form import Form
from bot.rehearsal.wire.places import thread_member
from bot.rehearsal.world.channels import Channel, ChannelType, Thread
from bot.rehearsal.world.messages import Message, MessageFlag, MessageType
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.world import World


def open_thread(world: World, call: Call) -> Answer:
    """Open a thread that hangs on no message; a public one is told of in its channel."""
    kinds = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
    form = Form(call.body)
    kind = form.one_of("type", tuple(map(int, kinds)), int(ChannelType.PRIVATE_THREAD))
    is_private = kind == ChannelType.PRIVATE_THREAD
    needed = Permission.CREATE_PRIVATE_THREADS if is_private else Permission.CREATE_PUBLIC_THREADS
    channel = channel_of(world, call, needed)
    thread = _opened(world, channel, form, world.ids.next(), is_private=is_private)
    if not is_private:
        told = Message(
            id=world.ids.next(),
            channel=channel,
            author=world.application.bot,
            content=thread.name,
            type=MessageType.THREAD_CREATED,
            thread=thread,
        )
        channel.publish(told)
    return Answer(201, thread.shown())


def open_thread_from_message(world: World, call: Call) -> Answer:
    """Open a thread on a message, whose id it takes."""
    channel = channel_of(world, call, Permission.CREATE_PUBLIC_THREADS)
    message = message_in(channel, call)
    if message.thread is not None:
        raise Refusal(ALREADY_HAS_A_THREAD)
    thread = _opened(world, channel, Form(call.body), message.id, is_private=False)
    message.thread = thread
    message.flags |= MessageFlag.HAS_THREAD
    message.changed()
    return Answer(201, thread.shown())


def join_thread(world: World, call: Call) -> Answer:
    """Make the bot a member of a thread."""
    _thread(world, call).join(world.application.bot.id)
    return NO_CONTENT


def leave_thread(world: World, call: Call) -> Answer:
    """Take the bot out of a thread."""
    _thread(world, call).member_ids.discard(world.application.bot.id)
    return NO_CONTENT


def list_active_threads(world: World, call: Call) -> Answer:
    """Return the threads of a guild that are not archived, as far as the bot sees them."""
    active = [thread for thread in guild_of(world, call).threads if not thread.is_archived]
    return Answer(json=_listed(world, active))


def list_archived_threads(world: World, call: Call) -> Answer:
    """Return the archived public threads of a channel."""
    channel = channel_of(world, call, Permission.READ_MESSAGE_HISTORY)
    archived = [thread for thread in channel.guild.threads if thread.parent is channel and thread.is_archived]
    return Answer(json=_listed(world, archived) | {"has_more": False})


def _opened(world: World, channel: Channel, form: Form, thread_id: int, *, is_private: bool) -> Thread:
    name = form.text("name", DISCORD_CHANNEL_NAME_LIMIT, 1, required=True)
    minutes = form.one_of("auto_archive_duration", DISCORD_ARCHIVE_MINUTES, 1440)
    form.refuse_if_wrong()
    thread = Thread(channel, thread_id, name, world.application.bot.id, is_private=is_private)
    thread.auto_archive_minutes = minutes
    channel.open_thread(thread)
    return thread


def _thread(world: World, call: Call) -> Thread:
    thread = channel_of(world, call)
    if not isinstance(thread, Thread):
        raise Refusal(UNKNOWN_CHANNEL)
    return thread


def _listed(world: World, threads: list[Thread]) -> dict[str, object]:
    seen = [thread for thread in threads if Permission.VIEW_CHANNEL in thread.bot_permissions]
    bot_id = world.application.bot.id
    members = [thread_member(thread, bot_id) for thread in seen if bot_id in thread.member_ids]
    return {"threads": [thread.shown() for thread in seen], "members": members}


ROUTES = (
    Route("POST", "/channels/{channel_id}/threads", open_thread),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", open_thread_from_message),
    Route("PUT", "/channels/{channel_id}/thread-members/@me", join_thread),
    Route("DELETE", "/channels/{channel_id}/thread-members/@me", leave_thread),
    Route("GET", "/guilds/{guild_id}/threads/active", list_active_threads),
    Route("GET", "/channels/{channel_id}/threads/archived/public", list_archived_threads),
)
