"""Messages, attachments and reactions in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.people import member, member_without_user, user
from bot.rehearsal.wire.places import thread
from bot.rehearsal.world.snowflakes import moment_of

if TYPE_CHECKING:
    from bot.rehearsal.world.interactions import Interaction
    from bot.rehearsal.world.members import Member, User
    from bot.rehearsal.world.messages import Attachment, Message


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
        if with_reply:
            gone = of.reply_to.id not in of.reply_to.channel.history
            shown["referenced_message"] = None if gone else message(of.reply_to, with_reply=False)
    return shown


def message_event(of: Message) -> Json:
    """Return a message as the gateway tells it: with its guild, and the author's membership."""
    guild = of.channel.guild
    shown = {**message(of), **of.channel.guild_shown}
    if not of.channel.is_direct and (author := guild.members.get(of.author.id)) is not None:
        shown["member"] = member_without_user(author)
    return shown


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


def emoji_of_reaction(emoji: str) -> Json:
    """Return a reaction's emoji: a character, or `name:id` for an emoji of the application."""
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}


def reaction_event(of: Message, who: Member, emoji: str, *, added: bool) -> Json:
    """Return what the gateway tells of a reaction; only an added one shows the member."""
    shown: Json = {
        "user_id": str(who.id),
        "channel_id": str(of.channel.id),
        "message_id": str(of.id),
        **of.channel.guild_shown,
        "emoji": emoji_of_reaction(emoji),
        "burst": False,
        "type": 0,
    }
    if added and not of.channel.is_direct:
        shown["member"] = member(who)
    if added:
        shown |= {"message_author_id": str(of.author.id), "burst_colors": []}
    return shown


def _reaction(emoji: str, users: list[User], bot_id: int) -> Json:
    return {
        "emoji": emoji_of_reaction(emoji),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
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
    return {
        "id": str(of.id),
        "type": int(of.kind),
        "user": user(of.person.user),
        "authorizing_integration_owners": {"0": str(of.channel.guild.id)},
    }


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
        shown["reactions"] = [_reaction(emoji, users, bot_id) for emoji, users in of.reactions.items()]
