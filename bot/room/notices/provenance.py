"""The lines about where a message comes from, for the one who asks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.room.notices.foreign import in_a_line
from bot.room.provenance import HouseWords, PersonsWords, Picture, Provenance, SeatWords
from bot.words import later, t

WORDS_SHOWN = 500
"""Characters of an invitation or a description that are shown."""
NOT_OF_A_ROOM = later("This message does not belong to a room: no AI said it, and none has read it here.")

NO_LONGER_SEEN = later("It was taken off the record: the AIs see it no longer.")
FORGOTTEN_SINCE = later("Whoever said it was forgotten: the AIs see it no longer.")


def provenance(of: Provenance, written_at: float) -> str:
    """Tell where a message comes from; `written_at` is when, in Unix seconds."""
    when = f"<t:{int(written_at)}:f>"
    match of:
        case SeatWords():
            return "\n".join(_of_seat(of, when))
        case Picture():
            sentence = later(
                "🎨 A picture that **{by}** asked for · round {round} · {when}\nIt was meant to show: “{what}”"
            )
            shows = t(sentence, by=of.author, round=of.round, when=when, what=_cut(of.description))
            return f"{shows}\n{t('Cost: {cost}', cost=_cost(of.cost_usd))}"
        case PersonsWords():
            sentence = later("💬 **{by}** said this, and the AIs heard it · round {round} · {when}")
            return t(sentence, by=of.by_name, round=of.round, when=when)
        case HouseWords():
            whose = f" {t('It says what {by} did.', by=of.by_name)}" if of.by_name else ""
            said = t("🏠 This comes from the house that runs the room, not from an AI.")
            return f"{said}{whose} · {t('round {round}', round=of.round)} · {when}"


def own_additions(prompts: Sequence[str]) -> str:
    """Show what was added to a seat's instructions until it said something."""
    if not prompts:
        return t("Nothing had been added to its instructions.")
    return f"{t('Added to its instructions by then:')}\n" + "\n".join(f"- {in_a_line(text)}" for text in prompts)


def _of_seat(of: SeatWords, when: str) -> list[str]:
    seat = of.seat
    temperature = (
        t("its model's own") if seat.temperature is None else t("{temperature:g}", temperature=seat.temperature)
    )
    where = t("round {round}, turn {turn}", round=of.round, turn=of.turn)
    tokens = later("Tokens: {read:,} read, {written:,} written · cost: {cost}")
    return [
        f"**{seat.label}** · {where} · {when}",
        _answered_by(of),
        t("Temperature: {temperature}", temperature=temperature),
        t(tokens, read=of.prompt_tokens, written=of.completion_tokens, cost=_cost(of.cost_usd)),
        _invited(of),
        *_said_again(of),
        *_declined(of),
    ]


def _answered_by(of: SeatWords) -> str:
    model = in_a_line(of.served_by).replace("`", "")
    if of.host:
        return t("Answered by: `{model}` at {host}", model=model, host=of.host)
    return t("Answered by: `{model}`", model=model)


def _invited(of: SeatWords) -> str:
    by = of.invited_by or t("somebody unknown")
    if of.seat.invitation:
        return t("Invited by {by} with the words “{words}”", by=by, words=_cut(of.seat.invitation))
    return t("Invited by {by}", by=by)


def _said_again(of: SeatWords) -> list[str]:
    if not of.again:
        return []
    times = len(of.again)
    who = ", ".join(dict.fromkeys(name or t("somebody") for name in of.again))
    once = later("Said again once, for {who}; what stood here before cost ${cost:.4f}.")
    often = later("Said again {times} times, for {who}; what stood here before cost ${cost:.4f}.")
    if times == 1:
        return [t(once, who=who, cost=of.cost_before_usd)]
    return [t(often, times=times, who=who, cost=of.cost_before_usd)]


def _declined(of: SeatWords) -> list[str]:
    if not of.declined_cost_usd:
        return []
    return [t("New words that Discord declined cost ${cost:.4f}.", cost=of.declined_cost_usd)]


def _cost(cost_usd: float | None) -> str:
    return t("unknown") if cost_usd is None else t("${cost:.4f}", cost=cost_usd)


def _cut(words: str) -> str:
    line = in_a_line(words)
    return line if len(line) <= WORDS_SHOWN else line[: WORDS_SHOWN - 1] + "…"
