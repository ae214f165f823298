"""Messages, attachments and reactions in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.people import member, member_without_user, user
from bot.rehearsal.wire.places import thread
from bot.rehearsal.world.snowflakes import moment_of

if TYPE_CHECKING:
    from bot.rehearsal.world.guilds import Guild
    from bot.rehearsal.world.interactions import Interaction
    from bot.rehearsal.world.members import Member, User
    from bot.rehearsal.world.messages import Attachment, Message


_SHOW_WHAT_THEY_REFER_TO = (19, 23)
"""The types of messages that show the message that they refer to: replies, and answers to a command on a message."""


def message(of: Message, *, with_reply: bool = True) -> Json:
    """Return a message; `with_reply` shows the message that it answers, one level deep."""
    shown: Json = {
        "id": str(of.id),
        "channel_id": str(of.channel.id),
        "type": int(of.type),
        "author": user(of.author),
        "content": of.content,
        "timestamp": moment_of(of.id).isoformat(),
        "edited_timestamp": of.edited_at.isoformat() if of.edited_at else None,
        "tts": of.tts,
        "mention_everyone": of.mentions.everyone,
        "mentions": [user(mentioned) for mentioned in of.mentions.users],
        "mention_roles": [str(role.id) for role in of.mentions.roles],
        "attachments": [attachment(one, ephemeral=of.is_ephemeral) for one in of.attachments],
        "embeds": of.embeds,
        "components": of.components,
        "pinned": of.pinned_at is not None,
        "flags": int(of.flags),
    }
    _add_what_is_not_always_there(shown, of)
    if of.reply_to is not None:
        shown["message_reference"] = _reference(of.reply_to)
        if with_reply and of.type in _SHOW_WHAT_THEY_REFER_TO:
            gone = of.reply_to.id not in of.reply_to.channel.history
            shown["referenced_message"] = None if gone else message(of.reply_to, with_reply=False)
    return shown


def message_event(of: Message) -> Json:
    """Return a message as the gateway tells it: with its guild, and the author's membership."""
    guild = of.channel.guild
    shown = {**message(of), **of.channel.guild_shown}
    if of.channel.is_direct:
        return shown
    shown["mentions"] = [_mentioned(who, guild) for who in of.mentions.users]
    if (author := guild.members.get(of.author.id)) is not None:
        shown["member"] = member_without_user(author)
    return shown


def _mentioned(who: User, guild: Guild) -> Json:
    found = guild.members.get(who.id)
    return user(who) | ({} if found is None else {"member": member_without_user(found)})


def without_content(data: Json) -> Json:
    """Return a message as those see it who lack the MESSAGE_CONTENT intent."""
    return {**data, "content": "", "embeds": [], "attachments": [], "components": []}


def attachment(of: Attachment, *, ephemeral: bool = False) -> Json:
    """Return an attachment; its address is served by the rehearsal itself."""
    shown: Json = {
        "id": str(of.id),
        "filename": of.filename,
        "size": len(of.data),
        "url": of.url,
        "proxy_url": of.url,
    }
    optional = {
        "description": of.description,
        "content_type": of.content_type,
        "width": of.width,
        "height": of.height,
        "ephemeral": ephemeral or None,
    }
    return shown | {key: value for key, value in optional.items() if value is not None}


def media(address: str, attached: Attachment | None, media_id: int) -> Json:
    """Return a picture or file that a component shows: an attached one, or one of the web."""
    if attached is None:
        return {"id": str(media_id), "url": address, "proxy_url": address}
    return {
        "id": str(media_id),
        "url": attached.url,
        "proxy_url": attached.url,
        "width": attached.width,
        "height": attached.height,
        "content_type": attached.content_type,
        "attachment_id": str(attached.id),
    }


def emoji_of_reaction(emoji: str) -> Json:
    """Return a reaction's emoji: a character, or `name:id` for an emoji of the application."""
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}


def reaction_event(of: Message, who: Member, emoji: str, *, added: bool, is_super: bool) -> Json:
    """Return what the gateway tells of a reaction; only an added one shows the member, and the message's author.

    For a webhook's message Discord names no author.
    """
    shown: Json = {
        "user_id": str(who.id),
        "channel_id": str(of.channel.id),
        "message_id": str(of.id),
        **of.channel.guild_shown,
        "emoji": emoji_of_reaction(emoji),
        "burst": is_super,
        "type": int(is_super),
    }
    if added and not of.channel.is_direct:
        shown["member"] = member(who)
    if added:
        shown["member"] = member(who)
        if not of.author.is_persona:
            shown["message_author_id"] = str(of.author.id)
    return shown


def _reaction(emoji: str, users: list[User], supers: list[User], bot_id: int) -> Json:
    return {
        "emoji": emoji_of_reaction(emoji),
        "count": len(users),
        "count_details": {"burst": len(supers), "normal": len(users) - len(supers)},
        "burst_colors": [],
        "me": any(user.id == bot_id for user in users),
        "me_burst": False,
    }


def _reference(to: Message) -> Json:
    return {
        "type": 0,
        "message_id": str(to.id),
        "channel_id": str(to.channel.id),
        **to.channel.guild_shown,
    }


def _metadata(of: Interaction) -> Json:
    shown: Json = {
        "id": str(of.id),
        "type": int(of.kind),
        "user": user(of.person.user),
        "authorizing_integration_owners": {"0": str(of.channel.guild.id)},
    }
    if of.trigger is not None:
        shown["triggering_interaction_metadata"] = _metadata(of.trigger)
    elif of.source is not None:
        shown["interacted_message_id"] = str(of.source.id)
    if of.target_id is not None:
        shown["target_message_id"] = str(of.target_id)
    return shown


def _add_what_is_not_always_there(shown: Json, of: Message) -> None:
    ids: dict[str, Any] = {"webhook_id": of.webhook_id, "application_id": of.application_id}
    shown |= {key: str(value) for key, value in ids.items() if value is not None}
    if of.nonce is not None:
        shown["nonce"] = of.nonce
    if of.thread is not None:
        shown["thread"] = thread(of.thread)
    if of.interaction is not None:
        shown["interaction_metadata"] = _metadata(of.interaction)
    if of.reactions:
        bot_id = of.channel.guild.world.application.bot.id
        shown["reactions"] = [
            _reaction(emoji, users, of.super_reactions.get(emoji, []), bot_id) for emoji, users in of.reactions.items()
        ]
