"""A forum: a channel without messages of its own, whose posts are threads."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.wire import places as wire
from bot.rehearsal.world.channels import Channel, ChannelType, Thread
from bot.rehearsal.world.messages import Message


class Forum(Channel):
    """A forum channel."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.type = ChannelType.FORUM

    def shown(self) -> dict[str, Any]:
        """Return the forum in Discord's JSON."""
        return wire.forum(self)

    @property
    def posts(self) -> list[Thread]:
        """The posts, oldest first."""
        return [thread for thread in self.guild.threads if thread.parent is self]

    def open_post(self, title: str, starter: Message, *, minutes: int = 1440) -> Thread:
        """Open a post; its first message takes the post's id. `minutes` is when it archives itself."""
        thread = Thread(self, starter.id, title, starter.author.id)
        thread.auto_archive_minutes = minutes
        starter.channel = thread
        self.last_message_id = thread.id
        self.open_thread(thread)
        thread.publish(starter)
        return thread
