"""How what people do in a room's channel comes to its AIs: what they say and change, and how they react."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.open_room import OpenRoom
from bot.pseudonyms import Pseudonyms
from bot.room import notices
from bot.room.calling import call_of
from bot.room.entries import Edited, Heard, Reacted
from bot.room.forgetting import NOBODY
from bot.room.state import Phase
from bot.storage import StoredPicture

SECONDS_OF_SILENCE = 2.0
"""After so long without another word a person has said what they wanted to say."""
SECONDS_LISTENED_AT_MOST = 8.0
"""People who talk among themselves do not keep the AIs from speaking."""
MESSAGES_NOTED_AT_ONCE = 200
"""How many messages' reactions are written down together; the others wait for the next time."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message of the room shows.

    Args:
        entry: the number of the entry that it shows.
        who: whose words it holds: `AI-2`, a person's name, `the house`.
        said: its words.
        seat: the seat, if it is one's.
        by: Discord's id of the person, if it is one's.
        is_picture: whether it shows a picture.
    """

    entry: int
    who: str
    said: str
    seat: int | None = None
    by: int | None = None
    is_picture: bool = False

    @property
    def entry_of_somebody(self) -> int:
        """The entry, where it is words or a picture of a seat's or a person's; 0 where the house says something beside.

        What the house says, the AIs are told in other words, or not at all: nothing of it is quoted to them.
        """
        return self.entry if self.seat is not None or self.by is not None or self.is_picture else 0

    @property
    def whose(self) -> str:
        """`AI-2's message`."""
        return f"{self.who}'s {'picture' if self.is_picture else 'message'}"


async def what_is_shown(room: OpenRoom, message: int) -> Shown | None:
    """Return what a message of the room's channel shows; None where the AIs know nothing of it, or no longer."""
    if message in room.history.withdrawn_messages:
        return None
    found = await room.posted_as(message) if room.history.entry_of_message(message) is None else None
    if found is not None and found.is_leaving:
        return None
    entry, post = (await room.recall.entry_of(message), None) if found is None else (found.entry_seq, found.post)
    if entry is None:
        return None
    heard = await room.recall.heard_in(entry) if post is None or not post.is_seen_by_ais else None
    if heard is not None and (post is None or heard.by_house):
        return Shown(entry, heard.by_name, heard.text, by=heard.by)
    if post is None:
        return None
    who = "the house" if post.seat is None else f"AI-{post.seat}"
    is_picture = post.picture is not None
    return Shown(entry, who, post.alt_text if is_picture else post.text, post.seat, is_picture=is_picture)


