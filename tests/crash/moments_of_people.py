"""The instants at which the process is killed while it does what people want of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.client.panel.pressed import TEMPLATE
from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault, Struck
from bot.rehearsal.rest.calls import Answer, Call
from bot.room.reactions import REMOVES
from tests.crash.hooks import (
    POST_OF_HOUSE,
    POST_OF_PERSONA,
    POSTED,
    POSTED_BY_PERSONA,
    hooked,
    is_of_a_command,
    kill_after,
    kill_before,
    kill_soon_after,
)
from tests.crash.people import FORGET, FORK, SAY_AGAIN
from tests.end_to_end.stage import until

if TYPE_CHECKING:
    from tests.crash.playing import Play

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
SECONDS_TO_WRITE = 0.06
"""So long it takes, about, to write something down."""
SECONDS_TO_NOTE_REACTIONS = 3.3
SECONDS_TO_SAY_IT_IS_OVER = 0.4
SECONDS_TO_COME_UP = 3.0


async def when_new_words_wait(play: Play) -> None:
    """Kill when a turn was taken anew, before its new words stand in the channel."""
    _say_again(play)
    await kill_before(play, lambda call: _is_of_persona("PATCH", call, play))


async def when_new_words_stand(play: Play) -> None:
    """Kill when the new words of a turn stand in the channel, and the program does not know it."""
    _say_again(play)
    await kill_after(play, lambda call: _is_of_persona("PATCH", call, play))


async def when_thread_is_made(play: Play) -> None:
    """Kill when the thread of a fork is there, and the program does not know it."""
    await _fork(play)
    await kill_after(play, _opens_thread)


async def when_fork_is_written(play: Play) -> None:
    """Kill about when the journal of a fork is written."""
    await _fork(play)
    await kill_soon_after(play, _opens_thread, SECONDS_TO_WRITE)


async def while_forgetting(play: Play) -> None:
    """Kill while somebody is forgotten: when it is written down, when they are told, when their words are deleted."""
    await play.people.a_word_of_an_ai()
    await play.people.talk()
    await play.people.talk_by_command()
    await until(lambda: play.owes_nothing_in(play.people.parlour))
    question = await play.people.ask_to_be_forgotten()
    if question is None:
        return
    play.begin(play.people.bea.press(question, FORGET))
    match play.chance.randrange(3):
        case 0:
            await kill_soon_after(play, lambda call: call.template == CALLBACK, SECONDS_TO_WRITE)
        case 1:
            await kill_before(play, lambda call: call.method == "PATCH" and is_of_a_command(call, play))
        case _:
            await kill_before(play, lambda call: (call.method, call.template) == ("DELETE", POSTED))


async def while_reactions_wait(play: Play) -> None:
    """Kill between somebody's reaction and its being written down, about."""
    await play.people.a_word_of_an_ai()
    for _ in range(3):
        await play.people.react()
    await asyncio.sleep(play.chance.uniform(0, SECONDS_TO_NOTE_REACTIONS))


async def when_spoken_to(play: Play) -> None:
    """Kill about when somebody's words, or a change of them, are heard."""
    await play.people.a_word_of_an_ai()
    await play.people.talk()
    await play.people.talk()
    await asyncio.sleep(play.chance.uniform(0, SECONDS_TO_WRITE))
    await play.chance.choice((play.people.change_words, play.people.take_words_back, play.people.delete_words))()
    await asyncio.sleep(play.chance.uniform(0, SECONDS_TO_WRITE))


async def when_coming_up(play: Play) -> None:
    """Kill while the program, just back, catches up with what it missed, and people talk on."""
    await until(lambda: play.stage.discord.gateway.has_a_client)
    until_then = asyncio.get_running_loop().time() + play.chance.uniform(0.1, SECONDS_TO_COME_UP)
    while asyncio.get_running_loop().time() < until_then:
        await play.people.talk()
        await asyncio.sleep(play.chance.uniform(0.1, 0.8))


async def when_removed(play: Play) -> None:
    """Kill when ❌ has withdrawn a message, before or after it is deleted."""
    message = await play.people.a_word_of_an_ai()
    await play.people.ann.reacts(message, REMOVES)
    kill = play.chance.choice((kill_before, kill_after))
    await kill(play, lambda call: _is_of_persona("DELETE", call, play))


async def when_panel_is_posted(play: Play) -> None:
    """Kill when a room's panel stands in its channel, and the program does not know it."""
    play.begin(play.people.open_a_nook())
    await kill_after(play, lambda call: (call.method, call.template) == ("POST", POST_OF_HOUSE) and _has_panel(call))


async def when_panel_is_done(play: Play) -> None:
    """Kill when a room is over and has said so, before its panel does."""
    play.begin(play.people.open_a_nook())

    async def before(call: Call) -> Answer | None:
        if (call.method, call.template) != ("PATCH", POSTED) or call.body.get("components") != []:
            return None
        await asyncio.sleep(play.chance.uniform(0, SECONDS_TO_SAY_IT_IS_OVER))
        return play.kill_and_cut()

    with hooked(play.stage.discord.rest.before_effect, before):
        await play.killed.wait()


async def when_refused(play: Play) -> None:
    """Kill when Discord has refused words, as it always will, about when that is written down and said."""
    faults, seconds = play.stage.discord.faults, play.chance.uniform(0, SECONDS_TO_WRITE)
    loop, blocked = asyncio.get_running_loop(), set[str]()

    def is_blocked(call: Call) -> bool:
        if is_of_a_command(call, play):
            return False
        words = str(call.body.get("content"))
        blocked.update(() if blocked else (words,))
        return words in blocked

    def note(_struck: Struck) -> None:
        loop.call_later(seconds, play.kill)

    faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", POST_OF_PERSONA, is_blocked))
    with hooked(faults.listeners, note):
        await play.killed.wait()


async def when_seats_change(play: Play) -> None:
    """Kill about when it is written down that a person skipped, muted, removed or changed a seat, or the order."""
    await play.until_rooms_move()
    play.begin(play.people.change_seats(play.chance.choice(play.people.running)))
    await kill_soon_after(play, lambda call: call.template == CALLBACK, SECONDS_TO_WRITE)


def _say_again(play: Play) -> None:
    async def until_it_has_words() -> None:
        while not play.killed.is_set():
            await play.people.ann.uses_on(await play.people.a_word_of_an_ai(), SAY_AGAIN)

    play.begin(until_it_has_words())


async def _fork(play: Play) -> None:
    message = await play.people.a_word_of_an_ai()
    play.begin(play.people.ann.uses_on(message, FORK))


def _is_of_persona(method: str, call: Call, play: Play) -> bool:
    return (call.method, call.template) == (method, POSTED_BY_PERSONA) and not is_of_a_command(call, play)


def _opens_thread(call: Call) -> bool:
    return call.method == "POST" and call.template.endswith("/threads")


def _has_panel(call: Call) -> bool:
    return bool(TEMPLATE.search(str(call.body.get("components"))))
