"""Which Discord is spoken to, who the bot is there, and the address that invites it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client.reaching import NOT_UNDERSTOOD, UNREACHED, why_unreached
from bot.errors import DiscordUnavailable, SettingsError
from bot.posting.doors import NEEDED
from bot.settings import Settings

AUTHENTICATION_FAILED = 4004
"""Discord's close code for a token that is no longer valid, also while the bot is connected."""

_ENDED_FOR_GOOD = {
    4010: "it does not know the shard that the bot names",
    4011: "the bot is in more servers than Discord serves over one connection",
    4012: "it no longer speaks the version of its API that the bot does. Update Backroom",
    4013: "it does not know the intents that the bot names. Update Backroom",
}
_NOT_LET_IN = "Discord refuses DISCORD_TOKEN. Copy the token anew from the developer portal: Bot, Reset Token."


def speak_to(settings: Settings) -> None:
    """Let discord.py, whose addresses are its own constants, speak to the Discord of the settings."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks aloud here
    Route.BASE = str(settings.discord_api_url).rstrip("/")


async def find_gateway(client: discord.Client, settings: Settings) -> None:
    """Take the gateway from the settings or from what `/gateway/bot` answers: discord.py asks nobody."""
    address = str(settings.discord_gateway_url) if settings.discord_gateway_url else None
    if address is None:
        _, address, _ = await client.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)


@asynccontextmanager
async def login_refusals() -> AsyncGenerator[None]:
    """Say what an operator must do when Discord does not let the bot in, or lets it stay connected no longer.

    Raises:
        SettingsError: the token, or what the developer portal allows it.
        DiscordUnavailable: Discord ended the connection for good.
    """
    try:
        yield
    except discord.LoginFailure:
        raise SettingsError(_NOT_LET_IN) from None
    except discord.ConnectionClosed as closed:
        if closed.code == AUTHENTICATION_FAILED:
            raise SettingsError(_NOT_LET_IN) from None
        why = _ENDED_FOR_GOOD.get(closed.code, f"close code {closed.code}")
        raise DiscordUnavailable(f"Discord ended the connection and allows no other: {why}.") from None
    except discord.PrivilegedIntentsRequired:
        raise SettingsError(
            "Discord does not allow the bot the intents it asks for. Switch them on in the developer portal: Bot."
        ) from None


async def invitation_address(settings: Settings) -> str:
    """Return the address at which an administrator invites the bot, with just the permissions that it needs.

    Raises:
        SettingsError: there is no token, or Discord refuses it.
        DiscordUnavailable: Discord cannot be reached.
    """
    if settings.discord_token is None:
        raise SettingsError("DISCORD_TOKEN is not set, and the invitation must say whose bot it is for.")
    speak_to(settings)
    async with discord.Client(intents=discord.Intents.none()) as client, login_refusals():
        try:
            await client.login(settings.discord_token.get_secret_value())
        except (*UNREACHED, *NOT_UNDERSTOOD) as error:
            raise DiscordUnavailable(f"Discord cannot be reached: {why_unreached(error)}.") from None
        return discord.utils.oauth_url(client.application_id or 0, permissions=NEEDED, scopes=("bot",))
