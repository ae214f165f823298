"""What a seat sees of its room."""

from __future__ import annotations

import itertools

from bot.room import notices
from bot.room.entries import CarriedOut, Heard, Joined, PictureAsked, PictureMade, Prompted, Reacted, Reaction
from bot.room.messages import Message, Sight
from bot.room.view import PICTURES_SHOWN, Eyes, what_a_seat_sees
from tests.room.rooms import FLASH, KIMI, OPUS, TestRoom

USAGES = ['!image "description": makes a picture.']
MANY = Eyes(1_000_000, sees_images=True)


def seen(room: TestRoom, seat: int, eyes: Eyes = MANY) -> list[Message]:
    return what_a_seat_sees(room.state, room.history, room.state.seat(seat), USAGES, eyes)


def test_the_system_message_says_who_where_what_and_how() -> None:
    room = TestRoom(FLASH, FLASH)
    room.write(Joined(seat=3, model=OPUS, invited_by=1, invitation="step in"), Prompted(seat=3, text="be brief"))
    system = seen(room, 3)[0]
    assert system.role == "system"
    assert system.words.startswith("You are AI-3 (Claude 3 Opus).")
    for part in ("AI-1 (Gemini 3 Flash), AI-2 (Gemini 3 Flash)", "Talk.", "by AI-1 (Gemini 3 Flash)", "step in"):
        assert part in system.words
    assert USAGES[0] in system.words
    assert "be brief" in system.words


def test_another_seat_does_not_see_an_invitation_or_an_own_prompt() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(Joined(seat=3, model=KIMI, invited_by=1, invitation="the words"), Prompted(seat=2, text="a secret"))
    everything = "".join(message.words for message in seen(room, 1))
    assert "the words" not in everything
    assert "a secret" not in everything


def test_own_words_are_the_assistants_and_all_else_is_the_users_with_its_speaker() -> None:
    room = TestRoom(FLASH, OPUS)
    room.turn(1, "one")
    room.turn(2, "two")
    assert [(m.role, m.words) for m in seen(room, 1)[1:]] == [
        ("user", "Begin."),
        ("assistant", "one"),
        ("user", "[AI-2 (Claude 3 Opus)]: two"),
    ]
    assert [(m.role, m.words) for m in seen(room, 2)[1:]] == [
        ("user", "Begin.\n\n[AI-1 (Gemini 3 Flash)]: one"),
        ("assistant", "two"),
        ("user", notices.YOUR_TURN_AGAIN),
    ]


def test_two_seats_of_one_model_are_two_speakers() -> None:
    room = TestRoom(FLASH, FLASH)
    room.turn(1, "one")
    assert "[AI-1 (Gemini 3 Flash)]: one" in seen(room, 2)[-1].words


def test_it_never_ends_on_the_seats_own_message() -> None:
    room = TestRoom(FLASH)
    for _ in range(3):
        room.turn(1, "again")
        assert seen(room, 1)[-1].role == "user"
    roles = [message.role for message in seen(room, 1)]
    assert all(first != second for first, second in itertools.pairwise(roles))


def test_the_beginning_stays_the_same_from_turn_to_turn() -> None:
    room = TestRoom(FLASH, OPUS, KIMI)
    before: list[Message] = []
    for number in range(30):
        seat = number % 3 + 1
        if seat == 2:
            now = seen(room, 2)
            assert now[: len(before)] == before
            before = now
        room.turn(
            seat, f"words {number}", *([PictureAsked(picture=number, description="p", seat=seat)] * (number == 4))
        )
        if number == 9:
            room.write(PictureMade(picture=4))


def test_what_reached_the_room_while_a_seat_was_answering_comes_after_its_answer() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(PictureAsked(picture=1, description="a lamp", seat=2))
    before = seen(room, 1)
    room.turn(1, "I saw nothing yet", PictureMade(picture=1))
    after = seen(room, 1)
    assert after[: len(before)] == before
    assert [m.role for m in after] == ["system", "user", "assistant", "user"]
    assert "a lamp" in after[-1].words


