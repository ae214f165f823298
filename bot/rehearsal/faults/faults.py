"""The faults of a rehearsal's Discord: which requests and events they are for, and the record of what struck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.rehearsal.faults.blows import Blow
from bot.rehearsal.faults.deeds import deed_of, route_of
from bot.rehearsal.faults.fates import Fate, Late, Lost, Overtaken, Twice
from bot.rehearsal.faults.rules import Occasions, Rule
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.events import Event

GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Fault(Rule):
    """Something that happens to requests.

    Args:
        happens: what.
        method: of the requests; `*` is any.
        route: their template as Discord documents it, such as `/webhooks/{webhook_id}/{webhook_token}`, or a
            pattern for their path, such as `/channels/*/messages`.
        only: a further condition.
    """

    happens: Blow
    method: str = "*"
    route: str = "*"
    only: Callable[[Call], bool] | None = None

    def is_for(self, call: Call) -> bool:
        """Return whether this request is one of them."""
        is_there = self.route == call.template or fnmatchcase(call.path, self.route)
        return is_there and self.method in ("*", call.method) and (self.only is None or self.only(call))


@dataclass(frozen=True, slots=True)
class EventFault(Rule):
    """Something that happens to events on their way to the bot, by their name or a pattern for it (`MESSAGE_*`)."""

    happens: Fate
    name: str = "*"


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that struck: its kind (`ServerError`), what it struck (`POST /…`, `gateway`), and a sentence."""

    kind: str
    route: str
    sentence: str


class Faults:
    """Lets faults strike by their rules. Set `seed` before adding those with a chance; `struck` remembers all."""

    def __init__(self) -> None:
        self.seed = 0
        self.struck: list[Struck] = []
        self.listeners: list[Callable[[Struck], None]] = []
        self.excused: set[int] = set()
        """Codes of refusals that are no problem of the bot's, because it was us who took away what it asks for."""
        self._on_requests: list[tuple[Fault, Occasions]] = []
        self._on_events: list[tuple[EventFault, Occasions]] = []
        self._overtaken: list[Event] = []

    def add(self, *faults: Fault | EventFault) -> None:
        """Add faults. For each request or event the earlier ones are asked first, until one answers."""
        for fault in faults:
            number = len(self._on_requests) + len(self._on_events)
            occasions = Occasions(fault, f"{self.seed} {number}")
            if isinstance(fault, Fault):
                self._on_requests.append((fault, occasions))
            else:
                self._on_events.append((fault, occasions))

    def clear(self) -> None:
        """Take all faults away; what struck is remembered."""
        self._on_requests.clear()
        self._on_events.clear()

    def excuse(self, *codes: int) -> None:
        """Note no problem when Discord refuses a request of the bot's with one of these codes."""
        self.excused.update(codes)

    def note(self, kind: str, route: str, sentence: str) -> None:
        """Write down that a fault struck."""
        struck = Struck(kind, route, sentence)
        self.struck.append(struck)
        for listener in self.listeners:
            listener(struck)

    async def before(self, call: Call) -> Answer | None:
        """Answer a request before anything is done, if a fault wants that."""
        return await self._strike(call, None)

    async def after(self, call: Call, answer: Answer) -> Answer | None:
        """Put another answer in place of the true one, if a fault wants that."""
        return await self._strike(call, answer)

    def carry(self, event: Event, tell: Callable[[Event], None]) -> None:
        """Take an event to the bot: at once, or as a fault wants it."""
        overtaken, self._overtaken = self._overtaken, []
        match self._fate_of(event):
            case None:
                tell(event)
            case Lost():
                pass
            case Twice():
                tell(event)
                tell(event)
            case Late(seconds):
                asyncio.get_running_loop().call_later(seconds, tell, event)
            case Overtaken():
                self._overtaken.append(event)
        for one in overtaken:
            tell(one)

    async def _strike(self, call: Call, answer: Answer | None) -> Answer | None:
        for fault, occasions in tuple(self._on_requests):
            blow = fault.happens
            if blow.after is (answer is not None) and fault.is_for(call) and occasions.strike():
                self.note(type(blow).__name__, route_of(call), blow.told_of(deed_of(call)))
                if (instead := await blow.strike(answer)) is not None:
                    return instead
        return None

    def _fate_of(self, event: Event) -> Fate | None:
        for fault, occasions in self._on_events:
            if fnmatchcase(event.name, fault.name) and occasions.strike():
                fate = fault.happens
                self.note(type(fate).__name__, GATEWAY, f"An event of the gateway ({event.name}) {fate.told}")
                return fate
        return None
