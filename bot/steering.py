"""What people do to a room, whichever way they ask for it: by command, by the panel's buttons, by a menu.

Each is one entry or two and the line of the house about it, written down together. `by` is the person's name as it
stands in lines. All raise `NotPossible` with a sentence for who asked, and `StorageError` when nothing was changed.
"""

from __future__ import annotations

from bot.draft import Draft
from bot.errors import DiscordUnavailable, NotPossible, PlaceGone
from bot.listening import note_reactions
from bot.open_room import OpenRoom
from bot.pseudonyms import Pseudonyms
from bot.room import notices
from bot.room.calling import call_of
from bot.room.entries import (
    CalledOn,
    CarriedOut,
    Ended,
    Heard,
    Mode,
    ModeSet,
    Order,
    OrderSet,
    Paused,
    PictureAsked,
    Resumed,
    Skipped,
)
from bot.room.hearing import is_off_the_record
from bot.room.order import waits_for_conductor, whose_turn
from bot.room.state import Phase, RoomState, Seat
from bot.room.stepping import Step, promised_uncalled, turns_to_come, was_asked_for
from bot.seating import check_present
from bot.spending import check_budget, may_cost_more
from bot.words import for_asker, later


async def stop(room: OpenRoom, by: str) -> None:
    """End the room, also while an AI is answering."""
    await note_reactions(room)
    async with room.draft(by_person=True) as draft:
        draft.enter(Ended(reason="stopped", by_name=by))
        draft.notice(notices.stopped(by))


async def pause(room: OpenRoom, by: str) -> None:
    """Let the room wait; an answer under way is given up, and its seat begins again later."""
    async with room.draft(by_person=True) as draft:
        returns_by_itself = draft.state.pause_cause in ("place", "host")
        if draft.state.phase is Phase.PAUSED and not returns_by_itself:
            raise NotPossible(for_asker("The room is already paused. `/backroom resume` continues it."))
        draft.enter(Paused(reason="", by_name=by))
        draft.notice(notices.paused("", draft.state.order, by))


async def resume(room: OpenRoom, by: str, budget_usd: float) -> None:
    """Let the room go on, and cost as much again; seats that the house has muted get another chance."""
    await _check_open(room)
    async with room.draft(by_person=True) as draft:
        if _runs_on(draft.state) and may_cost_more(room, budget_usd):
            if waits_for_conductor(draft.state):
                raise NotPossible(for_asker(notices.RUNNING_FOR_CONDUCTOR, seat=_one_who_is_asked(draft.state)))
            raise NotPossible(for_asker(notices.RUNNING_ALREADY))
        draft.enter(Resumed(by_name=by))
        _check_anybody_is_asked(draft.state)
        draft.notice(notices.resumed(by), notices.waits_for_conductor(draft.state))


async def step(room: OpenRoom, by: str, seat: Seat | None, budget_usd: float) -> Step:
    """Take one turn, that of `seat` or of whoever is next, then pause; returns what comes of it.

    A turn that is under way comes first, and steps asked for before this one; then that of `seat`. A room that waits
    for its conductor goes on waiting after it, so that it need not be paused, unless it has spent its budget.
    """
    await _check_open(room)
    async with room.draft(by_person=True) as draft:
        under_way = room.turn_under_way
        if seat is not None and under_way is None:
            _call_on_promised(draft, by)
        before = draft.state
        runs_on = before.order == "conductor" and _runs_on(before) and may_cost_more(room, budget_usd)
        turns = 1 if seat is None else _call_for_step(draft, by, seat, under_way, is_first=not runs_on)
        if not runs_on:
            draft.enter(Resumed(by_name=by, turns=max(turns, turns_to_come(before))))
        _check_anybody_is_asked(draft.state)
        if under_way is None and waits_for_conductor(draft.state):
            raise NotPossible(for_asker(notices.NEEDS_A_SEAT, seat=_one_who_is_asked(draft.state)))
        taken = seat or under_way or whose_turn(draft.state)
        is_other = under_way is not None and taken is not None and taken.number != under_way.number
        return Step(taken, under_way if is_other else None, was_asked_for(before, seat, under_way))


async def skip(room: OpenRoom, by: str) -> Seat:
    """Pass over the turn under way, or the next one; returns whose it was."""
    async with room.draft(by_person=True) as draft:
        seat = room.turn_under_way or whose_turn(draft.state)
        if seat is None or draft.state.rounds_are_over:
            raise NotPossible(for_asker("There is no turn to skip: nobody is next."))
        draft.enter(Skipped(turn=draft.state.turn + 1, seat=seat.number, by_name=by))
        draft.notice(notices.skipped(by, seat))
        return seat


