"""What comes of pressing something on a panel: the right is checked, the room steered, only the presser answered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import discord

from bot import seating, steering
from bot.client.commands import answer, answer_failure, ask_for_time
from bot.client.panel import items
from bot.client.panel.pressed import Deed, Pressed
from bot.client.rights import check_right
from bot.client.steered import name_to_note, see_thread
from bot.errors import ModelNotFound, NotPossible
from bot.guild_settings import Right
from bot.models.catalogue import Model
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Heard
from bot.room.state import SEATS_IN_A_ROOM, Seat
from bot.words import speak, t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

    Interaction = discord.Interaction[BackroomBot]
    Handler = Callable[[Interaction, OpenRoom, Pressed], Awaitable[None]]

SEARCHES_REMEMBERED = 200
"""Invitations whose model is still being looked for; they are not kept over a restart."""


class PanelDeeds:
    """Carries out what people press."""

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._invitations: OrderedDict[tuple[int, int], str] = OrderedDict()  # words, by room and person
        self._handlers: Mapping[Deed, Handler] = {
            Deed.PAUSE: self._pause,
            Deed.RESUME: self._resume,
            Deed.STEP: self._step,
            Deed.STEP_SEAT: self._step_seat,
            Deed.SKIP: self._skip,
            Deed.STOP: self._ask_whether_to_stop,
            Deed.STOP_SURELY: self._stop,
            Deed.INVITE: self._ask_whom_to_invite,
            Deed.INVITE_CALLED: self._invite_called,
            Deed.INVITE_CHOSEN: self._invite_chosen,
            Deed.MUTE: self._ask_whom_to_mute,
            Deed.MUTE_SEAT: self._mute_seat,
            Deed.MUTE_ROUNDS: self._mute_rounds,
            Deed.SAY: self._ask_what_to_say,
            Deed.SAY_WORDS: self._say,
        }

    async def carry_out(self, interaction: Interaction, pressed: Pressed) -> None:
        """Do what somebody pressed, or tell them why not, in their language; nobody else is answered."""
        speak(interaction.locale.value)
        if not self._bot.interactions.is_new(interaction.id):
            return
        try:
            room = self._room(interaction, pressed)
            see_thread(interaction)
            check_right(interaction, Right.SPEAK if pressed.deed in (Deed.SAY, Deed.SAY_WORDS) else Right.STEER)
            await self._handlers[pressed.deed](interaction, room, pressed)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the presser gets a sentence
            await answer_failure(interaction, failure)

    def _room(self, interaction: Interaction, pressed: Pressed) -> OpenRoom:
        """Return the room whose panel was pressed. A channel may have seen several, and each had its own."""
        room = self._bot.rooms.find(interaction.channel_id or 0)
        if room is None:
            raise NotPossible(t("This panel's room is over. `/backroom start` opens a new one."))
        if room.number != pressed.room:
            raise NotPossible(
                t("This panel belongs to an earlier room, which is over. The room that is open now has its own panel.")
            )
        return room

    async def _pause(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        await ask_for_time(interaction)
        await steering.pause(room, await name_to_note(interaction))
        await self._changed(interaction, room, t("The room is paused."))

    async def _resume(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        await ask_for_time(interaction)
        await self._bot.catching_up.glance_before_a_turn(room)
        await steering.resume(room, await name_to_note(interaction), self._bot.room_budget_usd(room))
        await self._changed(interaction, room, t("The room goes on."))

    async def _step(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        """Take a turn; where people say who speaks next, the presser is asked."""
        if room.state.order == "conductor" and room.state.anybody_is_asked:
            question = items.step_question(room.number, room.state)
            await answer(interaction, t("Which AI is to take one turn?"), question)
            return
        await self._take_step(interaction, room)

    async def _step_seat(self, interaction: Interaction, room: OpenRoom, pressed: Pressed) -> None:
        await self._take_step(interaction, room, room.state.seat(int(pressed.values[0])))

    async def _take_step(self, interaction: Interaction, room: OpenRoom, seat: Seat | None = None) -> None:
        await ask_for_time(interaction)
        await self._bot.catching_up.glance_before_a_turn(room)
        budget = self._bot.room_budget_usd(room)
        taken = await steering.step(room, await name_to_note(interaction), seat, budget)
        told = notices.stepped(taken.seat, taken.speaks_first, was_asked_for=taken.was_asked_for)
        await self._changed(interaction, room, told)

    async def _skip(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        await ask_for_time(interaction)
        seat = await steering.skip(room, await name_to_note(interaction))
        await self._changed(interaction, room, t("{who}'s turn is skipped.", who=seat.label))

    async def _ask_whether_to_stop(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        question = t("Stop the room? It cannot be resumed after that.")
        await answer(interaction, question, items.stop_question(room.number))

    async def _stop(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        await ask_for_time(interaction)
        await steering.stop(room, await name_to_note(interaction))
        await self._changed(interaction, room, t("The room is over."))

    async def _ask_whom_to_invite(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        if room.state.is_full:
            raise NotPossible(t("Maximum of {count} AIs already reached.", count=SEATS_IN_A_ROOM))
        words = self._invitations.get((room.number, interaction.user.id), "")
        await interaction.response.send_modal(items.invitation_form(room.number, words))

    async def _invite_called(self, interaction: Interaction, room: OpenRoom, pressed: Pressed) -> None:
        """Seat the model that a person named, or show those that they may have meant."""
        await ask_for_time(interaction)
        name, words = pressed.texts.get(items.MODEL, ""), pressed.texts.get(items.WORDS, "").strip()
        self._remember(room, interaction, words)
        try:
            model = self._bot.catalogue.resolve(name)
        except ModelNotFound:
            found = self._bot.catalogue.search(name) if name.strip() else []
            if not found:
                raise
            if not _is_meant(name, found):
                question = items.model_question(room.number, self._allowed(room, found))
                sentence = t("“{name}” could be one of these. Which model do you mean?", name=name.strip()[:80])
                await answer(interaction, sentence, question)
                return
            model = found[0]
        await self._seat(interaction, room, model, words)

    async def _invite_chosen(self, interaction: Interaction, room: OpenRoom, pressed: Pressed) -> None:
        words = self._invitations.get((room.number, interaction.user.id))
        if words is None:
            raise NotPossible(t("That search is no longer open. Press Invite on the panel to begin a new one."))
        await ask_for_time(interaction)
        await self._seat(interaction, room, self._bot.catalogue.resolve(pressed.values[0]), words)

    async def _seat(self, interaction: Interaction, room: OpenRoom, model: Model, words: str) -> None:
        self._bot.guild_settings.of(room.place.guild_id).check_model(model.name)
        newcomer = await seating.invite(room, await name_to_note(interaction), model, words)
        self._invitations.pop((room.number, interaction.user.id), None)
        await self._changed(interaction, room, notices.joined(newcomer, room.state.order))

    def _allowed(self, room: OpenRoom, found: list[Model]) -> list[Model]:
        """Return those of the models that may sit down; raise `NotPossible` where none may."""
        settings = self._bot.guild_settings.of(room.place.guild_id)
        allowed = [model for model in found if settings.allows_model(model.name)]
        if not allowed:
            settings.check_model(found[0].name)
        return allowed

    def _remember(self, room: OpenRoom, interaction: Interaction, words: str) -> None:
        self._invitations[room.number, interaction.user.id] = words
        while len(self._invitations) > SEARCHES_REMEMBERED:
            self._invitations.popitem(last=False)

    async def _ask_whom_to_mute(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        question = t("Which AI do you want to mute or unmute?")
        await answer(interaction, question, items.seat_question(room.number, room.state))

    async def _mute_seat(self, interaction: Interaction, room: OpenRoom, pressed: Pressed) -> None:
        seat = room.state.seat(int(pressed.values[0]))
        seating.check_present(seat)
        if not seat.muted:
            question = items.rounds_question(room.number, seat.number)
            sentence = t("How long do you want to mute {who}?", who=seat.label)
            await interaction.response.edit_message(content=sentence, view=question)
            return
        await ask_for_time(interaction)
        await seating.unmute(room, await name_to_note(interaction), seat)
        await self._changed(interaction, room, t("{who} is no longer muted.", who=seat.label))

    async def _mute_rounds(self, interaction: Interaction, room: OpenRoom, pressed: Pressed) -> None:
        seat = room.state.seat(pressed.seat)
        await ask_for_time(interaction)
        await seating.mute(room, await name_to_note(interaction), seat, pressed.rounds or None)
        await self._changed(interaction, room, notices.now_muted(seat, pressed.rounds or None))

    async def _ask_what_to_say(self, interaction: Interaction, room: OpenRoom, _pressed: Pressed) -> None:
        if room.state.mode == "silent":
            raise NotPossible(t("This room is silent: the AIs hear nobody. `/backroom mode` changes that."))
        await interaction.response.send_modal(items.words_form(room.number))

    async def _say(self, interaction: Interaction, room: OpenRoom, pressed: Pressed) -> None:
        words = pressed.texts.get(items.WORDS, "").strip()
        await ask_for_time(interaction)
        by = await name_to_note(interaction)
        heard = Heard(message=interaction.id, by=interaction.user.id, by_name=by, text=words)
        await steering.say(room, heard, self._bot.pseudonyms)
        await self._changed(interaction, room, t("The AIs will hear that before the next one answers."))

    async def _changed(self, interaction: Interaction, room: OpenRoom, sentence: str) -> None:
        self._bot.room_changed(room)
        await answer(interaction, sentence, None)


def _is_meant(name: str, found: list[Model]) -> bool:
    """Whether words without a number are in one model's name only; with one, GPT 5 would be taken for GPT 5.1."""
    wanted = name.strip().casefold()
    return len(found) == 1 and not any(map(str.isdecimal, wanted)) and wanted in found[0].name.casefold()
