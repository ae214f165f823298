"""Faults of the models' hosts: the scripted OpenRouter's, seen on the wire and by the client; the offline cast's."""

from __future__ import annotations

import json
from collections.abc import Sequence

import aiohttp
import httpx
import pytest

from bot.errors import AccessRefused, EmptyAnswer, ModelError, ModelUnavailable
from bot.models.client import Patience
from bot.models.offline import OfflineCast
from bot.rehearsal.faults.host import HostWeather, UnsteadyHost
from tests.models.conversation import KEY, ask, client_of, room
from tests.openrouter import Reply, ScriptedOpenRouter
from tests.openrouter_faults import (
    CUT_BEFORE,
    CUT_IN_MID_STREAM,
    EMPTY,
    ERROR_IN_MID_STREAM,
    IMAGES,
    LINE_SEPARATORS,
    LONE_SURROGATES,
    NULL,
    REASONING_ONLY,
    REFUSAL,
    STALL,
    STATUSES,
    TOO_SHORT_FOR_WORDS,
    WEB_PAGE,
    HostFault,
    failing,
    megabytes,
)

PASSING = (408, 429, 500, 502, 503, 524, 529)
BREAKS = (
    CUT_BEFORE,
    CUT_IN_MID_STREAM,
    ERROR_IN_MID_STREAM,
    WEB_PAGE,
    EMPTY,
    NULL,
    REASONING_ONLY,
    TOO_SHORT_FOR_WORDS,
)


async def events(host: ScriptedOpenRouter) -> list[dict]:
    """Ask for words as a stream, with plain HTTP, and return what came."""
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hello?"}]}
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{host.base_url}/chat/completions", json=body, headers=headers) as response,
    ):
        lines = (await response.read()).split(b"\n")
    return [json.loads(line[6:]) for line in lines if line.startswith(b"data: {")]


def words_in(chunks: Sequence[dict]) -> str:
    return "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk["choices"])


@pytest.mark.parametrize("fault", [*map(failing, PASSING), *BREAKS], ids=lambda fault: str(fault.status or "200"))
async def test_what_passes_is_asked_again_and_the_answer_that_was_meant_is_kept(fault: Reply) -> None:
    async with room() as (host, client):
        host.answer("AI-3", "the answer")
        host.faults.add(HostFault(fault, times=1))
        assert (await client.ask(ask())).text == "the answer"
        assert len(host.faults.struck) == 1
        assert len(host.chats) == 2


@pytest.mark.parametrize("status", [status for status in STATUSES if status not in PASSING])
async def test_what_does_not_pass_is_an_error_at_once(status: int) -> None:
    async with room() as (host, client):
        host.faults.add(HostFault(failing(status)))
        with pytest.raises(ModelError) as error:
            await client.ask(ask())
        assert not isinstance(error.value, ModelUnavailable)
        assert isinstance(error.value, AccessRefused) == (status in (401, 402))
        assert len(host.chats) == 1


async def test_a_host_may_never_say_a_word() -> None:
    async with room() as (host, client):
        host.faults.add(HostFault(EMPTY))
        with pytest.raises(EmptyAnswer):
            await client.ask(ask())


async def test_a_host_may_refuse() -> None:
    async with room() as (host, client):
        host.faults.add(HostFault(REFUSAL))
        with pytest.raises(ModelError):
            await client.ask(ask())
        assert len(host.chats) == 1


async def test_a_stall_lasts_until_the_client_leaves() -> None:
    impatient = Patience(seconds_in_all=0.3, seconds_of_silence=10, tries=1)
    async with ScriptedOpenRouter() as host, client_of(host, impatient) as client:
        host.faults.add(HostFault(STALL))
        with pytest.raises(ModelUnavailable):
            await client.ask(ask())
        await host.requests[0].abandoned.wait()


async def test_faults_have_a_seat_a_path_a_skip_and_a_count() -> None:
    async with room() as (host, client):
        host.faults.add(HostFault(failing(401), seat="AI-1"), HostFault(failing(402), path=IMAGES))
        host.faults.add(HostFault(failing(403), skip=1, times=1))
        await client.ask(ask())
        with pytest.raises(ModelError):
            await client.ask(ask())
        await client.ask(ask())
        assert [fault.happens.status for fault in host.faults.struck] == [403]


async def test_a_picture_may_fail_too() -> None:
    async with ScriptedOpenRouter(needs_key=False) as host, httpx.AsyncClient() as http:
        host.faults.add(HostFault(failing(402), path=IMAGES, times=1), HostFault(CUT_BEFORE, path=IMAGES, times=1))
        body = {"model": "m", "prompt": "a dawn"}
        assert (await http.post(f"{host.base_url}/images", json=body)).status_code == 402
        with pytest.raises(httpx.TransportError):
            await http.post(f"{host.base_url}/images", json=body)
        assert (await http.post(f"{host.base_url}/images", json=body)).status_code == 200


async def test_separators_of_lines_stand_raw_in_the_stream() -> None:
    async with ScriptedOpenRouter() as host:
        host.faults.add(HostFault(LINE_SEPARATORS))
        assert words_in(await events(host)) == "one\u2028two\u2029three\x85four"
    async with room() as (host, client):
        host.faults.add(HostFault(LINE_SEPARATORS))
        assert (await client.ask(ask())).text.startswith("one")


async def test_half_a_surrogate_pair_reaches_the_client() -> None:
    async with ScriptedOpenRouter() as host:
        host.faults.add(HostFault(LONE_SURROGATES))
        assert words_in(await events(host)) == "half a face \ud83d and half a heart \udc9c"


async def test_an_answer_may_be_a_megabyte_long() -> None:
    async with ScriptedOpenRouter() as host:
        host.faults.add(HostFault(megabytes(1)))
        assert len(words_in(await events(host))) > 1_000_000


async def test_an_unsteady_host_fails_at_the_same_requests_under_the_same_seed() -> None:
    weather = HostWeather(chance_of_failure=0.2, chance_of_outage=0.1, chance_of_slowness=0.2, seconds_when_slow=0)

    async def fates(seed: int) -> tuple[str, list[str]]:
        noted: list[str] = []
        host = UnsteadyHost(OfflineCast(), weather, seed, lambda kind, where, sentence: noted.append(kind))
        answered = ""
        for _ in range(40):
            try:
                await host.ask(ask())
                answered += "+"
            except ModelUnavailable:
                answered += "-"
        return answered, noted

    first, again, other = await fates(1), await fates(1), await fates(2)
    assert first == again != other
    assert "---" in first[0]
    assert {"Outage", "ModelUnavailable", "Slow"} == set(first[1] + other[1])
