"""Discord's published description of its API, where a copy of it lies beside the checkout."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from bot.rehearsal.rest.handling import Exchange

CONTRACT = Path(__file__).parents[2] / ".." / "shared" / "contract"
IS_HERE = (CONTRACT / "contract.py").exists()
NOT_DESCRIBED = re.compile(
    r"^/(oauth2/applications/@me|users/(@me/(guilds|channels)|\d+)|guilds/\d+/(members|roles|threads/active))"
)
"""Paths that the description leaves out."""

SERVER_ERROR = 500
"""From here on nothing is described: only faults answer so."""


def problems_of_answers(exchanges: Iterable[Exchange]) -> list[str]:
    """Return what is wrong with our answers by the description; nothing where there is no copy of it."""
    return [
        problem
        for exchange in _described(exchanges)
        if exchange.status is not None and exchange.status < SERVER_ERROR
        for problem in _discord().response(exchange.method, exchange.path, exchange.status, exchange.answer)
    ]


def problems_of_requests(exchanges: Iterable[Exchange]) -> list[str]:
    """Return what is wrong with the bot's requests by the description; nothing where there is no copy of it."""
    return [
        problem
        for exchange in _described(exchanges)
        for problem in _discord().request(exchange.method, exchange.path, json=exchange.json, query=exchange.query)
    ]


def _described(exchanges: Iterable[Exchange]) -> list[Exchange]:
    return [exchange for exchange in exchanges if IS_HERE and not NOT_DESCRIBED.match(exchange.path)]


@cache
def _discord() -> Any:
    sys.path.insert(0, str(CONTRACT))
    try:
        from contract import Contract  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(CONTRACT))
    return Contract.discord()
