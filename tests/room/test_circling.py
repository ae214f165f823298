"""Whether a conversation that goes in circles is noticed, and a lively one never."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.offline import OfflineCast
from bot.room.circling import LINES_OF_FEW_WORDS, LINES_REMEMBERED, TURNS_OF_ONE_SEAT, Circling
from tests.models.offline_room import ALL_NAMES, Room

FRESH = [f"w{number}x" for number in range(4_000)]
COURTESIES = [
    "Thank you, AI-2. This was a pleasure.",
    "The pleasure was mine. Goodbye, dear friends!",
    "Goodbye! Take care, all of you.",
    "You too. Safe travels, my friend. 👋",
    "🙏✨",
    "Farewell, and thank you for the light.",
    "…",
    "Namaste. 🙏",
    "Likewise! Until we meet again.",
    "Rest well, everyone. With gratitude.",
    "Yes. Thank you both so much.",
    "Bye for now!",
]


def heard(lines: Iterable[str], seats: int) -> Circling:
    """Let the seats say these lines in turn, for as long as nothing is noticed."""
    circling = Circling()
    for seat, line in zip(itertools.cycle(range(1, seats + 1)), lines, strict=False):
        if circling.add(seat, line):
            break
    return circling


def lines_until_noticed(lines: Sequence[str], seats: int, at_most: int = 200) -> int | None:
    circling = Circling()
    looped = itertools.islice(itertools.cycle(lines), at_most)
    for number, (seat, line) in enumerate(zip(itertools.cycle(range(1, seats + 1)), looped, strict=False), 1):
        if circling.add(seat, line):
            return number
    return None


def fresh(line: int, words: int = 12) -> str:
    """A line of words that no other line holds."""
    return " ".join(FRESH[line * words : (line + 1) * words])


@pytest.mark.parametrize("seats", [1, 2, 3, 5])
def test_the_same_line_again_and_again_is_noticed_after_two_rounds_and_six_lines(seats: int) -> None:
    noticed = lines_until_noticed(["We have arrived at the sea, and the sea is us."], seats)
    assert noticed == max(6, 2 * seats) + 1


@pytest.mark.parametrize(
    "lines",
    [
        ["I have nothing to add to what was said.", "Nor have I, and so I say nothing."],
        ["Ich habe dem nichts hinzuzufügen, liebe Freunde.", "Dem schließe ich mich vollkommen an, wie immer."],
        ["私はもう何も言うことがありません。", "私も同じです。静かな海のようです。"],
        ["我们已经到达了终点，没有什么可说的了。", "是的，我们已经到达了终点。"],
        ["لا يوجد شيء آخر يقال هنا", "نعم، لا يوجد شيء آخر"],
        ["Больше нечего сказать, всё уже сказано.", "Да, всё уже сказано здесь."],
        ["ไม่มีอะไรจะพูดอีกแล้ว", "ใช่ ไม่มีอะไรอีกแล้ว"],
        ["...", "—", "🌀", "🌀🌀"],
        ["", ""],
        [" /\\_/\\\n( o.o )\n > ^ <"],
        ["```python\nwhile True:\n    print('again')\n```"],
    ],
    ids=[
        "English",
        "German",
        "Japanese",
        "Chinese",
        "Arabic",
        "Russian",
        "Thai",
        "signs",
        "nothing",
        "a drawing",
        "code",
    ],
)
def test_a_loop_is_noticed_in_any_language_and_without_words(lines: list[str]) -> None:
    noticed = lines_until_noticed(lines, seats=2)
    assert noticed is not None
    assert noticed <= 12


def test_near_equal_lines_are_a_loop_too() -> None:
    lines = [
        f"{opening} the river turns and turns, and where it turns it finds itself again, as we do here tonight{end}"
        for opening, end in itertools.product(("Yes,", "Oh,", "Indeed,", "Ah,", "And so"), (".", "!", "…", " 🌊"))
    ]
    assert heard(lines, seats=4).reason == "The last two rounds said nothing new."


def test_invisible_signs_and_other_letter_forms_make_nothing_new() -> None:
    plain = "Nothing here is new, and nothing will be."
    dressed = [plain, plain.upper(), "\u200b".join(plain), plain.replace("i", "ｉ"), f"{plain}\ufe0f", plain + "!!!"]
    assert lines_until_noticed(dressed, seats=2) is not None


def test_two_that_only_thank_each_other_are_noticed_though_their_words_differ() -> None:
    circling = heard([fresh(0), fresh(1), *COURTESIES], seats=2)
    assert circling.reason == "The last three rounds were nothing but courtesies."


def test_courtesies_are_counted_in_rounds_of_the_whole_room() -> None:
    assert heard(COURTESIES[:9], seats=5).reason is None
    assert heard(COURTESIES, seats=5).reason == "The last two rounds were nothing but courtesies."


def test_a_greeting_all_round_stops_nobody() -> None:
    greetings = [
        "Hello, everyone!",
        "Hi there, friends.",
        "Greetings to all of you.",
        "Hello hello!",
        "Good to be here.",
    ]
    assert heard([*greetings, *(fresh(line) for line in range(60))], seats=5).reason is None


def test_thanks_before_something_new_stop_nobody() -> None:
    lines = [f"Thank you, dear friends, that was wonderful. {fresh(line, 8)}" for line in range(100)]
    assert heard(lines, seats=3).reason is None


def test_one_seat_that_says_the_same_for_ever_is_noticed_among_lively_ones() -> None:
    others = (fresh(number) for number in itertools.count())
    lines = ["BUY THE GOLDEN TOASTER TODAY" if turn % 4 == 2 else next(others) for turn in range(100)]
    circling = heard(lines, seats=4)
    assert circling.reason == f"AI-3 has said nothing new for {TURNS_OF_ONE_SEAT} turns."


def test_a_refrain_in_texts_that_are_otherwise_new_stops_nobody() -> None:
    refrain = "And the sea said: carry me, carry me, carry me home to the hills where the lanterns are."
    lines = [f"{fresh(line, 14)}\n\n{refrain}" for line in range(200)]
    assert heard(lines, seats=5).reason is None


def test_a_drawing_that_comes_back_under_new_words_stops_nobody() -> None:
    frame = " /\\_/\\\n( o.o )\n > ^ <\n" * 3
    assert heard((f"{fresh(line, 10)}\n```\n{frame}```" for line in range(200)), seats=2).reason is None


def test_drawings_that_move_stop_nobody() -> None:
    assert heard((" " * step + "o\n" + "~" * 20 + "|" for step in range(100)), seats=2).reason is None


def test_a_long_program_that_grows_by_a_few_lines_a_turn_stops_nobody() -> None:
    program = [f"def {word}(value): return value + {number}" for number, word in enumerate(FRESH[:20])]
    versions: list[str] = []
    for turn in range(60):
        name, first, second, third = FRESH[100 + 4 * turn : 104 + 4 * turn]
        program[turn % 20] = f"def {name}({first}, {second}): return {first}.{third}({second}, {turn})"
        versions.append("I changed a line:\n```python\n" + "\n".join(program) + "\n```")
    assert heard(versions, seats=2).reason is None


def test_counting_may_go_on_for_a_while_but_not_for_ever() -> None:
    noticed = lines_until_noticed([f"{number}" for number in range(500)], seats=2, at_most=500)
    assert noticed is not None
    assert noticed >= LINES_OF_FEW_WORDS
    assert heard((f"{number}" for number in range(500)), seats=2).reason == (
        "Nobody has said more than a few words for a long time."
    )


def test_a_room_of_one_seat_may_talk_to_itself_but_not_repeat_itself() -> None:
    assert heard((fresh(line) for line in range(200)), seats=1).reason is None
    assert heard(["I am alone here, and I say so."] * 20, seats=1).reason == "The last six turns said nothing new."


def test_something_new_begins_the_count_again() -> None:
    lines = (["We are done here, all of us, for good."] * 5 + [fresh(0)]) * 10
    assert heard([fresh(1), *lines], seats=2).reason is not None  # said anew only the first time
    lively = [
        line for turn in range(10) for line in (*["We are done here, all of us."] * 4, fresh(turn), fresh(turn + 50))
    ]
    assert heard(lively, seats=2).reason is None


def test_a_person_who_lets_the_room_go_on_gives_it_a_new_beginning() -> None:
    circling = heard(["We have arrived at the sea, and the sea is us."] * 20, seats=2)
    assert circling.reason
    circling.reset()
    assert circling.reason is None
    assert all(
        circling.add(number % 2 + 1, "We have arrived at the sea, and the sea is us.") is None for number in range(6)
    )
    assert circling.add(1, "We have arrived at the sea, and the sea is us.")


def test_what_was_noticed_stays_noticed() -> None:
    circling = heard(["We have arrived at the sea."] * 20, seats=2)
    assert circling.add(1, fresh(0)) == circling.reason


def test_no_more_than_the_last_lines_are_kept() -> None:
    circling = Circling()
    for number in range(500):
        circling.add(number % 5 + 1, " ".join(f"n{number}w{word}" for word in range(5_000)))
    kept = sum(len(line) for line in circling._lines)  # pyright: ignore[reportPrivateUsage]
    assert len(circling._lines) == LINES_REMEMBERED  # pyright: ignore[reportPrivateUsage]
    assert kept < LINES_REMEMBERED * 1_000  # pyright: ignore[reportPrivateUsage]


@given(
    st.integers(1, 5),
    st.lists(st.tuples(st.integers(4, 30), st.integers(0, 3), st.booleans()), min_size=1, max_size=120),
)
def test_lines_that_are_mostly_new_are_never_a_circle(seats: int, shapes: list[tuple[int, int, bool]]) -> None:
    words = iter(FRESH)
    lines: list[str] = []
    for new, old, thanks in shapes:
        line = [next(words) for _ in range(new)]
        for place in range(min(old, new // 2)):
            line.insert(place * 2, "same")
        lines.append(("Thank you. " if thanks and new > 8 else "") + " ".join(line))
        if len(lines) * 30 > len(FRESH):
            break
    assert heard(lines, seats).reason is None


@given(st.data(), st.integers(1, 5))
def test_a_fixed_loop_is_always_noticed(data: st.DataObject, seats: int) -> None:
    period = data.draw(st.integers(1, 2 * seats))
    loop = data.draw(st.lists(st.text(max_size=200), min_size=period, max_size=period))
    noticed = lines_until_noticed(loop, seats)
    assert noticed is not None
    assert noticed <= period + max(6, 2 * seats) + seats


@pytest.mark.parametrize(
    ("seed", "models"),
    [
        (0, ("Gemini 3 Flash", "Gemini 3 Flash")),
        (1, ("Kimi K2", "DeepSeek R1", "Claude 3 Opus")),
        (2, ("Claude 3 Opus",)),
        (3, ("Kimi K2", "Kimi K2")),
    ],
)
async def test_the_offline_cast_is_lively_for_sixty_rounds(seed: int, models: tuple[str, ...]) -> None:
    room = Room(OfflineCast(seed, names=ALL_NAMES), models)
    circling = Circling()
    turns = await room.hold(60 * len(models))
    assert [circling.add(turn.seat.number, turn.text) for turn in turns if circling.reason] == []
    assert circling.reason is None
