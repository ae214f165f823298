"""What goes wrong in a rehearsal: faults by rule, on requests and on events, and whole storms of them."""

from bot.rehearsal.faults.blows import (
    BLOCKED_BY_AUTOMOD,
    BLOCKED_FOR_A_LINK,
    Blow,
    Cut,
    Delay,
    Html,
    NothingLeft,
    RateLimited,
    Refuse,
    ServerError,
    StoredLate,
)
from bot.rehearsal.faults.fates import Late, Lost, Overtaken, Twice
from bot.rehearsal.faults.faults import EventFault, Fault, Faults, Struck
from bot.rehearsal.faults.rules import Rule

__all__ = [
    "BLOCKED_BY_AUTOMOD",
    "BLOCKED_FOR_A_LINK",
    "Blow",
    "Cut",
    "Delay",
    "EventFault",
    "Fault",
    "Faults",
    "Html",
    "Late",
    "Lost",
    "NothingLeft",
    "Overtaken",
    "RateLimited",
    "Refuse",
    "Rule",
    "ServerError",
    "StoredLate",
    "Struck",
    "Twice",
]
