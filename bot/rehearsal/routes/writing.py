"""From a draft to a message, and from an edit to the message changed."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rest.refusals import INVALID_FORM, TOO_MANY_ATTACHMENTS, Refusal
from bot.rehearsal.rules.messages import DISCORD_ATTACHMENTS_A_MESSAGE, Draft, NewFile
from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.messages import media
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.components import all_components
from bot.rehearsal.world.members import User
from bot.rehearsal.world.mentions import EVERY_KIND, mentions_in
from bot.rehearsal.world.messages import Attachment, Message, MessageFlag


def written(
    channel: Channel, author: User, draft: Draft, *, pings: frozenset[str] = EVERY_KIND, **more: Any
) -> Message:
    """Return a new message of a draft; `pings` are the kinds of mentions that ping unless the draft says."""
    if draft.kept:
        raise _no_such_attachment()
    attachments = [_attached(channel, file) for file in draft.new_files]
    _unfurl(channel, draft.components, attachments)
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
        attachments=attachments,
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
    becomes_v2 = draft.flags & ~message.flags & MessageFlag.IS_COMPONENTS_V2
    if becomes_v2 and (content or embeds):
        raise _legacy_beside_components_v2("content" if content else "embeds")
    message.content, message.embeds, message.components = content, embeds, components
    message.attachments = kept + [_attached(message.channel, file) for file in draft.new_files]
    message.mentions = mentions_in(content, message.channel.guild, draft.allowed_mentions, pings)
    message.flags |= becomes_v2
    if "components" in draft.given:
        _unfurl(message.channel, components, message.attachments)
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


def _unfurl(channel: Channel, components: list[Json], attachments: list[Attachment]) -> None:
    """Let the pictures and files that components name be shown: attached ones, and those of the web."""
    attached = {f"attachment://{attachment.filename}": attachment for attachment in attachments}
    for component in all_components(components):
        for holder in (component, *(component.get("items") or ())):
            for field in ("media", "file"):
                if field in holder:
                    address = holder[field]["url"]
                    if address.startswith("attachment://") and address not in attached:
                        raise _no_such_attachment()
                    holder[field] = media(address, attached.get(address), channel.guild.world.ids.next())


def _legacy_beside_components_v2(field: str) -> Refusal:
    error = {
        "code": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        "message": f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    }
    return Refusal(INVALID_FORM, {field: {"_errors": [error]}})


def _no_such_attachment() -> Refusal:
    error = {"code": "ATTACHMENT_NOT_FOUND", "message": "Attachment data not found"}
    return Refusal(INVALID_FORM, {"attachments": {"_errors": [error]}})
