"""What an operator sets, by environment or `.env`: read once, typed, each described in its field."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import AnyUrl, Field, HttpUrl, SecretStr, ValidationError, WebsocketUrl, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

DISCORD_API = "https://discord.com/api/v10"
OPENROUTER_API = "https://openrouter.ai/api/v1"


class Settings(BaseSettings):
    """The settings of one running bot."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, env_ignore_empty=True
    )

    discord_token: SecretStr | None = Field(
        None, description="The bot's token. Without one, `make run` rehearses on a Discord of its own."
    )
    discord_api_url: HttpUrl = Field(HttpUrl(DISCORD_API), description="Base of Discord's REST API, version 10.")
    discord_gateway_url: WebsocketUrl | None = Field(
        None, description="Discord's gateway. Unset: what /gateway/bot answers."
    )
    openrouter_api_key: SecretStr | None = Field(
        None,
        description="The key for models and pictures. Without one the cast is offline: built in, free, labelled.",
    )
    openrouter_base_url: HttpUrl = Field(
        HttpUrl(OPENROUTER_API), description="Base of OpenRouter's API, or of anything that speaks like it."
    )
    image_model: str = Field(
        "google/gemini-3.1-flash-image", min_length=1, description="The model that makes pictures."
    )
    images_path: Literal["/images", "/images/generations"] = Field(
        "/images",
        description="Where pictures are asked for: /images is OpenRouter's, /images/generations OpenAI's.",
    )
    image_price_usd: float = Field(
        0.0,
        ge=0,
        description="What a picture costs, in US dollars, where its host does not say so, as hosts of "
        "/images/generations do not: without it such pictures never spend a room's budget.",
    )
    images_base_url: HttpUrl | None = Field(
        None, description="Base of another API for pictures. Unset: OPENROUTER_BASE_URL."
    )
    images_api_key: SecretStr | None = Field(
        None,
        description="The key for IMAGES_BASE_URL. It gets no other key, and OpenRouter's key goes nowhere else.",
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///data/backroom.sqlite3",
        description="Where the journal is kept: sqlite+aiosqlite:///… or postgresql+asyncpg://…",
        repr=False,
    )
    lease_seconds: float = Field(
        30,
        ge=1,
        le=600,
        description="How long a bot that went silent keeps the rooms before another that has its database takes them.",
    )
    models_file: Path | None = Field(
        None, description="Your own catalogue of models: adds to the built-in one or overrides it by name."
    )
    scenarios_folder: Path | None = Field(
        None, description="A folder with your own scenarios, one TOML file each: adds to the built-in ones."
    )
    history_tokens: int = Field(
        24_000, ge=2_000, le=1_000_000, description="How much of a room's history a model is shown, at most."
    )
    room_budget_usd: float = Field(
        5.0,
        ge=0,
        description="What a room may cost, in US dollars, until a person lets it go on; 0 is without limit.",
    )
    posts_a_minute: int = Field(
        30,
        ge=0,
        description="How many messages the AIs of a channel post in a minute, at most. Discord allows about 30, and "
        "shows it only by refusing more; 0 lets the bot find out.",
    )
    retention_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="How many days a room that is over is kept, unless its server has set another number. "
        "Unset: for ever.",
    )
    seconds_before_probe: float = Field(
        30,
        gt=0,
        le=600,
        description="When a models' host that is out is asked again; after that ever later, up to ten minutes. "
        "Each time costs what a turn costs.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged; at DEBUG all that Discord tells, what people write as well."
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("should begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        AnyUrl(value)
        return value

    @property
    def is_offline(self) -> bool:
        """Whether the cast is the built-in one, because nobody gave a key."""
        return self.openrouter_api_key is None


def read_settings() -> Settings:
    """Read the settings from the environment and `.env`.

    Raises:
        SettingsError: a value is not what it should be; the sentence names it and what was expected.
    """
    try:
        return Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env cannot be read: {error}") from None


def environment() -> Mapping[str, str]:
    """Return the environment with what `.env` adds to it: where an operator's own endpoints find their keys."""
    return {name: value for name, value in {**dotenv_values(".env"), **os.environ}.items() if value is not None}


def _sentence(error: ValidationError) -> str:
    lines = ["Some settings cannot be used. Mend them in .env or in the environment:"]
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        name = ".".join(str(part) for part in problem["loc"]).upper()
        described = Settings.model_fields[name.lower()].description if name.lower() in Settings.model_fields else ""
        what = problem["msg"].removeprefix("Value error, ")  # pydantic's words before ours
        lines.append(f"  {name}: {what}. {described}")
    return "\n".join(lines)
