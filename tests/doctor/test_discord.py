"""What the doctor says of Discord: the token, the intents, the permissions, the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, EVERYTHING, Permission
from bot.storage import Place, open_database
from tests.doctor.conftest import Surgery
from tests.openrouter_replies import Reply
from tests.storage.happenings import OPENED

WITHOUT_WEBHOOKS = BOT_PERMISSIONS & ~Permission.MANAGE_WEBHOOKS & ~Permission.VIEW_CHANNEL


async def _open_room(surgery: Surgery, guild_id: int, channel_id: int, parent_id: int | None = None) -> None:
    async with open_database(surgery.stage.settings().database_url) as database:
        await database.journal.open_room(Place(guild_id, channel_id, parent_id), [OPENED])


async def test_a_refused_token_is_told_once_and_what_hangs_on_it_is_skipped(surgery: Surgery) -> None:
    report = await surgery.examine(DISCORD_TOKEN="not-the-token")
    assert report.state_of("Token") == "bad"
    assert "Copy the token anew" in report.out
    assert report.state_of("Intents") == report.state_of("Permissions") == "skipped"
    assert "not-the-token" not in report.out
    assert report.code == 1


async def test_message_content_that_is_not_allowed_is_explained(surgery: Surgery) -> None:
    surgery.stage.discord.world.application.privileged_intents = Intent(0)
    report = await surgery.examine()
    ((state, words),) = report.of("Intents")
    assert state == "warn"
    assert "do not hear what people say" in words
    assert "Message Content Intent" in words
    assert report.code == 0


async def test_missing_permissions_are_named_for_each_server(surgery: Surgery) -> None:
    surgery.stage.discord.add_guild("Half [bold]open", WITHOUT_WEBHOOKS)
    surgery.stage.discord.add_guild("Ours", Permission.ADMINISTRATOR)
    fine, lacking = (await surgery.examine()).of("Permissions")
    assert fine == ("ok", "2 servers give the bot all that it needs.")
    assert lacking[0] == "bad"
    assert "“Half [bold]open” does not give the bot: View Channels, Manage Webhooks." in lacking[1]
    assert "give the bot's role View Channels, Manage Webhooks." in lacking[1]


async def test_a_bot_in_no_server_is_told_how_to_get_into_one(surgery: Surgery) -> None:
    surgery.stage.guild.remove_bot()
    report = await surgery.examine()
    assert report.state_of("Permissions") == "warn"
    assert "backroom invite" in report.out


@pytest.mark.parametrize("in_a_thread", [False, True])
async def test_a_room_in_a_channel_that_takes_a_permission_away(surgery: Surgery, in_a_thread: bool) -> None:
    channel = surgery.stage.channel
    place = channel.add_thread("aside") if in_a_thread else channel
    await _open_room(surgery, surgery.stage.guild.id, place.id, channel.id if in_a_thread else None)
    channel.set_bot_permissions(BOT_PERMISSIONS & ~Permission.ATTACH_FILES)
    server, room = (await surgery.examine()).of("Permissions")
    assert server[0] == "ok"
    assert room[0] == "bad"
    assert "Room 1 in #backroom does not give the bot: Attach Files." in room[1]


async def test_a_channel_that_gives_what_the_server_does_not_is_enough(surgery: Surgery) -> None:
    surgery.stage.guild.set_bot_permissions(BOT_PERMISSIONS & ~Permission.MANAGE_WEBHOOKS)
    surgery.stage.channel.set_bot_permissions(BOT_PERMISSIONS)
    await _open_room(surgery, surgery.stage.guild.id, surgery.stage.channel.id)
    report = await surgery.examine()
    assert [state for state, _ in report.of("Permissions")] == ["warn", "ok"]
    assert report.code == 0


async def test_a_room_whose_channel_or_server_is_gone(surgery: Surgery) -> None:
    await _open_room(surgery, surgery.stage.guild.id, 77)
    await _open_room(surgery, 88, 99)
    server, channel_gone, server_gone = (await surgery.examine()).of("Permissions")
    assert server[0] == "ok"
    assert channel_gone[0] == server_gone[0] == "bad"
    assert "its channel is gone or hidden" in channel_gone[1]
    assert "no longer in" in server_gone[1]


async def test_a_room_whose_thread_is_gone(surgery: Surgery) -> None:
    channel = surgery.stage.channel
    await _open_room(surgery, surgery.stage.guild.id, channel.add_thread("aside").id, channel.id)
    await _open_room(surgery, surgery.stage.guild.id, 77, channel.id)
    _, there, gone = (await surgery.examine()).of("Permissions")
    assert there == ("ok", "Room 1 in #backroom has all that it needs.")
    assert gone[0] == "bad"
    assert "Room 2: its thread is gone or hidden (404: Unknown Channel)." in gone[1]


async def test_an_administrator_lacks_nothing(surgery: Surgery) -> None:
    surgery.stage.guild.set_bot_permissions(EVERYTHING)
    await _open_room(surgery, surgery.stage.guild.id, surgery.stage.channel.id)
    report = await surgery.examine()
    assert [state for state, _ in report.of("Permissions")] == ["ok", "ok"]


async def test_discord_in_trouble_is_not_taken_for_a_bad_token(surgery: Surgery) -> None:
    async def fail(call: Call) -> Answer | None:
        return Answer(503, {"message": "upstream"})

    surgery.stage.discord.rest.before_effect.append(fail)
    report = await surgery.examine()
    for check in ("Token", "Intents", "Permissions"):
        assert "Discord answered 503: upstream" in report.of(check)[0][1]
    assert report.state_of("Models") == "ok"


@pytest.mark.parametrize(
    ("seconds_off", "state", "words"),
    [
        (0, "ok", "Right to about a second"),
        (-10, "warn", "(9|10|11) seconds ahead"),
        (300, "bad", "(299|300|301) seconds behind"),
    ],
)
async def test_a_clock_is_compared_with_the_hosts(surgery: Surgery, seconds_off: int, state: str, words: str) -> None:
    def other_time() -> dict[str, str]:
        return {"Date": format_datetime(datetime.now(UTC) + timedelta(seconds=seconds_off), usegmt=True)}

    async def tell_another_time(call: Call, answer: Answer) -> Answer | None:
        return Answer(answer.status, answer.json, {**answer.headers, **other_time()})

    surgery.stage.discord.rest.after_effect.append(tell_another_time)
    surgery.stage.host.listings["/key"] = Reply.failure(500, "no time for this")
    surgery.stage.host.listings["/models"] = Reply.failure(500, "no time for this")
    ((found, said),) = (await surgery.examine()).of("Clock")
    assert found == state
    assert re.search(words, said)
