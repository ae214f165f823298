"""The bot as Discord sees it, and what its cogs are made with."""

from bot.client.bot import BackroomBot, Supplies
from bot.client.choices import seat_called, suggest_models, suggest_scenarios, suggest_seats
from bot.client.commands import CommandCog, answer, backroom_command
from bot.client.login import invitation_address
from bot.client.menus import MenuCog, message_menu
from bot.posting.doors import NEEDED as PERMISSIONS

__all__ = [
    "PERMISSIONS",
    "BackroomBot",
    "CommandCog",
    "MenuCog",
    "Supplies",
    "answer",
    "backroom_command",
    "invitation_address",
    "message_menu",
    "seat_called",
    "suggest_models",
    "suggest_scenarios",
    "suggest_seats",
]
