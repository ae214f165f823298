"""How the house lets a room wait: for what hinders it, and where nobody may have the next turn."""

from __future__ import annotations

from bot.draft import Draft
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import PauseCause, Paused
from bot.room.order import waits_for_conductor, whose_turn
from bot.room.state import Phase, RoomState
from bot.words import t


async def pause(room: OpenRoom, reason: str, cause: PauseCause = "") -> None:
    """Let a running room wait, and say why."""
    async with room.draft() as draft:
        _enter(draft, reason, cause)
    await room.say()


async def pause_without_a_turn(room: OpenRoom, budget_usd: float) -> None:
    """Let a running room wait if nobody may have the next turn there.

    Until that is written down people may have seated or unmuted somebody, said something new, or let it cost more.
    """
    async with room.draft() as draft:
        why = why_no_turn(room, draft.state, budget_usd)
        if why is not None:
            _enter(draft, *why)
    await room.say()


def why_no_turn(room: OpenRoom, state: RoomState, budget_usd: float) -> tuple[str, PauseCause] | None:
    """Return why nobody may have the next turn in a room, and the cause; None where somebody may.

    A conductor's room waits without a pause. A budget of 0 is no limit.
    """
    if whose_turn(state) is None and not waits_for_conductor(state):
        return notices.nobody_speaks(state), ""
    if 0 < budget_usd <= state.cost_since_granted_usd:
        return notices.too_costly(state.cost_since_granted_usd), "cost"
    return (room.circling.reason, "circling") if room.circling.reason else None


def _enter(draft: Draft, reason: str, cause: PauseCause) -> None:
    if draft.state.phase is Phase.RUNNING:
        why = t(reason)
        draft.enter(Paused(reason=why, cause=cause))
        draft.notice(notices.paused(why, draft.state.order, returns=cause == "place"))
