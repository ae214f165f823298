"""Offering the commands: Discord is told which there are, and the rooms do not wait for it for long."""

from __future__ import annotations

import asyncio
import json
import logging
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.client.reaching import UNREACHED, why_unreached
from bot.errors import BackroomError
from bot.pauses import pauses
from bot.storage import Marks

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

COMMANDS_MARK = "commands"
SECONDS_THE_START_WAITS = 3.0
GO_ON = "It is told again later, and the rooms go on meanwhile."

_log = logging.getLogger("backroom.client")


class Offering:
    """Tells Discord the commands, in a task of its own, again and again until it takes them."""

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._telling: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin to tell Discord; return when that is done, or will take longer."""
        self._telling = asyncio.create_task(self._tell(), name="offering-commands")
        await asyncio.wait([self._telling], timeout=SECONDS_THE_START_WAITS)

    async def close(self) -> None:
        """Leave it to the next start."""
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    async def _tell(self) -> None:
        """Tell Discord the commands; why it did not take them is logged once, however often it is tried again."""
        logged = ""
        for seconds in pauses():
            try:
                await sync_if_changed(self._bot.tree, self._bot.supplies.database.marks)
            except (*UNREACHED, BackroomError) as error:
                why = _why_not_taken(error)
                if why != logged:
                    _log.warning("Discord does not take the list of commands: %s. %s", why, GO_ON)
                logged = why
            except Exception:  # noqa: BLE001 - the rooms need no command to go on
                _log.exception("an error that nobody foresaw kept the list of commands from Discord")
            else:
                if logged:
                    _log.info("Discord has taken the list of commands.")
                return
            await asyncio.sleep(seconds)


async def sync_if_changed(tree: app_commands.CommandTree[Any], marks: Marks) -> None:
    """Tell Discord the commands, in every language, when they are not those of the last time.

    Discord limits how often one may.
    """
    translator = tree.translator or app_commands.Translator()
    in_order = sorted(tree.get_commands(), key=lambda command: command.name)
    offered = [await command.get_translated_payload(tree, translator) for command in in_order]
    described = json.dumps([tree.client.application_id, offered], sort_keys=True, default=str)
    mark = sha256(described.encode()).hexdigest()
    if mark != await marks.load(COMMANDS_MARK):
        await tree.sync()
        await marks.keep(COMMANDS_MARK, mark)


def _why_not_taken(error: Exception) -> str:
    """Return why Discord did not take the commands; of a command that is wrong it says more than its status."""
    if isinstance(error, app_commands.CommandSyncFailure | BackroomError):
        return " ".join(str(error).split()).rstrip(".")
    return why_unreached(error)
