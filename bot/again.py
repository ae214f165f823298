"""Saying it again: a turn is taken anew with what its seat saw then, and its new words replace the old ones."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cancellation import to_its_end
from bot.errors import BackroomError, NotPossible, PostRefused
from bot.models.answering import Answer
from bot.open_room import OpenRoom
from bot.posting.editing import Editing, refitted
from bot.room.entries import Respoken, Spoke
from bot.room.past import Past, past_of
from bot.room.posts import Post
from bot.room.state import Phase
from bot.storage import Database, OutboxPost
from bot.turn import Table, ask_seat, words_for_all
from bot.words import t

_log = logging.getLogger("backroom.again")


@dataclass(frozen=True, slots=True)
class Again:
    """What saying something again needs."""

    table: Table
    database: Database
    editing: Editing


async def say_again(again: Again, room: OpenRoom, seq: int, by: str) -> str:
    """Take the turn of entry `seq` anew, and let its words stand in the place of the old ones; return whose they are.

    Its directives are not carried out once more. Where it fails, the old words stay.

    Raises:
        NotPossible, ModelError, PostingError, StorageError: nothing was changed.
    """
    entries = {one.seq: one.entry for one in await again.database.journal.entries(room.number)}
    spoke = entries.get(seq)
    if not isinstance(spoke, Spoke):
        raise NotPossible(t("Only what an AI has said can be said again."))
    await _parts(again, room, seq)
    past = past_of(entries, spoke, seq, again.table.history_tokens)
    answer = await ask_seat(room, again.table, past.seat, past.state, past.history)
    words = words_for_all(answer.text, past.seat, past.state, again.table)
    if not words.strip():
        raise NotPossible(t("The new answer held no words that could be shown."))
    parts = await _parts(again, room, seq)
    respoken = _respoken(seq, past, words, answer, by)
    replacing = _replace(again, room, parts, refitted(past.seat, words, len(parts)), respoken)
    await to_its_end(asyncio.ensure_future(replacing))
    return past.seat.label


async def _parts(again: Again, room: OpenRoom, seq: int) -> list[OutboxPost]:
    """Return the messages in which a turn's words stand."""
    if room.state.phase is Phase.ENDED:
        raise NotPossible(t("The room is over, and its words stay as they are."))
    waiting = await again.database.outbox.waiting(room.number)
    if any(post.entry_seq == seq for post in waiting):
        raise NotPossible(t("Its words have not all appeared yet. Try again in a moment."))
    posts = await again.database.outbox.of_entry(room.number, seq)
    gone = {None} | room.history.withdrawn_messages
    standing = [post for post in posts if post.post.seat is not None and post.message_id not in gone]
    if not standing:
        raise NotPossible(t("Nothing of its words stands in the channel any more."))
    return standing


async def _replace(
    again: Again, room: OpenRoom, parts: Sequence[OutboxPost], new: Sequence[Post], respoken: Respoken
) -> None:
    """Change the messages, then write it down, then delete the messages that are not needed any more."""
    surplus = parts[len(new) :]
    touched: list[OutboxPost] = []
    try:
        for part, post in zip(parts, new, strict=False):
            touched.append(part)
            await _change(again, room, part, post)
        async with room.draft(by_person=True) as draft:
            draft.enter(respoken)
            draft.rewritten = {part.id: post for part, post in zip(parts, new, strict=False)}
            draft.rewritten |= {part.id: None for part in surplus}
    except BackroomError as error:
        await _restore(again, room, touched)
        if isinstance(error, PostRefused):
            raise NotPossible(t("Discord declined the new ones. {reason}", reason=error)) from error
        raise
    for part in surplus:
        try:
            await again.editing.delete(part.message_id or 0, room.place, by_persona=True)
        except BackroomError as error:
            _log.warning(
                "room %s: message %s of words that are gone still stands: %s", room.number, part.message_id, error
            )


async def _restore(again: Again, room: OpenRoom, touched: Sequence[OutboxPost]) -> None:
    """Let the old words stand again, as far as Discord lets us."""
    for part in touched:
        try:
            await _change(again, room, part, part.post)
        except BackroomError as error:
            _log.warning(
                "room %s: message %s could not be given its words back: %s", room.number, part.message_id, error
            )


async def _change(again: Again, room: OpenRoom, part: OutboxPost, post: Post) -> None:
    await again.editing.change(part.message_id or 0, post, room.place)


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
