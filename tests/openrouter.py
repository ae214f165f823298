"""A scripted OpenRouter over real HTTP: it answers as told, writes down what it was asked, and checks both.

async with ScriptedOpenRouter() as host:
    host.answer("AI-1", "a first message", "a second one")
    host.script = lambda request: Reply(text="for every other request")
    ...  # a bot with OPENROUTER_BASE_URL=host.base_url
    assert host.requests[0].seat == "AI-1"
    assert host.problems() == []
"""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests.openrouter_faults import HostFaults
from tests.openrouter_listings import key_listed, models_listed
from tests.openrouter_replies import Reply, as_json, as_reply, chunks, completion, drawn, error_body

__all__ = ["Recorded", "Reply", "ScriptedOpenRouter", "seat_of", "words"]

CONTRACT = Path(__file__).parents[1] / ".." / "shared" / "contract" / "contract.py"
BASE_PATH = "/api/v1"
LARGEST_REQUEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Recorded:
    """A request as it came in, and whether whoever sent it left before it was answered."""

    method: str
    path: str
    headers: Mapping[str, str]
    json: dict[str, Any]
    abandoned: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of a chat, none for a picture."""
        return self.json.get("messages", [])

    @property
    def system(self) -> str:
        """The system message."""
        return next((message["content"] for message in self.messages if message["role"] == "system"), "")

    @property
    def seat(self) -> str:
        """Whose turn it is, as the system message says: `AI-3`; empty where it does not."""
        return seat_of(self.json)

    @property
    def seen(self) -> str:
        """All words after the system message, one message after the other."""
        return "\n\n".join(words(message["content"]) for message in self.messages if message["role"] != "system")


Script = Callable[[dict[str, Any]], "Reply | str"]
AfterAnswer = Callable[[Recorded, Reply], None]
"""Called when the last byte of an answer, good or bad, has left the host."""


def seat_of(request: Mapping[str, Any]) -> str:
    """Return the seat that a chat request is for, `AI-3`, by the beginning of its system message."""
    for message in request.get("messages", []):
        if message["role"] == "system" and (found := re.match(r"You are (AI-\d+)\b", message["content"])):
            return found[1]
    return ""


def words(content: str | Sequence[Mapping[str, Any]]) -> str:
    """Return the words of a message's content, without its pictures."""
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part["type"] == "text")


