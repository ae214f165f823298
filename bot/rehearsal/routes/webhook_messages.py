"""Posting as a persona through a webhook, and what was posted so: reading, editing, deleting.

Interactions use the same addresses, with the application's id and their own token: those requests are handed on.
"""

from __future__ import annotations

from dataclasses import replace

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import (
    FORUM_NEEDS_A_THREAD,
    FORUM_TAKES_ONE_THREAD,
    ONLY_FORUMS_OPEN_THREADS,
    THREAD_IS_LOCKED,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    Refusal,
)
from bot.rehearsal.routes import followups
from bot.rehearsal.routes.channels import DISCORD_CHANNEL_NAME_LIMIT
from bot.rehearsal.routes.found import must_be_open, webhook_by_token
from bot.rehearsal.routes.writing import rewrite, written
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.messages import Draft, read_draft
from bot.rehearsal.rules.names import webhook_name
from bot.rehearsal.wire.messages import message as shown
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.components import all_components
from bot.rehearsal.world.forums import Forum
from bot.rehearsal.world.members import User
from bot.rehearsal.world.mentions import ONLY_USERS
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.webhooks import Webhook
from bot.rehearsal.world.world import World


def execute_webhook(world: World, call: Call) -> Answer:
    """Post a message; it is only answered with (`wait`) when that is asked for."""
    if _is_of_interaction(world, call):
        return followups.create_followup(world, call)
    webhook = webhook_by_token(world, call)
    title = _title(webhook, call)
    channel = _place(webhook, call)
    if isinstance(channel, Thread) and channel.is_locked:
        raise Refusal(THREAD_IS_LOCKED)
    draft = _without_foreign_components(webhook, read_draft(call), call)
    persona = _persona(webhook, call)
    draft.refuse_if_empty(beside=bool(call.body.get("poll")))
    message = written(
        channel,
        persona,
        draft,
        pings=ONLY_USERS,
        webhook_id=webhook.id,
        application_id=webhook.application_id,
    )
    if isinstance(channel, Forum):
        channel.open_post(title, message)
    else:
        channel.publish(message)
    return Answer(json=shown(message)) if call.is_asked("wait") else NO_CONTENT


def get_message(world: World, call: Call) -> Answer:
    """Return a message that this webhook posted."""
    if _is_of_interaction(world, call):
        return followups.get_message(world, call)
    return Answer(json=shown(_posted(world, call)))


def edit_message(world: World, call: Call) -> Answer:
    """Change a message that this webhook posted; its name and picture stay."""
    if _is_of_interaction(world, call):
        return followups.edit_message(world, call)
    message = _posted(world, call)
    must_be_open(message.channel)
    rewrite(message, read_draft(call, of=message), pings=ONLY_USERS)
    message.changed()
    return Answer(json=shown(message))


def delete_message(world: World, call: Call) -> Answer:
    """Delete a message that this webhook posted."""
    if _is_of_interaction(world, call):
        return followups.delete_message(world, call)
    _posted(world, call).delete()
    return NO_CONTENT


def _is_of_interaction(world: World, call: Call) -> bool:
    return call.id("webhook_id") == world.application.id


def _place(webhook: Webhook, call: Call) -> Channel:
    """Return where a post goes: the webhook's channel, or a thread of it."""
    thread_id = call.id_in_query("thread_id")
    if thread_id is None:
        return webhook.channel
    thread = webhook.channel.guild.channels.get(thread_id)
    if not isinstance(thread, Thread) or thread.parent is not webhook.channel:
        raise Refusal(UNKNOWN_CHANNEL)
    return thread


def _title(webhook: Webhook, call: Call) -> str:
    """Return the title of the post to open. In a forum a post's title or its id must be given; elsewhere no title."""
    form = Form(call.body)
    title = form.text("thread_name", DISCORD_CHANNEL_NAME_LIMIT)
    form.refuse_if_wrong()
    if not isinstance(webhook.channel, Forum):
        if title:
            raise Refusal(ONLY_FORUMS_OPEN_THREADS)
    elif title and "thread_id" in call.query:
        raise Refusal(FORUM_TAKES_ONE_THREAD)
    elif not title and "thread_id" not in call.query:
        raise Refusal(FORUM_NEEDS_A_THREAD)
    return title


def _without_foreign_components(webhook: Webhook, draft: Draft, call: Call) -> Draft:
    """Leave out components where no application owns the webhook: only what does nothing is shown, if asked for."""
    if webhook.application_id is not None or not draft.components:
        return draft
    does_something = any("custom_id" in one for one in all_components(draft.components))
    return draft if call.is_asked("with_components") and not does_something else replace(draft, components=[])


def _persona(webhook: Webhook, call: Call) -> User:
    form = Form(call.body)
    name = webhook_name(form, "username")
    avatar_url = form.address("avatar_url")
    form.refuse_if_wrong()
    return User(id=webhook.id, name=name or webhook.name, is_bot=True, is_persona=True, avatar_url=avatar_url)


def _posted(world: World, call: Call) -> Message:
    webhook = webhook_by_token(world, call)
    message = _place(webhook, call).history.get(call.id("message_id"))
    if message is None or message.webhook_id != webhook.id:
        raise Refusal(UNKNOWN_MESSAGE)
    return message


_OF_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"

ROUTES = (
    Route("POST", _OF_WEBHOOK, execute_webhook, is_open=True, posts_text=True),
    Route("GET", _OF_WEBHOOK + "/messages/{message_id}", get_message, is_open=True),
    Route("PATCH", _OF_WEBHOOK + "/messages/{message_id}", edit_message, is_open=True, posts_text=True),
    Route("DELETE", _OF_WEBHOOK + "/messages/{message_id}", delete_message, is_open=True),
)
