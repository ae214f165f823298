"""The whole of a rehearsal's Discord: what there is, and who is told when it changes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from bot.rehearsal.world.application import Application
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.direct import DirectChannel
from bot.rehearsal.world.events import Event, Intent
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.happenings import Happening
from bot.rehearsal.world.interactions import Interaction
from bot.rehearsal.world.members import User
from bot.rehearsal.world.messages import Attachment, Message
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from bot.rehearsal.world.pictures import Measured
from bot.rehearsal.world.signal import Signal
from bot.rehearsal.world.snowflakes import Snowflakes
from bot.rehearsal.world.watching import Watch
from bot.rehearsal.world.webhooks import Webhook, announce_webhooks_changed

DISCORD_SECONDS_TO_ANSWER = 3.0
"""An interaction that is not answered within this time has failed."""


class World:
    """Guilds and what is in them; `address` is where pictures and files of this world are served."""

    def __init__(
        self,
        address: str,
        bot_name: str = "Backroom",
        *,
        token: str | None = None,
        privileged_intents: Intent | None = None,
        seconds_to_answer: float = DISCORD_SECONDS_TO_ANSWER,
    ) -> None:
        self.address = address
        self.gateway_address = address.replace("http", "ws", 1) + "/gateway"
        self.sessions_started = 0
        self.seconds_to_answer = seconds_to_answer
        self.ids = Snowflakes()
        self.owner = User(id=self.ids.next(), name="Operator")
        self.application = Application(self.ids.next(), bot_name, token, privileged_intents)
        self.guilds: dict[int, Guild] = {}
        self.direct_channels: dict[int, DirectChannel] = {}
        """By the id of the person."""
        self.webhooks: dict[int, Webhook] = {}
        self.interactions: dict[str, Interaction] = {}
        self.attachments: dict[int, Attachment] = {}
        self.problems: list[str] = []
        self.changed = Signal()
        self.announce: Callable[[Event], None] = lambda _event: None
        """Takes each event; the gateway puts itself here."""
        self.listeners: list[Callable[[Happening], None]] = []
        self._watches: list[Watch] = []

    def add_guild(self, name: str, bot_permissions: Permission | None = BOT_PERMISSIONS) -> Guild:
        """Make a guild with the bot in it, or without it when `bot_permissions` is None."""
        guild = Guild(self, name)
        self.guilds[guild.id] = guild
        if bot_permissions is not None:
            guild.invite_bot(bot_permissions)
        return guild

    def channel(self, channel_id: int) -> Channel | None:
        """Return the channel or thread with this id, where there is one."""
        direct = {one.id: one for one in self.direct_channels.values()}
        found = (places.get(channel_id) for places in (direct, *(guild.channels for guild in self.guilds.values())))
        return next((channel for channel in found if channel is not None), None)

    def user(self, user_id: int) -> User | None:
        """Return the user with this id, where somebody met it in a guild."""
        if user_id == self.application.bot.id:
            return self.application.bot
        found = (guild.members.get(user_id) for guild in self.guilds.values())
        return next((member.user for member in found if member is not None), None)

    def direct_channel(self, user: User) -> DirectChannel:
        """Return the channel in which the bot and a person are alone; it is made when it is first asked for."""
        if user.id not in self.direct_channels:
            self.direct_channels[user.id] = DirectChannel(self, user)
        return self.direct_channels[user.id]

    def takes_direct_messages(self, user: User) -> bool:
        """Whether the bot may write to a person: they share a guild in which the person takes direct messages."""
        shared = [guild for guild in self.guilds.values() if guild.bot is not None]
        return any(
            member.takes_direct_messages for guild in shared if (member := guild.members.get(user.id)) is not None
        )

    def attach(
        self, channel: Channel, filename: str, data: bytes, measured: Measured, description: str | None = None
    ) -> Attachment:
        """Keep a file, to be served from its address."""
        attachment_id = self.ids.next()
        attachment = Attachment(
            id=attachment_id,
            filename=filename,
            data=data,
            url=f"{self.address}/attachments/{channel.id}/{attachment_id}/{quote(filename)}",
            description=description,
            content_type=measured.content_type,
            width=measured.width,
            height=measured.height,
        )
        self.attachments[attachment.id] = attachment
        return attachment

    def add_webhook(
        self, channel: Channel, name: str, *, avatar: str | None = None, creator: User | None = None
    ) -> Webhook:
        """Make a webhook: the bot's own, unless somebody else is its creator."""
        webhook = Webhook(
            id=self.ids.next(),
            name=name,
            channel=channel,
            creator=creator or self.application.bot,
            application_id=self.application.id if creator is None else None,
            avatar=avatar,
        )
        self.webhooks[webhook.id] = channel.webhooks[webhook.id] = webhook
        announce_webhooks_changed(channel)
        return webhook

    def forget_webhooks_of(self, channel: Channel) -> None:
        """Forget a channel's webhooks, because the channel goes."""
        for webhook_id in channel.webhooks:
            self.webhooks.pop(webhook_id, None)

    def shows_content_of(self, message: Message) -> bool:
        """Whether a message's content is shown also without the MESSAGE_CONTENT intent: own ones, and mentions."""
        bot = self.application.bot
        is_own = message.author.id == bot.id or message.application_id == self.application.id
        return is_own or message.channel.is_direct or bot in message.mentions.users

    def tell(self, happening: Happening) -> None:
        """Show a happening of any channel to everyone who listens."""
        for listener in self.listeners:
            listener(happening)
        for watch in self._watches:
            watch.see(happening)

    def watch(self) -> Watch:
        """Return what happens in any channel from now on, as it happens; close it by leaving its `with`."""
        watch = Watch(self._watches)
        self._watches.append(watch)
        return watch

    def note_problem(self, sentence: str) -> None:
        """Note that the bot broke a rule."""
        self.problems.append(sentence)
