"""The lines about what people do in a room."""

from __future__ import annotations

from collections.abc import Mapping

from bot.room.entries import Mode, Order

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


def reactions(whose: str, counts: Mapping[str, int]) -> str:
    """`[2 people reacted 🔥 to AI-2's message, 1 reacted 💀]`."""
    if not counts:
        return f"[Nobody reacts to {whose} any more]"
    (first, people), *others = counts.items()
    who = "1 person" if people == 1 else f"{people} people"
    return f"[{who} reacted {first} to {whose}{''.join(f', {n} reacted {emoji}' for emoji, n in others)}]"


def order_set(by_name: str, order: Order) -> str:
    """Say who speaks next from now on."""
    return f"🔀 {by_name} changed who speaks next: {ORDERS[order]}."


def mode_set(by_name: str, mode: Mode) -> str:
    """Say how people are heard from now on."""
    return f"👂 {by_name} changed how people are heard: {MODES[mode]}."


def said_by_person(by_name: str, words: str) -> str:
    """Show what a person said through the house."""
    return f"💬 **{by_name}**: {words}"
