"""What is kept of people goes when they want it, when the bot has left, and in time; models' hosts get no ids."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.keyboard.commands import read_command
from bot.rehearsal.world.commands import CommandNotOffered
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.replies import Reply as Answer
from bot.room import notices
from bot.room.entries import Ended, Heard, Opened
from bot.room.state import Phase
from bot.storage import Guilds, Place, open_database
from tests.end_to_end.stage import SECONDS, Stage, files_of, until
from tests.end_to_end.test_program import backroom, ended
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
FORGET = "Forget everything I said"
SECRET = "under the third plank"
EMOJI = "<a:ghost:1300000000000000001>"
ID = re.compile(r"(?<!\d)\d{17,20}(?!\d)")


async def a_quiet_room(stage: Stage, **options: Any) -> None:
    """Open a room that has said one thing and waits; AI-2 was asked once, and given up."""
    stage.host.answer("AI-1", "The fog is thick.")
    stage.host.answer("AI-2", Reply(text="too late", seconds_before=30))
    await stage.start(FLASH, R1, rounds=0, **options)
    await stage.channel.wait_for(lambda m: m.content == "The fog is thick.")
    await until(lambda: stage.asked("AI-2"))
    await stage.ann.slash(stage.channel, "backroom pause")


async def confirm(person: Person, asked: Answer) -> Answer:
    """Press the button of an answer, and wait until it says what came of it."""
    assert asked.message is not None
    reply = await person.press(asked.message, FORGET)
    await until(lambda: reply.content != notices.FORGETTING)
    return reply


async def test_everybody_can_ask_what_is_kept(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running(retention_days=30) as bot:
        reply = await bea.slash(stage.channel, "backroom privacy")
        assert reply.ephemeral
        for part in ("for 30 days after the room is over", "OpenRouter", "after 7 days", "`/backroom forget me`"):
            assert part in reply.content
        await bot.guild_settings.change(stage.guild.id, retention_days=1)
        assert "for 1 day after" in (await bea.slash(stage.channel, "backroom privacy")).content
    stage.nothing_is_wrong()


async def test_who_wants_to_be_forgotten_is_no_longer_in_the_room_and_others_are(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        await a_quiet_room(stage)
        stage.host.answer("AI-2", "Two bells.")
        room = stage.room()
        await bea.says(stage.channel, f"The key is {SECRET}.")
        await stage.ann.says(stage.channel, "Good evening.")
        await until(lambda: "Good evening." in [line.text for line in room.history.lines])
        before = room.state
        asked = await bea.slash(stage.channel, "backroom forget me")
        assert asked.ephemeral
        assert "cannot be undone" in asked.content
        assert SECRET in str(room.history.lines)
        reply = await confirm(bea, asked)
        assert reply.content.startswith("Forgotten: 1 message and 0 reactions.")
        assert reply.message is not None
        assert reply.message.components == []
        assert room.state == before
        await stage.ann.slash(stage.channel, "backroom step")
        await until(lambda: len(stage.asked("AI-2")) == 2)
        seen = stage.asked("AI-2")[1].seen
        assert SECRET not in seen
        assert "Bea" not in seen
        assert "[Ann]: Good evening." in seen
        await until(lambda: "Two bells." in stage.words_of("AI-2 (DeepSeek R1)"))
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())
    async with stage.running():  # what stands in the channel is not heard again
        await stage.room().say()
        assert SECRET not in str(stage.room().history.lines)
        await bea.says(stage.channel, "I am back.")
        await until(lambda: "I am back." in str(stage.room().history.lines))
    stage.nothing_is_wrong()


async def test_words_that_the_house_repeated_leave_the_channel(stage: Stage) -> None:
    async with stage.running():
        await a_quiet_room(stage)
        room = stage.room()
        said = Heard(message=1, by=stage.ann.id, by_name="Ann", text=SECRET)
        async with room.draft() as draft:
            draft.enter(said)
            draft.notice(f"💬 **Ann**: {SECRET}")
        await room.say()
        shown = await stage.channel.wait_for(lambda m: SECRET in m.content)
        asked = await stage.ann.slash(stage.channel, "backroom forget me")
        await confirm(stage.ann, asked)
        await until(lambda: shown.id not in stage.channel.history)
        assert room.state.opened is not None
        assert room.state.opened.by_name == "Somebody"
    stage.nothing_is_wrong()


async def test_who_types_forget_alone_is_told_how_it_goes_on(stage: Stage) -> None:
    async with stage.running():
        with pytest.raises(
            CommandNotOffered, match=r"^/backroom forget is not complete; there are: /backroom forget me$"
        ):
            read_command(stage.ann, stage.channel, "/backroom forget")
        assert read_command(stage.ann, stage.channel, "/backroom forget me") == ("backroom forget me", {})


async def test_the_button_works_after_a_restart_and_where_nothing_is_known(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        asked = await bea.slash(stage.channel, "backroom forget me")
    async with stage.running():
        reply = await confirm(bea, asked)
        assert reply.failed is None
        assert "nothing to forget" in reply.content
    stage.nothing_is_wrong()


async def test_an_over_room_of_another_server_forgets_as_well(stage: Stage) -> None:
    elsewhere = Place(guild_id=77, channel_id=78)
    url = stage.settings().database_url
    async with stage.running() as bot:
        number = await bot.supplies.database.journal.open_room(
            elsewhere, [_opened(1), Heard(message=5, by=stage.ann.id, by_name="Nan", text=SECRET), Ended(reason="")]
        )
        asked = await stage.ann.slash(stage.channel, "backroom forget me")
        assert "1 message" in (await confirm(stage.ann, asked)).content
    async with open_database(url) as database:
        assert SECRET not in str(await database.journal.entries(number))


async def test_a_server_that_the_bot_was_removed_from_goes_after_a_week(stage: Stage) -> None:
    stays = stage.discord.add_guild("Another")
    url = stage.settings().database_url
    async with stage.running() as bot:
        await a_quiet_room(stage)
        await bot.guild_settings.change(stage.guild.id, quiet=False)
        await bot.guild_settings.change(stays.id, quiet=False)
        stage.guild.remove_bot()
        await until(lambda: bot.get_guild(stage.guild.id) is None)
    async with stage.running() as bot:  # a day later all is still there
        await until(lambda: bot.is_ready())
        assert stage.room().state.phase is Phase.PAUSED
    async with open_database(url) as database:
        (left,) = await database.guilds.left_before(datetime.now(UTC))
        assert left == stage.guild.id
        await database.guilds.mark_left(left, datetime.now(UTC) - timedelta(days=7, minutes=1))
    async with stage.running() as bot:
        await until(lambda: not bot.rooms.in_guild(stage.guild.id))
        await until(lambda: bot.guild_settings.of(stage.guild.id).quiet)
        assert await bot.supplies.database.privacy.known_guilds() == {stays.id}
        assert await bot.supplies.database.webhooks.load(stage.channel.id) is None


async def test_a_server_that_took_the_bot_back_keeps_everything(stage: Stage) -> None:
    url = stage.settings().database_url
    async with stage.running():
        await a_quiet_room(stage)
    async with open_database(url) as database:  # the bot was down when it was removed, and when it was invited again
        await database.guilds.mark_left(stage.guild.id, datetime.now(UTC) - timedelta(days=100))
    async with stage.running() as bot:
        guilds = bot.supplies.database.guilds
        await _until_nobody_has_left(guilds)
        assert stage.room().state.phase is Phase.PAUSED
        stage.guild.remove_bot()
        await until(lambda: bot.get_guild(stage.guild.id) is None)
        stage.guild.invite_bot()
        await until(lambda: bot.get_guild(stage.guild.id) is not None)
        await _until_nobody_has_left(guilds)


async def test_rooms_go_when_they_were_kept_as_long_as_the_server_wants(stage: Stage) -> None:
    async with stage.running() as bot:
        database = bot.supplies.database
        old = await database.journal.open_room(Place(stage.guild.id, 5), [_opened(1), Ended(reason="stopped")])
        new = await database.journal.open_room(Place(stage.guild.id, 6), [_opened(1), Ended(reason="stopped")])
        await bot.guild_settings.change(stage.guild.id, retention_days=30)
    _was_over(stage, old, days=31)
    async with stage.running() as bot:
        exports = bot.supplies.database.exports
        async with asyncio.timeout(SECONDS):
            while await exports.newest_at(5) is not None:  # noqa: ASYNC110 - the database does not signal
                await asyncio.sleep(0.01)
        assert await exports.newest_at(6) == new


async def test_models_hosts_get_no_discord_ids(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    link = f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/1300000000000000002"
    opening = f"Ask <@{bea.id}> in <#{stage.channel.id}> {EMOJI}"
    async with stage.running():
        await a_quiet_room(stage, opening=opening)
        spoken = next(message for message in stage.channel.messages if message.content == "The fog is thick.")
        room = stage.room()
        said = await bea.says(stage.channel, f"<@{stage.ann.id}> look {EMOJI} in <#{stage.channel.id}>: {link}")
        await stage.ann.says(stage.channel, f"<@&{stage.ann.roles[0].id}> I see", reply_to=said)
        await until(lambda: "I see" in str(room.history.lines))
        await stage.ann.reacts(spoken, "🔥")
        await bea.reacts(spoken, "🔥")
        await bea.edits(said, f"<@{stage.ann.id}> look {EMOJI}! {link}")
        await until(lambda: len(room.waiting_reactions) == 2 and f"look {EMOJI}!" in str(room.history.lines))
        stage.host.answer("AI-2", Reply(text='!image "a fog horn"\n\nHoo.'))
        await stage.ann.slash(stage.channel, "backroom add", model=FLASH, words=f"like <@{bea.id}> {EMOJI}")
        await stage.ann.slash(stage.channel, "backroom image", description=f"<@{bea.id}> in the fog {EMOJI}")
        for turn in (2, 3):
            await stage.ann.slash(stage.channel, "backroom step")
            await until(lambda turn=turn: room.state.turn == turn)
        await until(lambda: len(stage.host.images) == 2)
    told = [
        f"{json.dumps(request.json, ensure_ascii=False)} {dict(request.headers)}" for request in stage.host.requests
    ]
    assert len(stage.host.chats) >= 3
    assert [found for text in told for found in ID.findall(text)] == []
    seen = stage.asked("AI-3")[-1]
    assert "look :ghost:! (a link into Discord)" in seen.seen
    assert "[2 people reacted 🔥 to AI-1's message]" in seen.seen
    assert "like @somebody :ghost:" in seen.system
    stage.nothing_is_wrong()


async def test_who_may_steer_gets_the_room_as_a_file(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea", permissions=Permission.NONE)
    stage.guild.lift_command_permissions()
    async with stage.running():
        nothing = await stage.ann.slash(stage.channel, "backroom export")
        assert "never been a room" in nothing.content
        await a_quiet_room(stage)
        refused = await bea.slash(stage.channel, "backroom export")
        assert "To steer rooms here" in refused.content
        await stage.ann.slash(stage.channel, "backroom stop")
        for form, part in (
            ("md", "### AI-1 (Gemini 3 Flash) ·"),
            ("html", "<b>AI-1 (Gemini 3 Flash)</b>"),
            ("json", '"kind": "opened"'),
        ):
            reply = await stage.ann.slash(stage.channel, "backroom export", format=form)
            assert reply.ephemeral
            assert reply.message is not None
            assert files_of(reply.message) == [f"room-1.{form}"]
            text = reply.message.attachments[0].data.decode()
            assert part in text
            assert str(stage.ann.id) not in text
    stage.nothing_is_wrong()


async def test_the_program_writes_a_room_beside_a_running_bot(stage: Stage, tmp_path: Path) -> None:
    url = stage.settings().database_url
    async with stage.running():
        await a_quiet_room(stage)
        async with backroom("export", "1", "--format", "json", folder=tmp_path, DATABASE_URL=url) as process:
            code, out, err = await ended(process)
        assert (code, err) == (0, "")
        assert json.loads(out)["entries"][0]["by_name"] == "Ann"
        async with backroom("export", "9", folder=tmp_path, DATABASE_URL=url) as process:
            code, _, err = await ended(process)
        assert (code, err) == (1, "The journal holds no room 9; it holds room 1.\n")


def _opened(by: int) -> Opened:
    return Opened(by=by, by_name="Zoe", scenario="", prompt="", opening="", rounds=1, seconds_between_turns=0)


def _was_over(stage: Stage, room: int, *, days: int) -> None:
    """Let a room have been over for so many days."""
    ended_at = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(stage.database) as connection:
        connection.execute("UPDATE rooms SET ended_at = ? WHERE id = ?", (ended_at, room))


async def _until_nobody_has_left(guilds: Guilds) -> None:
    async with asyncio.timeout(SECONDS):
        while await guilds.left_before(datetime.now(UTC)):  # noqa: ASYNC110 - the database does not signal
            await asyncio.sleep(0.01)
