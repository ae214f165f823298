"""What the doctor says of the hosts of models and pictures: key, credit, what they serve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.models.catalogue import Catalogue
from tests.doctor.conftest import Surgery
from tests.openrouter import ScriptedOpenRouter
from tests.openrouter_listings import key_listed, models_listed
from tests.openrouter_replies import Reply

SOON = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
LATER = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (key_listed(), "ok", "$7.50 left of the key's limit, $2.50 used so far."),
        (key_listed(limit=None, limit_remaining=None), "ok", "has no limit, $2.50 used"),
        (key_listed(limit_remaining=0.4), "warn", "$0.40 left"),
        (key_listed(limit_remaining=0), "bad", "The key's limit is used up"),
        (key_listed(is_free_tier=True), "warn", "only free models answer"),
        (key_listed(expires_at=f"{SOON}T00:00:00Z"), "warn", f"expires on {SOON}"),
        (key_listed(expires_at=f"{LATER}T00:00:00Z"), "ok", "$7.50 left"),
        (Reply.failure(401, "User not found.", error_type="authentication"), "bad", "refuses OPENROUTER_API_KEY"),
        (
            Reply(status=402, raw=b'{"error": {"code": 402, "message": "Insufficient credits"}}'),
            "bad",
            "no credit left",
        ),
        (Reply.failure(500, "Internal Server Error"), "bad", "answered 500"),
        (Reply(status=404, raw=b"<html>nothing here</html>", media_type="text/html"), "skipped", "does not tell"),
        (Reply(status=503, raw=b"<html>busy</html>", media_type="text/html"), "bad", "answered 503"),
        (Reply(status=503, raw=b"[" * 100_000), "bad", "answered 503"),
        (Reply(raw=b"[" * 100_000), "bad", "answered 200 with something that is no JSON"),
        (
            Reply(raw=b'{"data": {"usage": NaN, "limit_remaining": 1' + b"0" * 400 + b"}}"),
            "ok",
            "an unknown sum left of the key's limit, an unknown sum used so far.",
        ),
    ],
)
async def test_the_key_and_its_credit(surgery: Surgery, answer: dict[str, Any] | Reply, state: str, words: str) -> None:
    surgery.stage.host.listings["/key"] = answer
    report = await surgery.examine(DISCORD_TOKEN="")
    ((found, said),) = report.of("Key and credit")
    assert found == state
    assert words in said
    assert report.code == (1 if state == "bad" else 0)


async def test_a_key_that_cannot_be_sent_is_told(surgery: Surgery) -> None:
    report = await surgery.examine(DISCORD_TOKEN="", OPENROUTER_API_KEY="two words")
    assert report.state_of("Key and credit") == "bad"
    assert report.state_of("Models") == "skipped"
    assert "two words" not in report.out


async def test_models_that_are_not_served_or_end_soon_are_named(surgery: Surgery) -> None:
    served = [model.id for model in Catalogue.load().models if not model.retired and model.name != "DeepSeek R1"]
    ends = {"google_gemini_3_flash_preview": SOON, "anthropic_claude_opus_5_5": LATER}
    surgery.stage.host.listings["/models"] = models_listed([*served, "google/gemini-3.1-flash-image"], **ends)
    report = await surgery.examine(DISCORD_TOKEN="")
    fine, missing, ending = report.of("Models")
    assert fine[0] == "ok"
    assert "Marked as retired: Claude 3 Opus." in fine[1]
    assert missing[0] == "warn"
    assert "Not served: DeepSeek R1 (deepseek/deepseek-r1" in missing[1]
    assert "MODELS_FILE" in missing[1]
    assert ending == ("warn", ending[1])
    assert f"Gemini 3 Flash ({SOON})" in ending[1]
    assert "Opus" not in ending[1]
    assert report.code == 0


async def test_a_host_that_serves_none_of_the_models_is_bad(surgery: Surgery) -> None:
    surgery.stage.host.listings["/models"] = models_listed(["somebody/something"])
    report = await surgery.examine(DISCORD_TOKEN="")
    assert report.state_of("Models") == "bad"
    assert report.state_of("Image model") == "bad"
    assert "OPENROUTER_BASE_URL" in report.out


async def test_an_image_model_that_is_not_there_is_bad(surgery: Surgery) -> None:
    report = await surgery.examine(DISCORD_TOKEN="", IMAGE_MODEL="somebody/paints")
    assert report.state_of("Image model") == "bad"
    assert "somebody/paints is not served" in report.out
    assert report.state_of("Models") == "ok"


async def test_pictures_from_another_host_are_looked_for_there(surgery: Surgery) -> None:
    async with ScriptedOpenRouter() as painter:
        painter.listings["/models"] = models_listed(["our-painter"])
        there = {"IMAGES_BASE_URL": painter.base_url, "IMAGES_API_KEY": "another-key", "IMAGE_MODEL": "our-painter"}
        report = await surgery.examine(DISCORD_TOKEN="", **there)
        priced = await surgery.examine(DISCORD_TOKEN="", IMAGE_PRICE_USD="0.02", **there)
    assert report.state_of("Image model") == priced.state_of("Image model") == "ok"
    assert "another-key" not in report.out
    assert "IMAGE_PRICE_USD names a price" in " ".join(report.out.split())
    assert "IMAGE_PRICE_USD" not in priced.out


OWN = """
[endpoints.home]
base_url = "{base_url}"
key_env = "HOME_KEY"

[[models]]
name = "Home Llama"
id = "llama3.3:70b"
endpoint = "home"
"""


async def test_an_endpoint_of_ones_own_is_asked_with_its_own_key(surgery: Surgery, tmp_path: Path) -> None:
    models_file = tmp_path / "models.toml"
    given = {"DISCORD_TOKEN": "", "MODELS_FILE": str(models_file)}
    async with ScriptedOpenRouter() as home:
        models_file.write_text(OWN.format(base_url=home.base_url))
        home.listings["/models"] = models_listed(["llama3.3:70b"])
        assert (await surgery.examine(HOME_KEY="home-secret", **given)).state_of("Models at “home”") == "ok"
        home.listings["/models"] = Reply.failure(401, "home-secret is not the key", error_type="authentication")
        refused = await surgery.examine(HOME_KEY="home-secret", **given)
        assert refused.state_of("Models at “home”") == "bad"
        assert "look at HOME_KEY" in refused.out
        assert "home-secret" not in refused.out
    without_a_key = await surgery.examine(HOME_KEY="", **given)
    assert "HOME_KEY, which is not set" in without_a_key.out
    gone = await surgery.examine(HOME_KEY="home-secret", **given)
    assert gone.state_of("Models at “home”") == "bad"
    assert "Start that host" in gone.out
    assert gone.state_of("Models") == "ok"
