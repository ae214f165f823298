"""Watching a channel: its happenings, one after the other, as they happen."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.rehearsal.world.happenings import Happening


class Watch:
    """The happenings of a channel since the watch began: `with channel.watch() as seen: async for one in seen`."""

    def __init__(self, among: list[Watch]) -> None:
        self._among = among
        self._unseen: asyncio.Queue[Happening] = asyncio.Queue()

    def see(self, happening: Happening) -> None:
        """Take note of a happening."""
        self._unseen.put_nowait(happening)

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self in self._among:
            self._among.remove(self)

    def __aiter__(self) -> Watch:
        return self

    async def __anext__(self) -> Happening:
        return await self._unseen.get()
