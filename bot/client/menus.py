"""Apps → … on a message: how a cog adds an entry to that menu, and whose it is to use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.rights import check_right_here
from bot.guild_settings import Right

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

CogT = TypeVar("CogT", bound="MenuCog")
MenuMethod = Callable[[CogT, "discord.Interaction[BackroomBot]", discord.Message], Awaitable[None]]


def message_menu(name: str, needs: Right | None) -> Callable[[MenuMethod[CogT]], MenuMethod[CogT]]:
    """Make a cog's method an entry of the menu, for those who have the right that it `needs` where the message is.

    None is everybody; what is about the message's own room, which may be over, is checked by the method.
    """

    def mark(method: MenuMethod[CogT]) -> MenuMethod[CogT]:
        method.__message_menu__ = (name, needs)  # pyright: ignore[reportFunctionMemberAccess]
        return method

    return mark


class MenuCog(commands.Cog):
    """A cog whose marked methods become entries of the menu of messages. Discord shows at most fifteen of them."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._menus: list[app_commands.ContextMenu] = []
        for attribute in vars(type(self)).values():
            if marked := getattr(attribute, "__message_menu__", None):
                name, needs = marked
                self._menus.append(_menu(name, needs, attribute.__get__(self)))

    async def cog_load(self) -> None:
        """Add this cog's entries to the menu."""
        for menu in self._menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take this cog's entries out of the menu."""
        for menu in self._menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)


def _menu(name: str, needs: Right | None, act: Callable[..., Awaitable[None]]) -> app_commands.ContextMenu:
    async def use(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        if needs is not None:
            await check_right_here(interaction, needs)
        await act(interaction, message)

    return app_commands.ContextMenu(
        name=name,
        callback=use,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
        extras={"needs": needs},
    )
