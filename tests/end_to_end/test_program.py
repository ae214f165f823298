"""The program as a newcomer meets it: a rehearsal that ends by itself, an invitation, a refused token."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.client import PERMISSIONS
from bot.settings import Settings
from tests.end_to_end.stage import CHECKOUT, Stage, until

SECONDS = 60


@asynccontextmanager
async def backroom(*arguments: str, folder: Path, **settings: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run the command in a folder of its own, with no settings but these."""
    env = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={**env, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1", **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode, out.decode(), err.decode()


async def test_without_a_token_one_round_is_rehearsed_and_ends_by_itself(tmp_path: Path) -> None:
    async with backroom("run", "--rounds", "1", "--pace", "0", folder=tmp_path) as process:
        code, out, err = await ended(process)
    assert code == 0, err
    assert "There is no DISCORD_TOKEN, so this is a rehearsal" in out
    assert "Offline cast" in out
    for name in ("AI-1 (Gemini 3 Flash)", "AI-2 (Gemini 3 Flash)", "AI-3 ("):
        assert name in out
    assert "created an image" in out
    assert "The round is over" in out
    assert "\x1b[" not in out
    assert "Traceback" not in err
    pictures = re.findall(r"data/rehearsal/\S+\.png", out)
    assert pictures
    assert all((tmp_path / picture).stat().st_size > 1000 for picture in pictures)


async def test_a_rehearsal_with_the_same_seed_says_the_same_words(tmp_path: Path) -> None:
    async def words(seed: str) -> list[str]:
        async with backroom("rehearse", "--rounds", "1", "--pace", "0", "--seed", seed, folder=tmp_path) as process:
            _, out, _ = await ended(process)
        return sorted(line for line in out.splitlines() if len(line) > 60 and "data/" not in line)

    first, again, other = await words("3"), await words("3"), await words("4")
    assert first == again
    assert first != other


async def test_a_rehearsal_is_played_in_german_where_its_people_are_german(tmp_path: Path) -> None:
    async with backroom("rehearse", "--rounds", "1", "--pace", "0", "--locale", "de", folder=tmp_path) as process:
        code, out, err = await ended(process)
    assert code == 0, err
    assert "Die Runde ist zu Ende" in out
    assert "The round is over" not in out
    async with backroom("rehearse", "--locale", "xx", folder=tmp_path) as process:
        code, _, err = await ended(process)
    assert code == 2
    assert "'en-US', 'de'" in err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
async def test_a_terminal_that_lacks_characters_shows_question_marks_instead(tmp_path: Path, encoding: str) -> None:
    rehearsal = ("rehearse", "--rounds", "1", "--pace", "0")
    async with backroom(*rehearsal, folder=tmp_path, PYTHONIOENCODING=encoding) as process:
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 0, err
    assert "The round is over" in out.decode(encoding)
    address = "sqlite+aiosqlite:///\N{MICRO SIGN}/\N{CYRILLIC SMALL LETTER ZHE}"
    async with backroom("doctor", folder=tmp_path, PYTHONIOENCODING=encoding, DATABASE_URL=address) as process:
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 0, err
    assert "All is well." in out.decode(encoding)


async def test_a_rehearsal_ends_cleanly_when_it_is_told_to(tmp_path: Path) -> None:
    async with backroom("rehearse", "--pace", "0.2", folder=tmp_path) as process:
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            async for line in process.stdout:
                if b"AI-2" in line:
                    break
        process.send_signal(signal.SIGTERM)
        code, _, err = await ended(process)
    assert code == 0
    assert "Traceback" not in err


async def test_the_invitation_asks_for_just_the_needed_permissions(stage: Stage) -> None:
    settings = {"DISCORD_TOKEN": stage.discord.token, "DISCORD_API_URL": stage.discord.api_url}
    async with backroom("invite", folder=stage.folder, **settings) as process:
        code, out, err = await ended(process)
    assert code == 0, err
    assert out.startswith("https://discord.com/oauth2/authorize?")
    assert f"permissions={PERMISSIONS.value}" in out
    assert f"client_id={stage.discord.world.application.id}" in out


async def test_a_refused_token_gets_a_sentence_and_2(stage: Stage) -> None:
    settings = {"DISCORD_TOKEN": "not-the-token", "DISCORD_API_URL": stage.discord.api_url}
    async with backroom("run", folder=stage.folder, **settings) as process:
        code, _, err = await ended(process)
    assert code == 2
    assert "Discord refuses DISCORD_TOKEN" in err
    assert "not-the-token" not in err
    assert "Traceback" not in err


async def test_an_operator_reads_that_the_bot_is_there_and_with_which_rooms(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    def lines() -> list[str]:
        return [line.getMessage() for line in caplog.records if line.getMessage().startswith("Connected to Discord")]

    caplog.set_level("INFO", "backroom.client")
    async with stage.running():
        await until(lambda: len(lines()) == 1)
        await stage.start("Kimi K2", "DeepSeek R1", rounds=0)
        await stage.ann.slash(stage.channel, "backroom pause")
    async with stage.running():
        await until(lambda: len(lines()) == 2)
    before, after = lines()
    assert before.endswith("in 1 server, with 0 open rooms.")
    assert after.endswith("in 1 server, with 1 open room.")


async def test_a_file_that_is_no_database_gets_a_sentence(stage: Stage) -> None:
    (stage.folder / "backroom.sqlite3").write_bytes(b"this is no database" * 100)
    settings = {
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url,
        "DATABASE_URL": stage.settings().database_url,
    }
    async with backroom("run", folder=stage.folder, **settings) as process:
        code, _, err = await ended(process)
    assert code == 1
    assert "backroom.sqlite3" in err
    assert "Traceback" not in err


async def test_without_a_key_the_cast_is_offline_and_says_so_in_the_room(stage: Stage) -> None:
    async with stage.running(openrouter_api_key=None):
        await stage.start("Kimi K2", "DeepSeek R1", rounds=1)
        await stage.until_over()
        assert stage.host.requests == []
    assert "Offline cast" in stage.said()[0][1]
    speakers = list(dict.fromkeys(who for who, _ in stage.said() if who.startswith("AI-")))
    assert speakers[:2] == ["AI-1 (Kimi K2)", "AI-2 (DeepSeek R1)"]


@pytest.mark.parametrize("option", ["--rounds 1", "--seed 1", "--pace 1", "--locale de"])
async def test_options_of_a_rehearsal_are_refused_for_the_real_thing(stage: Stage, option: str) -> None:
    async with backroom("run", *option.split(), folder=stage.folder, DISCORD_TOKEN="x") as process:
        code, _, err = await ended(process)
    assert code == 2
    assert "for rehearsals" in err
