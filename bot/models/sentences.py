"""What a failed request is called in the room: a sentence or two for people, and the kind of error it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import AccessRefused, ModelError, ModelRefused, ModelRetired, ModelUnavailable
from bot.models.endpoints import Endpoint
from bot.models.failures import Failure
from bot.models.model import Model

HOST_WORDS_SHOWN = 200
"""Characters of a host's own words; what matters stands at their beginning."""

_LOOKS_LIKE_A_KEY = re.compile(r"\b(sk|key|pk)-[\w-]{8,}|\bBearer\s+\S+", re.IGNORECASE)
_SAYS_TOO_LONG = re.compile(r"context (length|window|size)|maximum context|prompt is too long", re.IGNORECASE)
_SAYS_UNKNOWN = re.compile(r"not a valid model|model .{0,200}(not found|does not exist)", re.IGNORECASE | re.DOTALL)
_SAYS_PRIVACY = re.compile(r"data policy|privacy", re.IGNORECASE)
_SAYS_NO_PROVIDER = re.compile(r"no (allowed )?(endpoints|providers)", re.IGNORECASE)


def as_error(failure: Failure, model: Model, endpoint: Endpoint) -> ModelError:
    """Return the error that tells people of `failure`; it never holds the endpoint's key."""
    account = _Account(failure, model, endpoint)
    match failure.status:
        case 400:
            return account.bad_request()
        case 401:
            return account.key_refused()
        case 402:
            return account.credit_used_up()
        case 403:
            return account.forbidden()
        case 404:
            return account.not_served()
        case 413:
            return account.too_large()
        case 429:
            return account.limited()
        case _:
            return account.unavailable() if failure.is_of_the_host else account.declined()


def declined_by_model(words: str, model: Model, endpoint: Endpoint) -> ModelRefused:
    """Return the error that says that the model, or a filter behind it, would not answer."""
    return ModelRefused(f"{model.name} declined to answer.{_quoted(words, endpoint)}")


