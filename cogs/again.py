"""Apps → Say it again: an AI's turn is taken anew, and replaces the old one in the channel and for the AIs."""

from __future__ import annotations

import discord

from bot.again import Again, say_again
from bot.client import BackroomBot, MenuCog, answer, ask_for_time, message_menu, name_of_asker
from bot.errors import BackroomError, NotPossible
from bot.guild_settings import Right
from bot.room import notices
from bot.words import t


class SayItAgain(MenuCog):
    """Lets AIs say something again, one turn at a time in each room."""

    def __init__(self, bot: BackroomBot) -> None:
        super().__init__(bot)
        self._under_way: set[int] = set()

    @message_menu("Say it again", Right.STEER)
    async def say_it_again(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Let the message's turn be taken anew; where that fails, the old words stay."""
        await ask_for_time(interaction)
        origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
        if origin is None:
            raise NotPossible(t(notices.NOT_OF_A_ROOM))
        if origin.by_house or origin.post is None or origin.post.post.picture is not None:
            raise NotPossible(t("Only what an AI has said can be said again."))
        if origin.room in self._under_way:
            raise NotPossible(t("An AI in this room is already saying something again. Wait until it is done."))
        self._under_way.add(origin.room)
        try:
            by = name_of_asker(interaction)
            room = await self.bot.rooms.numbered(origin.room)
            again = Again(self.bot.table, self.bot.supplies.database, self.bot.editing)
            whose = await say_again(again, room, origin.seq, by)
        except BackroomError as error:
            await answer(interaction, t("The old words stay. {reason}", reason=t(str(error))))
        else:
            self.bot.room_changed(room)
            await answer(interaction, t("{who} has said it again, and the AIs know only the new words.", who=whose))
        finally:
            self._under_way.discard(origin.room)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(SayItAgain(bot))
