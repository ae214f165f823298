"""How long a host is waited for, over real HTTP: tries, pauses, silence, deadlines, cancelling."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from email.utils import formatdate

import pytest

from bot.errors import EmptyAnswer, ModelUnavailable
from bot.models.catalogue import Model
from bot.models.client import Patience
from tests.models.conversation import QUICK, ask, client_of, failed, room
from tests.openrouter import Reply, ScriptedOpenRouter


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 524, 529])
async def test_what_may_pass_is_tried_again_until_it_has_passed(status: int) -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply.failure(status), Reply.failure(status), "at last")
        assert (await client.ask(ask())).text == "at last"
        assert len(host.requests) == 3
        assert host.requests[0].json == host.requests[2].json


@pytest.mark.parametrize("garbage", [b"<html>busy</html>", b"data: {half", b"data: [1]\n\n", b"data: " + b"[" * 50_000])
async def test_what_is_no_answer_is_tried_again(garbage: bytes) -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(raw=garbage), "an answer")
        assert (await client.ask(ask())).text == "an answer"


async def test_a_stream_that_is_cut_is_begun_anew() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(text="the first half", cut=True), "the whole")
        assert (await client.ask(ask())).text == "the whole"


async def test_a_stream_that_just_ends_counts_as_cut() -> None:
    half = b'data: {"choices":[{"delta":{"content":"the first half"},"finish_reason":null}]}\n\n'
    error = await failed(Reply(raw=half), tries=4)
    assert str(error) == "The connection to OpenRouter broke while Kimi K2 was answering."


async def test_a_cut_after_the_last_word_loses_only_the_price() -> None:
    whole = b'data: {"choices":[{"delta":{"content":"the whole"},"finish_reason":"stop"}]}\n\n'
    async with room() as (host, client):
        host.answer("AI-3", Reply(raw=whole, cut=True))
        answer = await client.ask(ask())
    assert (answer.text, answer.cost_usd) == ("the whole", None)


async def test_a_host_that_falls_silent_is_tried_again() -> None:
    async with (
        ScriptedOpenRouter() as host,
        client_of(host, replace(QUICK, seconds_of_silence=0.2)) as client,
    ):
        host.answer("AI-3", Reply(text="so far", stalls=True), "the whole")
        assert (await client.ask(ask())).text == "the whole"


async def test_a_server_at_home_may_be_silent_while_it_thinks() -> None:
    async with (
        ScriptedOpenRouter() as host,
        client_of(host, replace(QUICK, seconds_of_silence=0.1), endpoint="home") as client,
    ):
        host.answer("AI-3", Reply(text="there", seconds_before=0.5))
        assert (await client.ask(ask(Model("Home", (), "m", endpoint="home")))).text == "there"
        assert len(host.requests) == 1


async def test_everything_together_ends_at_the_deadline() -> None:
    async with (
        ScriptedOpenRouter() as host,
        client_of(host, Patience(seconds_in_all=0.5, seconds_of_silence=60)) as client,
    ):
        host.answer("AI-3", Reply(text="so far", stalls=True))
        with pytest.raises(ModelUnavailable, match=r"had not answered after 0\.5 seconds"):
            await client.ask(ask())


async def waited(reply: Reply) -> float:
    """Return the seconds between a first try that ends in `reply` and an answer."""
    async with room() as (host, client):
        host.answer("AI-3", reply, "at last")
        before = time.monotonic()
        assert (await client.ask(ask())).text == "at last"
        return time.monotonic() - before


async def test_a_host_is_left_alone_for_as_long_as_it_asks() -> None:
    assert await waited(Reply.failure(429, headers={"Retry-After": "1"})) >= 1
    assert await waited(Reply.failure(503, availability={"code": "busy", "retry_after": 0.6})) >= 0.6


async def test_a_host_may_ask_until_a_time_of_day(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "backroom.models")
    headers = {"Date": formatdate(1_790_000_000, usegmt=True), "Retry-After": formatdate(1_790_000_001, usegmt=True)}
    assert await waited(Reply.failure(429, headers=headers)) >= 1
    caplog.clear()
    await waited(Reply.failure(429, headers={"Retry-After": formatdate(0, usegmt=True)}))
    assert "try 2 in 0.0 s" in caplog.text


@pytest.mark.parametrize("nonsense", ["soon", "-3", "1e999", "Wed, 99 Foo", "", "²"])
async def test_a_wait_that_makes_no_sense_is_not_heeded(nonsense: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "backroom.models")
    await waited(Reply.failure(429, headers={"Retry-After": nonsense}))
    assert "try 2 in 0.0 s" in caplog.text


async def test_a_wait_beyond_the_deadline_is_told_at_once() -> None:
    error = await failed(Reply.failure(429, "Slow down", headers={"Retry-After": "45"}))
    assert isinstance(error, ModelUnavailable)
    assert "It asks to wait 45 seconds." in str(error)


async def test_cancelling_between_two_tries_is_not_swallowed() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply.failure(429, headers={"Retry-After": "15"}))
        asking = asyncio.create_task(client.ask(ask()))
        async with asyncio.timeout(10):
            await host.until_asked()
            await asyncio.sleep(0.1)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking


async def test_an_empty_answer_after_a_failure_is_still_asked_once_more() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply.failure(502), "", Reply.failure(502), "")
        with pytest.raises(EmptyAnswer):
            await client.ask(ask())
        assert len(host.requests) == 4
