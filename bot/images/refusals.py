"""What an image host's refusal means, in a sentence that can stand in a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from bot.errors import PictureError
from bot.words import later, t

_CONTENT_WORDS = (
    "content policy",
    "content_policy",
    "content filter",
    "content_filter",
    "moderation",
    "safety",
    "flagged",
    "prohibited",
    "responsible ai",
)
_SENTENCES = {
    400: later("The image host could not understand this request."),
    401: later("The image host does not accept the key. The bot's operator has to check the key for pictures."),
    402: later("The credit for pictures is used up. The bot's operator can add more at the image host."),
    403: later("The image host does not allow this account to make pictures. The bot's operator has to look into it."),
    408: later("The image host took too long."),
    413: later("The description is too long for the image host."),
    422: later("The image host could not understand this request."),
    429: later("The image host is getting more requests than it allows. It may work again in a minute."),
}
_DOWN = later("The image host is down or overloaded at the moment.")


def refusal(status: int, answer: Mapping[str, object], model: str) -> PictureError:
    """Return the error for an answer that is no picture."""
    error = _error_of(answer)
    if _is_about_content(error) and status not in (401, 402, 429):
        return PictureError(t("The image host declined this description because of its content rules."))
    if status == 404:
        sentence = later("The image host has no model “{model}” to paint with. The bot's operator can choose another.")
        return PictureError(t(sentence, model=model))
    if status >= 500:
        return PictureError(t(_DOWN))
    if status in _SENTENCES:
        return PictureError(t(_SENTENCES[status]))
    return PictureError(t("The image host declined the request (status {status}).", status=status))


def status_of(status: int, answer: Mapping[str, object]) -> int:
    """Return the status that an answer means: an error inside a success is no success."""
    if status != 200 or not answer.get("error"):
        return status
    code = _error_of(answer).get("code")
    return code if isinstance(code, int) and 400 <= code < 600 else 400


def _error_of(answer: Mapping[str, object]) -> Mapping[str, object]:
    error = answer.get("error")
    if isinstance(error, dict):
        return cast(Mapping[str, object], error)
    return {"message": error} if isinstance(error, str) else {}


def _is_about_content(error: Mapping[str, object]) -> bool:
    said = " ".join(str(error.get(part, "")) for part in ("message", "code", "type", "metadata")).lower()
    return any(word in said for word in _CONTENT_WORDS)
