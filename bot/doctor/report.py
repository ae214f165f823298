"""The table that the operator reads."""

from __future__ import annotations

import os
from collections.abc import Sequence

from pydantic import SecretStr
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.doctor.findings import Finding, State
from bot.errors import SettingsError
from bot.log import SHORTEST_SECRET
from bot.models.catalogue import Catalogue
from bot.settings import Settings, environment

COLUMNS_WHERE_NOBODY_LOOKS = 100
"""The width of the table in a pipe or a file, unless COLUMNS says another."""

_STYLES = {State.OK: "green", State.WARN: "yellow", State.BAD: "bold red", State.SKIPPED: "dim"}


def print_report(findings: Sequence[Finding], settings: Settings) -> None:
    """Print what was found, without anything secret in it."""
    console = Console(highlight=False)
    if not console.is_terminal and not os.environ.get("COLUMNS"):
        console.width = COLUMNS_WHERE_NOBODY_LOOKS
    secrets = _secrets(settings)
    table = Table(box=box.SIMPLE_HEAD, expand=True, padding=(0, 1), collapse_padding=True)
    table.add_column("Check", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Found", ratio=3, overflow="fold")
    table.add_column("What to do", ratio=2, overflow="fold")
    named = ""
    for finding in findings:
        cells = (_clean(finding.found, secrets), _clean(finding.to_do, secrets))
        state = Text(finding.state.value, style=_STYLES[finding.state])
        check = _clean(finding.check, secrets)
        table.add_row(check if finding.check != named else "", state, *cells)
        named = finding.check
    console.print(table)
    console.print(_summary(findings))


def _summary(findings: Sequence[Finding]) -> Text:
    bad = sum(finding.state is State.BAD for finding in findings)
    warned = sum(finding.state is State.WARN for finding in findings)
    if bad:
        return Text(f"To mend: {bad}. To look at: {warned}.", style="bold red")
    if warned:
        return Text(f"Rooms can run. To look at: {warned}.", style="yellow")
    return Text("All is well.", style="green")


def _clean(words: str, secrets: Sequence[str]) -> Text:
    """Take out secrets and what moves a terminal's cursor; hosts and people chose some of these words."""
    for secret in secrets:
        words = words.replace(secret, "[secret]")
    return Text("".join(letter if letter.isprintable() else " " for letter in words))


def _secrets(settings: Settings) -> list[str]:
    held: list[SecretStr | None] = [settings.discord_token, settings.openrouter_api_key, settings.images_api_key]
    secrets = [secret.get_secret_value() for secret in held if secret is not None]
    try:
        secrets.append(str(make_url(settings.database_url).password or ""))
        entries = Catalogue.load(settings.models_file).endpoints.values()
        secrets += [environment().get(entry.key_env, "") for entry in entries if entry.key_env]
    except (ArgumentError, SettingsError):
        pass
    return [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
