"""Pictures from an image endpoint, over HTTP."""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import json
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.errors import PictureError
from bot.images.endpoint import ImageEndpoint
from tests.images.image_host import Detour, ImageHost, base64_of, encoded, picture_answer, png

KEY = "a key that is nobody's business"
CONTRACT = Path(__file__).parents[2] / ".." / "shared" / "contract" / "contract.py"


@pytest.fixture
async def host() -> AsyncIterator[ImageHost]:
    async with ImageHost().running() as running:
        running.answers = [picture_answer()]
        yield running


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def endpoint(host: ImageHost, http: httpx.AsyncClient, **options: Any) -> ImageEndpoint:
    options = {"key": SecretStr(KEY), "model": "acme/paints-1", "seconds_between_attempts": 0.001} | options
    return ImageEndpoint(http, host.base_url, **options)


async def test_a_description_becomes_a_picture_with_what_it_cost(host: ImageHost, http: httpx.AsyncClient) -> None:
    picture = await endpoint(host, http).make("a harbour at night")
    assert (picture.data, picture.media_type, picture.width, picture.height) == (png(), "image/png", 40, 30)
    assert picture.cost_usd == 0.04
    assert host.paths == ["/api/v1/images"]
    assert host.asked == [{"model": "acme/paints-1", "prompt": "a harbour at night", "n": 1}]
    assert host.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(("named", "cost"), [(None, 0.07), (0.0, 0.0), (0.04, 0.04)])
async def test_a_picture_costs_the_operators_price_where_the_host_names_none(
    host: ImageHost, http: httpx.AsyncClient, named: float | None, cost: float
) -> None:
    host.answers = [picture_answer(cost=named)]
    assert (await endpoint(host, http, price_usd=0.07).make("a harbour")).cost_usd == cost
    host.answers = [picture_answer(b"no picture at all", named)]
    with pytest.raises(PictureError) as failed:
        await endpoint(host, http, price_usd=0.07).make("a harbour")
    assert failed.value.cost_usd == cost


async def test_hosts_that_speak_like_openai_are_asked_in_their_place(host: ImageHost, http: httpx.AsyncClient) -> None:
    host.answers = [{"created": 1, "data": [{"b64_json": base64_of(png())}]}]
    picture = await endpoint(host, http, path="/images/generations", key=None).make("a harbour")
    assert host.paths == ["/api/v1/images/generations"]
    assert "Authorization" not in host.headers[0]
    assert "response_format" not in host.asked[0]
    assert picture.cost_usd is None


async def test_requests_and_answers_keep_to_the_published_contract(host: ImageHost, http: httpx.AsyncClient) -> None:
    if not CONTRACT.exists():
        pytest.skip("the published contract is not beside this checkout")
    spec = importlib.util.spec_from_file_location("published_contract", CONTRACT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    await endpoint(host, http).make("a harbour")
    contract = module.Contract.openrouter()
    assert contract.request("POST", "/images", json=host.asked[0]) == []
    assert contract.response("POST", "/images", 200, json=picture_answer()) == []


async def test_a_data_url_is_read_like_bare_base64(host: ImageHost, http: httpx.AsyncClient) -> None:
    for field in ("b64_json", "url"):
        host.answers = [{"data": [{field: "data:image/png;base64," + base64_of(png())}]}]
        assert (await endpoint(host, http).make("a harbour")).data == png()


async def test_an_address_in_the_answer_is_fetched(host: ImageHost) -> None:
    async def resolve(name: str, port: int) -> Sequence[str]:
        return ["93.184.215.14"]

    def answers(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.json_response({"data": [{"url": "https://pictures.example/made.png"}]})
        return web.Response(body=png())

    host.answers = [answers]
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        picture = await endpoint(host, http, resolve=resolve).make("a harbour")
    assert picture.data == png()
    assert host.paths == ["/api/v1/images", "/made.png"]
    assert "Authorization" not in host.headers[1]


async def test_an_address_inside_is_not_fetched(host: ImageHost, http: httpx.AsyncClient) -> None:
    for address in (f"http://127.0.0.1:{host.port}/generated.png", f"https://127.0.0.1:{host.port}/generated.png"):
        host.answers = [{"data": [{"url": address}]}]
        with pytest.raises(PictureError, match="not fetched"):
            await endpoint(host, http).make("a harbour")
    assert set(host.paths) == {"/api/v1/images"}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
async def test_a_host_in_trouble_is_asked_again(host: ImageHost, http: httpx.AsyncClient, status: int) -> None:
    host.answers = [(status, {"error": {"message": "busy"}}, {"Retry-After": "0"}), picture_answer()]
    await endpoint(host, http).make("a harbour")
    assert len(host.asked) == 2


async def test_it_is_asked_three_times_at_most(host: ImageHost, http: httpx.AsyncClient) -> None:
    host.answers = [(503, {}, {})]
    with pytest.raises(PictureError, match="overloaded"):
        await endpoint(host, http).make("a harbour")
    assert len(host.asked) == 3


async def test_an_error_inside_a_success_is_an_error(host: ImageHost, http: httpx.AsyncClient) -> None:
    host.answers = [{"error": {"code": 502, "message": "provider broke"}}, picture_answer()]
    await endpoint(host, http).make("a harbour")
    assert len(host.asked) == 2


async def test_a_long_wait_is_not_waited_for(host: ImageHost, http: httpx.AsyncClient) -> None:
    host.answers = [(429, {}, {"Retry-After": "3600"}), picture_answer()]
    with pytest.raises(PictureError, match="more requests"):
        await endpoint(host, http).make("a harbour")
    assert len(host.asked) == 1


async def test_a_wait_until_a_day_that_never_comes_is_none(host: ImageHost, http: httpx.AsyncClient) -> None:
    never = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    host.answers = [(429, {}, {"Retry-After": never}), picture_answer()]
    assert (await endpoint(host, http).make("a harbour")).data == png()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "request"),
        (401, "key"),
        (402, "credit"),
        (403, "account"),
        (404, "paints-1"),
        (413, "too long"),
        (504, "down"),
    ],
)
async def test_what_stays_refused_is_said_at_once(
    host: ImageHost, http: httpx.AsyncClient, status: int, words: str
) -> None:
    host.answers = [(status, {"error": {"code": status, "message": f"never show {KEY}"}}, {})]
    with pytest.raises(PictureError, match=words) as refused:
        await endpoint(host, http).make("a harbour")
    assert len(host.asked) == 1
    assert KEY not in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "error",
    [
        {"code": 403, "message": "Input flagged", "metadata": {"reasons": ["violence"]}},
        {"code": "moderation_blocked", "message": "Your request was rejected by the safety system."},
        {"code": "content_policy_violation", "message": "no"},
    ],
)
async def test_a_refusal_of_the_content_is_told_apart(
    host: ImageHost, http: httpx.AsyncClient, error: dict[str, Any]
) -> None:
    host.answers = [(403 if error["code"] == 403 else 400, {"error": error}, {})]
    with pytest.raises(PictureError, match="content rules"):
        await endpoint(host, http).make("a harbour")


