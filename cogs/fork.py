"""Apps → Fork from here: a thread with a new room that shares everything up to a message, and goes on from there."""

from __future__ import annotations

import discord

from bot.client import (
    BackroomBot,
    MenuCog,
    answer,
    ask_for_time,
    check_age,
    find_spot,
    make_known,
    message_menu,
    name_of_asker,
)
from bot.client.rights import check_may_fork
from bot.errors import NotPossible
from bot.guild_settings import GuildSettings, Right
from bot.posting.layout import house_posts
from bot.room import notices
from bot.room.entries import Forked
from bot.room.fold import fold
from bot.room.state import RoomState
from bot.rooms import Fork
from bot.words import spoken, t


class ForkFromHere(MenuCog):
    """Opens rooms that begin where another one was."""

    def __init__(self, bot: BackroomBot) -> None:
        super().__init__(bot)
        self._under_way: set[int] = set()

    @message_menu("Fork from here", Right.START)
    async def fork_from_here(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Open the fork in a thread: on the message where Discord allows it, else in the channel."""
        await ask_for_time(interaction)
        if message.id in self._under_way:
            raise NotPossible(t("A fork from that message is already being opened."))
        self._under_way.add(message.id)
        try:
            await self._fork(interaction, message)
        finally:
            self._under_way.discard(message.id)

    async def _fork(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
        if origin is None:
            raise NotPossible(self.bot.asides.of_no_room(message))
        check_may_fork(interaction, await self.bot.rooms.numbered(origin.room))
        if any(post.entry_seq <= origin.seq for post in await self.bot.supplies.database.outbox.waiting(origin.room)):
            raise NotPossible(t("Not all that was said until then has appeared yet. Try again in a moment."))
        settings = self.bot.guild_settings.of(interaction.guild_id)
        spot = find_spot(interaction, settings, thread=True)
        by = name_of_asker(interaction)
        await self.bot.looking_back.before_showing(origin.room)
        written = await self.bot.supplies.database.journal.entries(origin.room)
        forked = Forked(room=origin.room, entry=origin.seq, by=interaction.user.id, by_name=by)
        state = fold([*(one.entry for one in written if one.seq <= origin.seq), forked])
        self._check_as_a_start(interaction, settings, state)
        with spoken(state.opened.locale if state.opened else ""):
            notice = house_posts(notices.forked(state, by, message.jump_url, readable=self.bot.hears_people))
            name = t("Fork of {scenario}", scenario=state.opened.scenario if state.opened else t("a room"))
        await self.bot.supplies.database.check_writable()
        wanted = Fork(origin.room, origin.seq, interaction.user.id, by)
        async with spot.taken(self.bot.threads_begun, name, notice[0].text, on=message) as place:
            room = await self.bot.rooms.fork(wanted, place, notice, said=spot.message_in(place))
        await make_known(interaction, room)
        where = f"<#{place.channel_id}>"
        await answer(interaction, t("The fork continues in {where}. `/backroom stop` there ends it.", where=where))

    def _check_as_a_start(
        self, interaction: discord.Interaction[BackroomBot], settings: GuildSettings, state: RoomState
    ) -> None:
        """Raise `NotPossible` for what the server may have ruled out since the other room was opened."""
        for seat in state.present:
            settings.check_model(seat.model)
        for scenario in self.bot.scenarios.all:
            if state.opened is not None and scenario.title == state.opened.scenario:
                check_age(interaction, scenario)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(ForkFromHere(bot))
