"""The bot as Discord sees it, and what its cogs are made with."""

from bot.client.bot import BackroomBot, Supplies
from bot.client.choices import (
    MODE_CHOICES,
    ORDER_CHOICES,
    allowed_models,
    model_called,
    seat_called,
    suggest_models,
    suggest_scenarios,
    suggest_seats,
    usual_cast,
)
from bot.client.commands import CommandCog, answer, ask_for_time, backroom_command
from bot.client.login import invitation_address
from bot.client.menus import MenuCog, message_menu
from bot.client.rights import may_here, roles_are_known, steers_as_opener
from bot.client.said import HIDES, is_by_person, pictures_of, words_of
from bot.client.steered import make_known, name_of_asker, steered
from bot.client.where import Spot, check_age, find_spot, is_age_restricted
from bot.posting.doors import NEEDED as PERMISSIONS

__all__ = [
    "HIDES",
    "MODE_CHOICES",
    "ORDER_CHOICES",
    "PERMISSIONS",
    "BackroomBot",
    "CommandCog",
    "MenuCog",
    "Spot",
    "Supplies",
    "allowed_models",
    "answer",
    "ask_for_time",
    "backroom_command",
    "check_age",
    "find_spot",
    "invitation_address",
    "is_age_restricted",
    "is_by_person",
    "make_known",
    "may_here",
    "message_menu",
    "model_called",
    "name_of_asker",
    "pictures_of",
    "roles_are_known",
    "seat_called",
    "steered",
    "steers_as_opener",
    "suggest_models",
    "suggest_scenarios",
    "suggest_seats",
    "usual_cast",
    "words_of",
]
