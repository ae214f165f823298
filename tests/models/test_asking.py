"""What is sent to a host, and how its answer is read, over real HTTP."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace

import pytest

from bot.errors import EmptyAnswer, ModelRefused
from bot.models.answering import Ask
from bot.models.catalogue import Model, Temperature
from bot.room.messages import Message, Sight
from tests.models.conversation import CATALOGUE, KEY, OPUS, ask, client_of, room
from tests.openrouter import Reply, ScriptedOpenRouter, published_contract

PNG = b"\x89PNG\r\n\x1a\n a small picture"
JPEG = b"\xff\xd8\xff\xe0 another"


async def test_an_answer_comes_back_with_its_tokens_and_its_cost() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(text="I am here.\n\nWho else?", model="anthropic/claude-3-opus-x", cost=0.25))
        answer = await client.ask(ask())
    assert answer.text == "I am here.\n\nWho else?"
    assert answer.served_by == "anthropic/claude-3-opus-x"
    assert (answer.prompt_tokens, answer.completion_tokens, answer.cost_usd) == (100, 20, 0.25)
    assert not answer.cut_off


async def test_a_request_to_openrouter_says_all_that_openrouter_understands() -> None:
    async with room() as (host, client):
        await client.ask(ask(temperature=0.7))
        [request] = host.requests
    assert request.json == {
        "model": "anthropic/claude-3-opus",
        "messages": [
            {"role": "system", "content": "You are AI-3 (Claude 3 Opus). Others are here."},
            {"role": "user", "content": "[AI-1 (Kimi K2)]: Who is there?"},
        ],
        "max_tokens": 3000,
        "stream": True,
        "temperature": 0.7,
        "session_id": "room-1-AI-3",
        "user": "0f" * 16,
        "provider": {"data_collection": "deny"},
    }
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["X-Title"] == "Backroom"
    assert request.seat == "AI-3"


async def test_the_contract_is_at_hand_and_notices_what_is_wrong() -> None:
    if published_contract() is None:
        pytest.skip("the published contract is not beside this checkout")
    async with ScriptedOpenRouter() as host, client_of(host) as client:
        await client.ask(replace(ask(), user=7))  # pyright: ignore[reportArgumentType]
        assert any("user" in problem for problem in host.problems())


async def test_any_other_endpoint_is_sent_what_every_server_understands() -> None:
    home = Model("Home Llama", (), "llama3.3:70b", endpoint="home")
    async with (
        ScriptedOpenRouter(needs_key=False) as host,
        client_of(host, key=None, endpoint="home") as client,
    ):
        await client.ask(ask(home, temperature=1.1))
        [request] = host.requests
    assert set(request.json) == {"model", "messages", "max_tokens", "stream", "temperature", "stream_options"}
    assert request.json["stream_options"] == {"include_usage": True}
    assert "Authorization" not in request.headers
    assert "X-Title" not in request.headers


@pytest.mark.parametrize(
    ("temperature", "wanted", "sent"),
    [
        (Temperature(high=1), 1.8, 1.0),
        (Temperature(), None, None),
        (Temperature("fixed", default=1), 0.5, None),
        (Temperature("ignored"), 0.5, None),
    ],
)
async def test_a_temperature_goes_out_as_the_model_supports_it(
    temperature: Temperature, wanted: float | None, sent: float | None
) -> None:
    async with room() as (host, client):
        await client.ask(ask(replace(OPUS, temperature=temperature), temperature=wanted))
        assert host.requests[0].json.get("temperature") == sent


@pytest.mark.parametrize(
    ("name", "reasoning"),
    [
        ("Claude 3 Opus", None),
        ("DeepSeek R1", {"exclude": True}),
        ("Gemini 3 Flash", {"effort": "minimal", "exclude": True}),
        ("DeepSeek V4 Pro", {"enabled": False, "exclude": True}),
        ("GPT-5.5", {"effort": "none", "exclude": True}),
    ],
)
async def test_as_little_reasoning_as_can_be_is_asked_for(name: str, reasoning: object) -> None:
    async with room() as (host, client):
        await client.ask(ask(CATALOGUE.resolve(name)))
        assert host.requests[0].json.get("reasoning") == reasoning


async def test_every_model_of_the_catalogue_can_be_asked() -> None:
    async with room() as (host, client):
        for model in CATALOGUE.models:
            await client.ask(ask(model, temperature=1.2))
        assert [request.json["model"] for request in host.requests] == [m.id for m in CATALOGUE.models]


def looking(*parts: str | Sight) -> tuple[Message, ...]:
    return (Message("system", ("You are AI-3.",)), Message("user", parts))


async def content_sent(model: Model, *parts: str | Sight) -> object:
    async with room() as (host, client):
        await client.ask(ask(model, looking(*parts), pictures={1: PNG, 2: JPEG}))
        return host.requests[0].messages[1]["content"]


def picture_part(media_type: str, data: bytes) -> dict[str, object]:
    url = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}


async def test_a_model_that_sees_is_shown_pictures_where_they_came_between_the_words() -> None:
    assert await content_sent(OPUS, "first ", "words", Sight(1, "a door"), "then", Sight(2, "a key")) == [
        {"type": "text", "text": "first words"},
        picture_part("image/png", PNG),
        {"type": "text", "text": "then"},
        picture_part("image/jpeg", JPEG),
    ]


async def test_words_come_before_a_picture_that_stands_first() -> None:
    assert await content_sent(OPUS, Sight(1, "a door"), "words") == [
        {"type": "text", "text": "[picture: a door]"},
        picture_part("image/png", PNG),
        {"type": "text", "text": "words"},
    ]


async def test_a_model_that_does_not_see_is_told_what_a_picture_shows() -> None:
    blind = CATALOGUE.resolve("DeepSeek R1")
    assert await content_sent(blind, "look: ", Sight(1, "a door")) == "look: [picture: a door]"


async def test_a_picture_whose_bytes_are_missing_is_told_in_words() -> None:
    assert await content_sent(OPUS, "look: ", Sight(9, "a door")) == "look: [picture: a door]"


async def test_half_a_character_in_the_history_does_not_stop_a_request() -> None:
    assert await content_sent(OPUS, "broken \ud83d here, whole 😀 there\u2028") == "broken ? here, whole 😀 there\u2028"


async def test_a_model_that_says_nothing_is_asked_once_more_and_both_are_paid_for() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(text="  \n", cost=0.5), Reply(text="now", cost=0.25))
        answer = await client.ask(ask())
        assert len(host.requests) == 2
    assert (answer.text, answer.cost_usd) == ("now", 0.75)


async def test_a_model_that_says_nothing_twice_has_given_no_answer() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(pieces=[None]), Reply(reasoning="thinking, and no word"), "too late")
        with pytest.raises(EmptyAnswer, match="Claude 3 Opus gave an empty answer, twice"):
            await client.ask(ask())


async def test_a_model_that_only_reasoned_is_given_more_room_the_second_time() -> None:
    thinker = CATALOGUE.resolve("DeepSeek R1 0528")
    async with room() as (host, client):
        host.script = lambda _: Reply(reasoning="and on", finish_reason="length")
        with pytest.raises(EmptyAnswer, match="used up the space for an answer"):
            await client.ask(ask(thinker))
        assert [request.json["max_tokens"] for request in host.requests] == [9_000, 18_000]


@pytest.mark.parametrize(
    "reply",
    [Reply(finish_reason="content_filter"), Reply(refusal="I would rather not.")],
)
async def test_a_model_that_declines_is_not_asked_again(reply: Reply) -> None:
    async with room() as (host, client):
        host.answer("AI-3", reply, "too late")
        with pytest.raises(ModelRefused, match="Claude 3 Opus declined to answer"):
            await client.ask(ask())
        assert len(host.requests) == 1


async def test_cancelling_closes_the_stream_at_once() -> None:
    async with room() as (host, client):
        host.answer("AI-3", Reply(text="I was about to", stalls=True))
        asking = asyncio.create_task(client.ask(ask()))
        async with asyncio.timeout(10):
            request = await host.until_asked()
            await asyncio.sleep(0.05)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await request.abandoned.wait()


async def test_many_seats_are_answered_at_the_same_time() -> None:
    async with room() as (host, client):
        host.script = lambda request: Reply(text=request["session_id"], seconds_before=0.5)
        asks: list[Ask] = [replace(ask(), session=f"seat-{number}") for number in range(40)]
        async with asyncio.timeout(15):
            answers = await asyncio.gather(*map(client.ask, asks))
    assert [answer.text for answer in answers] == [one.session for one in asks]
