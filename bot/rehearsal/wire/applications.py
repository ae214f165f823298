"""The application, its commands, emojis and webhooks in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.people import user
from bot.rehearsal.world.events import Intent

if TYPE_CHECKING:
    from bot.rehearsal.world.application import Application, Command, Emoji
    from bot.rehearsal.world.webhooks import Webhook
    from bot.rehearsal.world.world import World

_PORTAL_FLAGS = {
    Intent.GUILD_PRESENCES: 1 << 13,
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
"""The application flag that shows each privileged intent, as given to applications that are not verified."""


def flags(of: Application) -> int:
    """Return the application's flags, which tell the privileged intents that its owner switched on."""
    return sum(flag for intent, flag in _PORTAL_FLAGS.items() if intent in of.privileged_intents)


def application(of: World) -> Json:
    """Return the application as its own bot sees it."""
    app = of.application
    nothing = ("icon", "interactions_endpoint_url", "role_connections_verification_url", "team", "type")
    return {
        **dict.fromkeys(nothing),
        "id": str(app.id),
        "name": app.bot.name,
        "description": "",
        "bot": user(app.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags(app),
        "flags_new": str(flags(app)),
        "owner": user(of.owner),
        "redirect_uris": [],
        "tags": [],
        "approximate_guild_count": len(of.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }


def own_user(of: Application) -> Json:
    """Return the bot's user as `/users/@me` shows it."""
    return {**user(of.bot), "mfa_enabled": True, "locale": "en-US", "premium_type": 0, "email": None, "verified": True}


def command(of: Command, application_id: int) -> Json:
    """Return a registered command."""
    shown: Json = {
        **of.definition,
        "id": str(of.id),
        "application_id": str(application_id),
        "version": str(of.version),
    }
    if of.guild_id is not None:
        shown["guild_id"] = str(of.guild_id)
    return shown


def emoji(of: Emoji, creator: Application) -> Json:
    """Return an emoji of the application."""
    return {
        "id": str(of.id),
        "name": of.name,
        "user": user(creator.bot),
        "roles": [],
        "require_colons": True,
        "managed": False,
        "animated": of.content_type == "image/gif",
        "available": True,
    }


def webhook(of: Webhook, *, with_creator: bool = True) -> Json:
    """Return a webhook with its token; by its token alone it is shown without its creator."""
    shown: Json = {
        "id": str(of.id),
        "type": 1,
        "name": of.name,
        "avatar": of.avatar,
        "channel_id": str(of.channel.id),
        "guild_id": str(of.channel.guild.id),
        "application_id": None if of.application_id is None else str(of.application_id),
        "token": of.token,
        "url": f"https://discord.com/api/webhooks/{of.id}/{of.token}",
    }
    if with_creator:
        shown["user"] = user(of.creator)
    return shown
