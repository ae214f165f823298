"""What stands for a person where their Discord id must not: the same each time, and nobody can tell whose it is."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from bot.storage import Marks

KEY_MARK = "key of pseudonyms"
FORGOTTEN_MARK = "forgotten"


class Pseudonyms:
    """Made with a random key that stays in the database: ids alone could be tried out one by one."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._key = secrets.token_bytes(32)

    async def load(self) -> None:
        """Take the key of earlier runs, or keep this one."""
        kept = await self._marks.load(KEY_MARK)
        if kept is None:
            await self._marks.keep(KEY_MARK, self._key.hex())
        else:
            self._key = bytes.fromhex(kept)

    def of(self, user_id: int) -> str:
        """Return 32 letters and digits that stand for a person."""
        return hmac.new(self._key, str(user_id).encode(), sha256).hexdigest()[:32]

    async def note_forgotten(self, user_id: int, before: int) -> None:
        """Note that a person wants to be forgotten up to a message (a Discord id, which tells a moment)."""
        await self._marks.keep(f"{FORGOTTEN_MARK} {self.of(user_id)}", str(before))

    async def is_forgotten(self, user_id: int, message: int) -> bool:
        """Whether what a person did about a message is to stay forgotten."""
        return message < await self.forgotten_before(user_id)

    async def forgotten_before(self, user_id: int) -> int:
        """Return the message (a Discord id) up to which a person wants to be forgotten; 0 for who never wanted it."""
        return int(await self._marks.load(f"{FORGOTTEN_MARK} {self.of(user_id)}") or 0)
