"""What a bot says for an interaction after its first answer, and the answer itself, read, edited, deleted."""

from __future__ import annotations

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call
from bot.rehearsal.rest.refusals import INVALID_WEBHOOK_TOKEN, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, Refusal
from bot.rehearsal.routes.writing import rewrite, written
from bot.rehearsal.rules.messages import read_draft
from bot.rehearsal.wire.messages import message as shown
from bot.rehearsal.world.interactions import Interaction
from bot.rehearsal.world.mentions import ONLY_USERS
from bot.rehearsal.world.messages import Message, MessageType
from bot.rehearsal.world.world import World

ORIGINAL = "@original"
"""Names the first answer in a path, instead of an id."""


def create_followup(world: World, call: Call) -> Answer:
    """Say something further; after a promise of an answer, the first such message is that answer."""
    interaction = _open(world, call)
    draft = read_draft(call, may_be_ephemeral=True)
    draft.refuse_if_empty(beside=bool(call.body.get("poll")))
    if interaction.original is not None and interaction.is_thinking:
        return _edited(interaction, interaction.original, call)
    message = written(
        interaction.channel,
        world.application.bot,
        draft,
        pings=ONLY_USERS,
        type=MessageType.DEFAULT,
        webhook_id=world.application.id,
        application_id=world.application.id,
        interaction=interaction,
    )
    interaction.follow_up(message)
    return Answer(json=shown(message))


def get_message(world: World, call: Call) -> Answer:
    """Return the answer or a follow-up."""
    return Answer(json=shown(_found(_open(world, call), call)))


def edit_message(world: World, call: Call) -> Answer:
    """Change the answer or a follow-up."""
    interaction = _open(world, call)
    return _edited(interaction, _found(interaction, call), call)


def delete_message(world: World, call: Call) -> Answer:
    """Take the answer or a follow-up away."""
    interaction = _open(world, call)
    interaction.delete(_found(interaction, call))
    return NO_CONTENT


def _open(world: World, call: Call) -> Interaction:
    interaction = world.interactions.get(call.parts["webhook_token"])
    if interaction is None or not interaction.is_answered:
        raise Refusal(UNKNOWN_WEBHOOK)
    if not interaction.is_open:
        raise Refusal(INVALID_WEBHOOK_TOKEN)
    return interaction


def _found(interaction: Interaction, call: Call) -> Message:
    if call.parts["message_id"] == ORIGINAL:
        wanted = interaction.original
    else:
        message_id = call.id("message_id")
        wanted = next((message for message in interaction.messages if message.id == message_id), None)
    if wanted is None or (not wanted.is_ephemeral and wanted.id not in wanted.channel.history):
        raise Refusal(UNKNOWN_MESSAGE)
    return wanted


def _edited(interaction: Interaction, message: Message, call: Call) -> Answer:
    rewrite(message, read_draft(call, of=message), pings=ONLY_USERS)
    interaction.edited(message)
    return Answer(json=shown(message))
