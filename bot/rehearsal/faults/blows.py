"""What can happen to a request: a limit, an error, a broken connection, a delay, a web page, a refusal."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any

from bot.rehearsal.faults.deeds import Deed
from bot.rehearsal.rest.calls import Answer, ConnectionCut
from bot.rehearsal.rest.limits import too_many_requests, too_many_requests_by_proxy
from bot.rehearsal.rest.refusals import INVALID_FORM

_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>Error {0}</h1></body></html>"


@dataclass(frozen=True, kw_only=True)
class Blow(ABC):
    """Something that happens to a request before Discord carries it out, or `after`, instead of the true answer."""

    after: bool = False

    @abstractmethod
    async def strike(self, answer: Answer | None) -> Answer | None:
        """Return what is answered instead of `answer` (None before the effect); None lets the request go on.

        Raises:
            ConnectionCut: nothing is answered.
        """

    @abstractmethod
    def told_of(self, deed: Deed) -> str:
        """Return what happens in a sentence."""


@dataclass(frozen=True)
class RateLimited(Blow):
    """A 429 that asks to wait. Without `via` it comes from Cloudflare: a web page, and no limits in its headers.

    `shows_remaining` is a hidden limit's 429: its headers say that there is something left.
    """

    seconds: float
    scope: str = "user"
    via: bool = True
    shows_remaining: bool = False

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Return the 429."""
        if not self.via:
            return too_many_requests_by_proxy(self.seconds)
        told = too_many_requests(self.seconds, self.scope)
        if self.shows_remaining:
            return told
        left = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{self.seconds:.3f}"}
        return replace(told, headers={**told.headers, **left})

    def told_of(self, deed: Deed) -> str:
        """Return who asks to wait, and how long."""
        who = "Discord" if self.via else "Cloudflare"
        return f"{who} answers {deed.request} with 429: wait {self.seconds:g} s ({self.scope} limit)"


@dataclass(frozen=True)
class NothingLeft(Blow):
    """The true answer, whose headers say that the next request of this route must wait."""

    seconds: float
    after: bool = field(default=True, kw_only=True)

    async def strike(self, answer: Answer | None) -> Answer | None:
        """Return the answer with these headers."""
        left = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{self.seconds:.3f}"}
        return replace(answer, headers={**answer.headers, **left}) if answer is not None else None

    def told_of(self, deed: Deed) -> str:
        """Return how long nothing more is allowed."""
        return f"Discord {deed.done} and allows no more for {self.seconds:g} s"


@dataclass(frozen=True)
class ServerError(Blow):
    """A 5xx in JSON: Discord did nothing, or, `after`, did it all the same."""

    status: int = 502

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Return the error."""
        return Answer(self.status, {"message": f"{self.status}: Server Error", "code": 0})

    def told_of(self, deed: Deed) -> str:
        """Return whether it was done."""
        if self.after:
            return f"Discord {deed.done} and answers {self.status}"
        return f"Discord does not take {deed.request} and answers {self.status}"


@dataclass(frozen=True)
class Html(Blow):
    """A web page where JSON is due, as proxies before Discord answer."""

    status: int = 502

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Return the page."""
        return Answer(self.status, text=_PAGE.format(self.status), content_type="text/html", is_by_proxy=True)

    def told_of(self, deed: Deed) -> str:
        """Return what is answered, and whether it was done."""
        if self.after:
            return f"Discord {deed.done} and answers with a web page ({self.status})"
        return f"A web page ({self.status}) answers {deed.request}"


@dataclass(frozen=True)
class Cut(Blow):
    """The connection breaks without an answer."""

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Break it."""
        raise ConnectionCut

    def told_of(self, deed: Deed) -> str:
        """Return whether it was done."""
        if self.after:
            return f"Discord {deed.done}, and the connection breaks before its answer"
        return f"The connection breaks before Discord takes {deed.request}"


@dataclass(frozen=True)
class StoredLate(Blow):
    """The connection breaks without an answer, and only after so many seconds Discord carries the request out."""

    seconds: float

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Break it."""
        raise ConnectionCut(self.seconds)

    def told_of(self, deed: Deed) -> str:
        """Return how late it is done."""
        return f"The connection breaks, and {self.seconds:g} s later Discord {deed.done}"


@dataclass(frozen=True)
class Delay(Blow):
    """Time passes before Discord carries the request out, or, `after`, before it answers."""

    seconds: float

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Let it pass."""
        await asyncio.sleep(self.seconds)
        return None

    def told_of(self, deed: Deed) -> str:
        """Return where the time goes."""
        if self.after:
            return f"Discord {deed.done} and takes {self.seconds:g} s to answer"
        return f"It takes {self.seconds:g} s until Discord sees {deed.request}"


@dataclass(frozen=True)
class Refuse(Blow):
    """A refusal in Discord's manner; `errors` names the fields that are wrong, for code 50035."""

    status: int
    code: int
    message: str
    errors: dict[str, Any] | None = None

    @classmethod
    def field(cls, path: str, code: str, message: str) -> Refuse:
        """Return a refusal of one field, such as `content` or `embeds.0.title`."""
        errors: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
        for key in reversed(path.split(".")):
            errors = {key: errors}
        return cls(INVALID_FORM.status, INVALID_FORM.code, INVALID_FORM.message, errors)

    async def strike(self, answer: Answer | None) -> Answer | None:  # noqa: ARG002
        """Return the refusal."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return Answer(self.status, body | ({"errors": self.errors} if self.errors else {}))

    def told_of(self, deed: Deed) -> str:
        """Return what is refused, and why."""
        return f"Discord refuses {deed.request}: {self.message} ({self.code})"


BLOCKED_BY_AUTOMOD = Refuse(400, 200000, "Message was blocked by automatic moderation")
BLOCKED_FOR_A_LINK = Refuse(400, 240000, "Message blocked by harmful links filter")
