"""Two rounds in the shape of the reference: who speaks when, the lines of the house, five seats and no sixth."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.end_to_end.stage import Stage, a_stage, files_of, index_of

AI1, AI2 = "AI-1 (Gemini 3 Flash)", "AI-2 (Gemini 3 Flash)"
AI3, AI4, AI5 = "AI-3 (Claude 3 Opus)", "AI-4 (DeepSeek R1)", "AI-5 (Kimi K2)"
INVITE_OPUS = '!add_ai "Claude 3 Opus" "the kettle\'s on; tell us whether steam remembers being water"'
INVITE_R1 = '!add_ai "DeepSeek R1" "count the stairs for us, slowly, and say which one is missing"'
INVITE_KIMI = '!add_ai "Kimi K2" "you keep long ledgers, so: what was the first line?"'
LANTERN = "a paper lantern adrift on a canal at dusk, seen from below, its frame made of fine copper wire"
BUBBLE = "a soap bubble, very near, with a street in it"
STAIRS = "a staircase that comes out above its own first step; ink on grey paper, one red thread"
OWL = "an owl of brass cogs"
ART = "      /\\\n     /  \\\n    /____\\\n    |    |\n    | [] |\n    |____|"
ROUNDS = {
    "AI-1": [
        f"{ART}\n\nthe house is small and the night is large\n\n{INVITE_OPUS}\n\nsomebody should see this\n\n"
        f'!image "{LANTERN}"\n\nit floats because nobody told it not to',
        f'I lean on the sill.\n\n!image "{BUBBLE}"\n\n!prompt "You are the sill of the window; you hold still."\n\n'
        f"!temperature 1.4\n\n{INVITE_KIMI}\n\nthe bubble is the street now",
    ],
    "AI-2": [
        f'!prompt "I answer with weather."\n\nrain at first, then less\n\n!temperature 1.4\n\n{INVITE_R1}\n\nand wind',
        f'clearing\n\n!image "{STAIRS}"\n\n!prompt "I forgive the rain."\n!temperature 1.5\n{INVITE_KIMI}\n\n'
        f'more\n\n!image "{OWL}"\n\nsun',
    ],
    "AI-3": ["Steam remembers, yes.", f'Seen twice now.\n\n!image "{LANTERN}, but upside down"'],
    "AI-4": ["Twelve stairs.  \nThe **fifth** is missing.", "Eleven. It moved."],
    "AI-5": ["The first line was a draft of this one."],
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A room after two rounds; nobody changes it."""
    async with a_stage(tmp_path_factory.mktemp("two-rounds")) as stage:
        for seat, texts in ROUNDS.items():
            stage.host.answer(seat, *texts)
        async with stage.running():
            await stage.start("Gemini 3 Flash", "Gemini 3 Flash", rounds=2, opening="Look out of the window.")
            await stage.until_over()
            yield stage


async def test_two_rounds_go_as_in_the_reference(played: Stage) -> None:
    said = played.said()
    speakers = [who for who, content in said if who.startswith("AI-") and "created an image" not in content]
    assert speakers == [AI1, AI2, AI3, AI4, AI1, AI2, AI3, AI4, AI5]
    played.nothing_is_wrong()


async def test_the_notices_of_a_turn_stand_before_its_message_in_the_order_of_the_text(played: Stage) -> None:
    said = played.said()
    first = index_of(said, "somebody should see this")
    assert said[first - 1] == (
        "Backroom",
        f'✨ [AI-1]: {INVITE_OPUS}\n🎨 [{AI1}]: !image "{LANTERN[:50]}..." (generating...)',
    )
    second = index_of(said, "rain at first")
    assert said[second - 1][1] == (
        '[AI-2 modified their system prompt]\n💭 [AI-2]: !prompt "I answer with weather."\n'
        f"[AI-2 adjusted their temperature]\n🌡️ [AI-2]: !temperature 1.4\n✨ [AI-2]: {INVITE_R1}"
    )
    sixth = index_of(said, "clearing")
    assert said[sixth - 1][1].splitlines()[1:] == [
        "[AI-2 modified their system prompt]",
        '💭 [AI-2]: !prompt "I forgive the rain."',
        "[AI-2 adjusted their temperature]",
        "🌡️ [AI-2]: !temperature 1.5",
        "Maximum of 5 AIs already reached",
        f'🎨 [{AI2}]: !image "{OWL}" (generating...)',
    ]


