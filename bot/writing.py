"""How a room's drafts are written down, also where the database breaks off before it says whether they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.draft import Draft
from bot.errors import StorageError
from bot.storage import Journal, LeaseTaken, Overtaken, Written
from bot.words import later


class Writing:
    """Writes down one draft of a room at a time.

    Args:
        note: takes note of what was written down of a draft.
        found: is called when something was there after all, though whoever wrote it was told that it failed.
    """

    def __init__(
        self,
        room: int,
        journal: Journal,
        note: Callable[[Draft, Sequence[Written]], None],
        found: Callable[[], None],
    ) -> None:
        self._room = room
        self._journal = journal
        self._note = note
        self._found = found
        self._uncertain: Draft | None = None  # what may be written down, though the database did not say so

    async def write(self, draft: Draft, after: int) -> None:
        """Write a draft down, following the entry `after`.

        Raises:
            StorageError: it was not written down, or nobody can say whether it was: read on before anything else.
        """
        try:
            written = await self._journal.append(
                self._room,
                draft.entries,
                draft.posts,
                draft.pictures,
                after=after,
                rewritten=draft.rewritten,
                restored=draft.restored,
                refused=draft.refused,
                taken_away=draft.taken_away,
            )
        except StorageError as error:
            self._uncertain = draft
            if isinstance(error, Overtaken):
                raise Overtaken(later("Something else was written down in this room first. Try again.")) from error
            if isinstance(error, LeaseTaken) or not await self._is_there(draft, after):
                raise
        else:
            self._note(draft, written)

    async def read_on(self, after: int) -> None:
        """Read what was written down after the entry `after` all the same when a database broke off before it said so.

        Raises:
            StorageError: it cannot be read either.
        """
        if (draft := self._uncertain) is not None:
            written = await self._journal.entries(self._room, after)
            self._note(draft, written)
            self._uncertain = None
            if written:
                self._found()

    async def _is_there(self, draft: Draft, after: int) -> bool:
        """Look at once whether a draft is there all the same: whoever is told that it failed does it again."""
        with suppress(StorageError):
            written = await self._journal.entries(self._room, after)
            if draft.entries and is_written(draft, written):
                self._note(draft, written)
                self._uncertain = None
                return True
        return False


def is_written(draft: Draft, written: Sequence[Written]) -> bool:
    """Whether what was written down begins with the entries of a draft."""
    return [one.entry for one in written[: len(draft.entries)]] == draft.entries
