"""A program that writes turns until it is killed: `python -m tests.storage.writer URL`. Each line it prints is safe."""

from __future__ import annotations

import asyncio
import sys

from bot.storage import open_database
from tests.storage.happenings import OPENED, PICTURE, here, turn_of, words


async def write_for_ever(url: str) -> None:
    """Append turns of three entries, a post and a picture, and post each post; say so after each."""
    async with open_database(url) as database:
        room = await database.journal.room_at(1) or await database.journal.open_room(here(), [OPENED])
        last = (await database.journal.entries(room))[-1].seq
        while True:
            turn = (last - 1) // 3 + 1
            written = await database.journal.append(
                room, turn_of(turn), [words(str(turn))], [(turn, PICTURE)], after=last
            )
            last = written[-1].seq
            sys.stdout.write(f"wrote {last}\n")
            sys.stdout.flush()
            for owed in await database.outbox.waiting(room):
                await database.outbox.mark_posted(owed.id, owed.id)
            sys.stdout.write(f"posted {turn}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(write_for_ever(sys.argv[1]))
