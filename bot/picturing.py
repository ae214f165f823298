"""One picture, start to finish: a host is asked, and what becomes of it is kept and posted."""

from __future__ import annotations

import asyncio
import logging

from bot.errors import PictureError, StorageError
from bot.images.picture import Picture, PictureMaker
from bot.images.verify import for_models
from bot.open_room import OpenRoom
from bot.pauses import pauses
from bot.room import notices
from bot.room.entries import PictureAsked, PictureBegun, PictureFailed, PictureMade, Spent
from bot.room.state import RoomState
from bot.spending import cost_since_granted_usd, may_cost_more, owing
from bot.storage import StoredPicture
from bot.words import later, t

TIMES_A_PICTURE_IS_BEGUN = 2
"""After a crash a picture is made once more, and not again and again: each time may cost."""
_UNFORESEEN = later("Something went wrong that the bot did not expect.")

_log = logging.getLogger("backroom.picturing")


async def make_picture(room: OpenRoom, maker: PictureMaker, asked: PictureAsked, budget_usd: float) -> None:
    """Have a picture made, and write down what becomes of it, however long the disk takes.

    Those before it are paid for by now: the budget, of which 0 is no limit, may be spent since it was asked for.
    """
    if room.state.pictures_begun.count(asked.picture) >= TIMES_A_PICTURE_IS_BEGUN:
        return await _fail(room, asked, later("The bot was interrupted twice while making it."))
    if not asked.description:  # who said what it was to show was forgotten
        return await _fail(room, asked, notices.WORDS_TAKEN_BACK)
    if not may_cost_more(room, budget_usd):
        return await _fail(room, asked, t(notices.MAY_NOT_COST_MORE, cost=cost_since_granted_usd(room)))
    await _until_written(room, asked, PictureBegun(picture=asked.picture))
    if _as_wanted(room.state, asked) is None:
        return None
    try:
        picture = await maker.make(notices.without_ids(asked.description))
    except PictureError as error:
        await _fail(room, asked, str(error), error.cost_usd)
    except Exception:  # noqa: BLE001 - the same picture would fail, and perhaps cost, again and again
        _log.exception("room %s: picture %s met an error that nobody foresaw", room.number, asked.picture)
        await _fail(room, asked, _UNFORESEEN)
    else:
        await _keep(room, asked, picture)


async def _keep(room: OpenRoom, asked: PictureAsked, picture: Picture) -> None:
    """Write down a picture that is there and paid for, or at least what it cost."""
    spent = _spent(asked, picture.cost_usd)
    async with owing(room, spent):
        try:
            seen = await asyncio.to_thread(for_models, picture)
        except Exception:  # noqa: BLE001 - it would happen to the same picture again
            _log.exception("room %s: picture %s cannot be shown to models", room.number, asked.picture)
            entry, stored = PictureFailed(picture=asked.picture, reason=_UNFORESEEN, cost_usd=picture.cost_usd), None
        else:
            entry = PictureMade(picture=asked.picture, cost_usd=picture.cost_usd)
            stored = StoredPicture(picture.data, picture.media_type, picture.width, picture.height, seen)
        await _until_written(room, asked, entry, stored, spent)


async def _fail(room: OpenRoom, asked: PictureAsked, reason: str, cost_usd: float | None = None) -> None:
    spent = _spent(asked, cost_usd)
    async with owing(room, spent):
        failed = PictureFailed(picture=asked.picture, reason=reason, cost_usd=cost_usd)
        await _until_written(room, asked, failed, spent=spent)


async def _until_written(
    room: OpenRoom,
    asked: PictureAsked,
    entry: PictureBegun | PictureMade | PictureFailed,
    stored: StoredPicture | None = None,
    spent: Spent | None = None,
) -> None:
    """Write down what became of a picture, which covers what was `spent` on it; not where nobody waits for it any more:
    its room is over, or the words that it shows were taken back.
    """
    for seconds in pauses():
        try:
            async with room.draft() as draft:
                wanted = _as_wanted(draft.state, asked)
                if wanted is None:
                    return
                draft.enter(entry)
                draft.covered += [spent] if spent else []
                if stored is not None:
                    draft.show(wanted, stored)
                elif isinstance(entry, PictureFailed):
                    author = wanted.by_name if wanted.seat is None else room.state.seat(wanted.seat).label
                    draft.notice(notices.image_failed(author, t(entry.reason)))
            return
        except StorageError as error:
            _log.warning("room %s: picture %s waits to be kept: %s", room.number, asked.picture, error)
            await asyncio.sleep(seconds)


def _as_wanted(state: RoomState, asked: PictureAsked) -> PictureAsked | None:
    """Return what was asked for as it is wanted by now, for which who asked may be forgotten; None when it is not."""
    pending = (one for one in state.pictures_pending if one.picture == asked.picture)
    return next((one for one in pending if one.description == asked.description), None)


def _spent(asked: PictureAsked, cost_usd: float | None) -> Spent:
    return Spent(what="picture", seat=asked.seat, cost_usd=cost_usd)
