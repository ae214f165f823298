"""What people do to the seats of a room: who sits there, with which model, and who is passed over.

As all of `bot.steering`: each is one entry or two and the line of the house about it, `by` is the person's name, and
all raise `NotPossible` with a sentence for who asked, and `StorageError` when nothing was changed.
"""

from __future__ import annotations

from bot.errors import NotPossible
from bot.models.catalogue import Model
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import CarriedOut, Joined, ModelChanged, Muted, Removed, Unmuted
from bot.room.state import SEATS_IN_A_ROOM, Seat
from bot.words import for_asker, later

MOST_ROUNDS_MUTED = 100


async def mute(room: OpenRoom, by: str, seat: Seat, rounds: int | None = None) -> None:
    """Pass over a seat, for so many rounds or until it is unmuted; whom the house muted is muted by a person then."""
    async with room.draft(by_person=True) as draft:
        current = draft.state.seat(seat.number)
        check_present(current)
        if current.muted and current.muted_by:
            sentence = later("{seat} is already muted. `/backroom unmute` lets it speak again.")
            raise NotPossible(for_asker(sentence, seat=current.label))
        if all(other.number == seat.number or not other.is_asked for other in draft.state.present):
            raise NotPossible(
                for_asker("Then no AI here could speak any more. `/backroom pause` pauses the room instead.")
            )
        draft.enter(Muted(seat=seat.number, by_name=by, rounds=rounds))
        draft.notice(notices.person_muted(by, current, rounds))


async def unmute(room: OpenRoom, by: str, seat: Seat) -> None:
    """Let a seat have its turns again."""
    async with room.draft(by_person=True) as draft:
        current = draft.state.seat(seat.number)
        check_present(current)
        if not current.muted:
            raise NotPossible(for_asker("{seat} is not muted.", seat=current.label))
        draft.enter(Unmuted(seat=seat.number, by_name=by))
        draft.notice(notices.person_unmuted(by, current))


async def remove(room: OpenRoom, by: str, seat: Seat) -> None:
    """Let a seat leave the room for good; its number stays taken, its chair is free.

    That may leave only seats that are muted, whom nobody thought of: the room waits then, and says why.
    """
    async with room.draft(by_person=True) as draft:
        current = draft.state.seat(seat.number)
        check_present(current)
        if len(draft.state.present) == 1:
            raise NotPossible(for_asker("It is the last AI in this room. `/backroom stop` ends the room."))
        told = notices.person_removed(by, current)
        draft.enter(Removed(seat=seat.number, by_name=by), _told("remove", by, told))
        draft.notice(told)


async def change_model(room: OpenRoom, by: str, seat: Seat, model: Model) -> Seat:
    """Let another model answer for a seat from its next turn on; returns the seat as it is then."""
    async with room.draft(by_person=True) as draft:
        current = draft.state.seat(seat.number)
        check_present(current)
        if current.model == model.name:
            raise NotPossible(for_asker("{seat} already has that model.", seat=current.label))
        told = notices.person_changed_model(by, current, model.name)
        draft.enter(ModelChanged(seat=seat.number, model=model.name, by_name=by), _told("model", by, told))
        draft.notice(told)
        return draft.state.seat(seat.number)


async def invite(room: OpenRoom, by: str, model: Model, words: str = "") -> Seat:
    """Seat one more AI; a person may seat the same model twice."""
    async with room.draft(by_person=True) as draft:
        if draft.state.is_full:
            raise NotPossible(for_asker("Maximum of {count} AIs already reached.", count=SEATS_IN_A_ROOM))
        newcomer = Seat(len(draft.state.seats) + 1, model.name)
        told = notices.person_invited(by, newcomer)
        draft.enter(
            Joined(seat=newcomer.number, model=model.name, invitation=words),
            _told("add_ai", by, told, model.name, words),
        )
        draft.notice(notices.invited(by, model.name, words))
        return newcomer


def check_present(seat: Seat) -> None:
    """Raise `NotPossible` where a seat has left its room."""
    if seat.removed:
        raise NotPossible(for_asker("{seat} has left this room.", seat=seat.label))


def _told(verb: str, by: str, told: str, *texts: str) -> CarriedOut:
    return CarriedOut(verb=verb, texts=texts, done=True, outcome="", told=told, by_name=by)