async def listen(room: OpenRoom) -> None:
    """Wait until people have finished what they are saying, but not for long, and note how they react.

    Raises:
        StorageError: their reactions were not written down, and still wait.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + SECONDS_LISTENED_AT_MOST
    while room.seconds_of_last_word:
        seconds = min(room.seconds_of_last_word + SECONDS_OF_SILENCE, until) - clock()
        if seconds <= 0:
            break
        await asyncio.sleep(seconds)
    await note_reactions(room)


async def note_reactions(room: OpenRoom) -> None:
    """Write down how people reacted since the last time, in one entry for each message; nothing once a room is over.

    Raises:
        StorageError: nothing was written down, and all of it still waits.
    """
    waiting = room.waiting_reactions
    if room.state.phase is Phase.ENDED:
        waiting.forget(*waiting.messages)
        return
    messages = waiting.messages[:MESSAGES_NOTED_AT_ONCE]
    if not messages:
        return
    is_posting = room.owes_words  # before looking: what is posted meanwhile is known the next time
    shown: dict[int, Shown] = {}
    if may_show := await room.recall.may_show(messages):
        async with room.draft() as draft:  # nothing is changed or taken back between looking and writing down
            found = {message: await what_is_shown(room, message) for message in messages if message in may_show}
            shown = {message: one for message, one in found.items() if one is not None}
            if draft.state.phase is not Phase.ENDED:
                draft.enter(*_reacted(room, shown))
    unknown = [message for message in messages if message not in shown]
    waiting.forget(*room.history.withdrawn_messages.intersection(unknown))
    waiting.pass_over(unknown, asyncio.get_running_loop().time(), is_posting=is_posting)
    for message in shown:
        waiting.settle(message, room.history.given(message))


def _reacted(room: OpenRoom, shown: Mapping[int, Shown]) -> Iterator[Reacted]:
    """Yield what changed; where whose message it is does not tell which, the AIs are to be told how it begins."""
    given = {message: room.history.given(message) for message in shown}
    changed = {message: room.waiting_reactions.changes_to(message, given[message]) for message in shown}
    told = {(one.whose, one.entry) for message, one in shown.items() if changed[message]}
    of_one_name = Counter(whose for whose, _ in told)
    for message, one in shown.items():
        if changed[message]:
            said, entry = notices.excerpt(one.said), one.entry_of_somebody
            is_clear = of_one_name[one.whose] == 1 and room.history.is_told_apart(entry)
            yield Reacted(
                message=message,
                whose=one.whose,
                said=said,
                changes=changed[message],
                entry=entry,
                recalled=bool(entry) and not is_clear,
            )


async def hear(
    room: OpenRoom,
    heard: Heard,
    pseudonyms: Pseudonyms,
    pictures: Sequence[StoredPicture] = (),
    *,
    answers: int | None = None,
    to_the_bot: bool = False,
) -> bool:
    """Write down what a person wrote in an open room, with its pictures, and give whom it calls on the next turn.

    Returns False when it was heard before, nobody is heard so, or who wrote it wants it forgotten. `answers` is the
    seat to whose message it replies, `to_the_bot` whether it mentions the bot.
    """
    async with room.draft() as draft:
        is_new = await room.recall.entry_of(heard.message) is None
        if not is_new or draft.state.phase is Phase.ENDED or draft.state.mode != "open":
            return False
        if await pseudonyms.is_forgotten(heard.by, heard.message):
            return False  # they asked while it was on its way, such as its pictures
        under_way = room.turn_under_way
        call = call_of(
            draft.state, heard.by_name, heard.text, answers=answers, to_the_bot=to_the_bot, under_way=under_way
        )
        if call is not None:
            draft.enter(call)
        numbers = range(draft.state.pictures_asked + 1, draft.state.pictures_asked + 1 + len(pictures))
        draft.enter(heard.model_copy(update={"pictures": tuple(numbers)}))
        draft.pictures += zip(numbers, pictures, strict=True)
    return True


async def take_reply(room: OpenRoom, by_name: str, seat: int) -> None:
    """Give a seat the next turn because a person answered it with words that the bot may not read."""
    async with room.draft() as draft:
        call = call_of(draft.state, by_name, "", answers=seat, under_way=room.turn_under_way)
        if call is not None and draft.state.phase is not Phase.ENDED and draft.state.mode == "open":
            draft.enter(call)


async def as_it_stands(room: OpenRoom, message: int) -> tuple[int, Heard] | None:
    """Return in which entry a person's message was heard, and as what; None where it is withdrawn, or was not heard.

    Nor is anything returned whose author wants it forgotten.
    """
    entry = await room.recall.entry_of(message)
    heard = None if entry is None else await room.recall.heard_in(entry)
    if entry is None or heard is None or heard.by == NOBODY or message in room.history.withdrawn_messages:
        return None
    return entry, heard


async def change_words(
    room: OpenRoom, message: int, text: str, *, may_speak: bool, without_pictures: bool = False
) -> None:
    """Let a person's message say something else, if it was heard and is not withdrawn.

    Where nobody is heard so any more, or who wrote it may not speak now, it is withdrawn instead.
    """
    async with room.draft() as draft:
        stands = await as_it_stands(room, message)
        if stands is None or stands[1].text == text:
            return
        if may_speak and draft.state.mode == "open":
            draft.enter(Edited(entry=stands[0], text=text, without_pictures=without_pictures))
        else:
            draft.enter(*await room.recall.withdrawn([message]))
