"""Guilds, channels and threads in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.people import member, role, user
from bot.rehearsal.world.snowflakes import moment_of

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel, Thread
    from bot.rehearsal.world.direct import DirectChannel
    from bot.rehearsal.world.guilds import Guild


_NULL_IN_A_GUILD = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)
_ZERO_IN_A_GUILD = (
    "system_channel_flags",
    "verification_level",
    "default_message_notifications",
    "mfa_level",
    "explicit_content_filter",
    "premium_tier",
    "premium_subscription_count",
    "nsfw_level",
)


def channel(of: Channel) -> Json:
    """Return a text channel with its permission overwrites."""
    overwrites = [
        {
            "id": str(target),
            "type": 1 if overwrite.is_for_a_member else 0,
            "allow": str(int(overwrite.allowed)),
            "deny": str(int(overwrite.denied)),
        }
        for target, overwrite in of.overwrites.items()
    ]
    return {
        "id": str(of.id),
        "type": int(of.type),
        "guild_id": str(of.guild.id),
        "name": of.name,
        "topic": of.topic,
        "position": of.position,
        "parent_id": None,
        "nsfw": of.nsfw,
        "rate_limit_per_user": 0,
        "default_auto_archive_duration": 1440,
        "last_message_id": _id_or_none(of.last_message_id),
        "permission_overwrites": overwrites,
        "flags": 0,
    }


def forum(of: Channel) -> Json:
    """Return a forum, which has no tags."""
    return {
        **channel(of),
        "available_tags": [],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }


def direct_channel(of: DirectChannel) -> Json:
    """Return a channel in which the bot and a person are alone."""
    return {
        "id": str(of.id),
        "type": int(of.type),
        "last_message_id": _id_or_none(of.last_message_id),
        "recipients": [user(of.person)],
        "flags": 0,
    }


def thread(of: Thread) -> Json:
    """Return a thread; the bot's own membership is shown once it has joined."""
    shown: Json = {
        "id": str(of.id),
        "type": int(of.type),
        "guild_id": str(of.guild.id),
        "parent_id": str(of.parent.id),
        "owner_id": str(of.owner_id),
        "name": of.name,
        "last_message_id": _id_or_none(of.last_message_id),
        "rate_limit_per_user": 0,
        "message_count": len(of.history),
        "member_count": len(of.member_ids),
        "total_message_sent": of.messages_ever,
        "flags": 0,
        "thread_metadata": {
            "archived": of.is_archived,
            "archive_timestamp": of.archived_or_opened_at.isoformat(),
            "auto_archive_duration": of.auto_archive_minutes,
            "locked": of.is_locked,
            "create_timestamp": moment_of(of.id).isoformat(),
        },
    }
    if of.guild.world.application.bot.id in of.member_ids:
        shown["member"] = thread_member(of, of.guild.world.application.bot.id)
    return shown


def thread_member(of: Thread, user_id: int) -> Json:
    """Return somebody's membership of a thread."""
    return {
        "id": str(of.id),
        "user_id": str(user_id),
        "join_timestamp": moment_of(of.id).isoformat(),
        "flags": 0,
    }


def guild(of: Guild) -> Json:
    """Return a guild as REST shows it: without channels and members."""
    return {
        **dict.fromkeys(_NULL_IN_A_GUILD),
        **dict.fromkeys(_ZERO_IN_A_GUILD, 0),
        "id": str(of.id),
        "name": of.name,
        "owner_id": str(of.owner.id),
        "roles": [role(one) for one in of.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "widget_enabled": False,
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "preferred_locale": of.preferred_locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
    }


def guild_event(of: Guild) -> Json:
    """Return a guild as the gateway tells it: of the members only the bot, as without privileged intents."""
    bot = of.members[of.world.application.bot.id]
    return {
        **guild(of),
        "joined_at": bot.joined_at.isoformat(),
        "large": False,
        "member_count": len(of.members),
        "members": [member(bot)],
        "channels": [one.shown() for one in of.text_channels],
        "threads": [thread(one) for one in of.threads if not one.is_archived],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def _id_or_none(snowflake: int | None) -> str | None:
    return None if snowflake is None else str(snowflake)
