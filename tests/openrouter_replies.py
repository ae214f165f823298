"""What the scripted OpenRouter answers: a reply as a test words it, and its bodies as OpenRouter sends them."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

CREATED = 1_790_000_000
"""When every answer says that it was made."""

MOST_PIECES = 12
"""In how many pieces a text is streamed at most, so that checking them all stays quick."""

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Reply:
    """What the host does with one request.

    Args:
        text: the words of the answer, cut into pieces by the host.
        pieces: the words as they are cut; None is a `content` of null.
        reasoning: streamed before the words.
        refusal: streamed after the words.
        finish_reason: how it ends; `error` comes with `error` as the message and `error_code`.
        model: what served it; the model that was asked for unless given.
        cost: in dollars; None leaves the whole usage out.
        status: of the HTTP answer; anything but 200 is answered with OpenRouter's error body.
        error: the error's message. With status 200, it breaks off the stream after the words.
        error_code: of an error inside a 200.
        error_type: `metadata.error_type`.
        availability: the error's `availability`.
        headers: more of them.
        streamed: False answers a streaming request with one JSON object.
        comments: how many keep-alive comments precede the words.
        seconds_before: silence before the first byte.
        after: silence also until the test sets this: what it does meanwhile has no race to win.
        stalls: True falls silent for good after the words.
        cut: True closes the connection after the words.
        unanswered: True closes it before any answer.
        raw: these bytes are the whole body, of this `media_type`; nothing of it is checked.
        newline: between the lines of a stream.
        bytes_at_a_time: cuts the body into writes of so many bytes; 0 writes each event at once.
        picture: the bytes that `/images` answers with, instead of a picture drawn for the occasion.
    """

    text: str = ""
    pieces: Sequence[str | None] | None = None
    reasoning: str = ""
    refusal: str = ""
    finish_reason: str | None = "stop"
    model: str = ""
    cost: float | None = 0.0001
    prompt_tokens: int = 100
    completion_tokens: int = 20
    status: int = 200
    error: str = ""
    error_code: int = 502
    error_type: str = ""
    availability: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    streamed: bool = True
    comments: int = 1
    seconds_before: float = 0.0
    after: asyncio.Event | None = None
    stalls: bool = False
    cut: bool = False
    unanswered: bool = False
    raw: bytes | None = None
    media_type: str = "text/event-stream"
    newline: str = "\n"
    bytes_at_a_time: int = 0
    picture: bytes | None = None

    async def is_due(self) -> None:
        """Wait until it is to be given."""
        await asyncio.sleep(self.seconds_before)
        if self.after is not None:
            await self.after.wait()

    @classmethod
    def failure(cls, status: int, message: str = "", **more: Any) -> Reply:
        """Return an answer with an error status."""
        return cls(status=status, error=message or f"error {status}", **more)

    @property
    def cut_into(self) -> list[str | None]:
        """The words in the pieces that are sent."""
        if self.pieces is not None:
            return list(self.pieces)
        length = max(1, -(-len(self.text) // MOST_PIECES))
        return [self.text[start : start + length] for start in range(0, len(self.text), length)]


def as_reply(said: Reply | str) -> Reply:
    """Return a reply that says `said`."""
    return Reply(text=said) if isinstance(said, str) else said


def usage(reply: Reply) -> dict[str, Any]:
    """Return what an answer took, as the host accounts for it."""
    return {
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        "cost": reply.cost,
        "is_byok": False,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def error_body(reply: Reply, code: int) -> dict[str, Any]:
    """Return the `error` of an answer."""
    error: dict[str, Any] = {"code": code, "message": reply.error}
    if reply.error_type:
        error["metadata"] = {"error_type": reply.error_type}
    if reply.availability is not None:
        error["availability"] = dict(reply.availability)
    return error


def chunks(request: Mapping[str, Any], reply: Reply) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a streamed answer: reasoning, words, the end, and the usage without any choice."""
    if reply.reasoning:
        yield chunk(request, reply, {"role": "assistant", "content": "", "reasoning": reply.reasoning})
    for piece in reply.cut_into:
        yield chunk(request, reply, {"role": "assistant", "content": piece})
    if reply.refusal:
        yield chunk(request, reply, {"role": "assistant", "content": "", "refusal": reply.refusal})
    if reply.error:
        broken = chunk(request, reply, {"content": ""}, "error")
        yield {**broken, "error": error_body(reply, reply.error_code)}
        return
    if reply.cut or reply.stalls:
        return
    yield chunk(request, reply, {"role": "assistant", "content": ""}, reply.finish_reason)
    if reply.cost is not None:
        yield {**chunk(request, reply, {}), "choices": [], "usage": usage(reply)}


def chunk(
    request: Mapping[str, Any], reply: Reply, delta: dict[str, Any], finish_reason: str | None = None
) -> dict[str, Any]:
    """Return one chunk of a streamed answer."""
    return {
        "id": "gen-1",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": reply.model or request["model"],
        "provider": "Scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }


def as_json(value: object) -> str:
    """Return JSON with all characters as they are, save for half surrogate pairs, which only an escape can show."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if any("\ud800" <= character <= "\udfff" for character in text) else text


def completion(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Return a whole answer, as it is given to a request that does not stream."""
    content = None if reply.pieces == [None] else "".join(piece or "" for piece in reply.cut_into)
    message = {"role": "assistant", "content": content, "refusal": reply.refusal or None}
    choice: dict[str, Any] = {"index": 0, "finish_reason": reply.finish_reason, "message": message}
    if reply.error:
        choice |= {"finish_reason": "error", "error": error_body(reply, reply.error_code)}
    body: dict[str, Any] = {
        "id": "gen-1",
        "object": "chat.completion",
        "created": CREATED,
        "model": reply.model or request["model"],
        "system_fingerprint": None,
        "choices": [choice],
    }
    return body | ({"usage": usage(reply)} if reply.cost is not None else {})


def drawn(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Return an answer of `/images`: a small PNG in a colour that depends on the prompt."""
    picture = reply.picture
    if picture is None:
        hue = sum(request["prompt"].encode()) % 256
        file = io.BytesIO()
        Image.new("RGB", (64, 48), (hue, 255 - hue, 128)).save(file, "PNG")
        picture = file.getvalue()
    image = {"b64_json": base64.b64encode(picture).decode()}
    if picture.startswith(PNG):
        image["media_type"] = "image/png"
    body: dict[str, Any] = {"created": CREATED, "data": [image]}
    return body | ({"usage": usage(reply)} if reply.cost is not None else {})
