"""The lines of the house: what people read about what happens, and what AIs are told. All of them are here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.room.entries import Mode, Order
from bot.room.order import whose_turn
from bot.room.state import SEATS_IN_A_ROOM, Phase, RoomState, Seat

PERSON_NAME_LIMIT = 32
_NOT_IN_A_NAME = frozenset("[]()`*_~|<>@#:\\!")
_POSES_AS_A_SEAT = re.compile(r"\b[AАΑ][IІΙ][\W_]*(?=\d)", re.IGNORECASE)
"""Also with the letters of Cyrillic and Greek that look the same."""
_TURNS_AROUND = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ROUND_BRACKETS = str.maketrans("[]", "()")
_LINE_OF_THE_ROOM = re.compile(
    r"^(?=[ \t*_#]*\[(?:(?=[^\[\]\n]{0,79}[^\W_])[^\[\]\n]{1,80}\]:"
    r"|Your !|[^\[\]\n]{1,80} (?:modified|adjusted|invited) "
    r"|What was said before|Nobody has spoken|The room is open))",
    re.MULTILINE | re.IGNORECASE,
)

SHORT_DESCRIPTION = 50
"""Characters of a description that stand in the line that a picture is being made."""
THE_ROOM_IS_OPEN = "[The room is open. Nobody has spoken yet.]"
YOUR_TURN_AGAIN = "[Nobody has spoken since. It is your turn again.]"
EARLIER_WORDS = "[What was said before this is no longer shown.]"
OFFLINE = "*Offline cast: these words and pictures are made by a program on this computer, not by the models named.*"
NOBODY_ANSWERS = "No AI here gives an answer at the moment."
PLACE_IS_OPEN = "The AIs can speak here again."
PLACE_IS_GONE = "The channel was deleted."
DISK_IS_BACK = "What happens here can be written down again."
ORDERS: Mapping[Order, str] = {
    "round_robin": "each in turn",
    "addressed": "who was just named or asked, then each in turn",
    "conductor": "only whom a person calls on",
}
MODES: Mapping[Mode, str] = {
    "open": "the AIs hear whatever people write here",
    "curated": "the AIs hear what people say with `/backroom say`",
    "silent": "the AIs hear nobody",
}
MAXIMUM_REACHED = f"Maximum of {SEATS_IN_A_ROOM} AIs already reached"


def name_of_person(display_name: str) -> str:
    """Return a person's name as it stands in lines: without brackets, line ends, or the look of a seat's name."""
    written = " ".join(unicodedata.normalize("NFKC", display_name).split())
    shown = (c for c in written if c not in _NOT_IN_A_NAME and unicodedata.category(c)[0] != "C")
    plain = _POSES_AS_A_SEAT.sub("A.I. ", " ".join("".join(shown).split()))
    return plain[:PERSON_NAME_LIMIT].strip() or "Somebody"


def in_a_line(words: str) -> str:
    """Return somebody's words as part of a line of the house: in one line, and without what reaches beyond it."""
    return " ".join(_TURNS_AROUND.sub("", words).split()).replace("```", "'''")


def in_a_line_for_ais(words: str) -> str:
    """Return somebody's words as part of a line for AIs, to whom square brackets say who speaks."""
    return in_a_line(words).translate(_ROUND_BRACKETS)


def unmistakable(words: str) -> str:
    """Return what a seat says, for the others: lines that look like another's or the house's become quotations."""
    return _LINE_OF_THE_ROOM.sub("> ", words) if "[" in words else words


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
    if room.offline:
        lines.append(OFFLINE)
    return lines


def status(state: RoomState) -> str:
    """Tell one person how a room stands."""
    if state.opened is None:
        return "The room is empty."
    of_rounds = f" of {state.opened.rounds}" if state.opened.rounds else ""
    turn = whose_turn(state)
    lines = [
        f"**{state.opened.scenario}** · {_phase(state)} · round {state.round}{of_rounds} · turn {state.turn + 1}",
        *(_seat_status(seat, is_next=turn is not None and seat.number == turn.number) for seat in state.seats),
        f"Pictures being made: {len(state.pictures_pending)} · cost so far: ${state.cost_usd:.4f}",
    ]
    return "\n".join(lines + [OFFLINE] * state.opened.offline)


