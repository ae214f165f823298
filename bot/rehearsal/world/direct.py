"""Direct messages: a channel in which the bot and one person are alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire import places as wire
from bot.rehearsal.world.channels import Channel, ChannelType
from bot.rehearsal.world.events import Event, Intent
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.members import Member, User
from bot.rehearsal.world.permissions import Permission

if TYPE_CHECKING:
    from bot.rehearsal.world.world import World

DIRECT_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
)
"""What each of the two may do; there is nobody else, and nothing to manage."""
_INTENTS = {
    Intent.GUILD_MESSAGES: Intent.DIRECT_MESSAGES,
    Intent.GUILD_MESSAGE_REACTIONS: Intent.DIRECT_MESSAGE_REACTIONS,
    Intent.GUILDS: Intent.DIRECT_MESSAGES,
}


class DirectChannel(Channel):
    """A direct channel. As far as rules go it lies in a guild of two, which nobody is told of."""

    is_direct = True

    def __init__(self, world: World, person: User) -> None:
        two = Guild(world, person.name)
        two.everyone.permissions = DIRECT_PERMISSIONS
        for user in (world.application.bot, person):
            two.members[user.id] = Member(guild=two, user=user)
        super().__init__(two, world.ids.next(), person.name)
        self.person = person
        self.type = ChannelType.DIRECT

    @property
    def guild_shown(self) -> dict[str, Any]:
        """Nothing: there is no guild."""
        return {}

    def shown(self) -> dict[str, Any]:
        """Return the channel in Discord's JSON."""
        return wire.direct_channel(self)

    def announce(
        self,
        name: str,
        data: dict[str, Any],
        intent: Intent,
        *,
        shows_content: bool = True,
        only_where_seen: bool = True,  # noqa: ARG002 - it is always seen
    ) -> None:
        """Tell the gateway of something here."""
        self.guild.world.announce(Event(name, data, _INTENTS[intent], shows_content=shows_content))
