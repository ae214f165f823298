"""The storms that can be rehearsed, by name. A person's command is spared: three seconds leave no room for a retry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.rehearsal.faults import incidents
from bot.rehearsal.faults.blows import Blow, Cut, Delay, Html, NothingLeft, RateLimited, ServerError
from bot.rehearsal.faults.fates import Fate, Late, Lost, Overtaken, Twice
from bot.rehearsal.faults.faults import EventFault, Fault
from bot.rehearsal.faults.host import FAIR, HostWeather
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.rest.refusals import (
    INVALID_WEBHOOK_TOKEN,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    TAKES_NO_DIRECT_MESSAGES,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
)
from bot.rehearsal.world.interactions import Interaction
from bot.rehearsal.world.world import World

Chances = Sequence[tuple[Blow, float]]
_EVENTS = "MESSAGE_*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a storm is made of.

    Args:
        posts: what happens to posts of personas, and how likely.
        others: what happens to other requests.
        events: what happens to events about messages.
        incidents: what befalls the room now and then; one of them after some messages.
        messages_between_incidents: from and to.
        limits_are_enforced: whether Discord counts.
        host: the weather at the models' host.
    """

    posts: Chances = ()
    others: Chances = ()
    events: Sequence[tuple[Fate, float]] = ()
    incidents: Sequence[incidents.Incident] = ()
    messages_between_incidents: tuple[int, int] = (2, 4)
    limits_are_enforced: bool = False
    host: HostWeather = FAIR

    def faults(self, world: World) -> Iterator[Fault | EventFault]:
        """Yield the faults on requests and events."""
        is_post, is_other = _kinds_of_calls(world)
        for blow, chance in self.posts:
            yield Fault(blow, only=is_post, chance=chance)
        for blow, chance in self.others:
            yield Fault(blow, only=is_other, chance=chance)
        for fate, chance in self.events:
            yield EventFault(fate, _EVENTS, chance=chance)


EXCUSED = tuple(
    reason.code
    for reason in (
        UNKNOWN_WEBHOOK,
        INVALID_WEBHOOK_TOKEN,
        UNKNOWN_MESSAGE,
        MISSING_ACCESS,
        MISSING_PERMISSIONS,
        TAKES_NO_DIRECT_MESSAGES,
    )
)
"""Codes with which Discord refuses what a storm took away; a bot that was kicked has no way to a person either."""

_DROPS = (incidents.drop_the_connection, incidents.end_the_session, incidents.ask_to_reconnect)

STORMS = {
    "storm": Plan(
        posts=(
            (RateLimited(0.5), 0.07),
            (RateLimited(0.5, "shared", shows_remaining=True), 0.05),
            (RateLimited(1.0, via=False), 0.05),
            (ServerError(502), 0.07),
            (ServerError(500, after=True), 0.07),
            (Cut(), 0.05),
            (Cut(after=True), 0.07),
            (Delay(0.5), 0.1),
            (Delay(0.5, after=True), 0.05),
        ),
        others=((RateLimited(0.5), 0.03), (ServerError(502), 0.03), (Cut(), 0.02), (Delay(0.5), 0.05)),
        events=((Twice(), 0.05), (Late(0.5), 0.03), (Overtaken(), 0.03)),
        incidents=(*_DROPS, incidents.delete_the_webhook),
        host=HostWeather(
            chance_of_failure=0.05, chance_of_outage=0.04, requests_in_an_outage=2, chance_of_slowness=0.1
        ),
    ),
    "limits": Plan(
        posts=(
            (RateLimited(2.0, "shared", shows_remaining=True), 0.1),
            (RateLimited(1.0), 0.1),
            (RateLimited(1.0, via=False), 0.05),
            (NothingLeft(1.0), 0.1),
        ),
        others=((RateLimited(1.0), 0.1),),
        limits_are_enforced=True,
    ),
    "outage": Plan(
        posts=(
            (ServerError(500), 0.08),
            (ServerError(502, after=True), 0.08),
            (ServerError(503), 0.08),
            (Html(502), 0.05),
            (Html(504, after=True), 0.05),
            (Cut(), 0.05),
            (Cut(after=True), 0.05),
            (Delay(1.0), 0.1),
        ),
        others=((ServerError(500), 0.08), (Html(502), 0.05), (Cut(), 0.05)),
        incidents=(incidents.take_the_guild_away,),
        messages_between_incidents=(3, 5),
        host=HostWeather(chance_of_failure=0.1, chance_of_outage=0.1, chance_of_slowness=0.2),
    ),
    "gateway": Plan(
        events=((Twice(), 0.15), (Late(1.0), 0.1), (Overtaken(), 0.15), (Lost(), 0.1)),
        incidents=(*_DROPS, incidents.leave_heartbeats_unanswered),
    ),
    "vandal": Plan(
        incidents=(
            incidents.delete_the_webhook,
            incidents.rename_the_webhook,
            incidents.move_the_webhook,
            incidents.delete_a_message,
            incidents.delete_many_messages,
            incidents.take_a_permission,
            incidents.kick_the_bot,
        ),
    ),
}


def _kinds_of_calls(world: World) -> tuple[Callable[[Call], bool], Callable[[Call], bool]]:
    """Return two conditions: a post of a persona, and any other request; what belongs to a command is neither."""

    def interaction_of(call: Call) -> Interaction | None:
        token = call.parts.get("interaction_token") or call.parts.get("webhook_token", "")
        return world.interactions.get(token)

    def is_post(call: Call) -> bool:
        executes = call.method == "POST" and call.template == "/webhooks/{webhook_id}/{webhook_token}"
        return executes and interaction_of(call) is None

    def is_other(call: Call) -> bool:
        return interaction_of(call) is None and not is_post(call)

    return is_post, is_other