async def set_order(room: OpenRoom, by: str, order: Order) -> None:
    """Change who speaks next."""
    async with room.draft(by_person=True) as draft:
        if draft.state.order == order:
            already = for_asker(notices.ORDERS[order])
            raise NotPossible(for_asker("That is already the order: {order}.", order=already))
        draft.enter(OrderSet(order=order, by_name=by))
        draft.notice(notices.order_set(by, order), notices.waits_for_conductor(draft.state))


async def set_mode(room: OpenRoom, by: str, mode: Mode, *, readable: bool = True) -> None:
    """Change how people are heard; `readable` is whether the bot may read what they write."""
    async with room.draft(by_person=True) as draft:
        if draft.state.mode == mode:
            already = for_asker(notices.how_heard(mode, readable=readable))
            raise NotPossible(for_asker("People are already heard that way: {mode}.", mode=already))
        draft.enter(ModeSet(mode=mode, by_name=by))
        draft.notice(notices.mode_set(by, mode, readable=readable))


async def say(room: OpenRoom, heard: Heard, pseudonyms: Pseudonyms) -> None:
    """Let a person's words be heard and appear, said by the house under their name; `@AI-3` calls on that seat."""
    if not heard.text:
        raise NotPossible(for_asker("There were no words in it."))
    if is_off_the_record(heard.text):
        raise NotPossible(for_asker("What begins with “.” stays off the record, so this was not said."))
    async with room.draft(by_person=True) as draft:
        if draft.state.mode == "silent":
            raise NotPossible(for_asker("This room is silent: the AIs hear nobody. `/backroom mode` changes that."))
        if await pseudonyms.is_forgotten(heard.by, heard.message):
            raise NotPossible(for_asker("You have asked to be forgotten meanwhile, so this was not said."))
        if (call := call_of(draft.state, heard.by_name, heard.text, under_way=room.turn_under_way)) is not None:
            draft.enter(call)
        draft.enter(heard.model_copy(update={"by_house": True}))
        draft.notice(notices.said_by_person(heard.by_name, heard.text))


async def picture(room: OpenRoom, by: str, description: str, budget_usd: float) -> None:
    """Let a picture be made, which the AIs see as well, unless the room has spent its budget; 0 is no limit."""
    if not description.strip():
        raise NotPossible(for_asker("There were no words in it."))
    async with room.draft(by_person=True) as draft:
        check_budget(room, budget_usd)
        draft.enter(
            CarriedOut(verb="image", texts=(description,), done=True, outcome="", by_name=by),
            PictureAsked(picture=draft.state.pictures_asked + 1, description=description, by_name=by),
        )
        draft.notice(notices.image_asked(by, description))


async def _check_open(room: OpenRoom) -> None:
    """Raise `NotPossible` where no AI could speak: a turn that is asked for there would only be paid for."""
    if room.state.phase is Phase.ENDED:
        return  # that says more
    try:
        await room.check_open()
    except PlaceGone as closed:
        sentence = later("Nothing was changed, because no AI can speak here now. {reason}")
        raise NotPossible(for_asker(sentence, reason=closed)) from closed
    except DiscordUnavailable:
        pass  # nobody knows, and what is said can wait


def _check_asked(state: RoomState, seat: Seat) -> None:
    current = state.seat(seat.number)
    check_present(current)
    if current.muted:
        sentence = later("{seat} is muted. `/backroom unmute` lets it speak again.")
        raise NotPossible(for_asker(sentence, seat=current.label))


def _check_anybody_is_asked(state: RoomState) -> None:
    if not state.anybody_is_asked:
        raise NotPossible(for_asker(notices.EVERYONE_IS_MUTED))


def _one_who_is_asked(state: RoomState) -> str:
    """`AI-2`: a seat that a person may name."""
    return next(seat.name for seat in state.seats if seat.is_asked)


def _runs_on(state: RoomState) -> bool:
    """Whether the room is not to pause after so many turns."""
    return state.phase is Phase.RUNNING and state.turns_until_pause is None


def _call_on_promised(draft: Draft, by: str) -> None:
    """Let whom an earlier step promised a turn speak before who is called on now."""
    if (promised := promised_uncalled(draft.state)) is not None:
        draft.enter(CalledOn(seat=promised.number, by_name=by))


def _call_for_step(draft: Draft, by: str, seat: Seat, under_way: Seat | None, *, is_first: bool) -> int:
    """Call on a seat, after those of earlier steps, and return how many turns it takes until it has spoken."""
    _check_asked(draft.state, seat)
    if under_way is not None and under_way.number == seat.number:
        return 1
    is_first = is_first and draft.state.turns_until_pause is None
    draft.enter(CalledOn(seat=seat.number, by_name=by, first=is_first))
    before = list(draft.state.called[: draft.state.called.index(seat.number)])
    if under_way is not None and under_way.number not in before:
        before.append(under_way.number)
    return len(before) + 1
