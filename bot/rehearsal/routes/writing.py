"""From a draft to a message, and from an edit to the message changed."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rest.refusals import INVALID_FORM, TOO_MANY_ATTACHMENTS, Refusal
from bot.rehearsal.rules.messages import DISCORD_ATTACHMENTS_A_MESSAGE, Draft, NewFile
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.members import User
from bot.rehearsal.world.mentions import EVERY_KIND, mentions_in
from bot.rehearsal.world.messages import Attachment, Message, MessageFlag


def written(
    channel: Channel, author: User, draft: Draft, *, pings: frozenset[str] = EVERY_KIND, **more: Any
) -> Message:
    """Return a new message of a draft; `pings` are the kinds of mentions that ping unless the draft says."""
    if draft.kept:
        raise _no_such_attachment()
    return Message(
        id=channel.guild.world.ids.next(),
        channel=channel,
        author=author,
        content=draft.content,
        embeds=draft.embeds,
        components=draft.components,
        flags=draft.flags | more.pop("flags", MessageFlag.NONE),
        tts=draft.tts,
        mentions=mentions_in(draft.content, channel.guild, draft.allowed_mentions, pings),
        attachments=[_attached(channel, file) for file in draft.new_files],
        **more,
    )


def rewrite(message: Message, draft: Draft, *, pings: frozenset[str] = EVERY_KIND) -> None:
    """Change a message as a draft says: only the fields that were given; new files are added."""
    kept = _kept(message, draft)
    if len(kept) + len(draft.new_files) > DISCORD_ATTACHMENTS_A_MESSAGE:
        raise Refusal(TOO_MANY_ATTACHMENTS)
    content = draft.content if "content" in draft.given else message.content
    embeds = draft.embeds if "embeds" in draft.given else message.embeds
    components = draft.components if "components" in draft.given else message.components
    draft_after = content or embeds or components or kept
    draft.refuse_if_empty(beside=bool(draft_after))
    message.content, message.embeds, message.components = content, embeds, components
    message.attachments = kept + [_attached(message.channel, file) for file in draft.new_files]
    message.mentions = mentions_in(content, message.channel.guild, draft.allowed_mentions, pings)
    if "flags" in draft.given:
        settable = MessageFlag.SUPPRESS_EMBEDS
        message.flags = (message.flags & ~settable) | (draft.flags & settable)


def _kept(message: Message, draft: Draft) -> list[Attachment]:
    if draft.kept is None:
        return message.attachments
    there = {attachment.id: attachment for attachment in message.attachments}
    if not draft.kept.keys() <= there.keys():
        raise _no_such_attachment()
    for attachment_id, description in draft.kept.items():
        there[attachment_id].description = description or there[attachment_id].description
    return [there[attachment_id] for attachment_id in draft.kept]


def _attached(channel: Channel, file: NewFile) -> Attachment:
    upload = file.upload
    return channel.guild.world.attach(channel, file.filename, upload.data, upload.measured, file.description)


def _no_such_attachment() -> Refusal:
    error = {"code": "ATTACHMENT_NOT_FOUND", "message": "Attachment data not found"}
    return Refusal(INVALID_FORM, {"attachments": {"_errors": [error]}})
