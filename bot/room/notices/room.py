"""The lines about a room as a whole: that it begins, waits, goes on and ends, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from bot.room import order
from bot.room.entries import Opened, Order
from bot.room.hindrance import Hindrance
from bot.room.notices.foreign import in_a_line
from bot.room.notices.people import ORDERS, how_heard, loved
from bot.room.notices.seats import muted_for
from bot.room.reactions import Reactions
from bot.room.state import Phase, RoomState, Seat
from bot.words import later, t

OFFLINE = later(
    "*Offline cast: these words and pictures are made by a program on this computer, not by the models named.*"
)
NOBODY_ANSWERS = later("None of the AIs here is answering at the moment.")
EVERYONE_IS_MUTED = later("Every AI here is muted. `/backroom unmute` lets one speak again.")
RUNNING_ALREADY = later("The room is already running. `/backroom pause` pauses it.")
RUNNING_FOR_CONDUCTOR = later(
    "The room is already running. It waits for somebody to say who speaks next: `/backroom step seat:{seat}`."
)
NEEDS_A_SEAT = later("In this room, people say who speaks next. Name an AI: `/backroom step seat:{seat}`.")
PLACE_IS_OPEN = later("The AIs can speak here again.")
PLACE_IS_GONE = later("The channel was deleted.")
MAY_NOT_COST_MORE = later("The room has cost ${cost:.2f}, and may not cost more until somebody resumes it.")
DISK_IS_BACK = later("The bot can save what happens here again.")
_PHASES = {Phase.RUNNING: later("running"), Phase.PAUSED: later("paused"), Phase.ENDED: later("ended")}

_HOW_IT_GOES_ON = later("`/backroom resume` continues it, `/backroom step` takes one turn.")
_HOW_CONDUCTED = later("`/backroom resume` continues it, `/backroom step seat:` lets an AI speak.")
_OPENED = (
    later("🚪 **{scenario}**, opened by {by}, until it is stopped. {summary}"),
    later("🚪 **{scenario}**, opened by {by}, for 1 round. {summary}"),
    later("🚪 **{scenario}**, opened by {by}, for {rounds} rounds. {summary}"),
)
"""Without end, for one round, for several."""
_HEARD = {
    (True, False): later(
        "👂 What people write here is heard and kept, and goes to the hosts of the models; what begins with `.` is not."
    ),
    (True, True): later("👂 What people write here is heard and kept; what begins with `.` is not."),
    (False, False): later(
        "👂 What people say with `/backroom say`, or where they mention the bot, is heard and kept, and goes to the "
        "hosts of the models."
    ),
    (False, True): later("👂 What people say with `/backroom say`, or where they mention the bot, is heard and kept."),
}
"""Of an open room: by whether the bot may read what is written, and whether its cast is offline."""


def opened(state: RoomState, summary: str, *, readable: bool) -> list[str]:
    """Say that a room begins: what it is about, who sits in it, for how long, how it goes on, and who answers.

    `readable` is whether the bot may read what people write there.
    """
    if state.opened is None:
        return []
    room = state.opened
    summary = t(summary)
    return [
        t(_OPENED[min(room.rounds, 2)], scenario=room.scenario, by=room.by_name, rounds=room.rounds, summary=summary),
        _at_the_table(state.seats),
        *(f"> {line}" for line in room.opening.splitlines()),
        *_how_it_goes(state, room, readable=readable),
    ]


def forked(state: RoomState, by_name: str, link: str, *, readable: bool) -> list[str]:
    """Say in a fork where it comes from, and the rest as of any room that begins.

    `link` leads to the message that it goes on from.
    """
    if state.opened is None:
        return []
    return [
        t(
            "🍴 **{scenario}**, forked by {by}: it shares everything up to {link}, and goes on from there.",
            scenario=state.opened.scenario,
            by=by_name,
            link=link,
        ),
        _at_the_table(state.present),
        *_how_it_goes(state, state.opened, readable=readable),
    ]


def _how_it_goes(state: RoomState, room: Opened, *, readable: bool) -> list[str]:
    """Say who speaks, whom the AIs hear and what becomes of it, what the room waits for, and who answers."""
    order_now = t(ORDERS[state.order])
    if state.mode != "open":
        heard = t(how_heard(state.mode, readable=readable))
        lines = [t("Who speaks: {order}. People: {mode}.", order=order_now, mode=heard)]
    else:
        lines = [t("Who speaks: {order}.", order=order_now)] if state.order != "round_robin" else []
        lines.append(t(_HEARD[readable, room.offline]))
    lines += [waits] if (waits := waits_for_conductor(state)) else []
    return [*lines, t(OFFLINE)] if room.offline else lines


def _at_the_table(seats: Sequence[Seat]) -> str:
    return t("At the table: {seats}.", seats=", ".join(seat.label for seat in seats))


def waits_for_conductor(state: RoomState) -> str:
    """Say, where it is so, that the room goes on when a person says who speaks; nothing elsewhere."""
    if not _waits(state):
        return ""
    return t("🎼 The room waits for its conductor: `/backroom step seat:` lets an AI speak.")


def nobody_speaks(state: RoomState) -> str:
    """Say why a room waits in which nobody has a turn."""
    return t(EVERYONE_IS_MUTED if any(seat.muted_by for seat in state.present) else NOBODY_ANSWERS)


def status(
    state: RoomState,
    most_loved: Sequence[Reactions] = (),
    hindrance: Hindrance | None = None,
    *,
    readable: bool = True,
) -> str:
    """Tell one person how a room stands; `readable` is whether the bot may read what people write there."""
    if state.opened is None:
        return t("The room is empty.")
    turn, heard = order.whose_turn(state), t(how_heard(state.mode, readable=readable))
    lines = [
        f"**{state.opened.scenario}** · {_phase(state, hindrance)} · {_round_and_turn(state, state.opened.rounds)}",
        *_hindered(hindrance),
        t("Who speaks: {order} · people: {mode}", order=t(ORDERS[state.order]), mode=heard),
        *(_seat_status(state, seat, is_next=turn is not None and seat.number == turn.number) for seat in state.present),
        *_those_who_left(state),
        " · ".join([*_pictures_being_made(state), t("cost so far: ${cost:.4f}", cost=state.cost_usd)]),
        *(loved(one.whose, one.said, one.counts) for one in most_loved),
    ]
    return "\n".join(lines + [t(OFFLINE)] * state.opened.offline)


def _round_and_turn(state: RoomState, rounds: int) -> str:
    round_now, turn = state.round, state.turn + 1
    if not rounds:
        return t("round {round} · turn {turn}", round=round_now, turn=turn)
    return t("round {round} of {rounds} · turn {turn}", round=round_now, rounds=rounds, turn=turn)


def _hindered(hindrance: Hindrance | None) -> list[str]:
    """Say what hinders a room; Discord shows the moment to each reader in their own time."""
    if hindrance is None:
        return []
    if hindrance.of_words:
        sentence = later(
            "⏳ Words have been waiting since {when} and appear by themselves as soon as they can. {reason}"
        )
        when = f"<t:{int(hindrance.since)}:t>"
        return [t(sentence, when=when, reason=in_a_line(t(hindrance.reason)))]
    return [
        t(
            "⏳ The room has been waiting since {when} and goes on by itself as soon as it can. {reason}",
            when=f"<t:{int(hindrance.since)}:t>",
            reason=in_a_line(t(hindrance.reason)),
        )
    ]


def _phase(state: RoomState, hindrance: Hindrance | None) -> str:
    if state.phase is Phase.RUNNING and hindrance is not None:
        return t("waits")
    if state.phase is Phase.PAUSED and state.pause_reason:
        return t("paused: {reason}", reason=state.pause_reason.rstrip("."))
    return t("waits for its conductor") if _waits(state) else t(_PHASES[state.phase])


def _waits(state: RoomState) -> bool:
    return state.phase is Phase.RUNNING and order.waits_for_conductor(state)


def _pictures_being_made(state: RoomState) -> list[str]:
    """Say how many pictures are being made, where any are."""
    count = len(state.pictures_pending)
    return [t("Pictures being made: {count}", count=count)] if count else []


def _those_who_left(state: RoomState) -> list[str]:
    left = ", ".join(seat.label for seat in state.seats if seat.removed)
    return [t("Left: {seats}", seats=left)] if left else []


def _seat_status(state: RoomState, seat: Seat, *, is_next: bool) -> str:
    own = seat.temperature is None
    remarks = [
        t("its model's own temperature") if own else t("temperature {temperature:g}", temperature=seat.temperature)
    ]
    if seat.muted:
        remarks.append(muted_for(seat, state.rounds_muted(seat)))
    if is_next:
        remarks.append(t("its turn"))
    elif seat.number in state.called and seat.is_asked:
        remarks.append(t("called on"))
    return f"{'▶' if is_next else '·'} **{seat.label}**: {', '.join(remarks)}"


def host_is_out(host: str) -> str:
    """Say why a room waits for a host."""
    return t("{host} is not answering at the moment. The room goes on by itself as soon as it does.", host=host)


def goes_on(what_happened: str) -> str:
    """Say that the house lets the room go on."""
    return t("▶️ {what} The room goes on.", what=t(what_happened))


def too_costly(cost_usd: float) -> str:
    """Say why a room waits for a person to allow it to cost more."""
    return t("It has cost ${cost:.2f}, and may not cost more until somebody resumes it.", cost=cost_usd)


def nothing_comes_through(turns: int, reason: str) -> str:
    """Say why a room waits whose words Discord declines."""
    return t("Discord let nothing of the last {turns} turns through. {reason}", turns=turns, reason=reason)


def waits_for_the_disk(reason: str) -> str:
    """Say, outside the journal, that nothing can be written down."""
    return t("⏸️ The room waits, because the bot cannot save what happens. {reason}", reason=reason)


def words_wait(personas: Sequence[str], reason: str) -> str:
    """Say whose words do not reach a room that is paused anyway, and why."""
    who = ", ".join(personas)
    return t("⏳ The words of {who} wait. {reason} They appear as soon as AIs can speak here.", who=who, reason=reason)


def letter(where: str, reason: str, state: RoomState, *, returns: bool = True) -> str:
    """Tell the person who opened a room what cannot be told in it."""
    if state.phase is Phase.ENDED:
        return t("The room that you opened in {where} is over. {reason}", where=where, reason=t(reason))
    if state.pause_cause == "declined" and reason == state.pause_reason:
        sentence = later(
            "The room that you opened in {where} is paused. {reason} `/backroom resume` there continues it."
        )
        return t(sentence, where=where, reason=reason)
    if not returns:
        sentence = later(
            "In the room that you opened in {where}, words wait. {reason} They appear when AIs can speak there again."
        )
        return t(sentence, where=where, reason=t(reason))
    return t(
        "The room that you opened in {where} is paused. {reason} "
        "It goes on by itself when the AIs can speak there again.",
        where=where,
        reason=t(reason),
    )


def paused(reason: str, room_order: Order, by_name: str = "", *, returns: bool = False) -> str:
    """Say that the room waits: for a person, or (`returns`) until it goes on by itself."""
    who = t("⏸️ {by} paused the room.", by=by_name) if by_name else t("⏸️ The room is paused.")
    how = "" if returns else t(_HOW_CONDUCTED if room_order == "conductor" else _HOW_IT_GOES_ON)
    return " ".join(part for part in (who, in_a_line(reason), how) if part)


def resumed(by_name: str) -> str:
    """Say that the room goes on."""
    return t("▶️ {by} resumed the room.", by=by_name)


def stopped(by_name: str) -> str:
    """Say that a person ended the room."""
    return t("⏹️ {by} stopped the room. `/backroom start` opens a new one.", by=by_name)


def rounds_over(rounds: int) -> str:
    """Say that the room ended by itself."""
    if rounds == 1:
        return t("⏹️ The round is over. `/backroom start` opens a new room.")
    return t("⏹️ All {rounds} rounds are over. `/backroom start` opens a new room.", rounds=rounds)
