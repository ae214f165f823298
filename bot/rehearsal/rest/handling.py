"""The way of every request: read it, let faults interfere, check who asks, do it, record it, answer."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from bot.rehearsal.faults import Faults
from bot.rehearsal.rest.calls import Answer, Call, ConnectionCut, Route
from bot.rehearsal.rest.limits import Limits
from bot.rehearsal.rest.refusals import NO_SUCH_ROUTE, UNAUTHORIZED, Refusal
from bot.rehearsal.rest.uploads import read_body
from bot.rehearsal.routes import ROUTES
from bot.rehearsal.rules.messages import allows_pings
from bot.rehearsal.world.world import World

API_PATH = "/api/v10"
EXCHANGES_KEPT = 10_000

BeforeEffect = Callable[[Call], Awaitable[Answer | None]]
"""May answer a request before anything is done: then nothing is done."""
AfterEffect = Callable[[Call, Answer], Awaitable[Answer | None]]
"""May put another answer in place of the true one, when all is done."""


@dataclass(slots=True)
class Exchange:
    """One request and its answer: `path` without base and query; `status` is None when the connection was cut."""

    method: str
    path: str
    query: dict[str, str]
    json: Any
    was_authorised: bool
    status: int | None = None
    answer: Any = None


def _unknown_route(_world: World, _call: Call) -> Answer:
    raise Refusal(NO_SUCH_ROUTE)


class Rest:
    """Answers requests from the world. `faults` interfere by rule, code at `before_effect` and `after_effect`."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.limits = Limits()
        self.exchanges: deque[Exchange] = deque(maxlen=EXCHANGES_KEPT)
        self.before_effect: list[BeforeEffect] = []
        self.after_effect: list[AfterEffect] = []

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve all of Discord's routes, and refuse what is none of them."""
        for route in ROUTES:
            router.add_route(route.method, API_PATH + route.path, self._handler(route))
        unknown = Route("*", "/{anything}", _unknown_route, is_open=True)
        router.add_route("*", API_PATH + "/{anything:.*}", self._handler(unknown))

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(request, route)

        return handle

    async def _handle(self, request: web.Request, route: Route) -> web.StreamResponse:
        call = self._call(request, route)
        self._check_user_agent(request, call)
        exchange = Exchange(call.method, call.path, dict(call.query), None, call.is_authorised)
        self.exchanges.append(exchange)
        try:
            answer = await self._answer(request, route, call, exchange)
        except ConnectionCut as cut:
            if cut.seconds_until_done is not None:
                asyncio.get_running_loop().call_later(cut.seconds_until_done, self._do_late, route, call)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        exchange.status, exchange.answer = answer.status, answer.json
        self.limits.count(answer)
        if answer.is_by_proxy:
            return _response(answer)
        return _response(replace(answer, headers={**self.limits.headers(call), **answer.headers}))

    def _call(self, request: web.Request, route: Route) -> Call:
        return Call(
            method=request.method,
            path=request.path.removeprefix(API_PATH),
            template=route.path,
            parts=request.match_info,
            query=request.query,
            is_authorised=request.headers.get("Authorization") == f"Bot {self.world.application.token}",
        )

    async def _answer(self, request: web.Request, route: Route, call: Call, exchange: Exchange) -> Answer:
        try:
            call.json, call.files = await read_body(request)
        except Refusal as refusal:
            return self._refused(call, refusal)
        exchange.json = call.json
        if (answer := self.limits.refuse_if_banned()) is not None:
            return answer
        for interfere in (*self.before_effect, self.faults.before):
            if (answer := await interfere(call)) is not None:
                return answer
        answer = self.limits.refuse(call, self._channel_id(call)) or self._effect(route, call)
        for interfere in (*self.after_effect, self.faults.after):
            answer = await interfere(call, answer) or answer
        return answer

    def _effect(self, route: Route, call: Call) -> Answer:
        try:
            if not (route.is_open or call.is_authorised):
                raise Refusal(UNAUTHORIZED)
            answer = route.answer(self.world, call)
        except Refusal as refusal:
            return self._refused(call, refusal)
        except Exception as error:
            self.world.note_problem(f"{call.method} {call.path} made the rehearsal itself fail: {error!r}")
            raise
        if route.posts_text and allows_pings(call.body):
            self.world.note_problem(f"{call.method} {call.path} may ping: allowed_mentions is not empty")
        return answer

    def _do_late(self, route: Route, call: Call) -> None:
        """Do what nobody waits for any more, unless that is not possible by now."""
        with suppress(Refusal):
            route.answer(self.world, call)

    def _refused(self, call: Call, refusal: Refusal) -> Answer:
        if refusal.reason.code not in self.faults.excused:
            self.world.note_problem(f"{call.method} {call.path} was refused: {refusal.sentence}")
        return Answer(refusal.reason.status, refusal.body)

    def _check_user_agent(self, request: web.Request, call: Call) -> None:
        agent = request.headers.get("User-Agent", "")
        problem = f"requests with the bot's token came from {agent!r}, which is no DiscordBot (address, version)"
        if call.is_authorised and not agent.startswith("DiscordBot (") and problem not in self.world.problems:
            self.world.note_problem(problem)

    def _channel_id(self, call: Call) -> int | None:
        webhook_id = call.parts.get("webhook_id", "")
        webhook = self.world.webhooks.get(int(webhook_id)) if webhook_id.isdigit() else None
        return None if webhook is None else webhook.channel.id


def _response(answer: Answer) -> web.Response:
    if answer.json is None and answer.text is None:
        return web.Response(status=answer.status, headers=answer.headers)
    text = answer.text if answer.text is not None else json.dumps(answer.json)
    return web.Response(
        status=answer.status,
        body=text.encode(),
        headers=answer.headers,
        content_type=answer.content_type,
    )
