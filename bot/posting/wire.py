"""One request to Discord for one post: no hidden second try, and an error that says whether it may have arrived."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import discord

from bot.posting.invalid_requests import InvalidRequests

POST_TIMEOUT_SECONDS = 30.0
SECONDS_TO_WAIT_UNLESS_TOLD = 5.0
USER_AGENT = "DiscordBot (https://github.com/backroom, 0.1)"


class FateUnknown(Exception):
    """Discord may or may not have stored the post: ask the channel before it is sent again."""


class NotSent(Exception):
    """The post surely did not arrive; it can be sent again after `seconds`, which Discord asks for `everywhere`."""

    def __init__(self, why: str, seconds: float | None = None, *, everywhere: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.everywhere = everywhere


@asynccontextmanager
async def open_posting_session(invalid_requests: InvalidRequests) -> AsyncGenerator[aiohttp.ClientSession]:
    """Open the HTTP session that webhook posts go through; `invalid_requests` counts what Discord refuses.

    discord.py repeats a webhook post up to five times on any 5xx, which doubles messages, and sleeps through a
    429 while it holds the webhook's lock. A session whose responses raise ends its loop at the first answer.
    """
    async with aiohttp.ClientSession(
        headers={"User-Agent": USER_AGENT},
        timeout=aiohttp.ClientTimeout(total=POST_TIMEOUT_SECONDS, connect=10),
        raise_for_status=partial(_judge, invalid_requests),
    ) as session:
        yield session


async def _judge(invalid_requests: InvalidRequests, response: aiohttp.ClientResponse) -> None:
    invalid_requests.see(response)
    if response.status == 429:
        seconds = await _seconds_to_wait(response)
        raise NotSent("Discord asks to wait (429)", seconds, everywhere=_is_everywhere(response.headers))
    if response.status >= 500:
        raise FateUnknown(f"Discord answered {response.status}")


async def _seconds_to_wait(response: aiohttp.ClientResponse) -> float:
    try:
        return float((await response.json())["retry_after"])
    except (ValueError, TypeError, KeyError, aiohttp.ClientError):
        return _seconds_in_header(response.headers)


def _seconds_in_header(headers: Mapping[str, str]) -> float:
    """Return what a 429 of Cloudflare asks for, which is a web page and does not say it there."""
    try:
        return float(headers.get("Retry-After", ""))
    except ValueError:
        return SECONDS_TO_WAIT_UNLESS_TOLD


def _is_everywhere(headers: Mapping[str, str]) -> bool:
    """Whether a 429 is about all that the bot sends; one of Cloudflare's, for the whole address, has no `Via`."""
    return "X-RateLimit-Global" in headers or "Via" not in headers


@asynccontextmanager
async def judged() -> AsyncGenerator[None]:
    """Turn what goes wrong in one request into `NotSent`, `FateUnknown`, or discord.py's own refusals."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise NotSent(f"no connection to Discord: {error}") from error
    except discord.RateLimited as error:
        raise NotSent("Discord asks to wait", error.retry_after) from error
    except discord.DiscordServerError as error:
        raise FateUnknown(f"Discord answered {error.status}") from error
    except discord.HTTPException as error:
        if error.status == 429:
            headers = error.response.headers
            seconds, everywhere = _seconds_in_header(headers), _is_everywhere(headers)
            raise NotSent("Discord asks to wait (429)", seconds, everywhere=everywhere) from error
        raise
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise FateUnknown(f"the connection to Discord broke: {type(error).__name__}") from error
