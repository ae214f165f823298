"""A room with a conductor says what is true under this order, and its panel steps through it as its commands do."""

from __future__ import annotations

from bot.rehearsal.world.commands import find_command
from bot.rehearsal.world.components import selects_of
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
SLOW = Reply(text="too late", seconds_before=30)


async def conducted(stage: Stage) -> Message:
    """Open a room that waits for its conductor, and return its panel."""
    await stage.start(FLASH, R1, rounds=0, order="conductor")
    await until(lambda: stage.panels() and stage.panels()[-1].components)
    return stage.panels()[-1]


async def test_the_panel_says_as_status_does_that_the_room_waits_for_its_conductor(stage: Stage) -> None:
    stage.host.answer("AI-2", SLOW)
    async with stage.running():
        panel = await conducted(stage)
        assert " · waits for its conductor · " in panel.content
        assert " · waits for its conductor · " in (await stage.ann.slash(stage.channel, "backroom status")).content
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
        await until(lambda: " · running · " in panel.content)
        await stage.ann.slash(stage.channel, "backroom pause")
        await until(lambda: " · paused · " in panel.content)
    stage.nothing_is_wrong()


async def test_the_panels_step_asks_which_ai_and_lets_it_speak(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_CHANNELS, locale="de")
    stage.host.answer("AI-2", "here I am")
    async with stage.running():
        panel = await conducted(stage)
        await stage.ann.slash(stage.channel, "backroom add", model=KIMI)
        await stage.ann.slash(stage.channel, "backroom mute", seat="AI-1")
        question = await stage.ann.press(panel, "Step")
        assert (question.content, question.ephemeral) == ("Which AI is to take one turn?", True)
        assert (await ulf.press(panel, "Step")).content == "Welche AI soll einen Zug machen?"
        assert question.message is not None
        (select,) = selects_of(question.message)
        assert [option["label"] for option in select["options"]] == [f"AI-2 ({R1})", f"AI-3 ({KIMI})"]
        reply = await stage.ann.selects(question.message, "Which AI?", f"AI-2 ({R1})")
        await until(lambda: reply.content == f"AI-2 ({R1}) takes one turn, then the room waits.")
        assert question.message.components == []
        await stage.channel.wait_for(lambda message: message.content == "here I am")
    stage.nothing_is_wrong()


async def test_what_is_said_about_steps_is_true_where_people_say_who_speaks_next(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_CHANNELS, locale="de")
    async with stage.running():
        await conducted(stage)

        async def asks(who: Person, command: str, **options: object) -> str:
            return (await who.slash(stage.channel, f"backroom {command}", **options)).content

        assert await asks(stage.ann, "step", seat="AI-2") == (
            f"AI-2 ({R1}) takes one turn, then the room waits. `/backroom step seat:` says who speaks next."
        )
        assert await asks(ulf, "step", seat="AI-1") in {
            f"{speaks_first}AI-1 ({FLASH}) macht einen Zug, dann wartet der Raum. "
            "`/backroom step seat:` bestimmt, wer als Nächstes spricht."
            for speaks_first in ("", f"AI-2 ({R1}) spricht noch und kommt zuerst zum Ende. ")
        }
        joined = f"AI-3 ({KIMI}) has joined and speaks when `/backroom step` names it."
        assert await asks(stage.ann, "add", model=KIMI) == joined
        form = await stage.ann.press(stage.panels()[-1], "Invite")
        assert (await form.submit(model=KIMI)).content == joined.replace("AI-3", "AI-4")
        assert await asks(ulf, "add", model=KIMI) == (
            f"AI-5 ({KIMI}) ist dazugekommen und spricht, wenn `/backroom step` sie nennt."
        )
        assert "Who speaks: only whom `/backroom step` names · " in await asks(stage.ann, "status")
        assert "Wer spricht: nur wen `/backroom step` nennt · " in await asks(ulf, "status")
        await asks(stage.ann, "pause")
        paused = await stage.channel.wait_for(lambda message: message.content.startswith("⏸️"))
        assert paused.content == (
            "⏸️ Ann paused the room. `/backroom resume` continues it, `/backroom step seat:` lets an AI speak."
        )
    stage.nothing_is_wrong()


async def test_words_give_nobody_a_turn_there_as_the_commands_option_says(stage: Stage) -> None:
    async with stage.running():
        await conducted(stage)
        await stage.ann.slash(stage.channel, "backroom say", words="@AI-2 are you there?")
        assert stage.room().state.called == ()
        (words,) = find_command(stage.ann, stage.channel, "backroom say").options
    assert words["description"].endswith("@AI-2 in it gives AI-2 the next turn, except in a room with a conductor")
    assert words["description_localizations"]["de"].endswith("außer in einem dirigierten Raum")
    stage.nothing_is_wrong()


async def test_a_step_that_changes_nothing_says_so(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_CHANNELS, locale="de")
    stage.host.answer("AI-2", SLOW)
    async with stage.running():
        await conducted(stage)
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
        await until(lambda: stage.asked("AI-2"))
        none = f"AI-2 ({R1}) was already asked to take a turn, so this step adds none."
        for options in ({}, {"seat": "AI-2"}):
            reply = await stage.ann.slash(stage.channel, "backroom step", **options)
            assert reply.content.startswith(none)
        german = (await ulf.slash(stage.channel, "backroom step")).content
        assert german.startswith(
            f"AI-2 ({R1}) soll schon einen Zug machen, also kommt durch diesen Schritt keiner dazu."
        )
        assert stage.room().state.called == (2,)
    stage.nothing_is_wrong()
