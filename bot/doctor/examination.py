"""The examination: all checks at once, each bounded in time, none able to hide another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence

import httpx

from bot.doctor.asking import SECONDS_TO_ANSWER, Asking, NoAnswer
from bot.doctor.computer import judge_clock, judge_versions
from bot.doctor.discord import INTENTS, NO_TOKEN, PERMISSIONS_CHECK, TOKEN, DiscordRest, check_intents, check_token
from bot.doctor.findings import Finding, State, bad, skipped
from bot.doctor.hosts import KEY, MODELS, check_key
from bot.doctor.journal import DATABASE, judge_database
from bot.doctor.models import NO_KEY, check_models
from bot.doctor.permissions import check_permissions
from bot.doctor.report import print_report
from bot.errors import BackroomError
from bot.models.endpoints import Endpoint
from bot.settings import Settings
from bot.storage import Inspection, inspect_database

_log = logging.getLogger("backroom.doctor")


async def examine(settings: Settings) -> int:
    """Print a table of what is well and what is not; returns the exit code, 0 when nothing is bad."""
    async with httpx.AsyncClient(timeout=SECONDS_TO_ANSWER, follow_redirects=False) as http:
        findings = await find_out(settings, Asking(http))
    print_report(findings, settings)
    return 1 if any(finding.state is State.BAD for finding in findings) else 0


async def find_out(settings: Settings, asking: Asking) -> list[Finding]:
    """Carry out every check; nothing is changed anywhere."""
    inspecting = asyncio.create_task(inspect_database(settings.database_url), name="inspection")
    try:
        found = await asyncio.gather(
            *_discord_checks(settings, asking, inspecting),
            *_host_checks(settings, asking),
            _bounded(DATABASE, _database_check(inspecting)),
        )
    finally:
        inspecting.cancel()
    rows = [finding for findings in found for finding in findings]
    return [*rows, judge_clock(asking.seconds_ahead), judge_versions()]


def _discord_checks(
    settings: Settings, asking: Asking, inspecting: asyncio.Task[Inspection]
) -> list[Awaitable[list[Finding]]]:
    if settings.discord_token is None:
        return [_all_skipped((TOKEN, INTENTS, PERMISSIONS_CHECK), NO_TOKEN)]
    rest = DiscordRest(asking, settings, settings.discord_token)
    return [
        _bounded(TOKEN, check_token(rest), "Discord"),
        _bounded(INTENTS, check_intents(rest), "Discord"),
        _bounded(PERMISSIONS_CHECK, _permissions_check(rest, inspecting), "Discord"),
    ]


def _host_checks(settings: Settings, asking: Asking) -> list[Awaitable[list[Finding]]]:
    if settings.is_offline:
        return [_all_skipped((KEY,), NO_KEY), _bounded(MODELS, check_models(asking, settings, None))]
    try:
        openrouter = Endpoint(str(settings.openrouter_base_url), settings.openrouter_api_key)
    except BackroomError as error:
        return [_only(bad(KEY, str(error))), _all_skipped((MODELS,), "The key cannot be used.")]
    return [
        _bounded(KEY, check_key(asking, openrouter), "OpenRouter"),
        _bounded(MODELS, check_models(asking, settings, openrouter), "OpenRouter"),
    ]


async def _permissions_check(rest: DiscordRest, inspecting: asyncio.Task[Inspection]) -> list[Finding]:
    await asyncio.wait([inspecting])
    is_known = not inspecting.cancelled() and inspecting.exception() is None
    return await check_permissions(rest, inspecting.result().open_rooms if is_known else ())


async def _database_check(inspecting: asyncio.Task[Inspection]) -> list[Finding]:
    return judge_database(await inspecting)


async def _all_skipped(checks: Sequence[str], why: str) -> list[Finding]:
    return [skipped(check, why) for check in checks]


async def _only(finding: Finding) -> list[Finding]:
    return [finding]


async def _bounded(check: str, work: Awaitable[list[Finding]], host: str = "It") -> list[Finding]:
    """Carry out one check; whatever goes wrong with it is a row of its own."""
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            return await work
    except TimeoutError:
        return [bad(check, f"{host} did not answer within {SECONDS_TO_ANSWER:.0f} seconds.", "Look at the network.")]
    except NoAnswer as error:
        return [bad(check, f"{host} {error}.", "Look at the network, and at the addresses in the settings.")]
    except BackroomError as error:
        return [bad(check, str(error))]
    except Exception as error:  # noqa: BLE001 - one check's fault must not hide what the others found
        _log.debug("the check %s failed", check, exc_info=error)
        return [bad(check, f"The check itself failed: {type(error).__name__}.", "Tell the makers of Backroom.")]
