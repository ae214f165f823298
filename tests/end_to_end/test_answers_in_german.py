"""Everyone is answered in their own language; what all read is in the room's, and commands are shown in each."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from bot.rehearsal.faults import Fault
from bot.rehearsal.world.components import buttons_of, selects_of
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.garbled import Garbled
from tests.end_to_end.hall import POST
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
SLOW = Reply(text="too late", seconds_before=30)


def who_speaks_german(stage: Stage, name: str = "Uwe", **options: Any) -> Person:
    return stage.guild.add_member(name, permissions=Permission.MANAGE_CHANNELS, locale="de", **options)


async def a_panel(stage: Stage) -> Message:
    """Open a room whose first AI thinks for long, and return its panel."""
    stage.host.answer("AI-1", SLOW)
    await stage.start(FLASH, R1, rounds=0)
    await until(lambda: stage.panels() and stage.panels()[-1].components and stage.asked("AI-1"))
    return stage.panels()[-1]


async def test_each_person_is_answered_in_their_own_language(stage: Stage) -> None:
    uwe = who_speaks_german(stage)
    async with stage.running():
        reply = await uwe.slash(stage.channel, "backroom start", ai1=FLASH, ai2=R1, ai3=R1, pace=600.0)
        assert reply.content.startswith("Der Raum ist offen: ")
        assert reply.content.endswith("`/backroom stop` beendet ihn.")
        english, german = await asyncio.gather(
            stage.ann.slash(stage.channel, "backroom mute", seat="AI-1", rounds=2),
            uwe.slash(stage.channel, "backroom mute", seat="AI-2"),
        )
        assert english.content == f"AI-1 ({FLASH}) is muted for its next 2 turns."
        assert german.content == f"AI-2 ({R1}) ist stumm. `/backroom unmute` hebt das auf."
        assert (await uwe.slash(stage.channel, "backroom stop")).content == "Der Raum ist zu Ende."
    stage.nothing_is_wrong()


async def test_a_refusal_is_in_the_language_of_who_asked(stage: Stage) -> None:
    udo = stage.guild.add_member("Udo", locale="de")
    uwe = who_speaks_german(stage)
    async with stage.running():
        refused = await udo.slash(stage.channel, "backroom start")
        assert refused.content.startswith("Um hier Räume zu öffnen, brauchst du „Kanäle verwalten“")
        await stage.start(FLASH, rounds=0, pace=600)
        nobody = await uwe.slash(stage.channel, "backroom mute", seat="Zoe")
        assert nobody.content == f"Niemand hier heißt „Zoe“. In diesem Raum: AI-1 ({FLASH})."
        await stage.ann.slash(stage.channel, "backroom add", model=R1)
        await stage.ann.slash(stage.channel, "backroom remove", seat="AI-2")
        gone = await uwe.slash(stage.channel, "backroom mute", seat="2")
        assert gone.content == f"AI-2 ({R1}) ist gegangen. In diesem Raum: AI-1 ({FLASH})."
    stage.nothing_is_wrong()


async def test_permissions_that_the_bot_lacks_are_named_as_the_german_settings_name_them(stage: Stage) -> None:
    uwe = who_speaks_german(stage)
    stage.channel.set_bot_permissions(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.EMBED_LINKS)
    async with stage.running():
        refused = await uwe.slash(stage.channel, "backroom start", thread=True)
        names = "Nachrichten in Threads senden, Dateien anhängen, Nachrichtenverlauf anzeigen, Webhooks verwalten"
        for name in [*names.split(", "), "Öffentliche Threads erstellen"]:
            assert name in refused.content
        assert "Messages" not in refused.content
    stage.nothing_is_wrong()


async def test_the_help_is_german_for_who_reads_german(stage: Stage) -> None:
    uwe = who_speaks_german(stage)
    async with stage.running():
        told = (await uwe.slash(stage.channel, "backroom help")).content
        assert len(told) <= 2000
        assert told.startswith("Bis zu fünf AI-Modelle")
        assert "Von hier abzweigen" in told
        said_of_commands = re.findall(r"`[a-z| ]+` ([^`·*\n]+)", told)
        assert len(said_of_commands) > 20
        assert [said for said in said_of_commands if len(said.split()) < 3] == []  # cut where a sentence can be cut
        english = (await stage.ann.slash(stage.channel, "backroom help")).content
        assert english.startswith("Up to five AI models")
        for sign in ("`.`", "🙈", "❓", "❌", "`@AI-3`"):  # for those who never type a command
            assert sign in told
            assert sign in english
        assert "a reply" in english
        assert "eine Antwort" in told
    stage.nothing_is_wrong()


async def test_what_is_pressed_is_answered_in_the_language_of_who_pressed(stage: Stage) -> None:
    uwe = who_speaks_german(stage)
    async with stage.running():
        panel = await a_panel(stage)
        form = await uwe.press(panel, "Invite")
        assert form.modal is not None
        assert form.modal["title"] == "Eine AI einladen"
        reply = await form.submit(model="kimi k2", words="")
        assert reply.content == "AI-3 (Kimi K2) ist dazugekommen und spricht am Ende dieser Runde."
        question = await uwe.press(panel, "Mute")
        assert question.content == "Welche AI willst du stummschalten oder wieder sprechen lassen?"
        assert question.message is not None
        assert [select["placeholder"] for select in selects_of(question.message)] == ["Welche AI?"]
        assert (await stage.ann.press(panel, "Pause")).content == "The room is paused."
    stage.nothing_is_wrong()


async def test_a_panel_is_in_the_language_of_its_room_whoever_presses_it(stage: Stage) -> None:
    stage.guild.set_preferred_locale("de")
    uwe = who_speaks_german(stage)
    async with stage.running():
        panel = await a_panel(stage)
        assert [button["label"] for button in buttons_of(panel)][:2] == ["Pausieren", "Ein Zug"]
        assert (await stage.ann.press(panel, "Pausieren")).content == "The room is paused."
        await until(lambda: "Fortsetzen" in [button["label"] for button in buttons_of(panel)])
        assert (await uwe.press(panel, "Fortsetzen")).content == "Der Raum wird fortgesetzt."
        assert (await stage.ann.press(panel, "Überspringen")).content.endswith("'s turn is skipped.")
    stage.nothing_is_wrong()


async def test_a_person_who_speaks_german_makes_no_english_room_german(stage: Stage) -> None:
    uwe = who_speaks_german(stage)
    async with stage.running():
        await uwe.slash(stage.channel, "backroom start", ai1=FLASH, ai2=R1, rounds=0, pace=600.0)
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        labels = [button["label"] for button in buttons_of(stage.panels()[-1])]
        assert {"Step", "Skip", "Stop", "Invite", "Mute", "Say something"} < set(labels)
    stage.nothing_is_wrong()


async def test_an_ai_is_told_in_english_why_not_also_in_a_german_room(stage: Stage) -> None:
    stage.guild.set_preferred_locale("de")
    stage.host.answer("AI-1", "!temperature 9\n\nI try.")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        await stage.until_over()
        told = str(stage.asked("AI-1")[-1].json)
        assert "A temperature is a number from 0 to 2, and 9 is not." in told
        assert "Zahl" not in told


async def test_discord_is_told_names_and_descriptions_in_german(stage: Stage) -> None:
    async with stage.running():
        sent = [one for one in stage.discord.exchanges if one.method == "PUT" and one.path.endswith("/commands")]
        (backroom,) = (command for command in sent[-1].json if command["name"] == "backroom")
        pause = next(option for option in backroom["options"] if option["name"] == "pause")
        assert pause["name_localizations"] == {"de": "pausieren"}
        assert pause["description_localizations"] == {"de": "Den Raum pausieren"}
        menu = {command["name"]: command["name_localizations"] for command in sent[-1].json if command["type"] == 3}
        assert menu["Who said this?"] == {"de": "Wer hat das gesagt?"}
    stage.nothing_is_wrong()


async def test_why_a_room_waits_that_met_what_nobody_foresaw_is_in_its_language_on_the_panel_too(stage: Stage) -> None:
    stage.guild.set_preferred_locale("de")
    why = "Etwas ist schiefgegangen, womit der Bot nicht gerechnet hat; sein Log sagt, was"
    stage.host.answer("AI-1", "hello")
    async with stage.running():
        stage.discord.faults.add(Fault(Garbled(), "POST", POST, times=1))
        await who_speaks_german(stage).slash(stage.channel, "backroom start", ai1=FLASH, ai2=R1, rounds=0, pace=0.0)
        await stage.channel.wait_for(lambda message: message.content.startswith("⏸️") and why in message.content)
        await until(lambda: f"pausiert: {why} · " in stage.panels()[-1].content)
