"""Pictures from an image endpoint: OpenRouter's `/images`, or any OpenAI-style `/images/generations`."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from time import time
from typing import cast

import httpx
from pydantic import SecretStr

from bot.errors import PictureError
from bot.images.addresses import PublicFetch, Resolve, system_resolve
from bot.images.picture import Picture
from bot.images.prompts import prompt_of
from bot.images.refusals import refusal, status_of
from bot.images.verify import verified
from bot.words import t

ATTEMPTS = 3
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 529})
"""Answers after which asking again costs nothing twice. A gateway's timeout (504, 524) is not among them:
behind it the picture may still be made and paid for."""
SECONDS_BETWEEN_ATTEMPTS = 2.0
LONGEST_RETRY_AFTER_SECONDS = 30.0
LIMIT_SECONDS = 240.0
COST_BELIEVED_USD = 100.0
"""No picture costs more; a host that says so is not believed."""
ANSWER_LIMIT_BYTES = 40 * 1024 * 1024
"""25 MB of picture are 34 MB of base64."""
TIMEOUT = httpx.Timeout(180.0, connect=15.0)

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class ImageEndpoint:
    """A picture maker that asks an image endpoint.

    Args:
        http: the client to use; its own headers are sent to the endpoint only.
        base_url: such as `https://openrouter.ai/api/v1`.
        key: sent as a bearer token; None for hosts that want none.
        model: the model's id at the host.
        path: `/images` for OpenRouter, `/images/generations` for hosts that speak like OpenAI.
        price_usd: what a picture costs where the host does not say so; 0 where nobody knows.
        direct: the client that fetches a picture's address; it must use no proxy, or the proxy and not we would
            choose what is connected to. Unset: `http`.
        resolve: how host names of picture addresses become IP addresses.
        seconds_between_attempts: the first wait before asking again; it doubles.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        key: SecretStr | None,
        model: str,
        path: str = "/images",
        *,
        price_usd: float = 0.0,
        direct: httpx.AsyncClient | None = None,
        resolve: Resolve = system_resolve,
        seconds_between_attempts: float = SECONDS_BETWEEN_ATTEMPTS,
    ) -> None:
        self._http = http
        self._address = base_url.rstrip("/") + "/" + path.lstrip("/")
        self._key = key
        self._model = model
        self._price_usd = price_usd or None
        self._fetch = PublicFetch(direct or http, resolve)
        self._seconds_between_attempts = seconds_between_attempts

    async def make(self, description: str) -> Picture:
        """Return a picture of `description`.

        Raises:
            PictureError: none came of it; the sentence says why, and never holds the key.
        """
        body = {"model": self._model, "prompt": prompt_of(description), "n": 1}
        cost_usd: float | None = None
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                answer = await self._answer(body)
                cost_usd = self._price_usd if (named := _cost(answer)) is None else named
                data = await self._bytes(answer)
            picture = await asyncio.to_thread(verified, data)
        except TimeoutError:
            error = PictureError(t("The image host took longer than four minutes, so the bot gave up."))
        except PictureError as without_picture:
            error = without_picture
        else:
            return replace(picture, cost_usd=cost_usd)
        error.cost_usd = cost_usd
        raise error from None

    async def _answer(self, body: Mapping[str, object]) -> Mapping[str, object]:
        """Ask until there is an answer, an error that stays, or no attempt left."""
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            wait = self._seconds_between_attempts * 2 ** (attempt - 1)
            try:
                status, headers, answer = await self._ask(body)
            except _NEVER_SENT:
                if last:
                    raise PictureError(t("The image host cannot be reached at the moment.")) from None
            else:
                if status == 200:
                    return answer
                wait = _seconds_asked_for(headers, wait)
                if last or status not in RETRIED_STATUSES or wait > LONGEST_RETRY_AFTER_SECONDS:
                    raise refusal(status, answer, self._model)
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, body: Mapping[str, object]) -> tuple[int, httpx.Headers, Mapping[str, object]]:
        """Ask once. What breaks after the request went out is not repeated: the picture may be paid for."""
        headers = {"Accept-Encoding": "identity"}  # of what is packed, no limit says how much memory it takes
        if self._key:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        try:
            async with self._http.stream(
                "POST",
                self._address,
                json=body,
                headers=headers,
                timeout=TIMEOUT,
                follow_redirects=False,
            ) as response:
                answer = _object(await _bounded(response))
                return status_of(response.status_code, answer), response.headers, answer
        except _NEVER_SENT:
            raise
        except httpx.TimeoutException:
            raise PictureError(t("The image host took too long, so the bot gave up.")) from None
        except httpx.HTTPError:
            raise PictureError(t("The connection to the image host broke before the picture arrived.")) from None

    async def _bytes(self, answer: Mapping[str, object]) -> bytes:
        """Return the picture of an answer, from inside it or from the address that it names."""
        item = _first_of(answer)
        if isinstance(inside := item.get("b64_json"), str) and inside:
            return _decoded(inside)
        if isinstance(address := item.get("url"), str) and address:
            return _decoded(address) if address[:5].lower() == "data:" else await self._fetch.get(address)
        raise PictureError(t("The image host answered without a picture."))


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > ANSWER_LIMIT_BYTES:
            raise PictureError(t("The image host's answer is larger than any picture that could be posted."))
    return bytes(body)


def _object(body: bytes) -> Mapping[str, object]:
    """Read a JSON object; anything else is an empty one, which holds no picture."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def _first_of(answer: Mapping[str, object]) -> Mapping[str, object]:
    items = answer.get("data")
    first = cast(list[object], items)[0] if isinstance(items, list) and items else None
    return cast(Mapping[str, object], first) if isinstance(first, dict) else {}


def _decoded(text: str) -> bytes:
    """Read base64, bare or as a data URL."""
    if text[:5].lower() == "data:":
        text = text.partition(",")[2]
    text = "".join(text.split())
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise PictureError(t("The image host answered with something that cannot be read.")) from None


def _cost(answer: Mapping[str, object]) -> float | None:
    usage = answer.get("usage")
    cost = cast(Mapping[str, object], usage).get("cost") if isinstance(usage, dict) else None
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        return None
    return float(cost) if 0 <= cost <= COST_BELIEVED_USD else None


def _seconds_asked_for(headers: httpx.Headers, otherwise: float) -> float:
    """Read Retry-After, which is seconds or a date."""
    value = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (TypeError, ValueError, OverflowError):
        return otherwise
