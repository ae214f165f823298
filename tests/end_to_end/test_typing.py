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

    async def shows(self, text: str) -> None:
        """Wait until a text is on the screen."""
        try:
            async with asyncio.timeout(SECONDS):
                while text not in self.shown:
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
        await terminal.shows("the option 'rounds' takes a whole number")
        terminal.types("?\n")
        await terminal.shows("presses a button of the newest message")
        terminal.types("\x04")
        terminal.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(terminal.process.wait(), SECONDS) == 0
    assert "Traceback" not in terminal.shown
    assert "Discord would have objected" not in terminal.shown


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
