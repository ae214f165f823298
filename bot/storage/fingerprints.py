"""What is kept of words that are no more, to know a message that may still show them: too little to read them."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

KEY_BYTES = 16
DIGEST_BYTES = 4
"""Few messages are compared with it, and very many other words would fit it."""
_MAY_BE_LOST = ("C", "M", "Z")
"""Spaces, what does not show, and accents: Discord may change these."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Tells whether a message says what a post was to say, and carries as many files."""

    key: bytes
    digest: bytes
    files: int

    @classmethod
    def of(cls, text: str, files: int) -> Self:
        """Take the fingerprint of a post, with a key of its own."""
        key = secrets.token_bytes(KEY_BYTES)
        return cls(key, _digest(key, text), files)

    @classmethod
    def from_record(cls, record: str) -> Self:
        """Read what `to_record` returned."""
        key, digest, files = record.split()
        return cls(bytes.fromhex(key), bytes.fromhex(digest), int(files))

    def to_record(self) -> str:
        """Return it as a text to be kept."""
        return f"{self.key.hex()} {self.digest.hex()} {self.files}"

    def fits(self, text: str, files: int) -> bool:
        """Whether this is what was to be said, but for what Discord may have changed."""
        return files == self.files and hmac.compare_digest(_digest(self.key, text), self.digest)


def _digest(key: bytes, text: str) -> bytes:
    letters = (c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c)[0] not in _MAY_BE_LOST)
    return hmac.new(key, "".join(letters).encode("utf-8", "replace"), sha256).digest()[:DIGEST_BYTES]
