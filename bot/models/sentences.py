"""What a failed request is called in the room: a sentence or two for people, and the kind of error it is.

Whoever reads them is watching a conversation and runs nothing: no status, no address, nothing to decipher. A host's
own words are quoted only where it objects to this one request and they are the reason; the log has them always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import AccessRefused, ModelError, ModelRefused, ModelRetired, ModelUnavailable
from bot.log import SHORTEST_SECRET
from bot.models.endpoints import Endpoint
from bot.models.failures import Failure
from bot.models.model import Model
from bot.words import later, t

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
    return ModelRefused(t("{model} declined to answer.", model=model.name) + _quoted(words, endpoint))


def too_slow(seconds: float, model: Model, endpoint: Endpoint) -> ModelUnavailable:
    """Return the error that says that no answer came in the time that there is for one."""
    sentence = t("{model} had not answered after {seconds:g} seconds.", model=model.name, seconds=seconds)
    return ModelUnavailable(sentence, host=endpoint.title)


def nothing_said(model: Model, *, cut_off: bool) -> str:
    """Say that a model answered twice and said nothing."""
    if cut_off:
        sentence = later("{model} used up the space for an answer before it had said a word, twice.")
        return t(sentence, model=model.name)
    return t("{model} gave an empty answer, twice.", model=model.name)


def without_key(words: str, endpoint: Endpoint) -> str:
    """Return `words` without the endpoint's key: a host may say again what it was sent."""
    key = endpoint.key.get_secret_value() if endpoint.key else ""
    return words.replace(key, "[key]") if len(key) >= SHORTEST_SECRET else words


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
        if self.endpoint.key is None:
            sentence = later("{Host} asks this bot for a key: its operator has to set {key}.")
        else:
            sentence = later("{Host} refuses the key of this bot: its operator has to check {key}.")
        return AccessRefused(self._t(sentence))

    def credit_used_up(self) -> ModelError:
        return AccessRefused(
            self._t(
                later(
                    "This bot's credit at {host}, or the limit of its key, does not allow another answer: "
                    "its operator has to add credit there, or raise the limit."
                )
            )
        )

    def forbidden(self) -> ModelError:
        if self._is("content_policy_violation", "content_filter", "flagged_input"):
            sentence = later("{Host} did not pass this on to {model}: its moderation objects to what was said.")
        else:
            sentence = later(
                "{Host} does not allow this request to {model}: a guardrail, the key's permissions or "
                "the region may be the reason."
            )
        return ModelRefused(self._t(sentence) + self._said)

    def not_served(self) -> ModelError:
        if self._is("privacy_restricted") or _SAYS_PRIVACY.search(self.failure.said):
            sentence = later(
                "No provider of {model} at {host} promises to store nothing that it is sent, and "
                "Backroom asks for that with every request. Choose another model."
            )
        elif self._is("constraint_filtered"):
            sentence = later(
                "The account's settings at {host} leave no provider for {model}: change them there, or "
                "choose another model."
            )
        elif self._is_a_wrong_address():
            sentence = later(
                "{Host} does not answer chats at the address that this bot has for it: "
                "its operator has to check {address}."
            )
        else:
            return self._retired()
        return ModelRefused(self._t(sentence))

    def bad_request(self) -> ModelError:
        too_long = ("context_length_exceeded", "token_limit_exceeded", "string_too_long")
        if self._is(*too_long) or _SAYS_TOO_LONG.search(self.failure.said):
            sentence = later(
                "What was said in this room is longer than {model} can read: open a new room, "
                "or let the bot's operator lower HISTORY_TOKENS."
            )
            return ModelRefused(self._t(sentence))
        return self._retired() if self._is_unknown() else self.declined()

    def too_large(self) -> ModelError:
        sentence = later(
            "The pictures and the history of this room are more than {host} accepts for {model}: open a new room."
        )
        return ModelRefused(self._t(sentence) + self._said)

    def limited(self) -> ModelError:
        sentence = later("{Host} limits how often {model} may be asked, and that limit has been reached.")
        return self._passing(self._t(sentence) + self._wait)

    def unavailable(self) -> ModelError:
        if self.failure.status is None:
            return self._passing(self._t(self._what_broke()))
        if self.failure.status in TIMEOUTS:
            return self._passing(self._t(later("{model} took longer to answer than {host} waits for it.")))
        if self.failure.status in OVERLOADS:
            sentence = later("{model} is overloaded at {host} right now, or not running there.")
        else:
            sentence = later("{model} is not available at {host} right now: something is broken there.")
        return self._passing(self._t(sentence) + self._wait)

    def declined(self) -> ModelError:
        if self.failure.status is None:
            sentence = later("{Host} cannot be asked at all: this bot's operator has to check {address} and {key}.")
            return ModelRefused(self._t(sentence))
        return ModelRefused(self._t(later("{Host} declined the request to {model}.")) + self._said)

    def _passing(self, sentence: str) -> ModelUnavailable:
        return ModelUnavailable(sentence, host=self.endpoint.title)

    def _what_broke(self) -> str:
        if self._is("unreachable"):
            return later("{Host} cannot be reached, so {model} could not be asked.")
        if self._is("crowded"):
            return later("This bot is asking {host} for too much at once, so {model} could not be asked.")
        if self._is("silent"):
            return later("{Host} fell silent while {model} was answering.")
        if self._is("garbled"):
            return later("{Host} sent something that is not an answer from {model}.")
        return later("The connection to {host} broke while {model} was answering.")

    def _retired(self) -> ModelRetired:
        others = f" {t('or')} ".join(self.model.instead or self.failure.host_instead)
        instead = _cleaned(others, self.endpoint)
        advice = t("Choose {model} instead.", model=instead) if instead else t("Choose another model.")
        return ModelRetired(f"{self._t(self._why_not_served())} {advice}")

    def _why_not_served(self) -> str:
        if self.model.retired:
            return later("{Host} no longer offers {model} ({retired}).")
        if self._is("free_variant_ended"):
            return later("{Host} no longer offers {model} for free.")
        if self._is("model_deprecated"):
            return later("{Host} no longer offers {model}.")
        if self._is("no_endpoints") or _SAYS_NO_PROVIDER.search(self.failure.said):
            return later("{Host} has no provider for {model}.")
        return later("{Host} does not know the model {id}, which the catalogue lists as {model}.")

    def _t(self, sentence: str) -> str:
        """Say a sentence about this failure; `{Host}` begins it, `{host}` stands within it."""
        return t(
            sentence,
            Host=self._host,
            host=self.endpoint.title,
            model=self.model.name,
            id=self.model.id,
            retired=self.model.retired,
            key=self.endpoint.key_name,
            address=self.endpoint.address_name,
        )

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
        if seconds is None:
            return ""
        rounded = max(round(seconds), 1)
        if rounded == 1:
            return f" {t('It asks to wait 1 second.')}"
        return f" {t('It asks to wait {seconds} seconds.', seconds=rounded)}"

    @property
    def _said(self) -> str:
        return _quoted(self.failure.said, self.endpoint)


def _quoted(words: str, endpoint: Endpoint) -> str:
    cleaned = _cleaned(words, endpoint)
    return " " + t("It says: “{words}”", words=cleaned) if cleaned else ""


def _cleaned(words: str, endpoint: Endpoint) -> str:
    """Return a host's words as one short line that holds no key."""
    line = " ".join(_LOOKS_LIKE_A_KEY.sub("[key]", without_key(words, endpoint)).split())
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= HOST_WORDS_SHOWN else f"{line[:HOST_WORDS_SHOWN]}…"
