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
)
from bot.client.commands import CommandCog, answer, ask_for_time, backroom_command
from bot.client.login import invitation_address
from bot.client.where import Spot, find_spot, is_age_restricted
from bot.posting.doors import NEEDED as PERMISSIONS

__all__ = [
    "MODE_CHOICES",
    "ORDER_CHOICES",
    "PERMISSIONS",
    "BackroomBot",
    "CommandCog",
    "Spot",
    "Supplies",
    "allowed_models",
    "answer",
    "ask_for_time",
    "backroom_command",
    "find_spot",
    "invitation_address",
    "is_age_restricted",
    "model_called",
    "seat_called",
    "suggest_models",
    "suggest_scenarios",
    "suggest_seats",
]
