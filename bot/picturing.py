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
from bot.room.state import Phase
from bot.spending import owing
from bot.storage import StoredPicture
from bot.words import later, t

TIMES_A_PICTURE_IS_BEGUN = 2
"""After a crash a picture is made once more, and not again and again: each time may cost."""
_UNFORESEEN = later("The bot met an error that it did not foresee.")

_log = logging.getLogger("backroom.picturing")


async def make_picture(room: OpenRoom, maker: PictureMaker, asked: PictureAsked) -> None:
    """Have a picture made, and write down what becomes of it, however long the disk takes."""
    if room.state.pictures_begun.count(asked.picture) >= TIMES_A_PICTURE_IS_BEGUN:
        return await _fail(room, asked, later("The bot was interrupted twice while it was made."))
    await _until_written(room, asked, PictureBegun(picture=asked.picture))
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
    """Write down what became of a picture, which covers what was `spent` on it; not after the end of the room."""
    for seconds in pauses():
        try:
            async with room.draft() as draft:
                if draft.state.phase is Phase.ENDED:
                    return  # nobody waits for it any more
                draft.enter(entry)
                draft.covered += [spent] if spent else []
                if stored is not None:
                    draft.show(asked, stored)
                elif isinstance(entry, PictureFailed):
                    author = asked.by_name if asked.seat is None else room.state.seat(asked.seat).label
                    draft.notice(notices.image_failed(author, t(entry.reason)))
            return
        except StorageError as error:
            _log.warning("room %s: picture %s waits to be kept: %s", room.number, asked.picture, error)
            await asyncio.sleep(seconds)


def _spent(asked: PictureAsked, cost_usd: float | None) -> Spent:
    return Spent(what="picture", seat=asked.seat, cost_usd=cost_usd)
