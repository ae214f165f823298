"""One exchange with an endpoint: a request posted, and what comes back read to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import cast

import httpx

from bot.models.endpoints import Endpoint
from bot.models.failures import Failure, Setback, no_answer, read_failure
from bot.models.reply import Reply
from bot.models.stream import EventReader, EventTooLong

LONGEST_BODY_BYTES = 8 * 1024 * 1024
"""Of an answer that is no stream: the longest text we read, escaped, with reasoning beside it."""

LONGEST_ERROR_BYTES = 64 * 1024

SECONDS_TO_CONNECT = 10.0
SECONDS_TO_SEND = 30.0
SECONDS_TO_END = 0.05
"""How long a host may take to end a stream whose last event has come: some hold it open for a while."""


def timeout_after(seconds_of_silence: float) -> httpx.Timeout:
    """Return the bounds of an exchange in which the host may be silent for so long between two bytes."""
    return httpx.Timeout(
        connect=SECONDS_TO_CONNECT, read=seconds_of_silence, write=SECONDS_TO_SEND, pool=SECONDS_TO_CONNECT
    )


async def exchange(
    http: httpx.AsyncClient, endpoint: Endpoint, body: bytes, reply: Reply, seconds_of_silence: float
) -> None:
    """Post `body` and read what comes back into `reply`.

    Raises:
        Setback: the host declined, failed, or was cut off before the answer was whole.
    """
    try:
        async with http.stream(
            "POST",
            endpoint.chat_url,
            content=body,
            headers=_headers(endpoint),
            timeout=timeout_after(seconds_of_silence),
        ) as response:
            await _read(response, reply)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if not reply.is_whole:  # what is lost after the last word is only the price
            raise Setback(_what_broke(error)) from None
    except EventTooLong:
        raise Setback(no_answer("garbled")) from None
    if not (reply.is_whole or reply.is_full):
        raise Setback(no_answer("cut"))


def _headers(endpoint: Endpoint) -> dict[str, str]:
    headers = {
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        **endpoint.authorization,
    }
    return headers | {"X-Title": "Backroom"} if endpoint.is_openrouter else headers


async def _read(response: httpx.Response, reply: Reply) -> None:
    """Read an answer into `reply`: a stream of events, or one JSON object where a server does not stream."""
    if not response.is_success:
        body = await _body(response, LONGEST_ERROR_BYTES)
        raise Setback(read_failure(response.status_code, body, response.headers))
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Setback(no_answer("garbled"))
    if "application/json" in response.headers.get("content-type", "").lower():
        reply.take_all(await _body(response, LONGEST_BODY_BYTES))
        return
    await _read_events(response, reply)


async def _read_events(response: httpx.Response, reply: Reply) -> None:
    events = EventReader()
    async with aclosing(_chunks(response)) as chunks:
        async for chunk in chunks:
            for data in events.feed(chunk):
                reply.take(data)
            if reply.is_full:
                return
            if reply.has_ended:
                await _let_it_end(chunks)
                return
    for data in events.close():
        reply.take(data)


async def _let_it_end(chunks: AsyncGenerator[bytes, None]) -> None:
    """Read the few bytes after the last event, so that the connection can be used again, but do not wait for them."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_END):
            async for _ in chunks:
                pass


async def _body(response: httpx.Response, most_bytes: int) -> str:
    """Return the body as text, and no more than its first `most_bytes`."""
    body = bytearray()
    async with aclosing(_chunks(response)) as chunks:
        async for chunk in chunks:
            body += chunk
            if len(body) >= most_bytes:
                break
    return bytes(body[:most_bytes]).decode("utf-8-sig", "replace")


def _chunks(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Return the bytes as they were sent: unpacked, a few could be so many that reading them holds up every room."""
    return cast("AsyncGenerator[bytes, None]", response.aiter_raw())


def _what_broke(error: httpx.HTTPError | httpx.InvalidURL) -> Failure:
    """Say what a transport error means; httpx's own words are dropped, for they may quote what was being sent."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return no_answer("unreachable")
        case httpx.PoolTimeout():
            return no_answer("crowded")
        case httpx.ReadTimeout():
            return no_answer("silent")
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return no_answer("unusable", may_pass=False)
        case _:
            return no_answer("cut")
