"""What people say in a room reaches its AIs: as they meant it, and only what they meant to reach them."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest
from sqlalchemy import Connection

from bot import steering
from bot.errors import StorageError
from bot.listening import SECONDS_OF_SILENCE, listen
from bot.rehearsal.world.events import Intent
from bot.room.entries import Heard
from bot.room.history import LINES_IN_MIND
from bot.room.state import Phase
from tests.end_to_end.paused_room import FLASH, KIMI, R1, last_of, open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.images.image_host import png
from tests.openrouter import Recorded


async def test_several_quick_lines_of_a_person_reach_the_ais_as_one(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.says(stage.channel, "I was thinking")
        await stage.ann.says(stage.channel, "about the lighthouse")
        asked = await take_turn(stage)
        assert "[Ann]: I was thinking\nabout the lighthouse" in asked.seen
    stage.nothing_is_wrong()


async def test_an_ai_is_not_asked_while_somebody_is_still_talking(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.says(stage.channel, "wait")
        turn = asyncio.create_task(take_turn(stage))
        await asyncio.sleep(SECONDS_OF_SILENCE / 2)
        await stage.ann.says(stage.channel, "there is more")
        began = monotonic()
        assert "wait\nthere is more" in (await turn).seen
        assert monotonic() - began > SECONDS_OF_SILENCE * 0.9
        async with asyncio.timeout(SECONDS_OF_SILENCE / 2):
            await listen(stage.room())  # nobody has said anything since


async def test_a_reply_says_to_whom_and_an_old_message_is_quoted(stage: Stage) -> None:
    stage.host.answer("AI-2", "the tide keeps no ledger")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-2")
        await stage.ann.says(stage.channel, "does it not?", reply_to=words)
        assert "[Ann]: (to AI-2) does it not?" in (await take_turn(stage)).seen
        for _ in range(LINES_IN_MIND):
            await take_turn(stage)
        await stage.ann.says(stage.channel, "I still wonder", reply_to=words)
        asked = await take_turn(stage)
        assert "[Ann]: (to AI-2, who said “the tide keeps no ledger”) I still wonder" in asked.seen


async def test_a_reply_or_an_at_sign_gives_that_seat_the_next_turn_once(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage, FLASH, R1, KIMI)
        await take_turn(stage)
        await stage.ann.says(stage.channel, "@AI-3, and you?")
        assert (await take_turn(stage)).seat == "AI-3"
        assert (await take_turn(stage)).seat == "AI-2"
        await stage.ann.says(stage.channel, "why?", reply_to=last_of(stage, "AI-3"))
        assert (await take_turn(stage)).seat == "AI-3"
        assert (await take_turn(stage)).seat == "AI-1"


async def test_a_room_that_waits_for_its_conductor_is_not_started_by_words(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage, seat="AI-2")
        await steering.set_order(stage.room(), "Ann", "conductor")
        assert bot.rooms.find(stage.channel.id) is not None
        await stage.ann.says(stage.channel, "@AI-1 go on")
        await until(lambda: stage.room().history.last_heard_message)
        assert stage.room().state.called == ()
        assert stage.room().state.phase is Phase.PAUSED


async def test_pictures_reach_those_who_see_and_files_are_named(stage: Stage) -> None:
    files = {"beach.png": png(), "notes.txt": b"tide tables", "broken.png": b"\x89PNG no picture"}
    async with stage.running():
        await open_paused(stage)
        await stage.ann.says(stage.channel, "look", files=files)
        sees = await take_turn(stage)
        assert "[Ann]: look\n(with beach.png, notes.txt, broken.png)" in sees.seen
        shown = [part for message in sees.messages for part in message["content"] if not isinstance(part, str)]
        assert sum(part["type"] == "image_url" for part in shown) == 1
        blind = await take_turn(stage)
        assert "beach.png" in blind.seen
        stage.host.answer("AI-1", '!image "a lamp"\n\nlight')
        await take_turn(stage)
        await stage.channel.wait_for(
            lambda message: message.author_name.startswith("AI-1") and bool(message.attachments)
        )
        assert stage.room().state.pictures_asked == 2
    stage.nothing_is_wrong()


async def test_a_picture_alone_is_heard(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.says(stage.channel, "", files={"beach.png": png()})
        assert "[Ann]: (with beach.png)" in (await take_turn(stage)).seen


async def test_what_begins_with_a_dot_or_is_hidden_stays_off_the_record(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage)
        await stage.ann.says(stage.channel, ".between us")
        hidden = await bea.says(stage.channel, "my address is 7 Quay Street")
        shown = await bea.says(stage.channel, "good evening")
        other = await stage.ann.says(stage.channel, "good evening, Bea")
        await until(lambda: stage.room().history.entry_of_message(other.id))
        await bea.reacts(hidden, "🙈")
        await bea.reacts(other, "🙈")  # not hers, and she may not steer
        await until(lambda: hidden.id in stage.room().history.withdrawn_messages)
        asked = await take_turn(stage)
        for gone in ("between us", "Quay Street", "🙈"):
            assert gone not in asked.seen
        assert "good evening, Bea" in asked.seen
        await stage.ann.reacts(shown, "🙈")  # who may steer hides anybody's words, also an AI's
        await stage.ann.reacts(last_of(stage, "AI-1"), "🙈")
        await until(lambda: len(stage.room().history.withdrawn_messages) == 3)
        asked = await take_turn(stage)
        assert "[Bea]" not in asked.seen
        assert "AI-1 speaks" not in asked.seen


async def test_edits_are_honoured_and_one_that_begins_with_a_dot_withdraws(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        said = await stage.ann.says(stage.channel, "the tide is blue", reply_to=last_of(stage, "AI-1"))
        secret = await stage.ann.says(stage.channel, "the key is under the mat")
        await until(lambda: stage.room().history.entry_of_message(secret.id))
        await stage.ann.edits(said, "the tide is grey")
        await stage.ann.edits(secret, ".the key is under the mat")
        await until(lambda: secret.id in stage.room().history.withdrawn_messages)
        await stage.ann.edits(secret, "the key is under the mat")
        asked = await take_turn(stage)
        assert "[Ann]: (to AI-1) the tide is grey" in asked.seen
        assert "blue" not in asked.seen
        assert "under the mat" not in asked.seen


@pytest.mark.parametrize("is_away", [False, True])
async def test_a_picture_that_its_author_takes_away_is_shown_to_nobody_any_more(stage: Stage, is_away: bool) -> None:
    def pictures(asked: Recorded) -> int:
        shown = [part for message in asked.messages for part in message["content"] if not isinstance(part, str)]
        return sum(part["type"] == "image_url" for part in shown)

    async with stage.running():
        await open_paused(stage)
        two = await stage.ann.says(stage.channel, "look", files={"beach.png": png(), "passport.png": png()})
        await until(lambda: stage.room().history.entry_of_message(two.id))
        one = await stage.ann.says(stage.channel, "and here", files={"harbour.png": png()})
        assert pictures(await take_turn(stage)) == 3
        if not is_away:
            await stage.ann.edits(two, "look", without=["passport.png"])
            await stage.ann.edits(one, "and there")
            await until(lambda: "and there\n(with harbour.png)" in _texts(stage))
    if is_away:
        await stage.ann.edits(two, "look", without=["passport.png"])
        await stage.ann.edits(one, "and there")
    async with stage.running():
        await until(lambda: "and there\n(with harbour.png)" in _texts(stage))
        await take_turn(stage)  # of one that sees no pictures
        asked = await take_turn(stage)
        assert "look\n(with beach.png)" in asked.seen
        assert "passport" not in str(asked.json)
        assert pictures(asked) == 1  # what may show either of the two is not shown
    stage.nothing_is_wrong()


def _texts(stage: Stage) -> list[str]:
    return [line.text for line in stage.room().history.lines]


async def test_modes_decide_who_is_heard(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        await open_paused(stage)
        reply = await stage.ann.slash(stage.channel, "backroom mode", mode="curated")
        assert reply.content == "From now on, the AIs hear what people say with `/backroom say`."
        again = await stage.ann.slash(stage.channel, "backroom mode", mode="curated")
        assert "already" in again.content
        await bea.says(stage.channel, "can you hear me?")
        reply = await bea.slash(stage.channel, "backroom say", words="hello from the side")
        assert reply.ephemeral
        await stage.channel.wait_for(lambda message: message.content == "💬 **Bea**: hello from the side")
        asked = await take_turn(stage)
        assert "[Bea]: hello from the side" in asked.seen
        assert "can you hear me?" not in asked.seen
        await stage.ann.slash(stage.channel, "backroom mode", mode="silent")
        reply = await bea.slash(stage.channel, "backroom say", words="and now?")
        assert "silent" in reply.content
        await bea.says(stage.channel, "nobody listens")
        refused = await bea.slash(stage.channel, "backroom mode", mode="open")
        assert "Manage Channels" in refused.content
        asked = await take_turn(stage)
        assert "and now?" not in asked.seen
        assert "nobody listens" not in asked.seen


async def test_who_may_not_speak_is_not_heard_and_is_told_so(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running() as bot:
        await open_paused(stage)
        await bot.guild_settings.change(stage.guild.id, speak_roles=[1])
        await bea.says(stage.channel, "may I?")
        await stage.ann.says(stage.channel, "I may")
        refused = await bea.slash(stage.channel, "backroom say", words="may I?")
        assert "Only some roles may speak to the AIs" in refused.content
        asked = await take_turn(stage)
        assert "may I?" not in asked.seen
        assert "[Ann]: I may" in asked.seen


async def test_what_is_said_through_the_house_is_withdrawn_with_its_message(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom say", words="I take that back. @AI-2?")
        said = await stage.channel.wait_for(lambda message: message.content.startswith("💬"))
        await until(lambda: not stage.room().owes_words)
        await stage.ann.reacts(said, "🙈")
        await until(lambda: said.id in stage.room().history.withdrawn_messages)
        asked = await take_turn(stage)
        assert asked.seat == "AI-2"
        assert "take that back" not in asked.seen


async def test_the_catch_up_respects_mode_rights_hiding_edits_and_fetches_pictures(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom mode", mode="curated")
        await stage.ann.says(stage.channel, "said while nobody listened")
        await asyncio.sleep(0.01)
        await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        await bot.guild_settings.change(stage.guild.id, speak_roles=[1])
        edited = await stage.ann.says(stage.channel, "the tide is blue")
        await stage.ann.slash(stage.channel, "backroom say", words="I said it through the house")
        await until(lambda: stage.room().history.entry_of_message(edited.id) and not stage.room().owes_words)
    await stage.ann.edits(edited, "the tide is grey")
    await bea.says(stage.channel, "I may not speak")
    await stage.ann.says(stage.channel, ".off the record")
    hidden = await stage.ann.says(stage.channel, "hidden while you were away")
    await stage.ann.reacts(hidden, "🙈")
    await stage.ann.says(stage.channel, "look what I found", files={"shell.png": png()})
    async with stage.running():
        await until(lambda: "look what I found" in _heard(stage))
        asked = await take_turn(stage)
        for gone in ("nobody listened", "blue", "may not speak", "off the record", "while you were away"):
            assert gone not in asked.seen
        for there in ("the tide is grey", "through the house", "[Ann]: ", "look what I found\n(with shell.png)"):
            assert there in asked.seen
        assert any(part["type"] == "image_url" for m in asked.messages for part in m["content"] if "type" in part)


async def test_without_the_message_content_intent_the_room_says_so_and_works_all_the_same(stage: Stage) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    name = stage.discord.world.application.bot
    async with stage.running():
        await open_paused(stage, FLASH, R1, KIMI)
        told = [content for _, content in stage.said() if "not allowed to read" in content]
        assert len(told) == 1
        await take_turn(stage)
        await stage.ann.says(stage.channel, "you cannot read this")
        await stage.ann.says(stage.channel, f"<@{name.id}> AI-3, I am here")
        asked = await take_turn(stage)
        assert asked.seat == "AI-3"
        assert "I am here" in asked.seen
        assert "cannot read" not in asked.seen
        await stage.ann.says(stage.channel, "nor this", reply_to=last_of(stage, "AI-1"))
        await until(lambda: stage.room().state.called)
        assert (await take_turn(stage)).seat == "AI-1"
    async with stage.running():
        await asyncio.sleep(0.3)
        assert stage.room().state.called == ()
        assert sum("not allowed to read" in content for _, content in stage.said()) == 1


async def test_who_mentions_the_bot_is_heard_and_not_quoted_in_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.says(stage.channel, f"<@{stage.discord.world.application.bot.id}> moonlight")
        assert "[Ann]: @backroom moonlight" in (await take_turn(stage)).seen
    assert "moonlight" not in caplog.text


async def test_a_message_is_heard_once_also_when_it_is_told_of_twice(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        said = await stage.ann.says(stage.channel, "@AI-2 once")
        await until(lambda: stage.room().history.entry_of_message(said.id))
        again = await bot.get_partial_messageable(stage.channel.id).fetch_message(said.id)
        bot.dispatch("message", again)
        assert (await take_turn(stage)).seat == "AI-2"
        assert (await take_turn(stage)).seat == "AI-1"
        assert (await take_turn(stage)).seat == "AI-1"
        journal = stage.room()._database.journal  # pyright: ignore[reportPrivateUsage]
        entries = await journal.entries(stage.room().number)
        assert sum(isinstance(one.entry, Heard) for one in entries) == 1


def _heard(stage: Stage) -> str:
    return "\n".join(line.text for line in stage.room().history.lines)


async def test_that_the_bot_cannot_read_is_said_with_the_next_change_when_it_could_not_be_written_down(
    stage: Stage,
) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    refused: list[str] = []
    async with stage.running() as bot:
        await open_paused(stage, mode="curated")
        room, transactions = stage.room(), bot.supplies.database.transactions
        check_lease = transactions.check_before_writing

        def refuse_once(connection: Connection) -> None:
            if room.state.mode == "open" and not refused:
                refused.append("that people are not heard")
                raise StorageError("The disk is full.")
            if check_lease is not None:
                check_lease(connection)

        transactions.check_before_writing = refuse_once
        await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        await until(lambda: refused)
        await stage.ann.slash(stage.channel, "backroom order", order="conductor")
        await stage.channel.wait_for(lambda m: "not allowed to read" in m.content)
