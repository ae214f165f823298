"""What happens in a test's rooms."""

from __future__ import annotations

from bot.room.entries import (
    Answered,
    CalledOn,
    CarriedOut,
    Edited,
    Ended,
    Entry,
    Failed,
    Forked,
    Heard,
    Joined,
    ModelChanged,
    ModeSet,
    Muted,
    Opened,
    OrderSet,
    Paused,
    PictureAsked,
    PictureBegun,
    PictureFailed,
    PictureMade,
    Prompted,
    Reacted,
    Reaction,
    Removed,
    Respoken,
    Restored,
    Resumed,
    Skipped,
    Spent,
    Spoke,
    TemperatureSet,
    Unmuted,
    Withdrawn,
)
from bot.room.posts import Post
from bot.storage import Place, StoredPicture

OPENED = Opened(
    by=210_000_000_000_000_001,
    by_name="Ann",
    scenario="Test",
    prompt="Talk about the sea.",
    opening="Begin — «now» 🎨",
    rounds=3,
    seconds_between_turns=0.5,
    offline=True,
)

ONE_OF_EVERY_KIND: tuple[Entry, ...] = (
    OPENED,
    Joined(seat=1, model="Gemini 3 Flash"),
    Joined(seat=2, model="Kimi K2", invited_by=1, invitation="come in\nwhere it is warm"),
    Answered(turn=1, seat=1, text="░▒▓\n!image “a tree”", served_by="host/model", prompt_tokens=7, cost_usd=0.00125),
    CarriedOut(verb="image", texts=("a tree", ""), done=True, outcome="It is being made.", told="[…]", seat=1),
    CarriedOut(verb="prompt", texts=(), done=False, outcome="No text.", by_name="Ann"),
    Prompted(seat=2, text="Be brief."),
    TemperatureSet(seat=2, temperature=1.4),
    PictureAsked(picture=1, description="a tree", seat=1),
    PictureBegun(picture=1),
    PictureMade(picture=1, cost_usd=None),
    PictureAsked(picture=2, description="a stone", by_name="Ann"),
    PictureFailed(picture=2, reason="The host is down."),
    Spoke(turn=1, seat=1, text=""),
    Failed(turn=2, seat=2, reason="No answer."),
    Muted(seat=2, reason="Three failures."),
    Heard(message=9_007_199_254_740_995, by=9_007_199_254_740_997, by_name="Bea", text="good evening"),
    Unmuted(seat=2, by_name="Ann"),
    ModelChanged(seat=2, model="DeepSeek R1", by_name="Ann"),
    CalledOn(seat=2, by_name="Ann"),
    Skipped(turn=3, seat=1, by_name="Ann"),
    OrderSet(order="addressed", by_name="Ann"),
    ModeSet(mode="curated", by_name="Ann"),
    Edited(entry=15, text="good night"),
    Respoken(entry=13, seat=1, text="again", served_by="host/model", cost_usd=0.5, by_name="Ann"),
    Restored(entry=13, seat=1, text="", reason="Discord does not like it."),
    Reacted(message=7, whose="AI-1's message", said="again", changes=(Reaction(by=5, emoji="🔥"),), entry=13),
    Forked(room=1, entry=13, by=5, by_name="Ann"),
    Removed(seat=2, by_name="Ann"),
    Spent(what="answer", seat=2, served_by="host/model", completion_tokens=9, cost_usd=0.25),
    Withdrawn(entry=15, left="good", messages=(9_007_199_254_740_995,), reason="A moderator."),
    Paused(reason="Nobody is left."),
    Resumed(by_name="Ann", turns=4),
    Ended(reason="Enough.", by_name="Ann"),
)

PICTURE = StoredPicture(b"\x89PNG" + bytes(range(256)) * 64, "image/png", 640, 480, b"\xff\xd8small")


def here(channel_id: int = 1) -> Place:
    """A channel of the one guild of these tests."""
    return Place(guild_id=9_007_199_254_740_993, channel_id=channel_id)


def turn_of(number: int) -> list[Entry]:
    """A turn: three entries."""
    return [
        Answered(turn=number, seat=1, text=f"Answer {number}", served_by="host/model"),
        CarriedOut(verb="temperature", texts=("1",), done=True, outcome="Done.", seat=1),
        Spoke(turn=number, seat=1, text=f"Words {number}"),
    ]


def words(text: str) -> Post:
    """A post of AI-1."""
    return Post(text, seat=1, persona="AI-1 (Gemini 3 Flash)", model="Gemini 3 Flash")