async def test_a_connection_cut_after_sending_is_not_paid_for_twice(host: ImageHost, http: httpx.AsyncClient) -> None:
    def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    host.answers = [cut]
    with pytest.raises(PictureError, match="broke"):
        await endpoint(host, http).make("a harbour")
    assert len(host.asked) == 1


async def test_a_host_that_is_not_there_is_tried_again_and_then_named(http: httpx.AsyncClient) -> None:
    maker = ImageEndpoint(http, "http://127.0.0.1:9", None, "any", seconds_between_attempts=0.001)
    with pytest.raises(PictureError, match="cannot be reached"):
        await maker.make("a harbour")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": []},
        {"data": None},
        {"data": ["?"]},
        {"data": [{}]},
        {"data": [{"b64_json": ""}]},
        {"data": [{"b64_json": "@@@@"}]},
        {"data": [{"b64_json": base64_of(b"<svg/>")}]},
        {"data": [{"b64_json": base64_of(png()[:50])}]},
    ],
)
async def test_an_answer_without_a_sound_picture_is_a_picture_error(
    host: ImageHost, http: httpx.AsyncClient, answer: dict[str, Any]
) -> None:
    host.answers = [answer]
    with pytest.raises(PictureError):
        await endpoint(host, http).make("a harbour")


async def test_an_answer_that_is_no_json_is_a_picture_error(host: ImageHost, http: httpx.AsyncClient) -> None:
    host.answers = [lambda request: web.Response(text="<html>welcome</html>")]
    with pytest.raises(PictureError, match="without a picture"):
        await endpoint(host, http).make("a harbour")


async def test_what_a_host_packs_is_not_unpacked_however_little_it_seems(
    host: ImageHost, http: httpx.AsyncClient
) -> None:
    packed = gzip.compress(b" " * 30_000_000 + json.dumps(picture_answer()).encode(), 1)
    host.answers = [lambda request: web.Response(body=packed, headers={"Content-Encoding": "gzip"})]
    with pytest.raises(PictureError, match="without a picture"):
        await endpoint(host, http).make("a harbour")
    assert host.headers[0]["Accept-Encoding"] == "identity"


async def test_a_picture_too_large_for_discord_is_made_smaller(host: ImageHost, http: httpx.AsyncClient) -> None:
    from PIL import Image

    host.answers = [picture_answer(encoded(Image.new("RGB", (5000, 5000), "navy"), "PNG"))]
    picture = await endpoint(host, http).make("a harbour")
    assert picture.width == 4096


@pytest.mark.parametrize(
    ("description", "prompt"),
    [
        ('a cat <sd_cpp_extra_args>{"steps": 9000}</sd_cpp_extra_args> asleep', "a cat  asleep"),
        ('a cat <SD_CPP_EXTRA_ARGS >{"steps": 9000}', "a cat"),
        ('a cat < sd_cpp_extra_args>{"steps": 9000}< / sd_cpp_extra_args>', "a cat"),
        ("a cat <sd_cpp_<sd_cpp_extra_args>x</sd_cpp_extra_args>extra_args>{}</sd_cpp_extra_args>", "a cat {}"),
        ("a cat sd_cpp_extra_args", "a cat"),
    ],
)
async def test_settings_hidden_in_a_description_do_not_reach_the_host(
    host: ImageHost, http: httpx.AsyncClient, description: str, prompt: str
) -> None:
    await endpoint(host, http).make(description)
    assert host.asked[0]["prompt"] == prompt


async def test_a_long_description_is_cut_and_an_empty_one_refused(host: ImageHost, http: httpx.AsyncClient) -> None:
    await endpoint(host, http).make("cat " * 5000)
    assert len(host.asked[0]["prompt"]) <= 4000
    with pytest.raises(PictureError, match="nothing to paint"):
        await endpoint(host, http).make(" \n ")
    assert len(host.asked) == 1


async def test_being_cancelled_ends_the_request_at_once(host: ImageHost, http: httpx.AsyncClient) -> None:
    begun = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        begun.set()
        await asyncio.sleep(30)
        return web.Response()

    host.answers = [slow]
    task = asyncio.create_task(endpoint(host, http).make("a harbour"))
    await asyncio.wait_for(begun.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_key_is_in_no_repr(host: ImageHost, http: httpx.AsyncClient) -> None:
    maker = endpoint(host, http)
    assert KEY not in repr(maker) + repr(vars(maker))
