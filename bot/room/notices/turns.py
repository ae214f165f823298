"""The lines about what came of a turn, and what an AI learns of its own directives."""

from __future__ import annotations

from bot.room.entries import Order
from bot.room.notices.foreign import in_a_line, in_a_line_for_ais
from bot.room.state import Seat
from bot.words import later, t

THE_ROOM_IS_OPEN = "[The room is open. Nobody has spoken yet.]"
YOUR_TURN_AGAIN = "[Nobody has spoken since. It is your turn again.]"
EARLIER_WORDS = "[What was said before this is no longer shown.]"
OWN_WORDS_DECLINED = later("🚫 Some of the bot's own words are missing here.")


def refused(seat: Seat, verb: str, reason: str) -> str:
    """Say to people that a directive was refused, and why; in English, as the AI is told it."""
    return f"🚫 [{seat.name}]: !{verb} was refused. {in_a_line(reason)}"


def outcome_done(verb: str, what: str) -> str:
    """Tell an AI that its directive was carried out, and what that means."""
    return f"[Your !{verb} was carried out: {in_a_line_for_ais(what)}]"


def outcome_refused(verb: str, reason: str) -> str:
    """Tell an AI that its directive was refused, and why."""
    return f"[Your !{verb} was refused: {in_a_line_for_ais(reason)}]"


def turn_failed(seat: Seat, reason: str) -> str:
    """Say that a turn passes without words."""
    return t("⚠️ {seat} gave no answer. {reason}", seat=seat.label, reason=in_a_line(reason))


def declined(persona: str, reason: str) -> str:
    """Say that Discord did not let a persona's words through; where there is none, the picture that a person wanted."""
    if not persona:
        return t("🚫 A picture and its words are missing here. {reason}", reason=in_a_line(reason))
    return t("🚫 Some of {persona}'s words are missing here. {reason}", persona=persona, reason=in_a_line(reason))


def person_declined(by_name: str, reason: str) -> str:
    """Say that Discord did not let through what the house was to say for a person."""
    return t(
        "🚫 Words of {by} are missing here, and the AIs do not hear them. {reason}",
        by=by_name,
        reason=in_a_line(reason),
    )


def old_words_stand_again(persona: str, reason: str) -> str:
    """Say that what a persona was to say in place of its old words did not get through."""
    return t(
        "🚫 {persona} keeps its old words: Discord declined the new ones. {reason}",
        persona=persona,
        reason=in_a_line(reason),
    )


def words_declined(label: str) -> str:
    """Tell the AIs that words which they may have been shown never appeared."""
    return f"[Discord did not let the words of {label} through, and nobody read them.]"


def answers_again(who: str) -> str:
    """Say that a host, or a seat, is there again."""
    return t("✅ {who} answers again.", who=who)


def renamed(persona: str, plain: str) -> str:
    """Say that Discord does not take a persona's name."""
    return t(
        "🚫 Discord does not accept “{persona}” as a name here, so it speaks as {plain}.", persona=persona, plain=plain
    )


def stepped(seat: Seat | None, speaks_first: Seat | None, *, was_asked_for: bool) -> str:
    """Tell the person who steps through a room whose turn comes of it."""
    if seat is None:
        return t("The next AI takes one turn, then the room waits.")
    if was_asked_for:
        return t("{who} was already asked to take a turn, so this step adds none.", who=seat.label)
    takes = t("{who} takes one turn, then the room waits.", who=seat.label)
    if speaks_first is None:
        return takes
    return f"{t('{who} is still speaking and finishes first.', who=speaks_first.label)} {takes}"


def how_to_step(order: Order) -> str:
    """Tell a person how the next turn comes."""
    if order == "conductor":
        return t("`/backroom step seat:` says who speaks next.")
    return t("`/backroom step` takes the next turn.")


def skipped(by_name: str, seat: Seat) -> str:
    """Say that a person passed over a turn."""
    return t("⏭️ {by} skipped the turn of {seat}.", by=by_name, seat=seat.label)


def too_many_directives(seat: Seat, count: int) -> str:
    """Say that an AI asked for more than is done in one turn."""
    return t(
        "🚫 Only the first {count} directives in a turn are carried out, and {seat} gave more.",
        count=count,
        seat=seat.name,
    )
