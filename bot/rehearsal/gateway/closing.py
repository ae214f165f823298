"""The codes with which Discord's gateway closes a connection."""

from __future__ import annotations

UNKNOWN_OPCODE = (4001, "Unknown opcode")
DECODE_ERROR = (4002, "Error while decoding payload")
NOT_AUTHENTICATED = (4003, "Not authenticated")
AUTHENTICATION_FAILED = (4004, "Authentication failed")
ALREADY_AUTHENTICATED = (4005, "Already authenticated")
INVALID_SHARD = (4010, "Invalid shard")
INVALID_INTENTS = (4013, "Invalid intent(s)")
DISALLOWED_INTENTS = (4014, "Disallowed intent(s)")
GOING_AWAY = (1001, "Going away")
CODES_THAT_END_A_SESSION = (1000, 1001)
"""Sent by a client, these end its session: it cannot be resumed."""


class GatewayClosed(Exception):
    """The connection is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
