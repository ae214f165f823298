"""The lines about a room as a whole: that it begins, waits, goes on and ends, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from bot.room import order
from bot.room.notices.foreign import in_a_line
from bot.room.notices.people import MODES, ORDERS, loved
from bot.room.notices.seats import muted_for
from bot.room.reactions import Reactions
from bot.room.state import Phase, RoomState, Seat

OFFLINE = "*Offline cast: these words and pictures are made by a program on this computer, not by the models named.*"
NOBODY_ANSWERS = "No AI here gives an answer at the moment."
EVERYONE_IS_MUTED = "Every AI here is muted. `/backroom unmute` lets one speak again."
RUNNING_ALREADY = "The room is running already. `/backroom pause` lets it wait."
RUNNING_FOR_CONDUCTOR = (
    "The room is running already, and waits for somebody to say who speaks: `/backroom step seat:AI-2`."
)
NEEDS_A_SEAT = "Here a person says who speaks: name one, as in `/backroom step seat:AI-2`."
PLACE_IS_OPEN = "The AIs can speak here again."
PLACE_IS_GONE = "The channel was deleted."
DISK_IS_BACK = "What happens here can be written down again."


def opened(state: RoomState, summary: str) -> list[str]:
    """Say that a room begins: what it is about, who sits in it, for how long, and who answers."""
    if state.opened is None:
        return []
    room = state.opened
    rounds = "until it is stopped" if not room.rounds else f"for {room.rounds} round{'s' * (room.rounds > 1)}"
    lines = [
        f"🚪 **{room.scenario}**, opened by {room.by_name}, {rounds}. {summary}",
        f"At the table: {', '.join(seat.label for seat in state.seats)}.",
        *(f"> {line}" for line in room.opening.splitlines()),
    ]
    if room.order != "round_robin" or room.mode != "open":
        lines.append(f"Who speaks: {ORDERS[room.order]}. People: {MODES[room.mode]}.")
    lines += [line for line in (waits_for_conductor(state),) if line]
    if room.offline:
        lines.append(OFFLINE)
    return lines


def forked(state: RoomState, by_name: str, link: str) -> list[str]:
    """Say in a fork where it comes from, and who sits in it; `link` leads to the message that it goes on from."""
    if state.opened is None:
        return []
    lines = [
        f"🍴 **{state.opened.scenario}**, forked by {by_name}: everything up to {link} is shared, and goes on here.",
        f"At the table: {', '.join(seat.label for seat in state.present)}.",
    ]
    return [*lines, OFFLINE] if state.opened.offline else lines


def first_post(scenario: str, summary: str) -> str:
    """Begin a forum's post, which needs words of its own before the room is open."""
    return f"🚪 **{scenario}**. {summary}"


def waits_for_conductor(state: RoomState) -> str:
    """Say, where it is so, that the room goes on when a person says who speaks; nothing elsewhere."""
    if not _waits(state):
        return ""
    return "🎼 The room waits for its conductor: `/backroom step seat:` lets an AI speak."


def nobody_speaks(state: RoomState) -> str:
    """Say why a room waits in which nobody has a turn."""
    return EVERYONE_IS_MUTED if any(seat.muted_by for seat in state.present) else NOBODY_ANSWERS


def status(state: RoomState, most_loved: Sequence[Reactions] = ()) -> str:
    """Tell one person how a room stands."""
    if state.opened is None:
        return "The room is empty."
    of_rounds = f" of {state.opened.rounds}" if state.opened.rounds else ""
    turn = order.whose_turn(state)
    lines = [
        f"**{state.opened.scenario}** · {_phase(state)} · round {state.round}{of_rounds} · turn {state.turn + 1}",
        f"Who speaks: {ORDERS[state.order]} · people: {MODES[state.mode]}",
        *(_seat_status(state, seat, is_next=turn is not None and seat.number == turn.number) for seat in state.present),
        *_those_who_left(state),
        f"Pictures being made: {len(state.pictures_pending)} · cost so far: ${state.cost_usd:.4f}",
        *(loved(one.whose, one.said, one.counts) for one in most_loved),
    ]
    return "\n".join(lines + [OFFLINE] * state.opened.offline)


def _phase(state: RoomState) -> str:
    if state.phase is Phase.PAUSED and state.pause_reason:
        return f"paused: {state.pause_reason.rstrip('.')}"
    return "waits for its conductor" if _waits(state) else state.phase.value


def _waits(state: RoomState) -> bool:
    return state.phase is Phase.RUNNING and order.waits_for_conductor(state)


def _those_who_left(state: RoomState) -> list[str]:
    left = ", ".join(seat.label for seat in state.seats if seat.removed)
    return [f"Left: {left}"] if left else []


def _seat_status(state: RoomState, seat: Seat, *, is_next: bool) -> str:
    temperature = "its model's own temperature" if seat.temperature is None else f"temperature {seat.temperature:g}"
    remarks = [temperature]
    if seat.muted:
        remarks.append(muted_for(seat, has_gone=seat.number in state.gone))
    if is_next:
        remarks.append("its turn")
    elif seat.number in state.called and seat.is_asked:
        remarks.append("called on")
    return f"{'▶' if is_next else '·'} **{seat.label}**: {', '.join(remarks)}"


def host_is_out(host: str) -> str:
    """Say why a room waits for a host."""
    return f"{host} does not answer at the moment. The room goes on by itself as soon as it does."


def goes_on(what_happened: str) -> str:
    """Say that the house lets the room go on."""
    return f"▶️ {what_happened} The room goes on."


def too_costly(cost_usd: float) -> str:
    """Say why a room waits for a person to allow it to cost more."""
    return f"It has cost ${cost_usd:.2f}, which is as much as it may before a person lets it go on."


def waits_for_the_disk(reason: str) -> str:
    """Say, outside the journal, that nothing can be written down."""
    return f"⏸️ The room waits, because nothing can be written down. {reason}"


def letter(where: str, reason: str, *, ended: bool) -> str:
    """Tell the person who opened a room what cannot be told in it."""
    room = f"The room that you opened in {where}"
    if ended:
        return f"{room} is over. {reason}"
    return f"{room} is paused. {reason} It goes on by itself when the AIs can speak there again."


def paused(reason: str, by_name: str = "", *, returns: bool = False) -> str:
    """Say that the room waits: for a person, or (`returns`) until it goes on by itself."""
    who = f"{by_name} paused the room." if by_name else "The room is paused."
    how = "" if returns else " `/backroom resume` goes on, `/backroom step` takes one turn."
    return f"⏸️ {who} {in_a_line(reason)}".rstrip() + how


def resumed(by_name: str) -> str:
    """Say that the room goes on."""
    return f"▶️ {by_name} resumed the room."


def stopped(by_name: str) -> str:
    """Say that a person ended the room."""
    return f"⏹️ {by_name} stopped the room. `/backroom start` opens a new one."


def rounds_over(rounds: int) -> str:
    """Say that the room ended by itself."""
    count = "The round is" if rounds == 1 else f"All {rounds} rounds are"
    return f"⏹️ {count} over. `/backroom start` opens a new room."
