"""Threads and a forum's posts: opening, joining, listing."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import ALREADY_HAS_A_THREAD, NOT_IN_THIS_CHANNEL, UNKNOWN_CHANNEL, Refusal
from bot.rehearsal.routes.channels import DISCORD_ARCHIVE_MINUTES, DISCORD_CHANNEL_NAME_LIMIT
from bot.rehearsal.routes.found import channel_of, guild_of, message_in, must, must_be_open
from bot.rehearsal.routes.writing import written
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.messages import read_draft
from bot.rehearsal.wire.messages import message as shown
from bot.rehearsal.wire.places import thread_member
from bot.rehearsal.world.channels import ChannelType, Thread
from bot.rehearsal.world.forums import Forum
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.threads import open_public_thread
from bot.rehearsal.world.world import World


def open_thread(world: World, call: Call) -> Answer:
    """Open a thread that hangs on no message, and is told of in its channel if it is public; or a forum's post."""
    channel = channel_of(world, call)
    if isinstance(channel, Forum):
        return _opened_post(world, channel, call)
    if channel.type is not ChannelType.TEXT:
        raise Refusal(NOT_IN_THIS_CHANNEL)
    kinds = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
    form = Form(call.body)
    is_private = form.one_of("type", tuple(map(int, kinds)), int(kinds[1])) == ChannelType.PRIVATE_THREAD
    must(channel, Permission.CREATE_PRIVATE_THREADS if is_private else Permission.CREATE_PUBLIC_THREADS)
    name, minutes = _name_and_minutes(form)
    bot = world.application.bot
    if not is_private:
        return Answer(201, open_public_thread(channel, name, bot, minutes=minutes).shown())
    thread = Thread(channel, world.ids.next(), name, bot.id, is_private=True)
    thread.auto_archive_minutes = minutes
    return Answer(201, channel.open_thread(thread).shown())


def open_thread_from_message(world: World, call: Call) -> Answer:
    """Open a thread on a message, whose id it takes."""
    channel = channel_of(world, call, Permission.CREATE_PUBLIC_THREADS)
    message = message_in(channel, call)
    if channel.type is not ChannelType.TEXT:
        raise Refusal(NOT_IN_THIS_CHANNEL)
    if message.thread is not None:
        raise Refusal(ALREADY_HAS_A_THREAD)
    name, minutes = _name_and_minutes(Form(call.body))
    thread = open_public_thread(channel, name, world.application.bot, on=message, minutes=minutes)
    return Answer(201, thread.shown())


def join_thread(world: World, call: Call) -> Answer:
    """Make the bot a member of a thread."""
    thread = _thread(world, call)
    must_be_open(thread)
    thread.join(world.application.bot.id)
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


def _opened_post(world: World, forum: Forum, call: Call) -> Answer:
    must(forum, Permission.SEND_MESSAGES)
    form = Form(call.body)
    name, minutes = _name_and_minutes(form)
    if form.body.get("message") is None:
        form.wrong("message", "BASE_TYPE_REQUIRED", "This field is required")
        form.refuse_if_wrong()
    draft = read_draft(call, body=form.nested("message").body)
    draft.refuse_if_empty()
    thread = forum.open_post(name, written(forum, world.application.bot, draft), minutes=minutes)
    return Answer(201, thread.shown() | {"message": shown(thread.history[thread.id])})


def _name_and_minutes(form: Form) -> tuple[str, int]:
    name = form.text("name", DISCORD_CHANNEL_NAME_LIMIT, 1, required=True)
    minutes = form.one_of("auto_archive_duration", DISCORD_ARCHIVE_MINUTES, 1440)
    form.refuse_if_wrong()
    return name, minutes


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
