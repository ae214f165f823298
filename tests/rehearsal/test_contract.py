"""Every route is asked once, and every answer is as Discord's published description says."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.rehearsal import BOT_PERMISSIONS, Permission, RehearsalDiscord
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.routes import ROUTES
from bot.rehearsal.world.commands import find_command
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.interactions import Interaction, InteractionKind
from tests.rehearsal.contract import IS_HERE, problems_of_answers
from tests.rehearsal.test_webhooks import a_picture

QUIET = {"allowed_mentions": {"parse": []}}
COMMAND = {
    "name": "backroom",
    "description": "A room",
    "options": [
        {
            "type": 1,
            "name": "start",
            "description": "Start",
            "options": [
                {"type": 3, "name": "ai1", "description": "A seat", "autocomplete": True, "required": None},
                {"type": 4, "name": "rounds", "description": "Many", "min_value": 0, "max_value": 9},
                {"type": 10, "name": "heat", "description": "Warm", "choices": [{"name": "hot", "value": 1.5}]},
                {"type": 5, "name": "fast", "description": "Quick"},
            ],
        }
    ],
    "default_member_permissions": 16,
    "contexts": [0],
    "integration_types": [0],
    "type": 1,
}


class Asker:
    """Sends plain requests, and remembers which routes they reached."""

    def __init__(self, discord: RehearsalDiscord, session: ClientSession) -> None:
        self.discord = discord
        self.session = session
        self.reached: set[tuple[str, str]] = set()
        discord.rest.before_effect.append(self._remember)

    async def _remember(self, call: Call) -> Answer | None:
        self.reached.add((call.method, call.template))
        return None

    async def __call__(self, method: str, path: str, body: Any = None, status: int | None = None, **how: Any) -> Any:
        headers = {"Authorization": f"Bot {self.discord.token}", **how.pop("headers", {})}
        async with self.session.request(
            method, self.discord.api_url + path, json=body, headers=headers, **how
        ) as response:
            assert response.status == status if status else response.status < 300, await response.text()
            return await response.json() if response.status != 204 else None


async def ask_about_the_application(ask: Asker, application: str, guild_id: int, user_id: int) -> None:
    for path in (
        "/users/@me",
        f"/users/{user_id}",
        "/applications/@me",
        application,
        "/oauth2/applications/@me",
        "/gateway",
        "/gateway/bot",
        "/users/@me/guilds",
        f"/guilds/{guild_id}?with_counts=true",
        f"/guilds/{guild_id}/channels",
        f"/guilds/{guild_id}/roles",
        f"/guilds/{guild_id}/members",
        f"/guilds/{guild_id}/members/{user_id}",
        f"/guilds/{guild_id}/threads/active",
    ):
        await ask("GET", path)
    await ask("POST", "/users/@me/channels", {"recipient_id": str(user_id)})
    for scope in (f"{application}/commands", f"{application}/guilds/{guild_id}/commands"):
        (made,) = await ask("PUT", scope, [COMMAND])
        await ask("GET", scope)
        await ask("POST", scope, {**COMMAND, "name": "another"}, status=201)
        await ask("POST", scope, {**COMMAND, "name": "another"}, status=200)
        await ask("GET", f"{scope}/{made['id']}")
        await ask("PATCH", f"{scope}/{made['id']}", {"description": "Changed"})
        await ask("DELETE", f"{scope}/{made['id']}")
        await ask("PUT", scope, [COMMAND])
    emojis = f"{application}/emojis"
    image = "data:image/png;base64," + base64.b64encode(a_picture()).decode()
    emoji = await ask("POST", emojis, {"name": "face", "image": image}, status=201)
    await ask("GET", emojis)
    await ask("GET", f"{emojis}/{emoji['id']}")
    await ask("PATCH", f"{emojis}/{emoji['id']}", {"name": "other"})
    await ask("DELETE", f"{emojis}/{emoji['id']}")


async def ask_about_messages(ask: Asker, channel: str, user_id: int) -> None:
    post = f"{channel}/messages"
    said = await ask("POST", post, {"content": "one", "nonce": "n", **QUIET})
    embed = {"title": "t", "fields": [{"name": "n", "value": "v"}], "footer": {"text": "f"}, "color": 5}
    await ask("POST", post, {"embeds": [embed], "message_reference": {"message_id": said["id"]}})
    form = FormData({"payload_json": json.dumps({"content": "look", "attachments": [{"id": 0, "description": "d"}]})})
    form.add_field("files[0]", a_picture(), filename="a.png")
    await ask("POST", post, data=form)
    await ask("GET", f"{post}?limit=10")
    one = f"{post}/{said['id']}"
    await ask("GET", one)
    await ask("PATCH", one, {"content": "two", **QUIET})
    reaction = f"{one}/reactions/%F0%9F%94%A5"
    for method, path in (
        ("PUT", f"{reaction}/@me"),
        ("GET", one),
        ("GET", reaction),
        ("DELETE", f"{reaction}/@me"),
        ("DELETE", f"{reaction}/{user_id}"),
        ("DELETE", reaction),
        ("DELETE", f"{one}/reactions"),
        ("POST", f"{channel}/typing"),
        ("PUT", f"{channel}/messages/pins/{said['id']}"),
        ("GET", f"{channel}/messages/pins"),
        ("DELETE", f"{channel}/messages/pins/{said['id']}"),
        ("PUT", f"{channel}/pins/{said['id']}"),
        ("GET", f"{channel}/pins"),
        ("DELETE", f"{channel}/pins/{said['id']}"),
    ):
        await ask(method, path)
    await ask("POST", f"{one}/threads", {"name": "on it"}, status=201)
    await ask("GET", one)
    await ask("DELETE", one)
    more = [await ask("POST", post, {"content": str(number), **QUIET}) for number in range(2)]
    await ask("POST", f"{post}/bulk-delete", {"messages": [message["id"] for message in more]})


async def ask_about_webhooks(ask: Asker, channel: str, guild_id: int) -> None:
    hook = await ask("POST", f"{channel}/webhooks", {"name": "Backroom", "avatar": None})
    await ask("GET", f"{channel}/webhooks")
    await ask("GET", f"/guilds/{guild_id}/webhooks")
    by_id, by_token = f"/webhooks/{hook['id']}", f"/webhooks/{hook['id']}/{hook['token']}"
    for path in (by_id, by_token):
        await ask("GET", path)
        await ask("PATCH", path, {"name": "House"})
    await ask("POST", by_token, {"content": "unseen", **QUIET}, status=204)
    persona = {"username": "AI-1", "avatar_url": "https://example.org/a.png"}
    posted = await ask("POST", f"{by_token}?wait=true", {"content": "hi", **persona, **QUIET})
    message = f"{by_token}/messages/{posted['id']}"
    await ask("GET", message)
    await ask("PATCH", message, {"content": "changed", **QUIET})
    await ask("DELETE", message)
    await ask("DELETE", by_token)
    another = await ask("POST", f"{channel}/webhooks", {"name": "Backroom"})
    await ask("DELETE", f"/webhooks/{another['id']}")


async def ask_about_interactions(ask: Asker, person: Any, channel: Any) -> None:
    application_id = ask.discord.world.application.id
    offered = find_command(person, channel, "backroom start")

    def use(kind: InteractionKind, data: Any) -> tuple[str, str]:
        interaction = Interaction(kind, person, channel, offered.line, data)
        interaction.begin()
        base = f"/interactions/{interaction.id}/{interaction.token}/callback"
        return base, f"/webhooks/{application_id}/{interaction.token}"

    callback, token = use(InteractionKind.COMMAND, offered.data({"rounds": 1}))
    await ask("POST", f"{callback}?with_response=1", {"type": 4, "data": {"content": "hi", **QUIET}})
    await ask("GET", f"{token}/messages/@original")
    await ask("PATCH", f"{token}/messages/@original", {"content": "changed", **QUIET})
    await ask("POST", token, {"content": "more", "flags": 64, **QUIET})
    await ask("DELETE", f"{token}/messages/@original")
    callback, token = use(InteractionKind.COMMAND, offered.data({}))
    await ask("POST", f"{callback}?with_response=1", {"type": 5})
    await ask("POST", token, {"content": "there", **QUIET})
    callback, _ = use(InteractionKind.AUTOCOMPLETE, offered.data({"ai1": "k"}, focused="ai1"))
    await ask("POST", callback, {"type": 8, "data": {"choices": [{"name": "Kimi", "value": "kimi"}]}}, status=204)


async def ask_about_threads(ask: Asker, channel: str) -> None:
    thread = await ask("POST", f"{channel}/threads", {"name": "deeper", "type": 11}, status=201)
    place = f"/channels/{thread['id']}"
    await ask("GET", place)
    await ask("PUT", f"{place}/thread-members/@me")
    await ask("DELETE", f"{place}/thread-members/@me")
    await ask("PATCH", place, {"archived": True})
    await ask("GET", f"{channel}/threads/archived/public")
    await ask("DELETE", place)
    await ask("GET", channel)
    await ask("PATCH", channel, {"name": "renamed", "topic": "about"})
    await ask("DELETE", channel)


async def ask_what_is_refused(ask: Asker, channel: str) -> None:
    await ask("POST", f"{channel}/messages", status=400, data=b"content")
    await ask("GET", "/nowhere", status=404)
    await ask("GET", "/users/@me", status=401, headers={"Authorization": "Bot forged"})
    too_long = {"content": "x" * 2001, "embeds": [{"title": "x" * 257}]}
    await ask("POST", f"{channel}/messages", too_long, status=400)
    await ask("GET", f"{channel}/messages/1", status=404)
    await ask("GET", f"{channel}/messages?limit=101", status=400)
    await ask("GET", "/channels/none", status=400)
    await ask("GET", "/webhooks/1", status=404)
    await ask("POST", "/webhooks/1/x", {"content": "x"}, status=404)
    await ask("POST", f"{channel}/messages", status=400, data="{", headers={"Content-Type": "application/json"})


@pytest.mark.skipif(not IS_HERE, reason="there is no copy of Discord's API description beside this checkout")
async def test_every_route_answers_as_discord_describes_it() -> None:
    intents = Intent.MESSAGE_CONTENT | Intent.GUILD_MEMBERS
    async with RehearsalDiscord.open(privileged_intents=intents) as discord, ClientSession() as session:
        guild = discord.add_guild("G", BOT_PERMISSIONS | Permission.ADMINISTRATOR)
        channel = guild.add_text_channel("c")
        ann = guild.add_member("Ann", Permission.MANAGE_CHANNELS)
        ask = Asker(discord, session)
        path = f"/channels/{channel.id}"
        await ask_about_the_application(ask, f"/applications/{discord.world.application.id}", guild.id, ann.id)
        await ask_about_messages(ask, path, ann.id)
        await ask_about_webhooks(ask, path, guild.id)
        await ask_about_interactions(ask, ann, channel)
        await ask_what_is_refused(ask, path)
        await ask_about_threads(ask, path)
        await ask("DELETE", f"/users/@me/guilds/{guild.id}")
        assert {(route.method, route.path) for route in ROUTES} - ask.reached == set()
        described = [exchange for exchange in discord.exchanges if exchange.path != "/nowhere"]
        assert problems_of_answers(described) == []