def _phase(state: RoomState) -> str:
    if state.phase is Phase.PAUSED and state.pause_reason:
        return f"paused: {state.pause_reason.rstrip('.')}"
    return state.phase.value


def _seat_status(seat: Seat, *, is_next: bool) -> str:
    temperature = "its model's own temperature" if seat.temperature is None else f"temperature {seat.temperature:g}"
    remarks = [temperature, *(["muted"] if seat.muted else []), *(["its turn"] if is_next else [])]
    return f"{'▶' if is_next else '·'} **{seat.label}**: {', '.join(remarks)}"


def retired(model: str, instead: Sequence[str]) -> str:
    """Warn that a model may not answer any more."""
    take = f" Take {' or '.join(instead)} instead." if instead else ""
    return f"{model} was retired by its maker and may not answer.{take}"


def image_asked(author: str, description: str) -> str:
    """`🎨 [AI-1 (Gemini 3 Flash)]: !image "a cinematic visualization of…..." (generating...)`."""
    one_line = in_a_line(description)
    short = one_line[:SHORT_DESCRIPTION] + ("..." if len(one_line) > SHORT_DESCRIPTION else "")
    return f'🎨 [{author}]: !image "{short}" (generating...)'


def image_created(author: str, description: str) -> str:
    """Say that a picture is there, with the whole description under it."""
    return f'🎨 {author} created an image\n[{author}]: !image "{in_a_line(description)}"'


def picture_line(author: str, description: str) -> str:
    """Tell AIs whose picture this is: `[AI-1 (Gemini 3 Flash)]: !image "the whole description"`."""
    return f'[{author}]: !image "{in_a_line_for_ais(description)}"'


def image_failed(author: str, reason: str) -> str:
    """Say that no picture came of it, and why."""
    return f"🎨 {author}'s image could not be made. {in_a_line(reason)}"


def invited(name: str, model: str, words: str) -> str:
    """`✨ [AI-1]: !add_ai "Claude 3 Opus" "step in"`."""
    return f'✨ [{name}]: !add_ai "{model}"' + (f' "{in_a_line(words)}"' if words else "")


def prompt_modified(seat: Seat) -> str:
    """`[AI-2 modified their system prompt]`."""
    return f"[{seat.name} modified their system prompt]"


def prompt_text(seat: Seat, text: str) -> str:
    """`💭 [AI-2]: !prompt "the whole text"`."""
    return f'💭 [{seat.name}]: !prompt "{in_a_line(text)}"'


def temperature_adjusted(seat: Seat) -> str:
    """`[AI-2 adjusted their temperature]`."""
    return f"[{seat.name} adjusted their temperature]"


def temperature_text(seat: Seat, temperature: float) -> str:
    """`🌡️ [AI-2]: !temperature 1.4`."""
    return f"🌡️ [{seat.name}]: !temperature {temperature:g}"


def person_invited(by_name: str, seat: Seat) -> str:
    """`[Ann invited AI-3 (Kimi K2)]`."""
    return f"[{by_name} invited {seat.label}]"


def person_modified_prompt(by_name: str, seat: Seat) -> str:
    """`[Ann modified AI-2's system prompt]`."""
    return f"[{by_name} modified {seat.name}'s system prompt]"


def person_adjusted_temperature(by_name: str, seat: Seat) -> str:
    """`[Ann adjusted AI-2's temperature]`."""
    return f"[{by_name} adjusted {seat.name}'s temperature]"


def refused(seat: Seat, verb: str, reason: str) -> str:
    """Say to people that a directive was refused, and why."""
    return f"🚫 [{seat.name}]: !{verb} was refused. {in_a_line(reason)}"


