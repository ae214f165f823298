"""The lines about what people do in a room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.room.entries import Mode, Order
from bot.room.notices.foreign import in_a_line, in_a_line_for_ais, without_ids
from bot.words import later, t

ORDERS: Mapping[Order, str] = {
    "round_robin": later("each in turn"),
    "addressed": later("whoever was just named or asked, otherwise each in turn"),
    "conductor": later("only whom `/backroom step` names"),
}
SAYS = "💬"
"""Begins the lines in which the house says a person's words."""
EXCERPT_LENGTH = 80
CANNOT_READ = later(
    "👂 The bot is not allowed to read what is written here. The AIs hear people through `/backroom say` and where "
    "they mention the bot; a reply to an AI's message gives it the next turn, unless the room has a conductor. Its "
    "operator can switch on the Message Content intent and start the bot again."
)
READS_AGAIN = later("👂 The bot may read again what is written here: from now on the AIs hear whatever people write.")
"""Said where `CANNOT_READ` was said before."""
MODES: Mapping[Mode, str] = {
    "open": later("the AIs hear whatever people write here"),
    "curated": later("the AIs hear what people say with `/backroom say`"),
    "silent": later("the AIs hear nobody"),
}
_OPEN_UNREAD = later("the AIs hear only `/backroom say` and messages that mention the bot")
_WHOSE = {"'s message": later("{who}'s message"), "'s picture": later("{who}'s picture")}


def reactions(whose: str, counts: Mapping[str, int], said: str = "") -> str:
    """`[2 people reacted 🔥 to AI-2's message “and so the tide…”, 1 reacted 💀]`; without `said` no quotation."""
    if said:
        whose = f"{whose} “{in_a_line_for_ais(said)}”"
    if not counts:
        return f"[Nobody reacts to {whose} any more]"
    (first, people), *others = counts.items()
    who = "1 person" if people == 1 else f"{people} people"
    return f"[{who} reacted {first} to {whose}{''.join(f', {n} reacted {emoji}' for emoji, n in others)}]"


def loved(whose: str, said: str, counts: Mapping[str, int]) -> str:
    """`❤️ AI-2's message “and so the tide…”: 🔥 2, 💀 1`."""
    short = f" {t('“{words}”', words=said)}" if said else ""
    return f"❤️ {whose_for_people(whose)}{short}: {', '.join(f'{emoji} {count}' for emoji, count in counts.items())}"


def whose_for_people(whose: str) -> str:
    """Return whose a message is, which entries say as AIs are told it, for people."""
    for ending, sentence in _WHOSE.items():
        if whose.endswith(ending):
            return t(sentence, who=whose.removesuffix(ending))
    return whose


def answering(whose: str, answers: str = "") -> str:
    """Say before a person's words whom they answer: `(to AI-2, who said “and so the tide…”) `."""
    if not whose:
        return ""
    return f"(to {whose}, who said “{in_a_line_for_ais(answers)}”) " if answers else f"(to {whose}) "


def with_files(words: str, names: Sequence[str]) -> str:
    """Return a person's words with the names of the pictures and files that came with them."""
    if not names:
        return words
    return f"{words}\n(with {', '.join(in_a_line_for_ais(name) for name in names)})".strip()


def excerpt(words: str) -> str:
    """Return how words begin, in one line; of a Discord id in them not even a part is left."""
    return excerpt_as_written(without_ids(words))


def excerpt_as_written(words: str) -> str:
    """Return how words begin, in one line, with the ids that are in them: so journals held it that are older."""
    one_line = in_a_line(words[: 2 * EXCERPT_LENGTH])
    return one_line if len(one_line) <= EXCERPT_LENGTH else f"{one_line[:EXCERPT_LENGTH].rstrip()}…"


def order_set(by_name: str, order: Order) -> str:
    """Say who speaks next from now on."""
    return t("🔀 {by} changed who speaks next: {order}.", by=by_name, order=t(ORDERS[order]))


def how_heard(mode: Mode, *, readable: bool) -> str:
    """Return how people are heard, to be translated; `readable` is whether the bot may read what they write."""
    return _OPEN_UNREAD if mode == "open" and not readable else MODES[mode]


def mode_set(by_name: str, mode: Mode, *, readable: bool) -> str:
    """Say how people are heard from now on."""
    return t("👂 {by} changed how people are heard: {mode}.", by=by_name, mode=t(how_heard(mode, readable=readable)))


def said_by_person(by_name: str, words: str) -> str:
    """Show what a person said through the house; further lines are quoted, so that none looks like the house's own."""
    first, *others = words.splitlines() or [""]
    return "\n".join([f"{SAYS} **{by_name}**: {first}", *(f"> {line}" for line in others)])
