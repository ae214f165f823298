"""The lines about where a message comes from, for the one who asks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.room.notices.foreign import in_a_line
from bot.room.provenance import HouseWords, PersonsWords, Picture, Provenance, SeatWords

WORDS_SHOWN = 500
"""Characters of an invitation or a description that are shown."""
NOT_OF_A_ROOM = "This message is not of a room: no AI said it, and none has read it here."


def provenance(of: Provenance, written_at: float) -> str:
    """Tell where a message comes from; `written_at` is when, in Unix seconds."""
    when = f"<t:{int(written_at)}:f>"
    match of:
        case SeatWords():
            return "\n".join(_of_seat(of, when))
        case Picture():
            cost = _cost(of.cost_usd)
            shows = f'It was to show: "{_cut(of.description)}"'
            return f"🎨 A picture that **{of.author}** asked for · round {of.round} · {when}\n{shows}\nCost: {cost}"
        case PersonsWords():
            return f"💬 **{of.by_name}** said this, and the AIs heard it · round {of.round} · {when}"
        case HouseWords():
            whose = f" It tells of what {of.by_name} did." if of.by_name else ""
            return f"🏠 The house that runs the room said this, no AI.{whose} · round {of.round} · {when}"


def own_additions(prompts: Sequence[str]) -> str:
    """Show what was added to a seat's instructions until it said something."""
    if not prompts:
        return "Nothing had been added to its instructions."
    return "Added to its instructions by then:\n" + "\n".join(f"- {in_a_line(text)}" for text in prompts)


def _of_seat(of: SeatWords, when: str) -> list[str]:
    seat = of.seat
    temperature = "its model's own" if seat.temperature is None else f"{seat.temperature:g}"
    at_host = f" at {of.host}" if of.host else ""
    words = f' with the words "{_cut(seat.invitation)}"' if seat.invitation else ""
    lines = [
        f"**{seat.label}** · round {of.round}, turn {of.turn} · {when}",
        f"Answered by: `{in_a_line(of.served_by).replace('`', '')}`{at_host}",
        f"Temperature: {temperature}",
        f"Tokens: {of.prompt_tokens:,} read, {of.completion_tokens:,} written · cost: {_cost(of.cost_usd)}",
        f"Invited by {of.invited_by or 'nobody that is known'}{words}",
    ]
    if of.again:
        times = "once" if len(of.again) == 1 else f"{len(of.again)} times"
        who = ", ".join(dict.fromkeys(name or "somebody" for name in of.again))
        lines.append(f"Said again {times}, for {who}; what stood here before cost ${of.cost_before_usd:.4f}.")
    return lines


def _cost(cost_usd: float | None) -> str:
    return "not told" if cost_usd is None else f"${cost_usd:.4f}"


def _cut(words: str) -> str:
    line = in_a_line(words)
    return line if len(line) <= WORDS_SHOWN else line[: WORDS_SHOWN - 1] + "…"
