"""Every way in which a host can fail, in every form in which it says so: which error, how many tries, what words.

The statuses are those of OpenRouter's documentation and of the servers before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import AccessRefused, EmptyAnswer, ModelError, ModelRefused, ModelRetired, ModelUnavailable
from bot.models.catalogue import Model
from tests.models.conversation import KEY, KIMI, QUICK, ask, client_of, failed, room
from tests.openrouter import Reply, ScriptedOpenRouter

SAID = "upstream said no [internal-7]"
TRIES = 4

EXPECTED: dict[int, tuple[type[ModelError], int, str]] = {
    400: (ModelRefused, 1, "OpenRouter declined the request to Kimi K2."),
    401: (AccessRefused, 1, "its operator has to check OPENROUTER_API_KEY."),
    402: (AccessRefused, 1, "its operator has to add credit there, or raise the limit."),
    403: (ModelRefused, 1, "OpenRouter does not allow this request to Kimi K2"),
    404: (
        ModelRetired,
        1,
        "does not know the model moonshotai/kimi-k2, which the catalogue lists as Kimi K2. Choose another",
    ),
    408: (ModelUnavailable, TRIES, "Kimi K2 took longer to answer than OpenRouter waits for it."),
    413: (ModelRefused, 1, "more than OpenRouter accepts for Kimi K2: open a new room."),
    422: (ModelRefused, 1, "OpenRouter declined the request to Kimi K2."),
    429: (
        ModelUnavailable,
        TRIES,
        "OpenRouter limits how often Kimi K2 may be asked, and that limit has been reached.",
    ),
    500: (ModelUnavailable, TRIES, "Kimi K2 is not available at OpenRouter right now: something is broken there."),
    501: (ModelUnavailable, 1, "Kimi K2 is not available at OpenRouter right now"),
    502: (ModelUnavailable, TRIES, "Kimi K2 is not available at OpenRouter right now"),
    503: (ModelUnavailable, TRIES, "Kimi K2 is overloaded at OpenRouter right now, or not running there."),
    504: (ModelUnavailable, TRIES, "Kimi K2 took longer to answer than OpenRouter waits for it."),
    520: (ModelUnavailable, TRIES, "Kimi K2 is not available at OpenRouter right now"),
    524: (ModelUnavailable, TRIES, "Kimi K2 took longer to answer than OpenRouter waits for it."),
    529: (ModelUnavailable, TRIES, "Kimi K2 is overloaded at OpenRouter right now"),
}

Shape = Callable[[int], Reply]
SHAPES: dict[str, Shape] = {
    "its own error": lambda status: Reply(
        status=status,
        raw=json.dumps({"error": {"code": status, "message": SAID}}).encode(),
        media_type="application/json",
    ),
    "a page": lambda status: Reply(status=status, raw=b"<html><h1>Error</h1></html>", media_type="text/html"),
    "nothing": lambda status: Reply(status=status, raw=b"", media_type="application/json"),
    "null": lambda status: Reply(status=status, raw=b'{"error":null}', media_type="application/json"),
    "half a body": lambda status: Reply(status=status, raw=b'{"error":{"mess', media_type="application/json"),
    "in the middle of a stream": lambda status: Reply(text="half a sent", error=SAID, error_code=status),
    "at the end of a stream": lambda status: Reply(raw=event({"error": {"code": status, "message": SAID}})),
    "in one piece": lambda status: Reply(text="half a sent", error=SAID, error_code=status, streamed=False),
    "as text": lambda status: Reply(raw=event({"error": {"code": str(status), "message": SAID}})),
}
WITHOUT_A_REASON = ("a page", "nothing", "null", "half a body")


def event(body: object) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


def is_for_lurkers(sentence: str) -> bool:
    """Whether a sentence holds no status, no address, no JSON, and ends."""
    own_words = re.sub(r" It says: “.*”$", "", sentence)
    for setting in ("OPENROUTER_API_KEY", "OPENROUTER_BASE_URL", "HISTORY_TOKENS"):
        own_words = own_words.replace(setting, "a setting")
    jargon = re.search(r"HTTP|\b[45]\d\d\b|://|[{}<>\[\]_]|JSON|\bnull\b|[Ee]rror", own_words)
    return jargon is None and own_words.endswith(".") and len(sentence) < 400


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", EXPECTED)
async def test_a_status_is_understood_in_every_form(status: int, shape: str) -> None:
    kind, tries, told = EXPECTED[status]
    if status == 404 and shape in WITHOUT_A_REASON:
        kind, told = ModelRefused, "its operator has to check OPENROUTER_BASE_URL."
    error = await failed(SHAPES[shape](status), KIMI, tries)
    assert type(error) is kind
    assert told in str(error)
    assert is_for_lurkers(str(error)), str(error)
    assert error.host == ("OpenRouter" if kind is ModelUnavailable else "")
    assert ("half a sent" in str(error)) is False


@pytest.mark.parametrize("status", [status for status, (_, tries, _) in EXPECTED.items() if tries > 1])
@pytest.mark.parametrize("shape", SHAPES)
async def test_what_passes_by_itself_shows_nothing_when_it_has_passed(status: int, shape: str) -> None:
    async with room() as (host, client):
        host.answer("AI-3", SHAPES[shape](status), "whole again")
        answer = await client.ask(ask())
    assert (answer.text, answer.host) == ("whole again", "OpenRouter")


FAULTS: dict[str, tuple[Reply, type[ModelError], int, str]] = {
    "empty": (Reply(text=""), EmptyAnswer, 2, "Kimi K2 gave an empty answer, twice."),
    "null": (Reply(pieces=[None]), EmptyAnswer, 2, "Kimi K2 gave an empty answer, twice."),
    "null in one piece": (Reply(pieces=[None], streamed=False), EmptyAnswer, 2, "gave an empty answer, twice."),
    "no choice": (Reply(raw=event({"choices": []}) + b"data: [DONE]\n\n"), EmptyAnswer, 2, "gave an empty answer"),
    "reasoning alone": (Reply(reasoning="I should say…"), EmptyAnswer, 2, "Kimi K2 gave an empty answer, twice."),
    "reasoning to the limit": (Reply(reasoning="and", finish_reason="length"), EmptyAnswer, 2, "before it had said a"),
    "blanks": (Reply(text=" \n\u200b\n "), EmptyAnswer, 2, "Kimi K2 gave an empty answer, twice."),
    "a refusal": (Reply(refusal="I cannot do that."), ModelRefused, 1, "declined to answer. It says: “I cannot do"),
    "a filter": (Reply(finish_reason="content_filter"), ModelRefused, 1, "Kimi K2 declined to answer."),
    "cut": (Reply(text="half a", cut=True), ModelUnavailable, 4, "The connection to OpenRouter broke while Kimi K2"),
    "an end without end": (
        Reply(raw=event({"choices": []})),
        ModelUnavailable,
        4,
        "The connection to OpenRouter broke",
    ),
    "no JSON": (
        Reply(raw=b"data: <html>\n\n"),
        ModelUnavailable,
        4,
        "sent something that is not an answer from Kimi K2.",
    ),
    "a list": (Reply(raw=b"data: [1]\n\n"), ModelUnavailable, 4, "sent something that is not an answer from Kimi K2."),
    "a page": (Reply(raw=b"<html>busy</html>", media_type="text/html"), ModelUnavailable, 4, "The connection to OpenR"),
    "an endless event": (
        Reply(raw=b"data: " + b"x" * 5_000_000),
        ModelUnavailable,
        4,
        "is not an answer from Kimi K2.",
    ),
    "a deep body": (
        Reply(raw=b"[" * 100_000, media_type="application/json"),
        ModelUnavailable,
        4,
        "sent something that is not an answer from Kimi K2.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_answer_that_is_none_is_told_in_plain_words(fault: str) -> None:
    reply, kind, tries, told = FAULTS[fault]
    error = await failed(reply, KIMI, tries)
    assert type(error) is kind
    assert told in str(error)
    assert is_for_lurkers(str(error)), str(error)


async def test_a_stream_that_stalls_is_told_in_plain_words() -> None:
    patience = replace(QUICK, seconds_of_silence=0.1)
    async with ScriptedOpenRouter() as host, client_of(host, patience) as client:
        host.script = lambda _: Reply(text="so far", stalls=True)
        with pytest.raises(ModelUnavailable) as error:
            await client.ask(ask(KIMI))
        assert len(host.requests) == TRIES
    assert (str(error.value), error.value.host) == (
        "OpenRouter fell silent while Kimi K2 was answering.",
        "OpenRouter",
    )


async def test_an_answer_that_takes_too_long_is_told_in_plain_words() -> None:
    async with ScriptedOpenRouter() as host, client_of(host, replace(QUICK, seconds_in_all=0.3)) as client:
        host.script = lambda _: Reply(text="so far", stalls=True)
        with pytest.raises(ModelUnavailable) as error:
            await client.ask(ask(KIMI))
    assert (str(error.value), error.value.host) == ("Kimi K2 had not answered after 0.3 seconds.", "OpenRouter")


async def test_a_host_at_home_is_called_by_its_name_and_its_address_is_told_to_nobody() -> None:
    home = Model("Home", (), "m", endpoint="home")
    for status, kind in ((404, ModelRefused), (503, ModelUnavailable)):
        async with ScriptedOpenRouter() as host, client_of(host, endpoint="home") as client:
            host.script = lambda _, status=status: Reply(status=status, raw=b"", media_type="text/plain")
            with pytest.raises(kind) as error:
                await client.ask(ask(home))
            assert "127.0.0.1" not in str(error.value)
            assert error.value.host == ('the endpoint "home"' if kind is ModelUnavailable else "")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
async def test_a_line_that_holds_another_kind_of_line_end_stays_one_event(separator: str) -> None:
    body = json.dumps(
        {"choices": [{"delta": {"content": f"a{separator}b"}, "finish_reason": "stop"}]}, ensure_ascii=False
    )
    async with room() as (host, client):
        host.answer("AI-3", Reply(raw=f"data: {body}\n\n".encode()))
        assert (await client.ask(ask())).text == f"a{separator}b"


async def test_what_failed_tries_cost_is_part_of_what_the_answer_cost() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.5}
    broken = event({"choices": [], "usage": usage, "error": {"code": 502, "message": "lost"}})
    async with room() as (host, client):
        host.answer("AI-3", Reply(raw=broken), Reply(text="", cost=0.25), Reply(text="words", cost=0.125))
        assert (await client.ask(ask())).cost_usd == 0.875


@pytest.mark.parametrize(
    ("replies", "cost"),
    [
        ([Reply(text="", cost=0.5), Reply(text="", cost=0.25)], 0.75),
        ([Reply(text="", cost=0.5), Reply.failure(402)], 0.5),
        ([Reply(refusal="No.", cost=0.5)], 0.5),
        ([Reply(text="", cost=None)] * 2, None),
        ([Reply.failure(403)], None),
    ],
    ids=["empty twice", "empty, then an error", "a refusal", "empty without a price", "an error"],
)
async def test_an_error_says_what_it_cost(replies: list[Reply], cost: float | None) -> None:
    async with room() as (host, client):
        host.answer("AI-3", *replies)
        with pytest.raises(ModelError) as error:
            await client.ask(ask())
    assert error.value.cost_usd == cost


async def test_a_deadline_says_what_the_tries_before_it_cost() -> None:
    async with ScriptedOpenRouter() as host, client_of(host, replace(QUICK, seconds_in_all=1)) as client:
        host.answer("AI-3", Reply(text="", cost=0.5), Reply(text="so far", stalls=True))
        with pytest.raises(ModelUnavailable) as error:
            await client.ask(ask())
    assert error.value.cost_usd == 0.5


async def test_an_answer_that_says_the_key_again_says_it_to_nobody() -> None:
    async with room() as (host, client):
        host.answer("AI-3", f"I was sent Bearer {KEY}, was I not?")
        assert (await client.ask(ask())).text == "I was sent Bearer [key], was I not?"


async def test_a_host_that_calls_its_model_by_the_key_says_it_to_nobody() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(text="words", model=f"me-and-{KEY}"))
        assert (await client.ask(ask())).served_by == "me-and-[key]"


@pytest.mark.parametrize("key", ["x", "none"])
async def test_a_key_that_is_none_takes_no_word_out_of_an_answer(key: str) -> None:
    async with ScriptedOpenRouter() as host, client_of(host, key=key) as client:
        host.answer("AI-3", "Six foxes, and none of them relax.")
        assert (await client.ask(ask())).text == "Six foxes, and none of them relax."
