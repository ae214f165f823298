"""Discord's refusals: HTTP status, error code and sentence, as its documentation lists them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Reason(NamedTuple):
    """Why a request is refused."""

    status: int
    code: int
    message: str


UNAUTHORIZED = Reason(401, 0, "401: Unauthorized")
NO_SUCH_ROUTE = Reason(404, 0, "404: Not Found")
UNKNOWN_APPLICATION = Reason(404, 10002, "Unknown Application")
UNKNOWN_CHANNEL = Reason(404, 10003, "Unknown Channel")
UNKNOWN_GUILD = Reason(404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = Reason(404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = Reason(404, 10008, "Unknown Message")
UNKNOWN_USER = Reason(404, 10013, "Unknown User")
UNKNOWN_EMOJI = Reason(404, 10014, "Unknown Emoji")
UNKNOWN_REACTION_EMOJI = Reason(400, 10014, "Unknown Emoji")
UNKNOWN_WEBHOOK = Reason(404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = Reason(404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = Reason(404, 10063, "Unknown application command")
TOO_MANY_PINS = Reason(400, 30003, "Maximum number of pins reached (250)")
TOO_MANY_WEBHOOKS = Reason(400, 30007, "Maximum number of webhooks reached (15)")
TOO_MANY_EMOJIS = Reason(400, 30008, "Maximum number of emojis reached (2000)")
TOO_MANY_REACTIONS = Reason(400, 30010, "Maximum number of reactions reached (20)")
TOO_MANY_ATTACHMENTS = Reason(400, 30015, "Maximum number of attachments in a message reached (10)")
TOO_MANY_COMMANDS = Reason(400, 30032, "Maximum number of application commands reached (100).")
REQUEST_TOO_LARGE = Reason(413, 40005, "Request entity too large")
ALREADY_ACKNOWLEDGED = Reason(400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = Reason(403, 50001, "Missing Access")
NOT_THE_AUTHOR = Reason(403, 50005, "Cannot edit a message authored by another user")
ARCHIVED_THREAD = Reason(400, 50083, "Thread is archived")
NO_DIRECT_CHANNEL = Reason(403, 50003, "Cannot execute action on a DM channel")
EMPTY_MESSAGE = Reason(400, 50006, "Cannot send an empty message")
TAKES_NO_DIRECT_MESSAGES = Reason(403, 50007, "Cannot send messages to this user")
NOT_A_TEXT_CHANNEL = Reason(400, 50008, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = Reason(403, 50013, "Missing Permissions")
NOT_IN_THIS_CHANNEL = Reason(400, 50024, "Cannot execute action on this channel type")
INVALID_WEBHOOK_TOKEN = Reason(401, 50027, "Invalid Webhook Token")
INVALID_RECIPIENT = Reason(400, 50033, "Invalid Recipient(s)")
INVALID_FORM = Reason(400, 50035, "Invalid Form Body")
FILE_TOO_LARGE = Reason(400, 50045, "File uploaded exceeds the maximum size")
INVALID_JSON = Reason(400, 50109, "The request body contains invalid JSON.")
NO_REPLY_WITHOUT_HISTORY = Reason(400, 160002, "Cannot reply without permission to read message history")
ALREADY_HAS_A_THREAD = Reason(400, 160004, "A thread has already been created for this message")
THREAD_IS_LOCKED = Reason(400, 160005, "Thread is locked")

FORUM_NEEDS_A_THREAD = Reason(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id")
FORUM_TAKES_ONE_THREAD = Reason(
    400, 220002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"
)
ONLY_FORUMS_OPEN_THREADS = Reason(400, 220003, "Webhooks can only create threads in forum channels")


class Refusal(Exception):
    """A request is refused; `errors` names the fields that are wrong, for `INVALID_FORM`."""

    def __init__(self, reason: Reason, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{reason.message} ({reason.code})")
        self.reason = reason
        self.errors = errors

    @property
    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        body: dict[str, Any] = {"message": self.reason.message, "code": self.reason.code}
        if self.errors:
            body["errors"] = self.errors
        return body

    @property
    def sentence(self) -> str:
        """The refusal in words, with the fields that are wrong."""
        fields = "; ".join(f"{path}: {message}" for path, message in _fields(self.errors or {}))
        return f"{self.reason.message} ({self.reason.code})" + (f": {fields}" if fields else "")


def _fields(errors: dict[str, Any], path: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, inner in errors.items():
        if key == "_errors":
            found.extend((path, error["message"]) for error in inner)
        else:
            found.extend(_fields(inner, f"{path}.{key}" if path else key))
    return found
