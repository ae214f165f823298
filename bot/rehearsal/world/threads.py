"""Opening public threads under a text channel, on a message or on none."""

from __future__ import annotations

from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.members import User
from bot.rehearsal.world.messages import Message, MessageFlag, MessageType


def open_public_thread(
    channel: Channel, name: str, opener: User, *, on: Message | None = None, minutes: int = 1440
) -> Thread:
    """Open a thread. On a message it takes the message's id; on none the channel tells of it."""
    ids = channel.guild.world.ids
    thread = Thread(channel, ids.next() if on is None else on.id, name, opener.id)
    thread.auto_archive_minutes = minutes
    channel.open_thread(thread)
    if on is not None:
        on.thread = thread
        on.flags |= MessageFlag.HAS_THREAD
        on.changed()
        return thread
    told = Message(
        id=ids.next(),
        channel=channel,
        author=opener,
        content=thread.name,
        type=MessageType.THREAD_CREATED,
        thread=thread,
    )
    channel.publish(told)
    return thread
