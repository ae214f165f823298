"""A Discord of our own on 127.0.0.1, exact where the bot and discord.py look, for rehearsals and tests."""

from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.commands import CommandNotOffered
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.messages import Attachment, Message
from bot.rehearsal.world.option_values import OptionRefused
from bot.rehearsal.world.people import MayNot, Person, Reply
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, PERSON_PERMISSIONS, Permission

__all__ = [
    "BOT_PERMISSIONS",
    "PERSON_PERMISSIONS",
    "Attachment",
    "Channel",
    "CommandNotOffered",
    "Guild",
    "Intent",
    "MayNot",
    "Message",
    "OptionRefused",
    "Permission",
    "Person",
    "RehearsalDiscord",
    "Reply",
    "Thread",
]
