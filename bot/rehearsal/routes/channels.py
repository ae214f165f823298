"""Channels: showing, changing, deleting."""

from __future__ import annotations

from bot.rehearsal.rest.calls import Answer, Call, Route
from bot.rehearsal.routes.found import channel_of, must, must_be_open
from bot.rehearsal.rules.form import Form
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.world import World

DISCORD_CHANNEL_NAME_LIMIT = 100
DISCORD_TOPIC_LIMIT = 1024
_CHANGED_IN_AN_ARCHIVED_THREAD = {"archived", "locked"}
_CHANGED_BY_A_THREADS_OWNER = {"name", "archived", "auto_archive_duration"}
DISCORD_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


def get_channel(world: World, call: Call) -> Answer:
    """Return a channel or a thread."""
    return Answer(json=channel_of(world, call).shown())


def edit_channel(world: World, call: Call) -> Answer:
    """Change a channel's name or topic, or a thread's name and state."""
    channel = channel_of(world, call)
    form = Form(call.body)
    if not (_is_our_thread(world, channel) and form.body.keys() <= _CHANGED_BY_A_THREADS_OWNER):
        _must_manage(channel)
    name = form.text("name", DISCORD_CHANNEL_NAME_LIMIT, 1 if "name" in form.body else 0)
    topic = form.text("topic", DISCORD_TOPIC_LIMIT)
    minutes = form.one_of("auto_archive_duration", DISCORD_ARCHIVE_MINUTES, 1440)
    form.refuse_if_wrong()
    if not form.body.keys() <= _CHANGED_IN_AN_ARCHIVED_THREAD and form.body.get("archived") is not False:
        must_be_open(channel)
    channel.name = name or channel.name
    if "topic" in form.body:
        channel.topic = topic or None
    channel.nsfw = bool(form.body.get("nsfw", channel.nsfw))
    if isinstance(channel, Thread):
        if "auto_archive_duration" in form.body:
            channel.auto_archive_minutes = minutes
        archived = form.body.get("archived", channel.is_archived)
        channel.set_archived(archived=bool(archived), locked=form.body.get("locked"))
    else:
        channel.announce_changed()
    return Answer(json=channel.shown())


def delete_channel(world: World, call: Call) -> Answer:
    """Delete a channel or a thread."""
    channel = channel_of(world, call)
    _must_manage(channel)
    shown = channel.shown()
    channel.delete()
    return Answer(json=shown)


def _is_our_thread(world: World, channel: Channel) -> bool:
    return isinstance(channel, Thread) and channel.owner_id == world.application.bot.id


def _must_manage(channel: Channel) -> None:
    must(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)


ROUTES = (
    Route("GET", "/channels/{channel_id}", get_channel),
    Route("PATCH", "/channels/{channel_id}", edit_channel),
    Route("DELETE", "/channels/{channel_id}", delete_channel),
)
