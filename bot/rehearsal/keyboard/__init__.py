"""The terminal's keyboard: what is typed is said, used, pressed or reacted by a person of the rehearsal."""

from bot.rehearsal.keyboard.keyboard import listen_to_keyboard

__all__ = ["listen_to_keyboard"]
