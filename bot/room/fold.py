"""From the journal to the state of a room: what each entry changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.room.calls import addressed_by, called_after, called_after_pause, called_after_turn, without_calls_of
from bot.room.entries import (
    Answered,
    CalledOn,
    Ended,
    Entry,
    Failed,
    Forked,
    Heard,
    Joined,
    ModelChanged,
    ModeSet,
    Muted,
    Opened,
    OrderSet,
    Paused,
    PictureAsked,
    PictureBegun,
    PictureFailed,
    PictureMade,
    Prompted,
    Removed,
    Respoken,
    Resumed,
    Skipped,
    Spent,
    Spoke,
    TemperatureSet,
    Unmuted,
)
from bot.room.order import next_in_turn
from bot.room.state import OWN_PROMPT_LIMIT, Phase, RoomState, Seat

PASSING_CAUSES = ("place", "host")
"""After these the house lets a room go on by itself, for as many turns as a person wanted."""


def fold(entries: Iterable[Entry], state: RoomState | None = None) -> RoomState:
    """Return the state after `entries`, beginning with `state` or with an empty room."""
    state = state or RoomState()
    for entry in entries:
        state = after(state, entry)
    return state


def after(state: RoomState, entry: Entry) -> RoomState:
    """Return the state after one more entry."""
    match entry:
        case Opened() | Paused() | Resumed() | Ended() | Forked() | OrderSet() | ModeSet():
            return _room_after(state, entry)
        case Joined() | Removed() | ModelChanged() | CalledOn() | Muted() | Unmuted() | Prompted() | TemperatureSet():
            return _seats_after(state, entry)
        case Answered() | Spoke() | Failed() | Skipped() | Respoken() | Spent():
            return _turn_after(state, entry)
        case PictureAsked() | PictureBegun() | PictureMade() | PictureFailed():
            return _pictures_after(state, entry)
        case Heard():
            state = replace(state, pictures_asked=max(state.pictures_asked, *entry.pictures, 0))
            return addressed_by(state, 0, entry.text)
        case _:
            return state


def _room_after(state: RoomState, entry: Opened | Paused | Resumed | Ended | Forked | OrderSet | ModeSet) -> RoomState:
    match entry:
        case Opened():
            return replace(state, opened=entry, mode=entry.mode, order=entry.order)
        case OrderSet():
            return replace(state, order=entry.order, called=())
        case ModeSet():
            return replace(state, mode=entry.mode)
        case Forked():
            return _forked(state, entry)
        case Paused():
            return replace(
                state,
                phase=Phase.PAUSED,
                pause_reason=entry.reason,
                pause_cause=entry.cause,
                called=state.called if entry.cause in PASSING_CAUSES else called_after_pause(state),
                turns_until_pause=state.turns_until_pause if entry.cause in PASSING_CAUSES else None,
            )
        case Resumed():
            return _resumed(state, entry)
        case Ended():
            return replace(state, phase=Phase.ENDED, pictures_pending=())


def _seats_after(
    state: RoomState,
    entry: Joined | Removed | ModelChanged | CalledOn | Muted | Unmuted | Prompted | TemperatureSet,
) -> RoomState:
    match entry:
        case Joined():
            newcomer = Seat(entry.seat, entry.model, entry.invited_by, entry.invitation)
            return replace(state, seats=(*state.seats, newcomer))
        case Muted():
            return _muted(state, entry)
        case Unmuted():
            return _with_seat(state, entry.seat, muted=False, muted_rounds=None, muted_by="", failures=0)
        case Removed():
            return _removed(state, entry)
        case ModelChanged():
            muted = _with_another_chance(state.seat(entry.seat)).muted
            state = _with_seat(state, entry.seat, model=entry.model, temperature=None, failures=0, out="", muted=muted)
            return _without_answer_of(state, entry.seat)
        case CalledOn():
            return replace(state, called=called_after(state.called, entry))
        case Prompted():
            prompts = _newest((*state.seat(entry.seat).prompts, entry.text))
            return _with_seat(state, entry.seat, prompts=prompts)
        case TemperatureSet():
            return _with_seat(state, entry.seat, temperature=entry.temperature)


def _turn_after(state: RoomState, entry: Answered | Spoke | Failed | Skipped | Respoken | Spent) -> RoomState:
    match entry:
        case Answered():
            return _answered(state, entry)
        case Spoke():
            return _spoke(state, entry)
        case Failed():
            return _turn_over(_failed(state, entry), entry)
        case Skipped():
            return _turn_over(state, entry)
        case Respoken() | Spent():
            return replace(state, cost_usd=state.cost_usd + (entry.cost_usd or 0.0))


def _pictures_after(state: RoomState, entry: PictureAsked | PictureBegun | PictureMade | PictureFailed) -> RoomState:
    match entry:
        case PictureAsked():
            return _picture_asked(state, entry)
        case PictureBegun():
            return replace(state, pictures_begun=(*state.pictures_begun, entry.picture))
        case PictureMade() | PictureFailed():
            return _picture_done(state, entry)


def _with_seat(state: RoomState, number: int, **changes: object) -> RoomState:
    seats = tuple(
        replace(seat, **changes) if seat.number == number else seat  # pyright: ignore[reportArgumentType]
        for seat in state.seats
    )
    return replace(state, seats=seats)


def _answered(state: RoomState, entry: Answered) -> RoomState:
    """Take an answer, and what it says about its host: one that answers a seat it had failed is there for all."""
    if entry.host in state.silent_hosts and state.seat(entry.seat).out == entry.host:
        seats = tuple(replace(seat, out="", failures=0) if seat.out == entry.host else seat for seat in state.seats)
        state = replace(state, seats=seats)
    return replace(
        state,
        answered=entry,
        cost_usd=state.cost_usd + (entry.cost_usd or 0.0),
        silent_hosts=state.silent_hosts - {entry.host},
        probes=0,
    )


def _failed(state: RoomState, entry: Failed) -> RoomState:
    failures = state.seat(entry.seat).failures + 1
    state = _with_seat(state, entry.seat, failures=failures, out=entry.host)
    return replace(
        state,
        cost_usd=state.cost_usd + (entry.cost_usd or 0.0),
        silent_hosts=state.silent_hosts | ({entry.host} - {""}),
    )


def _spoke(state: RoomState, entry: Spoke) -> RoomState:
    return addressed_by(_turn_over(_with_seat(state, entry.seat, failures=0, out=""), entry), entry.seat, entry.text)


def _muted(state: RoomState, entry: Muted) -> RoomState:
    """Pass over a seat; its rounds are those in which it would have spoken, so one that has spoken begins later."""
    rounds = entry.rounds
    if rounds is not None and entry.seat in state.gone:
        rounds += 1
    state = _with_seat(state, entry.seat, muted=True, muted_rounds=rounds, muted_by=entry.by_name)
    return _next_round_if_over(without_calls_of(_without_answer_of(state, entry.seat), entry.seat))


def _removed(state: RoomState, entry: Removed) -> RoomState:
    state = _with_seat(state, entry.seat, removed=True)
    return _next_round_if_over(without_calls_of(_without_answer_of(state, entry.seat), entry.seat))


def _without_answer_of(state: RoomState, number: int) -> RoomState:
    """Drop an answer that has arrived and is not said yet: nobody is there, or somebody else, to say it."""
    is_theirs = state.answered is not None and state.answered.seat == number
    return replace(state, answered=None) if is_theirs else state


def _forked(state: RoomState, entry: Forked) -> RoomState:
    """Let a copy begin where the other room stood: running, without what was under way there, its costs not its own.

    It is the room of whoever forked it; where all rounds were over, it has as many again.
    """
    opened = state.opened
    if opened is not None:
        rounds = state.round - 1 + opened.rounds if state.rounds_are_over else opened.rounds
        opened = opened.model_copy(update={"by": entry.by, "by_name": entry.by_name, "rounds": rounds})
    return replace(
        state,
        opened=opened,
        phase=Phase.RUNNING,
        answered=None,
        pictures_pending=(),
        pictures_begun=(),
        pictures_this_turn=0,
        turns_until_pause=None,
        pause_reason="",
        pause_cause="",
        probes=0,
        cost_usd=0.0,
        cost_granted_usd=0.0,
    )


def _turn_over(state: RoomState, entry: Spoke | Failed | Skipped) -> RoomState:
    left = None if state.turns_until_pause is None else state.turns_until_pause - 1
    state = replace(
        state,
        gone=state.gone | {entry.seat},
        called=called_after_turn(state.called, entry.seat),
        turn=entry.turn,
        answered=None,
        pictures_this_turn=0,
        turns_until_pause=left or None,
        phase=Phase.PAUSED if left == 0 else state.phase,
    )
    return _next_round_if_over(state)


def _next_round_if_over(state: RoomState) -> RoomState:
    """Begin the next round when everyone has had their go; seats that were muted for so many rounds come back."""
    if not state.gone or next_in_turn(state) is not None:
        return state
    seats = tuple(_one_round_later(seat) for seat in state.seats)
    return replace(state, seats=seats, round=state.round + 1, gone=frozenset(), addressed=frozenset())


def _one_round_later(seat: Seat) -> Seat:
    if seat.muted_rounds is None:
        return seat
    left = seat.muted_rounds - 1
    return replace(seat, muted=left > 0, muted_rounds=left if left > 0 else None)


def _picture_asked(state: RoomState, entry: PictureAsked) -> RoomState:
    return replace(
        state,
        pictures_asked=max(state.pictures_asked, entry.picture),
        pictures_this_turn=state.pictures_this_turn + (entry.seat is not None),
        pictures_pending=(*state.pictures_pending, entry),
    )


def _picture_done(state: RoomState, entry: PictureMade | PictureFailed) -> RoomState:
    pending = tuple(asked for asked in state.pictures_pending if asked.picture != entry.picture)
    begun = tuple(picture for picture in state.pictures_begun if picture != entry.picture)
    cost = state.cost_usd + (entry.cost_usd or 0.0)
    return replace(state, pictures_pending=pending, pictures_begun=begun, cost_usd=cost)


def _resumed(state: RoomState, entry: Resumed) -> RoomState:
    state = replace(
        state,
        phase=Phase.RUNNING,
        turns_until_pause=entry.turns if entry.by_name else state.turns_until_pause,
        pause_reason="",
        pause_cause="",
    )
    if entry.probe:
        return replace(state, probes=state.probes + 1)
    if not entry.by_name:
        return state
    seats = tuple(_with_another_chance(seat) for seat in state.seats)
    return replace(state, seats=seats, cost_granted_usd=state.cost_usd, probes=0)


def _newest(prompts: tuple[str, ...]) -> tuple[str, ...]:
    while len(prompts) > 1 and sum(map(len, prompts)) > OWN_PROMPT_LIMIT:
        prompts = prompts[1:]
    return (prompts[0][-OWN_PROMPT_LIMIT:],) if len(prompts) == 1 else prompts


def _with_another_chance(seat: Seat) -> Seat:
    """Unmute whom the house has muted for failing; a person's muting stays."""
    return replace(seat, muted=seat.muted and bool(seat.muted_by), failures=0)
