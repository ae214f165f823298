"""A disk that fails is told of in the language of the room, or of who asks; the log is English all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bot.client import BackroomBot
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.failing_disks import (
    BreaksOffAfterCommit,
    FailingDisk,
    FailsToOpen,
    FullDatabase,
    ReadOnlyDatabase,
)
from tests.end_to_end.other_programs import locked
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
LONG = "rain on the roof " * 500
"""More than fits into what a full database has left."""
ENGLISH = ("journal's", "database", "disk", "program", "error", "waits", "running", "The ")

Failing = Callable[[Stage, BackroomBot], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def failed(disk: FailingDisk, bot: BackroomBot) -> AsyncGenerator[None]:
    await disk.fails(bot)
    yield
    await disk.is_mended()


FAILING = {
    "locked": (
        lambda stage, _: locked(stage.database),
        "Ein anderes Programm hält die Datenbank des Journals gesperrt. Beende es, oder versuch es später noch einmal.",
        "Another program keeps the journal's database locked. End it, or try again later.",
    ),
    "full": (
        lambda stage, bot: failed(FullDatabase(stage.database), bot),
        "Der Datenträger, auf dem das Journal liegt, ist voll. Schaffe dort Platz; nichts Geschriebenes geht verloren.",
        "The disk that holds the journal is full. Make room on it; nothing written is lost.",
    ),
}
EVERY_FAILURE = pytest.mark.parametrize(("fails", "german", "english"), FAILING.values(), ids=FAILING)


@pytest.fixture
def gerd(stage: Stage) -> Person:
    return stage.guild.add_member("Gerd", permissions=Permission.MANAGE_CHANNELS, locale="de")


@asynccontextmanager
async def a_room_that_waits(stage: Stage, opener: Person, fails: Failing) -> AsyncGenerator[str]:
    """Open a room, let the disk fail before its second AI has answered, and give what the house says of it."""
    has_failed = asyncio.Event()
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", Reply(text=LONG, after=has_failed))
    async with stage.running() as bot:
        await opener.slash(stage.channel, "backroom start", ai1=FLASH, ai2=R1, rounds=0)
        await until(lambda: stage.asked("AI-2") and not stage.room().owes_words)
        await until(lambda: any(shown.edited_at for shown in stage.panels()))  # it is kept, and needs no disk any more
        async with fails(stage, bot):
            has_failed.set()
            notice = await stage.channel.wait_for(lambda message: message.content.startswith("⏸️"))
            yield notice.content


async def panel_saying(stage: Stage, words: str) -> str:
    await until(lambda: words in stage.panels()[-1].content)
    return stage.panels()[-1].content


@EVERY_FAILURE
async def test_a_german_room_tells_of_it_in_german_and_the_log_in_english(
    stage: Stage, gerd: Person, caplog: pytest.LogCaptureFixture, fails: Failing, german: str, english: str
) -> None:
    stage.guild.set_preferred_locale("de")
    elsewhere = stage.guild.add_text_channel("elsewhere")
    async with a_room_that_waits(stage, gerd, fails) as notice:
        assert notice == f"⏸️ Der Raum wartet, weil der Bot nicht speichern kann, was geschieht. {german}"
        panel = await panel_saying(stage, f"wartet: {german.rstrip('.')} · ")
        status = (await gerd.slash(stage.channel, "backroom status")).content
        assert f"läuft von selbst weiter, sobald es geht. {german}" in status
        refused = (await gerd.slash(elsewhere, "backroom start", ai1=FLASH)).content
        assert refused == german
        assert [word for word in ENGLISH if word in "\n".join([notice, panel, status, refused])] == []
        assert english in (await stage.ann.slash(stage.channel, "backroom status")).content
    assert english in caplog.text
    assert german not in caplog.text
    stage.nothing_is_wrong()


async def test_an_english_room_tells_of_it_in_english_and_a_german_who_asks_in_german(
    stage: Stage, gerd: Person
) -> None:
    fails, german, english = FAILING["full"]
    async with a_room_that_waits(stage, stage.ann, fails) as notice:
        assert notice.endswith(english)
        assert "Journal" not in await panel_saying(stage, f"waits: {english.rstrip('.')} · ")
        status = (await gerd.slash(stage.channel, "backroom status")).content
        assert f"läuft von selbst weiter, sobald es geht. {german}" in status
        assert english not in status
    stage.nothing_is_wrong()


async def test_who_crosses_a_message_out_is_told_in_the_language_of_the_server(stage: Stage) -> None:
    stage.guild.set_preferred_locale("de")
    async with a_room_that_waits(stage, stage.ann, lambda _, bot: failed(ReadOnlyDatabase(), bot)):
        await stage.ann.reacts(next(message for message in stage.channel.messages if message.content == "one"), "❌")
        await until(lambda: stage.ann.direct_messages)
        assert stage.ann.direct_messages[0].content.startswith(
            "Diese Nachricht wurde nicht entfernt. Die Datenbank des Journals ist schreibgeschützt. "
            "Der Bot muss in ihre Datei und deren Ordner schreiben dürfen.\n"
        )
    stage.nothing_is_wrong()


async def test_what_the_database_itself_says_is_part_of_a_german_sentence(
    stage: Stage, gerd: Person, caplog: pytest.LogCaptureFixture
) -> None:
    stage.guild.set_preferred_locale("de")
    async with stage.running() as bot:
        FailsToOpen(bot)
        refused = await gerd.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1)
        assert refused.content == "Die Datenbank des Journals meldet einen Fehler: database or disk is full."
        BreaksOffAfterCommit(bot, "spoke", unread=True)
        await gerd.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1)
        notice = await stage.channel.wait_for(lambda message: message.content.startswith("⏸️"))
        assert notice.content.endswith(" Die Datenbank des Journals meldet einen Fehler: connection lost.")
        await stage.until_over()
    assert "The journal's database reports an error: connection lost." in caplog.text
    assert "Journals" not in caplog.text
    stage.nothing_is_wrong()