class ScriptedOpenRouter:
    """The host. Replies are taken from the seat's queue, then from `script`, then are a line of its own."""

    def __init__(self, *, needs_key: bool = True) -> None:
        self.requests: list[Recorded] = []
        self.script: Script | None = None
        self.picture_script: Script | None = None
        self.after_answer: list[AfterAnswer] = []
        self.needs_key = needs_key
        self.faults = HostFaults()
        self.listings: dict[str, dict[str, Any] | Reply] = {"/key": key_listed(), "/models": models_listed()}
        self._queues: dict[str, deque[Reply]] = {}
        self._pictures: deque[Reply] = deque()
        self._problems: list[Callable[[], list[str]]] = []
        self._asked = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_REQUEST_BYTES)
        app.router.add_post(f"{BASE_PATH}/chat/completions", self._chat)
        app.router.add_post(f"{BASE_PATH}/images", self._image)
        for path in self.listings:
            app.router.add_get(f"{BASE_PATH}{path}", self._listing)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}{BASE_PATH}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def answer(self, seat: str, *replies: Reply | str) -> None:
        """Answer the next requests of `seat` (`AI-1`; empty for those without) with `replies`, one each."""
        self._queues.setdefault(seat, deque()).extend(map(as_reply, replies))

    def paint(self, *replies: Reply) -> None:
        """Answer the next requests for pictures with `replies`, one each."""
        self._pictures.extend(replies)

    @property
    def chats(self) -> list[Recorded]:
        """The requests for words."""
        return [request for request in self.requests if request.path == "/chat/completions"]

    @property
    def images(self) -> list[Recorded]:
        """The requests for pictures."""
        return [request for request in self.requests if request.path == "/images"]

    async def until_asked(self, times: int = 1) -> Recorded:
        """Wait until so many requests have come in, and return the last of them."""
        async with self._asked:
            await self._asked.wait_for(lambda: len(self.requests) >= times)
        return self.requests[times - 1]

    def problems(self) -> list[str]:
        """Return what the published contract finds wrong with any request or answer; nothing where it is absent."""
        return [problem for check in self._problems for problem in check()]

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        recorded = await self._record(http)
        reply = self._refused(recorded) or self._fault(recorded) or self._chat_reply(recorded)
        try:
            await reply.is_due()
            if reply.unanswered:
                return _cut(http)
            if reply.status != 200:
                return await self._sent(http, recorded, reply, self._error(recorded, reply))
            if reply.raw is None and not (reply.streamed and recorded.json.get("stream")):
                whole = self._json(recorded, completion(recorded.json, reply), reply)
                return await self._sent(http, recorded, reply, whole)
            return await self._stream(http, recorded, reply)
        except (asyncio.CancelledError, ConnectionError):
            recorded.abandoned.set()
            raise

    async def _image(self, http: web.Request) -> web.StreamResponse:
        recorded = await self._record(http)
        reply = self._refused(recorded) or self._fault(recorded) or self._picture_reply(recorded)
        try:
            await reply.is_due()
        except asyncio.CancelledError:
            recorded.abandoned.set()
            raise
        if reply.unanswered:
            return _cut(http)
        if reply.status != 200:
            response = self._error(recorded, reply)
        elif reply.raw is not None:
            response = web.Response(body=reply.raw, content_type=reply.media_type, headers=dict(reply.headers))
        else:
            response = self._json(recorded, drawn(recorded.json, reply), reply)
        return await self._sent(http, recorded, reply, response)

    async def _sent(
        self, http: web.Request, recorded: Recorded, reply: Reply, response: web.Response
    ) -> web.StreamResponse:
        await response.prepare(http)
        await response.write_eof()
        self._note_answered(recorded, reply)
        return response

    def _note_answered(self, recorded: Recorded, reply: Reply) -> None:
        for note in self.after_answer:
            note(recorded, reply)

    async def _listing(self, http: web.Request) -> web.Response:
        asked = Recorded(http.method, http.path.removeprefix(BASE_PATH), dict(http.headers), {})
        found = self._refused(asked) or self.listings[asked.path]
        if not isinstance(found, Reply):
            return self._json(asked, found, Reply())
        await found.is_due()
        return self._error(asked, found)

    async def _record(self, http: web.Request) -> Recorded:
        path = http.path.removeprefix(BASE_PATH)
        recorded = Recorded(http.method, path, dict(http.headers), await http.json())
        async with self._asked:
            self.requests.append(recorded)
            self._asked.notify_all()
        self._check(lambda contract: contract.request(recorded.method, recorded.path, json=recorded.json))
        return recorded

    def _refused(self, recorded: Recorded) -> Reply | None:
        if not self.needs_key or re.fullmatch(r"Bearer \S+", recorded.headers.get("Authorization", "")):
            return None
        return Reply.failure(401, "No auth credentials found", error_type="authentication")

    def _fault(self, recorded: Recorded) -> Reply | None:
        return self.faults.reply_to(recorded.path, recorded.seat)

    def _chat_reply(self, recorded: Recorded) -> Reply:
        queue = self._queues.get(recorded.seat)
        if queue:
            return queue.popleft()
        if self.script is not None:
            return as_reply(self.script(recorded.json))
        turn = sum(1 for request in self.chats if request.seat == recorded.seat)
        return Reply(text=f"{recorded.seat or 'Somebody'} speaks for the {turn}. time.")

    def _picture_reply(self, recorded: Recorded) -> Reply:
        if self._pictures:
            return self._pictures.popleft()
        return as_reply(self.picture_script(recorded.json)) if self.picture_script else Reply(cost=0.04)

    def _error(self, recorded: Recorded, reply: Reply) -> web.Response:
        if reply.raw is not None:
            return web.Response(
                status=reply.status, body=reply.raw, content_type=reply.media_type, headers=dict(reply.headers)
            )
        return self._json(recorded, {"error": error_body(reply, reply.status), "user_id": "user_test"}, reply)

    def _json(self, recorded: Recorded, body: dict[str, Any], reply: Reply) -> web.Response:
        self._check(lambda contract: contract.response(recorded.method, recorded.path, reply.status, json=body))
        return web.json_response(body, status=reply.status, headers=dict(reply.headers))

    async def _stream(self, http: web.Request, recorded: Recorded, reply: Reply) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": reply.media_type, **reply.headers})
        await response.prepare(http)
        for part in [reply.raw] if reply.raw is not None else self._events(recorded, reply):
            for piece in in_pieces(part, reply.bytes_at_a_time):
                await response.write(piece)
        if reply.stalls:
            await asyncio.Event().wait()
        if reply.cut and http.transport is not None:
            http.transport.close()
        self._note_answered(recorded, reply)
        return response

    def _events(self, recorded: Recorded, reply: Reply) -> Iterator[bytes]:
        end = reply.newline
        for _ in range(reply.comments):
            yield f": OPENROUTER PROCESSING{end}{end}".encode()
        for chunk in chunks(recorded.json, reply):
            self._check(lambda contract, chunk=chunk: contract.stream_event(recorded.path, json=chunk))
            yield f"data: {as_json(chunk)}{end}{end}".encode()
        if not (reply.cut or reply.stalls or reply.error):
            yield f"data: [DONE]{end}{end}".encode()

    def _check(self, check: Callable[[Any], list[str]]) -> None:
        contract = published_contract()
        if contract is not None:
            self._problems.append(lambda: check(contract))


def _cut(http: web.Request) -> web.Response:
    if http.transport is not None:
        http.transport.abort()
    return web.Response()


@cache
def published_contract() -> Any | None:
    """Return OpenRouter's published contract, None where it is not at hand."""
    if not CONTRACT.exists():
        return None
    spec = importlib.util.spec_from_file_location("published_contract", CONTRACT)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.Contract.openrouter()


def in_pieces(data: bytes, length: int) -> Iterator[bytes]:
    """Yield `data` in pieces of `length` bytes, or whole where that is 0."""
    step = length or max(len(data), 1)
    for start in range(0, len(data), step):
        yield data[start : start + step]
