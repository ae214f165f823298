"""What went wrong with a request, read from whatever a host says about it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from bot.models.json_values import as_list, as_number, as_table, texts

PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
"""Answers that may be different next time; 520 to 524 are Cloudflare's for a host that does not answer it."""

BAD_GATEWAY = 502

WAIT_BELIEVED_SECONDS = 7 * 24 * 3600.0
"""No host asks to wait for longer; of one that does, no wait is told."""

_STATUS_OF_TYPE = {
    "authentication": 401,
    "authentication_error": 401,
    "payment_required": 402,
    "insufficient_quota": 402,
    "permission_denied": 403,
    "content_policy_violation": 403,
    "content_filter": 403,
    "not_found": 404,
    "not_found_error": 404,
    "model_not_found": 404,
    "timeout": 408,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "provider_overloaded": 529,
    "invalid_request": 400,
    "invalid_request_error": 400,
    "context_length_exceeded": 400,
}
"""For errors inside an answer, where servers name a kind instead of a status."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that came to nothing.

    `status` is the HTTP status, or the one that an error inside an answer stands for; None where no answer
    came. `said` are the host's own words, unscrubbed. `kinds` are all the machine-readable names it gave it, the most
    telling first.
    """

    status: int | None
    said: str = ""
    kinds: tuple[str, ...] = ()
    seconds_to_wait: float | None = None
    host_instead: tuple[str, ...] = ()
    may_pass: bool = False

    @property
    def is_of_the_host(self) -> bool:
        """Whether the host is at fault and not the request."""
        return self.may_pass or (self.status is not None and self.status >= 500)

    @property
    def summary(self) -> str:
        """A few words for the log, without anything that the host said."""
        what = f"HTTP {self.status}" if self.status else "no answer"
        return f"{what} ({', '.join(self.kinds)})" if self.kinds else what


class Setback(Exception):
    """One attempt that failed; whether another makes sense stands in `failure`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.summary)
        self.failure = failure


Silence = Literal["unreachable", "crowded", "silent", "cut", "garbled", "unusable"]
"""Why there is no answer: no connection; too many of our own; nothing more came; half came; nonsense came; the
address or the key cannot be used."""


def no_answer(why: Silence, *, may_pass: bool = True) -> Failure:
    """Return the failure of a request that got no answer, or half of one."""
    return Failure(None, kinds=(why,), may_pass=may_pass)


def read_failure(status: int, body: str, headers: Mapping[str, str]) -> Failure:
    """Return what an answer with an error status says: OpenRouter's form, OpenAI's, Ollama's, FastAPI's or none."""
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    failure = read_error(error_in(parsed), status)
    if failure.seconds_to_wait is None:
        return replace(failure, seconds_to_wait=_believed(_retry_after(headers)))
    return failure


def error_in(body: object) -> object:
    """Return the error that a parsed body holds, None where it holds none."""
    table = as_table(body)
    if table.get("object") == "error":
        return table
    return table.get("error") or table.get("detail") or None


def read_error(error: object, status: int | None = None) -> Failure:
    """Return what an `error` object says; without an HTTP `status`, the one that its code stands for."""
    table = as_table(error)
    metadata, availability = as_table(table.get("metadata")), as_table(table.get("availability"))
    kinds = _kinds(
        availability.get("code"),
        metadata.get("error_type"),
        *(table.get(key) for key in ("error_type", "code", "type")),
        "flagged_input" if metadata.get("reasons") else None,
    )
    status = status or _status(table.get("code"), kinds)
    wait = as_number(availability.get("retry_after")) or as_number(metadata.get("retry_after"))
    return Failure(
        status,
        ": ".join(texts(error, table.get("message"), metadata.get("raw"))),
        kinds,
        _believed(wait),
        texts(*as_list(availability.get("fallback_models"))),
        may_pass=status in PASSING_STATUSES and availability.get("retryable") is not False,
    )


def _kinds(*values: object) -> tuple[str, ...]:
    """Return the names among `values`; what is no plain name, such as a number or a whole sentence, is none."""
    return tuple(name for name in texts(*values) if re.fullmatch(r"[a-z][a-z_]{0,59}", name))


def _status(code: object, kinds: Sequence[str]) -> int:
    digits = str(code)
    if re.fullmatch(r"[45][0-9][0-9](\.0)?", digits):
        return int(digits[:3])
    return next((_STATUS_OF_TYPE[kind] for kind in kinds if kind in _STATUS_OF_TYPE), BAD_GATEWAY)


def _believed(seconds: float | None) -> float | None:
    return None if seconds is None or seconds > WAIT_BELIEVED_SECONDS else seconds


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        now = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
