"""How people react reaches the AIs: once, summed up, also to old messages, and at little cost in a flood."""

from __future__ import annotations

from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Reacted
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.promptness import seconds_to_answer
from tests.end_to_end.stage import Stage, until
from tests.images.image_host import png


async def test_the_next_ai_sees_how_people_reacted_in_one_line_for_each_message(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-2")
        await stage.ann.reacts(words, "🔥")
        await bea.reacts(words, "🔥")
        await bea.reacts(words, "💀")
        asked = await take_turn(stage)
        assert "[2 people reacted 🔥 to AI-2's message, 1 reacted 💀]" in asked.seen
        assert asked.seen.count("reacted") == 2
    stage.nothing_is_wrong()


async def test_a_reaction_that_is_taken_back_is_gone_for_the_ais(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    mod = stage.guild.add_member("Mod", permissions=Permission.MANAGE_MESSAGES)
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await stage.ann.reacts(words, "🔥")
        await bea.reacts(words, "💀")
        await bea.unreacts(words, "💀")
        assert "[1 person reacted 🔥 to AI-1's message]" in (await take_turn(stage)).seen
        await mod.clears_reactions(words)
        asked = await take_turn(stage)
        assert "[Nobody reacts to AI-1's message any more]" in asked.seen


async def test_a_reaction_is_taken_back_also_where_reactions_do_not_count_by_now(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        for person in (stage.ann, bea):
            await person.reacts(words, "🔥")
        await bea.reacts(words, "💀")
        await take_turn(stage)
        await bot.guild_settings.change(stage.guild.id, reactions=False)
        await bea.unreacts(words, "💀")
        await until(lambda: "💀" not in stage.room().history.given(words.id))
    dan = stage.guild.add_member("Dan")
    await bea.unreacts(words, "🔥")
    await dan.reacts(words, "🔥")
    await dan.reacts(words, "🎉")
    async with stage.running():
        await until(lambda: stage.room().history.given(words.id) == {"🔥": {stage.ann.id}})
        assert "[1 person reacted 🔥 to AI-1's message]" in (await take_turn(stage)).seen
    stage.nothing_is_wrong()


async def test_controls_bots_and_whoever_may_not_react_do_not_count(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await bea.reacts(words, "❌")
        await bea.reacts(words, "❓")
        await bot.guild_settings.change(stage.guild.id, react_roles=[1])
        await bea.reacts(words, "💀")
        await stage.ann.reacts(words, "🔥")
        assert "[1 person reacted 🔥 to AI-1's message]" in (await take_turn(stage)).seen
        await bot.guild_settings.change(stage.guild.id, reactions=False)
        await stage.ann.reacts(words, "🎉")
        assert "🎉" not in (await take_turn(stage)).seen


async def test_reactions_to_old_messages_and_after_a_restart_count_and_status_shows_the_most_loved(
    stage: Stage,
) -> None:
    bea = stage.guild.add_member("Bea")
    uwe = stage.guild.add_member("Uwe", locale="de")
    stage.guild.lift_command_permissions()
    stage.host.answer("AI-2", "the tide keeps no ledger")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        stage.host.answer("AI-1", "and yet it counts")
        await take_turn(stage)
        words = last_of(stage, "AI-2")
        await stage.ann.reacts(words, "🔥")
        await until(lambda: stage.room().history.reactions)
    async with stage.running():
        await bea.reacts(words, "🔥")
        assert "[2 people reacted 🔥 to AI-2's message]" in (await take_turn(stage)).seen
        status = await bea.slash(stage.channel, "backroom status")
        assert "❤️ AI-2's message “the tide keeps no ledger”: 🔥 2" in status.content
        german = await uwe.slash(stage.channel, "backroom status")
        assert "❤️ Nachricht von AI-2 „the tide keeps no ledger“: 🔥 2" in german.content


async def test_what_people_say_and_pictures_are_reacted_to_as_well(stage: Stage) -> None:
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        said = await stage.ann.says(stage.channel, "shall we begin?")
        stage.host.answer("AI-1", '!image "a lamp"\n\nlight')
        await take_turn(stage)
        picture = await stage.channel.wait_for(lambda message: bool(message.attachments))
        await until(lambda: not stage.room().state.pictures_pending and not stage.room().owes_words)
        await stage.ann.reacts(said, "👍")
        await stage.ann.reacts(picture, "🔥")
        asked = await take_turn(stage)
        assert "[1 person reacted 👍 to Ann's message]" in asked.seen
        assert "[1 person reacted 🔥 to AI-1's picture]" in asked.seen


async def test_the_parts_of_long_words_are_one_message_of_which_one_line_tells(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "word " * 900)
        await take_turn(stage)
        parts = [message for message in stage.channel.messages if message.author_name.startswith("AI-1")]
        assert len(parts) == 3
        await stage.ann.reacts(parts[0], "🔥")
        await stage.ann.reacts(parts[1], "🔥")
        await bea.reacts(parts[1], "🔥")
        await bea.reacts(parts[2], "👨‍👩‍👧‍👦")
        asked = await take_turn(stage)
        assert [line for line in asked.seen.split("\n") if "reacted" in line] == [
            "[2 people reacted 🔥 to AI-1's message, 1 reacted 👨‍👩‍👧‍👦]"
        ]
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert status.content.count("❤️") == 1
        assert status.content.endswith("…”: 🔥 2, 👨‍👩‍👧‍👦 1")
        await bea.unreacts(parts[2], "👨‍👩‍👧‍👦")
        await stage.ann.reacts(parts[1], "❌")
        await until(lambda: parts[1].id in stage.room().history.withdrawn_messages)
        asked = await take_turn(stage)
        assert asked.seen.endswith("[1 person reacted 🔥 to AI-1's message]")


async def test_what_was_changed_or_taken_back_is_not_shown_among_the_most_loved_lines(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "clumsy words", "finer words")
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        hidden, changed, deleted = [
            await bea.says(stage.channel, said) for said in ("my address", "the sky is blue", "a slip")
        ]
        await until(lambda: stage.room().history.entry_of_message(deleted.id))
        for message in (words, hidden, changed, deleted):
            await stage.ann.reacts(message, "🔥")
        assert (await take_turn(stage)).seen.count("reacted 🔥") == 4
        await bea.reacts(hidden, "🙈")
        await bea.edits(changed, "the sky is grey")
        await bea.deletes(deleted)
        await stage.ann.uses_on(words, "Say it again")
        await until(lambda: {hidden.id, deleted.id} <= stage.room().history.withdrawn_messages)
        await until(lambda: "the sky is grey" in [line.text for line in stage.room().history.lines])
        status = await bea.slash(stage.channel, "backroom status")
        assert [line for line in status.content.split("\n") if line.startswith("❤️")] == [
            "❤️ AI-1's message “finer words”: 🔥 1",
            "❤️ Bea's message “the sky is grey”: 🔥 1",
        ]
        assert (await take_turn(stage)).seen.count("reacted 🔥") == 2  # nothing is said of what nobody can read


async def test_reactions_of_an_outage_are_caught_up_with(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await stage.ann.reacts(words, "🔥")
        await stage.ann.reacts(words, "🌊")
        await until(lambda: stage.room().history.reactions)
    await bea.reacts(words, "🔥")
    await bea.reacts(words, "💀")
    await stage.ann.unreacts(words, "🌊")
    async with stage.running():
        await until(lambda: stage.room().history.given(words.id).get("💀"))
        assert "[2 people reacted 🔥 to AI-1's message, 1 reacted 💀]" in (await take_turn(stage)).seen


async def test_a_super_reaction_counts_as_any_other_also_after_a_restart(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await stage.ann.reacts(words, "🔥")
        await bea.reacts(words, "🔥", is_super=True)
        await bea.reacts(words, "💀", is_super=True)
        assert "[2 people reacted 🔥 to AI-1's message, 1 reacted 💀]" in (await take_turn(stage)).seen
    await stage.ann.reacts(words, "🌊", is_super=True)
    async with stage.running():
        await until(lambda: stage.room().history.given(words.id).get("🌊"))
        asked = await take_turn(stage)
        assert asked.seen.endswith("[2 people reacted 🔥 to AI-1's message, 1 reacted 💀, 1 reacted 🌊]")
        await bea.unreacts(words, "💀")
        assert (await take_turn(stage)).seen.endswith(
            "[2 people reacted 🔥 to AI-1's message “AI-1 speaks for the 2. time.”, 1 reacted 🌊]"
        )
    stage.nothing_is_wrong()


async def test_what_is_crossed_out_or_hidden_by_a_super_reaction_while_the_bot_is_away_leaves(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words, said = last_of(stage, "AI-1"), await bea.says(stage.channel, "a slip")
        await until(lambda: stage.room().history.entry_of_message(said.id))
    await stage.ann.reacts(words, "❌", is_super=True)
    await bea.reacts(said, "🙈", is_super=True)
    async with stage.running():
        await until(lambda: {words.id, said.id} <= stage.room().history.withdrawn_messages)
        await until(lambda: words not in stage.channel.messages)
    stage.nothing_is_wrong()


async def test_an_emoji_of_a_servers_own_reaches_the_ais_by_its_name(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_paused(stage)
        made = await bot.create_application_emoji(name="lighthouse", image=png())
        own, name = f"{made.name}:{made.id}", f":{made.name}:"
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await stage.ann.reacts(words, own)
        await bea.reacts(words, own)
        asked = await take_turn(stage)
        assert f"[2 people reacted {name} to AI-1's message]" in asked.seen
        assert str(made.id) not in str(asked.json)
        await bea.unreacts(words, own)
        assert (await take_turn(stage)).seen.endswith(f"[1 person reacted {name} to AI-1's message]")
    await bea.reacts(words, own)
    async with stage.running():
        await until(lambda: len(stage.room().history.given(words.id).get(name, ())) == 2)
    stage.nothing_is_wrong()


async def test_what_waits_is_written_down_before_the_program_ends(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        room, words = stage.room(), last_of(stage, "AI-1")
        await stage.ann.reacts(words, "🔥")
        await until(lambda: len(room.waiting_reactions))
    assert room.history.given(words.id) == {"🔥": {stage.ann.id}}


async def test_a_flood_of_reactions_keeps_nobody_waiting_and_fills_nothing(stage: Stage) -> None:
    people = [stage.guild.add_member(f"Person {number}") for number in range(50)]
    emojis = ["🔥", "💀", "🎉", "👍", "🌊", "🌙", "⭐", "🍀", "🐙", "🕯️"]
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        at_most = await seconds_to_answer(stage)
        words = last_of(stage, "AI-1")
        for emoji in emojis:  # ten times as many as may come in a second
            for person in people:
                await person.reacts(words, emoji)
            reply = await stage.ann.slash(stage.channel, "backroom status")
            assert reply.seconds_to_first_response is not None
            assert reply.seconds_to_first_response < at_most
        room = stage.room()
        asked = await take_turn(stage)
        await until(lambda: _everybody_counts(stage, words, 500))
        asked = await take_turn(stage)
        assert asked.seen.count("people reacted") == 1
        assert "50 people reacted 🔥 to AI-1's message, 50 reacted 💀" in asked.seen
        entries = await room._database.journal.entries(room.number)  # pyright: ignore[reportPrivateUsage]
        noted = [one.entry for one in entries if isinstance(one.entry, Reacted)]
        assert sum(len(entry.changes) for entry in noted) == 500
        assert len(noted) <= 5


def _everybody_counts(stage: Stage, words: Message, count: int) -> bool:
    return sum(len(people) for people in stage.room().history.given(words.id).values()) == count
