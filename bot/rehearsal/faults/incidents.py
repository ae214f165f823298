"""What befalls a room between two of its messages: a dropped gateway, a moderator, an outage of the guild."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.rehearsal.faults.faults import GATEWAY
from bot.rehearsal.faults.scene import Scene
from bot.rehearsal.world.messages import delete_at_once
from bot.rehearsal.world.permissions import Permission

WORLD = "world"
SECONDS_UNTIL_PUT_RIGHT = 3.0
_CODES_TO_RESUME_AFTER = (None, 4000, 4008)
"""None is a connection that breaks without a word."""
_SESSION_TIMED_OUT = 4009

Incident = Callable[[Scene], Awaitable[None]]


async def drop_the_connection(scene: Scene) -> None:
    """Drop the gateway: without a word, or with a code after which a client resumes."""
    code = scene.random.choice(_CODES_TO_RESUME_AFTER)
    how = "breaks without a word" if code is None else f"is closed with code {code}"
    scene.note("Dropped", GATEWAY, f"The gateway's connection {how}")
    await scene.discord.gateway.drop(code)


async def end_the_session(scene: Scene) -> None:
    """Drop the gateway so that nothing can be resumed."""
    scene.note("SessionEnded", GATEWAY, "The gateway ends the session; it cannot be resumed")
    await scene.discord.gateway.drop(_SESSION_TIMED_OUT, resumable=False)


async def ask_to_reconnect(scene: Scene) -> None:
    """Ask the bot to connect anew."""
    scene.note("AskedToReconnect", GATEWAY, "The gateway asks to connect anew")
    scene.discord.gateway.ask_to_reconnect()


async def leave_heartbeats_unanswered(scene: Scene) -> None:
    """Acknowledge no heartbeat for a while."""
    gateway = scene.discord.gateway

    def acknowledge_again() -> None:
        gateway.acknowledges_heartbeats = True

    gateway.acknowledges_heartbeats = False
    scene.note("HeartbeatsUnanswered", GATEWAY, "The gateway acknowledges no heartbeats for a while")
    scene.put_right_after(2 * SECONDS_UNTIL_PUT_RIGHT, acknowledge_again)


async def delete_the_webhook(scene: Scene) -> None:
    """Delete the bot's webhooks in the channel."""
    for webhook in scene.webhooks:
        scene.note("WebhookDeleted", WORLD, "A moderator deletes the bot's webhook")
        webhook.delete()


async def rename_the_webhook(scene: Scene) -> None:
    """Give the bot's webhooks another name."""
    for webhook in scene.webhooks:
        scene.note("WebhookRenamed", WORLD, "A moderator renames the bot's webhook")
        webhook.rename("Not what it was")


async def move_the_webhook(scene: Scene) -> None:
    """Move the bot's webhooks to another channel."""
    for webhook in scene.webhooks:
        scene.note("WebhookMoved", WORLD, "A moderator moves the bot's webhook to another channel")
        webhook.move(scene.lobby())


async def delete_a_message(scene: Scene) -> None:
    """Delete something that a persona said."""
    said = [message for message in scene.channel.messages if message.author.is_persona]
    if said:
        message = scene.random.choice(said)
        scene.note("MessageDeleted", WORLD, f"A moderator deletes a message of {message.author_name}")
        message.delete()


async def delete_many_messages(scene: Scene) -> None:
    """Delete the last things that were said, at once."""
    last = [message for message in scene.channel.messages if message.author.is_persona][-2:]
    if last:
        scene.note("MessagesDeleted", WORLD, "A moderator deletes the last messages at once")
        delete_at_once(scene.channel, last)


async def take_a_permission(scene: Scene) -> None:
    """Take a permission in the channel or in the guild, and give it back."""
    place = scene.random.choice((scene.channel, scene.channel.guild))
    taken = scene.random.choice((Permission.MANAGE_WEBHOOKS, Permission.SEND_MESSAGES))
    if scene.channel.guild.bot is not None:
        scene.note("PermissionTaken", WORLD, f"A moderator takes {taken.name} from the bot, for a while")
        place.take_bot_permissions(taken)
        scene.put_right_after(SECONDS_UNTIL_PUT_RIGHT, lambda: _give_back(scene))


async def kick_the_bot(scene: Scene) -> None:
    """Kick the bot, and invite it again."""
    guild = scene.channel.guild

    def invite_again() -> None:
        if guild.bot is None:
            guild.invite_bot()

    if guild.bot is not None:
        scene.note("Kicked", WORLD, "A moderator kicks the bot, and will invite it again")
        guild.remove_bot()
        scene.put_right_after(SECONDS_UNTIL_PUT_RIGHT, invite_again)


async def take_the_guild_away(scene: Scene) -> None:
    """Let the guild be gone for a while."""
    guild = scene.channel.guild

    def bring_back() -> None:
        if guild.bot is not None:
            guild.set_available(available=True)

    if guild.bot is not None and guild.is_available:
        scene.note("GuildUnavailable", WORLD, "The guild is gone for a while, by an outage of Discord")
        guild.set_available(available=False)
        scene.put_right_after(SECONDS_UNTIL_PUT_RIGHT, bring_back)


def _give_back(scene: Scene) -> None:
    if scene.channel.guild.bot is not None:
        scene.channel.guild.give_back_bot_permissions()
        scene.channel.give_back_bot_permissions()
