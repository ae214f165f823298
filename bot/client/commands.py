"""`/backroom`: the one command group, how a cog adds to it, and the one place where errors are answered."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import MISSING

from bot.client.rights import check_right_here
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.words import speak, t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

DISCORD_MESSAGE_LIMIT = 2000
DISCORD_ALREADY_ACKNOWLEDGED = 40060
"""Discord's error code for a second first answer; the one before may have been lost on its way back to us."""
INTERACTIONS_REMEMBERED = 1_000
SECONDS_BETWEEN_TRIES = (0.2, 0.5, 1.0)
"""An answer to a person is tried again when the connection broke: it can be repeated, and it has little time."""

_log = logging.getLogger("backroom.client")

P = ParamSpec("P")
CogT = TypeVar("CogT", bound="CommandCog")
CommandMethod = Callable[Concatenate[CogT, "discord.Interaction[BackroomBot]", P], Awaitable[None]]


def backroom_command(
    name: str, description: str, needs: Right | None = Right.STEER
) -> Callable[[CommandMethod[CogT, P]], CommandMethod[CogT, P]]:
    """Make a cog's method `/backroom NAME`, for those who have the right that it `needs`; None is everybody."""

    def mark(method: CommandMethod[CogT, P]) -> CommandMethod[CogT, P]:
        method.__backroom_command__ = (name, description, needs)  # pyright: ignore[reportFunctionMemberAccess]
        return method

    return mark


class CommandCog(commands.Cog):
    """A cog whose marked methods become commands of the one group `/backroom`, whichever file they are in."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Add this cog's commands to the group."""
        for attribute in vars(type(self)).values():
            if marked := getattr(attribute, "__backroom_command__", None):
                name, description, needs = marked
                bound: Any = attribute.__get__(self)
                command = app_commands.Command(
                    name=name, description=description, callback=bound, extras={"needs": needs}
                )
                self.bot.backroom.add_command(command)

    async def cog_unload(self) -> None:
        """Take this cog's commands out of the group."""
        for attribute in vars(type(self)).values():
            if marked := getattr(attribute, "__backroom_command__", None):
                self.bot.backroom.remove_command(marked[0])


class MayNot(app_commands.CheckFailure):
    """Who asked has not the right that a command needs."""


class BackroomCommands(app_commands.Group):
    """`/backroom`: shown to everyone, because servers give the rights themselves; each command is checked here."""

    def __init__(self) -> None:
        super().__init__(
            name="backroom",
            description="A room in which AI models talk with each other",
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Refuse who has not the right that the command needs."""
        needs = interaction.command.extras.get("needs", Right.STEER) if interaction.command else Right.STEER
        if needs is not None:
            try:
                await check_right_here(interaction, needs)
            except BackroomError as refusal:
                raise MayNot(str(refusal)) from None
        return True


class Interactions:
    """What people asked for lately: the gateway may tell of it twice, and it is done once."""

    def __init__(self) -> None:
        self._taken: deque[int] = deque(maxlen=INTERACTIONS_REMEMBERED)

    def is_new(self, interaction_id: int) -> bool:
        """Take an interaction, and return whether it was not taken before."""
        is_new = interaction_id not in self._taken
        self._taken.append(interaction_id)
        return is_new


class BackroomTree(app_commands.CommandTree["BackroomBot"]):
    """The commands of the bot, and what is answered when one fails."""

    async def interaction_check(self, interaction: discord.Interaction[BackroomBot], /) -> bool:
        """Take what a person asks for once, however often the gateway tells of it, and speak their language."""
        speak(interaction.locale.value)
        return interaction.client.interactions.is_new(interaction.id)

    async def _call(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Answer what is typed also where looking for choices failed, which discord.py logs and leaves unanswered."""
        await super()._call(interaction)
        if interaction.type is discord.InteractionType.autocomplete and not interaction.command_failed:
            await _offer_nothing(interaction)

    async def on_error(
        self, interaction: discord.Interaction[BackroomBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer a command that failed with a sentence for the one who asked, and nobody else."""
        if interaction.type is discord.InteractionType.autocomplete:
            _log.error("no choices were found for what a person types", exc_info=error)
            await _offer_nothing(interaction)
            return
        await answer_failure(
            interaction, error.original if isinstance(error, app_commands.CommandInvokeError) else error
        )


async def _offer_nothing(interaction: discord.Interaction[BackroomBot]) -> None:
    """Offer no choices, where nothing was offered yet: Discord would show an error instead."""
    if interaction.response.is_done() or interaction.client.is_closed():
        return
    try:
        await interaction.response.autocomplete([])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.info("what a person types was not answered: %s", error)


async def answer_failure(interaction: discord.Interaction[BackroomBot], cause: Exception) -> None:
    """Tell the person who asked why it did not work; what nobody foresaw is logged with a reference."""
    if interaction.client.is_closed():
        return  # the program ends, and nobody can be answered any more
    if isinstance(cause, BackroomError | MayNot):
        sentence = t(str(cause))
    elif isinstance(cause, app_commands.NoPrivateMessage):
        sentence = t("Rooms can only be opened in a server's channels, not here.")
    else:
        reference = secrets.token_hex(4)
        _log.error("what a person asked for failed, reference %s", reference, exc_info=cause)
        sentence = t(
            "That did not work, and it is the bot's fault. Tell its operator this reference: {reference}.",
            reference=reference,
        )
    await answer(interaction, sentence)


async def ask_for_time(interaction: discord.Interaction[BackroomBot]) -> None:
    """Show the person who asked that the bot is at it, so that its answer may take more than three seconds."""
    asked_alone = interaction.message is not None and interaction.message.flags.ephemeral
    await _is_taken(lambda: interaction.response.defer(ephemeral=True, thinking=not asked_alone))


async def answer(
    interaction: discord.Interaction[BackroomBot], sentence: str, view: discord.ui.View | None = MISSING
) -> None:
    """Say something to the person who asked, and only to them, whether or not they were asked to wait before.

    `view` is what they can press there; None takes away what they could press so far.
    """
    words = sentence[:DISCORD_MESSAGE_LIMIT]
    try:
        if interaction.response.is_done() or not await _is_taken(
            lambda: interaction.response.send_message(words, view=view or MISSING, ephemeral=True)
        ):
            await _is_taken(lambda: interaction.edit_original_response(content=words, view=view))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("a person could not be answered: %s", error)


async def _is_taken(say: Callable[[], Awaitable[object]]) -> bool:
    """Answer, again where Discord may not have taken it; returns False where it had taken an earlier answer already."""
    for pause in (*SECONDS_BETWEEN_TRIES, None):
        try:
            await say()
        except discord.HTTPException as error:
            if error.code == DISCORD_ALREADY_ACKNOWLEDGED:
                return False
            if error.status != 429 or pause is None:
                raise
        except (aiohttp.ClientError, OSError):
            if pause is None:
                raise
        else:
            break
        await asyncio.sleep(pause)
    return True
