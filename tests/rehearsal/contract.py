"""Discord's published description of its API, where a copy of it lies beside the checkout."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from bot.rehearsal.rest.handling import Exchange

CONTRACT = Path(__file__).parents[2] / ".." / "shared" / "contract"
IS_HERE = (CONTRACT / "contract.py").exists()
NOT_DESCRIBED = re.compile(
    r"^/(oauth2/applications/@me|users/(@me/(guilds|channels)|\d+)|guilds/\d+/(members|roles|threads/active))"
)
"""Paths that the description leaves out."""

ID = re.compile(r"\b\d+\b")
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
        for problem in _problems_of_request(
            exchange.method, ID.sub("0", exchange.path), json.dumps(exchange.json), json.dumps(exchange.query)
        )
    ]


@lru_cache(maxsize=64)
def _problems_of_request(method: str, path: str, body: str, query: str) -> list[str]:
    """Return what is wrong with one; the long list of commands is the same in every test."""
    return _discord().request(method, path, json=json.loads(body), query=json.loads(query))


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
