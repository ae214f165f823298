"""Requests in words, for those who watch what becomes of them."""

from __future__ import annotations

from typing import NamedTuple

from bot.rehearsal.rest.calls import Call


class Deed(NamedTuple):
    """What a request is, and what Discord does when it carries it out: "a post", "stores a post"."""

    request: str
    done: str


_MESSAGES = "/channels/{channel_id}/messages"
_OF_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
_DEEDS = {
    f"POST {_OF_WEBHOOK}": Deed("a post", "stores a post"),
    f"PATCH {_OF_WEBHOOK}/messages/{{message_id}}": Deed("a change of a post", "changes a post"),
    f"POST {_MESSAGES}": Deed("a line of the house", "stores a line of the house"),
    f"PATCH {_MESSAGES}/{{message_id}}": Deed("a change of a line", "changes a line of the house"),
    f"GET {_MESSAGES}": Deed("a look at the history", "looks up the history"),
    "POST /channels/{channel_id}/webhooks": Deed("a new webhook", "makes a webhook"),
    "GET /channels/{channel_id}/webhooks": Deed("a look at the webhooks", "looks up the webhooks"),
    "GET /channels/{channel_id}": Deed("a look at the channel", "looks up the channel"),
    "POST /applications/{application_id}/emojis": Deed("a new face", "stores a face"),
    "GET /applications/{application_id}/emojis": Deed("a look at the faces", "looks up the faces"),
    "GET /users/{user_id}": Deed("a look at a person", "looks up a person"),
    "POST /users/@me/channels": Deed("a way to write to a person", "opens a way to write to a person"),
    "POST /channels/{channel_id}/typing": Deed("a sign of typing", "shows that the bot is typing"),
}


def route_of(call: Call) -> str:
    """Return a request's method and the template of its path, which holds no ids and no tokens."""
    return f"{call.method} {call.template}"


def deed_of(call: Call) -> Deed:
    """Return what a request is in words."""
    route = route_of(call)
    return _DEEDS.get(route, Deed(route, f"carries out {route}"))
