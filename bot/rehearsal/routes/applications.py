"""The application itself, its bot user, and the addresses that a client asks for first."""

from __future__ import annotations

from bot.rehearsal.rest.calls import Answer, Call, Route
from bot.rehearsal.rest.refusals import UNKNOWN_USER, Refusal
from bot.rehearsal.routes.found import application_id
from bot.rehearsal.wire import applications as wire
from bot.rehearsal.wire.people import user
from bot.rehearsal.world.world import World

DISCORD_SESSION_STARTS_A_DAY = 1000


def get_own_application(world: World, call: Call) -> Answer:
    """Return the application of the token."""
    if "application_id" in call.parts:
        application_id(world, call)
    return Answer(json=wire.application(world))


def get_own_user(world: World, _call: Call) -> Answer:
    """Return the bot's user."""
    return Answer(json=wire.own_user(world.application))


def get_user(world: World, call: Call) -> Answer:
    """Return a user whom the bot can know."""
    found = world.user(call.id("user_id"))
    if found is None:
        raise Refusal(UNKNOWN_USER)
    return Answer(json=user(found))


def get_gateway(world: World, _call: Call) -> Answer:
    """Return the gateway's address."""
    return Answer(json={"url": world.gateway_address})


def get_gateway_for_bot(world: World, _call: Call) -> Answer:
    """Return the gateway's address, how many shards to start and how many sessions are left."""
    limit = {
        "total": DISCORD_SESSION_STARTS_A_DAY,
        "remaining": DISCORD_SESSION_STARTS_A_DAY - world.sessions_started,
        "reset_after": 14_400_000,
        "max_concurrency": 1,
    }
    return Answer(json={"url": world.gateway_address, "shards": 1, "session_start_limit": limit})


ROUTES = (
    Route("GET", "/applications/@me", get_own_application),
    Route("GET", "/oauth2/applications/@me", get_own_application),
    Route("GET", "/applications/{application_id}", get_own_application),
    Route("GET", "/users/@me", get_own_user),
    Route("GET", "/users/{user_id}", get_user),
    Route("GET", "/gateway", get_gateway, is_open=True),
    Route("GET", "/gateway/bot", get_gateway_for_bot),
)
