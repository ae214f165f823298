"""What a failed request is called in the room: a sentence or two for people, and the kind of error it is.

Whoever reads them is watching a conversation and runs nothing: no status, no address, nothing to decipher. A host's
own words are quoted only where it objects to this one request and they are the reason; the log has them always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import AccessRefused, ModelError, ModelRefused, ModelRetired, ModelUnavailable
from bot.models.endpoints import Endpoint
from bot.models.failures import Failure
from bot.models.model import Model

TIMEOUTS = frozenset({408, 504, 522, 524})
OVERLOADS = frozenset({503, 529})

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


def too_slow(seconds: float, model: Model, endpoint: Endpoint) -> ModelUnavailable:
    """Return the error that says that no answer came in the time that there is for one."""
    return ModelUnavailable(f"{model.name} had not answered after {seconds:g} seconds.", host=endpoint.title)


def nothing_said(model: Model, *, cut_off: bool) -> str:
    """Say that a model answered twice and said nothing."""
    if cut_off:
        return f"{model.name} came to the end of the space for an answer before it had said a word, twice."
    return f"{model.name} answered with nothing, twice."


def without_key(words: str, endpoint: Endpoint) -> str:
    """Return `words` without the endpoint's key: a host may say again what it was sent."""
    key = endpoint.key.get_secret_value() if endpoint.key else ""
    return words.replace(key, "[key]") if key else words


def for_the_log(failure: Failure, endpoint: Endpoint) -> str:
    """Return what a host said, as a line that holds no key."""
    said = _cleaned(failure.said, endpoint)
    return f"{failure.summary}: {said}" if said else failure.summary


@dataclass(frozen=True, slots=True)
class _Account:
    """One failure, and everything needed to tell of it."""

    failure: Failure
    model: Model
    endpoint: Endpoint

    def key_refused(self) -> ModelError:
        name = self.endpoint.key_name
        if self.endpoint.key is None:
            return AccessRefused(f"{self._host} asks this bot for a key: its operator has to set {name}.")
        return AccessRefused(f"{self._host} refuses the key of this bot: its operator has to check {name}.")

    def credit_used_up(self) -> ModelError:
        return AccessRefused(
            f"This bot's credit at {self.endpoint.title}, or the limit of its key, does not allow another answer: "
            "its operator has to add credit there, or raise the limit."
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
                f"{self._host} does not answer chats at the address that this bot has for it: "
                f"its operator has to check {self.endpoint.address_name}."
            )
        return self._retired()

    def bad_request(self) -> ModelError:
        too_long = ("context_length_exceeded", "token_limit_exceeded", "string_too_long")
        if self._is(*too_long) or _SAYS_TOO_LONG.search(self.failure.said):
            return ModelRefused(
                f"What was said in this room is longer than {self.model.name} can read: open a new room, "
                "or let the bot's operator lower HISTORY_TOKENS."
            )
        return self._retired() if self._is_unknown() else self.declined()

    def too_large(self) -> ModelError:
        return ModelRefused(
            f"The pictures and the history of this room are more than {self.endpoint.title} takes for "
            f"{self.model.name}: open a new room.{self._said}"
        )

    def limited(self) -> ModelError:
        return self._passing(
            f"{self._host} limits how often {self.model.name} may be asked, and the limit is reached.{self._wait}"
        )

    def unavailable(self) -> ModelError:
        name, title = self.model.name, self.endpoint.title
        if self.failure.status is None:
            return self._passing(self._what_broke())
        if self.failure.status in TIMEOUTS:
            return self._passing(f"{name} took longer to answer than {title} waits for it.")
        if self.failure.status in OVERLOADS:
            return self._passing(f"{name} is asked by too many at {title} just now, or not running there.{self._wait}")
        return self._passing(f"{name} is not available at {title} just now: something is broken there.{self._wait}")

    def declined(self) -> ModelError:
        if self.failure.status is None:
            return ModelRefused(
                f"{self._host} cannot be asked at all: this bot's operator has to check "
                f"{self.endpoint.address_name}, and {self.endpoint.key_name}."
            )
        return ModelRefused(f"{self._host} declined the request to {self.model.name}.{self._said}")

    def _passing(self, sentence: str) -> ModelUnavailable:
        return ModelUnavailable(sentence, host=self.endpoint.title)

    def _what_broke(self) -> str:
        name = self.model.name
        if self._is("unreachable"):
            return f"{self._host} cannot be reached, so {name} could not be asked."
        if self._is("crowded"):
            return f"This bot asks {self.endpoint.title} too much at once, so {name} could not be asked."
        if self._is("silent"):
            return f"{self._host} fell silent while {name} was answering."
        if self._is("garbled"):
            return f"{self._host} sent something that is no answer of {name}."
        return f"The connection to {self.endpoint.title} broke while {name} was answering."

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
    line = " ".join(_LOOKS_LIKE_A_KEY.sub("[key]", without_key(words, endpoint)).split())
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= HOST_WORDS_SHOWN else f"{line[:HOST_WORDS_SHOWN]}…"
