"""Where models are asked: a base address that speaks OpenAI's chat completions, and perhaps a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from bot.errors import SettingsError
from bot.models.model import OPENROUTER

OPENROUTER_KEY_ENV = "OPENROUTER_API_KEY"


@dataclass(frozen=True, slots=True)
class EndpointEntry:
    """An endpoint as the catalogue names it; `key_env` is the environment's variable that holds its key."""

    name: str
    base_url: str
    key_env: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as the client asks it: with its key in hand.

    Raises:
        SettingsError: the key holds a character that cannot be sent in a header.
    """

    base_url: str
    key: SecretStr | None = None
    key_env: str | None = None
    name: str = OPENROUTER

    def __post_init__(self) -> None:
        secret = self.key.get_secret_value() if self.key else ""
        if not all("!" <= character <= "~" for character in secret):
            raise SettingsError(
                f"The key of {self.title} ({self.key_name}) holds a blank or a character that no key has: "
                "copy it again."
            )

    @property
    def is_openrouter(self) -> bool:
        """Whether it understands what only OpenRouter does."""
        return self.name == OPENROUTER

    @property
    def title(self) -> str:
        """What people call it."""
        return "OpenRouter" if self.is_openrouter else f'the endpoint "{self.name}"'

    @property
    def key_name(self) -> str:
        """What an operator has to look at when the key is refused."""
        return self.key_env or (OPENROUTER_KEY_ENV if self.is_openrouter else "its key_env in MODELS_FILE")

    @property
    def address_name(self) -> str:
        """What an operator has to look at when nothing answers at the address."""
        return "OPENROUTER_BASE_URL" if self.is_openrouter else "its base_url in MODELS_FILE"

    @property
    def chat_url(self) -> str:
        """The address that a request is posted to."""
        return f"{self.base_url.rstrip('/')}/chat/completions"

    @property
    def authorization(self) -> dict[str, str]:
        """The header that carries the key; none without a key."""
        return {"Authorization": f"Bearer {self.key.get_secret_value()}"} if self.key else {}


def open_endpoints(
    entries: Mapping[str, EndpointEntry], environment: Mapping[str, str], openrouter: Endpoint
) -> dict[str, Endpoint]:
    """Return every endpoint with its key from `environment`; `openrouter` is the one that settings describe.

    Raises:
        SettingsError: an endpoint names a variable for its key, and that variable is not set.
    """
    opened = {name: _with_key(entry, environment) for name, entry in entries.items() if name != OPENROUTER}
    return {OPENROUTER: openrouter, **opened}


def _with_key(entry: EndpointEntry, environment: Mapping[str, str]) -> Endpoint:
    if entry.key_env is None:
        return Endpoint(entry.base_url, name=entry.name)
    key = environment.get(entry.key_env, "").strip()
    if not key:
        raise SettingsError(
            f'The endpoint "{entry.name}" takes its key from {entry.key_env}, which is not set: '
            f"set it, or leave key_env out of the endpoint's entry in MODELS_FILE."
        )
    return Endpoint(entry.base_url, SecretStr(key), entry.key_env, entry.name)
