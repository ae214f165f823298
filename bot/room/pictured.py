"""Which pictures show what was said in the room: each leaves with the words that it was made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.room import notices
from bot.room.entries import Edited, Entry, PictureAsked, PictureMade, Withdrawn
from bot.room.lines import is_held


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of words that stand in the room, and the entries in which it was asked for and made (0: it was not)."""

    picture: int
    description: str
    asked: int
    made: int = 0

    @property
    def entries(self) -> frozenset[int]:
        """The entries that tell of it."""
        return frozenset({self.asked, self.made} - {0})


class Pictured:
    """The pictures of messages. One of a picture, or of the line that it is being made, goes with that one."""

    def __init__(self) -> None:
        self._drawn: dict[int, Drawn] = {}
        self._of: dict[int, list[int]] = {}  # an entry: the pictures of what it said
        self._gone: set[int] = set()

    def add(self, seq: int, entry: Entry) -> None:
        """Learn what one entry of the journal says of pictures."""
        match entry:
            case PictureAsked() if entry.of_entry:
                self._drawn[entry.picture] = Drawn(entry.picture, entry.description, seq)
                self._of.setdefault(entry.of_entry, []).append(entry.picture)
            case PictureMade() if entry.picture in self._drawn:
                self._drawn[entry.picture] = replace(self._drawn[entry.picture], made=seq)
            case Withdrawn():
                self._gone.add(entry.entry)
            case _:
                pass

    def tells_of_one(self, entry: int) -> bool:
        """Whether what the house says in an entry is what such a picture is to show."""
        return any(drawn.asked == entry for drawn in self._drawn.values())

    def of(self, entries: Iterable[int]) -> list[Drawn]:
        """Return the pictures of what these entries said, and the pictures of those."""
        return self._behind([(entry, "") for entry in entries])

    def leaving_with(self, changes: Iterable[Entry]) -> list[Drawn]:
        """Return the pictures of words that are no longer said once these entries change what was said before."""
        left = [(one.entry, one.left) for one in changes if isinstance(one, Withdrawn)]
        left += [(one.entry, one.text) for one in changes if isinstance(one, Edited)]
        return [drawn for drawn in self._behind(left) if drawn.asked not in self._gone]

    def _behind(self, left: list[tuple[int, str]]) -> list[Drawn]:
        """Return the pictures of entries that do not stand in the words which are left of those."""
        found: dict[int, Drawn] = {}
        while left:
            entry, words = left.pop()
            for picture in self._of.get(entry, ()):
                drawn = self._drawn[picture]
                if picture not in found and not is_held(notices.in_a_line(drawn.description), words):
                    found[picture] = drawn
                    left += [(seq, "") for seq in drawn.entries]
        return list(found.values())
