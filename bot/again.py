"""Saying it again: a turn is taken anew with what its seat saw then, and its new words replace the old ones."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from itertools import zip_longest

from bot.amends import Amends
from bot.errors import BackroomError, ModelError, NotPossible, PlaceGone
from bot.guild_settings import GuildSettings
from bot.models.answering import Answer, Bill
from bot.open_room import OpenRoom
from bot.posting.editing import refitted
from bot.room.entries import Respoken, Restored, Spent, Spoke
from bot.room.past import Past, past_of
from bot.room.state import Phase
from bot.spending import check_budget, owing, spend
from bot.storage import Database, OutboxPost
from bot.turn import Table, ask_seat, words_for_all
from bot.words import for_asker, later, t

_log = logging.getLogger("backroom.again")


@dataclass(frozen=True, slots=True)
class Again:
    """What saying something again needs."""

    table: Table
    database: Database
    amends: Amends
    settings: GuildSettings


async def say_again(again: Again, room: OpenRoom, seq: int, by: str) -> str:
    """Take the turn of entry `seq` anew, and let its words stand in the place of the old ones; return how that went.

    It is written down first, together with what the channel is owed from then on. The turn's directives are not carried
    out once more. Where it fails, the old words stay.

    Raises:
        NotPossible, ModelError, StorageError: the old words stay.
    """
    entries = {one.seq: one.entry for one in await again.database.journal.entries(room.number)}
    spoke = entries.get(seq)
    if not isinstance(spoke, Spoke):
        raise NotPossible(t("Only what an AI has said can be said again."))
    await _parts(again, room, seq)
    past = past_of(entries, spoke, seq, again.table.history_tokens)
    again.settings.check_model(past.seat.model)
    check_budget(room, again.settings.budget_usd(again.table.room_budget_usd))
    answer = await _answer_of(again, room, past)
    spent = _spent(past, answer)
    async with owing(room, spent):
        words = words_for_all(answer.text, past.seat, past.state, past.history, again.table)
        if not words.strip():
            raise NotPossible(t("The new answer held no words that could be shown."))
        async with room.draft(by_person=True) as draft:
            parts = await _parts(again, room, seq)
            known = room.history.last_seq
            draft.enter(_respoken(seq, past, words, answer, by))
            draft.covered.append(spent)
            new = refitted(past.seat, words, len(parts))
            draft.rewritten = {part.id: post for part, post in zip_longest(parts, new)}
            again.amends.expect(room)
    return await _shown(again, room, seq, known, past.seat.label)


async def _answer_of(again: Again, room: OpenRoom, past: Past) -> Answer:
    bill = Bill()
    try:
        return await ask_seat(room, again.table, past.seat, past.state, past.history, bill)
    except (ModelError, asyncio.CancelledError):
        await spend(room, Spent(what="again", seat=past.seat.number, cost_usd=bill.usd))
        raise


async def _parts(again: Again, room: OpenRoom, seq: int) -> list[OutboxPost]:
    """Return the messages in which a turn's words stand."""
    if room.state.phase is Phase.ENDED:
        raise NotPossible(for_asker("The room is over."))
    posts = await again.database.outbox.of_entry(room.number, seq)
    if any(post.owes or (post.message_id is None and not post.refused) for post in posts):
        raise NotPossible(for_asker("Its words have not all appeared yet. Try again in a moment."))
    standing = await again.amends.standing(room, seq)
    if not standing:
        raise NotPossible(for_asker("The AIs no longer see any of its words."))
    return standing


async def _shown(again: Again, room: OpenRoom, seq: int, known: int, who: str) -> str:
    """Let the channel show the new words, and say what came of it; `known` is the last entry before them.

    Raises:
        NotPossible: Discord declined them, and the old ones stand again.
    """
    sentence, closed = later("{who} has said it again, and the AIs know only the new words."), ""
    try:
        await again.amends.make(room, aloud=False)
        if not await again.amends.standing(room, seq):
            sentence = later("{who} has said it again, but its message was deleted meanwhile.")
    except BackroomError as hindrance:
        _log.warning("room %s: the new words of entry %s are not shown yet: %s", room.number, seq, hindrance)
        sentence = later("{who} has said it again, and its new words stand here as soon as Discord lets them.")
        closed = t(str(hindrance)) if isinstance(hindrance, PlaceGone) else ""
    since = await again.database.journal.entries(room.number, after=known)
    declined = (one.entry for one in since if isinstance(one.entry, Restored) and one.entry.entry == seq)
    if (restored := next(declined, None)) is not None:
        raise NotPossible(t("Discord declined the new ones. {reason}", reason=t(restored.reason)))
    return f"{t(sentence, who=who)} {closed}".rstrip()


def _respoken(seq: int, past: Past, words: str, answer: Answer, by: str) -> Respoken:
    return Respoken(
        entry=seq,
        seat=past.seat.number,
        text=words,
        served_by=answer.served_by,
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
        cost_usd=answer.cost_usd,
        by_name=by,
    )


def _spent(past: Past, answer: Answer) -> Spent:
    """Return what the answer was paid for nothing, should its words never be written down."""
    return Spent(
        what="again",
        seat=past.seat.number,
        served_by=answer.served_by,
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
        cost_usd=answer.cost_usd,
    )
