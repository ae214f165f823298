"""Whatever Discord does to a request, at whatever moment of a room: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.rehearsal.faults import Blow, Cut, Delay, Fault, Html, NothingLeft, RateLimited, Refuse, ServerError
from bot.room.entries import Entry, Joined, Opened, Paused, Resumed
from bot.room.state import Phase
from bot.storage import Place
from tests.end_to_end.hall import (
    ANSWER,
    CALLBACK,
    FLASH,
    MESSAGES,
    POST,
    UNDISTURBED,
    WEBHOOKS,
    Hall,
    Target,
    a_hall,
)
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

WAIT = 0.2
NO_ACCESS = Refuse(403, 50001, "Missing Access")

BEFORE: dict[str, Blow] = {
    "429 of this bot": RateLimited(WAIT),
    "429 of a shared limit": RateLimited(WAIT, "shared", shows_remaining=True),
    "429 of all requests": RateLimited(WAIT, "global"),
    "429 of Cloudflare": RateLimited(WAIT, via=False),
    **{f"{status} before": ServerError(status) for status in (500, 502, 503, 504)},
    "a web page before": Html(),
    "a web page instead of an answer before": Html(200),
    "cut before": Cut(),
}
"""Nothing was done: it has to be asked again."""
AFTER: dict[str, Blow] = {
    **{f"{status} after": ServerError(status, after=True) for status in (500, 502, 503, 504)},
    "a web page after": Html(503, after=True),
    "a web page instead of an answer after": Html(200, after=True),
    "cut after": Cut(after=True),
}
"""It was done, though nobody says so."""
SLOWER: dict[str, Blow] = {
    "nothing left": NothingLeft(WAIT),
    "late": Delay(WAIT),
    "a late answer": Delay(WAIT, after=True),
}
"""It was done, and said so."""
KINDS = {**BEFORE, **AFTER, **SLOWER}

HOUSE_LINES = {
    "the first notice": "🚪",
    "a notice before a message": "[AI-1 modified",
    "the notice of the end": "⏹️",
}
PERSONA_POSTS = {"the first post of a persona": "Part 1", "a part in the middle": "Part 2", "a picture": "🎨 AI-1"}


async def play(stage: Stage, target: Target) -> Hall:
    """Play a room for every kind of fault, and one without any; all of them have to come out the same."""
    async with a_hall(stage) as hall:
        hall.add(UNDISTURBED)
        for name, blow in KINDS.items():
            hall.add(name, (target, blow))
        await hall.play()
    assert len(stage.discord.faults.struck) == len(KINDS)
    assert hall.violations() == []
    for name in KINDS:
        assert hall.words(name) == hall.words(UNDISTURBED), name
        assert hall.pictures(name) == 1, name
    return hall


@pytest.mark.parametrize("line", HOUSE_LINES.values(), ids=HOUSE_LINES)
async def test_a_line_of_the_house_appears_once_and_nothing_else_is_sent_again(stage: Stage, line: str) -> None:
    hall = await play(stage, Target("POST", MESSAGES, line))
    usual = hall.times_sent(UNDISTURBED)
    for name in KINDS:
        again = hall.times_sent(name) - usual
        assert all(what.startswith(line) and times == 1 for what, times in again.items()), (name, again)
        assert bool(again) or name not in BEFORE, name


@pytest.mark.parametrize("line", PERSONA_POSTS.values(), ids=PERSONA_POSTS)
async def test_a_post_of_a_persona_is_sent_again_only_where_it_did_not_arrive(stage: Stage, line: str) -> None:
    hall = await play(stage, Target("POST", POST, line))
    usual = hall.times_sent(UNDISTURBED)
    for name in KINDS:
        again = hall.times_sent(name) - usual
        assert len(again) == again.total() == (name in BEFORE), (name, again)
        assert all(what.startswith(line) for what in again), (name, again)


@pytest.mark.parametrize("method", ["POST", "GET"], ids=["made", "looked for"])
async def test_a_webhook_is_found_and_no_word_lost_when_it_cannot_be_had_at_first(stage: Stage, method: str) -> None:
    hall = await play(stage, Target(method, WEBHOOKS))
    for name, channel in hall.rooms.items():
        assert len({m.webhook_id for m in channel.messages if m.author.is_persona}) == 1, name
        assert len(channel.webhooks) == 1, name
        assert hall.times_sent(name) == hall.times_sent(UNDISTURBED), name


async def test_a_look_at_the_history_that_fails_is_made_again_before_anything_is_sent(stage: Stage) -> None:
    lost = Target("POST", POST, "Part 2")
    look = Target("GET", MESSAGES)
    async with a_hall(stage) as hall:
        hall.add(UNDISTURBED)
        for name, blow in KINDS.items():
            hall.add(name, (lost, Cut(after=True)), (look, blow))
        await hall.play()
    assert len(stage.discord.faults.struck) == 2 * len(KINDS)
    assert hall.violations() == []
    for name in KINDS:
        assert hall.words(name) == hall.words(UNDISTURBED), name
        assert hall.times_sent(name) == hall.times_sent(UNDISTURBED), name


async def test_a_post_that_may_be_there_is_looked_for_again_where_the_place_refused_the_look(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(NO_ACCESS.code)
    struck = stage.discord.faults.struck
    stage.discord.faults.add(Fault(ServerError(after=True), "POST", POST, times=1))
    stage.discord.faults.add(Fault(NO_ACCESS, "GET", MESSAGES, only=lambda _: bool(struck)))
    stage.host.answer("AI-1", "The only word.")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        stage.discord.faults.clear()
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.until_over()
        await witness.until_all_is_said()
    asked = [(one.status, one.json) for one in stage.discord.exchanges if one.method == "POST"]
    sent = [status for status, json in asked if isinstance(json, dict) and json.get("content") == "The only word."]
    assert sent == [502]  # and not once more, so that one of the two would have to be taken back
    assert stage.words_of(f"AI-1 ({FLASH})") == ["The only word."]
    assert witness.violations(Moment.DONE) == []


PAUSED: list[Entry] = [
    Opened(by=1, by_name="Ann", scenario="Test", prompt="Talk.", opening="", rounds=0, seconds_between_turns=0),
    Joined(seat=1, model=FLASH),
    Paused(reason="", by_name="Ann"),
]
"""A room in which nothing was said yet, so that a look before a turn has nothing to look for twice."""
ANSWERS = {
    "an answer": ("status", Target("POST", CALLBACK)),
    "is thinking": ("step", Target("POST", CALLBACK)),
    "an answer after that": ("step", Target("PATCH", ANSWER)),
}


@pytest.mark.parametrize(("command", "target"), ANSWERS.values(), ids=ANSWERS)
async def test_a_person_is_answered_and_their_command_carried_out_once(
    stage: Stage, command: str, target: Target
) -> None:
    async with a_hall(stage) as hall:
        assert stage.bot is not None
        stage.host.script = lambda _: Reply(text="hm", seconds_before=60)
        await stage.bot.guild_settings.change(stage.guild.id, panel=False)
        for name, blow in KINDS.items():
            await stage.bot.rooms.open(Place(stage.guild.id, hall.add(name, (target, blow)).id), PAUSED, [])
        replies = await asyncio.gather(
            *(stage.ann.slash(channel, f"backroom {command}") for channel in hall.rooms.values())
        )
        assert len(stage.discord.faults.struck) == len(KINDS)
        for name, reply in zip(hall.rooms, replies, strict=True):
            assert reply.failed is None, name
            assert "paused" in reply.content or "takes one turn" in reply.content, (name, reply.content)
        for room in hall.witness.evidence().rooms:
            steps = [one.entry for one in room.entries if isinstance(one.entry, Resumed)]
            assert len(steps) == (command == "step")
