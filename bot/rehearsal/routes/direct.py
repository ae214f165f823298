"""Direct messages: opening a channel with one person. What is said there goes by the routes of all channels."""

from __future__ import annotations

from bot.rehearsal.rest.calls import Answer, Call, Route
from bot.rehearsal.rest.refusals import INVALID_RECIPIENT, Refusal
from bot.rehearsal.rules.form import Form
from bot.rehearsal.world.world import World


def open_direct_channel(world: World, call: Call) -> Answer:
    """Return the channel with a person, which is made when there is none yet."""
    form = Form(call.body)
    person_id = form.snowflake("recipient_id")
    if person_id is None:
        form.wrong("recipient_id", "BASE_TYPE_REQUIRED", "This field is required")
    form.refuse_if_wrong()
    person = world.user(person_id or 0)
    if person is None or person.is_bot:
        raise Refusal(INVALID_RECIPIENT)
    return Answer(json=world.direct_channel(person).shown())


ROUTES = (Route("POST", "/users/@me/channels", open_direct_channel),)
