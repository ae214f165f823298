"""A newcomer at the terminal of a rehearsal: talks, reacts, uses commands, gets it wrong, and leaves."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.settings import Settings
from tests.end_to_end.stage import CHECKOUT

SECONDS = 60


class Terminal:
    """A terminal in which a rehearsal runs."""

    def __init__(self, descriptor: int, process: asyncio.subprocess.Process) -> None:
        self._descriptor = descriptor
        self.process = process
        self.shown = ""
        self._changed = asyncio.Event()
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    def types(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    async def shows(self, text: str, *, times: int = 1) -> None:
        """Wait until a text is on the screen, so many times."""
        try:
            async with asyncio.timeout(SECONDS):
                while self.shown.count(text) < times:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{text!r} is not shown; shown is:\n{self.shown[-3000:]}") from None

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, 65_536)
        except OSError:  # the process has left the terminal
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self.shown += data.decode(errors="replace")
        self._changed.set()


@asynccontextmanager
async def rehearsing(*arguments: str, folder: Path) -> AsyncGenerator[Terminal]:
    """Run a rehearsal in a terminal of its own."""
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "rehearse", *arguments),
        cwd=folder,
        env={**env, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200", "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    terminal = Terminal(ours, process)
    try:
        yield terminal
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        terminal.close()


async def test_a_newcomer_tries_a_room_at_the_keyboard(tmp_path: Path) -> None:
    async with rehearsing("--pace", "0.3", folder=tmp_path) as terminal:
        await terminal.shows("Type to talk in the channel as Ann")
        await terminal.shows("AI-1 (")
        terminal.types("/backroom pause\n")
        await terminal.shows("Ann used /backroom pause")
        terminal.types("hello from the keyboard\n")
        await terminal.shows("Ann\r\n  hello from the keyboard")
        terminal.types(":fire:\n")
        await terminal.shows("Ann reacted with 🔥 to")
        terminal.types("/backroom sing\n")
        await terminal.shows("There is no command /backroom sing; there are:")
        terminal.types("/backroom start rounds:lots\n")
        await terminal.shows("The option “rounds” takes a whole number")
        terminal.types("?\n")
        await terminal.shows("presses a button of the newest message")
        terminal.types("\x04")
        terminal.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(terminal.process.wait(), SECONDS) == 0
    assert "Traceback" not in terminal.shown
    assert "Discord would have objected" not in terminal.shown


async def test_a_newcomer_asks_forks_sets_and_opens_another_room(tmp_path: Path) -> None:
    async with rehearsing("--pace", "0.3", folder=tmp_path) as terminal:
        await terminal.shows("[ ⏸️ Pause ]")
        terminal.types("press Pause\n")
        await terminal.shows("Ann paused the room")
        terminal.types("look at this\n")
        await terminal.shows("Ann\r\n  look at this")
        terminal.types("/apps Who said this?\n")
        await terminal.shows("💬 Ann said this, and the AIs heard it")
        terminal.types("/apps Fork from here\n")
        await terminal.shows("The fork continues in #Fork of ")
        await terminal.shows("In the thread “Fork of ")
        terminal.types("/go fork\n/backroom stop\n/go\n")
        await terminal.shows("Ann stopped the room")
        terminal.types("/backroom settings caps retention_days:3\n")
        await terminal.shows("3 days")
        terminal.types("/backroom stop\n")
        await terminal.shows("The room is over. /backroom start opens another")
        terminal.types("/backroom start thread:true rounds:1\n")
        await terminal.shows("The room is open in #")
        terminal.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(terminal.process.wait(), SECONDS) == 0
    assert "Traceback" not in terminal.shown
    assert "Discord would have objected" not in terminal.shown
    assert "<t:" not in terminal.shown


async def test_what_is_typed_before_the_room_is_open_is_done_once_it_is(tmp_path: Path) -> None:
    async with rehearsing("--pace", "0.3", folder=tmp_path) as terminal:
        terminal.types(":fire:\nhello, is anybody there?\n/backroom pause\n")
        await terminal.shows("Ann reacted with 🔥 to Backroom")
        await terminal.shows("Ann\r\n  hello, is anybody there?")
        await terminal.shows("The room is paused.")
        terminal.types("/backroom settings rights right:steer give:@everyone\n")
        await terminal.shows("Ann used /backroom settings rights right:steer give:@everyone")
        terminal.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(terminal.process.wait(), SECONDS) == 0
    assert "no command that you may use" not in terminal.shown
    assert "Role(" not in terminal.shown


async def test_who_has_typed_all_they_wanted_leaves_when_the_room_is_over(tmp_path: Path) -> None:
    async with rehearsing("--pace", "0.3", folder=tmp_path) as terminal:
        await terminal.shows("AI-1 (")
        terminal.types("/backroom stop\n")
        await terminal.shows("/backroom start opens another")
        terminal.types("/backroom start rounds:0 pace:0.3\n")
        await terminal.shows("opened by Ann", times=2)
        terminal.types("/backroom stop\n\x04")
        assert await asyncio.wait_for(terminal.process.wait(), SECONDS) == 0
    assert "Traceback" not in terminal.shown


async def test_a_rehearsal_without_anybody_at_the_keyboard_goes_on_to_its_end(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    for arguments, typed in (((), None), (("--interactive",), None), (("--interactive",), b"typed into a pipe\n")):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "rehearse", "--rounds", "1", "--pace", "0", *arguments),
            cwd=tmp_path,
            env={**env, "PYTHONPATH": str(CHECKOUT)},
            stdin=asyncio.subprocess.DEVNULL if typed is None else asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(typed), SECONDS)
        assert process.returncode == 0, out.decode()
        assert "The round is over" in out.decode()
        assert ("typed into a pipe" in out.decode()) is (typed is not None)
        assert ("Type to talk" in out.decode()) is bool(arguments)
