"""A Discord of our own on 127.0.0.1, exact where the bot and discord.py look, for rehearsals and tests."""

from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.commands import CommandNotOffered
from bot.rehearsal.world.components import NoSuchComponent
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.forums import Forum
from bot.rehearsal.world.guilds import Guild
from bot.rehearsal.world.messages import Attachment, Message
from bot.rehearsal.world.modals import FormRefused
from bot.rehearsal.world.option_values import OptionRefused
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, PERSON_PERMISSIONS, MayNot, Permission
from bot.rehearsal.world.replies import Reply

__all__ = [
    "BOT_PERMISSIONS",
    "PERSON_PERMISSIONS",
    "Attachment",
    "Channel",
    "CommandNotOffered",
    "FormRefused",
    "Forum",
    "Guild",
    "Intent",
    "MayNot",
    "Message",
    "NoSuchComponent",
    "OptionRefused",
    "Permission",
    "Person",
    "RehearsalDiscord",
    "Reply",
    "Thread",
]
