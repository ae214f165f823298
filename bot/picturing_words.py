"""A picture of what a message of the room says, asked for by a person: only what the AIs hear may be pictured."""

from __future__ import annotations

from bot.errors import NotPossible
from bot.listening import Shown, what_is_shown
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import CarriedOut, PictureAsked
from bot.room.forgetting import NOBODY
from bot.room.hearing import is_off_the_record
from bot.spending import check_budget
from bot.words import for_asker


async def picture_message(room: OpenRoom, by: str, message: int, reads: str, budget_usd: float) -> None:
    """Let a picture be made of a message, which leaves with its words; `reads` is what the message says in the channel.

    Raises:
        NotPossible: the AIs have not heard it or hear it no longer, it has no words, or the room has spent its budget.
        StorageError: nothing was changed.
    """
    async with room.draft(by_person=True) as draft:  # nothing is taken back between looking and writing down
        check_budget(room, budget_usd)
        shown = await what_is_shown(room, message)
        words = _words_of(shown, reads.strip(), is_withdrawn=message in room.history.withdrawn_messages)
        asked = PictureAsked(
            picture=draft.state.pictures_asked + 1,
            description=words,
            by_name=by,
            of_entry=0 if shown is None else _goes_with(room, shown),
        )
        draft.enter(CarriedOut(verb="image", texts=(), done=True, outcome="", by_name=by), asked)
        draft.notice(notices.image_asked(by, words))


def _goes_with(room: OpenRoom, shown: Shown) -> int:
    """Return with which entry's words a picture of them goes; 0 for the house's own, which stand."""
    is_of_picture = room.pictured.tells_of_one(shown.entry)
    return shown.entry if is_of_picture else shown.entry_of_somebody


def _words_of(shown: Shown | None, reads: str, *, is_withdrawn: bool) -> str:
    """Return what is to be pictured: what a person said as it was heard, or what a picture was to show."""
    if is_withdrawn or (shown is None and is_off_the_record(reads)):
        raise NotPossible(for_asker("That message is off the record."))
    if shown is None:
        raise NotPossible(for_asker(notices.NOT_HEARD))
    if shown.by == NOBODY:
        raise NotPossible(for_asker(notices.WAS_FORGOTTEN))
    is_as_heard = shown.by is None or shown.said.startswith(reads)  # behind the words, files are named
    words = reads if is_as_heard and not shown.is_picture else shown.said
    if not words.strip():
        raise NotPossible(for_asker("That message has no words to make a picture of."))
    return words