@dataclass(frozen=True, slots=True)
class _Account:
    """One failure, and everything needed to tell of it."""

    failure: Failure
    model: Model
    endpoint: Endpoint

    def key_refused(self) -> ModelError:
        if self.endpoint.key is None:
            return AccessRefused(f"{self._host} asks for a key: set {self.endpoint.key_name}.")
        return AccessRefused(f"{self._host} refuses the key: check {self.endpoint.key_name}.")

    def credit_used_up(self) -> ModelError:
        return AccessRefused(
            f"The credit at {self.endpoint.title}, or the limit of its key, does not allow another answer: "
            f"add credit there, or raise the limit.{self._said}"
        )

    def forbidden(self) -> ModelError:
        if self._is("content_policy_violation", "content_filter", "flagged_input"):
            return ModelRefused(
                f"{self._host} did not pass this on to {self.model.name}: "
                f"its moderation objects to what was said.{self._said}"
            )
        return ModelRefused(
            f"{self._host} does not allow this request to {self.model.name}; a guardrail, "
            f"what the key may do, or the region can be the reason.{self._said}"
        )

    def not_served(self) -> ModelError:
        name, title = self.model.name, self.endpoint.title
        if self._is("privacy_restricted") or _SAYS_PRIVACY.search(self.failure.said):
            return ModelRefused(
                f"No provider of {name} at {title} promises to keep nothing of what it is sent, and Backroom "
                "asks for that with every request. Take another model."
            )
        if self._is("constraint_filtered"):
            return ModelRefused(
                f"The account's settings at {title} leave no provider for {name}: "
                "change them there, or take another model."
            )
        if self._is_a_wrong_address():
            return ModelRefused(
                f"{self._host} has no chat at {self.endpoint.chat_url}: check {self.endpoint.address_name}."
            )
        return self._retired()

    def bad_request(self) -> ModelError:
        too_long = ("context_length_exceeded", "token_limit_exceeded", "string_too_long")
        if self._is(*too_long) or _SAYS_TOO_LONG.search(self.failure.said):
            return ModelRefused(
                f"What was said in this room is longer than {self.model.name} can read: "
                "lower HISTORY_TOKENS, or open a new room."
            )
        return self._retired() if self._is_unknown() else self.declined()

    def too_large(self) -> ModelError:
        return ModelRefused(
            f"The pictures and the history of this room are more than {self.endpoint.title} takes for "
            f"{self.model.name}: open a new room.{self._said}"
        )

    def limited(self) -> ModelError:
        return ModelUnavailable(
            f"{self._host} limits how often {self.model.name} may be asked, and the limit is reached."
            f"{self._wait}{self._said}"
        )

    def unavailable(self) -> ModelError:
        if self.failure.status is None:
            said = _cleaned(self.failure.said, self.endpoint)
            return ModelUnavailable(f"{self._host} {said} while {self.model.name} was asked.")
        return ModelUnavailable(
            f"{self.model.name} is not available at {self.endpoint.title} just now "
            f"(error {self.failure.status}).{self._wait}{self._said}"
        )

    def declined(self) -> ModelError:
        if self.failure.status is None:
            return ModelRefused(f"{self._host} {_cleaned(self.failure.said, self.endpoint)}.")
        return ModelRefused(
            f"{self._host} declined the request to {self.model.name} (error {self.failure.status}).{self._said}"
        )

    def _retired(self) -> ModelRetired:
        instead = _cleaned(" or ".join(self.model.instead or self.failure.host_instead), self.endpoint)
        advice = f"Take {instead} instead." if instead else "Take another model."
        return ModelRetired(f"{self._host} {self._why_not_served()} {advice}")

    def _why_not_served(self) -> str:
        name = self.model.name
        if self.model.retired:
            return f"no longer serves {name} ({self.model.retired})."
        if self._is("free_variant_ended"):
            return f"no longer serves {name} for nothing."
        if self._is("model_deprecated"):
            return f"no longer serves {name}."
        if self._is("no_endpoints") or _SAYS_NO_PROVIDER.search(self.failure.said):
            return f"has no provider for {name}."
        return f"knows no model {self.model.id}, which is {name} in the catalogue."

    def _is(self, *kinds: str) -> bool:
        return not set(kinds).isdisjoint(self.failure.kinds)

    def _is_unknown(self) -> bool:
        unknown = self._is("model_not_found", "model_deprecated", "not_found", "not_found_error")
        return unknown or _SAYS_UNKNOWN.search(self.failure.said) is not None

    def _is_a_wrong_address(self) -> bool:
        if self.endpoint.is_openrouter:
            return not (self.failure.said or self.failure.kinds)
        return not self._is_unknown()

    @property
    def _host(self) -> str:
        return self.endpoint.title[:1].upper() + self.endpoint.title[1:]

    @property
    def _wait(self) -> str:
        seconds = self.failure.seconds_to_wait
        return "" if seconds is None else f" It asks to wait {_duration(seconds)}."

    @property
    def _said(self) -> str:
        return _quoted(self.failure.said, self.endpoint)


def _duration(seconds: float) -> str:
    rounded = max(round(seconds), 1)
    return "1 second" if rounded == 1 else f"{rounded} seconds"


def _quoted(words: str, endpoint: Endpoint) -> str:
    cleaned = _cleaned(words, endpoint)
    return f' It says: "{cleaned}"' if cleaned else ""


def _cleaned(words: str, endpoint: Endpoint) -> str:
    """Return a host's words as one short line that holds no key."""
    if endpoint.key is not None:
        words = words.replace(endpoint.key.get_secret_value(), "[key]")
    line = " ".join(_LOOKS_LIKE_A_KEY.sub("[key]", words).split())
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= HOST_WORDS_SHOWN else f"{line[:HOST_WORDS_SHOWN]}…"
