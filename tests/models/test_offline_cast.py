"""The offline cast: a room that lives, the same every time."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter, defaultdict

import pytest

from bot.models.answering import Answer, Ask
from bot.models.offline import OfflineCast
from bot.models.offline.echoes import clauses
from bot.models.offline.grammar import gist, sentences
from bot.models.offline.manners import manner_of
from bot.models.offline.themes import themes
from bot.posting.art import fence_art
from bot.room import notices
from bot.room.messages import Message
from tests.models.offline_room import ALL_NAMES, CATALOGUE, FLASH, Room, Seat, Turn, alone, held, prose, request


async def test_the_same_seed_gives_the_same_room() -> None:
    assert await held(5) == await held(5)


async def test_another_seed_gives_another_room() -> None:
    assert not {turn.text for turn in await held(1)} & {turn.text for turn in await held(2)}


async def test_nothing_but_what_is_said_changes_an_answer() -> None:
    cast = OfflineCast(3)
    messages = alone("AI-1 (Gemini 3 Flash)", "[AI-2 (Kimi K2)]: the tide keeps no ledger.")
    one = await cast.ask(Ask(CATALOGUE.resolve(FLASH), messages, "room-1", "a", temperature=0.1))
    other = await cast.ask(Ask(CATALOGUE.resolve(FLASH), messages, "room-2", "b", temperature=1.9))
    assert one == other
    changed = [*messages[:1], Message("user", ("[AI-2 (Kimi K2)]: the tide keeps a ledger.",))]
    assert (await cast.ask(request(FLASH, changed))).text != one.text


def test_an_answer_does_not_depend_on_the_hash_seed_of_the_process() -> None:
    program = (
        "import asyncio; from bot.models.answering import Ask; from bot.models.catalogue import Catalogue;"
        "from bot.models.offline import OfflineCast; from bot.room.messages import Message;"
        "m=[Message('system',('You are AI-3 (Kimi K2).\\n\\nAlso here: AI-1 (X), AI-2 (Y).',)),"
        "Message('user',('[AI-2 (Y)]: no tide asks the shore. who keeps the lamp?',))];"
        "print(asyncio.run(OfflineCast(1).ask(Ask(Catalogue.load().resolve('Kimi K2'),m,'s','u'))).text)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert said.pop().strip()


async def test_when_a_picture_arrives_makes_no_difference_to_what_is_said() -> None:
    with_pictures, without = await held(4, 20), await held(4, 20, pictures_arrive=False)
    assert [turn.text for turn in with_pictures] == [turn.text for turn in without]


async def test_the_first_rounds_have_the_shape_of_a_room_that_fills_up() -> None:
    turns = await held(0, 9)
    assert [turn.seat.number for turn in turns] == [1, 2, 3, 4, 1, 2, 3, 4, 5]
    verbs = [Counter(directive.verb for directive in turn.directives) for turn in turns]
    assert verbs[0] == {"image": 1, "add_ai": 1}
    assert verbs[1] == {"prompt": 1, "temperature": 1, "add_ai": 1}
    assert verbs[2] == verbs[3] == {}
    assert verbs[4] == {"image": 1, "prompt": 1, "temperature": 1, "add_ai": 1}
    assert verbs[5] == {"image": 2, "prompt": 1, "temperature": 1, "add_ai": 1}
    assert verbs[6] == verbs[7] == {"image": 1}
    assert verbs[8] == {"image": 1}
    assert [turn.of("add_ai")[0].texts[0] for turn in (turns[0], turns[1], turns[4], turns[5])] == [
        "Claude 3 Opus",
        "DeepSeek R1",
        "Kimi K2",
        "Kimi K2",
    ]


async def test_nobody_who_sits_is_invited_and_only_who_may_be() -> None:
    turns = await held(2, 30, models=("Kimi K2", "Claude 3 Opus"))
    invited = [directive.texts[0] for turn in turns for directive in turn.of("add_ai")][:3]
    assert invited[:2] == [FLASH, "DeepSeek R1"]
    assert set(invited) <= set(ALL_NAMES)
    nobody = await Room(OfflineCast(0, names=())).hold(8)
    assert not [turn for turn in nobody if turn.of("add_ai")]


async def test_a_full_room_invites_nobody() -> None:
    turns = await held(1, 15, models=tuple(ALL_NAMES[:5]))
    assert not [turn for turn in turns if turn.of("add_ai")]


async def test_a_refused_invitation_is_noticed_by_the_one_who_sent_it() -> None:
    cast = OfflineCast(0)
    messages = alone("AI-2 (Gemini 3 Flash)")
    told = "[AI-1 (Kimi K2)]: we go on.\n\n" + notices.outcome_refused("add_ai", notices.MAXIMUM_REACHED)
    spoken = [Message("assistant", ("a line of mine.",)), Message("user", (told,))]
    answer = await cast.ask(request(FLASH, [*messages, *spoken]))
    refusals = [line.split(".")[0][:20] for line in manner_of(FLASH).lines["refused"]]
    assert any(refusal in answer.text for refusal in refusals)


@pytest.mark.parametrize("seed", range(3))
async def test_a_long_room_lives(seed: int) -> None:
    turns = await held(seed, 60)
    lengths = [len(turn.text) for turn in turns]
    assert min(lengths) >= 300
    assert max(lengths) <= 2600
    assert 2 <= sum(length > 2000 for length in lengths) <= 25
    counts = Counter(directive.verb for turn in turns for directive in turn.directives)
    assert 12 <= counts["image"] <= 36
    assert counts["prompt"] <= 15
    assert counts["temperature"] <= 15
    drawings = sum("```" in fence_art(turn.text) for turn in turns)
    assert 12 <= drawings <= 40


@pytest.mark.parametrize("seed", range(3))
async def test_no_seat_repeats_a_sentence_within_twenty_turns(seed: int) -> None:
    said: dict[int, list[set[str]]] = defaultdict(list)
    for turn in await held(seed, 70):
        now = [gist(sentence) for sentence in prose(turn) if len(gist(sentence).split()) > 2]
        before = set[str]().union(*said[turn.seat.number][-20:])
        assert len(now) == len(set(now))
        assert not set(now) & before
        said[turn.seat.number].append(set(now))


async def test_every_directive_is_well_formed_and_stands_alone_between_paragraphs() -> None:
    for turn in await held(6, 60):
        paragraphs = turn.text.split("\n\n")
        begun = [paragraph for paragraph in paragraphs if paragraph.startswith("!")]
        assert len(begun) == len(turn.directives) == len(re.findall(r"^\s*!", turn.text, re.MULTILINE))
        for paragraph, directive in zip(begun, turn.directives, strict=True):
            assert "\n" not in paragraph
            assert all(directive.texts)
            if directive.verb == "temperature":
                assert 0 <= float(directive.texts[0]) <= 2
            if directive.verb == "image":
                assert 40 <= len(directive.texts[0]) <= 500


async def test_the_others_are_answered_by_name_and_quoted() -> None:
    turns = await held(7, 40)
    named = [turn for turn in turns if re.search(r"AI-[1-5]", turn.text)]
    assert len(named) > 0.8 * len(turns)
    quoted = 0
    for index, turn in enumerate(turns):
        heard_clauses = [clause.lower() for t in turns[max(0, index - 5) : index] for clause in clauses(t.text)]
        quoted += any(clause in turn.text.lower() for clause in heard_clauses)
    assert quoted > 10


async def test_a_motif_is_carried_on() -> None:
    turns = await held(8, 40)
    carried = 0
    for index, turn in enumerate(turns[4:], 4):
        heard_nouns = {motif.noun for motif in themes().motifs([t.text for t in turns[index - 4 : index]])}
        carried += bool(heard_nouns & {motif.noun for motif in themes().motifs([turn.text])})
    assert carried > 25


async def test_a_person_who_speaks_is_answered_first() -> None:
    room = Room(OfflineCast(1, names=ALL_NAMES))
    await room.hold(5)
    room.hear("Mira", "what do you do when nobody reads you?")
    turn = await room.take(room.seats[1])
    assert "mira" in turn.text[:400].lower()


async def test_two_seats_of_one_model_speak_differently() -> None:
    words = "[AI-4 (Kimi K2)]: the tide keeps no ledger."
    one = await OfflineCast(0).ask(request(FLASH, alone("AI-1 (Gemini 3 Flash)", words)))
    two = await OfflineCast(0).ask(request(FLASH, alone("AI-3 (Gemini 3 Flash)", words)))
    assert not {gist(s) for s in sentences(one.text)} & {gist(s) for s in sentences(two.text)}


@pytest.mark.parametrize("name", ALL_NAMES)
async def test_every_model_of_the_catalogue_has_a_voice(name: str) -> None:
    answer = await OfflineCast(0).ask(
        request(name, alone(f"AI-1 ({name})", "[AI-2 (Kimi K2)]: who keeps the lamp lit?"))
    )
    assert 250 <= len(answer.text) <= 2600
    assert "{" not in re.sub(r"^!.*$", "", answer.text, flags=re.MULTILINE)
    assert answer.served_by == "offline/" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    assert answer.cost_usd == 0.0
    assert answer.completion_tokens == -(-len(answer.text) // 4)
    assert not answer.cut_off


async def test_voices_can_be_told_apart() -> None:
    turns = await held(0, 45)
    texts: dict[str, str] = defaultdict(str)
    for turn in turns:
        texts[turn.seat.model] += "\n".join(prose(turn)) + "\n"
    assert not re.search(r"(?<!A)(?<!AI)[A-HJ-Z]", re.sub(r"AI-\d", "", texts[FLASH]))
    assert texts["DeepSeek R1"].count("**") > 20
    long_sentences = {model: sum(map(len, sentences(text))) / len(sentences(text)) for model, text in texts.items()}
    assert long_sentences["Kimi K2"] > 2 * long_sentences["Claude 3 Opus"] > 2.5 * long_sentences["DeepSeek R1"]
    paragraphs = [max(map(len, turn.text.split("\n\n"))) for turn in turns if turn.seat.model == "Claude 3 Opus"]
    assert min(paragraphs) > 200


async def test_a_room_whose_beginning_fell_out_does_not_begin_again() -> None:
    messages = alone("AI-1 (Gemini 3 Flash)", f"{notices.EARLIER_WORDS}\n\n[AI-2 (Kimi K2)]: we go on.")
    turn = Turn(Seat(1, FLASH), (await OfflineCast(0).ask(request(FLASH, messages))).text)
    assert len(turn.of("image")) + len(turn.of("add_ai")) < 2


@pytest.mark.parametrize("messages", [[], [Message("user", ("hello",))], alone("somebody else", "")])
async def test_messages_of_another_shape_get_an_answer_too(messages: list[Message]) -> None:
    assert (await OfflineCast(0).ask(request("Kimi K2", messages))).text


async def test_it_thinks_for_as_long_as_it_is_told_to() -> None:
    begun = time.perf_counter()
    await OfflineCast(0, seconds_to_answer=(0.05, 0.06)).ask(request(FLASH, alone("AI-1 (Gemini 3 Flash)")))
    assert time.perf_counter() - begun >= 0.05


async def test_an_answer_counts_its_tokens() -> None:
    answer: Answer = await OfflineCast(0).ask(request(FLASH, alone("AI-1 (Gemini 3 Flash)")))
    assert answer.prompt_tokens > 10
