"""One request to Discord for one post: no hidden second try, and an error that says whether it may have arrived."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import discord
from discord.http import Route

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


class NotDiscord(aiohttp.ClientPayloadError):
    """A page of a proxy, or anything else that is not Discord's, came in place of an answer: discord.py would read it.

    Whether Discord did what it was asked for, nobody knows.
    """


def trace(invalid_requests: InvalidRequests) -> aiohttp.TraceConfig:
    """Return what watches the answers to all requests of the bot itself: for refusals, and for what is no answer."""
    config = invalid_requests.trace()
    config.on_request_end.append(_check_is_discords)
    return config


async def _check_is_discords(
    _session: aiohttp.ClientSession, _context: object, params: aiohttp.TraceRequestEndParams
) -> None:
    if str(params.url).startswith(Route.BASE) and not _is_discords(params.response):
        params.response.close()
        raise NotDiscord(_not_understood(params.response))


def _is_discords(response: aiohttp.ClientResponse) -> bool:
    """Whether an answer that is no error is one of Discord's: JSON, or nothing."""
    return not 200 <= response.status < 300 or response.status == 204 or response.content_type == "application/json"


def _not_understood(response: aiohttp.ClientResponse) -> str:
    return f"its answer cannot be understood ({response.content_type})"


@asynccontextmanager
async def open_posting_session(invalid_requests: InvalidRequests) -> AsyncGenerator[aiohttp.ClientSession]:
    """Open the HTTP session that webhook posts go through; `invalid_requests` counts what Discord refuses.

    discord.py repeats a webhook post up to five times on any 5xx, and on macOS where the connection is reset, which
    doubles messages, and sleeps through a 429 while it holds the webhook's lock. A session whose responses raise, and
    that raises nothing of what discord.py repeats, ends its loop at the first answer.
    """
    broken = aiohttp.TraceConfig()
    broken.on_request_exception.append(_judge_broken)
    async with aiohttp.ClientSession(
        headers={"User-Agent": USER_AGENT},
        timeout=aiohttp.ClientTimeout(total=POST_TIMEOUT_SECONDS, connect=10),
        raise_for_status=partial(_judge, invalid_requests),
        trace_configs=[broken],
    ) as session:
        yield session


async def _judge(invalid_requests: InvalidRequests, response: aiohttp.ClientResponse) -> None:
    invalid_requests.see(response)
    if response.status == 429:
        seconds = await _seconds_to_wait(response)
        raise NotSent("Discord asks to wait (429)", seconds, everywhere=_is_everywhere(response.headers))
    if response.status >= 500:
        raise FateUnknown(f"Discord answered {response.status}")
    if not _is_discords(response):
        raise FateUnknown(_not_understood(response))


async def _judge_broken(
    _session: aiohttp.ClientSession, _context: object, params: aiohttp.TraceRequestExceptionParams
) -> None:
    async with judged():
        raise params.exception


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
