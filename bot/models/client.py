"""Asking a model over the network: one request, streamed, made again where that makes sense."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from bot.errors import AccessRefused, EmptyAnswer, ModelError
from bot.models.answering import Answer, Answerer, Ask
from bot.models.endpoints import Endpoint
from bot.models.exchange import exchange, timeout_after
from bot.models.failures import Failure, Setback
from bot.models.reply import Reply
from bot.models.request_body import request_body
from bot.models.sentences import as_error, declined_by_model, for_the_log, nothing_said, too_slow, without_key
from bot.words import later, t

logger = logging.getLogger("backroom.models")

CONNECTIONS_KEPT = 20
CONNECTIONS_AT_MOST = 200
"""One for every answer that is being waited for, in all rooms together."""

SECONDS_BETWEEN_TRIES_AT_MOST = 20.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a model is waited for.

    `seconds_in_all` bounds everything about one answer, tries and pauses included. `seconds_of_silence` bounds
    the wait between bytes from OpenRouter, which sends a sign of life while a model is thinking; other servers
    send none and have only the bound in all. After a failed try the pause doubles, from `seconds_before_retry`.
    """

    seconds_in_all: float = 180.0
    seconds_of_silence: float = 60.0
    tries: int = 4
    seconds_before_retry: float = 1.0


@cache
def trusted() -> ssl.SSLContext:
    """Return the certificate authorities that are trusted, SSL_CERT_FILE's where it is set; read once, for all."""
    return httpx.create_ssl_context()


def no_cookies() -> CookieJar:
    """Return a jar that stays empty: a host could fill it with every answer, until no request is taken any more."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def open_http() -> httpx.AsyncClient:
    """Return the client for all endpoints; whoever opens it closes it."""
    return httpx.AsyncClient(
        verify=trusted(),
        cookies=no_cookies(),
        timeout=timeout_after(Patience().seconds_of_silence),
        limits=httpx.Limits(max_connections=CONNECTIONS_AT_MOST, max_keepalive_connections=CONNECTIONS_KEPT),
        headers={"User-Agent": "Backroom"},
    )


class ModelClient(Answerer):
    """Asks models at their endpoints; `endpoints` are known by the names that the catalogue gives them."""

    def __init__(
        self, http: httpx.AsyncClient, endpoints: Mapping[str, Endpoint], patience: Patience | None = None
    ) -> None:
        self._http = http
        self._endpoints = {name: replace(endpoint, name=name) for name, endpoint in endpoints.items()}
        self._patience = patience or Patience()

    async def ask(self, request: Ask) -> Answer:
        """Return the model's answer, or raise a `ModelError` whose text can be said in the room."""
        model = request.model
        endpoint = self._endpoints.get(model.endpoint)
        if endpoint is None:
            sentence = later("{model} is asked at the endpoint “{endpoint}”, which is not set up.")
            raise AccessRefused(t(sentence, model=model.name, endpoint=model.endpoint))
        conversation = _Conversation(self._http, self._patience, request, endpoint)
        try:
            async with asyncio.timeout(self._patience.seconds_in_all) as deadline:
                return await conversation.answer(deadline)
        except Setback as setback:
            logger.warning("%s at %s: %s", model.name, endpoint.name, for_the_log(setback.failure, endpoint))
            error = as_error(setback.failure, model, endpoint)
        except ModelError as declined:
            error = declined
        except TimeoutError:
            error = too_slow(self._patience.seconds_in_all, model, endpoint)
        error.cost_usd = request.bill.usd
        raise error from None


class _Conversation:
    """Everything between a request and its answer, or its failure."""

    def __init__(self, http: httpx.AsyncClient, patience: Patience, request: Ask, endpoint: Endpoint) -> None:
        self.http = http
        self.patience = patience
        self.request = request
        self.endpoint = endpoint

    async def answer(self, deadline: asyncio.Timeout) -> Answer:
        """Return an answer with words in it; a model that says nothing is asked once more."""
        model = self.request.model
        first = await self._reply(model.answer_tokens, deadline)
        if not first.is_empty:
            return self._answer(first)
        self._raise_if_declined(first)
        logger.info("%s answered with nothing and is asked once more", model.name)
        more_room = min(2 * model.answer_tokens, model.max_output_tokens) if first.cut_off else model.answer_tokens
        second = await self._reply(more_room, deadline)
        if not second.is_empty:
            return self._answer(second)
        self._raise_if_declined(second)
        raise EmptyAnswer(nothing_said(model, cut_off=second.cut_off))

    def _answer(self, reply: Reply) -> Answer:
        answer = reply.answer(self.endpoint.title, self.request.bill.usd)
        text, served_by = (without_key(said, self.endpoint) for said in (answer.text, answer.served_by))
        return replace(answer, text=text, served_by=served_by)

    def _raise_if_declined(self, reply: Reply) -> None:
        if reply.refusal is not None:
            raise declined_by_model(reply.refusal, self.request.model, self.endpoint)

    async def _reply(self, max_tokens: int, deadline: asyncio.Timeout) -> Reply:
        """Return what comes back, tried as often as patience allows; what a failed try had said is dropped.

        Raises:
            Setback: it cannot be had, or not in time.
        """
        body = request_body(self.request, self.endpoint, max_tokens)
        tries = 1
        while True:
            try:
                return await self._try(body)
            except Setback as setback:
                pause = self._pause_after(tries, setback.failure, deadline)
                if pause is None:
                    raise
                name, tries = self.request.model.name, tries + 1
                logger.info("%s: %s; try %d in %.1f s", name, setback.failure.summary, tries, pause)
            await asyncio.sleep(pause)

    def _pause_after(self, tries: int, failure: Failure, deadline: asyncio.Timeout) -> float | None:
        """Return the seconds until the next try; None where there is no sense in one, or no time for it."""
        if not failure.may_pass or tries >= self.patience.tries:
            return None
        backing_off = min(self.patience.seconds_before_retry * 2 ** (tries - 1), SECONDS_BETWEEN_TRIES_AT_MOST)
        jitter = random.uniform(1.0, 1.25)  # noqa: S311 - spreads tries, hides nothing
        pause = (backing_off if failure.seconds_to_wait is None else failure.seconds_to_wait) * jitter
        ends = deadline.when()
        return pause if ends is None or asyncio.get_running_loop().time() + pause < ends else None

    async def _try(self, body: bytes) -> Reply:
        reply = Reply(self.request.model)
        silence = self.patience.seconds_of_silence if self.endpoint.is_openrouter else self.patience.seconds_in_all
        try:
            await exchange(self.http, self.endpoint, body, reply, silence)
        finally:
            self.request.bill.add(reply.cost_usd)
        return reply
