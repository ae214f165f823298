"""Storms: what a person sees of one, that a room comes through it, that everything is put right, and the account."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import STORMS as STORMS_BY_NAME
from bot.rehearsal import Permission
from bot.rehearsal.account import account_for
from bot.rehearsal.faults import incidents
from bot.rehearsal.faults.plans import STORMS, Plan
from bot.rehearsal.faults.scene import Scene
from bot.rehearsal.faults.storms import raging
from bot.rehearsal.world.happenings import Disturbed, Posted
from bot.rehearsal.world.messages import Message
from tests.end_to_end.conftest import stage as whole_stage  # noqa: F401 - a fixture
from tests.end_to_end.stage import Stage as WholeStage
from tests.end_to_end.test_program import backroom, ended
from tests.rehearsal.conftest import Stage


async def test_a_person_sees_a_storm_pass_and_what_became_of_the_words(tmp_path: Path) -> None:
    options = ("rehearse", "--rounds", "1", "--pace", "0", "--faults", "storm")
    async with backroom(*options, folder=tmp_path) as process:
        code, out, err = await ended(process)
    struck = [line.strip() for line in out.splitlines() if line.strip().startswith("⛈")]
    assert len(struck) > 3, err
    assert struck[-1] == f"⛈ The storm is over: {len(struck) - 1} faults struck, 0 messages lost, 0 doubled."
    assert "The round is over" in out
    assert "Discord would have objected" not in out
    assert code == 0


async def test_a_storm_that_is_not_known_gets_a_sentence_with_those_that_are(tmp_path: Path) -> None:
    async with backroom("rehearse", "--faults", "drizzle", folder=tmp_path) as process:
        code, _, err = await ended(process)
    assert code == 2
    assert 'there is no storm "drizzle"; there are storm, limits, outage, gateway or vandal' in err
    assert "Traceback" not in err


async def test_a_storm_is_refused_for_the_real_thing(tmp_path: Path) -> None:
    async with backroom("run", "--faults", "storm", folder=tmp_path, DISCORD_TOKEN="x") as process:
        code, _, err = await ended(process)
    assert code == 2
    assert "for rehearsals" in err


async def persona_says(stage: Stage, *words: str) -> None:
    webhook = await stage.webhook()
    for word in words:
        await webhook.send(word, username="AI-1", wait=True)


async def test_incidents_befall_a_room_between_messages_and_are_seen_in_the_channel(stage: Stage) -> None:
    plan = Plan(incidents=(incidents.rename_the_webhook,), messages_between_incidents=(2, 2))
    with stage.channel.watch() as happenings:
        async with raging(plan, stage.rehearsal, stage.channel, seed=1):
            await persona_says(stage, "one", "two")
            seen = [await anext(happenings) for _ in range(3)]
    assert [type(one) for one in seen] == [Posted, Posted, Disturbed]
    assert seen[2] == Disturbed("A moderator renames the bot's webhook")
    assert [webhook.name for webhook in stage.channel.webhooks.values()] == ["Not what it was"]


def test_the_command_line_knows_every_storm_by_its_name() -> None:
    assert list(STORMS_BY_NAME) == list(STORMS)


@pytest.mark.parametrize("name", STORMS)
async def test_when_a_storm_is_over_nothing_is_left_of_it(stage: Stage, name: str) -> None:
    async with raging(STORMS[name], stage.rehearsal, stage.channel, seed=1):
        assert stage.rehearsal.limits.are_enforced == (name == "limits")
    assert not stage.rehearsal.limits.are_enforced
    await persona_says(stage, *map(str, range(8)))
    assert stage.rehearsal.faults.struck == []
    assert len(stage.channel.messages) == 8


@pytest.mark.parametrize(
    "incident",
    [
        incidents.take_a_permission,
        incidents.kick_the_bot,
        incidents.take_the_guild_away,
        incidents.leave_heartbeats_unanswered,
    ],
)
async def test_what_is_taken_for_a_while_is_given_back(stage: Stage, incident: incidents.Incident) -> None:
    before = stage.channel.bot_permissions
    scene = Scene(stage.rehearsal, stage.channel, seed=0)
    await incident(scene)
    gateway, guild = stage.rehearsal.gateway, stage.guild
    assert (
        stage.channel.bot_permissions != before
        or guild.bot is None
        or not guild.is_available
        or not gateway.acknowledges_heartbeats
    )
    scene.put_all_right()
    assert stage.channel.bot_permissions == before
    assert guild.is_available
    assert gateway.acknowledges_heartbeats


@pytest.mark.parametrize(
    "incident", [incidents.drop_the_connection, incidents.end_the_session, incidents.ask_to_reconnect]
)
async def test_a_client_comes_back_after_each_incident_of_the_gateway(
    stage: Stage, incident: incidents.Incident
) -> None:
    await incident(Scene(stage.rehearsal, stage.channel, seed=0))
    await stage.bot.sees("disconnect")
    await stage.rehearsal.bot_is_ready()
    assert stage.rehearsal.faults.struck[0].route == "gateway"


async def test_moderators_take_messages_and_webhooks(stage: Stage) -> None:
    await persona_says(stage, "one", "two", "three", "four")
    scene = Scene(stage.rehearsal, stage.channel, seed=0)
    await incidents.delete_a_message(scene)
    await incidents.delete_many_messages(scene)
    assert len(stage.channel.messages) == 1
    (webhook,) = scene.webhooks
    await incidents.move_the_webhook(scene)
    assert webhook.channel.name == "lobby"
    await incidents.delete_the_webhook(scene)
    assert not stage.channel.webhooks


async def test_the_account_finds_what_is_lost_and_what_is_doubled(whole_stage: WholeStage) -> None:  # noqa: F811
    stage = whole_stage
    appeared: list[Message] = []
    stage.discord.on_happening(lambda one: appeared.append(one.message) if isinstance(one, Posted) else None)
    async with stage.running() as bot:
        await stage.start("Kimi K2", "DeepSeek R1", rounds=1)
        room = stage.room()
        await stage.until_over()
        await room.say()  # what has just appeared is also written down as said
        database = bot.supplies.database
        ann = await bot.fetch_user(stage.ann.id)
        await ann.send("Your room is over.")
        assert appeared[-1].channel.is_direct
        account = await account_for(database, room, appeared)
        assert account.is_settled
        again = next(message for message in appeared if message.author.is_persona)
        stage.channel.publish(_copy_of(again))
        assert (await account_for(database, room, appeared)).doubled == 1
        stage.channel.set_bot_permissions(Permission.NONE)
        async with room.draft() as draft:
            draft.notice("never said")
        account = await account_for(database, room, appeared)
        assert account.lost == 1
        assert not account.is_settled


def _copy_of(message: Message) -> Message:
    world = message.channel.guild.world
    return Message(
        id=world.ids.next(),
        channel=message.channel,
        author=message.author,
        content=message.content,
        webhook_id=message.webhook_id,
        application_id=message.application_id,
    )
