"""The room's panel: one message that says how the room stands, kept up to date."""

from __future__ import annotations

from bot.room.entries import Opened
from bot.room.hindrance import Hindrance
from bot.room.notices.foreign import in_a_line
from bot.room.notices.people import how_heard
from bot.room.order import waits_for_conductor, whose_turn
from bot.room.state import Phase, RoomState, Seat
from bot.words import spoken, t

PANEL_SIGN = "🎛️"
"""What every panel begins with, and no other line of the house."""
REASON_LIMIT = 200


def panel(
    state: RoomState,
    speaker: int | None = None,
    since: float = 0.0,
    hindrance: Hindrance | None = None,
    *,
    readable: bool = True,
) -> str:
    """Say who sits in a room and how it stands, in the language that the house speaks there.

    `speaker` is the seat whose model is asked, since so many Unix seconds. Discord shows that moment to each reader in
    their own words, so that the panel need not be edited as time passes. `readable` is whether the bot may read what
    people write there.
    """
    if state.opened is None:
        return f"{PANEL_SIGN} {t('The room is empty.')}"
    with spoken(state.opened.locale):
        return _panel(state, state.opened, speaker, since, hindrance, readable=readable)


def _panel(
    state: RoomState,
    opened: Opened,
    speaker: int | None,
    since: float,
    hindrance: Hindrance | None,
    *,
    readable: bool,
) -> str:
    rounds = opened.rounds
    round_now = (
        t("round {round} of {rounds}", round=min(state.round, rounds), rounds=rounds)
        if rounds
        else t("round {round}", round=state.round)
    )
    phase, is_over = _phase(state, hindrance), state.phase is Phase.ENDED
    turn = None if is_over else whose_turn(state)
    cost = t("${cost:.4f}", cost=state.cost_usd)
    lines = [
        f"{PANEL_SIGN} **{in_a_line(opened.scenario)}** · {phase} · {round_now} · {cost}",
        *(_seat(state, seat, speaker, since, turn.number if turn else None) for seat in state.present),
    ]
    if not is_over and (state.mode != "open" or not readable):
        lines.append(f"👂 {t('People: {mode}.', mode=t(how_heard(state.mode, readable=readable)))}")
    if state.pictures_pending and not is_over:
        lines.append(t("Pictures being made: {count}", count=len(state.pictures_pending)))
    return "\n".join(lines)


def _phase(state: RoomState, hindrance: Hindrance | None) -> str:
    if state.phase is Phase.ENDED:
        return t("over")
    if state.phase is Phase.PAUSED and hindrance is not None and state.pause_cause != "place":
        return t("paused, words wait: {reason}", reason=in_a_line(t(hindrance.reason)).rstrip(".")[:REASON_LIMIT])
    if state.phase is Phase.PAUSED:
        reason = in_a_line(state.pause_reason).rstrip(".")
        return t("paused: {reason}", reason=reason[:REASON_LIMIT]) if reason else t("paused")
    if hindrance is not None:
        return t("waits: {reason}", reason=in_a_line(t(hindrance.reason)).rstrip(".")[:REASON_LIMIT])
    return t("waits for its conductor") if waits_for_conductor(state) else t("running")


def _seat(state: RoomState, seat: Seat, speaker: int | None, since: float, next_one: int | None) -> str:
    own = seat.temperature is None
    remarks = [
        t("its model's own temperature") if own else t("temperature {temperature:g}", temperature=seat.temperature)
    ]
    if seat.muted:
        remarks.append(_muted(state.rounds_muted(seat)))
    if seat.number == speaker:
        remarks.append(t("speaking, asked {when}", when=f"<t:{int(since)}:R>"))
    elif seat.number == next_one:
        remarks.append(t("next"))
    sign = "🎙️" if seat.number == speaker else "▶" if seat.number == next_one else "·"
    return f"{sign} **{seat.label}**: {', '.join(remarks)}"


def _muted(rounds: int | None) -> str:
    if rounds is None:
        return t("muted")
    return t("muted, 1 more round") if rounds == 1 else t("muted, {rounds} more rounds", rounds=rounds)
