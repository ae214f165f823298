"""Views, modals and commands on messages, as a bot of discord.py would have them, for the tests of components."""

from __future__ import annotations

from typing import Any, cast

import discord
from discord import app_commands, ui


class Panel(ui.View):
    """Buttons and a select, of which each answers in another way."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Button(label="Read", url="https://example.org", row=1))

    @ui.button(label="Say", custom_id="say", style=discord.ButtonStyle.primary)
    async def say(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        await interaction.response.send_message(f"{interaction.user.display_name} pressed", ephemeral=True)

    @ui.button(label="Pause", custom_id="pause", emoji="⏸️")
    async def pause(self, interaction: discord.Interaction, button: ui.Button[Panel]) -> None:
        button.label = "Resume"
        await interaction.response.edit_message(content="paused", view=self)

    @ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="changed later")
        await interaction.followup.send("and told", ephemeral=True)

    @ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        await interaction.response.send_modal(Words())

    @ui.button(label="Off", custom_id="off", disabled=True)
    async def off(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        raise AssertionError("nobody can press this")

    @ui.button(label="Think", custom_id="think", row=1)
    async def think(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("thought")

    @ui.button(label="Silent", custom_id="silent", row=1)
    async def silent(self, interaction: discord.Interaction, _button: ui.Button[Panel]) -> None:
        """Answer nothing at all."""

    @ui.select(
        custom_id="pick",
        placeholder="Who",
        max_values=2,
        row=2,
        options=[discord.SelectOption(label=f"Model {n}", value=str(n)) for n in range(1, 4)],
    )
    async def pick(self, interaction: discord.Interaction, select: ui.Select[Panel]) -> None:
        await interaction.response.send_message(f"picked {', '.join(select.values)}")

    @ui.select(cls=ui.UserSelect, custom_id="person", row=3)
    async def person(self, interaction: discord.Interaction, select: ui.UserSelect[Panel]) -> None:
        await interaction.response.send_message(f"picked {select.values[0].display_name}")


class Words(ui.Modal, title="Say something"):
    """A form with a text, a select and a choice, under labels."""

    text = ui.Label(text="Words", component=ui.TextInput(custom_id="text", min_length=2, max_length=20))
    tone: ui.Label[Words] = ui.Label(
        text="Tone",
        description="How it sounds",
        component=ui.Select(
            custom_id="tone",
            required=False,
            options=[discord.SelectOption(label="Calm", value="c"), discord.SelectOption(label="Loud", value="l")],
        ),
    )
    sure: ui.Label[Words] = ui.Label(text="Sure", component=ui.Checkbox(custom_id="sure"))

    def __init__(self) -> None:
        super().__init__(custom_id="words")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        text = cast(ui.TextInput[Words], self.text.component).value
        tone = cast(ui.Select[Words], self.tone.component).values
        sure = cast(Any, self.sure.component).value
        if text == "update":
            await interaction.response.edit_message(content="said it")
        elif text == "modal":
            await interaction.response.send_modal(Words())
        else:
            await interaction.response.send_message(f"{text} {tone} {sure}")


class OldForm(ui.Modal, title="Classic"):
    """A form of action rows."""

    text: ui.TextInput[OldForm] = ui.TextInput(label="Words", custom_id="text", default="as it was")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(self.text.value, ephemeral=True)


@app_commands.command(name="panel", description="Show the panel to the asker")
async def panel(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("yours", view=Panel(), ephemeral=True)


@app_commands.command(name="form", description="Open a form")
async def form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(OldForm())


@app_commands.context_menu(name="Who said this?")
async def who(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"{message.author.name}: {message.content}", ephemeral=True)


@app_commands.context_menu(name="Fork from here")
@app_commands.default_permissions(manage_channels=True)
async def fork(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"forked at {message.id}")
