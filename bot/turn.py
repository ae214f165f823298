"""One turn, start to finish: whose it is, what they see, what they answer, what comes of it, what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time

from bot.cancellation import to_its_end
from bot.draft import Draft
from bot.errors import EmptyAnswer, ModelError, ModelNotFound
from bot.listening import listen
from bot.models.answering import Answer, Answerer, Ask, Bill
from bot.models.catalogue import Catalogue, Model
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.answers import spoken_by
from bot.room.capability import Capability
from bot.room.directives import read_directives, without_cut_directives
from bot.room.entries import Answered, CarriedOut, Failed, Muted, Paused, Spent, Spoke
from bot.room.history import LEAST_WINDOW_TOKENS, History
from bot.room.messages import Message, Sight
from bot.room.order import whose_turn
from bot.room.state import Phase, RoomState, Seat
from bot.room.taking import Speaking, Taking
from bot.room.view import Eyes, what_a_seat_sees
from bot.spending import owing, spend
from bot.words import ENGLISH, spoken, t

FAILURES_BEFORE_MUTING = 3
PEOPLE_IN_MIND = 100
"""So many of those who spoke last are known by name where an answer pretends to be one of them."""
DIRECTIVES_A_TURN = 12
"""Far more than anybody has a use for: five seats, two pictures, a prompt and a temperature."""
TOKENS_KEPT_FOR_SYSTEM_PROMPT = 6_000
"""The system prompt is bounded: scenario, invitation, own prompts and directives stay well under this."""


@dataclass(frozen=True, slots=True)
class Table:
    """What every turn needs: who may be asked, who answers, what can be asked for, how much is shown and spent.

    `pseudonym_of` gives what stands for a person at the model hosts, for their abuse reports. `room_budget_usd` is what
    a room may cost until a person lets it go on; 0 is without limit.
    """

    catalogue: Catalogue
    answerer: Answerer
    capabilities: Mapping[str, Capability]
    history_tokens: int
    room_budget_usd: float
    pseudonym_of: Callable[[int], str]


async def take_turn(room: OpenRoom, table: Table) -> None:
    """Take the next seat's turn and post what comes of it; what goes wrong is told in the room's language.

    Raises:
        PostingError: what was said waits in the outbox.
        StorageError: nothing was written down, so the turn can be taken again.
    """
    if room.state.answered is None:
        await listen(room)
    seat = whose_turn(room.state)
    if seat is None:
        return
    room.taking = Taking(room.state.turn + 1, seat)
    try:
        with spoken(room.locale):
            await _take(room, table, room.taking)
    finally:
        room.taking = None
    await room.say()


async def _take(room: OpenRoom, table: Table, taking: Taking) -> None:
    seat = taking.seat
    try:
        if room.state.answered is None:
            await _ask(room, table, taking)
    except ModelError as failure:
        await to_its_end(asyncio.ensure_future(_note_failure(room, taking, failure)))
    else:
        if room.state.answered is not None:
            await _until_readable(room)
            await _publish(room, table, seat)


async def _note_failure(room: OpenRoom, taking: Taking, failure: ModelError) -> None:
    """Write down that the turn is over without a word, at once: whoever has failed is not asked again after a crash.

    Nothing of it is worth waiting for, unlike words, so its notice does not wait for the room's pace.
    """
    spent = _attempt(taking.seat, failure.cost_usd)
    async with owing(room, spent), room.draft() as draft:
        if draft.state.phase is Phase.RUNNING and not taking.is_vain(draft.state):
            _let_it_pass(draft, taking.seat, failure)
            draft.covered.append(spent)


async def _ask(room: OpenRoom, table: Table, taking: Taking) -> None:
    if not room.owed.answers(taking):
        room.speaking = Speaking(taking.turn, taking.seat, time())
        room.stir()
        try:
            room.owed.arrived(await _answer_of(room, table, taking), taking)
        finally:
            room.speaking = None
            room.stir()
    await to_its_end(asyncio.ensure_future(_keep_answer(room)))


async def _keep_answer(room: OpenRoom) -> None:
    """Write down the answer that has arrived; of one that nobody wants any more, the draft writes down the cost."""
    async with room.draft() as draft:
        answer = room.owed.answer
        if answer is not None and room.owed.is_wanted(draft.state):
            draft.notice(*_recovery(draft.state, answer))
            draft.enter(answer)


async def _answer_of(room: OpenRoom, table: Table, taking: Taking) -> Answered:
    heard, bill = room.history.last_seq, Bill()
    try:
        answer = await ask_seat(room, table, taking.seat, room.state, room.history, bill)
    except asyncio.CancelledError:
        await spend(room, _attempt(taking.seat, bill.usd))
        raise
    return _answered(taking, answer, heard)


def _attempt(seat: Seat, cost_usd: float | None) -> Spent:
    return Spent(what="attempt", seat=seat.number, cost_usd=cost_usd)


async def ask_seat(
    room: OpenRoom, table: Table, seat: Seat, state: RoomState, history: History, bill: Bill | None = None
) -> Answer:
    """Ask a seat's model for its words, with the room as it is, or as it once was.

    Whoever may give up waiting finds in the `bill` what has been paid until then.

    Raises:
        ModelError: it gave none.
    """
    model = _model_of(seat, table.catalogue)
    messages = what_a_seat_sees(state, history, seat, _usages(table), _eyes(model, table.history_tokens))
    return await table.answerer.ask(
        Ask(
            model=model,
            messages=messages,
            session=f"room-{room.number}-{seat.name}",
            user=table.pseudonym_of(state.opened.by if state.opened else 0),
            temperature=seat.temperature,
            pictures=await room.picture_bytes(_sights(messages)),
            bill=bill or Bill(),
        )
    )


def words_for_all(answer: str, seat: Seat, state: RoomState, history: History, table: Table) -> str:
    """Return what everyone reads of an answer."""
    forms = [capability.form for capability in table.capabilities.values()]
    return without_cut_directives(spoken_by(answer, seat.label, _others(state, history, seat)), forms)


async def _publish(room: OpenRoom, table: Table, seat: Seat) -> None:
    """Carry out the directives of the answer and say the rest; it is all written down at once, or not at all."""
    async with room.draft() as draft:
        answered = draft.state.answered
        if answered is None or draft.state.phase is not Phase.RUNNING:
            return  # a person was quicker: the answer is kept for when the room goes on
        forms = [capability.form for capability in table.capabilities.values()]
        text = spoken_by(answered.text, seat.label, _others(draft.state, room.history, seat))
        if not text.strip():
            _let_it_pass(draft, seat, EmptyAnswer(t("Its answer held no words of its own.")))
            return
        happened: list[str] = []
        directives = read_directives(text, forms)
        for directive in directives[:DIRECTIVES_A_TURN]:
            happened += await _carry_out(draft, table.capabilities[directive.verb], seat.number, directive.texts)
        if len(directives) > DIRECTIVES_A_TURN:
            happened.append(notices.too_many_directives(seat, DIRECTIVES_A_TURN))
        public = without_cut_directives(text, forms)
        draft.enter(Spoke(turn=answered.turn, seat=seat.number, text=public))
        draft.notice(*happened)
        if public.strip():
            draft.say(seat, public)


async def _carry_out(draft: Draft, capability: Capability, seat: int, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Enter what becomes of one directive, and return the lines of the house about it: an AI is told it in English."""
    verb = capability.form.verb
    with spoken(ENGLISH):
        result = await capability.carry_out(draft.state, draft.state.seat(seat), texts)
    draft.enter(
        CarriedOut(verb=verb, texts=texts, done=result.done, outcome=result.outcome, told=result.told, seat=seat),
        *result.entries,
    )
    return result.notices


