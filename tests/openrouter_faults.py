"""What can go wrong at the scripted OpenRouter, by rule: how often, for whom, and with which answer.

host.faults.add(HostFault(failing(429), times=2), HostFault(CUT_IN_MID_STREAM, seat="AI-2", chance=0.1))
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.rehearsal.faults.rules import Occasions, Rule
from tests.openrouter_replies import Reply

CHAT = "/chat/completions"
IMAGES = "/images"

_ERRORS = {
    400: ("This endpoint's maximum context length is 8192 tokens.", "context_length_exceeded"),
    401: ("User not found.", "authentication"),
    402: ("Insufficient credits. Add more to continue.", "payment_required"),
    403: ("Your input was flagged by moderation.", "content_policy_violation"),
    404: ("No endpoints found for this model.", "not_found"),
    408: ("The request timed out.", "timeout"),
    413: ("The request is too large.", "invalid_request"),
    422: ("The request could not be processed.", "invalid_request"),
    429: ("Rate limit exceeded.", "rate_limit_exceeded"),
    500: ("Internal Server Error", "server"),
    502: ("The provider returned an error.", "provider_unavailable"),
    503: ("No provider is available for this request.", "provider_overloaded"),
    524: ("The provider timed out.", "timeout"),
    529: ("The provider is overloaded.", "provider_overloaded"),
}
"""OpenRouter's error statuses, each with a message and an `error_type` that go with it."""

STATUSES = tuple(_ERRORS)
ASK_TO_WAIT = (429, 503)
"""These come with `Retry-After`."""


def failing(status: int, seconds_to_wait: float = 0.05) -> Reply:
    """Return an answer with one of OpenRouter's error statuses; where it says when to come again, it says this."""
    message, error_type = _ERRORS[status]
    headers = {"Retry-After": f"{seconds_to_wait:g}"} if status in ASK_TO_WAIT else {}
    return Reply.failure(status, message, error_type=error_type, headers=headers)


CUT_BEFORE = Reply(unanswered=True)
CUT_IN_MID_STREAM = Reply(text="These first words are", cut=True)
STALL = Reply(text="These first words are", stalls=True)
ERROR_IN_MID_STREAM = Reply(text="These first words are", error="The provider broke off.", error_code=502)
EMPTY = Reply(text="")
NULL = Reply(pieces=[None])
REASONING_ONLY = Reply(reasoning="Hmm. They want words, and I only think.")
TOO_SHORT_FOR_WORDS = replace(REASONING_ONLY, finish_reason="length")
REFUSAL = Reply(refusal="I would rather not say anything about that.")
WEB_PAGE = Reply(status=502, raw=b"<!DOCTYPE html><h1>Bad Gateway</h1>", media_type="text/html")
LINE_SEPARATORS = Reply(text="one\u2028two\u2029three\x85four")
"""Lines for Python's `splitlines`, and no lines in an event stream: they stand in its JSON as they are."""
LONE_SURROGATES = Reply(pieces=["half a face \ud83d", " and half a heart \udc9c"])
"""No Unicode text: each stands in the JSON as an escape."""


def megabytes(count: int) -> Reply:
    """Return an answer of so many million characters."""
    return Reply(text="All work and no play. " * (count * 1_000_000 // 22 + 1))


@dataclass(frozen=True, slots=True)
class HostFault(Rule):
    """An answer that is given instead of the one that was meant, which is kept for the next request.

    Args:
        happens: the answer.
        seat: whose requests it is for (`AI-1`); None is for everyone's.
        path: `CHAT` or `IMAGES`.
    """

    happens: Reply
    seat: str | None = None
    path: str = CHAT


class HostFaults:
    """The faults of a host. Set `seed` before adding those with a chance; `struck` remembers what struck."""

    def __init__(self) -> None:
        self.seed = 0
        self.struck: list[HostFault] = []
        self._faults: list[tuple[HostFault, Occasions]] = []

    def add(self, *faults: HostFault) -> None:
        """Add faults; of several that are for a request, the first that is due strikes."""
        for fault in faults:
            self._faults.append((fault, Occasions(fault, f"{self.seed} {len(self._faults)}")))

    def clear(self) -> None:
        """Take all faults away; what struck is remembered."""
        self._faults.clear()

    def reply_to(self, path: str, seat: str) -> Reply | None:
        """Return what a fault answers to a request, or None."""
        for fault, occasions in self._faults:
            if fault.path == path and fault.seat in (None, seat) and occasions.strike():
                self.struck.append(fault)
                return fault.happens
        return None
