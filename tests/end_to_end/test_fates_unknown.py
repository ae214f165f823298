"""A post whose fate is unknown is there once in the end, whatever else happens before anybody can look for it."""

from __future__ import annotations

import asyncio

import pytest

from bot.posting.patience import Patience
from bot.posting.search import MESSAGES_LOOKED_THROUGH
from bot.rehearsal.faults import EventFault, Fault, Lost, ServerError
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.hall import FLASH, POST
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

WORDS = "The only word."


def times_sent(stage: Stage) -> int:
    bodies = [one.json for one in stage.discord.exchanges if one.method == "POST" and isinstance(one.json, dict)]
    return sum(body.get("content") == WORDS for body in bodies)


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "not told"])
async def test_a_post_is_not_sent_again_while_nobody_may_see_whether_it_is_there(stage: Stage, is_told: bool) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(50013)
    if not is_told:
        stage.discord.faults.add(EventFault(Lost(), "CHANNEL_UPDATE"))

    async def close_the_history(call: Call, _answer: Answer) -> Answer | None:
        if call.method == "POST" and isinstance(call.json, dict) and call.json.get("content") == WORDS:
            stage.channel.take_bot_permissions(Permission.READ_MESSAGE_HISTORY)
            raise ConnectionCut
        return None

    stage.discord.rest.after_effect.append(close_the_history)
    stage.host.answer("AI-1", WORDS)
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await asyncio.sleep(2 * Patience().first_wait_seconds)  # by then it would have been sent again
        assert times_sent(stage) == 1
        stage.discord.faults.clear()
        stage.channel.give_back_bot_permissions()
        await stage.until_over()
        await witness.until_all_is_said()
    assert times_sent(stage) == 1
    assert witness.violations(Moment.DONE) == []


async def test_a_post_is_found_however_much_people_have_written_since_the_words_before_it(stage: Stage) -> None:
    stage.host.answer("AI-1", WORDS)
    async with stage.running():
        await stage.start(FLASH, rounds=0, order="conductor", mode="silent")
        await until(lambda: not stage.room().owes_words)
        for number in range(MESSAGES_LOOKED_THROUGH + 1):
            await stage.ann.says(stage.channel, f"line {number}")
        stage.discord.faults.add(Fault(ServerError(after=True), "POST", POST, times=1))
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await until(lambda: stage.discord.faults.struck and not stage.room().owes_words)
    assert times_sent(stage) == 1


async def test_a_post_is_found_also_where_discord_shows_its_personas_name_a_little_otherwise(stage: Stage) -> None:
    own = stage.folder / "models.toml"
    own.write_text('[[models]]\nname = "Discord Poet"\nid = "somebody/poet"\n')
    stage.discord.faults.add(Fault(ServerError(after=True), "POST", POST, times=1))
    stage.host.answer("AI-1", WORDS)
    async with stage.running(models_file=own):
        await stage.start("Discord Poet", rounds=1)
        await stage.until_over()
    assert times_sent(stage) == 1
    assert [who for who, words in stage.said() if words == WORDS] == ["AI-1 (Dis cord Poet)"]
