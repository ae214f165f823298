"""What Discord declined is admitted: the room says what is missing and why, and its AIs forget it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.draft import Draft
from bot.posting.delivery import Delivered
from bot.posting.layout import GOES_ON
from bot.recall import Recall
from bot.room import notices
from bot.room.declining import Declining, why_unsaid
from bot.room.entries import Heard, Withdrawn
from bot.storage import Outbox, OutboxPost
from bot.words import t

Missing = list[tuple[OutboxPost, str]]
"""Posts that will not appear, each with the reason."""


class Admitting:
    """Writes down what of a delivery does not stand in the channel as it was meant to."""

    def __init__(self, room: int, outbox: Outbox, recall: Recall) -> None:
        self._room = room
        self._outbox = outbox
        self._recall = recall

    async def admit(self, draft: Draft, delivered: Delivered, declining: Declining) -> str:
        """Say which words are missing and why, and let the AIs forget them as well.

        Returns why the room waits, where Discord declined that too; else nothing.
        """
        before = draft.state
        draft.refused = {post.id: reason for post, reason in delivered.refused}
        missing = [(post, reason) for post, reason in delivered.refused if post.post.is_seen_by_ais]
        for seq, reason in {post.entry_seq: reason for post, reason in missing}.items():
            draft.enter(*await self._recall.withdrawn_posts(seq, (), reason, draft.refused.keys()))
        lines = [notices.declined(post.post.persona, reason) for post, reason in missing]
        lines += await self._of_house(draft, [one for one in delivered.refused if one not in missing])
        lines += await self._renamed(delivered.renamed)
        pauses = declining.pauses_after(draft.entries, draft.state, missing[-1][1]) if missing else ()
        draft.enter(*pauses)
        draft.notice(*dict.fromkeys(lines), *(notices.paused(pause.reason, draft.state.order) for pause in pauses))
        return why_unsaid(before, [post.post.text for post, _ in delivered.refused])

    async def _of_house(self, draft: Draft, missing: Missing) -> list[str]:
        """Return the lines about what the house was to say, for a person or by itself.

        That the house's words are missing is not said where these words were just that.
        """
        lines: list[str] = []
        for post, reason in missing:
            if (heard := await self._said_for_person(post)) is not None:
                draft.enter(Withdrawn(entry=post.entry_seq, reason=reason))
                lines.append(notices.person_declined(heard.by_name, reason))
            elif t(notices.OWN_WORDS_DECLINED) not in post.post.text:
                lines.append(f"{t(notices.OWN_WORDS_DECLINED)} {notices.in_a_line(reason)}")
        return lines

    async def _said_for_person(self, post: OutboxPost) -> Heard | None:
        """Return what a person said by the house if a post is part of it: an entry may have other lines as well."""
        if not post.post.text.startswith((notices.SAYS, GOES_ON)):
            return None
        heard = await self._recall.heard_in(post.entry_seq)
        return heard if heard is not None and heard.by_house else None

    async def _renamed(self, posts: Iterable[OutboxPost]) -> list[str]:
        """Return the lines about names that Discord declines, but for those that were said before a restart."""
        lines = dict.fromkeys(notices.renamed(post.post.persona, post.post.plain_persona) for post in posts)
        return [line for line in lines if await self._outbox.last_said(self._room, {line}) is None]
