"""Reading a request's body: JSON, or a multipart form with `payload_json` and files."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from bot.rehearsal.rest.calls import Upload
from bot.rehearsal.rest.refusals import INVALID_FORM, INVALID_JSON, REQUEST_TOO_LARGE, Refusal
from bot.rehearsal.world.pictures import measure

DISCORD_REQUEST_BYTES = 25 * 1024 * 1024
_FILE_FIELD = re.compile(r"^files?\[(\d+)\]$")


async def read_body(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    """Return a request's JSON (None without a body) and its files. Raise `Refusal` for what is neither."""
    if not request.body_exists:
        return None, {}
    if (request.content_length or 0) > DISCORD_REQUEST_BYTES:
        raise Refusal(REQUEST_TOO_LARGE)
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    body = await request.read()
    if not body:
        return None, {}
    if request.content_type != "application/json":
        error = {"code": "CONTENT_TYPE_INVALID", "message": 'Expected "Content-Type" header to be application/json'}
        raise Refusal(INVALID_FORM, {"_errors": [error]})
    return _parsed(body), {}


async def _read_multipart(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    payload: Any = {}
    files: dict[int, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=False))
        if (match := _FILE_FIELD.match(part.name or "")) is not None:
            filename = part.filename or "unknown"
            files[int(match[1])] = Upload(filename, data, await asyncio.to_thread(measure, filename, data))
        elif part.name == "payload_json":
            payload = _parsed(data)
    return payload, files


def _parsed(body: bytes) -> Any:
    try:
        parsed = json.loads(body)
        if b"\\ud" in body.lower():
            json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except ValueError as error:
        raise Refusal(INVALID_JSON) from error
    return parsed
