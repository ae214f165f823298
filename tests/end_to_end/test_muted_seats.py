"""Of seats that are muted everything that tells of them tells the same, and nobody is advised to name them."""

from __future__ import annotations

import pytest

from tests.end_to_end.paused_room import FLASH, KIMI, R1, open_paused, take_turn
from tests.end_to_end.stage import Stage, until


@pytest.mark.parametrize("rounds", [1, 3])
async def test_answer_line_status_and_panel_count_the_rounds_of_a_seat_that_has_had_its_go(
    stage: Stage, rounds: int
) -> None:
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        assert stage.room().state.gone == {1}
        reply = await stage.ann.slash(stage.channel, "backroom mute", seat="AI-1", rounds=rounds)
        line = await stage.channel.wait_for(lambda message: message.content.startswith("🔇"))
        status = (await stage.ann.slash(stage.channel, "backroom status")).content
        await until(lambda: "muted" in stage.panels()[-1].content)
        panel = stage.panels()[-1].content
        if rounds == 1:
            assert "muted for its next turn." in reply.content
            assert "for 1 round." in line.content
            assert "muted for 1 round by Ann" in status
            assert "muted, 1 more round\n" in panel
        else:
            assert "muted for its next 3 turns." in reply.content
            assert "for 3 rounds." in line.content
            assert "muted for 3 rounds by Ann" in status
            assert "muted, 3 more rounds" in panel


async def test_who_names_no_seat_is_told_of_one_that_is_there_and_not_muted(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom remove", seat="AI-1")
        await stage.ann.slash(stage.channel, "backroom mute", seat="AI-2")
        for command in ("step", "resume"):
            reply = await stage.ann.slash(stage.channel, f"backroom {command}")
            assert reply.content.endswith("`/backroom step seat:AI-3`."), reply.content