def outcome_done(verb: str, what: str) -> str:
    """Tell an AI that its directive was carried out, and what that means."""
    return f"[Your !{verb} was carried out: {in_a_line_for_ais(what)}]"


def outcome_refused(verb: str, reason: str) -> str:
    """Tell an AI that its directive was refused, and why."""
    return f"[Your !{verb} was refused: {in_a_line_for_ais(reason)}]"


def turn_failed(seat: Seat, reason: str) -> str:
    """Say that a turn passes without words."""
    return f"⚠️ {seat.label} gave no answer. {in_a_line(reason)}"


def declined(persona: str, reason: str) -> str:
    """Say that Discord did not let a persona's words through."""
    return f"🚫 Words of {persona} are missing here. {in_a_line(reason)}"


def words_declined(label: str) -> str:
    """Tell the AIs that words which they may have been shown never appeared."""
    return f"[Discord did not let the words of {label} through, and nobody read them.]"


def answers_again(who: str) -> str:
    """Say that a host, or a seat, is there again."""
    return f"✅ {who} answers again."


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


def renamed(persona: str, plain: str) -> str:
    """Say that Discord does not take a persona's name."""
    return f"🚫 Discord does not accept “{persona}” as a name here. It speaks as {plain}."


def letter(where: str, reason: str, *, ended: bool) -> str:
    """Tell the person who opened a room what cannot be told in it."""
    room = f"The room that you opened in {where}"
    if ended:
        return f"{room} is over. {reason}"
    return f"{room} is paused. {reason} It goes on by itself when the AIs can speak there again."


def reactions(whose: str, counts: Mapping[str, int]) -> str:
    """`[2 people reacted 🔥 to AI-2's message, 1 reacted 💀]`."""
    if not counts:
        return f"[Nobody reacts to {whose} any more]"
    (first, people), *others = counts.items()
    who = "1 person" if people == 1 else f"{people} people"
    return f"[{who} reacted {first} to {whose}{''.join(f', {n} reacted {emoji}' for emoji, n in others)}]"


def skipped(by_name: str, seat: Seat) -> str:
    """Say that a person passed over a turn."""
    return f"⏭️ {by_name} skipped the turn of {seat.label}."


def person_muted(by_name: str, seat: Seat, rounds: int | None) -> str:
    """Say that a person lets a seat be passed over."""
    how_long = "until it is unmuted" if rounds is None else f"for {rounds} round{'s' * (rounds != 1)}"
    return f"🔇 {by_name} muted {seat.label} {how_long}."


def person_unmuted(by_name: str, seat: Seat) -> str:
    """Say that a seat has its turns again."""
    return f"🔈 {by_name} lets {seat.label} speak again."


def person_removed(by_name: str, seat: Seat) -> str:
    """`[Ann removed AI-3 (Kimi K2)]`."""
    return f"[{by_name} removed {seat.label}]"


def person_changed_model(by_name: str, seat: Seat, model: str) -> str:
    """`[Ann gave AI-3 another model: Kimi K2]`."""
    return f"[{by_name} gave {seat.name} another model: {model}]"


def order_set(by_name: str, order: Order) -> str:
    """Say who speaks next from now on."""
    return f"🔀 {by_name} changed who speaks next: {ORDERS[order]}."


def mode_set(by_name: str, mode: Mode) -> str:
    """Say how people are heard from now on."""
    return f"👂 {by_name} changed how people are heard: {MODES[mode]}."


def said_by_person(by_name: str, words: str) -> str:
    """Show what a person said through the house."""
    return f"💬 **{by_name}**: {words}"


def muted(seat: Seat, turns: int) -> str:
    """Say that the house passes over a seat from now on."""
    return (
        f"🔇 {seat.label} failed {turns} times in a row and is passed over from now on. "
        "`/backroom resume` gives it another chance."
    )


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
