"""What a message may say and show: a body is read into a draft, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.rest.calls import Call, Upload
from bot.rehearsal.rest.refusals import (
    EMPTY_MESSAGE,
    FILE_TOO_LARGE,
    TOO_MANY_ATTACHMENTS,
    Refusal,
)
from bot.rehearsal.rules.components import components
from bot.rehearsal.rules.embeds import embeds
from bot.rehearsal.rules.form import Form
from bot.rehearsal.wire.interactions import DISCORD_ATTACHMENT_BYTES
from bot.rehearsal.wire.json import as_object
from bot.rehearsal.world.messages import Message, MessageFlag

DISCORD_MESSAGE_LIMIT = 2000
"""Characters, counted as code points."""
DISCORD_ATTACHMENTS_A_MESSAGE = 10
DISCORD_ALT_TEXT_LIMIT = 1024
_SETTABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.IS_COMPONENTS_V2
_KINDS_OF_MENTIONS = ("users", "roles", "everyone")
_NOT_IN_A_FILENAME = re.compile(r"[^\w.\-]")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to attach: `description` is its alt text."""

    filename: str
    description: str | None
    upload: Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message as it was sent, checked. `given` names the fields that the body held, which counts for an edit.

    `kept` maps the ids of attachments that an edit keeps to their alt text; None keeps all.
    """

    given: frozenset[str]
    content: str
    embeds: list[dict[str, Any]]
    components: list[dict[str, Any]]
    flags: MessageFlag
    tts: bool
    allowed_mentions: dict[str, Any] | None
    new_files: list[NewFile]
    kept: dict[int, str | None] | None

    def refuse_if_empty(self, *, beside: bool = False) -> None:
        """Raise `Refusal` when there is nothing to show; `beside` tells that something else will be."""
        if not (self.content or self.embeds or self.components or self.new_files or beside):
            raise Refusal(EMPTY_MESSAGE)


def read_draft(
    call: Call, *, body: dict[str, Any] | None = None, may_be_ephemeral: bool = False, of: Message | None = None
) -> Draft:
    """Return the message in a request's body (or in a part of it); `of` is the message that is edited.

    Raise `Refusal` for what Discord refuses.
    """
    form = Form(call.body if body is None else body)
    settable = _SETTABLE | (MessageFlag.EPHEMERAL if may_be_ephemeral else MessageFlag.NONE)
    flags = MessageFlag(form.number("flags", 0, 2**53)) & settable
    new_files, kept = _attachments(form, call.files)
    is_v2 = MessageFlag.IS_COMPONENTS_V2 in flags | (MessageFlag.NONE if of is None else of.flags)
    draft = Draft(
        given=frozenset(form.body),
        content=form.text("content", DISCORD_MESSAGE_LIMIT).strip(),
        embeds=embeds(form),
        components=components(form, is_v2=is_v2),
        flags=flags,
        tts=bool(form.body.get("tts")),
        allowed_mentions=_allowed_mentions(form),
        new_files=new_files,
        kept=kept,
    )
    if is_v2:
        _refuse_beside_components_v2(form)
    form.refuse_if_wrong()
    return draft


def allows_pings(body: dict[str, Any]) -> bool:
    """Return whether a body's text could ping: `allowed_mentions` is absent, or lets any kind through."""
    if (data := as_object(body.get("data"))) is not None:
        return allows_pings(data)
    if not body.get("content"):
        return False
    allowed = as_object(body.get("allowed_mentions"))
    return allowed is None or any(map(bool, allowed.values()))


def _attachments(form: Form, files: dict[int, Upload]) -> tuple[list[NewFile], dict[int, str | None] | None]:
    given = form.items("attachments", 1000)
    described: dict[int, Form] = {}
    for index in range(len(given)):
        one = form.nested("attachments", index)
        one.text("description", DISCORD_ALT_TEXT_LIMIT)
        one.text("filename", DISCORD_ALT_TEXT_LIMIT)
        identifier = str(one.body.get("id", ""))
        if identifier.isdigit():
            described[int(identifier)] = one
        else:
            one.wrong("id", "BASE_TYPE_REQUIRED", "This field is required")
    if any(len(upload.data) > DISCORD_ATTACHMENT_BYTES for upload in files.values()):
        raise Refusal(FILE_TOO_LARGE)
    if len(files) + sum(key not in files for key in described) > DISCORD_ATTACHMENTS_A_MESSAGE:
        raise Refusal(TOO_MANY_ATTACHMENTS)
    new = [_new_file(upload, described.get(number)) for number, upload in sorted(files.items())]
    if "attachments" not in form.body:
        return new, None
    return new, {key: one.body.get("description") for key, one in described.items() if key not in files}


def _new_file(upload: Upload, described: Form | None) -> NewFile:
    body = described.body if described is not None else {}
    filename = _NOT_IN_A_FILENAME.sub("_", str(body.get("filename") or upload.filename)) or "unknown"
    return NewFile(filename, body.get("description") or None, upload)


def _allowed_mentions(form: Form) -> dict[str, Any] | None:
    if form.body.get("allowed_mentions") is None:
        return None
    allowed = form.nested("allowed_mentions")
    parse = allowed.items("parse", 3)
    for index, kind in enumerate(parse):
        if kind not in _KINDS_OF_MENTIONS:
            allowed.wrong("parse", "BASE_TYPE_CHOICES", f"Value {index} must be one of {_KINDS_OF_MENTIONS}.")
    for kind in ("users", "roles"):
        if allowed.snowflakes(kind, 100) and kind in parse:
            allowed.wrong(
                kind,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'"parse:["{kind}"]" and "{kind}: [ids...]" are mutually exclusive.',
            )
    return allowed.body


def _refuse_beside_components_v2(form: Form) -> None:
    for field in ("content", "embeds", "poll"):
        if form.body.get(field):
            form.wrong(
                field,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
