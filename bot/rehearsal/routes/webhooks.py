"""Webhooks: making, finding, changing, removing. What is posted through them is in `webhook_messages`."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import TOO_MANY_WEBHOOKS, UNKNOWN_CHANNEL, UNKNOWN_WEBHOOK, Refusal
from bot.rehearsal.routes.found import channel_of, guild_of, must, webhook_by_token
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.names import webhook_name
from bot.rehearsal.wire import applications as wire
from bot.rehearsal.wire.people import picture_hash
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.webhooks import DISCORD_WEBHOOKS_A_CHANNEL, Webhook
from bot.rehearsal.world.world import World

_AVATAR_LIMIT = 14_000_000
"""Characters of a data URI: Discord takes avatars of up to 10 MB."""


def create_webhook(world: World, call: Call) -> Answer:
    """Make a webhook of the bot's own in a channel."""
    channel = channel_of(world, call, Permission.MANAGE_WEBHOOKS)
    if channel.is_thread:
        raise Refusal(UNKNOWN_CHANNEL)
    form = Form(call.body)
    name = webhook_name(form, "name")
    if name is None:
        form.wrong("name", "BASE_TYPE_REQUIRED", "This field is required")
    avatar = _avatar(form)
    form.refuse_if_wrong()
    if len(channel.webhooks) >= DISCORD_WEBHOOKS_A_CHANNEL:
        raise Refusal(TOO_MANY_WEBHOOKS)
    webhook = world.add_webhook(channel, name or "", avatar=avatar)
    return Answer(json=wire.webhook(webhook))


def list_channel_webhooks(world: World, call: Call) -> Answer:
    """Return a channel's webhooks."""
    channel = channel_of(world, call, Permission.MANAGE_WEBHOOKS)
    return Answer(json=[wire.webhook(webhook) for webhook in channel.webhooks.values()])


def list_guild_webhooks(world: World, call: Call) -> Answer:
    """Return the webhooks of all channels in which the bot may manage them."""
    channels = [
        channel
        for channel in guild_of(world, call).text_channels
        if Permission.MANAGE_WEBHOOKS in channel.bot_permissions
    ]
    return Answer(json=[wire.webhook(webhook) for channel in channels for webhook in channel.webhooks.values()])


def get_webhook(world: World, call: Call) -> Answer:
    """Return a webhook; an own one also without MANAGE_WEBHOOKS."""
    webhook = _by_id(world, call)
    if webhook.application_id != world.application.id:
        must(webhook.channel, Permission.MANAGE_WEBHOOKS)
    return Answer(json=wire.webhook(webhook))


def edit_webhook(world: World, call: Call) -> Answer:
    """Rename a webhook, or move it to another channel."""
    webhook = _by_id(world, call)
    must(webhook.channel, Permission.MANAGE_WEBHOOKS)
    target = _target(world, call)
    _rename(webhook, call)
    if target is not None and target is not webhook.channel:
        webhook.move(target)
    return Answer(json=wire.webhook(webhook))


def delete_webhook(world: World, call: Call) -> Answer:
    """Remove a webhook."""
    webhook = _by_id(world, call)
    must(webhook.channel, Permission.MANAGE_WEBHOOKS)
    webhook.delete()
    return NO_CONTENT


def get_webhook_by_token(world: World, call: Call) -> Answer:
    """Return a webhook to whoever holds its token."""
    return Answer(json=wire.webhook(webhook_by_token(world, call), with_creator=False))


def edit_webhook_by_token(world: World, call: Call) -> Answer:
    """Rename a webhook by its token; it cannot be moved so."""
    webhook = webhook_by_token(world, call)
    _rename(webhook, call)
    return Answer(json=wire.webhook(webhook, with_creator=False))


def delete_webhook_by_token(world: World, call: Call) -> Answer:
    """Remove a webhook by its token."""
    webhook_by_token(world, call).delete()
    return NO_CONTENT


def _by_id(world: World, call: Call) -> Webhook:
    webhook = world.webhooks.get(call.id("webhook_id"))
    if webhook is None:
        raise Refusal(UNKNOWN_WEBHOOK)
    return webhook


def _target(world: World, call: Call) -> Channel | None:
    form = Form(call.body)
    channel_id = form.snowflake("channel_id")
    form.refuse_if_wrong()
    if channel_id is None:
        return None
    channel = world.channel(channel_id)
    if channel is None or channel.is_thread:
        raise Refusal(UNKNOWN_CHANNEL)
    must(channel, Permission.MANAGE_WEBHOOKS)
    return channel


def _rename(webhook: Webhook, call: Call) -> None:
    form = Form(call.body)
    name = webhook_name(form, "name")
    avatar = _avatar(form)
    form.refuse_if_wrong()
    if "avatar" in form.body:
        webhook.avatar = avatar
    webhook.rename(name or webhook.name)


def _avatar(form: Form) -> str | None:
    uri = form.text("avatar", _AVATAR_LIMIT)
    if uri and not uri.startswith("data:image/"):
        form.wrong("avatar", "IMAGE_INVALID", "Invalid image data")
    return picture_hash(uri) if uri else None


ROUTES = (
    Route("POST", "/channels/{channel_id}/webhooks", create_webhook),
    Route("GET", "/channels/{channel_id}/webhooks", list_channel_webhooks),
    Route("GET", "/guilds/{guild_id}/webhooks", list_guild_webhooks),
    Route("GET", "/webhooks/{webhook_id}", get_webhook),
    Route("PATCH", "/webhooks/{webhook_id}", edit_webhook),
    Route("DELETE", "/webhooks/{webhook_id}", delete_webhook),
    Route("GET", "/webhooks/{webhook_id}/{webhook_token}", get_webhook_by_token, is_open=True),
    Route("PATCH", "/webhooks/{webhook_id}/{webhook_token}", edit_webhook_by_token, is_open=True),
    Route("DELETE", "/webhooks/{webhook_id}/{webhook_token}", delete_webhook_by_token, is_open=True),
)
