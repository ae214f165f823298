"""In a room the house speaks the server's language, in an answer that of whoever asks, and to AIs always English."""

from __future__ import annotations

from bot.rehearsal.world.permissions import Permission
from bot.words import translations
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
GERMAN = ("eröffnet", "angehalten", "weiterlaufen", "nicht geantwortet", "zu Ende", "Raum", "Anbieter", "Modell")


def lines_of_house(stage: Stage) -> str:
    return "\n".join(content for who, content in stage.said() if who == "Backroom")


async def test_a_room_of_a_german_server_is_told_of_in_german_and_its_ais_in_english(stage: Stage) -> None:
    stage.guild.set_preferred_locale("de")
    stage.host.answer("AI-2", Reply.failure(404, "No endpoints found", error_type="not_found"))
    stage.host.answer("AI-1", '!add_ai "Kimi K2"\n\n!prompt "be still"\n\none')
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, models=(FLASH, R1))
        await stage.start(FLASH, R1, rounds=2, pace=0.3)
        await stage.ann.slash(stage.channel, "backroom pause")
        await stage.channel.wait_for(lambda message: "hat den Raum angehalten" in message.content)
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.until_over()
        await until(lambda: "zu Ende" in stage.panels()[0].content)
    said = lines_of_house(stage)
    for line in (
        "eröffnet von Ann, für 2 Runden. Ein paar Maschinen, ein offener Kanal und keine Aufgabe: ",
        "Am Tisch: AI-1 (Gemini 3 Flash), AI-2 (DeepSeek R1).",
        "⏸️ Ann hat den Raum angehalten. `/backroom resume` lässt ihn weiterlaufen, `/backroom step` macht einen Zug.",
        "▶️ Ann lässt den Raum weiterlaufen.",
        "⚠️ AI-2 (DeepSeek R1) hat nicht geantwortet. OpenRouter hat keinen Anbieter für DeepSeek R1. "
        "Wähle ein anderes Modell.",
        "⏹️ Alle 2 Runden sind zu Ende. `/backroom start` öffnet einen neuen Raum.",
        "[AI-1 modified their system prompt]",
    ):
        assert line in said
    assert " · zu Ende · Runde 2 von 2 · " in stage.panels()[0].content
    seen = "\n".join(request.seen for request in stage.host.requests)
    assert [word for word in GERMAN if word in seen] == []
    assert [line for line in translations("de").values() if len(line) > 20 and "{" not in line and line in seen] == []
    assert "[Your !add_ai was refused: This server does not allow Kimi K2 in its rooms. It allows: " in seen
    stage.nothing_is_wrong()


async def test_a_german_in_an_english_server_is_answered_in_german_and_the_room_stays_english(stage: Stage) -> None:
    gerd = stage.guild.add_member("Gerd", permissions=Permission.MANAGE_CHANNELS, locale="de")
    stage.host.answer("AI-1", Reply.failure(404, "No endpoints found", error_type="not_found"))
    async with stage.running():
        offered = await gerd.autocomplete(stage.channel, "backroom start", "scenario", "salon")
        assert [name for name, _ in offered] == [
            "Contrary salon: Eine Debatte, in der alle mindestens einmal ernsthaft die Seite wechseln müssen."
        ]
        nothing = await gerd.slash(stage.channel, "backroom pause")
        assert nothing.content == "In diesem Kanal ist kein Raum offen. `/backroom start` öffnet einen."
        await gerd.slash(stage.channel, "backroom start", ai1=FLASH, ai2=R1, rounds=0, pace=0.3)
        await stage.channel.wait_for(lambda message: message.content.startswith("⚠️"))
        await gerd.slash(stage.channel, "backroom pause")
        again = await gerd.slash(stage.channel, "backroom pause")
        assert again.content == "Der Raum pausiert schon. `/backroom resume` lässt ihn weiterlaufen."
        assert (await stage.ann.slash(stage.channel, "backroom pause")).content.startswith(
            "The room is already paused."
        )
        muted = await gerd.slash(stage.channel, "backroom unmute", seat="AI-2")
        assert muted.content == "AI-2 (DeepSeek R1) ist nicht stumm."
        status = await gerd.slash(stage.channel, "backroom status")
        assert "Wer spricht: alle der Reihe nach · Menschen: die AIs hören alles" in status.content
        assert "eigene Temperatur des Modells" in status.content
        await gerd.slash(stage.channel, "backroom stop")
        await stage.until_over()
    said = lines_of_house(stage)
    for line in (
        "opened by Gerd, until it is stopped. A few machines,",
        "gave no answer.",
        "⏸️ Gerd paused",
        "⏹️ Gerd stopped",
    ):
        assert line in said
    assert [word for word in GERMAN if word in said + stage.panels()[0].content] == []
    stage.nothing_is_wrong()
