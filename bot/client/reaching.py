"""Reaching Discord: after a power cut the computer is often up before the network, and Discord itself may be out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bot.pauses import pauses

UNREACHED = (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError)
NOT_UNDERSTOOD = (TypeError, KeyError, ValueError)
"""What discord.py raises where a web page, or anything else that is not Discord's, answers in its place."""

_log = logging.getLogger("backroom.client")

T = TypeVar("T")


async def reached(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask Discord, again and again with growing pauses, until it answers; return its answer.

    Raises:
        discord.LoginFailure: Discord refuses the token.
    """
    waiting = pauses()
    while True:
        try:
            return await ask()
        except (*UNREACHED, *NOT_UNDERSTOOD) as error:
            if getattr(_cause(error), "status", None) == 401:
                raise discord.LoginFailure("Improper token has been passed.") from error
            why, seconds = why_unreached(error), next(waiting)
        _log.warning("Discord cannot be reached: %s. Trying again in %g s.", why, seconds)
        await asyncio.sleep(seconds)


def why_unreached(error: Exception) -> str:
    """Return why Discord cannot be reached, as the rest of a sentence."""
    cause = _cause(error)
    if isinstance(cause, discord.HTTPException):
        return f"it answers {cause.status} {cause.response.reason or ''}".rstrip()
    if isinstance(cause, TimeoutError):
        return "it does not answer in time"
    said = " ".join(str(cause).split()).rstrip(".") or type(cause).__name__
    return f"its answer cannot be understood ({said})" if isinstance(cause, NOT_UNDERSTOOD) else said


def _cause(error: Exception) -> BaseException:
    """Return what went wrong: discord.py's error for a gateway that was not found does not say it."""
    return error.__cause__ or error if isinstance(error, discord.GatewayNotFound) else error
