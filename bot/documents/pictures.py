"""What documents say of pictures: what one shows stands beside its number, once, and nowhere when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.room import notices
from bot.room.entries import PictureAsked, PictureMade, Spoke, Withdrawn
from bot.room.history import Line
from bot.room.kept import Happening
from bot.room.posts import Post
from bot.words import t

OF_THE_HOUSE = "the house's message"
"""Whose message a notice is. In older journals it counts as the words of the entry with which it was posted."""


def pictures_gone(happenings: Sequence[Happening]) -> set[int]:
    """Return the pictures that were taken back, or that were to show words which were."""
    withdrawn = {one.entry.entry for one in happenings if isinstance(one.entry, Withdrawn)}
    asked_or_made = ((one.seq, one.entry) for one in happenings if isinstance(one.entry, PictureAsked | PictureMade))
    return {entry.picture for seq, entry in asked_or_made if seq in withdrawn}


def tells_of_pictures(said: str, whose: str) -> bool:
    """Whether a message of the house that begins so says what pictures show."""
    return whose == OF_THE_HOUSE and "🎨" in said


class Pictures:
    """The pictures that were made in a room."""

    def __init__(self, happenings: Sequence[Happening]) -> None:
        self.gone = pictures_gone(happenings)
        self._asked: dict[int, PictureAsked] = {}
        self._wanted_in: dict[int, int] = {}
        """The entries of the turns in which pictures were asked for."""
        self._made_in: set[int] = set()
        self._announced: set[str] = set()
        of_this_turn: list[int] = []
        for one in happenings:
            match one.entry:
                case PictureAsked():
                    self._asked[one.entry.picture] = one.entry
                    of_this_turn += [] if one.entry.seat is None else [one.entry.picture]
                case Spoke():
                    self._wanted_in |= dict.fromkeys(of_this_turn, one.seq)
                    of_this_turn.clear()
                case PictureMade() if one.entry.picture in self._asked:
                    self._made_in.add(one.seq)
                    self._announced.add(_behind_author(self._asked[one.entry.picture].description))
                case _:
                    pass

    def caption(self, picture: int, line: Line, lines: dict[int, list[Line]]) -> str:
        """Return a picture's number, whose it is, and what it shows, where its author's words do not say that."""
        number = t("picture {number}", number=picture)
        description = self._asked[picture].description
        ending = notices.picture_line("", description).removeprefix("[")
        author = line.text.removeprefix("[").removesuffix(ending)
        said = " ".join(notices.in_a_line(one.text) for one in lines.get(self._wanted_in.get(picture, 0), ()))
        is_told = line.text.endswith(ending) and notices.in_a_line(description) in said
        return f"🖼️ {number} · {author if is_told else line.text}"

    def notices_of(self, posts: Iterable[tuple[int, Post]]) -> Iterator[tuple[int, str]]:
        """Yield the house's posts without what they say of pictures that came to be."""
        for seq, post in posts:
            if seq not in self._made_in:
                kept = (line for line in post.text.split("\n") if line.partition("]: ")[2] not in self._announced)
                if text := "\n".join(kept):
                    yield seq, text


def _behind_author(description: str) -> str:
    """`!image "a cinematic visualization of…..." (generating...)`."""
    return notices.image_asked("", description).partition("]: ")[2]
