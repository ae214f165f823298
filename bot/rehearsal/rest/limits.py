"""Rate limits: the headers of every answer, the limits that Discord is known for, and its ban for invalid requests."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

from bot.rehearsal.rest.calls import Answer, Call

DISCORD_POSTS_A_WEBHOOK = (5, 2.0)
"""Posts and seconds; shown in the headers."""
DISCORD_POSTS_A_CHANNEL = (30, 60.0)
"""Posts and seconds for all webhooks of a channel together; shown nowhere until the 429 comes."""
DISCORD_POSTS_OF_A_BOT = (5, 5.0)
"""Messages of the bot itself in one channel, and seconds; shown in the headers."""
DISCORD_REQUESTS_A_BOT = (50, 1.0)
"""Authorised requests and seconds; interactions are exempt."""
DISCORD_INVALID_REQUESTS = 10_000
DISCORD_SECONDS_OF_INVALID_REQUESTS = 600.0
"""So many answers of 401, 403 or 429 in this time, and Cloudflare answers in Discord's place."""
INVALID_STATUSES = (401, 403, 429)
_SHOWN_WITHOUT_LIMIT = (1000, 1.0)
_EXECUTE = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGES = "/channels/{channel_id}/messages"
_PAGE_OF_CLOUDFLARE = """\
<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>
<body><h1>Error 1015</h1><h2>You are being rate limited</h2></body></html>
"""


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
    """Counts requests. Only when `are_enforced` does it refuse any, save for the ban, which always comes."""

    def __init__(self) -> None:
        self.are_enforced = False
        self.invalid_requests_allowed = DISCORD_INVALID_REQUESTS
        self._invalid = Window(DISCORD_INVALID_REQUESTS, DISCORD_SECONDS_OF_INVALID_REQUESTS)
        self._windows: dict[str, Window] = {}

    @property
    def invalid_requests(self) -> int:
        """How many requests were answered with 401, 403 or 429 (a shared limit's left out) in these ten minutes."""
        self._invalid.renew()
        return self._invalid.used

    @property
    def bot_is_banned(self) -> bool:
        """Whether nothing is answered any more, because too many requests were invalid."""
        return self.invalid_requests >= self.invalid_requests_allowed

    def count(self, answer: Answer) -> None:
        """Take note of an answer that was given."""
        is_shared = answer.headers.get("X-RateLimit-Scope") == "shared"
        if answer.status in INVALID_STATUSES and not is_shared and not self.bot_is_banned:
            self._invalid.used += 1

    def refuse_if_banned(self) -> Answer | None:
        """Return Cloudflare's answer to a banned bot, or None."""
        return too_many_requests_by_proxy(self._invalid.seconds_left) if self.bot_is_banned else None

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
        window = self._shown(call) if self.are_enforced else None
        window = window or Window(*_SHOWN_WITHOUT_LIMIT, used=1)
        return {
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Reset": f"{time.time() + window.seconds_left:.3f}",
            "X-RateLimit-Reset-After": f"{window.seconds_left:.3f}",
        }

    def _shown(self, call: Call) -> Window | None:
        if _is_post(call):
            return self._window(_webhook_key(call), DISCORD_POSTS_A_WEBHOOK)
        if _is_own_post(call):
            return self._window(_own_posts_key(call), DISCORD_POSTS_OF_A_BOT)
        return None

    def _limits_of(self, call: Call, channel_id: int | None) -> list[tuple[str, tuple[int, float], str]]:
        limits: list[tuple[str, tuple[int, float], str]] = []
        if _is_post(call):
            limits.append((_webhook_key(call), DISCORD_POSTS_A_WEBHOOK, "user"))
            if channel_id is not None:
                limits.append((f"channel {channel_id}", DISCORD_POSTS_A_CHANNEL, "shared"))
        elif call.is_authorised:
            limits.append(("bot", DISCORD_REQUESTS_A_BOT, "global"))
            if _is_own_post(call):
                limits.append((_own_posts_key(call), DISCORD_POSTS_OF_A_BOT, "user"))
        return limits

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


def too_many_requests_by_proxy(seconds: float) -> Answer:
    """Return a 429 as Cloudflare gives it: a web page, without `Via` and without any of Discord's headers."""
    headers = {"Retry-After": str(int(seconds) + 1), "Server": "cloudflare"}
    return Answer(429, headers=headers, text=_PAGE_OF_CLOUDFLARE, content_type="text/html", is_by_proxy=True)


def _is_post(call: Call) -> bool:
    return call.method == "POST" and call.template == _EXECUTE


def _is_own_post(call: Call) -> bool:
    return call.method == "POST" and call.template == _MESSAGES


def _own_posts_key(call: Call) -> str:
    return f"own posts {call.parts['channel_id']}"


def _webhook_key(call: Call) -> str:
    return f"webhook {call.parts['webhook_id']} {call.parts['webhook_token']}"
