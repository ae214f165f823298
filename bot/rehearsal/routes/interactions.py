"""The first answer to an interaction: a message, a promise of one, a change of the one pressed, choices, or a form."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION, Refusal
from bot.rehearsal.routes.writing import rewrite, written
from bot.rehearsal.rules.commands import DISCORD_OPTION_CHOICES, check_choice
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.messages import Draft, read_draft
from bot.rehearsal.rules.modals import modal
from bot.rehearsal.wire.interactions import callback
from bot.rehearsal.world.interactions import AnswerKind, Interaction, InteractionKind
from bot.rehearsal.world.mentions import ONLY_USERS
from bot.rehearsal.world.messages import Message, MessageFlag, MessageType
from bot.rehearsal.world.world import World

_NEW_MESSAGE = (AnswerKind.MESSAGE, AnswerKind.DEFERRED)
_CHANGED_MESSAGE = (AnswerKind.DEFERRED_UPDATE, AnswerKind.UPDATE)
_ANSWERS_TO = {
    InteractionKind.COMMAND: (*_NEW_MESSAGE, AnswerKind.MODAL),
    InteractionKind.COMPONENT: (*_NEW_MESSAGE, *_CHANGED_MESSAGE, AnswerKind.MODAL),
    InteractionKind.AUTOCOMPLETE: (AnswerKind.CHOICES,),
    InteractionKind.MODAL: (*_NEW_MESSAGE, *_CHANGED_MESSAGE),
}


def answer_interaction(world: World, call: Call) -> Answer:
    """Take the first answer, within three seconds and only once."""
    interaction = world.interactions.get(call.parts["interaction_token"])
    if interaction is None or interaction.id != call.id("interaction_id") or interaction.failed:
        raise Refusal(UNKNOWN_INTERACTION)
    if interaction.is_answered:
        raise Refusal(ALREADY_ACKNOWLEDGED)
    form = Form(call.body)
    allowed = tuple(int(one) for one in _ANSWERS_TO[interaction.kind] if _can_be_given(one, interaction))
    kind = form.one_of("type", allowed, 0)
    if not kind:
        form.wrong("type", "BASE_TYPE_REQUIRED", "This field is required")
    form.refuse_if_wrong()
    _take(interaction, AnswerKind(kind), call)
    return Answer(json=callback(interaction)) if call.is_asked("with_response") else NO_CONTENT


def _can_be_given(kind: AnswerKind, interaction: Interaction) -> bool:
    return kind not in _CHANGED_MESSAGE or interaction.source is not None


def _take(interaction: Interaction, kind: AnswerKind, call: Call) -> None:
    data: dict[str, Any] = call.body.get("data") or {}
    if kind is AnswerKind.MESSAGE:
        draft = read_draft(call, body=data, may_be_ephemeral=True)
        draft.refuse_if_empty(beside=bool(data.get("poll")))
        interaction.answer_with_message(_answer(interaction, draft))
    elif kind is AnswerKind.DEFERRED:
        draft = read_draft(call, body={"flags": data.get("flags")}, may_be_ephemeral=True)
        promise = _answer(interaction, draft, MessageFlag.LOADING)
        interaction.answer_with_message(promise, deferred=True)
    elif kind is AnswerKind.DEFERRED_UPDATE:
        interaction.answer_with_update(deferred=True)
    elif kind is AnswerKind.UPDATE and interaction.source is not None:
        draft = read_draft(call, body=data, of=interaction.source)
        rewrite(interaction.source, draft, pings=ONLY_USERS)
        interaction.answer_with_update()
    elif kind is AnswerKind.CHOICES:
        interaction.answer_with_choices(_choices(interaction, Form(call.body)))
    else:
        interaction.answer_with_modal(_modal(Form(call.body)))


def _answer(interaction: Interaction, draft: Draft, flags: MessageFlag = MessageFlag.NONE) -> Message:
    application = interaction.world.application
    kind, reply_to = _manner(interaction)
    return written(
        interaction.channel,
        application.bot,
        draft,
        pings=ONLY_USERS,
        flags=flags,
        type=kind,
        reply_to=reply_to,
        webhook_id=application.id,
        application_id=application.id,
        interaction=interaction,
    )


def _manner(interaction: Interaction) -> tuple[MessageType, Message | None]:
    """Return how an answer stands in the channel: as a command's, or as a reply to what was pressed."""
    if interaction.source is not None and not interaction.source.is_ephemeral:
        return MessageType.REPLY, interaction.source
    if interaction.target_id is not None:
        return MessageType.CONTEXT_MENU_COMMAND, interaction.channel.history.get(interaction.target_id)
    return MessageType.COMMAND, None


def _choices(interaction: Interaction, form: Form) -> list[tuple[str, str | int | float]]:
    data = form.nested("data")
    kind = interaction.focused_option["type"]
    choices = [data.nested("choices", index) for index in range(len(data.items("choices", DISCORD_OPTION_CHOICES)))]
    for choice in choices:
        check_choice(choice, kind)
    form.refuse_if_wrong()
    return [(choice.body["name"], choice.body["value"]) for choice in choices]


def _modal(form: Form) -> dict[str, Any]:
    shown = modal(form.nested("data"))
    form.refuse_if_wrong()
    return shown


ROUTES = (
    Route(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        answer_interaction,
        is_open=True,
        posts_text=True,
    ),
)
