"""What is posted to an endpoint: everything OpenRouter understands, or what every server does."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping

from bot.models.answering import Ask
from bot.models.endpoints import Endpoint
from bot.models.model import Model
from bot.room.messages import Message, Sight

OPENROUTER_SESSION_LIMIT = 256

_PNG = b"\x89PNG\r\n\x1a\n"


def request_body(ask: Ask, endpoint: Endpoint, max_tokens: int) -> bytes:
    """Return the JSON body of `ask`, in UTF-8; half a surrogate pair, which UTF-8 cannot hold, becomes a `?`."""
    body: dict[str, object] = {
        "model": ask.model.id,
        "messages": [_message(message, ask) for message in ask.messages],
        "max_tokens": max_tokens,
        "stream": True,
    }
    temperature = ask.model.temperature.to_send(ask.temperature)
    if temperature is not None:
        body["temperature"] = temperature
    body |= _for_openrouter(ask) if endpoint.is_openrouter else {"stream_options": {"include_usage": True}}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _for_openrouter(ask: Ask) -> dict[str, object]:
    return {
        "session_id": ask.session[:OPENROUTER_SESSION_LIMIT],
        "user": ask.user,
        "provider": {"data_collection": "deny"},
        **_reasoning(ask.model),
    }


def _reasoning(model: Model) -> dict[str, object]:
    """Ask for as little reasoning as there can be, and never to see it: it is paid for, and never published."""
    if model.reasoning == "none":
        return {}
    if model.least_effort is not None:
        return {"reasoning": {"effort": model.least_effort, "exclude": True}}
    if model.reasoning == "optional":
        return {"reasoning": {"enabled": False, "exclude": True}}
    return {"reasoning": {"exclude": True}}


def _message(message: Message, ask: Ask) -> dict[str, object]:
    if message.role != "user" or not ask.model.sees_images:
        return {"role": message.role, "content": "".join(_in_words(message))}
    parts = list(_parts(message, ask.pictures))
    if all(part["type"] == "text" for part in parts):
        return {"role": message.role, "content": "".join(str(part["text"]) for part in parts)}
    return {"role": message.role, "content": parts}


def _in_words(message: Message) -> Iterator[str]:
    for part in message.parts:
        yield part if isinstance(part, str) else _described(part)


def _parts(message: Message, pictures: Mapping[int, bytes]) -> Iterator[dict[str, object]]:
    """Yield words and pictures in their order; words come first, as hosts want it, and neighbours are one part."""
    words = ""
    shown = 0
    for part in message.parts:
        if isinstance(part, str):
            words += part
            continue
        picture = pictures.get(part.picture)
        if picture is None:
            words += _described(part)
            continue
        if words or not shown:
            yield {"type": "text", "text": words or _described(part)}
        yield {"type": "image_url", "image_url": {"url": _data_url(picture)}}
        words, shown = "", shown + 1
    if words:
        yield {"type": "text", "text": words}


def _described(sight: Sight) -> str:
    return f"[picture: {sight.description}]"


def _data_url(picture: bytes) -> str:
    media_type = "image/png" if picture.startswith(_PNG) else "image/jpeg"
    return f"data:{media_type};base64,{base64.b64encode(picture).decode('ascii')}"
