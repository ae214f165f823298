"""Who was called on: by people, and by the words of others where these decide who speaks next."""

from __future__ import annotations

from dataclasses import replace

from bot.room.addressing import spoken_to
from bot.room.entries import CalledOn
from bot.room.order import next_in_turn
from bot.room.state import RoomState


def called_after(called: tuple[int, ...], entry: CalledOn) -> tuple[int, ...]:
    """Return the queue after one more call: at its end, unless the seat stands in it already."""
    others = tuple(number for number in called if number != entry.seat)
    if entry.first:
        return (entry.seat, *others)
    if entry.again:
        return (entry.seat, *others, entry.seat)
    return called if entry.seat in called else (*called, entry.seat)


def called_after_turn(called: tuple[int, ...], seat: int) -> tuple[int, ...]:
    """Return the queue after a turn of `seat`, which answers one call of it."""
    at = called.index(seat) if seat in called else len(called)
    return (*called[:at], *called[at + 1 :])


def called_after_pause(state: RoomState) -> tuple[int, ...]:
    """Return the queue after a pause: who is asked anew hears what it was called on for, and need not speak again."""
    return tuple(dict.fromkeys(state.called)) if state.answered is None else state.called


def without_calls_of(state: RoomState, seat: int) -> RoomState:
    """Let nobody wait for a seat that has no turns."""
    return replace(state, called=tuple(number for number in state.called if number != seat))


def addressed_by(state: RoomState, speaker: int, text: str) -> RoomState:
    """Let whom words are spoken to speak next, where that is the order: once a round, so that nobody is starved.

    Who would be next anyhow, or was called on already, keeps that for later.
    """
    named = spoken_to(state, speaker, text) if state.order == "addressed" else None
    if named is None or named.number in {*state.addressed, *state.called}:
        return state
    if not state.called and named == next_in_turn(state):
        return state
    return replace(state, called=(*state.called, named.number), addressed=state.addressed | {named.number})
