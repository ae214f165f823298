"""The bot as Discord sees it, and what its cogs are made with."""

from bot.client.bot import BackroomBot, Supplies
from bot.client.choices import seat_called, suggest_models, suggest_scenarios, suggest_seats
from bot.client.commands import CommandCog, answer, ask_for_time, backroom_command
from bot.client.login import invitation_address
from bot.client.rights import may_here
from bot.client.said import HIDES, is_by_person, pictures_of, words_of
from bot.posting.doors import NEEDED as PERMISSIONS

__all__ = [
    "HIDES",
    "PERMISSIONS",
    "BackroomBot",
    "CommandCog",
    "Supplies",
    "answer",
    "ask_for_time",
    "backroom_command",
    "invitation_address",
    "is_by_person",
    "may_here",
    "pictures_of",
    "seat_called",
    "suggest_models",
    "suggest_scenarios",
    "suggest_seats",
    "words_of",
]
