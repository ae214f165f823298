"""Rate limits: the headers that every answer carries, and, when enforced, the limits that Discord is known for."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

from bot.rehearsal.rest.calls import Answer, Call

DISCORD_POSTS_A_WEBHOOK = (5, 2.0)
"""Posts and seconds; shown in the headers."""
DISCORD_POSTS_A_CHANNEL = (30, 60.0)
"""Posts and seconds for all webhooks of a channel together; shown nowhere until the 429 comes."""
DISCORD_REQUESTS_A_BOT = (50, 1.0)
"""Authorised requests and seconds; interactions are exempt."""
_SHOWN_WITHOUT_LIMIT = (1000, 1.0)
_EXECUTE = "/webhooks/{webhook_id}/{webhook_token}"


@dataclass(slots=True)
class Window:
    """So many requests in so many seconds, counted from the first one."""

    limit: int
    seconds: float
    used: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds_left(self) -> float:
        """Until the count begins anew."""
        return max(0.0, self.began + self.seconds - time.monotonic())

    @property
    def remaining(self) -> int:
        """How many requests may still come."""
        return max(0, self.limit - self.used)

    def renew(self) -> None:
        """Begin anew when the time is over."""
        if self.seconds_left == 0:
            self.used, self.began = 0, time.monotonic()


class Limits:
    """Counts requests. Only when `are_enforced` does it refuse any."""

    def __init__(self) -> None:
        self.are_enforced = False
        self._windows: dict[str, Window] = {}

    def refuse(self, call: Call, channel_id: int | None) -> Answer | None:
        """Return a 429 for a request that is one too many, or None; `channel_id` is that of a webhook's post."""
        if not self.are_enforced:
            return None
        for key, limit, scope in self._limits_of(call, channel_id):
            window = self._window(key, limit)
            if window.remaining == 0:
                return too_many_requests(window.seconds_left, scope)
        for key, limit, _ in self._limits_of(call, channel_id):
            self._window(key, limit).used += 1
        return None

    def headers(self, call: Call) -> dict[str, str]:
        """Return what the answer tells about the limit of its route."""
        bucket = hashlib.blake2b(f"{call.method} {call.template}".encode(), digest_size=16).hexdigest()
        if self.are_enforced and _is_post(call):
            window = self._window(_webhook_key(call), DISCORD_POSTS_A_WEBHOOK)
        else:
            window = Window(*_SHOWN_WITHOUT_LIMIT, used=1)
        return {
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Reset": f"{time.time() + window.seconds_left:.3f}",
            "X-RateLimit-Reset-After": f"{window.seconds_left:.3f}",
        }

    def _limits_of(self, call: Call, channel_id: int | None) -> list[tuple[str, tuple[int, float], str]]:
        if _is_post(call):
            of_webhook = (_webhook_key(call), DISCORD_POSTS_A_WEBHOOK, "user")
            return [of_webhook, (f"channel {channel_id}", DISCORD_POSTS_A_CHANNEL, "shared")]
        if call.is_authorised:
            return [("bot", DISCORD_REQUESTS_A_BOT, "global")]
        return []

    def _window(self, key: str, limit: tuple[int, float]) -> Window:
        window = self._windows.setdefault(key, Window(*limit))
        window.renew()
        return window


def too_many_requests(seconds: float, scope: str = "user") -> Answer:
    """Return a 429 as Discord itself gives it: `Via` tells it from one of Cloudflare's."""
    headers = {"Via": "1.1 google", "Retry-After": str(int(seconds) + 1), "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    body = {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": round(seconds, 3),
        "global": scope == "global",
    }
    return Answer(429, body, headers)


def _is_post(call: Call) -> bool:
    return call.method == "POST" and call.template == _EXECUTE


def _webhook_key(call: Call) -> str:
    return f"webhook {call.parts['webhook_id']} {call.parts['webhook_token']}"
