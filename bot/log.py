"""What the operator reads in the terminal: one line an event, and never a secret."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

_WEBHOOK_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s\"']+")
_TOKEN_OF_AN_OBJECT = re.compile(r"""(['"]token['"]: *['"])[^'"]+""")
"""discord.py logs whole webhooks and interactions at DEBUG, as Discord describes them."""

SHORTEST_SECRET = 6
"""Hosts at home take any key, such as "x" or "none": taking those out would leave no sentence whole."""


class _Secrets:
    """Takes tokens and keys out of a line, wherever in it they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _TOKEN_OF_AN_OBJECT.sub(r"\1[token]", _WEBHOOK_TOKEN.sub(r"\1[token]", text))


class _Reconnecting(logging.Filter):
    """Makes one line of what discord.py logs with a whole traceback each time its connection breaks."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] and str(record.msg).startswith("Attempting a reconnect"):
            record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]}", ()
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class _Formatter(logging.Formatter):
    def __init__(self, secrets: _Secrets) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {message}", datefmt="%H:%M:%S", style="{")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.clean(super().format(record))


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error at `level`; `secrets` are taken out of every line."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(_Secrets(secrets)))
    handler.addFilter(_Reconnecting())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    if level != "DEBUG":
        for chatty in ("httpx", "httpcore", "alembic", "discord.client", "discord.gateway"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
    # It logs all that is written down, webhooks' tokens and the key to the pseudonyms among it.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
