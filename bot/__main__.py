"""The command `backroom`: run, rehearse, invite, doctor, export. `python -m bot` is the same program."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from pydantic import SecretStr

from bot.app import open_bot
from bot.client import invitation_address
from bot.documents import WRITTEN_AS
from bot.errors import BackroomError, SettingsError
from bot.log import set_up_logging
from bot.room.kept import KeptRoom
from bot.settings import Settings, read_settings
from bot.storage import read_room
from bot.words import languages

EXIT_BAD_SETTINGS = 2
EXIT_FAILED = 1

REHEARSAL_INSTEAD = """\
There is no DISCORD_TOKEN, so this is a rehearsal: the whole bot on a Discord of its own on this computer,
with a built-in cast. For the real one, put DISCORD_TOKEN (and OPENROUTER_API_KEY, for real models) into .env.
"""
STORMS = ("storm", "limits", "outage", "gateway", "vandal")
"""Those of the rehearsal, by name: it is not imported where it is not played."""
ENGLISH_LOCALE = "en-US"
_STORMS = f"{', '.join(STORMS[:-1])} or {STORMS[-1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 well, 1 failed, 2 a setting or option cannot be used."""
    gc.freeze()  # what was imported stays: neither a collection nor the end of the program has to look at it
    if (reconfigure := getattr(sys.stdout, "reconfigure", None)) is not None:
        reconfigure(errors="replace")  # the terminal's encoding may not have all characters
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        set_up_logging(settings.log_level, _secrets(settings))
        return _run_to_its_end(_chosen(options, settings))
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return EXIT_BAD_SETTINGS
    except BackroomError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backroom", description="AI models talk with each other in a Discord channel."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the bot; without DISCORD_TOKEN, rehearse")
    rehearsal = commands.add_parser("rehearse", help="play a room on a Discord of its own, without token and key")
    for command in (run, rehearsal):
        command.add_argument("--rounds", type=_count, default=None, help="end the rehearsal after so many rounds")
        command.add_argument("--seed", type=int, default=None, help="play the same rehearsal again (default: 0)")
        command.add_argument(
            "--interactive", action="store_true", default=None, help="take typed lines also where input is no terminal"
        )
        command.add_argument(
            "--faults", type=_storm, default=None, metavar="STORM", help=f"let things go wrong: {_STORMS}"
        )
        command.add_argument(
            "--locale",
            choices=(ENGLISH_LOCALE, *sorted(languages())),
            default=None,
            help=f"the language of the people and of their server (default: {ENGLISH_LOCALE})",
        )
        command.add_argument("--pace", type=_seconds, default=None, help="seconds a message of the rehearsal stands")
    commands.add_parser("invite", help="print the address that invites the bot, with just the permissions it needs")
    commands.add_parser("doctor", help="look at everything that a room needs, change nothing, and say what to do")
    export = commands.add_parser("export", help="write a room to the standard output; the bot may be running")
    export.add_argument(
        "room", type=int, metavar="ROOM", help="its number, as in the name of the file of /backroom export"
    )
    export.add_argument(
        "--format",
        choices=tuple(WRITTEN_AS),
        default="md",
        help="md (the default) and html are for people, json for programs",
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 1000:
        raise argparse.ArgumentTypeError("a number of rounds from 0 (until stopped) to 1000")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 3600:
        raise argparse.ArgumentTypeError("a number of seconds from 0 to 3600")
    return number


def _storm(text: str) -> str:
    if text not in STORMS:
        raise argparse.ArgumentTypeError(f'there is no storm "{text}"; there are {_STORMS}')
    return text


def _chosen(options: argparse.Namespace, settings: Settings) -> Coroutine[Any, Any, int]:
    if options.command == "invite":
        return _invite(settings)
    if options.command == "doctor":
        return _examine(settings)
    if options.command == "export":
        return _export(settings, options.room, WRITTEN_AS[options.format])
    if options.command == "run" and settings.discord_token is not None:
        given = (options.rounds, options.seed, options.pace, options.interactive, options.faults, options.locale)
        if any(value is not None for value in given):
            raise SettingsError(
                "--rounds, --seed, --pace, --interactive, --faults and --locale are for rehearsals: "
                "`backroom rehearse --rounds 1`."
            )
        return _run(settings, settings.discord_token)
    if options.command == "run":
        print(REHEARSAL_INSTEAD)  # noqa: T201
    return _rehearse(options, settings)


async def _run(settings: Settings, token: SecretStr) -> int:
    async with open_bot(settings) as bot:
        await bot.run_until_closed(token.get_secret_value())
    return 0


def _rehearse(options: argparse.Namespace, settings: Settings) -> Coroutine[Any, Any, int]:
    from bot.rehearsal.rehearse import rehearse  # takes time, and the bot of real servers has no use for it

    return rehearse(
        settings,
        rounds=options.rounds,
        seed=options.seed or 0,
        pace=options.pace,
        interactive=bool(options.interactive),
        faults=options.faults,
        locale=options.locale or ENGLISH_LOCALE,
    )


def _examine(settings: Settings) -> Coroutine[Any, Any, int]:
    from bot.doctor import examine  # takes time, and a bot that runs has no use for it

    return examine(settings)


async def _invite(settings: Settings) -> int:
    print(await invitation_address(settings))  # noqa: T201
    return 0


async def _export(settings: Settings, number: int, written_as: Callable[[KeptRoom], str]) -> int:
    text = written_as(await read_room(settings.database_url, number))
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))  # as a file is, whatever the terminal's encoding
    sys.stdout.flush()
    return 0


def _secrets(settings: Settings) -> list[str]:
    held = (settings.discord_token, settings.openrouter_api_key, settings.images_api_key)
    return [secret.get_secret_value() for secret in held if secret is not None]


def _run_to_its_end(work: Coroutine[Any, Any, int]) -> int:
    """Run until the work is done or somebody ends it with Ctrl+C or SIGTERM; both are a clean end."""

    async def until_told() -> int:
        task = asyncio.ensure_future(work)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            try:
                asyncio.get_running_loop().add_signal_handler(signal_number, task.cancel)
            except NotImplementedError:  # Windows has no signal handlers in its loop
                break
        try:
            return await task
        except asyncio.CancelledError:
            return 0

    return asyncio.run(until_told())


if __name__ == "__main__":
    sys.exit(main())