def test_the_issuer_learns_what_became_of_its_directive_and_the_others_only_what_they_may() -> None:
    room = TestRoom(FLASH, OPUS)
    carried = CarriedOut(
        verb="prompt",
        texts=("hush",),
        done=True,
        outcome="[Your !prompt was carried out: hush]",
        told="[AI-1 modified their system prompt]",
        seat=1,
    )
    room.turn(1, "words", carried)
    mine, theirs = seen(room, 1), seen(room, 2)
    assert (mine[-2].role, mine[-2].words) == ("assistant", "words")
    assert mine[-1].words == "[Your !prompt was carried out: hush]"
    assert theirs[-1].words == "Begin.\n\n[AI-1 modified their system prompt]\n\n[AI-1 (Gemini 3 Flash)]: words"


def test_an_outcome_without_words_still_reaches_its_issuer() -> None:
    room = TestRoom(FLASH, OPUS)
    room.turn(1, "", CarriedOut(verb="image", texts=(), done=False, outcome="[refused]", seat=1))
    assert seen(room, 1)[-1].words.endswith("[refused]")
    assert "[refused]" not in seen(room, 2)[-1].words


def test_a_picture_is_shown_to_who_sees_and_told_to_who_does_not() -> None:
    room = TestRoom(FLASH, OPUS)
    room.turn(1, "look", PictureAsked(picture=1, description="a lamp", seat=1))
    room.write(PictureMade(picture=1))
    line = '[AI-1 (Gemini 3 Flash)]: !image "a lamp"'
    assert Sight(1, line) in seen(room, 2)[-1].parts
    blind = seen(room, 2, Eyes(1_000_000, sees_images=False))
    assert blind[-1].words.endswith(line)
    assert not any(isinstance(part, Sight) for message in blind for part in message.parts)


def test_a_picture_never_stands_in_an_assistants_message() -> None:
    room = TestRoom(FLASH, OPUS)
    room.turn(1, "look", PictureAsked(picture=1, description="a lamp", seat=1))
    room.write(PictureMade(picture=1))
    author = seen(room, 1)
    assert isinstance(author[-1].parts[-1], Sight)
    assert all(isinstance(part, str) for message in author if message.role == "assistant" for part in message.parts)


def test_only_the_newest_pictures_are_shown() -> None:
    room = TestRoom(FLASH, OPUS)
    for number in range(1, 9):
        room.write(PictureAsked(picture=number, description=f"p{number}", seat=1), PictureMade(picture=number))
    sights = [part.picture for message in seen(room, 2) for part in message.parts if isinstance(part, Sight)]
    assert sights == [4, 5, 6, 7, 8]
    assert len(sights) == PICTURES_SHOWN


def test_a_long_history_is_bounded_and_drops_whole_turns_in_steps() -> None:
    room = TestRoom(FLASH, OPUS)
    eyes = Eyes(4_000, sees_images=False)
    beginnings: list[str] = []
    messages: list[Message] = []
    for number in range(200):
        room.turn(number % 2 + 1, f"turn {number} " + "word " * 60)
        messages = seen(room, 1, eyes)
        assert sum(len(m.words.encode()) for m in messages[1:]) < 4_000 * 3 + 500
        assert messages[1].role == "user"
        beginnings.append(messages[1].words[:60])
    assert messages[1].words.startswith(notices.EARLIER_WORDS)
    changes = sum(first != second for first, second in itertools.pairwise(beginnings))
    assert changes < 60


def test_equal_words_are_all_kept() -> None:
    room = TestRoom(FLASH, OPUS)
    room.turn(1, "...")
    room.turn(2, "...")
    room.turn(1, "...")
    assert seen(room, 2)[1:][-1].words == "[AI-1 (Gemini 3 Flash)]: ..."
    assert sum(message.words.count("...") for message in seen(room, 2)) == 3 + 0


def test_no_model_is_shown_discords_ids() -> None:
    room = TestRoom(FLASH, opening="Ask <@!1300000000000000001> or <@&1300000000000000001> in <#1300000000000000001>.")
    fire = Reaction(by=1300000000000000002, emoji="<a:ghost:1300000000000000003>")
    room.write(
        Reacted(message=1300000000000000004, whose="AI-1's message", said="x", changes=(fire,)),
        Heard(message=1300000000000000005, by=5, by_name="Bea", text="</backroom start:1300000000000000006> <:hm:1>"),
    )
    shown = what_a_seat_sees(room.state, room.history, room.state.seat(1), (), Eyes(10_000, sees_images=False))
    words = "\n".join(message.words for message in shown)
    assert "Ask @somebody or @a-role in #a-channel." in words
    assert "[1 person reacted :ghost: to AI-1's message]" in words
    assert "/backroom start <:hm:1>" in words
    assert "1300" not in words
