"""A start while Discord, or the network, is out: the program says so, waits, and goes on by itself."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Sequence

import pytest

from bot.client.offering import COMMANDS_MARK, GO_ON
from bot.rehearsal.faults import Cut, Fault, Html, RateLimited, Refuse, ServerError
from bot.rehearsal.faults.blows import Blow
from bot.rehearsal.server import RehearsalDiscord
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_program import backroom, ended
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
SECONDS = 60.0
USER, APPLICATION, GATEWAY = "/users/@me", "/oauth2/applications/@me", "/gateway/bot"
COMMANDS = "/applications/*/commands"
WAYS_IN: dict[str, tuple[str, Blow, str]] = {
    "login, 503": (USER, ServerError(503), "it answers 503 Service Unavailable"),
    "login, cut": (USER, Cut(), "Server disconnected"),
    "login, a page of a proxy": (USER, Html(200), "its answer cannot be understood"),
    "login, a block of the proxy": (USER, RateLimited(1, via=False), "it answers 429 Too Many Requests"),
    "application, 503": (APPLICATION, ServerError(503), "it answers 503 Service Unavailable"),
    "gateway, 503": (GATEWAY, ServerError(503), "it answers 503 Service Unavailable"),
    "gateway, cut": (GATEWAY, Cut(), "Server disconnected"),
}
REFUSALS: dict[str, tuple[Blow, str]] = {
    "400": (Refuse(400, 50035, "Invalid Form Body"), "Failed to upload commands to Discord (HTTP status 400"),
    "503": (ServerError(503), "it answers 503 Service Unavailable"),
    "cut": (Cut(), "Server disconnected"),
}
UNREACHED, NOT_TAKEN = "Discord cannot be reached: ", "Discord does not take the list of commands: "


class Log:
    """What a program wrote to standard error so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.lines: list[str] = []
        self._process = process

    async def until(self, *parts: str) -> str:
        """Read on until a line holds all these parts; return it."""
        assert self._process.stderr is not None
        async with asyncio.timeout(SECONDS):
            async for line in self._process.stderr:
                self.lines.append(line.decode())
                if all(part in self.lines[-1] for part in parts):
                    return self.lines[-1]
        raise AssertionError(f"the program ended and did not say {parts}: {''.join(self.lines)}")

    async def at_the_end(self) -> Sequence[str]:
        """Let the program end by SIGTERM, as it should, and return all that it wrote."""
        self._process.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(self._process.communicate(), SECONDS)
        self.lines += err.decode().splitlines()
        assert self._process.returncode == 0, self.lines
        assert not [line for line in self.lines if "Traceback" in line or " ERROR " in line], self.lines
        return self.lines


async def leave_a_room(stage: Stage) -> None:
    """Let the program end while a room runs, and Discord not know its commands any more."""
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", Reply(text="never arrives", seconds_before=30), "two")
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2") and not stage.room().owes_words)
        await bot.supplies.database.marks.drop(COMMANDS_MARK)


def times_taken(stage: Stage) -> int:
    return sum(
        one.method == "PUT" and one.path.endswith("/commands") and one.status == 200 for one in stage.discord.exchanges
    )


@pytest.mark.parametrize("name", WAYS_IN)
async def test_what_keeps_the_program_from_discord_is_said_and_waited_out(stage: Stage, name: str) -> None:
    route, blow, why = WAYS_IN[name]
    stage.discord.faults.add(Fault(blow, "GET", route))
    async with stage.process(until_ready=False) as process:
        log = Log(process)
        await log.until(UNREACHED + why, ". Trying again in 1 s.")
        await log.until(UNREACHED + why, ". Trying again in 2 s.")
        stage.discord.faults.clear()
        await stage.discord.bot_is_ready()
        await log.until("Connected to Discord as ")
        await log.at_the_end()
    stage.nothing_is_wrong()


@pytest.mark.parametrize("name", REFUSALS)
async def test_rooms_go_on_while_discord_does_not_take_the_commands(stage: Stage, name: str) -> None:
    blow, why = REFUSALS[name]
    await leave_a_room(stage)
    stage.discord.faults.excuse(50035)
    stage.discord.faults.add(Fault(blow, "PUT", COMMANDS))
    taken = times_taken(stage)
    async with stage.process(until_ready=False) as process:
        log = Log(process)
        assert (await log.until(NOT_TAKEN + why)).rstrip().endswith(GO_ON)
        await stage.until_over()
        assert stage.words_of(f"AI-2 ({R1})") == ["two"]
        assert times_taken(stage) == taken
        stage.discord.faults.clear()
        await log.until("Discord has taken the list of commands.")
        assert times_taken(stage) == taken + 1
        lines = await log.at_the_end()
    assert sum(NOT_TAKEN in line for line in lines) == 1
    stage.nothing_is_wrong()


async def test_rooms_do_not_wait_until_discord_says_what_it_thinks_of_the_commands(stage: Stage) -> None:
    await leave_a_room(stage)
    stage.discord.faults.add(Fault(RateLimited(600), "PUT", COMMANDS))
    async with stage.process(until_ready=False) as process:
        log = Log(process)
        await stage.until_over()
        await log.at_the_end()
    assert stage.words_of(f"AI-2 ({R1})") == ["two"]


async def test_a_computer_that_is_up_before_its_network(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = {
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url.replace(stage.discord.world.address, f"http://127.0.0.1:{port}"),
    }
    async with backroom("run", folder=stage.folder, **settings) as process:
        log = Log(process)
        await log.until(UNREACHED + f"Cannot connect to host 127.0.0.1:{port}", ". Trying again in 1 s.")
        async with RehearsalDiscord.open(port, token=stage.discord.token) as discord:
            await discord.bot_is_ready()
            await log.until("Connected to Discord as ")
            await log.at_the_end()
            assert discord.problems == []


@pytest.mark.parametrize(("method", "route"), [("GET", USER), ("GET", GATEWAY), ("PUT", COMMANDS)])
async def test_a_program_that_waits_for_discord_ends_when_it_is_told_to(stage: Stage, method: str, route: str) -> None:
    stage.discord.faults.add(Fault(ServerError(503), method, route))
    async with stage.process(until_ready=False) as process:
        log = Log(process)
        await log.until("Discord ", "it answers 503")
        await log.at_the_end()


async def test_a_refused_token_still_ends_the_program_once_discord_is_reached(stage: Stage) -> None:
    stage.discord.faults.add(Fault(ServerError(503), "GET", USER, times=1))
    settings = {"DISCORD_TOKEN": "not-the-token", "DISCORD_API_URL": stage.discord.api_url}
    async with backroom("run", folder=stage.folder, **settings) as process:
        code, _, err = await ended(process)
    assert code == 2
    assert UNREACHED in err
    assert "Discord refuses DISCORD_TOKEN" in err.splitlines()[-1]
    assert "Traceback" not in err


async def test_who_asks_for_the_invitation_meanwhile_gets_a_sentence(stage: Stage) -> None:
    stage.discord.faults.add(Fault(ServerError(503), "GET", USER))
    settings = {"DISCORD_TOKEN": stage.discord.token, "DISCORD_API_URL": stage.discord.api_url}
    async with backroom("invite", folder=stage.folder, **settings) as process:
        code, _, err = await ended(process)
    assert code == 1
    assert err.splitlines()[-1] == "Discord cannot be reached: it answers 503 Service Unavailable."
    assert "Traceback" not in err