def _let_it_pass(draft: Draft, seat: Seat, failure: ModelError) -> None:
    """A failed turn is an event of the house: the round goes on, and who fails again and again is passed over.

    That a host is out is said once, not once a turn; when nobody else answers, the room waits for it.
    """
    reason = str(failure)
    is_known = failure.host and (seat.out == failure.host or failure.host in draft.state.silent_hosts)
    was_probe = draft.state.probes > 0
    draft.enter(
        Failed(turn=draft.state.turn + 1, seat=seat.number, reason=reason, host=failure.host, cost_usd=failure.cost_usd)
    )
    happened = [] if is_known else [notices.turn_failed(seat, reason)]
    if draft.state.every_seat_fails and draft.state.phase is Phase.RUNNING:
        waits = draft.state.waits_for_a_host
        reason = notices.host_is_out(failure.host) if waits else t(notices.NOBODY_ANSWERS)
        draft.enter(Paused(reason=reason, cause="host" if waits else ""))
        happened += [] if was_probe else [notices.paused(reason, draft.state.order, returns=waits)]
    elif draft.state.seat(seat.number).failures >= FAILURES_BEFORE_MUTING:
        draft.enter(Muted(seat=seat.number, reason=reason))
        happened.append(notices.muted(seat, FAILURES_BEFORE_MUTING))
    draft.notice(*happened)


def _recovery(state: RoomState, answered: Answered) -> list[str]:
    """Return the line that a host, or only this seat's model, is there again after it was said to be out."""
    seat = state.seat(answered.seat)
    if not seat.out:
        return []
    was_out_for_all = answered.host in state.silent_hosts and len(state.seats) > 1
    return [notices.answers_again(answered.host if was_out_for_all else seat.label)]


async def _until_readable(room: OpenRoom) -> None:
    """Wait until the last message was readable for as long as the room's pace wants; the first words wait for none."""
    pace = room.state.opened.seconds_between_turns if room.state.opened and room.state.turn else 0.0
    since = asyncio.get_running_loop().time() - room.seconds_of_last_post
    await asyncio.sleep(max(0.0, pace - since) if room.seconds_of_last_post else 0.0)


def _model_of(seat: Seat, catalogue: Catalogue) -> Model:
    try:
        return catalogue.resolve(seat.model)
    except ModelNotFound as missing:
        raise ModelError(str(missing)) from None


def _eyes(model: Model, history_tokens: int) -> Eyes:
    room_for_history = model.context_tokens - model.answer_tokens - TOKENS_KEPT_FOR_SYSTEM_PROMPT
    return Eyes(max(LEAST_WINDOW_TOKENS, min(history_tokens, room_for_history)), model.sees_images)


def _usages(table: Table) -> list[str]:
    return [capability.usage for capability in table.capabilities.values()]


def _sights(messages: list[Message]) -> list[int]:
    return [part.picture for message in messages for part in message.parts if isinstance(part, Sight)]


def _others(state: RoomState, history: History, seat: Seat) -> list[str]:
    """Everyone whom an answer could pretend to be."""
    heard = dict.fromkeys(line.person for line in reversed(history.lines) if line.person)
    people = {*list(heard)[:PEOPLE_IN_MIND], *([state.opened.by_name] if state.opened else ())}
    return [*(other.label for other in state.seats if other.number != seat.number), *sorted(people)]


def _answered(taking: Taking, answer: Answer, heard: int) -> Answered:
    return Answered(
        turn=taking.turn,
        seat=taking.seat.number,
        text=answer.text,
        served_by=answer.served_by,
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
        cost_usd=answer.cost_usd,
        cut_off=answer.cut_off,
        heard=heard,
        host=answer.host,
    )
