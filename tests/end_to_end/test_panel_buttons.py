"""The panel's buttons: they steer the room, check who presses, and answer only to the presser."""

from __future__ import annotations

import asyncio

import pytest

from bot import steering
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.components import buttons_of, selects_of
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Reply as Pressed
from bot.room.state import Phase
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
SLOW = Reply(text="too late", seconds_before=30)
STEERING = ("Pause", "Step", "Skip", "Stop", "Invite", "Mute")


async def opened(stage: Stage, *models: str, **options: float) -> Message:
    """Open a room in which the first AI thinks for long, and return its panel."""
    stage.host.answer("AI-1", SLOW)
    await stage.start(*(models or (FLASH, R1)), **{"rounds": 0, **options})
    await until(lambda: stage.panels() and stage.panels()[-1].components and stage.asked("AI-1"))
    return stage.panels()[-1]


def shown(reply: Pressed) -> Message:
    assert reply.message is not None
    return reply.message


async def until_says(reply: Pressed, words: str) -> None:
    """Wait until the question that a person was asked has become this answer, without anything to press."""
    await until(lambda: reply.content.startswith(words))
    assert reply.ephemeral
    assert shown(reply).components == []


async def test_pause_and_resume_are_one_button_that_follows_the_state(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        paused = await stage.ann.press(panel, "Pause")
        assert (paused.content, paused.ephemeral) == ("The room is paused.", True)
        assert stage.room().state.phase is Phase.PAUSED
        await stage.channel.wait_for(lambda m: "Ann paused the room" in m.content)
        again = await stage.ann.press(panel, "Pause") if "Pause" in str(panel.components) else paused
        assert again.failed is None
        await until(lambda: "Resume" in [button["label"] for button in buttons_of(panel)])
        assert (await stage.ann.press(panel, "Resume")).content == "The room goes on."
        assert stage.room().state.phase is Phase.RUNNING
    stage.nothing_is_wrong()


async def test_skip_and_step_do_as_the_commands_do(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        reply = await stage.ann.press(panel, "Skip")
        assert reply.content == f"AI-1 ({FLASH})'s turn is skipped."
        assert reply.ephemeral
        await stage.channel.wait_for(lambda m: m.author_name == f"AI-2 ({R1})")
        reply = await stage.ann.press(panel, "Step")
        assert "takes one turn, then the room waits." in reply.content
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
    stage.nothing_is_wrong()


async def test_stop_asks_first_and_leaves_a_panel_without_buttons(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        question = await stage.ann.press(panel, "Stop")
        assert question.content.startswith("Stop the room?")
        assert question.ephemeral
        assert stage.room().state.phase is Phase.RUNNING
        await until_says(await stage.ann.press(shown(question), "Stop the room"), "The room is over.")
        await until(lambda: panel.components == [])
        assert "over" in panel.content
    stage.nothing_is_wrong()


@pytest.mark.parametrize("button", STEERING)
async def test_who_may_not_steer_gets_a_sentence_and_changes_nothing(stage: Stage, button: str) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        panel = await opened(stage)
        state = stage.room().state
        reply = await bea.press(panel, button)
        assert "Manage Channels" in reply.content
        assert reply.ephemeral
        assert stage.room().state == state


async def test_a_model_called_by_its_name_sits_down_with_the_words_that_were_given(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        form = await stage.ann.press(panel, "Invite")
        assert form.modal is not None
        reply = await form.submit(model="kimi k2", words="mind the step")
        assert reply.content == f"AI-3 ({KIMI}) has joined and speaks at the end of this round."
        assert reply.ephemeral
        seat = stage.room().state.seat(3)
        assert (seat.model, seat.invitation) == (KIMI, "mind the step")
        await stage.channel.wait_for(lambda m: m.content.startswith('✨ [Ann]: !add_ai "Kimi K2" "mind the step"'))
    stage.nothing_is_wrong()


async def test_a_name_of_several_models_gets_a_choice_of_them_and_the_words_are_kept(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        question = await (await stage.ann.press(panel, "Invite")).submit(model="claude", words="come in")
        assert question.ephemeral
        (select,) = selects_of(shown(question))
        names = [option["label"] for option in select["options"]]
        assert 1 < len(names) <= 25
        assert "Claude 3 Opus" in names
        again = await stage.ann.press(shown(question), "Search again")
        question = await again.submit(model="claude opus")
        await until(lambda: question.content.startswith("“claude opus” could be"))
        reply = await stage.ann.selects(shown(question), "Which model?", "Claude 3 Opus")
        await until_says(reply, "AI-3 (Claude 3 Opus) has joined")
        assert stage.room().state.seat(3).invitation == "come in"
    stage.nothing_is_wrong()


async def test_a_model_that_nobody_knows_gets_a_sentence_and_no_other_sits_down(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        reply = await (await stage.ann.press(panel, "Invite")).submit(model="zzzzqqqq 12")
        assert "There is no model called" in reply.content
        assert reply.ephemeral
        assert len(stage.room().state.seats) == 2


async def test_the_words_of_the_last_search_are_kept_also_where_no_model_was_found(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        await (await stage.ann.press(panel, "Invite")).submit(model="claude", words="come in")
        await (await stage.ann.press(panel, "Invite")).submit(model="zzzzqqqq 12", words="mind the step")
        reply = await (await stage.ann.press(panel, "Invite")).submit(model="kimi k2")
        assert reply.content.startswith(f"AI-3 ({KIMI}) has joined")
        assert stage.room().state.seat(3).invitation == "mind the step"
    stage.nothing_is_wrong()


async def test_nobody_is_invited_to_a_full_table(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage, *[FLASH] * 5)
        reply = await stage.ann.press(panel, "Invite")
        assert reply.content == "Maximum of 5 AIs already reached."


async def test_a_seat_is_muted_for_rounds_and_let_speak_again(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        question = await stage.ann.press(panel, "Mute")
        rounds = await stage.ann.selects(shown(question), "Which AI?", f"AI-2 ({R1})")
        await until_says(
            await stage.ann.press(shown(rounds), "3 rounds"), f"AI-2 ({R1}) is muted for its next 3 turns."
        )
        assert stage.room().state.seat(2).muted_rounds == 3
        await until(lambda: "muted, 3 more rounds" in panel.content)
        twice = await stage.ann.press(panel, "Mute")
        reply = await stage.ann.selects(shown(twice), "Which AI?", f"AI-2 ({R1})")
        await until_says(reply, f"AI-2 ({R1}) is no longer muted.")
        assert not stage.room().state.seat(2).muted
    stage.nothing_is_wrong()


async def test_nobody_is_asked_for_how_long_to_mute_a_seat_that_has_left_meanwhile(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage, FLASH, R1, KIMI)
        question = await stage.ann.press(panel, "Mute")
        await stage.ann.slash(stage.channel, "backroom remove", seat="AI-2")
        reply = await stage.ann.selects(shown(question), "Which AI?", f"AI-2 ({R1})")
        assert reply.content == f"AI-2 ({R1}) has left this room."
        assert reply.ephemeral
    stage.nothing_is_wrong()


async def test_anybody_says_something_that_the_ais_hear(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1", SLOW, "I hear")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=600)
        await until(lambda: stage.panels() and stage.asked("AI-1"))
        panel = stage.panels()[-1]
        reply = await (await bea.press(panel, "Say something")).submit(words="Is it raining?")
        assert reply.content == "The AIs will hear that before the next one answers."
        assert reply.ephemeral
        await stage.channel.wait_for(lambda m: m.content == "💬 **Bea**: Is it raining?")
        await stage.ann.press(panel, "Skip")
        await until(lambda: stage.asked("AI-2"))
        assert "Is it raining?" in stage.asked("AI-2")[0].seen
    stage.nothing_is_wrong()


async def test_who_may_not_speak_is_asked_for_no_words_and_says_none(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        panel = await opened(stage)
        form = await bea.press(panel, "Say something")
        await bot.guild_settings.change(stage.guild.id, speak_roles=[1])
        refused = await bea.press(panel, "Say something")
        assert (refused.modal, refused.ephemeral) == (None, True)
        sent = await form.submit(words="Is it raining?")
        assert sent.ephemeral
        for reply in (refused, sent):
            assert reply.content.startswith("Only some roles may speak to the AIs")
        assert "Is it raining?" not in "".join(line.text for line in stage.room().history.lines)
        assert not any(content.startswith("💬") for _, content in stage.said())
        assert (await stage.ann.press(panel, "Say something")).modal is not None
    stage.nothing_is_wrong()


async def test_what_holds_no_words_is_neither_said_nor_pictured_nor_added_to_a_prompt(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        replies = [
            await (await stage.ann.press(panel, "Say something")).submit(words=" \n "),
            await stage.ann.slash(stage.channel, "backroom say", words="   "),
            await stage.ann.slash(stage.channel, "backroom image", description="   "),
            await stage.ann.slash(stage.channel, "backroom prompt", seat="AI-1", text="   "),
        ]
        assert [reply.content for reply in replies] == ["There were no words in it."] * 4
        assert stage.room().state.seat(1).prompts == ()
        await stage.ann.slash(stage.channel, "backroom add", model=KIMI, words="   ")
        assert stage.room().state.seat(3).invitation == ""
        assert not any("💬" in content or "🎨" in content for _, content in stage.said())
    stage.nothing_is_wrong()


async def test_in_a_silent_room_nobody_is_asked_for_words(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        form = await stage.ann.press(panel, "Say something")
        await steering.set_mode(stage.room(), "Ann", "silent")
        assert "silent" in (await form.submit(words="hello?")).content
        assert "silent" in (await stage.ann.press(panel, "Say something")).content


async def test_what_was_asked_in_an_earlier_run_is_answered_in_this_one(stage: Stage) -> None:
    async with stage.running():
        panel = await opened(stage)
        stop = await stage.ann.press(panel, "Stop")
        choice = await (await stage.ann.press(panel, "Invite")).submit(model="claude", words="come in")
        form = await stage.ann.press(panel, "Say something")
    stage.host.answer("AI-1", SLOW)
    async with stage.running():
        forgotten = await stage.ann.selects(shown(choice), "Which model?", "Claude 3 Opus")
        assert forgotten.content.startswith("That search is no longer open.")
        assert (await form.submit(words="still here")).content == "The AIs will hear that before the next one answers."
        await until_says(await stage.ann.press(shown(stop), "Stop the room"), "The room is over.")
    stage.nothing_is_wrong()


async def test_a_panel_of_a_room_that_is_over_says_so(stage: Stage) -> None:
    async def refuse_edits(call: Call) -> Answer | None:
        if call.method == "PATCH" and call.path.endswith(f"/messages/{old.id}"):
            return Answer(403, {"code": 50013, "message": "Missing Permissions"})
        return None

    async with stage.running():
        old = await opened(stage)
        stage.discord.rest.before_effect.append(refuse_edits)  # so that its buttons stay
        await stage.ann.slash(stage.channel, "backroom stop")
        assert "is over" in (await stage.ann.press(old, "Pause")).content
        await opened(stage)
        reply = await stage.ann.press(old, "Pause")
        assert "belongs to an earlier room" in reply.content
        assert reply.ephemeral
        assert stage.room().state.phase is Phase.RUNNING


async def test_everything_at_once_and_twice_gets_an_answer(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        panel = await opened(stage)
        labels = [button["custom_id"] for button in buttons_of(panel)]
        replies = await asyncio.gather(
            *(who.press(panel, label) for label in (*labels, *labels) for who in (stage.ann, bea))
        )
        assert [reply.failed for reply in replies if reply.failed] == []
        assert all(reply.ephemeral or reply.modal for reply in replies)
    stage.nothing_is_wrong()
