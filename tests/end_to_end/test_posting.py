"""How words reach the channel when Discord does not make it easy: nothing is lost and nothing appears twice."""

from __future__ import annotations

import asyncio

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.rest.limits import too_many_requests
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, files_of, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"


def is_persona_post(call: Call) -> bool:
    return call.method == "POST" and isinstance(call.json, dict) and "username" in call.json


async def test_a_post_that_was_stored_though_the_answer_was_lost_is_not_repeated(stage: Stage) -> None:
    lost: list[Call] = []

    async def lose_the_first_answer(call: Call, answer: Answer) -> Answer | None:
        if is_persona_post(call) and not lost:
            lost.append(call)
            raise ConnectionCut
        return None

    stage.discord.rest.after_effect.append(lose_the_first_answer)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
    assert lost
    assert [who[:4] for who, _ in stage.said() if who.startswith("AI-")] == ["AI-1", "AI-2"]


async def test_a_post_that_was_not_stored_is_sent_again(stage: Stage) -> None:
    lost: list[Call] = []

    async def lose_the_first_post(call: Call) -> Answer | None:
        if is_persona_post(call) and not lost:
            lost.append(call)
            raise ConnectionCut
        return None

    stage.discord.rest.before_effect.append(lose_the_first_post)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
    assert lost
    assert [who[:4] for who, _ in stage.said() if who.startswith("AI-")] == ["AI-1", "AI-2"]


async def test_equal_words_of_one_persona_are_both_posted_even_then(stage: Stage) -> None:
    cut: list[Call] = []

    async def cut_the_second(call: Call) -> Answer | None:
        if is_persona_post(call):
            cut.append(call)
            if len(cut) == 2:
                raise ConnectionCut
        return None

    stage.discord.rest.before_effect.append(cut_the_second)
    stage.host.answer("AI-1", "...", "...")
    async with stage.running():
        await stage.start(FLASH, rounds=2)
        await stage.until_over()
    assert stage.words_of(f"AI-1 ({FLASH})") == ["...", "..."]


async def test_a_rate_limit_is_waited_out(stage: Stage) -> None:
    limited: list[Call] = []

    async def too_many(call: Call) -> Answer | None:
        if is_persona_post(call) and not limited:
            limited.append(call)
            return too_many_requests(0.3, "shared")
        return None

    stage.discord.rest.before_effect.append(too_many)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
    assert limited
    assert [who[:4] for who, _ in stage.said() if who.startswith("AI-")] == ["AI-1", "AI-2"]


async def test_a_webhook_that_a_moderator_deleted_is_made_again(stage: Stage) -> None:
    mod = stage.guild.add_member("Mod", permissions=Permission.MANAGE_WEBHOOKS)
    is_deleted = asyncio.Event()
    stage.host.answer("AI-2", Reply(text="still here", after=is_deleted))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-1"))
        for webhook in list(stage.channel.webhooks.values()):
            await mod.deletes(webhook)
        is_deleted.set()
        await stage.until_over()
    assert stage.words_of(f"AI-2 ({R1})") == ["still here"]
    assert len(stage.channel.webhooks) == 1


async def test_one_webhook_serves_every_persona_and_every_later_room(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, "Kimi K2", rounds=1)
        await stage.until_over()
    async with stage.running():
        await stage.start(R1, rounds=1)
        await until(lambda: len([w for w, c in stage.said() if c.startswith("⏹️")]) == 2)
    assert len(stage.channel.webhooks) == 1
    made = [e for e in stage.discord.exchanges if e.method == "POST" and e.path.endswith("/webhooks")]
    assert len(made) == 1


async def test_words_that_discord_refuses_are_said_to_be_missing_and_the_room_goes_on(stage: Stage) -> None:
    async def moderate(call: Call) -> Answer | None:
        if is_persona_post(call) and "forbidden" in call.json["content"]:
            return Answer(400, {"code": 200000, "message": "Message was blocked by automatic moderation"})
        return None

    stage.discord.rest.before_effect.append(moderate)
    stage.host.answer("AI-1", "forbidden words")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
    assert any("Words of AI-1 (Gemini 3 Flash) are missing here" in content for _, content in stage.said())
    assert stage.words_of(f"AI-2 ({R1})")


async def test_long_words_come_in_parts_in_order_and_very_long_ones_as_a_file(stage: Stage) -> None:
    paragraphs = [f"Paragraph {number}. " + "Rain on the roof. " * 30 for number in range(12)]
    endless = "\n\n".join(f"Line {number}: " + "a long way to the sea. " * 40 for number in range(40))
    stage.host.answer("AI-1", "\n\n".join(paragraphs))
    stage.host.answer("AI-2", endless)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
    parts = stage.words_of(f"AI-1 ({FLASH})")
    assert 1 < len(parts) <= 6
    assert "".join("".join(parts).split()) == "".join("".join(paragraphs).split())
    (with_file,) = [m for m in stage.channel.messages if m.author_name.startswith("AI-2")]
    assert files_of(with_file)[0].endswith(".md")
    assert with_file.attachments[0].data.decode() == endless
    stage.nothing_is_wrong()


async def test_an_ai_that_writes_mentions_pings_nobody(stage: Stage) -> None:
    stage.host.answer("AI-1", f"@everyone @here <@{stage.ann.user.id}> listen")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
    assert all(not (m.mentions.users or m.mentions.roles or m.mentions.everyone) for m in stage.channel.messages)
    stage.nothing_is_wrong()
