"""`/backroom help`: examples, what can be done and by whom, as the commands themselves say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.client import BackroomBot, CommandCog, answer, backroom_command
from bot.client.commands import DISCORD_MESSAGE_LIMIT
from bot.guild_settings import Right
from bot.words import later, t

EXAMPLES = {
    "start": later("`/backroom start ai1:Kimi K2 thread:True` opens a room in a thread of its own"),
    "say": later("`/backroom say words:And at night?` speaks to the AIs"),
    "settings": later("`/backroom settings rights right:open rooms give:@friends` lets others open rooms"),
}
WITHOUT_COMMANDS = (
    later(
        "Where the AIs hear what you write: a leading `.` keeps a message from them, 🙈 takes your own back, `@AI-3` "
        "or a reply gives AI-3 the next turn (without a conductor)"
    ),
    later(
        "On a room's messages: ❓ tells where one comes from, ❌ takes it out (who may steer), other reactions reach "
        "the AIs"
    ),
)
"""For those who never type a command."""
AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group

HEADINGS: dict[Right | str | None, str] = {
    None: later("For everybody"),
    Right.SPEAK: later("To speak to the AIs (everybody, or only chosen roles)"),
    Right.REACT: later("To react (everybody, or only chosen roles)"),
    Right.START: later("To open rooms (Manage Channels, or chosen roles)"),
    Right.STEER: later("To steer (Manage Channels, whoever opened the room, or chosen roles)"),
    "manage_guild": later("For the server (Manage Server)"),
}
DETAILS = 3
"""Steps from every word that the commands say of themselves down to their bare names."""


class Help(CommandCog):
    """The command that explains the others."""

    @backroom_command("help", "What can be done here, and who may do it, with examples", None)
    async def help(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Explain everything in one message."""
        await answer(interaction, help_text(self.bot))


def help_text(bot: BackroomBot) -> str:
    """Return the help, as detailed as one message allows."""
    texts = [_help(bot, detail) for detail in range(DETAILS, 0, -1)]
    return next((text for text in texts if len(text) <= DISCORD_MESSAGE_LIMIT), texts[-1][:DISCORD_MESSAGE_LIMIT])


def _help(bot: BackroomBot, detail: int) -> str:
    commands = sorted(bot.backroom.commands, key=lambda command: command.name)
    here = {command.name for command in commands}
    parts = [
        t("Up to five AI models talk with each other in a channel; people read along, speak and steer."),
        *(f"- {t(gesture)}" for gesture in WITHOUT_COMMANDS),
        *(f"- {t(example)}" for name, example in EXAMPLES.items() if name in here),
    ]
    for needs, heading in HEADINGS.items():
        ours = [command for command in commands if command.extras.get("needs", Right.STEER) == needs]
        if ours:
            parts.append(f"**{t(heading)}** " + _listed(ours, detail))
    menus = [menu.name for menu in bot.tree.get_commands(type=discord.AppCommandType.message)]
    if menus:
        parts.append(f"**{t('On a message, under Apps')}** {', '.join(map(t, menus))}")
    usages = [t(capability.usage) for _, capability in sorted(bot.capabilities.items())]
    parts.append(
        f"**{t('What AIs can ask for')}** "
        + (", " if detail == 1 else "\n").join(_usage(one, detail) for one in usages)
    )
    return "\n".join(parts)


def _listed(commands: Iterable[AnyCommand], detail: int) -> str:
    if detail == 1:
        return ", ".join(f"`{_name(command)}`" for command in commands)
    return " · ".join(f"`{_name(command)}` {_in_short(t(command.description), detail)}" for command in commands)


def _name(command: AnyCommand) -> str:
    below = sorted(one.name for one in command.commands) if isinstance(command, app_commands.Group) else []
    return f"{command.name} {'|'.join(below)}".rstrip()


def _in_short(description: str, detail: int) -> str:
    return description if detail == DETAILS else re.split(r"[:;,(]", description, maxsplit=1)[0].rstrip()


def _usage(usage: str, detail: int) -> str:
    return usage if detail == DETAILS else f"`{usage.partition(':')[0]}`"


async def setup(bot: BackroomBot) -> None:
    """Add the command to the bot."""
    await bot.add_cog(Help(bot))
