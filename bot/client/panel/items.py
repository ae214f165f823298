"""What can be pressed: the panel's buttons, and the questions that some of them ask the presser alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.client.choices import DISCORD_CHOICE_LENGTH, DISCORD_CHOICES_LIMIT
from bot.client.panel.pressed import TEMPLATE, Deed, custom_id
from bot.models.catalogue import Model
from bot.room.state import RoomState
from bot.words import t

INVITATION_LIMIT = 1500
"""Characters of an invitation's words that fit into the newcomer's system prompt."""
WORDS_LIMIT = 1500
"""Characters that a person says at once: with their name they fit into one message."""
MODEL, WORDS = "model", "words"
_ROUNDS_OFFERED = (1, 3, 10)
_FORM_TIMEOUT_SECONDS = 900.0
_GREY, _BLUE, _RED = discord.ButtonStyle.secondary, discord.ButtonStyle.primary, discord.ButtonStyle.danger


class PanelItem(discord.ui.DynamicItem[Any], template=TEMPLATE):
    """A button or a select whose custom id says everything: it works whoever posted it, in whichever run."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Take what was pressed as it stands in its message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Let the cog know."""
        interaction.client.dispatch("panel_pressed", interaction)


def panel_buttons(room: int, *, paused: bool) -> discord.ui.View:
    """Return the buttons of a room's panel: first what people do to the room, then who speaks in it."""
    pause = (Deed.RESUME, t("Resume"), "▶️") if paused else (Deed.PAUSE, t("Pause"), "⏸️")
    return _view(
        _button(room, *pause, row=0, style=_BLUE),
        _button(room, Deed.STEP, t("Step"), "👣", row=0),
        _button(room, Deed.SKIP, t("Skip"), "⏭️", row=0),
        _button(room, Deed.STOP, t("Stop"), "⏹️", row=0, style=_RED),
        _button(room, Deed.INVITE, t("Invite"), "✨", row=1),
        _button(room, Deed.MUTE, t("Mute"), "🔇", row=1),
        _button(room, Deed.SAY, t("Say something"), "💬", row=1),
    )


def stop_question(room: int) -> discord.ui.View:
    """Return the one button that ends a room."""
    return _view(_button(room, Deed.STOP_SURELY, t("Stop the room"), "⏹️", style=_RED))


def seat_question(room: int, state: RoomState) -> discord.ui.View:
    """Return a select of the seats; those that are muted say so."""
    options = [
        discord.SelectOption(
            label=seat.label[:DISCORD_CHOICE_LENGTH],
            value=str(seat.number),
            description=t("Muted: choose it to let it speak again") if seat.muted else None,
            emoji="🔇" if seat.muted else "🔈",
        )
        for seat in state.present
    ]
    return _view(_select(room, Deed.MUTE_SEAT, t("Which AI?"), options))


def step_question(room: int, state: RoomState) -> discord.ui.View:
    """Return a select of the seats that have turns."""
    options = [
        discord.SelectOption(label=seat.label[:DISCORD_CHOICE_LENGTH], value=str(seat.number))
        for seat in state.present
        if seat.is_asked
    ]
    return _view(_select(room, Deed.STEP_SEAT, t("Which AI?"), options))


def rounds_question(room: int, seat: int) -> discord.ui.View:
    """Return a button for each time that a seat may be muted for."""
    return _view(
        *(_button(room, Deed.MUTE_ROUNDS, _rounds(rounds), seat=seat, rounds=rounds) for rounds in _ROUNDS_OFFERED),
        _button(room, Deed.MUTE_ROUNDS, t("Until unmuted"), seat=seat),
    )


def model_question(room: int, models: Sequence[Model]) -> discord.ui.View:
    """Return a select of the models that may be meant, best first, and a way to search again."""
    options = [
        discord.SelectOption(
            label=model.name[:DISCORD_CHOICE_LENGTH],
            value=model.name[:DISCORD_CHOICE_LENGTH],
            description=t("Retired: it might not answer") if model.retired else None,
        )
        for model in models[:DISCORD_CHOICES_LIMIT]
    ]
    return _view(
        _select(room, Deed.INVITE_CHOSEN, t("Which model?"), options),
        _button(room, Deed.INVITE, t("Search again"), "🔎", row=1),
    )


def invitation_form(room: int, words: str = "") -> discord.ui.Modal:
    """Return the form in which a person names a model."""
    form = discord.ui.Modal(
        title=t("Invite an AI"), custom_id=custom_id(Deed.INVITE_CALLED, room), timeout=_FORM_TIMEOUT_SECONDS
    )
    name: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=MODEL, placeholder=t("Kimi K2, opus, gpt…"), max_length=DISCORD_CHOICE_LENGTH
    )
    said: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=WORDS,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=INVITATION_LIMIT,
        default=words or None,
    )
    form.add_item(discord.ui.Label(text=t("Model"), description=t("Its name, or a part of it"), component=name))
    form.add_item(discord.ui.Label(text=t("Words"), description=t("What it is told when it joins"), component=said))
    return form


def words_form(room: int) -> discord.ui.Modal:
    """Return the form in which a person says something."""
    form = discord.ui.Modal(
        title=t("Say something"), custom_id=custom_id(Deed.SAY_WORDS, room), timeout=_FORM_TIMEOUT_SECONDS
    )
    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=WORDS, style=discord.TextStyle.paragraph, max_length=WORDS_LIMIT
    )
    form.add_item(
        discord.ui.Label(
            text=t("Words"), description=t("The AIs hear this, and everyone here can read it"), component=words
        )
    )
    return form


def _rounds(number: int) -> str:
    return t("{n} round", n=number) if number == 1 else t("{n} rounds", n=number)


def _view(*items: discord.ui.Item[Any]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def _button(
    room: int,
    deed: Deed,
    label: str,
    emoji: str | None = None,
    *,
    row: int | None = None,
    style: discord.ButtonStyle = _GREY,
    seat: int | None = None,
    rounds: int = 0,
) -> PanelItem:
    name = custom_id(deed, room, seat, rounds)
    return PanelItem(discord.ui.Button(label=label, emoji=emoji, style=style, row=row, custom_id=name))


def _select(room: int, deed: Deed, placeholder: str, options: list[discord.SelectOption]) -> PanelItem:
    return PanelItem(
        discord.ui.Select(custom_id=custom_id(deed, room), placeholder=placeholder, options=options, row=0)
    )
