"""What becomes of a request that fails, over real HTTP: what is tried again, and what people are told."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.errors import AccessRefused, ModelError, ModelRefused, ModelRetired, ModelUnavailable
from bot.models.catalogue import Model
from bot.models.client import ModelClient, open_http
from bot.models.endpoints import Endpoint
from bot.models.failures import read_failure
from bot.models.sentences import as_error
from tests.models.conversation import KEY, KIMI, OPUS, QUICK, ask, client_of, failed, room
from tests.openrouter import Reply, ScriptedOpenRouter


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 524, 529])
async def test_what_does_not_pass_is_given_up_after_four_tries(status: int) -> None:
    error = await failed(Reply.failure(status, "the reason"), tries=4)
    assert isinstance(error, ModelUnavailable)
    assert "Kimi K2" in str(error)
    assert error.host == "OpenRouter"


@pytest.mark.parametrize(
    ("reply", "kind", "told"),
    [
        (Reply.failure(400, "temperature: expected a number"), ModelRefused, "temperature: expected a number"),
        (
            Reply.failure(400, "kimi is not a valid model ID"),
            ModelRetired,
            "does not know the model moonshotai/kimi-k2",
        ),
        (
            Reply.failure(400, "Unknown", availability={"code": "model_not_found"}),
            ModelRetired,
            "does not know the model moonshotai/kimi-k2",
        ),
        (Reply.failure(400, "Too long", error_type="context_length_exceeded"), ModelRefused, "HISTORY_TOKENS"),
        (
            Reply.failure(400, "This endpoint's maximum context length is 131072 tokens"),
            ModelRefused,
            "longer than Kimi K2 can read",
        ),
        (Reply.failure(401, "User not found."), AccessRefused, "its operator has to check OPENROUTER_API_KEY"),
        (Reply.failure(402, "Insufficient credits"), AccessRefused, "add credit"),
        (Reply.failure(403, "No"), ModelRefused, "does not allow this request"),
        (
            Reply.failure(403, "Flagged", error_type="content_policy_violation"),
            ModelRefused,
            "its moderation objects",
        ),
        (
            Reply.failure(
                404, "Gone", availability={"code": "model_deprecated", "fallback_models": ["moonshotai/kimi-k3"]}
            ),
            ModelRetired,
            "no longer offers Kimi K2. Choose moonshotai/kimi-k3 instead",
        ),
        (
            Reply.failure(404, "Nothing", error_type="not_found"),
            ModelRetired,
            "does not know the model moonshotai/kimi-k2",
        ),
        (Reply.failure(404, "No endpoints found for it"), ModelRetired, "has no provider for Kimi K2"),
        (
            Reply.failure(404, "Ended", availability={"code": "free_variant_ended"}),
            ModelRetired,
            "for free. Choose another model",
        ),
        (
            Reply.failure(404, "No endpoints found matching your data policy"),
            ModelRefused,
            "promises to store nothing",
        ),
        (Reply.failure(404, "No", availability={"code": "privacy_restricted"}), ModelRefused, "store nothing"),
        (Reply.failure(404, "No", availability={"code": "constraint_filtered"}), ModelRefused, "account's settings"),
        (Reply(status=404, raw=b"<html>", media_type="text/html"), ModelRefused, "check OPENROUTER_BASE_URL"),
        (Reply.failure(413), ModelRefused, "more than OpenRouter accepts"),
        (
            Reply.failure(422, "Unprocessable"),
            ModelRefused,
            "OpenRouter declined the request to Kimi K2. It says: “Unprocessable”",
        ),
        (Reply(status=302, raw=b"", headers={"Location": "/"}), ModelRefused, "declined the request to Kimi K2"),
        (Reply(status=418, raw=b"[1]"), ModelRefused, "declined the request to Kimi K2"),
        (
            Reply.failure(503, "Never", availability={"code": "x", "retryable": False}),
            ModelUnavailable,
            "is overloaded at OpenRouter",
        ),
    ],
)
async def test_what_cannot_pass_is_said_at_once_in_a_sentence(reply: Reply, kind: type[ModelError], told: str) -> None:
    error = await failed(reply)
    assert type(error) is kind
    assert told in str(error)


@pytest.mark.parametrize("status", [400, 404])
async def test_a_retired_model_says_so_and_what_to_take_instead(status: int) -> None:
    error = await failed(Reply.failure(status, "Model not found", error_type="not_found"), OPUS)
    assert isinstance(error, ModelRetired)
    assert "Claude 3 Opus (Anthropic withdrew it on 5 January 2026)" in str(error)
    assert "Choose Claude Opus 5.5 or Claude 3 Haiku instead." in str(error)


async def test_a_missing_key_is_asked_for() -> None:
    async with ScriptedOpenRouter() as host, client_of(host, key=None) as client:
        with pytest.raises(AccessRefused, match="for a key: its operator has to set OPENROUTER_API_KEY"):
            await client.ask(ask())


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (
            404,
            {"error": {"message": "model 'm' not found", "type": "not_found_error"}},
            ModelRetired,
            "does not know the model",
        ),
        (404, {"object": "error", "message": "The model `m` does not exist."}, ModelRetired, "does not know the model"),
        (404, {"detail": "Not Found"}, ModelRefused, "check its base_url"),
        (400, {"error": {"code": 400, "message": "exceeds the available context size"}}, ModelRefused, "can read"),
        (401, {"error": {"message": "Bad key", "code": "invalid_api_key"}}, AccessRefused, "check its key_env"),
        (500, {"error": "out of memory"}, ModelUnavailable, "something is broken there"),
    ],
)
async def test_other_servers_are_understood_too(
    status: int, body: dict[str, Any], kind: type[ModelError], told: str
) -> None:
    async with ScriptedOpenRouter() as host, client_of(host, endpoint="home") as client:
        host.script = lambda _: Reply(status=status, raw=json.dumps(body).encode(), media_type="application/json")
        with pytest.raises(kind, match=told):
            await client.ask(ask(Model("Home", (), "m", endpoint="home")))


@pytest.mark.parametrize(("wait", "told"), [(86_400, "wait 86400 seconds."), (1e9, "reached."), (1e308, "reached.")])
def test_a_wait_is_told_as_far_as_it_can_be_believed(wait: float, told: str) -> None:
    body = json.dumps({"error": {"message": "slow down", "metadata": {"retry_after": wait}}})
    error = as_error(read_failure(429, body, {}), KIMI, Endpoint("http://127.0.0.1"))
    assert str(error).endswith(told)


@pytest.mark.parametrize("streamed", [True, False])
async def test_an_error_inside_a_200_is_an_error_and_its_words_are_dropped(*, streamed: bool) -> None:
    broken = Reply(text="half a sent", error="Provider disconnected", error_code=502, streamed=streamed)
    async with room() as (host, client):
        host.answer("AI-3", broken, "a whole sentence")
        assert (await client.ask(ask())).text == "a whole sentence"
    assert isinstance(await failed(broken, tries=4), ModelUnavailable)


async def test_an_error_inside_a_200_counts_as_its_code() -> None:
    error = await failed(Reply(text="half", error="Insufficient credits", error_code=402))
    assert isinstance(error, AccessRefused)


@pytest.mark.parametrize(
    ("body", "kind", "tries"),
    [
        ({"error": {"message": "quota", "code": "insufficient_quota", "type": "insufficient_quota"}}, AccessRefused, 1),
        ({"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, ModelUnavailable, 4),
        ({"error": {"message": "odd", "code": None}}, ModelUnavailable, 4),
        ({"error": {"message": "text", "code": "403"}}, ModelRefused, 1),
        ({"error": "words alone"}, ModelUnavailable, 4),
    ],
)
async def test_an_error_event_without_a_status_is_understood(
    body: dict[str, Any], kind: type[ModelError], tries: int
) -> None:
    error = await failed(Reply(raw=f"data: {json.dumps(body)}\n\n".encode()), tries=tries)
    assert type(error) is kind


async def test_a_host_that_nobody_runs_is_named_after_its_tries() -> None:
    async with ScriptedOpenRouter() as host:
        gone = host.base_url
    async with open_http() as http:
        client = ModelClient(http, {"openrouter": Endpoint(gone, SecretStr(KEY))}, QUICK)
        with pytest.raises(ModelUnavailable, match="OpenRouter cannot be reached"):
            await client.ask(ask())


async def test_an_endpoint_that_is_not_set_up_is_named() -> None:
    async with open_http() as http:
        with pytest.raises(AccessRefused, match="“home”, which is not set up"):
            await ModelClient(http, {}).ask(ask(Model("Home", (), "m", endpoint="home")))


async def test_an_address_that_cannot_be_used_is_not_tried_again() -> None:
    async with open_http() as http:
        client = ModelClient(http, {"home": Endpoint("ftp://127.0.0.1/v1")})
        with pytest.raises(ModelRefused, match="check its base_url"):
            await client.ask(ask(Model("Home", (), "m", endpoint="home")))


async def test_a_host_s_words_are_shortened_to_a_line() -> None:
    error = await failed(Reply.failure(422, "one\ntwo\x1b[31m " + "three " * 200))
    assert "one two" in str(error)
    assert "\x1b" not in str(error)
    assert len(str(error)) < 320


async def test_a_key_never_shows_in_errors_or_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"Incorrect key {KEY}, or Bearer {KEY}"
    replies = [Reply.failure(502, echo), Reply.failure(429, echo, error_type=KEY), Reply.failure(403, echo)]
    async with room() as (host, client):
        host.answer("AI-3", *replies)
        with pytest.raises(ModelRefused) as error:
            await client.ask(ask())
        shown = f"{error.value!r} {error.value} {client!r} {vars(client)!r}"
    assert "[key]" in str(error.value)
    assert KEY not in shown
    assert KEY not in caplog.text
    assert error.value.__cause__ is None
    retries = [record for record in caplog.records if record.name == "backroom.models"]
    assert len(retries) == 3
    assert any(record.name == "httpx" for record in caplog.records)


async def test_the_scripted_host_paints_as_openrouter_does() -> None:
    async with ScriptedOpenRouter() as host, httpx.AsyncClient() as http:
        host.paint(Reply(picture=b"\x89PNG\r\n\x1a\n..."), Reply.failure(502, "no picture"))
        answers = [
            await http.post(
                f"{host.base_url}/images",
                json={"model": "m", "prompt": "a door"},
                headers={"Authorization": "Bearer k"},
            )
            for _ in range(3)
        ]
        assert [answer.status_code for answer in answers] == [200, 502, 200]
        assert answers[2].json()["usage"]["cost"] == 0.04
        assert host.problems() == []
