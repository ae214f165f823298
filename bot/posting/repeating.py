"""Requests that may safely be made twice, such as edits and deletions: made again where Discord does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import discord

from bot.errors import DiscordUnavailable, PlaceGone
from bot.posting.refusals import UNKNOWN_CHANNEL, WEBHOOK_GONE, refusal_of
from bot.posting.wire import FateUnknown, NotSent, judged
from bot.words import later, t

SECONDS_BETWEEN_TRIES = (0.5, 2.0, 5.0)
"""Somebody waits for it."""
LONGEST_WAIT_SECONDS = 30.0
GONE = later("A message of it is gone, or was posted through a webhook that is gone; it cannot be changed any more.")


class MessageGone(PlaceGone):
    """The message is not there any more, or is not ours to change."""


async def tried(work: Callable[[], Awaitable[None]]) -> None:
    """Do some work on a message, again where Discord does not answer or asks to wait, but not for long.

    Raises:
        MessageGone, PlaceGone, PostRefused, DiscordUnavailable: it is not done, or nobody knows.
    """
    for pause in (*SECONDS_BETWEEN_TRIES, None):
        try:
            async with judged():
                await work()
        except (NotSent, FateUnknown) as trouble:
            seconds = trouble.seconds if isinstance(trouble, NotSent) and trouble.seconds is not None else pause
            if pause is None or seconds is None or seconds > LONGEST_WAIT_SECONDS:
                raise DiscordUnavailable(
                    t("Discord did not change the message: {reason}. Try again later.", reason=trouble)
                ) from trouble
            await asyncio.sleep(seconds)
        except discord.HTTPException as error:
            is_of_message = isinstance(error, discord.NotFound) and error.code != UNKNOWN_CHANNEL
            if is_of_message or error.code in WEBHOOK_GONE:
                raise MessageGone(t(GONE)) from error
            raise refusal_of(error) from error
        else:
            return
