"""What the tests of the client share: a client of a scripted host, and requests to make with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.errors import ModelError
from bot.models.answering import Ask
from bot.models.catalogue import Catalogue, Model
from bot.models.client import ModelClient, Patience, open_http
from bot.models.endpoints import Endpoint
from bot.room.messages import Message
from tests.openrouter import Reply, ScriptedOpenRouter

KEY = "sk-or-v1-0123456789abcdef"
QUICK = Patience(seconds_in_all=20, seconds_of_silence=10, tries=4, seconds_before_retry=0.01)
CATALOGUE = Catalogue.load()
OPUS = CATALOGUE.resolve("Claude 3 Opus")
KIMI = CATALOGUE.resolve("Kimi K2")


def ask(model: Model = OPUS, messages: Sequence[Message] | None = None, **more: object) -> Ask:
    """Return a request of seat 3."""
    said = messages or (
        Message("system", (f"You are AI-3 ({model.name}). Others are here.",)),
        Message("user", ("[AI-1 (Kimi K2)]: Who is there?",)),
    )
    request = Ask(model=model, messages=said, session="room-1-AI-3", user="0f" * 16)
    return replace(request, **more)  # pyright: ignore[reportArgumentType]


@asynccontextmanager
async def client_of(
    host: ScriptedOpenRouter, patience: Patience = QUICK, key: str | None = KEY, endpoint: str = "openrouter"
) -> AsyncIterator[ModelClient]:
    """Yield a client that knows `host` as its only endpoint."""
    async with open_http() as http:
        yield ModelClient(http, {endpoint: Endpoint(host.base_url, SecretStr(key) if key else None)}, patience)


@asynccontextmanager
async def room() -> AsyncIterator[tuple[ScriptedOpenRouter, ModelClient]]:
    """Yield a scripted host and a client of it; at the end, the contract must have found nothing wrong."""
    async with ScriptedOpenRouter() as host, client_of(host) as client:
        yield host, client
        assert host.problems() == []


async def failed(reply: Reply, model: Model = KIMI, tries: int = 1) -> ModelError:
    """Ask a host that always answers with `reply`, and return the error after as many `tries`."""
    async with room() as (host, client):
        host.script = lambda _: reply
        with pytest.raises(ModelError) as error:
            await client.ask(ask(model))
        assert len(host.requests) == tries
        assert KEY not in str(error.value)
        assert "\n" not in str(error.value)
        return error.value
