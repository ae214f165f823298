"""Apps → Say it again: an AI's turn is taken anew, and replaces the old one in the channel and for the AIs."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from bot.again import Again, say_again
from bot.client import BackroomBot, MenuCog, answer, ask_for_time, make_known, message_menu, name_of_asker
from bot.client.rights import check_right
from bot.errors import BackroomError, NotPossible, PlaceGone
from bot.guild_settings import Right
from bot.open_room import OpenRoom
from bot.pauses import pauses
from bot.words import speak, t

_log = logging.getLogger("backroom.again")


class SayItAgain(MenuCog):
    """Lets AIs say something again, one turn at a time in each room, and goes on until the channel shows it."""

    def __init__(self, bot: BackroomBot) -> None:
        super().__init__(bot)
        self._under_way: set[int] = set()
        self._amending: dict[int, asyncio.Task[None]] = {}

    async def cog_unload(self) -> None:
        """Leave what is still owed to the next start."""
        await super().cog_unload()
        for task in (tasks := list(self._amending.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @message_menu("Say it again", None)
    async def say_it_again(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Let the message's turn be taken anew; where that fails, the old words stay."""
        await ask_for_time(interaction)
        origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
        room = None if origin is None else await self.bot.rooms.numbered(origin.room)
        check_right(interaction, Right.STEER, room)
        if origin is None or room is None:
            raise NotPossible(self.bot.asides.of_no_room(message))
        if origin.by_house or origin.post is None or origin.post.post.picture is not None:
            raise NotPossible(t("Only what an AI has said can be said again."))
        if origin.room in self._under_way:
            raise NotPossible(t("An AI in this room is already saying something again. Wait until it is done."))
        self._under_way.add(origin.room)
        try:
            if message.id in room.history.withdrawn_messages:
                raise NotPossible(t("That message is off the record."))
            await answer(interaction, await self._say_again(interaction, room, origin.seq))
        finally:
            self._under_way.discard(origin.room)

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Begin to bring a channel what it may be owed: after a start, or where Discord did not take it at once."""
        if room.number not in self._amending and self.bot.amends.may_be_owed(room):
            task = asyncio.create_task(self._until_amended(room), name=f"amends-{room.number}")
            self._amending[room.number] = task
            task.add_done_callback(lambda _: self._amending.pop(room.number, None))

    async def _say_again(self, interaction: discord.Interaction[BackroomBot], room: OpenRoom, seq: int) -> str:
        settings = self.bot.guild_settings.of(room.place.guild_id)
        again = Again(self.bot.table, self.bot.supplies.database, self.bot.amends, settings)
        try:
            return await say_again(again, room, seq, name_of_asker(interaction))
        except BackroomError as error:
            return t("The old words stay. {reason}", reason=t(str(error)))
        finally:
            await make_known(interaction, room)

    async def _until_amended(self, room: OpenRoom) -> None:
        """Let a channel show what it is owed, however long Discord takes; turns and posts go on meanwhile."""
        speak(room.locale)
        for seconds in pauses():
            try:
                await self.bot.amends.make(room, aloud=True)
            except PlaceGone as closed:
                _log.warning("room %s: %s", room.number, closed)
                self.bot.dispatch("place_closed", room, str(closed))
            except BackroomError as error:
                _log.warning("room %s: %s", room.number, error)
            except Exception:  # noqa: BLE001 - what is owed is tried again, whatever it met
                _log.exception("room %s: an error that nobody foresaw", room.number)
            else:
                break
            await asyncio.sleep(seconds)
        if room.owes_words:
            self.bot.room_changed(room)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(SayItAgain(bot))
