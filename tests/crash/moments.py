"""The instants at which the process is killed: by chance, and just where it hurts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.rehearsal.rest.calls import Answer, Call
from tests.crash import moments_of_people
from tests.crash.hooks import POST_OF_HOUSE, POST_OF_PERSONA, hooked, is_of_a_command
from tests.end_to_end.stage import until
from tests.openrouter import Recorded, Reply

if TYPE_CHECKING:
    from tests.crash.playing import Play

POSTS = {POST_OF_PERSONA, POST_OF_HOUSE}
SECONDS_TO_START_UP = 3.5
SECONDS_OF_PLAY = 0.8
SECONDS_TO_SHUT_DOWN = 0.4
POSTS_PASSED_OVER = 5


async def by_chance(play: Play) -> None:
    """Kill while rooms are played, whatever is under way."""
    await play.until_rooms_move()
    await asyncio.sleep(play.chance.uniform(0, SECONDS_OF_PLAY))


async def at_start_up(play: Play) -> None:
    """Kill somewhere between the first import and the first turn."""
    await asyncio.sleep(play.chance.uniform(0, SECONDS_TO_START_UP))


async def at_first_look(play: Play) -> None:
    """Kill when the process that has come back first asks or tells a channel something."""
    when_stored = play.chance.random() < 0.5

    async def before(call: Call) -> Answer | None:
        return play.kill_and_cut() if not when_stored and _is_of_messages(call, play) else None

    async def after(call: Call, _answer: Answer) -> Answer | None:
        return play.kill_and_cut() if when_stored and _is_of_messages(call, play) else None

    rest = play.stage.discord.rest
    with hooked(rest.before_effect, before), hooked(rest.after_effect, after):
        await play.killed.wait()


async def when_stored(play: Play) -> None:
    """Kill when Discord has stored a post, before it answers."""
    count = play.chance.randint(1, POSTS_PASSED_OVER)

    async def after(call: Call, answer: Answer) -> Answer | None:
        nonlocal count
        count -= _is_post(call, play) and answer.status < 300
        return play.kill_and_cut() if count == 0 else None

    with hooked(play.stage.discord.rest.after_effect, after):
        await play.killed.wait()


async def when_not_stored(play: Play) -> None:
    """Kill when a post has been sent, before Discord stores it."""
    count = play.chance.randint(1, POSTS_PASSED_OVER)

    async def before(call: Call) -> Answer | None:
        nonlocal count
        count -= _is_post(call, play)
        return play.kill_and_cut() if count == 0 else None

    with hooked(play.stage.discord.rest.before_effect, before):
        await play.killed.wait()


async def when_told(play: Play) -> None:
    """Kill when Discord's answer to a post is on its way, about when it is written down."""
    count = play.chance.randint(1, POSTS_PASSED_OVER)

    async def after(call: Call, _answer: Answer) -> Answer | None:
        nonlocal count
        count -= _is_post(call, play)
        if count == 0:
            asyncio.get_running_loop().call_later(play.chance.uniform(0, 0.02), play.kill)
        return None

    with hooked(play.stage.discord.rest.after_effect, after):
        await play.killed.wait()


async def when_answered(play: Play) -> None:
    """Kill when the host has sent the last byte of an answer, or a few milliseconds later."""
    await _when_host_answered(play, "/chat/completions")


async def when_painted(play: Play) -> None:
    """Kill when the host has sent the last byte of a picture, or a few milliseconds later."""
    play.cast.paints_next = True
    await _when_host_answered(play, "/images")


async def while_painting(play: Play) -> None:
    """Kill while a picture is being made."""
    play.cast.paints_next = True
    host, painted = play.stage.host, len(play.stage.host.images)
    await until(lambda: len(host.images) > painted)
    await asyncio.sleep(play.chance.uniform(0, 0.3))


async def while_shutting_down(play: Play) -> None:
    """Tell the process to end, and kill it while it does."""
    await by_chance(play)
    play.process.terminate()
    await asyncio.sleep(play.chance.uniform(0, SECONDS_TO_SHUT_DOWN))


async def _when_host_answered(play: Play, path: str) -> None:
    count = play.chance.randint(1, 3) if path == "/chat/completions" else 1
    seconds = play.chance.choice((0.0, 0.005, 0.02))

    def note(request: Recorded, _reply: Reply) -> None:
        nonlocal count
        count -= request.path == path
        if count == 0:
            asyncio.get_running_loop().call_later(seconds, play.kill) if seconds else play.kill()

    with hooked(play.stage.host.after_answer, note):
        await play.killed.wait()


Moment = Callable[["Play"], Awaitable[None]]

FROM_THE_START: Mapping[str, Moment] = {
    "at start-up": at_start_up,
    "at its first look": at_first_look,
    "coming up": moments_of_people.when_coming_up,
}
"""Moments that are waited for while the process still starts."""
IN_PLAY: Mapping[str, Moment] = {
    "by chance": by_chance,
    "post stored, not answered": when_stored,
    "post sent, not stored": when_not_stored,
    "post answered": when_told,
    "answer sent": when_answered,
    "picture sent": when_painted,
    "picture being made": while_painting,
    "shutting down": while_shutting_down,
}
"""Moments that are waited for once the program is there."""
WITH_PEOPLE: Mapping[str, Moment] = {
    "new words not edited": moments_of_people.when_new_words_wait,
    "new words edited": moments_of_people.when_new_words_stand,
    "thread of a fork made": moments_of_people.when_thread_is_made,
    "fork being written": moments_of_people.when_fork_is_written,
    "somebody being forgotten": moments_of_people.while_forgetting,
    "reactions not noted": moments_of_people.while_reactions_wait,
    "words just heard": moments_of_people.when_spoken_to,
    "message being removed": moments_of_people.when_removed,
    "panel posted": moments_of_people.when_panel_is_posted,
    "panel not closed": moments_of_people.when_panel_is_done,
    "words refused": moments_of_people.when_refused,
    "seats being changed": moments_of_people.when_seats_change,
}
"""Moments that people bring about, once they have looked how their rooms stand, and the rooms go on."""
MOMENTS: Mapping[str, Moment] = {**IN_PLAY, **WITH_PEOPLE, **FROM_THE_START}


def _is_post(call: Call, play: Play) -> bool:
    return call.method == "POST" and call.template in POSTS and not is_of_a_command(call, play)


def _is_of_messages(call: Call, play: Play) -> bool:
    return call.template in POSTS and not is_of_a_command(call, play)