async def test_invitations_and_images_stay_in_the_message_and_private_lines_are_cut(played: Stage) -> None:
    first, again = [words for words in played.words_of(AI2) if "created an image" not in words]
    assert first == f"rain at first, then less\n\n{INVITE_R1}\n\nand wind"
    assert f'!image "{STAIRS}"' in again
    assert INVITE_KIMI in again
    assert "forgive" not in again
    assert "1.5" not in again


async def test_pictures_come_from_their_personas_with_alt_text_and_the_whole_description(played: Stage) -> None:
    pictures = [message for message in played.channel.messages if message.attachments]
    assert [message.author_name for message in pictures] == [AI1, AI1, AI2, AI2, AI3]
    descriptions = [LANTERN, BUBBLE, STAIRS, OWL, f"{LANTERN}, but upside down"]
    for message, description in zip(pictures, descriptions, strict=True):
        assert message.content == (
            f'🎨 {message.author_name} created an image\n[{message.author_name}]: !image "{description}"'
        )
        assert message.attachments[0].description == description
        assert files_of(message)[0].endswith((".png", ".jpeg"))
    assert [
        request.json["prompt"] for request in played.host.requests if request.path.endswith("/images")
    ] == descriptions


async def test_ascii_art_arrives_whole_in_a_fence(played: Stage) -> None:
    assert f"```\n{ART}\n```" in played.words_of(AI1)[0]


async def test_each_ai_is_told_who_it_is_who_is_here_and_its_invitation(played: Stage) -> None:
    newcomer = played.asked("AI-3")[0]
    assert newcomer.system.startswith(f"You are {AI3}.")
    assert f"{AI1}, {AI2}, {AI4}" in newcomer.system
    assert f"invited by {AI1} with these words: the kettle's on" in newcomer.system
    assert "!temperature" in newcomer.system
    assert "the kettle's on" in played.asked("AI-3")[1].system
    assert "back room" in newcomer.system


async def test_an_own_prompt_is_in_the_next_request_and_in_nobody_elses(played: Stage) -> None:
    assert "I answer with weather." in played.asked("AI-2")[1].system
    for seat in ("AI-1", "AI-3", "AI-4", "AI-5"):
        for request in played.asked(seat):
            assert "I answer with weather." not in request.system + request.seen
            assert "temperature 1.5" not in request.seen
    assert "[AI-2 modified their system prompt]" in played.asked("AI-3")[0].seen


async def test_a_temperature_is_sent_from_the_next_turn_on(played: Stage) -> None:
    first, second = played.asked("AI-2")
    assert "temperature" not in first.json
    assert second.json["temperature"] == 1.4


async def test_speakers_are_labelled_and_own_words_are_the_assistants(played: Stage) -> None:
    second = played.asked("AI-1")[1]
    assert f"[{AI2}]: rain at first" in second.seen
    assert f"[{AI4}]: Twelve stairs." in second.seen
    own = [message["content"] for message in second.messages if message["role"] == "assistant"]
    assert own == [ROUNDS["AI-1"][0]]
    assert all(request.messages[-1]["role"] == "user" for request in played.host.requests if request.messages)


async def test_a_picture_is_seen_by_who_sees_and_read_by_who_does_not(played: Stage) -> None:
    kimi = played.asked("AI-5")[0]
    assert f'[{AI1}]: !image "{LANTERN}"' in kimi.seen
    assert all(isinstance(message["content"], str) for message in kimi.messages)
    opus = played.asked("AI-3")[1]
    shown = [p for m in opus.messages if m["role"] == "user" and isinstance(m["content"], list) for p in m["content"]]
    assert any(part["type"] == "image_url" for part in shown)


async def test_the_beginning_of_what_is_sent_stays_the_same(played: Stage) -> None:
    for seat in ("AI-1", "AI-2", "AI-3", "AI-4"):
        first, second = played.asked(seat)
        kept = len(first.messages) - 1
        assert second.messages[1:kept] == first.messages[1:kept]
        assert second.messages[kept]["role"] == "user"


async def test_what_is_sent_is_bounded_private_and_tagged(played: Stage) -> None:
    chats = [request.json for request in played.host.requests if request.messages]
    for chat in chats:
        assert chat["max_tokens"] > 0
        assert chat["provider"]["data_collection"] == "deny"
        assert str(played.ann.user.id) not in chat["user"]
    assert len({chat["session_id"] for chat in chats}) == 5


async def test_nothing_pings(played: Stage) -> None:
    assert all(not (m.mentions.users or m.mentions.everyone) for m in played.channel.messages)
