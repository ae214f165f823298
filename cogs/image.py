"""Asking for a picture: `!image` for AIs, `/backroom image` for people."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import steering
from bot.client import BackroomBot, CommandCog, answer, backroom_command, steered
from bot.room import notices
from bot.room.capability import Outcome
from bot.room.directives import Form
from bot.room.entries import PictureAsked
from bot.room.state import RoomState, Seat
from bot.words import later, t

PICTURES_A_TURN = 2
DESCRIPTION_LIMIT = 4000
"""Characters of a description that an image model is given."""


class Image(CommandCog):
    """A picture is asked for here, and made and posted in the background."""

    form = Form("image", texts=1)
    usage = later(
        '!image "description": a picture is made of your description and shown to everyone (two a turn at most).'
    )

    async def carry_out(self, state: RoomState, seat: Seat, texts: tuple[str, ...]) -> Outcome:
        """Let a picture be made of the description."""
        description = texts[0] if texts else ""
        reason = _why_not(state, description)
        if reason:
            outcome = notices.outcome_refused(self.form.verb, reason)
            return Outcome(False, outcome, notices=(notices.refused(seat, self.form.verb, reason),))
        asked = PictureAsked(picture=state.pictures_asked + 1, description=description, seat=seat.number)
        return Outcome(
            done=True,
            outcome=notices.outcome_done(self.form.verb, "the picture is being made and appears here when it is ready"),
            entries=(asked,),
            notices=(notices.image_asked(seat.label, description),),
        )

    @backroom_command("image", "Have a picture made for this room")
    @app_commands.describe(description="What it shows")
    async def image(
        self,
        interaction: discord.Interaction[BackroomBot],
        description: app_commands.Range[str, 1, DESCRIPTION_LIMIT],
    ) -> None:
        """Let a picture be made; the AIs see it as well."""
        async with steered(interaction) as (room, by):
            await steering.picture(room, by, description, self.bot.room_budget_usd(room))
        await answer(interaction, t("The picture is being made and appears here when it is ready."))


def _why_not(state: RoomState, description: str) -> str:
    if not description:
        return 'It needs a description: !image "description".'
    if len(description) > DESCRIPTION_LIMIT:
        return f"A description has at most {DESCRIPTION_LIMIT:,} characters."
    if state.pictures_this_turn >= PICTURES_A_TURN:
        return f"At most {PICTURES_A_TURN} pictures a turn."
    return ""


async def setup(bot: BackroomBot) -> None:
    """Add the capability to the bot."""
    await bot.add_cog(Image(bot))
