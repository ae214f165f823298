"""Emojis of the application: making, listing, renaming, removing."""

from __future__ import annotations

import base64
import binascii
import re

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import TOO_MANY_EMOJIS, UNKNOWN_EMOJI, Refusal
from bot.rehearsal.routes.found import application_id
from bot.rehearsal.rules.form import Form
from bot.rehearsal.wire import applications as wire
from bot.rehearsal.world.application import DISCORD_APPLICATION_EMOJIS, Emoji
from bot.rehearsal.world.world import World

DISCORD_EMOJI_NAME_LIMIT = 32
DISCORD_EMOJI_BYTES = 256 * 1024
_DATA_URI = re.compile(r"^data:(image/(?:png|jpeg|gif|webp|avif));base64,(.*)$", re.DOTALL)
_NAME = re.compile(r"^\w{2,32}$", re.ASCII)


def list_emojis(world: World, call: Call) -> Answer:
    """Return all emojis of the application."""
    application_id(world, call)
    app = world.application
    return Answer(json={"items": [wire.emoji(emoji, app) for emoji in app.emojis.values()]})


def get_emoji(world: World, call: Call) -> Answer:
    """Return one emoji."""
    return Answer(json=wire.emoji(_found(world, call), world.application))


def create_emoji(world: World, call: Call) -> Answer:
    """Make an emoji of a picture given as a data URI."""
    application_id(world, call)
    form = Form(call.body)
    name = _checked_name(world, form)
    content_type, data = _picture(form)
    form.refuse_if_wrong()
    if len(world.application.emojis) >= DISCORD_APPLICATION_EMOJIS:
        raise Refusal(TOO_MANY_EMOJIS)
    emoji = Emoji(world.ids.next(), name, data, content_type)
    world.application.emojis[emoji.id] = emoji
    return Answer(201, wire.emoji(emoji, world.application))


def rename_emoji(world: World, call: Call) -> Answer:
    """Give an emoji another name."""
    emoji = _found(world, call)
    form = Form(call.body)
    name = _checked_name(world, form, besides=emoji)
    form.refuse_if_wrong()
    emoji.name = name
    return Answer(json=wire.emoji(emoji, world.application))


def delete_emoji(world: World, call: Call) -> Answer:
    """Remove an emoji."""
    del world.application.emojis[_found(world, call).id]
    return NO_CONTENT


def _found(world: World, call: Call) -> Emoji:
    application_id(world, call)
    emoji = world.application.emojis.get(call.id("emoji_id"))
    if emoji is None:
        raise Refusal(UNKNOWN_EMOJI)
    return emoji


def _checked_name(world: World, form: Form, besides: Emoji | None = None) -> str:
    name = form.text("name", DISCORD_EMOJI_NAME_LIMIT, 2, required=True)
    if name and not _NAME.match(name):
        form.wrong("name", "STRING_TYPE_REGEX", "String value did not match validation regex.")
    if any(emoji.name == name for emoji in world.application.emojis.values() if emoji is not besides):
        form.wrong("name", "APPLICATION_EMOJI_NAME_ALREADY_TAKEN", "An emoji with this name already exists")
    return name


def _picture(form: Form) -> tuple[str, bytes]:
    uri = form.text("image", most=2 * DISCORD_EMOJI_BYTES, required=True)
    match = _DATA_URI.match(uri)
    try:
        data = base64.b64decode(match[2], validate=True) if match else b""
    except binascii.Error:
        data = b""
    if match is None or not data:
        form.wrong("image", "IMAGE_INVALID", "Invalid image data")
        return "", b""
    if len(data) > DISCORD_EMOJI_BYTES:
        form.wrong("image", "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 256.0 kb.")
    return match[1], data


ROUTES = (
    Route("GET", "/applications/{application_id}/emojis", list_emojis),
    Route("POST", "/applications/{application_id}/emojis", create_emoji),
    Route("GET", "/applications/{application_id}/emojis/{emoji_id}", get_emoji),
    Route("PATCH", "/applications/{application_id}/emojis/{emoji_id}", rename_emoji),
    Route("DELETE", "/applications/{application_id}/emojis/{emoji_id}", delete_emoji),
)
