"""The room's panel: one message that says how the room stands, kept up to date."""

from __future__ import annotations

from bot.room.notices.foreign import in_a_line
from bot.room.order import whose_turn
from bot.room.state import Phase, RoomState, Seat

PANEL_SIGN = "🎛️"
"""What every panel begins with, and no other line of the house."""
REASON_LIMIT = 200


def panel(state: RoomState, speaker: int | None = None, since: float = 0.0) -> str:
    """Say who sits in a room and how it stands; `speaker` is the seat whose model is asked, since so many Unix seconds.

    Discord shows that moment to each reader in their own words, so that the panel need not be edited as time passes.
    """
    if state.opened is None:
        return f"{PANEL_SIGN} The room is empty."
    of_rounds = f" of {state.opened.rounds}" if state.opened.rounds else ""
    round_now = min(state.round, state.opened.rounds) if state.opened.rounds else state.round
    is_over = state.phase is Phase.ENDED
    turn = None if is_over else whose_turn(state)
    lines = [
        f"{PANEL_SIGN} **{in_a_line(state.opened.scenario)}** · {_phase(state)} · round {round_now}{of_rounds} "
        f"· ${state.cost_usd:.4f}",
        *(_seat(seat, speaker, since, turn.number if turn else None) for seat in state.present),
    ]
    if state.pictures_pending and not is_over:
        lines.append(f"Pictures being made: {len(state.pictures_pending)}")
    return "\n".join(lines)


def _phase(state: RoomState) -> str:
    if state.phase is Phase.ENDED:
        return "over"
    if state.phase is Phase.PAUSED:
        reason = in_a_line(state.pause_reason).rstrip(".")
        return f"paused: {reason[:REASON_LIMIT]}" if reason else "paused"
    return "running"


def _seat(seat: Seat, speaker: int | None, since: float, next_one: int | None) -> str:
    temperature = "own temperature" if seat.temperature is None else f"temperature {seat.temperature:g}"
    remarks = [temperature]
    if seat.muted:
        rounds = seat.muted_rounds
        remarks.append("muted" if rounds is None else f"muted, {rounds} more round{'s' * (rounds != 1)}")
    if seat.number == speaker:
        remarks.append(f"speaking, asked <t:{int(since)}:R>")
    elif seat.number == next_one:
        remarks.append("next")
    sign = "🎙️" if seat.number == speaker else "▶" if seat.number == next_one else "·"
    return f"{sign} **{seat.label}**: {', '.join(remarks)}"
