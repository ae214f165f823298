"""The lines about who sits in a room, and what is changed about them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.room.entries import Order
from bot.room.notices.foreign import in_a_line
from bot.room.state import SEATS_IN_A_ROOM, Seat
from bot.words import t

MAXIMUM_REACHED = f"Maximum of {SEATS_IN_A_ROOM} AIs already reached"


def retired(model: str, instead: Sequence[str]) -> str:
    """Warn that a model may not answer any more."""
    warning = t("{model} was retired by its maker and might not answer.", model=model)
    if not instead:
        return warning
    others = f" {t('or')} ".join(instead)
    return f"{warning} {t('Choose {model} instead.', model=others)}"


def joined(seat: Seat, order: Order) -> str:
    """Tell the person who invited a seat when it speaks."""
    if order == "conductor":
        return t("{who} has joined and speaks when `/backroom step` names it.", who=seat.label)
    return t("{who} has joined and speaks at the end of this round.", who=seat.label)


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


def person_muted(by_name: str, seat: Seat, rounds: int | None) -> str:
    """Say that a person lets a seat be passed over."""
    if rounds is None:
        return t("🔇 {by} muted {seat} until further notice.", by=by_name, seat=seat.label)
    if rounds == 1:
        return t("🔇 {by} muted {seat} for 1 round.", by=by_name, seat=seat.label)
    return t("🔇 {by} muted {seat} for {rounds} rounds.", by=by_name, seat=seat.label, rounds=rounds)


def now_muted(seat: Seat, rounds: int | None) -> str:
    """Tell the person who mutes a seat what comes of it."""
    if rounds is None:
        return t("{seat} is muted. `/backroom unmute` lets it speak again.", seat=seat.label)
    if rounds == 1:
        return t("{seat} is muted for its next turn.", seat=seat.label)
    return t("{seat} is muted for its next {turns} turns.", seat=seat.label, turns=rounds)


def muted_for(seat: Seat, rounds: int | None) -> str:
    """`muted for 2 rounds by Ann`."""
    by = seat.muted_by or t("the house")
    if rounds is None:
        return t("muted by {by}", by=by)
    if rounds == 1:
        return t("muted for 1 round by {by}", by=by)
    return t("muted for {rounds} rounds by {by}", rounds=rounds, by=by)


def person_unmuted(by_name: str, seat: Seat) -> str:
    """Say that a seat has its turns again."""
    return t("🔈 {by} lets {seat} speak again.", by=by_name, seat=seat.label)


def person_removed(by_name: str, seat: Seat) -> str:
    """`[Ann removed AI-3 (Kimi K2)]`."""
    return f"[{by_name} removed {seat.label}]"


def person_changed_model(by_name: str, seat: Seat, model: str) -> str:
    """`[Ann gave AI-3 another model: Kimi K2]`."""
    return f"[{by_name} gave {seat.name} another model: {model}]"


def muted(seat: Seat, turns: int) -> str:
    """Say that the house passes over a seat from now on."""
    return t(
        "🔇 {seat} failed to answer {turns} times in a row and is muted from now on. `/backroom "
        "resume` gives it another chance.",
        seat=seat.label,
        turns=turns,
    )
