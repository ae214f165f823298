"""Words that wait in a room: what hinders them is shown, and said once where the house can speak."""

from __future__ import annotations

import logging
import time

from bot.errors import BackroomError, PlaceGone
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.hindrance import Hindrance
from bot.room.state import Phase
from bot.storage import Outbox

_log = logging.getLogger("backroom.waiting")


def words_wait(room: OpenRoom, reason: str) -> None:
    """Let people see that words wait; what hinders the whole room says more."""
    known = room.hindrance
    if room.state.phase is not Phase.ENDED and (known is None or known.of_words):
        room.hindrance = Hindrance(reason, known.since if known is not None else time.time(), of_words=True)
        room.stir()


async def say_why(room: OpenRoom, outbox: Outbox, gone: PlaceGone) -> bool:
    """Let the house say, once, whose words wait in a room that does not pause for them; returns whether it is said."""
    try:
        async with room.draft() as draft:
            waiting = [post for post in await outbox.waiting(room.number) if post.post.seat is not None]
            if not waiting:
                return True
            line = notices.words_wait(list(dict.fromkeys(post.post.persona for post in waiting)), str(gone))
            if line not in await outbox.house_lines_after(waiting[0]):
                draft.notice(line)
        await room.say()
    except PlaceGone as still:
        return still.told
    except BackroomError as error:
        _log.warning("room %s: that words wait could not be said yet: %s", room.number, error)
    except Exception:  # noqa: BLE001 - the words go on waiting, whatever it was
        _log.exception("room %s: an error that nobody foresaw", room.number)
    return True
